"""CSV, TSV and Parquet: each row a document, a broken one a reject that costs no other."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import articles
from test_read_archives import cost

from flows.model import Document, Reject
from flows.read import FieldMap, Limits, read
from flows.read.rows import Dialect, rows


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def items(name: str, data: bytes, *pairs: str, limits: Limits | None = None) -> list[Any]:
    Path(name).write_bytes(data)
    return list(read([name], fields=FieldMap.parse(pairs), limits=limits or Limits()))


def told(found: list[Document | Reject]) -> list[str]:
    return [item.reason_code if isinstance(item, Reject) else item.text for item in found]


def written(listed: list[dict[str, Any]], **dialect: Any) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), **dialect)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


ARTICLES = articles(30)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_dialect_is_found_by_content(delimiter: str, end: str, quoting: int) -> None:
    data = written(ARTICLES, delimiter=delimiter, lineterminator=end, quoting=quoting)
    found = items("a.csv", data)
    assert told(found) == [article["text"] for article in ARTICLES]
    assert [item.url for item in found] == [article["url"] for article in ARTICLES]
    assert {item.input_format for item in found} == {"csv"}
    starts = [data[item.byte_offset :].lstrip(b'"').split(delimiter.encode())[0].rstrip(b'"') for item in found]
    assert starts == [article["id"].encode() for article in ARTICLES]


def test_a_table_without_a_name_is_known_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(ARTICLES, delimiter=";")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(data))))
    assert len(told(list(read(["-"])))) == 30
    (text,) = items("note", b"Madrid, 3 March, the text\nof a note, with commas.\n")
    assert text.input_format == "text"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"id,text\n1,One.\n2\n3,a,b\n4,Four.\n", ["One.", "bad_record", "bad_record", "Four."]),
        (b'id,text\n1,"open\n2,"Two."\n3,"Three."\n', ["bad_record", "Two.", "Three."]),
        (b'id,text\n1,"never closed\n2,Two.\n3,Three.\n', ["bad_record", "Two.", "Three."]),
        (b'id,text\n1,"He said "no" to it"\n2,Two.\n', ["bad_record", "Two."]),
        (b'id,text\n1,5" pipe\n2,Two.\n', ['5" pipe', "Two."]),
        (b'id,text\n1,"a \\"b\\" c"\n2,"Two."\n', ['a "b" c', "Two."]),
        (b'id,text\n1,"a ""b"" c"\n2,"\\"\n', ['a "b" c', "\\"]),
        (b"id,text\n1,caf\xe9\n2,Two.\n", ["bad_encoding", "Two."]),
        (b"id,text\n1,a\0b\n2,Two.\n", ["not_text", "Two."]),
        (b"id,text,,\n1,One.,,\n,,,\n\n2,Two.,,,,\n", ["One.", "Two."]),
        (b"sep=;\r\nid;text\r\n1;One, two.\r\n", ["One, two."]),
        (b"\xef\xbb\xbftext\tid\nOne.\t1", ["One."]),
        (b"id,text\n", ["empty_text"]),
        (b"", ["empty_text"]),
    ],
)
def test_a_broken_row_costs_no_other(data: bytes, expected: list[str]) -> None:
    found = items("a.csv", data)
    assert told(found) == expected
    for item in found:
        assert item.byte_offset == 0 or data[item.byte_offset - 1 : item.byte_offset] == b"\n"


def test_a_table_of_which_no_column_is_known_is_one_reject() -> None:
    data = b"id;titular;contenido\n1;T;Uno.\n2;T;Dos.\n"
    (found,) = items("a.csv", data)
    assert "id, titular, contenido" in found.reason
    assert "--map text=COLUMN" in found.reason
    assert told(items("a.csv", data, "text=contenido", "title=titular")) == ["Uno.", "Dos."]
    (found,) = items("a.csv", b"id,text\n1,Uno.\n", "text=cuerpo", "title=titular")
    assert "none of the mapped columns (cuerpo, titular)" in found.reason.replace("titular, cuerpo", "cuerpo, titular")
    assert told(items("a.csv", "a\tb\n".encode("utf-16"))) == ["bad_encoding"]


def test_lists_in_a_cell_and_columns_that_share_a_name() -> None:
    (item,) = items("a.csv", b"text,authors,tag,tag,\nOne.,Ana Ruiz; Luis Paz,a,b,c\n")
    assert (item.authors, dict(item.extra)) == (("Ana Ruiz", "Luis Paz"), {"tag": "a", "tag 4": "b", "column 5": "c"})


def test_half_a_table_keeps_its_whole_rows() -> None:
    packed = gzip.compress(written(ARTICLES * 30))
    *found, last = items("a.csv.gz", packed[: len(packed) // 2])
    assert last.reason_code == "truncated"
    assert told(found) == [article["text"] for article in ARTICLES * 30][: len(found)]
    assert len(found) > 100


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(st.sampled_from('ab",;\n\r \\é')), min_size=2, max_size=4), max_size=6),
    st.integers(1, 9),
    st.sampled_from([",", ";"]),
)
def test_rows_are_those_that_were_written_however_they_arrive(
    table: list[list[str]], size: int, delimiter: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    data = out.getvalue().encode()
    dialect = Dialect(delimiter.encode())
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    found = [dialect.cells(piece.data.decode()) for piece in rows(chunks, dialect)]
    assert found == [row for row in table if any(cell.strip(f' \r\n"{delimiter}') for cell in row)]


def test_a_quote_that_never_closes_in_a_large_table_is_let_go(tmp_path: Path) -> None:
    lines = b"".join(b'%d,"Article %d."\n' % (n, n) for n in range(40_000))
    (tmp_path / "a.csv").write_bytes(b'id,text\n0,"open ""\n' + lines.replace(b'"', b"") + b'1,"One."\n')
    found, grown, seconds = cost(tmp_path, "a.csv")
    assert (len(found), found[0], found[-1]) == (40_002, "bad_record", "One.")
    assert grown < 200
    assert seconds < 30
    began = time.perf_counter()
    quotes = items("b.csv", b"id,text\n" + b'1,"x ""\n' * 100_000, limits=Limits(document_bytes=200_000))
    assert "bad_record" in told(quotes)
    assert time.perf_counter() - began < 10


def parquet(rows_: list[dict[str, Any]], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows_), sink, **options)
    return sink.getvalue()


def test_rows_of_parquet_are_as_lines_of_json() -> None:
    found = items("a.parquet", parquet(ARTICLES, row_group_size=7))
    lines = items("a.jsonl", "".join(json.dumps(article) + "\n" for article in ARTICLES).encode())
    assert [(i.text, i.url, i.doc_id, i.published_at) for i in found] == [
        (i.text, i.url, i.doc_id, i.published_at) for i in lines
    ]
    assert [item.byte_offset for item in found] == list(range(30))


def test_parquet_is_known_by_its_content_and_read_through_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    data = parquet(ARTICLES)
    assert len(items("a.jsonl", data)) == 30
    assert len(items("a.parquet.gz", gzip.compress(data))) == 30
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert len(list(read(["-"]))) == 30


def test_types_of_parquet_become_what_json_has() -> None:
    table = pa.table(
        {
            "body": pa.array(["One.", None], pa.large_string()),
            "date": pa.array([dt.datetime(2025, 3, 1, tzinfo=dt.UTC)] * 2, pa.timestamp("ns", "UTC")),
            "source": [{"name": "El Faro"}] * 2,
            "raw": pa.array([b"a\xff", None], pa.binary()),
            "score": [float("nan"), 1.5],
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    first, second = items("a.parquet", sink.getvalue())
    assert (first.text, first.published_at, first.source) == ("One.", "2025-03-01T00:00:00Z", "El Faro")
    assert (first.extra["raw"], first.extra["score"]) == ("a\ufffd", None)
    assert (second.reason_code, second.byte_offset, json.loads(second.payload)["score"]) == ("bad_record", 1, 1.5)


def test_damage_in_a_row_group_costs_no_other() -> None:
    data = bytearray(parquet([{"text": f"Article {n}."} for n in range(40)], row_group_size=10))
    place = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0).dictionary_page_offset
    data[place : place + 40] = b"\xff" * 40
    found = items("a.parquet", bytes(data))
    assert [item.byte_offset for item in found if isinstance(item, Document)] == [*range(10), *range(20, 40)]
    assert [item.byte_offset for item in found if isinstance(item, Reject)] == [10]
    assert told(items("a.parquet", bytes(data[:-20]))) == ["bad_archive"]
    assert told(items("a.parquet", b"PAR1" + b"x" * 100)) == ["bad_archive"]


def test_a_parquet_bomb_is_let_go(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["0" * 150_000_000, "Two."]}), tmp_path / "a.parquet", compression="zstd")
    found, grown, _ = cost(tmp_path, "a.parquet")
    assert found == ["too_large"]
    assert grown < 200


def test_a_parquet_file_without_a_text_is_one_reject() -> None:
    (found,) = items("a.parquet", parquet([{"cuerpo": "Uno.", "n": 1}]))
    assert "cuerpo, n" in found.reason
    assert told(items("a.parquet", parquet([{"cuerpo": "Uno.", "n": 1}]), "text=cuerpo")) == ["Uno."]
