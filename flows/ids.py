"""Stable ids: a prefix and 16 hex digits of a hash of the row's own content."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

SEPARATOR: Final = "\x1f"  # ASCII unit separator: cannot occur in a name, so parts cannot run together


def content_id(prefix: str, *parts: object) -> str:
    """An id of `prefix` and 16 hex digits of SHA-256 over the parts; None and "" count as the same."""
    joined = SEPARATOR.join("" if part is None else str(part) for part in parts)
    digest = hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}_{digest[:16]}"


def article_id(url: str | None, text: str) -> str:
    """The id of an article: the same words at the same address are the same article, wherever they were read."""
    return content_id("art", url, text)


def sha256_hex(data: str | bytes) -> str:
    """SHA-256 of text (as UTF-8) or bytes, in hex."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()


def fold(text: str) -> str:
    """Lower case without accents and with single spaces: the key under which two spellings of a name are one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
