"""A dataset in; everything that is wrong with it out: files, schemas, keys, references, spans, books."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from flows.store import copy_proofs, merge, snapshots
from flows.store.parts import Part, file_sha256
from flows.store.proofs import failing, proofs
from flows.store.snapshots import Snapshot
from flows.store.sql import SQL, join, sql
from flows.store.workbench import add_view, count, rows_of, workbench
from flows.validate import ContractError, validate
from schemas import TABLES, columns, model
from schemas.arrow import arrow_schema

EXAMPLES: Final = 5  # rows named per kind of damage; all are counted
BATCH_ROWS: Final = 100_000
DIFFERENT: Final = """SELECT DISTINCT event_id
    FROM (({counted} EXCEPT FROM events) UNION ALL (FROM events EXCEPT {counted}))"""
UNACCOUNTED: Final = """SELECT articles, accepted
    FROM (SELECT count(*) AS articles FROM articles), (SELECT coalesce(sum(accepted), 0) AS accepted FROM runs)
    WHERE articles > accepted"""
COUNTS: Final = 3  # _check_counts and _check_runs: events, articles, the books of each run


class CheckError(Exception):
    """There is nothing to check; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of damage in one table: which rows or files, and how many."""

    check: str
    table: str
    message: str
    count: int = 1
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and what was found; no findings mean that the dataset keeps every promise."""

    snapshot: int
    findings: list[Finding]
    rows: dict[str, int]
    checks: dict[str, int]


def check(dataset: Path, number: int | None = None) -> Checked:
    """Check the latest snapshot of a dataset, or `number`, against everything that the schemas promise.

    Raises:
        CheckError: there is no dataset, or its manifest cannot be read.
    """
    try:
        snapshot = snapshots.latest(dataset) if number is None else snapshots.read(dataset, number)
    except snapshots.SnapshotError as error:
        raise CheckError(str(error)) from None
    if snapshot is None:
        raise CheckError(f"no dataset at {dataset}: make one with `newsevents build --dataset {dataset}`")
    findings, readable = _check_parts(snapshot)
    for table in TABLES:
        findings += _check_rows(table, readable[table])
    with tempfile.TemporaryDirectory() as spill, workbench(Path(spill)) as connection:
        for table in TABLES:
            add_view(connection, "main", table, rows_of(table, [part.path for part in readable[table]]))
        findings += _check_keys(connection)
        findings += _check_proofs(connection)
        findings += _check_counts(connection)
        findings += _check_runs(dataset, snapshot)
        findings += _check_copies(connection)
    parts = sum(len(snapshot.parts(table)) for table in TABLES)
    rules = sum(len(model(table).rules()) for table in TABLES)
    checks = {"parts": parts, "rules": rules, "keys": len(TABLES), "proofs": len(proofs()), "counts": COUNTS}
    checks["copies"] = copy_proofs.PROOFS
    return Checked(snapshot.number, findings, snapshot.rows(), checks)


def _check_parts(snapshot: Snapshot) -> tuple[list[Finding], dict[str, list[Part]]]:
    """Files against the manifest, and their schemas; the parts that are fit to be read further."""
    findings: list[Finding] = []
    readable: dict[str, list[Part]] = {table: [] for table in TABLES}
    for table in TABLES:
        if not snapshot.parts(table):
            findings.append(Finding("part", table, "the snapshot has no part of this table"))
        for part in snapshot.parts(table):
            if found := _damage(part):
                findings.append(Finding("part", table, found, examples=(part.path.name,)))
            if _schema_fits(part):
                readable[table].append(part)
    return findings, readable


def _damage(part: Part) -> str | None:
    """What is wrong with a part's file."""
    if not part.path.is_file():
        return "the file of a part is missing: restore it from a copy"
    if part.path.stat().st_size != part.bytes or file_sha256(part.path) != part.sha256:
        return "the file of a part is not the one that was committed: restore it from a copy"
    if not _schema_fits(part):
        return "the columns of a part are not the table's: it was written by another version"
    if pq.read_metadata(part.path).num_rows != part.rows:
        return "a part has another number of rows than its manifest says"
    return None


def _schema_fits(part: Part) -> bool:
    try:
        return bool(pq.read_schema(part.path).equals(arrow_schema(part.table)))
    except (OSError, pa.ArrowException):
        return False


def _check_rows(table: str, parts: list[Part]) -> Iterator[Finding]:
    """Each row by the rules of its table, a slice of a part in memory at a time."""
    found: dict[str, list[str]] = {}
    for part in parts:
        for batch in pq.ParquetFile(part.path).iter_batches(BATCH_ROWS):
            try:
                rejects = validate({table: pa.Table.from_batches([batch])}).rejects
            except ContractError as error:  # a row about the pipeline itself
                found.setdefault("row", []).append(str(error))
                continue
            for reject in rejects:
                found.setdefault(reject.reason_code, []).append(reject.reason)
    for code, reasons in sorted(found.items()):
        yield Finding(code, table, reasons[0], len(reasons), tuple(sorted(set(reasons))[:EXAMPLES]))


def _check_keys(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Each key once in the whole dataset, over all parts."""
    for table in TABLES:
        keys = model(table).key()
        copies = sql("SELECT {keys} FROM {table} GROUP BY {keys} HAVING count(*) > 1", keys=keys, table=table)
        message = f"several rows have the same {', '.join(keys)}"
        yield from _found(connection, copies, keys, check="duplicate_key", table=table, message=message)


def _check_proofs(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """References between tables, and spans against the texts."""
    for proof in proofs():
        if queries := failing(connection, proof, "main", "main"):
            keys = model(proof.table).key()
            fields = join(", ", (sql("r.{key} AS {key}", key=key) for key in keys))
            rows = sql("SELECT {fields} FROM ({all})", fields=fields, all=join(" UNION ALL ", queries))
            yield from _found(connection, rows, keys, check=proof.reason_code, table=proof.table, message=proof.reason)


def _check_counts(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """What is counted against what is there: the events of all reports, the articles that the runs accepted."""
    names = [column.name for column in columns("events")]
    reports = merge.events(SQL("event_mentions"), SQL("articles"), SQL("event_participants"))
    counted = sql("SELECT {names} FROM ({reports})", names=names, reports=reports)
    different = sql(DIFFERENT, counted=counted)
    message = "the event is not what its reports add up to"
    yield from _found(connection, different, ["event_id"], check="counts", table="events", message=message)
    message = "there are more articles than the runs accepted"
    keys = ["articles", "accepted"]
    yield from _found(connection, SQL(UNACCOUNTED), keys, check="books", table="runs", message=message)


def _check_runs(dataset: Path, last: Snapshot) -> Iterator[Finding]:
    """The books of each run against what its snapshot has that the one before had not."""
    books = {row["run_id"]: row for part in last.parts("runs") for row in _rows_in(part)}
    before: Snapshot | None = None
    for snapshot in snapshots.history(dataset):
        is_next = snapshot.number == (before.number + 1 if before else 1)  # older snapshots may have been deleted
        if is_next and snapshot.number <= last.number and snapshot.run_id in books:
            try:
                wrong = _wrong_books(books[snapshot.run_id], before, snapshot)
            except (OSError, pa.ArrowException, KeyError):
                wrong = []  # the part is damaged or gone, which is told elsewhere
            if wrong:
                message = f"the books of the run are not what it did: {'; '.join(wrong)}"
                yield Finding("books", "runs", message, examples=(snapshot.run_id,))
        before = snapshot


def _wrong_books(run: dict[str, Any], before: Snapshot | None, after: Snapshot) -> list[str]:
    """The counts of a run that are not those of the rows."""
    articles = after.rows().get("articles", 0) - (before.rows().get("articles", 0) if before else 0)
    old, new = _rejects_in(before, after), _rejects_in(after, before)
    counted = {
        "accepted": articles,
        "rejected": sum(new[key] in (None, "articles") for key in new.keys() - old.keys()) + run["refused_again"],
        "resolved": len(old.keys() - new.keys()),
    }
    return [f"{name} {run[name]}, counted {found}" for name, found in counted.items() if run[name] != found]


def _rejects_in(snapshot: Snapshot | None, other: Snapshot | None) -> dict[str, str | None]:
    """The table of each reject by its id, in the parts that the other snapshot does not have."""
    shared = set(other.paths("rejects")) if other else set()
    parts = (part for part in snapshot.parts("rejects") if part.path not in shared) if snapshot else ()
    return {row["reject_id"]: row["table"] for part in parts for row in _rows_in(part)}


def _rows_in(part: Part) -> list[dict[str, Any]]:
    return [] if not part.path.is_file() else list(pq.read_table(part.path).to_pylist())


def _check_copies(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Every copy against its original, and all of them against the fingerprints and those against the texts."""
    for table, message, query in copy_proofs.wrong_copies(connection):
        yield from _found(connection, query, ["article_id"], check="copies", table=table, message=message)


def _found(
    connection: duckdb.DuckDBPyConnection, query: SQL, keys: Sequence[str], *, check: str, table: str, message: str
) -> Iterator[Finding]:
    """A finding with the number of rows that a query gives and the keys of the first; nothing where it gives none."""
    if number := count(connection, query):
        first = sql("FROM ({query}) ORDER BY {keys} LIMIT {limit}", query=query, keys=list(keys), limit=EXAMPLES)
        examples = tuple(" ".join(map(str, row)) for row in connection.execute(first).fetchall())
        yield Finding(check, table, message, number, examples)
