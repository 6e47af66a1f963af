"""The bytes of a web archive -> its records one by one, also behind a damaged one.

Only the frame is read here: a record is its header, as many bytes as that says, and an empty line. Libraries for this
end at the first damage, or take all that follows for the content of the damaged record; here the next header ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from flows.read.limits import LIMITS, Limits
from flows.read.pieces import Growing
from flows.read.rejects import Piece, UnreadableError

LONGEST_HEADER: Final = 64 * 1024
LONGEST_MARK: Final = 64  # bytes within which a header shows itself
HEADER: Final = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z]")
VERSION: Final = b"WARC/"
NEXT_HEADER: Final = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n(?i:WARC|Content)-")
HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
CONTENT_LENGTH: Final = re.compile(rb"^content-length:[ \t]{0,9}(\d{1,15})[ \t]{0,9}\r?$", re.IGNORECASE | re.MULTILINE)
RECORD_END: Final = re.compile(rb"\r?\n\r?\n|[\r\n]{0,8}WARC/|[\r\n]{0,8}\Z")
BLANK: Final = b"\r\n"


def records(chunks: Iterable[bytes], limits: Limits = LIMITS) -> Iterator[Piece]:
    """Each record of the archive; one that is damaged, cut off or too long carries its error, and the next follows."""
    window = _Window(chunks)
    while window.skip_blank():
        yield _record(window, limits)
    if window.error is not None:
        yield Piece(b"", window.offset, error=window.error)


class _Window:
    """The bytes of the stream that are not done with."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.held = bytearray()
        self.offset = 0
        self.error: UnreadableError | None = None
        self._chunks = iter(chunks)
        self._is_open = True

    def fill(self, size: int) -> bool:
        """Hold so many bytes, or all there are; whether they are as many."""
        while self._is_open and len(self.held) < size:
            try:
                self.held += next(self._chunks)
            except StopIteration:
                self._is_open = False
            except UnreadableError as error:
                self._is_open, self.error = False, error
        return len(self.held) >= size

    def take(self, size: int) -> bytes:
        """The first bytes, which are let go."""
        taken = bytes(self.held[:size])
        del self.held[:size]
        self.offset += len(taken)
        return taken

    def skip_blank(self) -> bool:
        """Let go of empty lines; whether something follows them."""
        while self.fill(1):
            blank = len(self.held) - len(self.held.lstrip(BLANK))
            self.take(blank)
            if self.held:
                return True
        return False


def _record(window: _Window, limits: Limits) -> Piece:
    window.fill(LONGEST_MARK)
    if not HEADER.match(window.held):
        return _until_next(window, limits, 0, UnreadableError("bad_warc", "no record begins where one should"))
    end = HEADER_END.search(window.held, 0, LONGEST_HEADER)
    if end is None:
        window.fill(LONGEST_HEADER)
        end = HEADER_END.search(window.held, 0, LONGEST_HEADER)
    length = CONTENT_LENGTH.search(window.held, 0, end.end()) if end is not None else None
    if end is None or length is None:
        told = "its header does not end" if end is None else "its header tells no length"
        return _until_next(window, limits, 1, UnreadableError("bad_warc", told))
    size = end.end() + int(length[1])
    if size > limits.document_bytes:
        return _long(window, limits, end.end(), size)
    is_whole = window.fill(size)
    window.fill(size + LONGEST_MARK)
    if is_whole and RECORD_END.match(window.held, size):
        return Piece(window.take(size), window.offset - size)
    if not is_whole and _next_header(window.held, end.start()) is None:
        told = f"the archive ends after {len(window.held):,} of the record's {size:,} bytes: fetch it again"
        return _rest(window, limits, window.error or UnreadableError("truncated", told))
    told = f"its header tells {int(length[1]):,} bytes, and no other record begins behind them"
    return _until_next(window, limits, end.start(), UnreadableError("bad_warc", told))


def _next_header(held: bytearray, start: int, end: int | None = None) -> int | None:
    """Where the next header begins, also behind half a line: what stood between may be lost."""
    at = held.find(VERSION, start, end)
    while at >= 0 and not NEXT_HEADER.match(held, at):
        at = held.find(VERSION, at + 1, end)
    return at if at >= 0 else None


def _until_next(window: _Window, limits: Limits, start: int, error: UnreadableError) -> Piece:
    """What is damaged, up to the next header behind `start`; it is searched as it comes and not kept."""
    growing = Growing(window.offset, limits.document_bytes)
    while True:
        found = _next_header(window.held, start)
        if found is not None:
            growing.add(window.take(found))
            return growing.piece(error)
        start = max(0, min(start, len(window.held)) - len(window.held) + LONGEST_MARK)
        growing.add(window.take(len(window.held) - LONGEST_MARK) if len(window.held) > LONGEST_MARK else b"")
        if not window.fill(len(window.held) + 1):
            growing.add(window.take(len(window.held)))
            return growing.piece(error)


def _long(window: _Window, limits: Limits, start: int, size: int) -> Piece:
    """A record of more bytes than a document may have: its beginning, unless its length proves wrong on the way."""
    growing = Growing(window.offset, limits.document_bytes)
    left = size
    while left > 0 and window.fill(min(left, LONGEST_MARK)):
        found = _next_header(window.held, start, left)
        if found is not None:
            growing.add(window.take(found))
            told = f"its header tells {size:,} bytes, and another record begins within them"
            return growing.piece(UnreadableError("bad_warc", told))
        step = left if len(window.held) >= left else max(1, len(window.held) - LONGEST_MARK)
        growing.add(window.take(step))
        left, start = left - step, 0
        window.fill(2 * LONGEST_MARK)
    if left:
        growing.add(window.take(len(window.held)))
        told = f"the archive ends {left:,} bytes before the record does: fetch it again"
        return growing.piece(window.error or UnreadableError("truncated", told))
    return growing.piece()


def _rest(window: _Window, limits: Limits, error: UnreadableError) -> Piece:
    growing = Growing(window.offset, limits.document_bytes)
    growing.add(window.take(len(window.held)))
    window.error = None
    return growing.piece(error)
