"""The staged parts of one run in, one new snapshot out: proven, without duplicates, with balanced books."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import msgspec
import pyarrow as pa

from flows.arrow import to_arrow
from flows.ids import sha256_hex
from flows.model import Reject
from flows.store import copies, happenings, intake, merge, snapshots
from flows.store.catalog import build_catalog
from flows.store.parts import ROW_GROUP, Part, write_part
from flows.store.snapshots import PARTS, Snapshot
from flows.store.sql import SQL, sql, text
from flows.store.staging import committing, staging
from flows.store.workbench import add_view, count, rows_of, workbench, write_query
from flows.tables import reject_row
from schemas import TABLES
from schemas.arrow import arrow_schema

SMALL_PARTS: Final = 32  # so many parts below one row group become one: a query must not open a file per run

Tables = dict[str, tuple[Part, ...]]


class BooksError(Exception):
    """A run's documents are not all accounted for; nothing was committed."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run knows before its commit; times are naive UTC, counts are documents."""

    run_id: str
    started_at: datetime
    documents_in: int
    duplicate: int = 0
    rejected: int = 0
    filters: Mapping[str, int] = field(default_factory=dict)
    pipeline_version: str = ""
    settings_sha256: str = field(default_factory=lambda: sha256_hex("{}"))
    versions: Mapping[str, str] = field(default_factory=dict)
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """Every document that came in, exactly once."""

    documents_in: int
    accepted: int
    duplicate: int
    rejected: int
    filtered: int

    def balanced(self) -> bool:
        """Whether no document is lost or counted twice."""
        return self.documents_in == self.accepted + self.duplicate + self.rejected + self.filtered


@dataclass(frozen=True, slots=True)
class CommitResult:
    """The snapshot that a run made, its books, and how many rows it added to each table."""

    snapshot: Snapshot
    books: Books
    rows: Mapping[str, int]

    @property
    def number(self) -> int:
        """The number of the snapshot."""
        return self.snapshot.number


def commit_run(dataset: Path, run: RunFacts, staged: Mapping[str, Sequence[Path]]) -> CommitResult:
    """Commit the staged parts of a run's batches, `staged[table]`, with its rejects, as the next snapshot.

    Rows of articles that the dataset has are dropped and their documents counted as duplicates; rows that break a
    proof become rejects; `events`, `event_types` and `runs` are made here, so staged parts of them are ignored. A run
    that is committed already, by an attempt that failed later, is not committed again.

    Raises:
        BooksError: the documents do not add up; the dataset is as it was.
        SnapshotConflictError: other writers were faster, again and again.
    """
    results: dict[int, CommitResult] = {}

    def change(base: Snapshot | None) -> Snapshot:
        result = _next(connection, dataset, base, run, staged, work)
        results[result.number] = result
        return result.snapshot

    with committing(dataset), staging(dataset, f"commit-{secrets.token_hex(6)}") as work, workbench(work) as connection:
        result = _former(connection, dataset, run.run_id) or results[snapshots.commit(dataset, change).number]
        build_catalog(dataset, snapshots.latest(dataset) or result.snapshot)
    return result


def _former(connection: duckdb.DuckDBPyConnection, dataset: Path, run_id: str) -> CommitResult | None:
    """What an earlier attempt of the same run committed; None where there was none."""
    base = snapshots.latest(dataset)
    if base is None:
        return None
    names = [*Books.__slots__, "rows"]
    query = "SELECT {names} FROM ({runs}) WHERE run_id = {run_id}"
    runs = rows_of("runs", base.paths("runs"))
    found = connection.execute(sql(query, names=names, runs=runs, run_id=text(run_id))).fetchall()
    if not found:
        return None
    *books, rows = found[0]
    of_run = (snapshot for snapshot in snapshots.history(dataset) if snapshot.run_id == run_id)
    return CommitResult(next(of_run, base), Books(*books), msgspec.json.decode(rows, type=dict[str, int]))


def _next(
    connection: duckdb.DuckDBPyConnection,
    dataset: Path,
    base: Snapshot | None,
    run: RunFacts,
    staged: Mapping[str, Sequence[Path]],
    work: Path,
) -> CommitResult:
    """The snapshot after `base`: its parts are written and durable, its manifest is not."""
    folder = dataset / PARTS
    intake.attach(connection, base, staged)
    articles = count(connection, SQL("FROM staged.articles"))
    duplicates = articles - count(connection, SQL("FROM kept.articles"))
    fresh, rejects = _proven(connection, base, folder, work)
    if rejects:
        own = write_part(work / "refused", "rejects", to_arrow({"rejects": [*map(reject_row, rejects)]})["rejects"])
        intake.add_rejects(connection, [*staged.get("rejects", ()), own.path])
    tables = {table: _with_base(base, table, fresh.get(table)) for table in intake.OF_ARTICLES}
    tables |= _settled(connection, base, fresh, folder)
    tables |= _merged(connection, folder)
    resolved = intake.resolve(connection, staged.get(intake.READ_AGAIN, ()))
    tables["rejects"] = _rejects(connection, base, folder, resolved)

    before = base.rows() if base else {}
    added = {table: sum(part.rows for part in parts) - before.get(table, 0) for table, parts in tables.items()}
    books = Books(
        documents_in=run.documents_in,
        accepted=added["articles"],
        duplicate=run.duplicate + duplicates,
        rejected=run.rejected + articles - duplicates - added["articles"],
        filtered=sum(run.filters.values()),
    )
    refused_again = max(0, books.rejected - count(connection, SQL(intake.NEW_DOCUMENTS)))
    if not books.balanced():
        raise BooksError(f"run {run.run_id}: the books do not balance, nothing was committed: {books}")
    tables["runs"] = _with_base(
        base, "runs", write_part(folder, "runs", _run_row(run, books, added, refused_again, resolved))
    )
    compacted = {table: _compacted(connection, folder, table, tables[table]) for table in TABLES}
    snapshot = Snapshot(snapshots.next_number(base), run.run_id, compacted, run.pipeline_version)
    return CommitResult(snapshot, books, added)


def _proven(
    connection: duckdb.DuckDBPyConnection, base: Snapshot | None, folder: Path, work: Path
) -> tuple[dict[str, Part | None], list[Reject]]:
    """The new parts of the articles' tables, written again without the rows that break a proof until none does.

    Those of the articles and the reports stand in `work`, since copies and events are not settled yet.
    """
    homes = dict.fromkeys((copies.ARTICLES, happenings.REPORTS), work / "unsettled")
    rejects: list[Reject] = []
    while True:
        fresh = {table: _append(connection, base, homes.get(table, folder), table) for table in intake.OF_ARTICLES}
        intake.attach_fresh(connection, {table: [part.path] for table, part in fresh.items() if part})
        refused = intake.refuse(connection, again=bool(rejects))
        if not refused:
            return fresh, rejects
        rejects += refused


def _append(connection: duckdb.DuckDBPyConnection, base: Snapshot | None, folder: Path, table: str) -> Part | None:
    """The part with a table's new rows; None where there are none and the dataset has a part already."""
    query = sql("FROM kept.{table}", table=table)
    if base and base.parts(table) and not count(connection, query):
        return None
    return write_query(connection, folder, table, query)


def _settled(
    connection: duckdb.DuckDBPyConnection, base: Snapshot | None, fresh: Mapping[str, Part | None], folder: Path
) -> Tables:
    """The articles' parts with what each is a copy of now, and the reports' with the events that they are of now."""
    copies.settle(connection)
    articles = _rewritten(connection, base, fresh, folder, copies.ARTICLES, copies.changed, copies.with_links)
    add_view(connection, "known", copies.ARTICLES, rows_of(copies.ARTICLES, [part.path for part in articles]))
    happenings.settle(connection)
    reports = _rewritten(
        connection, base, fresh, folder, happenings.REPORTS, happenings.changed, happenings.with_events
    )
    return {copies.ARTICLES: articles, happenings.REPORTS: reports}


def _rewritten(
    connection: duckdb.DuckDBPyConnection,
    base: Snapshot | None,
    fresh: Mapping[str, Part | None],
    folder: Path,
    table: str,
    changed: Callable[[duckdb.DuckDBPyConnection, Iterable[Path]], set[Path]],
    settled: Callable[[Iterable[Path]], SQL],
) -> tuple[Part, ...]:
    """A table's parts with its rows as they are settled: of the dataset's, only those in which one changed are new."""
    old = base.parts(table) if base else ()
    stale = changed(connection, [part.path for part in old])

    def again(part: Part) -> Part:
        return write_query(connection, folder, table, settled([part.path]))

    parts = [again(part) if part.path.absolute() in stale else part for part in old]
    parts += [again(part)] if (part := fresh.get(table)) else []
    return tuple(part for part in parts if part.rows) or tuple(parts[:1])


def _merged(connection: duckdb.DuckDBPyConnection, folder: Path) -> Tables:
    """The tables that are rewritten whole: sources and actors merged, events counted, the codebook as it is now."""
    queries = {
        "sources": merge.merged_rows("sources", intake.referenced("sources")),
        "actors": merge.merged_rows("actors", intake.referenced("actors")),
        "events": happenings.events(),
    }
    parts: Tables = {table: (write_query(connection, folder, table, query),) for table, query in queries.items()}
    return parts | {"event_types": (write_part(folder, "event_types", merge.event_types()),)}


def _with_base(base: Snapshot | None, table: str, new: Part | None) -> tuple[Part, ...]:
    """A table's parts with the new one; an empty part stands only where there is no other."""
    parts = [*(base.parts(table) if base else ()), *([new] if new else [])]
    return tuple(part for part in parts if part.rows) or tuple(parts[:1])


def _compacted(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """The same rows with the small parts as one, once there are many."""
    small = [part for part in parts if part.rows < ROW_GROUP]
    if len(small) < SMALL_PARTS:
        return parts
    joined = write_query(connection, folder, table, rows_of(table, [part.path for part in small]))
    return (*(part for part in parts if part not in small), joined)


def _rejects(
    connection: duckdb.DuckDBPyConnection, base: Snapshot | None, folder: Path, resolved: int
) -> tuple[Part, ...]:
    """The parts of the rejects that are open: a new one beside the old, or all anew where some came through."""
    if resolved:
        return (write_query(connection, folder, "rejects", intake.still_open()),)
    return _with_base(base, "rejects", _append(connection, base, folder, "rejects"))


def _run_row(run: RunFacts, books: Books, added: Mapping[str, int], refused_again: int, resolved: int) -> pa.Table:
    row = {
        "run_id": run.run_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at or datetime.now(UTC).replace(tzinfo=None),
        "documents_in": books.documents_in,
        "accepted": books.accepted,
        "duplicate": books.duplicate,
        "rejected": books.rejected,
        "refused_again": refused_again,
        "resolved": resolved,
        "filtered": books.filtered,
        "filters": _json(run.filters),
        "rows": _json(added),
        "versions": _json(run.versions),
        "settings_sha256": run.settings_sha256,
    }
    return pa.Table.from_pylist([row], schema=arrow_schema("runs"))


def _json(values: Mapping[str, object]) -> str:
    return msgspec.json.encode(dict(values), order="sorted").decode()
