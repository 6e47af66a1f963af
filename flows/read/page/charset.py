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


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page; where bytes had to be replaced, `error` says which."""

    text: str
    error: UnreadableError | None = None


def decode_page(data: bytes) -> Page:
    """Decode as browsers do: a bad byte becomes U+FFFD, since one in an advertisement must not cost the article."""
    encoding = _encoding(data)
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Page(body.decode(encoding))
    except UnicodeDecodeError as error:
        at = error.start + len(data) - len(body)
        told = f"byte 0x{data[at]:02x} at offset {at} is no {encoding.upper()}, and the page says it is: convert it"
        return Page(body.decode(encoding, "replace"), UnreadableError("bad_encoding", told))


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    marked = wide_encoding(data)
    if marked is not None:
        return marked
    declared = DECLARED.search(data[:PRESCAN])
    if declared is None:
        return "utf-8"
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name
    except LookupError:
        return "utf-8"
    return LARGER.get(name, name)
