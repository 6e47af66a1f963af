"""The main flow: raw articles in, a new snapshot of the dataset out."""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.batches import Extracted, Parts
from flows.ids import content_id
from flows.read.limits import LIMITS
from flows.settings import PACKAGE, Settings, pipeline_version
from flows.store.commit import CommitResult, RunFacts
from flows.store.staging import clean, staging
from flows.summary import Report, markdown
from flows.tasks import commit, process_batch, stage_documents
from flows.workers import worker_pool
from schemas import TABLES
from schemas.vocab import event_types

RAW: Final = Path("data/raw")
DATASET: Final = Path("data/dataset")
LIBRARIES: Final = ("prefect", "pyarrow", "duckdb", "pandera", "polars")
# Each thread only waits for a worker process.
RUNNER: Final[ThreadPoolTaskRunner[Any]] = ThreadPoolTaskRunner(max_workers=16)


@flow(
    name="build",
    description="Read raw articles, extract events, actors, quotes and sources, and commit a snapshot of the dataset.",
    flow_run_name="build {dataset}",
    task_runner=RUNNER,  # type: ignore[arg-type] # Prefect types its own runner too narrowly
    persist_result=False,
)
def build(
    inputs: Annotated[list[str], Field(min_length=1, description="Files, folders and globs.")] = [str(RAW)],  # noqa: B006 - Prefect shows it as the default
    dataset: Annotated[Path, Field(description="The folder of the dataset.")] = DATASET,
    settings: Annotated[Settings | None, Field(description="Default: the environment's NEWSEVENTS_*.")] = None,
    places: Annotated[
        dict[str, tuple[str, int | None]] | None, Field(description="Of kept payloads: the input and where it began.")
    ] = None,
) -> Report:
    """Build or extend a dataset.

    Args:
        inputs: files, folders and globs of raw articles; their order does not matter.
        dataset: the folder of the dataset; it is made if it is not there.
        settings: batch size, workers and what else a run can be told.
        places: of inputs that are the kept payload of a reject, where that stood: `newsevents rejects retry`.

    Returns:
        The books of the run, once its snapshot is committed.
    """
    settings = settings or Settings.from_environment()
    started, clock = datetime.now(UTC).replace(tzinfo=None), time.monotonic()
    run_id = content_id("run", started.isoformat(), os.getpid(), secrets.token_hex(8))
    log = get_run_logger()
    limits = replace(LIMITS, document_seconds=settings.document_seconds)
    clean(dataset)
    with staging(dataset, run_id) as folder:
        log.info("Reading the inputs")
        staged = stage_documents(inputs, dataset, folder, settings.batch_size, settings.field_map, limits, places)
        fresh = staged.documents_in - staged.duplicate - staged.rejected - staged.filtered
        log.info("Extracting from %s documents", f"{fresh:,}")
        extracted = list(_extract(staged.batches, settings))
        facts = RunFacts(
            run_id=run_id,
            started_at=started,
            documents_in=staged.documents_in,
            duplicate=staged.duplicate,
            rejected=staged.rejected + sum(found.rejected for found in extracted),
            filters=staged.filters,
            pipeline_version=pipeline_version(),
            settings_sha256=settings.sha256(),
            versions=_versions(),
        )
        log.info("Committing")
        result = commit(dataset, facts, _parts([staged.parts, *(found.parts for found in extracted)]))
    reasons = _added([staged.reasons, *(found.reasons for found in extracted)])
    report = _report(dataset, result, reasons, staged.filters, time.monotonic() - clock)
    create_markdown_artifact(markdown(report), key="build", description="The books of the run")
    return report


def _extract(batches: list[Path], settings: Settings) -> Iterator[Extracted]:
    """The batches in worker processes; here, where there is only one of either."""
    given: dict[str, Any] = {
        "assume_publication_date": settings.assume_publication_date,
        "seconds": settings.document_seconds,
    }
    workers = settings.worker_count(len(batches))
    if workers < 2:  # noqa: PLR2004
        for batch in batches:
            yield process_batch(batch, None, **given)
        return
    with worker_pool(workers) as pool:
        futures = [process_batch.submit(batch, pool, **given) for batch in batches]
        for number, future in enumerate(futures, 1):
            yield future.result()
            get_run_logger().info("Extracted batch %d of %d", number, len(futures))


def _report(
    dataset: Path, result: CommitResult, reasons: dict[str, int], filters: dict[str, int], seconds: float
) -> Report:
    books = result.books
    return Report(
        run_id=result.snapshot.run_id,
        dataset=str(dataset),
        snapshot=result.number,
        documents_in=books.documents_in,
        accepted=books.accepted,
        duplicate=books.duplicate,
        rejected=books.rejected,
        filtered=books.filtered,
        rows={table: result.rows[table] for table in TABLES if table in result.rows},
        reasons=reasons,
        filters=dict(sorted(filters.items())),
        seconds=round(seconds, 2),
    )


def _parts(several: Iterable[Parts]) -> Parts:
    """The parts of all batches by table."""
    joined: Parts = {}
    for parts in several:
        for table, paths in parts.items():
            joined.setdefault(table, []).extend(paths)
    return joined


def _added(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in several:
        total.update(counts)
    return dict(sorted(total.items()))


def _versions() -> dict[str, str]:
    codebooks = sorted({f"{row['codebook']} {row['version']}" for row in event_types()})
    return {PACKAGE: pipeline_version(), "codebook": ", ".join(codebooks)} | {name: version(name) for name in LIBRARIES}
