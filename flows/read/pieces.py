"""A stream of bytes -> the pieces that hold one document each: the whole of it, its lines, its JSON values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from flows.read.limits import LIMITS, Limits
from flows.read.rejects import HEAD_BYTES, Piece, UnreadableError

JSON_MARK: Final = re.compile(rb'[\\"{}\[\]]')
OPENING: Final = b"{["
BETWEEN_VALUES: Final = b" \t\r\n,\xef\xbb\xbf"  # the last three: a byte order mark


class Growing:
    """Bytes of one piece as they come; beyond the limit only their beginning, their hash and their number are kept."""

    def __init__(self, byte_offset: int, limit: int) -> None:
        self.byte_offset = byte_offset
        self.size = 0
        self._limit = limit
        self._parts: list[bytes] = []
        self._hash = hashlib.sha256()
        self._is_hashing = False

    def add(self, data: bytes) -> None:
        """The next bytes of the piece."""
        self.size += len(data)
        if self._is_hashing:
            self._hash.update(data)
        else:
            self._parts.append(data)
            if self.is_too_long:
                self._let_go()

    @property
    def is_too_long(self) -> bool:
        """Whether it has outgrown the limit."""
        return self.size > self._limit

    def piece(self, error: UnreadableError | None = None) -> Piece:
        """All of it, or what is left of it with why."""
        if self.is_too_long:
            told = f"longer than {self._limit:,} bytes ({self.size:,} seen): split it, or raise the limit"
            error = error or UnreadableError("too_long", told)
            return Piece(self._parts[0], self.byte_offset, self._hash.hexdigest(), error)
        return Piece(b"".join(self._parts), self.byte_offset, error=error)

    def _let_go(self) -> None:
        for part in self._parts:
            self._hash.update(part)
        self._is_hashing = True
        self._parts = [b"".join(self._parts)[:HEAD_BYTES]]


def whole(chunks: Iterable[bytes], limits: Limits = LIMITS) -> Piece:
    """All bytes as one piece; reading stops where it has grown too long."""
    growing = Growing(0, limits.document_bytes)
    try:
        for chunk in chunks:
            growing.add(chunk)
            if growing.is_too_long:
                break
    except UnreadableError as error:
        return growing.piece(error)
    return growing.piece()


def lines(chunks: Iterable[bytes], limits: Limits = LIMITS) -> Iterator[Piece]:
    """Each line that is not blank, without its newline.

    A line that is too long is told as one that broke, and the next one follows. Where the stream breaks, the line that
    it broke in is the last piece.
    """
    limit = limits.document_bytes
    offset = 0
    growing: Growing | None = None  # the line that began in an earlier chunk
    try:
        for chunk in chunks:
            *ended, rest = chunk.split(b"\n")
            for line in ended:
                if growing is None and len(line) <= limit:  # as nearly all are: this loop is the speed of reading
                    if line and not line.isspace():
                        yield Piece(line, offset)
                    offset += len(line) + 1
                    continue
                growing = growing or Growing(offset, limit)
                growing.add(line)
                yield from _unless_blank(growing.piece())
                offset += growing.size + 1
                growing = None
            if rest:
                growing = growing or Growing(offset, limit)
                growing.add(rest)
    except UnreadableError as error:
        yield (growing or Growing(offset, limit)).piece(error)
        return
    if growing is not None:
        yield from _unless_blank(growing.piece())


def _unless_blank(piece: Piece) -> Iterator[Piece]:
    if piece.error is not None or piece.data.strip():
        yield piece


def json_values(chunks: Iterable[bytes], limits: Limits = LIMITS) -> Iterator[Piece]:
    """Each value of a JSON list, or of objects written one after the other, without parsing them."""
    splitter = _ValueSplitter(limits.document_bytes)
    try:
        for chunk in chunks:
            yield from splitter.feed(chunk)
    except UnreadableError as error:
        yield splitter.last(error)
        return
    yield from _unless_blank(splitter.last())


class _ValueSplitter:
    """Counts brackets outside of strings; a value ends where the count is back where it began."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen = 0  # bytes of the stream before this chunk
        self._depth = 0
        self._floor: int | None = None  # the depth at which values begin: 1 in a list, 0 without one
        self._in_string = False
        self._escaped = -1  # where in the stream the byte after a backslash stands
        self._value: Growing | None = None

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        done = 0
        for at in self._brackets(chunk):
            if chunk[at : at + 1] in OPENING:
                if self._value is None:
                    yield from self._junk(chunk[done:at], done)
                    done = at + self._open(chunk, at)
                self._depth += 1
            else:
                self._depth -= 1
                if self._value is None:
                    yield from self._junk(chunk[done:at], done)
                    self._floor, self._depth, done = None, 0, at + 1  # the end of the list
                elif self._depth == self._floor:
                    self._value.add(chunk[done : at + 1])
                    yield self._value.piece()
                    self._value, done = None, at + 1
        if self._value is not None:
            self._value.add(chunk[done:])
        else:
            yield from self._junk(chunk[done:], done)
        self._seen += len(chunk)

    def _open(self, chunk: bytes, at: int) -> int:
        """Begin a value, or the list around all of them; how many bytes of the chunk are used up by it."""
        if self._floor is None:
            self._floor = 1 if chunk[at : at + 1] == b"[" else 0
            if self._floor == 1:
                return 1
        self._value = Growing(self._seen + at, self._limit)
        return 0

    def _brackets(self, chunk: bytes) -> Iterator[int]:
        """Where brackets stand that are not part of a string."""
        for mark in JSON_MARK.finditer(chunk):
            at, byte = mark.start(), mark[0]
            if self._seen + at == self._escaped:
                continue
            if byte == b"\\":
                self._escaped = self._seen + at + 1
            elif byte == b'"':
                self._in_string = not self._in_string
            elif not self._in_string:
                yield at

    def _junk(self, data: bytes, at: int) -> Iterator[Piece]:
        """What stands between two values: commas and white space, or something broken."""
        junk = data.strip(BETWEEN_VALUES)
        if junk:
            shown = junk[:40].decode("utf-8", "replace")
            told = f"{shown!r} stands where an object should: separate objects with commas or newlines"
            error = UnreadableError("bad_json", told)
            yield Piece(junk[:HEAD_BYTES], self._seen + at + data.index(junk[:1]), error=error)

    def last(self, error: UnreadableError | None = None) -> Piece:
        """What is left at the end of the stream: nothing, or a value that never closed."""
        if self._value is None:
            return Piece(b"", self._seen, error=error)
        return self._value.piece(error or UnreadableError("bad_json", "the file ends inside of this value"))


def peek(chunks: Iterator[bytes], size: int) -> tuple[Iterator[bytes], bytes]:
    """The stream as it was, and its first bytes (fewer where it is shorter)."""
    held: list[bytes] = []
    length = 0
    error: UnreadableError | None = None
    try:
        for chunk in chunks:
            held.append(chunk)
            length += len(chunk)
            if length >= size:
                break
    except UnreadableError as broken:
        error = broken
    return _again(held, chunks, error), b"".join(held)[:size]


def _again(held: list[bytes], chunks: Iterator[bytes], error: UnreadableError | None) -> Iterator[bytes]:
    yield from held
    if error is not None:
        raise error
    yield from chunks
