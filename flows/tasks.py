"""Prefect tasks: one call each, paths and counts in and out, so that nothing large passes through Prefect."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Final

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from flows.batches import Extracted, Parts, Staged, extract_batch, stage
from flows.feeds import PollReport, poll
from flows.fetch.client import user_agent
from flows.fetch.visitor import Visitor
from flows.read.limits import LIMITS, Limits
from flows.release import Release, make_release
from flows.score import score
from flows.store.commit import CommitResult, RunFacts, commit_run
from flows.store.open_rejects import Place
from flows.store.snapshots import latest
from flows.workers import WorkerError

# Errors of a disk or a network that may be gone in a moment; a missing file or a full disk will not be.
TRANSIENT: Final = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EIO,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ECONNRESET,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
    }
)


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task failed for a reason of input or output that may pass; any other would only fail again."""
    return isinstance(state.data, OSError) and state.data.errno in TRANSIENT


class CatalogError(Exception):
    """A run is committed, but the DuckDB file that shows it is not written."""


RETRIES: Final[dict[str, Any]] = {
    "retries": 3,
    "retry_delay_seconds": [1, 5, 20],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
}
# No cache: its key would not know the lexicons. The snapshot says which documents are done.
PLAIN: Final[dict[str, Any]] = {"cache_policy": NO_CACHE, "persist_result": False}


@task(
    name="read and stage",
    description="Read the inputs, drop the documents that the dataset has, and cut the others into batches.",
    tags=["newsevents", "io"],
    **RETRIES,
    **PLAIN,
)
def stage_documents(
    inputs: Sequence[str | Path],
    dataset: Path,
    folder: Path,
    batch_size: int,
    field_map: Sequence[str] = (),
    limits: Limits = LIMITS,
    places: Mapping[str, Place] | None = None,
) -> Staged:
    """The batches of new documents below `folder`, and the books of the others."""
    return stage(inputs, folder, latest(dataset), batch_size, field_map, limits, places)


@task(
    name="process batch",
    description="Turn the documents of one batch into checked rows, and write those as Parquet parts.",
    tags=["newsevents", "cpu"],
    task_run_name="{batch.name}",
    **RETRIES,
    **PLAIN,
)
def process_batch(
    batch: Path,
    pool: Executor | None,
    *,
    assume_publication_date: bool = False,
    seconds: float = LIMITS.document_seconds,
) -> Extracted:
    """What became of the documents in the folder `batch`; in a worker process where there is a pool of them."""
    if pool is None:
        return extract_batch(batch, assume_publication_date=assume_publication_date, seconds=seconds)
    try:
        given: dict[str, Any] = {"assume_publication_date": assume_publication_date, "seconds": seconds}
        return pool.submit(extract_batch, batch, **given).result()
    except BrokenProcessPool:
        hint = "most likely for lack of memory: try again with --workers 1 or a smaller --batch-size"
        raise WorkerError(f"a worker process died in {batch.name}, {hint}") from None


@task(
    name="commit",
    description="Prove the new rows against each other and the dataset, and commit them all as one snapshot.",
    tags=["newsevents", "io"],
    **RETRIES,
    **PLAIN,
)
def commit(dataset: Path, run: RunFacts, parts: Parts) -> CommitResult:
    """The new snapshot with its books.

    Raises:
        CatalogError: the snapshot is there, so that trying again would only find duplicates; its catalog is not.
    """
    try:
        return commit_run(dataset, run, parts)
    except OSError as error:
        done = latest(dataset)
        if done is None or done.run_id != run.run_id:
            raise
        hint = "run the same build again to write it"
        raise CatalogError(f"snapshot {done.number} is committed, its catalog is not ({error}): {hint}") from error


@task(
    name="make release",
    description="Write the public edition of the latest snapshot: tables, one DuckDB file, card, checksums.",
    tags=["newsevents", "io"],
    **RETRIES,
    **PLAIN,
)
def release(dataset: Path, out: Path, max_quote_length: int) -> Release:
    """The release in the folder `out`, with the scorecard of the rules that made it."""
    return make_release(dataset, out, max_quote_length=max_quote_length, scorecard=score().summary())


@task(
    name="poll feeds",
    description="Ask each feed for what is new, and write that into the raw folder.",
    tags=["newsevents", "io"],
    **PLAIN,
)
def poll_feeds(
    feeds: Sequence[str], into: Path, contact: str, pause: float, tell: Callable[[str], None], *, full_text: bool
) -> PollReport:
    """What became of each feed. Not tried again: a feed that fails has its back-off, which the next poll knows."""
    visitor = Visitor(agent=user_agent(contact), pause=pause)
    return poll(feeds, into, visitor, full_text=full_text, tell=tell)
