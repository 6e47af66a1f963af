"""`python -m tests.bench.happenings --reports 1000000`: the time that the events of a commit take, and of a small next.

The reports are invented: articles of two to three reports over two years, actors as unequal as in the news (the most
frequent one in a tenth of them), half of the reports with a city.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import Final

import duckdb

from flows.store import happenings
from flows.store.sql import sql
from flows.store.workbench import workbench

TABLES: Final = ("articles", "event_mentions", "event_participants", "actors", "actor_mentions")
LATEST: Final = "2025-12-18"  # the last two weeks: the news of a next commit
MADE: Final = """
CREATE OR REPLACE TABLE {s}.articles AS SELECT 'art_' || lpad(i::VARCHAR, 16, '0') AS article_id,
    's' || hash(i) % 500 AS source_id, NULL::VARCHAR AS duplicate_of,
    TIMESTAMP '2024-01-01' + to_minutes((hash(i, 1) % 1051200)::BIGINT) AS published_at, NULL::DATE AS published_date
    FROM range({first}, {last}) t(i);
CREATE OR REPLACE TABLE {s}.event_mentions AS
    WITH r AS (SELECT *, unnest(range(2 + (hash(article_id) % 2)::INT)) AS n FROM {s}.articles),
    h AS (
        SELECT *, hash(article_id, n) AS h, (published_at - to_days((hash(article_id, n, 2) % 3)::INT))::DATE AS day
        FROM r
    )
    SELECT 'evm_' || right('000000000000000' || to_hex(h), 16) AS event_mention_id, 'e' || h AS event_id, article_id,
        list_extract(['CONSULT', 'ASSAULT', 'COERCE', 'PROTEST', 'AID', 'ACCUSE'], 1 + (h % 6)::INT) AS type,
        NULL::VARCHAR AS mode, if(h % 10 = 0, 'future', 'actual') AS realis,
        CASE WHEN h % 3 > 0 THEN day END AS date_start,
        CASE WHEN h % 3 > 0 THEN day + if(h % 11 = 0, 6, 0)::INT END AS date_end,
        CASE WHEN h % 2 = 0 THEN 'c' || floor(300 * pow((h % 9973) / 9973, 3)) END AS place_name,
        CASE WHEN h % 2 = 0 THEN 'FRA' END AS place_country_code,
        CASE WHEN h % 2 = 0 THEN floor(300 * pow((h % 9973) / 9973, 3)) / 10 END AS latitude,
        CASE WHEN h % 2 = 0 THEN 1.0::DOUBLE END AS longitude, n AS trigger_start, 't' AS trigger
    FROM h;
CREATE OR REPLACE TABLE {s}.event_participants AS
    SELECT event_mention_id, 'act' || floor(20000 * pow((hash(event_mention_id, role) % 99991) / 99991, 4)) AS actor_id,
        role
    FROM {s}.event_mentions, (VALUES ('actor'), ('recipient')) v(role)
    WHERE hash(event_mention_id, role) % 10 < if(role = 'actor', 6, 5);
CREATE OR REPLACE TABLE {s}.actors AS
    SELECT DISTINCT actor_id, if(hash(actor_id) % 3 = 0, 'group', 'person') AS kind, NULL::VARCHAR AS sector_code
    FROM {s}.event_participants;
CREATE OR REPLACE TABLE {s}.actor_mentions AS
    SELECT article_id, actor_id, if(hash(actor_id) % 3 = 0, 'workers', 'Ana Ruiz') AS surface, 'name' AS kind
    FROM {s}.event_participants JOIN {s}.event_mentions USING (event_mention_id)
"""
NO_EVENTS: Final = """SELECT NULL::VARCHAR AS event_id, NULL::VARCHAR AS type,
    NULL::VARCHAR AS mode, NULL::DATE AS date_start, NULL::DATE AS date_end, NULL::VARCHAR AS place_country_code,
    0::BIGINT AS mention_count, 0::BIGINT AS article_count, 0::BIGINT AS source_count,
    NULL::TIMESTAMP AS first_reported_at, NULL::VARCHAR AS cluster_rule LIMIT 0"""


def make(
    connection: duckdb.DuckDBPyConnection, folder: Path, schema: str, articles: range, since: str = "2000-01-01"
) -> None:
    """Make the tables of a schema, of those articles that were published since."""
    for statement in MADE.format(s=schema, first=articles.start, last=articles.stop).split(";"):
        head, query = statement.split(" AS", 1)
        table = head.rsplit(".", 1)[1]
        store(
            connection,
            folder,
            schema,
            table,
            f"{query} WHERE published_at >= '{since}'" if table == "articles" else query,
        )


def store(connection: duckdb.DuckDBPyConnection, folder: Path, schema: str, table: str, query: str) -> None:
    """Write a query's rows as a Parquet file and show them as a view."""
    path = folder / f"{schema}-{table}-{time.monotonic_ns()}.parquet"
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    connection.execute(f"CREATE OR REPLACE VIEW {schema}.{table} AS FROM read_parquet('{path}')")


def settle(connection: duckdb.DuckDBPyConnection, label: str) -> None:
    """Time the settling of what is in `fresh` against what is in `base`."""
    for table in TABLES:
        connection.execute(
            f"CREATE OR REPLACE VIEW known.{table} AS FROM fresh.{table} UNION ALL FROM base.{table};"
            f"CREATE OR REPLACE VIEW kept.{table} AS FROM fresh.{table}"
        )
    start = time.perf_counter()
    happenings.settle(connection)
    settled = time.perf_counter()
    connection.execute(sql("CREATE OR REPLACE TABLE fresh.events AS {events}", events=happenings.events()))
    end = time.perf_counter()
    counts = (
        "SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM candidate), (SELECT count(*) FROM fresh.events)"
    )
    reports, candidates, events = connection.execute(counts).fetchall()[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{label}: {reports:,} reports settled in {settled - start:.1f} s ({candidates:,} could join another), "
        f"{events:,} events counted in {end - settled:.1f} s, at most {memory} MB"
    )


def main() -> None:
    """Time a first commit and a next one of a hundredth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    articles = int(parser.parse_args().reports / 2.5)
    with tempfile.TemporaryDirectory() as folder, workbench(Path(folder)) as connection:
        connection.execute("CREATE SCHEMA base; CREATE SCHEMA fresh; CREATE SCHEMA kept; CREATE SCHEMA known")
        connection.execute("CREATE TEMP TABLE relinked (article_id VARCHAR)")
        make(connection, Path(folder), "base", range(0))
        store(connection, Path(folder), "base", "events", NO_EVENTS)
        make(connection, Path(folder), "fresh", range(articles))
        settle(connection, "first commit")
        store(connection, Path(folder), "base", "events", "FROM fresh.events")
        settled = "SELECT m.* REPLACE (s.event_id AS event_id) FROM fresh.event_mentions AS m JOIN settled AS s"
        store(connection, Path(folder), "base", "event_mentions", f"{settled} USING (event_mention_id)")
        for table in sorted(set(TABLES) - {"event_mentions"}):
            store(connection, Path(folder), "base", table, f"FROM fresh.{table}")
        make(connection, Path(folder), "fresh", range(articles, 2 * articles), LATEST)
        settle(connection, "next commit")


if __name__ == "__main__":
    main()
