"""A text file -> one document whose text is the file's, newlines and all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from flows.model import Document
from flows.read.candidate import Candidate
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import whole
from flows.read.rejects import UnreadableError

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

# UTF-32 before UTF-16: its little-endian mark begins with the other's
WIDE_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL: Final = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # white space and escape sequences are text
MOST_CONTROL: Final = 100  # one in so many characters


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """The file as one candidate."""
    piece = whole(chunks, limits)
    yield Candidate(lambda: Document(checked(decode(piece.data)), file.uri, "text"), piece, file.uri)


def decode(data: bytes) -> str:
    """The text of the bytes: UTF-8, or UTF-16 and UTF-32 where a byte order mark says so.

    A byte order mark is no part of the text, so that offsets count from its first character. Nothing is guessed: the
    same bytes are good text in each of the old 8-bit encodings, in all but one of them the wrong text.

    Raises:
        UnreadableError: `bad_encoding` with the offset of the first bad byte, `not_text` where NULs tell binary data.
    """
    encoding = wide_encoding(data) or "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data:
        raise UnreadableError("not_text", f"binary: a NUL at byte {data.index(0)}; send text in UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("bad_encoding", _bad_bytes_told(error, data, encoding)) from None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where the bytes begin with its mark."""
    return next((encoding for mark, encoding in WIDE_MARKS if data.startswith(mark)), None)


def _bad_bytes_told(error: UnicodeDecodeError, data: bytes, encoding: str) -> str:
    # the codec for UTF-8 with a mark counts from behind it
    at = error.start + (len(codecs.BOM_UTF8) if encoding == "utf-8-sig" and data.startswith(codecs.BOM_UTF8) else 0)
    shown = data[at : at + 1].hex()
    name = encoding.removesuffix("-sig").upper()
    return f"byte 0x{shown} at offset {at} is no {name}: convert the file, for example with iconv -f CP1252 -t UTF-8"


def checked(text: str) -> str:
    """The text itself, once it is known to be text.

    Raises:
        UnreadableError: `empty_text`, or `not_text` for NULs and noise of control characters.
    """
    if not text.strip():
        raise UnreadableError("empty_text", "nothing but white space" if text else "no text at all")
    if "\0" in text:
        raise UnreadableError("not_text", f"a NUL at character {text.index(chr(0))}; send text without control bytes")
    if len(CONTROL.findall(text)) * MOST_CONTROL > len(text):
        raise UnreadableError("not_text", "too many control characters for a text; was it decoded?")
    return text
