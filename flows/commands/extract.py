"""`newsevents extract`: JSON lines of articles in, JSON lines of their rows out, one for one and in the same order."""

from __future__ import annotations

import os
import stat
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import msgspec
from cyclopts import App, Parameter

from flows.commands.console import hear_interrupts
from flows.commands.options import MAY_BE_DASH, AsJson, FieldMapping, UsageError
from flows.model import Document, Reject
from flows.pipeline import Processed, process
from flows.read.fields import NO_MAP, FieldMap, FieldMapError
from flows.read.jsonl import parse_line
from flows.read.limits import LIMITS
from flows.settings import SettingError, Settings
from flows.workers import worker_pool

LISTS: Final = (
    "segments",
    "sources",
    "actors",
    "actor_mentions",
    "quotes",
    "event_mentions",
    "event_participants",
)
LINES_AT_ONCE: Final = 16  # that a worker process takes
CHUNKS_AHEAD: Final = 4  # per worker, so that none waits for input
BYTES_PER_WORKER: Final = 4_000_000  # some seconds of work, against half a second until a process is ready
EXAMPLE: Final = """echo '{"id": "1", "text": "The ministers met in Lima on 3 May 2025."}' | newsevents extract"""


app = App(name="extract", help_epilogue=f"Example: {EXAMPLE}")


@app.default
def extract(
    file: Annotated[
        str, MAY_BE_DASH, Parameter(help="JSON lines with id and text or html each; - is standard input.")
    ] = "-",
    /,
    *,
    workers: Annotated[
        int | None,
        Parameter(help="Processes at the same time; the order is kept. A large file has up to one per core."),
    ] = None,
    field_map: FieldMapping = (),
    document_seconds: Annotated[
        float, Parameter(help="Seconds of the processor that one document may take; 0: as long as it likes.")
    ] = LIMITS.document_seconds,
    as_json: AsJson = True,  # noqa: ARG001 - the output is JSON anyway: every command takes --json
) -> None:
    """Turn JSON lines of articles into JSON lines of their rows; no files, no Prefect."""
    if workers is not None and workers < 1:
        raise UsageError("--workers is the number of processes: give 1 or more")
    if file != "-" and (not Path(file).exists() or Path(file).is_dir()):
        raise UsageError(f"there is no file {file!r}: give a file of JSON lines, or - for standard input")
    try:
        fields = FieldMap.parse(field_map or Settings.from_environment().field_map)
    except (FieldMapError, SettingError) as error:
        raise UsageError(str(error)) from None
    hear_interrupts()
    out = sys.stdout.buffer
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as source:
        for answered in answers(lines(source), workers or workers_for(source), fields, document_seconds):
            out.write(answered)
            out.flush()  # whoever reads this may be waiting for one article at a time


def workers_for(source: BinaryIO) -> int:
    """One process per 4 MB of a file, up to one per core; one for a pipe, whose lines may come one by one."""
    found = os.fstat(source.fileno())
    size = found.st_size if stat.S_ISREG(found.st_mode) else 0
    return max(1, min(size // BYTES_PER_WORKER, os.cpu_count() or 1))


def lines(source: BinaryIO, limit: int = LIMITS.document_bytes) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long only so much more that its length shows."""
    while line := source.readline(limit + 1):
        yield line
        while len(line) > limit and not line.endswith(b"\n"):
            line = source.readline(limit + 1)


def answers(
    source: Iterable[bytes], workers: int = 1, fields: FieldMap = NO_MAP, seconds: float = LIMITS.document_seconds
) -> Iterator[bytes]:
    """One line of JSON for each line, in order."""
    if workers == 1:
        yield from (answer(line, fields, seconds) for line in source)
        return
    rest = iter(source)
    waiting: deque[Future[list[bytes]]] = deque()
    with worker_pool(workers) as pool:
        while chunk := list(islice(rest, LINES_AT_ONCE)):
            waiting.append(pool.submit(_answer_all, chunk, fields, seconds))
            if len(waiting) >= workers * CHUNKS_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def answer(line: bytes, fields: FieldMap = NO_MAP, seconds: float = LIMITS.document_seconds) -> bytes:
    """The rows of one article as JSON, or why there are none; never an exception, never nothing."""
    doc_id: str | None = None
    try:
        found = parse_line(line, fields=fields, limits=replace(LIMITS, document_seconds=seconds))
        doc_id = found.doc_id
        result = process(found, seconds=seconds) if isinstance(found, Document) else found
        return msgspec.json.encode(_refused(result) if isinstance(result, Reject) else _rows(doc_id, result)) + b"\n"
    except UnicodeEncodeError as error:
        reason = Reject("read", "bad_encoding", f"half of a surrogate pair: send valid Unicode ({error.reason})")
    except Exception as error:  # noqa: BLE001 - the next line must not suffer for this one
        reason = Reject("extract", "internal_error", f"{type(error).__name__}: {error}")
    return msgspec.json.encode(_refused(reason) | {"id": _encodable(doc_id)}) + b"\n"


def _answer_all(chunk: list[bytes], fields: FieldMap, seconds: float) -> list[bytes]:
    return [answer(line, fields, seconds) for line in chunk]


def _rows(doc_id: str | None, result: Processed) -> dict[str, Any]:
    (article,), (text,) = result.rows["articles"], result.rows["texts"]
    listed = {name: result.rows.get(name, []) for name in LISTS}
    return {"id": doc_id, "article": article | {"text": text["text"]}, **listed, "dates": result.dates}


def _refused(reject: Reject) -> dict[str, Any]:
    reason = {"reason_code": reject.reason_code, "reason": _encodable(reject.reason)}
    return {"id": reject.doc_id, "reject": reason}


def _encodable(text: str | None) -> str | None:
    return None if text is None else text.encode("utf-8", "replace").decode()
