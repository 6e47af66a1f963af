"""`newsevents extract`: JSON lines of articles in, JSON lines of their rows out, one for one and in the same order."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from flows.commands.console import hear_interrupts
from flows.commands.options import MAY_BE_DASH, AsJson, FieldMapping, UsageError
from flows.lines import Lines
from flows.read.fields import NO_MAP, FieldMap, FieldMapError
from flows.read.limits import LIMITS
from flows.settings import SettingError, Settings
from flows.workers import call, worker_pool

LINES_AT_ONCE: Final = 16  # that a worker process takes
CHUNKS_AHEAD: Final = 4  # per worker, so that none waits for input
BYTES_PER_WORKER: Final = 2_000_000  # two seconds of work, against half a second until a process is ready
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
        Parameter(help="Processes at the same time; the order is kept. A large input has up to one per core."),
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
        lines = Lines(source, LIMITS.document_bytes)
        for answered in answers(lines, workers or workers_for(lines), fields, document_seconds):
            out.write(answered)
            out.flush()  # whoever reads this may be waiting for one article at a time


def workers_for(lines: Lines) -> int:
    """One process per 2 MB of a file, up to one per core; all of them where a pipe brings much at once."""
    cores = os.cpu_count() or 1
    if lines.size is not None:
        return max(1, min(lines.size // BYTES_PER_WORKER, cores))
    return cores if cores > 1 and lines.backlog(2 * BYTES_PER_WORKER) else 1


def answers(
    lines: Lines, workers: int = 1, fields: FieldMap = NO_MAP, seconds: float = LIMITS.document_seconds
) -> Iterator[bytes]:
    """One line of JSON for each line, in order, and none kept back while no more lines come."""
    if workers == 1:
        from flows.answers import answer  # noqa: PLC0415 - the engine; beside workers this process has no use for it

        while found := lines.take(1, wait=True):
            yield answer(found[0], fields, seconds)
        return
    waiting: deque[Future[list[bytes]]] = deque()
    with worker_pool(workers) as pool:
        while True:
            is_full = len(waiting) >= workers * CHUNKS_AHEAD
            chunk = [] if is_full else lines.take(LINES_AT_ONCE, wait=not waiting)
            if chunk:
                waiting.append(pool.submit(call, "flows.answers:answer_all", chunk, fields, seconds))
            elif waiting:
                yield from waiting.popleft().result()
            else:
                return
