"""A wire text and its prints, from documents to a dataset: what is linked, counted, shown and proven."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small
from newsroom import write_lines
from test_check import kinds, put

from flows.batches import extract_batch, stage
from flows.check import check
from flows.ids import content_id
from flows.show import render, show
from flows.store import snapshots
from flows.store.commit import RunFacts, commit_run
from flows.store.parts import write_part
from schemas.arrow import arrow_schema

DATA = tomllib.loads((Path(__file__).parent / "duplicates" / "en.toml").read_text("utf-8"))["texts"]
WIRE, PRINT, CUT, SHOUTED, NEXT, MARKET = range(6)
DOCUMENTS = [
    ("https://wire.example/1", "2026-03-03T09:00:00Z", ["title", "agency", "p1", "p2", "p3", "p4", "p5", "p6"]),
    ("https://a.example/flood", "2026-03-03T10:00:00Z", ["title_2", "lead", "p1", "p2", "p3", "p4", "p5", "p6"]),
    ("https://b.example/flood?utm_source=x", "2026-03-03T11:00:00Z", ["title_2", "p1", "p2", "p4", "p5", "p6"]),
    ("https://c.example/flood", "2026-03-05T08:00:00Z", ["title", "agency", "p1", "p2", "p3", "p4", "p5", "p6"]),
    ("https://b.example/flood", "2026-03-04T07:00:00Z", ["next_title", "p1", "p2", "next_1", "next_2", "next_3"]),
    ("https://d.example/market", "2026-03-04T18:00:00Z", ["market_1"]),
]


def document(number: int) -> dict[str, str]:
    url, published, keys = DOCUMENTS[number]
    text = "\n\n".join(DATA[key] for key in keys)
    return {
        "id": str(number),
        "text": text.upper() if number == SHOUTED else text,
        "url": url,
        "published_at": published,
    }


def built(folder: Path, *batches: list[int]) -> Path:
    """The dataset after a build of each batch: all that a flow does, without Prefect."""
    for run, batch in enumerate(batches):
        file = write_lines(folder / f"{run}.jsonl", map(document, batch))
        staged = stage([file], folder / f"s{run}", snapshots.latest(folder / "d"), len(batch))
        parts = {table: list(paths) for table, paths in staged.parts.items()}
        for made in map(extract_batch, staged.batches):
            for table, paths in made.parts.items():
                parts.setdefault(table, []).extend(paths)
        facts = RunFacts(content_id("run", run), small.at("2026-04-01T00:00"), staged.documents_in, staged.duplicate)
        commit_run(folder / "d", facts, parts)
    return folder / "d"


def rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    found = snapshots.latest(dataset)
    assert found
    return [row for path in found.paths(table) for row in pq.read_table(path).to_pylist()]


def content(dataset: Path, table: str) -> list[str]:
    """The rows but for the file that they came from, in an order of their own."""
    return sorted(
        repr({name: value for name, value in row.items() if name != "input_uri"}) for row in rows(dataset, table)
    )


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wire"), [WIRE, PRINT, CUT], [SHOUTED, NEXT, MARKET])


def links(dataset: Path) -> dict[int, tuple[int, str] | None]:
    found = {row["url"]: row for row in rows(dataset, "articles")}
    number = {found[url]["article_id"]: place for place, (url, *_) in enumerate(DOCUMENTS)}
    return {
        place: (number[row["duplicate_of"]], row["duplicate_kind"]) if row["duplicate_of"] else None
        for place, (url, *_) in enumerate(DOCUMENTS)
        for row in [found[url]]
    }


EXPECTED = {
    WIRE: None, PRINT: (WIRE, "near"), CUT: (WIRE, "near"), SHOUTED: (WIRE, "exact"), NEXT: (WIRE, "version"),
    MARKET: None,
}  # fmt: skip


def test_each_print_is_a_copy_of_the_wire_text(dataset: Path) -> None:
    assert links(dataset) == EXPECTED
    assert check(dataset).findings == []
    assert check(dataset).checks["copies"] > 0


@pytest.mark.parametrize("batches", [[[5, 4, 3, 2, 1, 0]], [[CUT], [NEXT], [SHOUTED, MARKET], [PRINT], [WIRE]]])
def test_any_order_gives_the_same_rows(dataset: Path, tmp_path: Path, batches: list[list[int]]) -> None:
    """Also where the original comes last: what was an original is a copy then, and its events are settled again."""
    other = built(tmp_path, *batches)
    for table in ("articles", "fingerprints", "event_mentions", "events"):
        assert content(other, table) == content(dataset, table), table
    assert check(other).findings == []


def test_events_count_a_text_once(dataset: Path) -> None:
    events = rows(dataset, "events")
    printed = [event for event in events if event["mention_count"] > 1]
    assert printed
    assert {(event["article_count"], event["source_count"]) for event in printed} == {(1, 1)}
    assert {event["cluster_rule"] for event in printed} == {"copies"}


def test_an_article_shows_what_it_is_a_copy_of(dataset: Path) -> None:
    found = {row["url"]: row for row in rows(dataset, "articles")}
    wire, copy = (found[DOCUMENTS[number][0]] for number in (WIRE, PRINT))
    for row, line in (
        (copy, f"copy of {wire['article_id']} 2026-03-03 {wire['title']} (near, {copy['duplicate_similarity']})"),
        (wire, f"copy {copy['article_id']} 2026-03-03 {copy['title']} (near, {copy['duplicate_similarity']})"),
    ):
        out = io.StringIO()
        render(show(dataset, row["article_id"]), out)
        assert line in out.getvalue()


def test_the_view_of_copies(dataset: Path) -> None:
    with duckdb.connect(str(dataset / "newsevents.duckdb"), read_only=True) as connection:
        query = "SELECT duplicate_kind, duplicate_similarity, url, original_url FROM copies ORDER BY published_at"
        found = connection.execute(query).fetchall()
        counts = connection.execute(
            "SELECT count(*), count(*) FILTER (NOT is_copy), count(DISTINCT article_id) FROM quotes_with_speakers"
        ).fetchall()
    assert [(kind, url) for kind, _, url, _ in found] == [
        (EXPECTED[number][1], DOCUMENTS[number][0])  # type: ignore[index]
        for number in (PRINT, CUT, NEXT, SHOUTED)
    ]
    assert {original for *_, original in found} == {DOCUMENTS[WIRE][0]}
    assert found[-1][1] == 1.0
    assert 0.5 <= found[0][1] < 1.0
    [(quotes, originals, articles)] = counts
    assert articles > 1
    assert 0 < originals < quotes


Edit = Callable[[dict[str, dict[str, Any]]], None]


def ids(by_url: dict[str, dict[str, Any]], number: int) -> dict[str, Any]:
    return by_url[DOCUMENTS[number][0]]


def point(article: int, original: int | None, kind: str | None, alike: float | None = None) -> Edit:
    """An edit that makes an article a copy of another one."""

    def edit(by_url: dict[str, dict[str, Any]]) -> None:
        of = None if original is None else ids(by_url, original)["article_id"]
        ids(by_url, article).update(duplicate_of=of, duplicate_kind=kind, duplicate_similarity=alike)

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (point(CUT, PRINT, "near", 0.8), "duplicate_of is a copy itself"),
        (point(WIRE, MARKET, "near", 0.8), "duplicate_of was published later"),
        (point(PRINT, WIRE, "exact", 1.0), "an exact copy has other words than duplicate_of"),
        (point(PRINT, WIRE, "near", 0.97), "the article is a copy of another article, or in another way"),
        (point(PRINT, None, None), "the article is a copy of another article, or in another way"),
        (point(MARKET, WIRE, "near", 0.8), "the article is a copy of another article, or in another way"),
    ],
)
def test_a_wrong_link_is_found(tmp_path: Path, edit: Edit, message: str) -> None:
    dataset = built(tmp_path, [*range(6)])
    found = rows(dataset, "articles")
    edit({row["url"]: row for row in found})
    part = write_part(dataset / "parts", "articles", pa.Table.from_pylist(found, arrow_schema("articles")))
    put(dataset, "articles", (part,))
    assert message in " / ".join(f.message for f in check(dataset).findings if f.check == "copies")


@pytest.mark.parametrize("table", ["articles", "fingerprints"])
def test_a_wrong_or_missing_fingerprint_is_found(tmp_path: Path, table: str) -> None:
    dataset = built(tmp_path, [*range(6)])
    found = rows(dataset, "fingerprints")
    if table == "articles":
        found = found[1:]
    else:
        for row in found:
            row["words_hash"] = "0" * 31 + str(found.index(row))
    part = write_part(dataset / "parts", "fingerprints", pa.Table.from_pylist(found, arrow_schema("fingerprints")))
    put(dataset, "fingerprints", (part,))
    assert ("copies", table) in kinds(check(dataset))
