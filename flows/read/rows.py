"""A stream of delimited text -> its rows, unparsed: where each begins and ends, and how its cells are told apart."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from flows.read.fields import FieldMap, plan
from flows.read.limits import LIMITS, Limits
from flows.read.rejects import HEAD_BYTES, Piece, UnreadableError

QUOTE: Final = b'"'
BACKSLASH: Final = b"\\"
WHITE: Final = b" \t\r\n"
DELIMITERS: Final = (b",", b";", b"\t", b"|")  # of two that fit equally well the first
SEPARATOR_LINE: Final = re.compile(rb"sep=([,;\t|])\r?\n", re.IGNORECASE)  # what Excel writes and reads
DOUBLED: Final = re.compile(rb'\w""|""\w')
RESCANS: Final = 5  # times the longest document that may be read again behind a quote that is never closed

csv.field_size_limit(LIMITS.document_bytes)  # the library's own limit of 131,072 is shorter than an article


def _row_pattern(delimiter: bytes, *, has_escapes: bool) -> re.Pattern[bytes]:
    """A row that breaks no rule, with its newline; found in linear time, since nothing is tried twice."""
    mark = re.escape(delimiter)
    inside = rb"[^\"\\]++|\\." if has_escapes else rb'[^"]++|""'
    cell = rb'(?:"(?:%s)*"(?=%s|\r?\n)|(?!")[^%s\n]*+)' % (inside, mark, mark)
    return re.compile(rb"%s(?:%s%s)*\r?\n" % (cell, mark, cell), re.DOTALL)


ROW: Final = {
    (delimiter, has_escapes): _row_pattern(delimiter, has_escapes=has_escapes)
    for delimiter in DELIMITERS
    for has_escapes in (False, True)
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What stands between cells, and whether a quote in a quoted cell has a backslash instead of a second quote."""

    delimiter: bytes = b","
    has_escapes: bool = False

    def cells(self, row: str) -> list[str]:
        """The cells of a row.

        Raises:
            UnreadableError: `bad_record` for a quote in the wrong place.
        """
        escape = "\\" if self.has_escapes else None
        reader = csv.reader(
            [row],
            delimiter=self.delimiter.decode(),
            escapechar=escape,
            doublequote=not self.has_escapes,
            strict=True,
        )
        try:
            return next(reader, [])
        except csv.Error as error:
            raise UnreadableError("bad_record", f"the row cannot be told apart into cells: {error}") from None


def dialect_of(head: bytes, fields: FieldMap) -> tuple[Dialect, int]:
    """The dialect of a table that begins with `head`, and how many bytes stand before its header."""
    declared = SEPARATOR_LINE.match(head)
    has_escapes = BACKSLASH + QUOTE in head and not DOUBLED.search(head)
    if declared:
        return Dialect(declared[1], has_escapes), declared.end()
    dialects = [Dialect(delimiter, has_escapes) for delimiter in DELIMITERS]
    return max(dialects, key=lambda dialect: _fit(head, dialect, fields)), 0


def _fit(head: bytes, dialect: Dialect, fields: FieldMap) -> tuple[int, int]:
    """How many fields a dialect finds in the header, and how many columns."""
    header = next(rows([head], dialect), None)
    if header is None or header.error is not None:
        return 0, 0
    try:
        columns = dialect.cells(header.data.decode("utf-8", "replace"))
    except UnreadableError:
        return 0, 0
    return sum(1 for places in plan(columns, fields).values() if places), len(columns)


class _Line(NamedTuple):
    """A line with its newline; `size` is larger than the data where it was too long to be held.

    Where the stream broke, `error` says how, in the line that it broke in.
    """

    data: bytes
    offset: int
    size: int
    error: UnreadableError | None = None


def rows(chunks: Iterable[bytes], dialect: Dialect, limits: Limits = LIMITS, offset: int = 0) -> Iterator[Piece]:
    """Each row that is not blank, its quoted newlines inside.

    A quote that is never closed, or closed in the middle of another row, costs the line that it is in: the next one is
    read as a row again.
    """
    source = _Source(chunks, offset, limits.document_bytes)
    pattern = ROW[dialect.delimiter, dialect.has_escapes]
    rescans = RESCANS * limits.document_bytes
    while True:
        while (found := source.match(pattern)) is not None:  # as nearly all are: this loop is the speed of reading
            yield from _unless_blank(*found, dialect)
        held, error = _row(source, dialect, limits)
        if not held:
            return
        size = sum(line.size for line in held)
        is_whole = all(len(line.data) == line.size for line in held)
        if error is not None and held[-1].error is None and len(held) > 1 and is_whole and size <= rescans:
            rescans -= size
            source.back(held[1:])
            held = held[:1]
        data = b"".join(line.data for line in held)
        if error is None:
            yield from _unless_blank(data, held[0].offset, dialect)
        else:
            yield Piece(data.rstrip(b"\r\n")[:HEAD_BYTES], held[0].offset, error=error)


def _unless_blank(data: bytes, offset: int, dialect: Dialect) -> Iterator[Piece]:
    if data.strip(WHITE + QUOTE + dialect.delimiter):  # spreadsheets write empty rows behind the last one
        yield Piece(data.rstrip(b"\r\n"), offset)


class _Source:
    """A stream of which the next whole row is taken, or the next line where it holds none."""

    def __init__(self, chunks: Iterable[bytes], offset: int, limit: int) -> None:
        self._chunks = iter(chunks)
        self._data = b""
        self._at = 0
        self._start = offset  # of the data in the stream
        self._limit = limit
        self._error: UnreadableError | None = None

    def match(self, pattern: re.Pattern[bytes]) -> tuple[bytes, int] | None:
        """The next row and its place, if it is well-formed, not too long, and all of it is at hand."""
        found = pattern.match(self._data, self._at)
        if found is None or found.end() - found.start() > self._limit:
            return None
        self._at = found.end()
        return found[0], self._start + found.start()

    def line(self) -> _Line | None:
        """The next line; of one that is too long only the beginning. None at the end."""
        offset, size = self._start + self._at, 0
        held: list[bytes] = []
        while True:
            end = self._data.find(b"\n", self._at) + 1
            part = self._data[self._at : end or len(self._data)]
            self._at += len(part)
            size += len(part)
            if size <= self._limit or not held:
                held.append(part)
            if end:
                return _Line(b"".join(held), offset, size)
            if not self._more():
                error, self._error = self._error, None
                return _Line(b"".join(held), offset, size, error) if size or error else None

    def back(self, lines: list[_Line]) -> None:
        """Put lines back that were taken last, each of them whole."""
        size = sum(line.size for line in lines)
        if size <= self._at:  # they are still here: no need to copy what follows
            self._at -= size
            return
        taken = b"".join(line.data for line in lines)
        self._data = taken + self._data[self._at :]
        self._start, self._at = lines[0].offset, 0

    def _more(self) -> bool:
        self._start += len(self._data)
        self._data, self._at = b"", 0
        try:
            self._data = next(self._chunks, b"")
        except UnreadableError as error:
            self._error = error
        return bool(self._data)


def _row(source: _Source, dialect: Dialect, limits: Limits) -> tuple[list[_Line], UnreadableError | None]:
    """The lines of the next row, as far as they can belong to one, and why they are none; no line at the end."""
    held: list[_Line] = []
    size = 0
    is_open = is_odd = False
    while (line := source.line()) is not None:
        held.append(line)
        size += line.size
        if not is_open or QUOTE in line.data:
            is_open, is_odd = _scan(line.data, dialect, is_open=is_open)
        if line.error is not None:
            return held, line.error
        if size > limits.document_bytes:
            told = f"longer than {limits.document_bytes:,} bytes: is a quote missing? Else split it, or raise the limit"
            return held, UnreadableError("too_long", told)
        if not is_open or is_odd:
            break
    if is_open or (is_odd and len(held) > 1):
        told = "a quote is opened and never closed, or closed in another row: double the quotes inside of cells"
        return held, UnreadableError("bad_record", told)
    return held, None


def _scan(line: bytes, dialect: Dialect, *, is_open: bool) -> tuple[bool, bool]:
    """Whether a quoted cell is open at the end of the line, and whether a quote was closed within a cell."""
    if not is_open and QUOTE not in line:
        return False, False
    at, end = 0, len(line.rstrip(b"\r\n"))
    is_odd = False
    while at <= end:
        if is_open:
            at = line.find(QUOTE, at)
            if at < 0:
                return True, is_odd
            if dialect.has_escapes and _is_escaped(line, at):
                at += 1
                continue
            if not dialect.has_escapes and line.startswith(QUOTE, at + 1):
                at += 2
                continue
            is_open = False
            at += 1
            is_odd |= at < end and not line.startswith(dialect.delimiter, at)
        elif line.startswith(QUOTE, at):
            is_open = True
            at += 1
            continue
        at = line.find(dialect.delimiter, at, end)
        if at < 0:
            return False, is_odd
        at += 1
    return is_open, is_odd


def _is_escaped(line: bytes, at: int) -> bool:
    before = len(line[:at]) - len(line[:at].rstrip(BACKSLASH))
    return before % 2 == 1
