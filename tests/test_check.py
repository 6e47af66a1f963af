from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small

from flows.check import Checked, CheckError, check
from flows.store import snapshots
from flows.store.parts import Part, file_sha256, write_part
from flows.store.proofs import BUCKET, article_parts, proofs
from flows.store.sql import SQL, sql
from flows.store.workbench import workbench
from schemas import TABLES, columns, model
from schemas.arrow import arrow_schema

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    small.build(folder / "dataset", folder / "staged")
    return folder / "dataset"


@pytest.fixture
def dataset(sound: Path, tmp_path: Path) -> Path:
    """A copy to damage; a dataset is whole wherever its folder is."""
    return shutil.copytree(sound, tmp_path / "dataset")


def kinds(checked: Checked) -> set[tuple[str, str]]:
    return {(finding.check, finding.table) for finding in checked.findings}


def put(dataset: Path, table: str, parts: tuple[Part, ...]) -> None:
    """Let the latest manifest name other parts of a table."""
    snapshot = snapshots.latest(dataset)
    assert snapshot
    snapshots.manifest_path(dataset, snapshot.number).unlink()
    snapshots.create(dataset, replace(snapshot, tables={**snapshot.tables, table: parts}))


def change(dataset: Path, table: str, edit: Callable[[Rows], Rows]) -> None:
    """Change a table's rows behind the pipeline's back, file and manifest in agreement."""
    snapshot = snapshots.latest(dataset)
    assert snapshot
    rows = [row for path in snapshot.paths(table) for row in pq.read_table(path).to_pylist()]
    put(dataset, table, (write_part(dataset / "parts", table, pa.Table.from_pylist(edit(rows), arrow_schema(table))),))


def first(**values: object) -> Callable[[Rows], Rows]:
    """An edit of the first row."""
    return lambda rows: [rows[0] | values, *rows[1:]]


def test_a_sound_dataset_has_no_findings(dataset: Path) -> None:
    checked = check(dataset)
    assert checked.findings == []
    assert checked.snapshot == 1
    assert checked.rows["articles"] == 3
    assert checked.checks["parts"] == len(TABLES)
    assert min(checked.checks.values()) > 0


def test_every_reference_and_span_of_the_schemas_has_a_proof() -> None:
    proven = {(proof.table, proof.names.get("column")) for proof in proofs()}
    for table in TABLES:
        for column in columns(table):
            if column.references or column.span:
                assert (table, column.name) in proven


MISSING = {
    "src": "src_" + "0" * 16,
    "art": "art_" + "0" * 16,
    "act": "act_" + "0" * 16,
    "men": "men_" + "0" * 16,
    "quo": "quo_" + "0" * 16,
    "evm": "evm_" + "0" * 16,
    "evt": "evt_" + "0" * 16,
}
REFERENCES = [(t, c.name, c.references) for t in TABLES for c in columns(t) if c.references]


@pytest.mark.parametrize(("table", "column", "parent"), REFERENCES)
def test_a_reference_to_nothing_is_found(dataset: Path, table: str, column: str, parent: str) -> None:
    owner, key = parent.split(".")
    prefix = {c.name: c.prefix for c in columns(owner)}[key]
    assert prefix
    edit = first(**{column: MISSING[prefix], **({"duplicate_kind": "exact"} if column == "duplicate_of" else {})})
    if table == "segments" and column == "source_id":
        edit = first(source_id=MISSING["src"], kind="post")
    change(dataset, table, edit)
    found = [f for f in check(dataset).findings if f.check == "missing_parent" and f.table == table]
    [finding] = [f for f in found if f.message == f"{column} is no {key} of {owner}"]
    assert finding.count == 1
    assert finding.examples


SPANS = [(table, column.name, column.span) for table in TABLES for column in columns(table) if column.span]


@pytest.mark.parametrize(("table", "column", "span"), SPANS)
@pytest.mark.parametrize("by", [-1, 1])
def test_a_moved_span_is_found(dataset: Path, table: str, column: str, span: tuple[str, str], by: int) -> None:
    start, end = span

    def move(rows: Rows) -> Rows:
        row = next(row for row in rows if row[start] > 0)
        return [r if r is not row else r | {start: r[start] + by, end: r[end] + by} for r in rows]

    change(dataset, table, move)
    found = [f for f in check(dataset).findings if f.check == "wrong_span" and f.message.endswith(f"is not {column}")]
    assert [(f.table, f.count) for f in found] == [(table, 1)]


@pytest.mark.parametrize(("table", "column", "span"), SPANS)
def test_changed_words_are_found(dataset: Path, table: str, column: str, span: tuple[str, str]) -> None:
    change(dataset, table, lambda rows: [rows[0] | {column: "ñ" * (rows[0][span[1]] - rows[0][span[0]])}, *rows[1:]])
    assert ("wrong_span", table) in kinds(check(dataset))


@pytest.mark.parametrize("table", ["segments", "event_mentions"])
def test_a_stretch_beyond_the_text_is_found(dataset: Path, table: str) -> None:
    change(dataset, table, first(char_end=100_000))
    assert ("wrong_span", table) in kinds(check(dataset))


def test_offsets_count_code_points() -> None:
    """Not bytes, not UTF-16 units, not what a reader takes for one letter."""
    texts = [
        "a👩‍👩‍👧b",
        "e\u0301x",
        "\U0001d4b3y",
        "🇲🇽z",
        "ñ\u202ex",
        "\U0001f3f4\U000e0067\U000e007fw",
        "한국어",
        "\r\nq",
    ]
    with workbench(Path()) as connection:
        for text in texts:
            for start in range(len(text)):
                for end in range(start, len(text) + 1):
                    query = "SELECT substring($text, $start + 1, $end - $start), length($text)"
                    found = connection.execute(query, {"text": text, "start": start, "end": end}).fetchall()
                    assert found == [(text[start:end], len(text))]


@pytest.mark.parametrize("column", ["text_sha256", "char_count"])
def test_a_text_that_is_not_the_articles_is_found(dataset: Path, column: str) -> None:
    change(dataset, "articles", first(**{column: {"text_sha256": "0" * 64, "char_count": 7}[column]}))
    assert ("wrong_span", "articles") in kinds(check(dataset))


@pytest.mark.parametrize("table", [table for table in TABLES if table not in {"rejects", "event_types"}])
def test_a_key_that_two_rows_share_is_found(dataset: Path, table: str) -> None:
    """Also over two parts, where no check of one part sees it."""
    snapshot = snapshots.latest(dataset)
    assert snapshot
    rows = pq.read_table(snapshot.paths(table)[0]).slice(0, 1)
    put(dataset, table, (*snapshot.parts(table), write_part(dataset / "parts", table, rows)))
    [finding] = [f for f in check(dataset).findings if f.check == "duplicate_key"]
    assert (finding.table, finding.count) == (table, 1)
    assert model(table).key()[0] in finding.message


BAD_ROWS = [
    ("articles", {"language": "Spanish!"}, "bad_value"),
    ("articles", {"date_basis": "guess"}, "not_in_list"),
    ("articles", {"published_date": None}, "broken_rule"),
    ("quotes", {"confidence": 1.5}, "bad_value"),
    ("quotes", {"kind": "shouted"}, "not_in_list"),
    ("event_mentions", {"intensity": 9.0}, "broken_rule"),
    ("event_mentions", {"type": "PARTY"}, "not_in_list"),
    ("actors", {"aliases": [""]}, "bad_value"),
    ("sources", {"handle": "someone"}, "broken_rule"),
    ("runs", {"documents_in": 99}, "row"),
    ("event_types", {"quad_class": 9}, "row"),
]


@pytest.mark.parametrize(("table", "values", "code"), BAD_ROWS)
def test_a_row_that_breaks_its_rules_is_found(dataset: Path, table: str, values: dict[str, Any], code: str) -> None:
    change(dataset, table, first(**values))
    found = [f for f in check(dataset).findings if f.table == table and f.check == code]
    assert len(found) == 1, check(dataset).findings
    assert next(iter(values)) in found[0].message or table in found[0].message


def test_unbalanced_books_are_found(dataset: Path) -> None:
    change(dataset, "runs", first(accepted=2))
    assert "books_balance" in " ".join(f.message for f in check(dataset).findings)
    change(dataset, "runs", first(accepted=2, documents_in=2))
    assert kinds(check(dataset)) == {("books", "runs")}


@pytest.mark.parametrize(
    "values", [{"mention_count": 9}, {"date_end": None, "date_start": None}, {"first_reported_at": None}]
)
def test_an_event_that_is_not_the_sum_of_its_reports_is_found(dataset: Path, values: dict[str, Any]) -> None:
    change(dataset, "events", first(**values))
    assert kinds(check(dataset)) == {("counts", "events")}


def test_a_lost_event_is_found(dataset: Path) -> None:
    change(dataset, "events", lambda rows: rows[1:])
    assert kinds(check(dataset)) == {("counts", "events"), ("missing_parent", "event_mentions")}


def test_a_changed_file_is_found(dataset: Path) -> None:
    snapshot = snapshots.latest(dataset)
    assert snapshot
    [part] = snapshot.parts("actors")
    whole = part.path.read_bytes()
    part.path.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    assert ("part", "actors") in kinds(check(dataset))
    part.path.write_bytes(whole[:50])
    assert ("part", "actors") in kinds(check(dataset))
    part.path.unlink()
    [finding] = [f for f in check(dataset).findings if f.check == "part"]
    assert "missing" in finding.message
    assert finding.examples == (part.path.name,)


def test_other_columns_or_types_are_found(dataset: Path) -> None:
    snapshot = snapshots.latest(dataset)
    assert snapshot
    for damaged in (
        pq.read_table(snapshot.paths("actors")[0]).drop_columns(["aliases"]),
        pq.read_table(snapshot.paths("actors")[0]).rename_columns({"name": "nom"}),
        pq.read_table(snapshot.paths("actors")[0]).cast(
            pa.schema([field.with_nullable(nullable=True) for field in arrow_schema("actors")])
        ),
    ):
        path = dataset / "parts" / "actors" / "damaged.parquet"
        pq.write_table(damaged, path)
        put(dataset, "actors", (Part("actors", path, damaged.num_rows, path.stat().st_size, file_sha256(path)),))
        [finding] = [f for f in check(dataset).findings if f.check == "part"]
        assert "the columns of a part are not the table's" in finding.message


def test_a_part_with_other_rows_than_its_manifest_says_is_found(dataset: Path) -> None:
    snapshot = snapshots.latest(dataset)
    assert snapshot
    [part] = snapshot.parts("texts")
    put(dataset, "texts", (replace(part, rows=99),))
    assert ("part", "texts") in kinds(check(dataset))


def test_nothing_to_check_is_said(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="make one with `newsevents build"):
        check(tmp_path)


def test_texts_are_taken_a_part_at_a_time(tmp_path: Path) -> None:
    """However many articles, each is in exactly one part."""
    with workbench(tmp_path) as connection:
        number = BUCKET + 1
        make = "CREATE TABLE texts AS SELECT 'art_' || left(sha256(range::VARCHAR), 16) AS article_id FROM range({n})"
        connection.execute(sql(make, n=number))
        connection.execute("INSERT INTO texts VALUES ('zzz'), ('')")
        parts = article_parts(connection, "main")
        assert len(parts) == 16
        sizes = [connection.execute(f"SELECT count(*) FROM texts WHERE {part}").fetchall()[0][0] for part in parts]  # noqa: S608
        assert sum(sizes) == number + 2
        assert max(sizes) < number / 8
        connection.execute("DELETE FROM texts WHERE article_id > 'art_2'")
        assert article_parts(connection, "main") == [SQL("article_id >= ''")]
