"""What commands print: results to stdout, everything else to stderr, and nothing that a terminal would obey."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.terminal import cell


def say(message: str) -> None:
    """One line to stderr."""
    print(cell(" ".join(message.split())), file=sys.stderr, flush=True)  # noqa: T201 - the one place that does


def hear_interrupts() -> None:
    """Let Ctrl-C end a wait for input again: polars has the system resume such a wait, once it is imported."""
    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):  # in the background it may be ignored, and stays so
        signal.signal(signal.SIGINT, handler)


def put(text: str) -> None:
    """Text to stdout."""
    print(text)  # noqa: T201 - the one place that does


def put_json(value: Any) -> None:
    """A value as JSON on one line."""
    put(msgspec.json.encode(value).decode())


def put_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Rows as a table; numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    listed = [list(row) for row in rows]
    for number, heading in enumerate(headings):
        is_number = bool(listed) and all(isinstance(row[number], int | float) for row in listed)
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(f"{value:,}" if isinstance(value, int) else cell(value)) for value in row))
    Console(highlight=False).print(table)


class Working:
    """The line that says what is being done."""

    def __init__(self, progress: Progress | None, first: str) -> None:
        """Take the bar to write on; without one only the first line is ever printed."""
        self._progress = progress
        if progress is None:
            say(first)
        else:
            self._line = progress.add_task(cell(first), total=None)

    def now(self, what: str) -> None:
        """Change what the line says."""
        if self._progress is not None:
            self._progress.update(self._line, description=cell(what))


@contextmanager
def working(first: str) -> Iterator[Working]:
    """A line with a spinner and the time on a terminal; elsewhere one plain line at the start."""
    if not sys.stderr.isatty():
        yield Working(None, first)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Working(progress, first)
