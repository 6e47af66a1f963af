"""Stable ids: a prefix and 16 hex digits of a hash of the row's own content."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 20_000  # folded names and ids of actors: an article asks for the same few again and again
SEPARATOR: Final = "\x1f"  # ASCII unit separator: cannot occur in a name, so parts cannot run together


def content_id(prefix: str, *parts: object) -> str:
    """An id of `prefix` and 16 hex digits of SHA-256 over the parts; None and "" count as the same."""
    joined = SEPARATOR.join(map(str, parts if None not in parts else ["" if part is None else part for part in parts]))
    return f"{prefix}_{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


@lru_cache(maxsize=REMEMBERED)
def actor_id(kind: str, key: str) -> str:
    """The id of an actor of that kind and key."""
    return content_id("act", kind, key)


def article_id(url: str | None, text: str) -> str:
    """The id of an article: the same words at the same address are the same article, wherever they were read."""
    return content_id("art", url, text)


def sha256_hex(data: str | bytes) -> str:
    """SHA-256 of text (as UTF-8) or bytes, in hex."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """Lower case without accents and with single spaces: the key under which two spellings of a name are one."""
    return " ".join(strip_accents(text.casefold()).split())


def strip_accents(text: str) -> str:
    """The text without combining marks; letters such as ñ and ß that are letters of their own lose them too."""
    return text if text.isascii() else text.translate(_plain)


class _Plain(dict[int, str]):
    """A character without its marks, for str.translate; worked out once each."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code))
        self[code] = "".join(c for c in decomposed if not unicodedata.combining(c))
        return self[code]


_plain: Final = _Plain()
