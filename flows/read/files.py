"""Files, folders, globs and standard input -> raw documents, and a reject for whatever holds none."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from flows.budget import OutOfTimeError, budget
from flows.model import Item, Reject
from flows.read.archives import members_of
from flows.read.candidate import Candidate, Raw
from flows.read.compression import Meter, unpacked
from flows.read.fields import NO_MAP, FieldMap
from flows.read.inputs import InputFile, discover
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import peek
from flows.read.registry import HEAD, READERS, format_of, skipped
from flows.read.rejects import Piece, UnreadableError, out_of_time, to_reject

NO_DOCUMENT: Final = "no document in the file"
CHUNK: Final = 256 * 1024


def read(inputs: Sequence[str | Path], *, fields: FieldMap = NO_MAP, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every document of the inputs, file by file in the order of their names; `fields` is what the user says of keys.

    Nothing is lost silently: what is no document comes as a reject with file, offset and reason.

    Raises:
        InputError: at once, before anything is read, when an input does not exist or holds no file.
    """
    found = candidates(inputs, fields=fields, limits=limits)
    seconds = limits.document_seconds
    return (item.document(seconds) if isinstance(item, Candidate) else item for item in found)


def candidates(inputs: Sequence[str | Path], *, fields: FieldMap = NO_MAP, limits: Limits = LIMITS) -> Iterator[Raw]:
    """The same, each document unparsed: whoever knows its `input_sha256` need not ask for it.

    A candidate is to be asked before the next one is taken.

    Raises:
        InputError: as above.
    """
    files = [replace(file, fields=fields) for file in discover(inputs)]
    return (item for file in files for item in read_file(file, limits))


def read_file(file: InputFile, limits: Limits = LIMITS) -> Iterator[Raw]:
    """Every candidate of one file; none of them may take longer to be found than a document may to be read.

    A file that holds none is a reject, so that no file goes without a word.
    """
    items = _read(file, None, Meter(limits))
    is_empty = True
    while True:
        try:
            with budget(limits.document_seconds):
                item = next(items, None)
        except OutOfTimeError:
            yield to_reject(out_of_time(limits.document_seconds), Piece(b""), file.uri)
            return
        if item is None:
            break
        is_empty = False
        yield item
    if is_empty:
        yield to_reject(UnreadableError("empty_text", NO_DOCUMENT), Piece(b""), file.uri)


def _read(file: InputFile, given: Iterator[bytes] | None, meter: Meter, depth: int = 0) -> Iterator[Raw]:
    """Every candidate of a file, or of a member of an archive, whose bytes are `given`."""
    head = b""
    try:
        told = skipped(file)
        if told is not None:
            raise UnreadableError("unknown_format", told)  # noqa: TRY301 - told like every other refusal
        with _opened(file) if given is None else nullcontext(given) as stream:
            chunks, packed_head = peek(stream, HEAD)
            chunks, head = peek(unpacked(chunks, meter), HEAD)
            if head != packed_head:
                file = replace(file, path=None, remote=None)  # what is there are other bytes
            members = members_of(chunks, head, file, meter, depth)
            if members is None:
                yield from _candidates(chunks, head, file, meter)
                return
            for member in members:
                if isinstance(member, Reject):
                    yield member
                else:
                    yield from _read(member.file, member.chunks, Meter(meter.limits, meter), depth + 1)
    except UnreadableError as error:
        yield to_reject(error, Piece(head), file.uri)
    except OSError as error:
        told = f"{error.strerror or error}: check its permissions and the disk"
        yield to_reject(UnreadableError("unreadable", told), Piece(head), file.uri)
    except Exception as error:  # noqa: BLE001 - one file must never end a run, whatever a library makes of it
        told = f"{type(error).__name__}: {str(error)[:200]}"
        yield to_reject(UnreadableError("internal_error", told), Piece(head), file.uri)


def _candidates(chunks: Iterator[bytes], head: bytes, file: InputFile, meter: Meter) -> Iterator[Raw]:
    """What the reader of the file's format finds in it."""
    name = format_of(file, head)
    for item in READERS[name].read(chunks, file, meter.limits):
        if isinstance(item, Candidate):
            item.context = f"{name} {file.fields}"
        yield item
        if not isinstance(item, Reject) and not (isinstance(item, Candidate) and item.was_refused):
            meter.found_document()


@contextmanager
def _opened(file: InputFile) -> Iterator[Iterator[bytes]]:
    if file.remote is not None:
        with file.remote.chunks() as chunks:
            yield chunks
        return
    with nullcontext(sys.stdin.buffer) if file.path is None else file.path.open("rb") as stream:
        yield _chunks(stream)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    read_some = getattr(stream, "read1", stream.read)  # hands on what a pipe holds instead of waiting for more
    while chunk := read_some(CHUNK):
        yield chunk
