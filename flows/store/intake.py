"""The staged rows of a run against a snapshot, as views: what is new, what is there already, what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from flows.model import Reject
from flows.store.parts import sort_order
from flows.store.proofs import REFERENCE, Proof, failing, proofs
from flows.store.snapshots import Snapshot
from flows.store.sql import SQL, join, parts_of, sql
from flows.store.workbench import add_view, count, rows_of
from schemas import TABLES, columns, model

MADE_BY_COMMIT: Final = ("events", "event_types", "runs")
# The tables with an article's own rows, in writing order.
OF_ARTICLES: Final = tuple(t for t in TABLES if not model(t).is_merged() and t not in (*MADE_BY_COMMIT, "rejects"))

# Batches are told apart by the folder they were staged in: of two versions of an article one wins, with all its rows.
STAGED: Final = "SELECT {names}, parse_dirpath(parse_dirpath(filename)) AS batch FROM {parts}"
GONE: Final = """CREATE OR REPLACE TABLE gone AS
    WITH versions AS (SELECT DISTINCT article_id, batch FROM staged.articles),
        several AS (SELECT article_id FROM versions GROUP BY article_id HAVING count(*) > 1),
        compared AS (
            SELECT r.article_id, batch, min(to_json(r)::VARCHAR) AS content
            FROM staged.articles AS r SEMI JOIN several USING (article_id) GROUP BY ALL
        )
    SELECT article_id, batch FROM versions SEMI JOIN base.articles USING (article_id)
    UNION
    SELECT article_id, batch FROM compared
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY content, batch) > 1"""
GONE_TOO: Final = """INSERT INTO gone
    SELECT article_id, batch FROM staged.articles SEMI JOIN refused.articles USING (article_id)"""
READ_AGAIN: Final = "read_again"  # staged beside the tables: the rejects of the dataset whose place was read again
# A document's reject came through unless it was refused once more; a row's did if its article was made anew.
CAME_THROUGH: Final = """CREATE OR REPLACE TABLE resolved AS
    SELECT reject_id FROM base.rejects AS r
    WHERE NOT EXISTS (FROM staged.rejects AS s WHERE s.reject_id = r.reject_id) AND (
        (r."table" IS NULL AND reject_id IN (SELECT reject_id FROM ({again})))
        OR (r."table" IS NOT NULL AND (try_cast(payload AS JSON) ->> '$.article_id') IN
            (SELECT article_id FROM fresh.articles))
    )"""
OPEN: Final = """SELECT {names} FROM kept.rejects UNION ALL
    SELECT {names} FROM base.rejects WHERE reject_id NOT IN (SELECT reject_id FROM resolved)"""
NEW_DOCUMENTS: Final = """FROM kept.rejects WHERE "table" IS NULL OR "table" = 'articles'"""
NOT_GONE: Final = "NOT EXISTS (FROM gone AS g WHERE g.article_id = r.article_id AND g.batch = r.batch)"
OWNER_NOT_GONE: Final = """NOT EXISTS (FROM gone AS g JOIN staged.{owner} AS o USING (article_id, batch)
    WHERE o.{key} = r.{column} AND o.batch = r.batch)"""
NOT_REFUSED: Final = "NOT EXISTS (SELECT 1 FROM refused.{table} AS f WHERE {same})"
NOT_KNOWN: Final = "NOT EXISTS (FROM base.{table} AS b WHERE b.{key} = r.{key})"
ONCE: Final = "QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {order}) = 1"


def attach(connection: duckdb.DuckDBPyConnection, base: Snapshot | None, staged: Mapping[str, Sequence[Path]]) -> None:
    """Make the schemas `base` (what the dataset has), `staged` (what the run brings) and `kept` (what it adds)."""
    for table in TABLES:
        add_view(connection, "base", table, rows_of(table, base.paths(table) if base else ()))
        add_view(connection, "staged", table, _staged(table, staged.get(table, ())))
    connection.execute(GONE)
    connection.execute("DROP SCHEMA IF EXISTS refused CASCADE; CREATE SCHEMA refused")
    for table in OF_ARTICLES:
        empty = "CREATE TABLE refused.{table} AS SELECT {keys} FROM staged.{table} LIMIT 0"
        connection.execute(sql(empty, table=table, keys=model(table).key()))
    for table in TABLES:
        add_view(connection, "kept", table, _kept(table, once=False))
    for table in (*OF_ARTICLES, "rejects"):
        if _has_copies(connection, table):
            add_view(connection, "kept", table, _kept(table, once=True))


def attach_fresh(connection: duckdb.DuckDBPyConnection, fresh: Mapping[str, Iterable[Path]]) -> None:
    """Make the schemas `fresh` (the parts that the run has written) and `known` (those and the dataset's)."""
    for table in OF_ARTICLES:
        add_view(connection, "fresh", table, rows_of(table, fresh.get(table, ())))
    for table in TABLES:
        new = "fresh" if table in OF_ARTICLES else "kept"
        names = [column.name for column in columns(table)]
        both = "SELECT {names} FROM {new}.{table} UNION ALL SELECT {names} FROM base.{table}"
        add_view(connection, "known", table, sql(both, names=names, new=new, table=table))
    add_view(connection, "known", "events", SQL("SELECT DISTINCT event_id FROM fresh.event_mentions"))


def refuse(connection: duckdb.DuckDBPyConnection, *, again: bool = False) -> list[Reject]:
    """Find the fresh rows that break a proof, take them out of `kept`, and give a reject for each.

    Args:
        connection: with the schemas of `attach` and `attach_fresh`.
        again: rows were refused before, so a parent that is missing now was refused.
    """
    rejects: dict[tuple[str, str], Reject] = {}
    for proof in proofs():
        for query in failing(connection, proof, "fresh", "known"):
            for row, input_uri in connection.execute(_described(proof.table, query)).fetchall():
                rejects.setdefault((proof.table, row), _reject(proof, row, input_uri, again=again))
            _take_out(connection, proof.table, query)
    return [rejects[key] for key in sorted(rejects)]


def add_rejects(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
    """Make the staged rejects those of `paths`, and keep the ones that the dataset does not have, once each."""
    add_view(connection, "staged", "rejects", _staged("rejects", paths))
    add_view(connection, "kept", "rejects", _kept("rejects", once=True))


def resolve(connection: duckdb.DuckDBPyConnection, read_again: Sequence[Path]) -> int:
    """Make the table `resolved` of the dataset's rejects that came through in this run; how many there are."""
    none = SQL("SELECT NULL::VARCHAR AS reject_id WHERE false")
    again = sql("FROM {parts}", parts=parts_of(read_again)) if read_again else none
    connection.execute(sql(CAME_THROUGH, again=again))
    return count(connection, SQL("FROM resolved"))


def still_open() -> SQL:
    """The rejects of the dataset that did not come through, and the new ones."""
    return sql(OPEN, names=[column.name for column in columns("rejects")])


def referenced(table: str) -> SQL:
    """The new rows of a merged table that the new rows of articles refer to, and all that the dataset has."""
    (key,) = model(table).key()
    uses = join(
        " UNION ",
        (
            sql("SELECT {column} FROM fresh.{child}", column=column.name, child=child)
            for child in OF_ARTICLES
            for column in columns(child)
            if column.references == f"{table}.{key}"
        ),
    )
    both = "SELECT {names} FROM kept.{table} WHERE {key} IN ({uses}) UNION ALL SELECT {names} FROM base.{table}"
    return sql(both, names=[column.name for column in columns(table)], table=table, key=key, uses=uses)


def _staged(table: str, paths: Sequence[Path]) -> SQL:
    names = [column.name for column in columns(table)]
    if not paths:
        return sql("SELECT *, NULL::VARCHAR AS batch FROM ({empty})", empty=rows_of(table, ()))
    return sql(STAGED, names=names, parts=parts_of(paths))


def _kept(table: str, *, once: bool) -> SQL:
    """The staged rows of a table that belong to no duplicate and were not refused."""
    keys = model(table).key()
    conditions = [SQL("true")]
    if table in OF_ARTICLES:
        conditions.append(_not_gone(table))
        same = join(" AND ", (sql("f.{key} = r.{key}", key=key) for key in keys))
        conditions.append(sql(NOT_REFUSED, table=table, same=same))
    if table == "rejects":
        conditions.append(sql(NOT_KNOWN, table=table, key=keys[0]))
    query = "SELECT {names} FROM staged.{table} AS r WHERE {conditions} {once}"
    names = [column.name for column in columns(table)]
    dedupe = sql(ONCE, keys=keys, order=sort_order(table)) if once else SQL("")
    return sql(query, names=names, table=table, conditions=join(" AND ", conditions), once=dedupe)


def _not_gone(table: str) -> SQL:
    """The condition that the article of a row is not gone; without an article_id, that of the row it belongs to."""
    found = columns(table)
    if "article_id" in {column.name for column in found}:
        return SQL(NOT_GONE)
    column, (owner, key) = next(
        (column, column.references.split("."))
        for column in found
        if column.key and column.references and column.references.split(".")[0] in OF_ARTICLES
    )
    return sql(OWNER_NOT_GONE, owner=owner, key=key, column=column.name)


def _has_copies(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    copies = "SELECT 1 FROM kept.{table} GROUP BY {keys} HAVING count(*) > 1"
    return count(connection, sql(copies, table=table, keys=model(table).key())) > 0


def _described(table: str, query: SQL) -> SQL:
    """The failing rows as JSON, with the input that they come from."""
    uri = SQL("NULL::VARCHAR")
    if "article_id" in {column.name for column in columns(table)}:
        uri = SQL("(SELECT min(a.input_uri) FROM staged.articles AS a WHERE a.article_id = r.article_id)")
    return sql("SELECT DISTINCT to_json(r)::VARCHAR AS row, {uri} FROM ({query}) ORDER BY row", uri=uri, query=query)


def _reject(proof: Proof, row: str, input_uri: str | None, *, again: bool) -> Reject:
    orphan = again and proof.template == REFERENCE
    return Reject(
        stage="commit",
        reason_code="rejected_parent" if orphan else proof.reason_code,
        reason=proof.reason,
        input_uri=input_uri or "",
        payload=row,
        table=proof.table,
    )


def _take_out(connection: duckdb.DuckDBPyConnection, table: str, query: SQL) -> None:
    keys = join(", ", (sql("r.{key}", key=key) for key in model(table).key()))
    connection.execute(sql("INSERT INTO refused.{t} SELECT {keys} FROM ({query})", t=table, keys=keys, query=query))
    if table == "articles":
        connection.execute(GONE_TOO)
