"""A CSV or TSV file with a header -> one document for each row; its dialect is found by its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from flows.model import Document, Reject
from flows.read import text
from flows.read.candidate import Candidate
from flows.read.fields import check_columns, known_names
from flows.read.limits import LIMITS, Limits
from flows.read.page.metadata import split_names
from flows.read.pieces import peek
from flows.read.records import to_document
from flows.read.rejects import Piece, UnreadableError, to_reject
from flows.read.rows import Dialect, dialect_of, rows

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "csv"
HEAD: Final = 64 * 1024  # bytes in which the dialect has to show
NAMES: Final = "|".join(sorted({"text", "html", *known_names()["text"], *known_names()["html"]}))
# a header, to know a table without a name: no white space, a delimiter, and a column that holds texts
HEADER: Final = re.compile(
    rb"(?=[^\n]{0,2000}\b(?:%s)\b)[\w\"'.:-]{1,80}(?:[,;\t|][\w\"'.:-]{1,80}){1,200}\r?\n" % NAMES.encode(),
    re.IGNORECASE,
)


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate | Reject]:
    """One candidate for each row; a row that is none is a reject, and the next one is read."""
    chunks, head = peek(iter(chunks), HEAD)
    wide = text.wide_encoding(head)
    if wide:
        told = f"the table is {wide.upper()}: convert the file, for example with iconv -f {wide.upper()} -t UTF-8"
        raise UnreadableError("bad_encoding", told)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    dialect, before = dialect_of(head[mark:], file.fields)
    found = rows(_without(chunks, mark + before), dialect, limits, mark + before)
    header = next(found, None)
    if header is None:
        return
    try:
        columns = _columns(header, dialect)
        check_columns(columns, file.fields)
    except UnreadableError as error:
        yield to_reject(error, header, file.uri)
        return
    context = f"{dialect.delimiter.decode()} {dialect.has_escapes} {columns}"
    for row in found:
        piece = Piece(row.data, row.byte_offset, row.sha256, row.error, context)
        yield _candidate(piece, columns, dialect, file, limits)


def _candidate(piece: Piece, columns: Sequence[str], dialect: Dialect, file: InputFile, limits: Limits) -> Candidate:
    def make() -> Document:
        cells = dialect.cells(text.decode(piece.data))
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if len(cells) != len(columns):
            told = f"{len(cells)} cells under {len(columns)} columns: is a quote missing, or a delimiter not quoted?"
            raise UnreadableError("bad_record", told)
        values: dict[str, object] = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
        if isinstance(values.get("authors"), str):
            values["authors"] = list(split_names(str(values["authors"])))  # a cell cannot hold a list
        return to_document(values, piece, file.uri, FORMAT, fields=file.fields, limits=limits)

    return Candidate(make, piece, file.uri)


def _columns(header: Piece, dialect: Dialect) -> list[str]:
    """The names of the columns; a name that comes again has its number, one that is missing too."""
    if header.error is not None:
        raise header.error
    names: list[str] = []
    for number, cell in enumerate(dialect.cells(text.decode(header.data)), 1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return names


def _without(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The stream without its first bytes."""
    for chunk in chunks:
        yield chunk[size:]
        size = max(0, size - len(chunk))
