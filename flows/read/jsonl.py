"""JSON lines, or the values of a JSON list -> one document for each."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from flows.model import Document, Reject
from flows.read import text
from flows.read.candidate import Candidate
from flows.read.fields import NO_MAP, FieldMap
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import json_values, lines, peek
from flows.read.records import to_document
from flows.read.rejects import HEAD_BYTES, Piece, UnreadableError

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

ID_IN_WRECK: Final = re.compile(rb'"id"\s*:\s*("(?:[^"\\]|\\.){0,500}"|-?\d{1,30}(?=[\s,}]))')
SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
FIRST_LINE: Final = 64 * 1024  # bytes in which it has to end to be known as one
DEEPEST: Final = 100  # deeper values cannot be written again by every library


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """One article per line; a line that is none is a reject, and the next one is read."""
    for piece in lines(chunks, limits):
        yield candidate(piece, file.uri, fields=file.fields, limits=limits)
        if text.wide_encoding(piece.data) and piece.byte_offset == 0:
            return


def read_values(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """One article per object of a JSON list, or of objects that follow each other; or lines, which are common too."""
    chunks, head = peek(iter(chunks), FIRST_LINE)
    if _is_lines(head):
        yield from read(chunks, file, limits)
        return
    for piece in json_values(chunks, limits):
        yield candidate(piece, file.uri, "json", fields=file.fields, limits=limits)
        if text.wide_encoding(piece.data) and piece.byte_offset == 0:
            return


def _is_lines(head: bytes) -> bool:
    """Whether the first line is an object by itself, and another line follows: then a broken one costs no other."""
    first, _, rest = head.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    if not rest.strip():
        return False
    try:
        return isinstance(msgspec.json.decode(first), dict)
    except (ValueError, RecursionError):
        return False


def parse_line(
    data: bytes,
    input_uri: str = "",
    byte_offset: int = 0,
    input_format: str = "jsonl",
    *,
    fields: FieldMap = NO_MAP,
    limits: Limits = LIMITS,
) -> Document | Reject:
    """The document in one line, or a reject that carries the sender's id wherever it can be read."""
    error = None
    if len(data) > limits.document_bytes:
        told = f"longer than {limits.document_bytes:,} bytes ({len(data):,}): split it, or raise the limit"
        error = UnreadableError("too_long", told)
    piece = Piece(data, byte_offset, error=error)
    return candidate(piece, input_uri, input_format, fields=fields, limits=limits).document(limits.document_seconds)


def candidate(
    piece: Piece, input_uri: str, input_format: str = "jsonl", *, fields: FieldMap = NO_MAP, limits: Limits = LIMITS
) -> Candidate:
    """The piece, and how a document is made of it."""
    return Candidate(
        lambda: _document(piece, input_uri, input_format, fields, limits), piece, input_uri, lambda: find_id(piece.data)
    )


def find_id(data: bytes) -> str | None:
    """The `id` of a line that could not be used: read properly, or picked from the beginning of a broken line."""
    try:
        value = msgspec.json.decode(data)
        found = value.get("id") if isinstance(value, dict) else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        picked = ID_IN_WRECK.search(data[:HEAD_BYTES])
        try:
            found = msgspec.json.decode(picked[1]) if picked else None
        except (msgspec.DecodeError, ValueError):
            return None
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else None


def _document(piece: Piece, input_uri: str, input_format: str, fields: FieldMap, limits: Limits) -> Document:
    return to_document(_object(piece.data), piece, input_uri, input_format, fields=fields, limits=limits)


def _object(data: bytes) -> dict[str, Any]:
    try:
        values = msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except UnicodeDecodeError as error:
        raise UnreadableError("bad_encoding", _bad_bytes_told(data, error)) from None
    except RecursionError:
        raise UnreadableError("nesting", "the line is nested too deep to be read") from None
    except msgspec.DecodeError as error:
        wide = text.wide_encoding(data)
        if wide:
            told = f"the lines are {wide.upper()}: convert the file, for example with iconv -f {wide.upper()} -t UTF-8"
            raise UnreadableError("bad_encoding", told) from None
        halves = " (half of a surrogate pair?)" if SURROGATE.search(data) else ""
        raise UnreadableError("bad_json", f"no JSON: {error}{halves}") from None
    if not isinstance(values, dict):
        raise UnreadableError("bad_json", f"a JSON object is expected, not {_kind(values)}")
    if _depth(values) > DEEPEST:
        raise UnreadableError("nesting", f"the line is nested deeper than {DEEPEST} levels")
    return values


def _depth(value: object) -> int:
    """How deep lists and objects nest, counted level by level, and no further than matters."""
    level: list[object] = [value]
    depth = 0
    while level and depth <= DEEPEST:
        inner: list[object] = []
        for held in level:
            if isinstance(held, dict):
                inner.extend(v for v in held.values() if isinstance(v, (dict, list)))
            elif isinstance(held, list):
                inner.extend(v for v in held if isinstance(v, (dict, list)))
        level = inner
        depth += 1
    return depth


def _bad_bytes_told(data: bytes, error: UnicodeDecodeError) -> str:
    """Where the bad byte is in the line: the parser counts from the beginning of the string that it is in."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as whole:
        error = whole
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start} of the line is no UTF-8: send UTF-8"


def _kind(value: object) -> str:
    names = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
    return names.get(type(value), "null")
