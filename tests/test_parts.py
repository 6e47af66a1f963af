from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small import DRAFTS, tables

from flows.store.parts import ROW_GROUP, TEXT_ROW_GROUP, conform, file_sha256, sort_order, write_part, write_sorted
from flows.store.sql import parts_of, sql
from schemas import TABLES, model
from schemas.arrow import arrow_schema


@pytest.fixture(scope="module")
def rows() -> dict[str, pa.Table]:
    return tables(*(draft() for draft in DRAFTS))


@pytest.mark.parametrize("table", TABLES)
def test_same_rows_same_bytes_in_any_order(tmp_path: Path, rows: dict[str, pa.Table], table: str) -> None:
    found = rows[table]
    first = write_part(tmp_path / "a", table, found)
    for seed in range(3):
        order = list(range(found.num_rows))
        random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
        shuffled = pa.concat_tables([found.slice(i, 1) for i in order]) if order else found
        again = write_part(tmp_path / "b", table, shuffled)
        assert (again.sha256, again.path.name) == (first.sha256, first.path.name)
    assert first.path.name == f"{file_sha256(first.path)[:32]}.parquet"
    assert first.bytes == first.path.stat().st_size


def test_an_empty_part_has_types(tmp_path: Path) -> None:
    for table in TABLES:
        schema = arrow_schema(table)
        part = write_part(tmp_path, table, schema.empty_table())
        assert part.rows == 0
        found = pq.read_schema(part.path)
        assert found.equals(schema)
        assert found.metadata[b"description"] == schema.metadata[b"description"]
        assert [field.metadata[b"description"] for field in found] == [f.metadata[b"description"] for f in schema]
        names = [row[0] for row in duckdb.sql(sql("DESCRIBE FROM {p}", p=parts_of([part.path]))).fetchall()]
        assert names == schema.names


def test_an_all_null_column_keeps_its_type(tmp_path: Path, rows: dict[str, pa.Table]) -> None:
    part = write_part(tmp_path, "event_mentions", rows["event_mentions"])
    assert pq.read_schema(part.path).field("latitude").type == pa.float64()
    assert pq.read_table(part.path)["latitude"].null_count == part.rows


def test_the_order_is_total() -> None:
    for table in TABLES:
        order = sort_order(table)
        assert set(model(table).key()) <= set(order)
        assert order[: len(model(table).order())] == list(model(table).order())


def test_row_groups_and_compression(tmp_path: Path) -> None:
    number = ROW_GROUP + 7
    ids = pa.array([f"art_{i:016x}" for i in range(number)])
    reader = pa.table({"article_id": ids, "text": ids}, arrow_schema("texts")).to_reader(1000)
    texts = write_sorted(tmp_path, "texts", reader)
    assert texts.rows == number
    assert [pq.ParquetFile(texts.path).metadata.row_group(i).num_rows for i in (0, 1)] == [TEXT_ROW_GROUP] * 2
    one = {"actor_id": ids, "name": ids, "kind": ids, "country_code": ids, "sector_code": ids}
    aliases = pa.array([[] for _ in range(number)], pa.list_(pa.string()))
    actors = write_part(tmp_path, "actors", pa.table(one | {"aliases": aliases}))
    metadata = pq.ParquetFile(actors.path).metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [ROW_GROUP, 7]
    assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_way_rows_arrive_leaves_no_trace(tmp_path: Path) -> None:
    ids = pa.array([f"art_{i:016x}" for i in range(30_000)])
    table = pa.table({"article_id": ids, "text": ids}, arrow_schema("texts"))
    hashes = {write_sorted(tmp_path, "texts", table.to_reader(size)).sha256 for size in (100, 999, 50_000)}
    assert len(hashes) == 1


def test_nothing_unfinished_is_left(tmp_path: Path, rows: dict[str, pa.Table]) -> None:
    write_part(tmp_path, "actors", rows["actors"])

    def broken() -> object:
        yield rows["actors"].to_batches()[0]
        raise OSError("disk full")

    reader = pa.RecordBatchReader.from_batches(arrow_schema("actors"), broken())
    with pytest.raises(OSError, match="disk full"):
        write_sorted(tmp_path, "actors", reader)
    assert [path.suffix for path in (tmp_path / "actors").iterdir()] == [".parquet"]
    assert not list((tmp_path / "actors").glob(".tmp-*"))


def test_rows_that_are_not_the_tables_are_refused(rows: dict[str, pa.Table]) -> None:
    actors = rows["actors"]
    with pytest.raises(ValueError, match="actors: column aliases is missing"):
        conform("actors", actors.drop_columns(["aliases"]))
    with pytest.raises(ValueError, match="actors: column odd is not in its schema"):
        conform("actors", actors.append_column("odd", actors["name"]))
    words = pa.array(["x"] * actors.num_rows)
    with pytest.raises(ValueError, match="table articles"):
        conform(
            "articles", rows["articles"].slice(0, 1).drop_columns(["char_count"]).append_column("char_count", words[:1])
        )
