"""`newsevents build`: run the Prefect flow on raw articles, and print the books."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import App, Parameter

from flows.commands.console import Working, hear_interrupts, put, put_json, put_table, working
from flows.commands.options import DATASET, MAY_BE_DASH, AsJson, Dataset, FailedError, FieldMapping, UsageError
from flows.server import Server
from flows.settings import SettingError, Settings

if TYPE_CHECKING:
    from flows.store.open_rejects import Place
    from flows.summary import Report

RAW: Final = "data/raw"
RUN_LOGS: Final = "prefect.flow_runs"
WILD: Final = frozenset("*?[")

app = App(name="build", help_epilogue="Example: newsevents build data/raw --dataset data/dataset")


@app.default
def build(
    *inputs: Annotated[
        str,
        MAY_BE_DASH,
        Parameter(help="Files, folders and globs, or - for standard input. Default: data/raw.", show_default=False),
    ],
    dataset: Dataset = DATASET,
    batch_size: Annotated[int | None, Parameter(help="Documents per task (1 to 1,000).")] = None,
    workers: Annotated[int | None, Parameter(help="Processes at the same time. 0: one per core.")] = None,
    document_seconds: Annotated[
        int | None, Parameter(help="Seconds of the processor that one document may take; 0: as long as it likes.")
    ] = None,
    assume_publication_date: Annotated[
        bool | None, Parameter(negative=(), help="Date a past-tense sentence without a date by its publication.")
    ] = None,
    field_map: FieldMapping = (),
    as_json: AsJson = False,
) -> None:
    """Read articles, run the Prefect flow, commit a snapshot of the dataset."""
    settings = _settings(
        batch_size=batch_size,
        workers=workers,
        document_seconds=document_seconds,
        assume_publication_date=assume_publication_date,
        field_map=field_map or None,
    )
    chosen = list(inputs) or [RAW]
    _check(chosen)
    rebuild(chosen, dataset, settings, as_json=as_json)


def rebuild(
    inputs: list[str],
    dataset: Path,
    settings: Settings | None = None,
    *,
    places: dict[str, Place] | None = None,
    as_json: bool = False,
) -> None:
    """Run the flow and print its report; `places` are those of the flow.

    Raises:
        FailedError: it was interrupted.
    """
    server = Server.start()
    try:
        with working(f"Reading {', '.join(inputs)}, starting Prefect …") as line:
            report = _run(server, inputs, dataset, settings or _settings(), line, places)
    except KeyboardInterrupt:
        raise FailedError(f"interrupted; {_state(dataset)}") from None
    if as_json:
        put_json(report)
    else:
        _print(report)


def _settings(**given: Any) -> Settings:
    """The environment's settings with what the command line says."""
    try:
        return replace(Settings.from_environment(), **{name: v for name, v in given.items() if v is not None})
    except SettingError as error:
        raise UsageError(str(error)) from None


def _check(inputs: list[str]) -> None:
    """A path that is not there is a slip of the keyboard: say so before any work."""
    for path in inputs:
        if path != "-" and "://" not in path and not WILD & set(path) and not Path(path).exists():
            raise UsageError(f"there is no file or folder {path!r}: give the path of your articles")


def _run(
    server: Server | None,
    inputs: list[str],
    dataset: Path,
    settings: Settings,
    line: Working,
    places: dict[str, Place] | None,
) -> Report:
    # Imported here, not above: Prefect's server starts at the same time, and a wrong option is answered at once.
    from flows.build import build as build_flow  # noqa: PLC0415
    from flows.connection import connected  # noqa: PLC0415
    from flows.read import FieldMap, FieldMapError, InputError, discover  # noqa: PLC0415

    hear_interrupts()
    try:
        FieldMap.parse(settings.field_map)
        line.now(f"Files to read: {len(discover(inputs)):,}. Starting Prefect …")
    except (InputError, FieldMapError) as error:
        raise UsageError(str(error)) from None
    with connected(server), shown_logs(line):
        return build_flow(inputs=inputs, dataset=dataset, settings=settings, places=places)


@contextmanager
def shown_logs(line: Working) -> Iterator[None]:
    """Show what the flow logs as what is being done."""

    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            line.now(record.getMessage())

    handler = Shown(logging.INFO)
    logger = logging.getLogger(RUN_LOGS)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _state(dataset: Path) -> str:
    """Where the dataset stands: an interrupted build changes nothing."""
    manifests = sorted(dataset.glob("manifests/[0-9]*.json"))
    return f"the dataset is still at snapshot {int(manifests[-1].stem)}" if manifests else "there is no snapshot yet"


def _print(report: Report) -> None:
    put_table(["documents", "count"], [(name, count) for name, count in report.books().items()])
    if any(report.rows.values()):
        put("")
        put_table(["table", "rows added"], [(name, count) for name, count in report.rows.items() if count])
    if report.reasons:
        put("")
        put_table(["rejected because", "count"], report.reasons.items())
    if report.filters:
        put("")
        from schemas.vocab import entries  # noqa: PLC0415 - it loads the schemas, a third of a second

        rules = entries("filter_rules")
        told = [
            (rule, n, f"{rules[rule]['description']} {rules[rule]['remedy']}") for rule, n in report.filters.items()
        ]
        put_table(["filtered by", "count", "because"], told)
    where = "" if report.dataset == str(DATASET) else f" --dataset {report.dataset}"
    put(f"\nSnapshot {report.snapshot} of {report.dataset} after {report.seconds:.1f} s. Look at it:")
    put(f'  newsevents query{where} "FROM quotes LIMIT 10"')
    if report.reasons:
        put(f"  newsevents rejects{where}")
