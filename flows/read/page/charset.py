"""The bytes of a page -> its text, in the encoding that it declares (WHATWG's names, UTF-8 where it declares none)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from flows.read.rejects import UnreadableError
from flows.read.text import wide_encoding

PRESCAN: Final = 4_096  # bytes in which the declaration has to stand
DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE
)
# Browsers read these names as the larger encoding that Windows made of each, https://encoding.spec.whatwg.org/#names-and-labels
LARGER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    # a page whose declaration can be read byte by byte is not in these
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
# Python's own, which no page is in; two of them take time that grows with the square of the text
NO_PAGES: Final = frozenset(("idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"))


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page; where bytes had to be replaced, `error` says which."""

    text: str
    error: UnreadableError | None = None


def decode_page(data: bytes, charset: str | None = None) -> Page:
    """Decode as browsers do: a bad byte becomes U+FFFD, since one in an advertisement must not cost the article.

    What the server says (`charset`) goes before what the page says, unless the bytes give it the lie.
    """
    if charset is not None:
        told = _decoded(data, _marked(data) or known_encoding(charset) or _declared(data))
        return told if told.error is None else _decoded(data, _marked(data) or _declared(data))
    return _decoded(data, _marked(data) or _declared(data))


def _decoded(data: bytes, encoding: str) -> Page:
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Page(body.decode(encoding))
    except UnicodeDecodeError as error:
        at = error.start + len(data) - len(body)
        told = f"byte 0x{data[at]:02x} at offset {at} is no {encoding.upper()}, and the page says it is: convert it"
        return Page(body.decode(encoding, "replace"), UnreadableError("bad_encoding", told))


def _marked(data: bytes) -> str | None:
    """The encoding that a byte order mark tells."""
    return "utf-8" if data.startswith(codecs.BOM_UTF8) else wide_encoding(data)


def _declared(data: bytes) -> str:
    declared = DECLARED.search(data[:PRESCAN])
    return (declared and known_encoding(declared[1].decode("ascii", "replace"))) or "utf-8"


def known_encoding(name: str) -> str | None:
    """The encoding that browsers take for a name."""
    try:
        found = codecs.lookup(name).name
        b" ".decode(found, "replace")  # some codecs are none of text
    except (LookupError, ValueError):
        return None
    if found in NO_PAGES:
        return None
    return LARGER.get(found, found)
