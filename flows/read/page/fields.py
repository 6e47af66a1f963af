"""What a page, a feed or a wire says in one field -> the same without markup: a line, an address, a language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin, urlsplit

from flows.timestamps import parse_moment

TAG: Final = re.compile(r"<[^<>]{0,1000}>")
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,9}")
LONGEST_FIELD: Final = 2_000  # characters: nothing that a page says of itself is longer, but the body


def plain(text: str) -> str:
    """The text without tags and entities: metadata are escaped twice now and then, and hold tags."""
    text = html.unescape(text) if "&" in text else text
    return TAG.sub(" ", text) if "<" in text else text


def line(text: str | None) -> str | None:
    """The text on one line, its entities resolved and its tags gone; None where nothing is left."""
    return " ".join(plain((text or "")[:LONGEST_FIELD]).split()) or None


def address(candidates: Iterable[str | None], base: str | None = None) -> str | None:
    """The first that is a whole address of the web, by itself or as seen from `base`."""
    for candidate in candidates:
        try:
            whole = urljoin(base or "", (candidate or "").strip())
            parts = urlsplit(whole)
        except ValueError:  # "http://[" is enough
            continue
        if candidate and parts.scheme in {"http", "https"} and parts.netloc:
            return whole
    return None


def language(candidates: Iterable[str | None]) -> str | None:
    """The first that looks like the code of a language."""
    return next((c.strip() for c in candidates if c and LANGUAGE.fullmatch(c.strip())), None)


def moment(candidates: Iterable[str | None]) -> str | None:
    """The first that can be read as a time, as it is written."""
    return next((c.strip() for c in candidates if c and c.strip() and parse_moment(c) is not None), None)
