from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import small

from flows import query
from flows.formats import neutral, write_csv, write_json, write_parquet, write_table
from flows.query import QueryError
from schemas import TABLES
from schemas.views import views


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query")
    small.build(folder / "data set's [1]", folder / "staged")
    (folder / "outside.csv").write_text("secret\n1\n")
    return folder / "data set's [1]"


@pytest.fixture
def connection(dataset: Path) -> duckdb.DuckDBPyConnection:
    return query.connect(dataset)


def rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[object, ...]]:
    result = query.run(connection, statement)
    return [tuple(row.values()) for batch in result.batches for row in batch.to_pylist()]


def test_tables_and_views_answer(connection: duckdb.DuckDBPyConnection) -> None:
    assert rows(connection, "SELECT count(*) FROM articles") == [(3,)]
    assert rows(connection, "FROM event_reports SELECT DISTINCT type ORDER BY ALL") == [("CONSULT",), ("PROTEST",)]
    assert rows(connection, "DESCRIBE events")[0][:2] == ("event_id", "VARCHAR")
    assert "READ_PARQUET" in str(rows(connection, "EXPLAIN SELECT * FROM actors"))
    assert rows(connection, "EXPLAIN (FORMAT json) SELECT 1")
    assert rows(connection, "EXPLAIN ANALYZE FROM actors")


def test_listing_names_counts_and_explains(connection: duckdb.DuckDBPyConnection) -> None:
    found = query.listing(connection)
    assert [entry.name for entry in found] == [*TABLES, *sorted(views()), "events_between(first_party, second_party)"]
    assert {entry.kind for entry in found} == {"table", "view", "macro"}
    assert all(entry.comment for entry in found)
    assert {entry.name: entry.rows for entry in found}["event_types"] == 83


def test_an_earlier_snapshot_can_be_asked(tmp_path: Path) -> None:
    small.commit(tmp_path / "d", tmp_path / "1", small.tables(small.call()))
    small.commit(tmp_path / "d", tmp_path / "2", small.tables(small.march()))
    count = "SELECT count(*) FROM articles"
    assert [rows(query.connect(tmp_path / "d", number=n), count) for n in (1, 2, None)] == [[(1,)], [(2,)], [(2,)]]
    with pytest.raises(QueryError, match=r"has no snapshot 9 \(there are: 1, 2\)"):
        query.connect(tmp_path / "d", number=9)


def test_the_sandbox_reads_the_dataset_and_nothing_else(connection: duckdb.DuckDBPyConnection, dataset: Path) -> None:
    quoted = str(dataset).replace("'", "''")
    [part] = (dataset / "parts" / "articles").iterdir()
    assert rows(connection, f"FROM '{quoted}/parts/articles/{part.name}' SELECT count(*)") == [(3,)]
    (dataset / "escape").unlink(missing_ok=True)
    (dataset / "escape").symlink_to("/etc")
    for path in (
        "/etc/passwd",
        f"{quoted}/../outside.csv",
        f"{quoted}/escape/passwd",
        f"{quoted}/../../../../etc/passwd",
    ):
        with pytest.raises(QueryError, match="queries read the dataset's own files only") as error:
            rows(connection, f"FROM read_text('{path}')")
        assert "\n" not in str(error.value)
    for statement in (
        "SELECT * FROM glob('/etc/*')",
        "FROM 'https://example.org/a.parquet'",
        "FROM read_csv('/etc/hosts')",
    ):
        with pytest.raises(QueryError, match="own files only"):
            rows(connection, statement)
    (dataset / "escape").unlink()


@pytest.mark.parametrize(
    "statement",
    [
        "COPY actors TO '{folder}/out.csv'",
        "COPY actors TO '/tmp/newsevents-out.csv'",
        "EXPLAIN ANALYZE COPY actors TO '{folder}/out.csv'",
        "EXPLAIN ANALYZE (FORMAT json) COPY actors TO '{folder}/out.csv'",
        "explain /* x */ analyze COPY actors TO '{folder}/out.csv'",
        "-- x\nEXPLAIN ANALYZE COPY actors TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.csv'",
        "ATTACH '/tmp/newsevents-out.duckdb' AS o",
        "EXPORT DATABASE '{folder}/out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "RESET enable_external_access",
        "PRAGMA enable_external_access",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW actors",
        "CREATE OR REPLACE VIEW actors AS SELECT 1",
        "SELECT 1; COPY actors TO '{folder}/out.csv'",
        "PIVOT actors ON kind",
        "CALL pragma_version()",
        "CHECKPOINT",
        "FROM enable_logging(storage = 'file', storage_path = '{folder}/log')",
        "FROM enable_profiling(save_location = '{folder}/profile.json')",
        "FROM query('COPY actors TO out')",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_reading_is_run(connection: duckdb.DuckDBPyConnection, dataset: Path, statement: str) -> None:
    before = sorted(path.name for path in dataset.iterdir())
    with pytest.raises(QueryError):
        rows(connection, statement.format(folder=str(dataset).replace("'", "''")))
    assert sorted(path.name for path in dataset.iterdir()) == before
    assert rows(connection, "SELECT count(*) FROM actors") == [(4,)]


def test_duckdb_itself_would_have_written(dataset: Path) -> None:
    """The statement filter is needed: the allowed folder is open to COPY TO."""
    with query.connect(dataset) as connection:
        target = str(dataset / "written.csv").replace("'", "''")
        connection.execute(f"COPY actors TO '{target}'")
        assert (dataset / "written.csv").exists()
        (dataset / "written.csv").unlink()
        with pytest.raises(duckdb.Error):
            connection.execute("SET memory_limit = '100GB'")
        with pytest.raises(duckdb.Error):
            connection.execute("ATTACH '/tmp/newsevents-out.duckdb' AS o")


def test_python_variables_are_no_tables(connection: duckdb.DuckDBPyConnection) -> None:
    secret = pq.read_table  # a name in this frame that a replacement scan could find
    assert secret
    with pytest.raises(QueryError, match="no table or view secret"):
        rows(connection, "FROM secret")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("FROM evnts", "there is no table or view evnts, did you mean events"),
        ("SELECT nope FROM actors", 'Referenced column "nope" not found'),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT name::INT FROM actors", "Could not convert string"),
        ("SELECT lenth(name) FROM actors", 'Did you mean "length"'),
    ],
)
def test_errors_are_one_friendly_line(connection: duckdb.DuckDBPyConnection, statement: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        rows(connection, statement)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_limits_of_time_and_memory(dataset: Path) -> None:
    with pytest.raises(QueryError, match="maximum execution time"):
        rows(query.connect(dataset, seconds=0.2), "SELECT count(*) FROM range(100000000) a, range(100000) b")
    huge = "SELECT list(range) FROM range(30000000)"
    with pytest.raises(QueryError, match=r"could not allocate|failed to"):
        rows(query.connect(dataset, memory="50MB"), huge)


def test_no_dataset_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"no dataset at .*nowhere: make one with `newsevents build --dataset"):
        query.connect(tmp_path / "nowhere")


def test_the_catalog_opens_in_another_process_from_another_folder(dataset: Path, tmp_path: Path) -> None:
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(c.execute('SELECT count(*) FROM event_reports').fetchone()[0],"
        ' c.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchone()[0],'
        ' c.execute("SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL'
        " AND table_name != 'about'\").fetchone()[0],"
        " c.execute(\"SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal\").fetchone()[0])"
    )
    command = [sys.executable, "-c", code, str(dataset / "newsevents.duckdb")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "0", "0", "v1.0.0+"]


def test_a_symlink_to_the_dataset_works(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(dataset)
    assert rows(query.connect(tmp_path / "link"), "SELECT count(*) FROM articles") == [(3,)]


DANGEROUS = """SELECT '=1+1' AS "=a", '+1' AS b, '-1' AS c, '@x' AS d, chr(9) || 'x' AS e, chr(13) || 'x' AS f,
    -5 AS g, 'fine = x' AS h, NULL AS i, ['=1'] AS j, DATE '2026-01-02' AS k, true AS l"""


def test_csv_has_no_formulas_and_keeps_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    out = io.StringIO()
    write_csv(query.run(connection, DANGEROUS), out)
    header, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert header[0] == "'=a"
    assert row[:6] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx"]
    assert row[6:] == ["-5", "fine = x", "", '["=1"]', "2026-01-02", "true"]
    assert neutral("\uff1dx") == "'\uff1dx"
    assert neutral("") == ""


def test_json_is_json(connection: duckdb.DuckDBPyConnection) -> None:
    out = io.StringIO()
    write_json(query.run(connection, "FROM quotes ORDER BY quote_id"), out)
    found = json.loads(out.getvalue())
    assert len(found) == 2
    assert {"Vamos a cooperar 👩‍👩‍👧 con respeto y sin prisa"} < {quote["text"] for quote in found}
    out = io.StringIO()
    write_json(query.run(connection, "FROM quotes WHERE false"), out)
    assert json.loads(out.getvalue()) == []


def test_parquet_keeps_types(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert write_parquet(query.run(connection, "FROM events"), tmp_path / "events.parquet") == 2
    assert pq.read_table(tmp_path / "events.parquet").schema.field("date_start").type == "date32"


def test_the_plain_table_is_aligned_and_harmless(connection: duckdb.DuckDBPyConnection) -> None:
    out = io.StringIO()
    write_table(
        query.run(connection, "SELECT 'a' AS x, chr(27) || '[31m' || chr(8238) AS y UNION ALL SELECT 'bcd', 'e'"), out
    )
    assert out.getvalue() == "x    y\na    \\x1b[31m\\u202e\nbcd  e\n"
    out = io.StringIO()
    write_table(query.run(connection, "FROM range(10)"), out, rows=3)
    assert out.getvalue().splitlines()[-1].startswith("... only the first 3 rows")


def test_the_table_on_a_terminal(connection: duckdb.DuckDBPyConnection) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    os.environ.setdefault("TERM", "xterm")
    write_table(query.run(connection, "SELECT '[bold]x' || chr(27) || ']0;title' AS y"), out)
    assert "[bold]x\\x1b]0;title" in out.getvalue()
    assert "\x1b]0" not in out.getvalue()
