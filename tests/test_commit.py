from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small

from flows.check import check
from flows.store import commit as commit_module
from flows.store import snapshots
from flows.store.commit import CommitResult, RunFacts, commit_run
from flows.store.merge import merged_rows
from flows.store.parts import sort_order
from flows.store.snapshots import Snapshot
from flows.store.sql import SQL, sql
from flows.store.staging import clean
from flows.store.workbench import ordered, workbench
from schemas import TABLES
from schemas.arrow import arrow_schema

CONTENT = [table for table in TABLES if table != "runs"]


def rows(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    """A table's rows in a total order, however they are split into parts."""
    found = pa.concat_tables(pq.read_table(path) for path in snapshot.paths(table))
    return found.sort_by([(name, "ascending") for name in sort_order(table)]).to_pylist()


def hashes(result: CommitResult) -> dict[str, list[str]]:
    return {table: [part.sha256 for part in result.snapshot.parts(table)] for table in CONTENT}


def splits() -> list[list[list[small.Draft]]]:
    """The same articles as one run of batches, cut in all ways and in several orders."""
    found = []
    for order in itertools.permutations(small.DRAFTS):
        drafts = [draft() for draft in order]
        found += [[drafts], [drafts[:1], drafts[1:]], [drafts[:2], drafts[2:]], [[draft] for draft in drafts]]
    return random.Random(3).sample(found, 6)  # noqa: S311 - a choice, no secret


def test_batches_and_their_order_leave_no_trace(tmp_path: Path) -> None:
    seen = []
    for number, split in enumerate(splits()):
        batches = [small.tables(*drafts) for drafts in split]
        seen.append(hashes(small.commit(tmp_path / f"d{number}", tmp_path / f"s{number}", *batches)))
    assert all(found == seen[0] for found in seen)


def test_runs_and_their_order_give_the_same_rows(tmp_path: Path) -> None:
    one = small.build(tmp_path / "one", tmp_path / "s").snapshot
    for number, order in enumerate([small.DRAFTS, small.DRAFTS[::-1]]):
        for run, draft in enumerate(order):
            last = small.commit(tmp_path / f"d{number}", tmp_path / f"s{number}-{run}", small.tables(draft()))
        for table in CONTENT:
            assert rows(last.snapshot, table) == rows(one, table), table
        for table in ("sources", "actors", "events", "event_types"):
            assert [p.sha256 for p in last.snapshot.parts(table)] == [p.sha256 for p in one.parts(table)]


def test_the_same_input_again_adds_a_run_and_nothing_else(tmp_path: Path) -> None:
    first = small.build(tmp_path / "d", tmp_path / "1")
    again = small.build(tmp_path / "d", tmp_path / "2")
    assert hashes(again) == hashes(first)
    assert (again.books.documents_in, again.books.accepted, again.books.duplicate) == (3, 0, 3)
    assert set(again.rows.values()) == {0}
    assert again.snapshot.rows()["runs"] == 2
    assert check(tmp_path / "d").findings == []


def test_of_two_versions_in_one_run_one_wins_whole(tmp_path: Path) -> None:
    """The same text and URL under two titles: rows of the two are never mixed, whichever comes first."""

    def version(title: str, actor: str) -> small.Draft:
        draft = small.Draft(
            small.MARCH, "https://herald.example/march", "herald.example", small.at("2026-01-12T20:00"), "en"
        )
        draft.rows["articles"][0]["title"] = title
        draft.actor(actor, "Ana Lópes")
        return draft

    seen = []
    for number, titles in enumerate((("A", "B"), ("B", "A"))):
        batches = [small.tables(version(title, f"Actor of {title}")) for title in titles]
        result = small.commit(tmp_path / f"d{number}", tmp_path / f"s{number}", *batches)
        assert (result.books.accepted, result.books.duplicate) == (1, 1)
        [article] = rows(result.snapshot, "articles")
        [actor] = rows(result.snapshot, "actors")
        assert actor["name"] == f"Actor of {article['title']}"
        assert check(tmp_path / f"d{number}").findings == []
        seen.append(hashes(result))
    assert seen[0] == seen[1]


def spoil(table: str, **values: object) -> dict[str, pa.Table]:
    """The small dataset with the first row of a table changed."""
    batch = small.tables(*(draft() for draft in small.DRAFTS))
    listed = batch[table].to_pylist()
    return batch | {table: pa.Table.from_pylist([listed[0] | values, *listed[1:]], arrow_schema(table))}


def test_a_wrong_span_becomes_a_reject_and_takes_its_children_along(tmp_path: Path) -> None:
    batch = spoil("event_mentions", trigger_start=1, trigger_end=19)
    result = small.commit(tmp_path / "d", tmp_path / "s", batch)
    rejects = rows(result.snapshot, "rejects")
    assert [(r["stage"], r["table"], r["reason_code"]) for r in rejects] == [
        ("commit", "event_mentions", "wrong_span"),
        ("commit", "event_participants", "rejected_parent"),
        ("commit", "event_participants", "rejected_parent"),
    ]
    assert "the text from trigger_start to trigger_end is not trigger" in rejects[0]["reason"]
    assert '"trigger":"habló por teléfono"' in rejects[0]["payload"]
    assert rejects[0]["input_uri"] == "raw/secret-folder/a.jsonl"
    assert (result.rows["event_mentions"], result.rows["event_participants"], result.rows["events"]) == (2, 2, 1)
    assert result.books.balanced()
    assert result.books.accepted == 3
    assert check(tmp_path / "d").findings == []


def test_a_broken_article_goes_with_all_its_rows(tmp_path: Path) -> None:
    result = small.commit(tmp_path / "d", tmp_path / "s", spoil("articles", text_sha256="0" * 64))
    [reject] = rows(result.snapshot, "rejects")
    assert (reject["table"], reject["reason_code"]) == ("articles", "wrong_span")
    assert (result.books.accepted, result.books.rejected) == (2, 1)
    assert {row["article_id"] for row in rows(result.snapshot, "segments")} == {
        row["article_id"] for row in rows(result.snapshot, "articles")
    }
    names = {row["name"] for row in rows(result.snapshot, "actors")}
    assert "Elena Prado" not in names, "an actor without a mention left"
    assert check(tmp_path / "d").findings == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("quotes", {"speaker_actor_id": "act_" + "0" * 16}),
        ("actor_mentions", {"surface": "Nobody"}),
        ("segments", {"char_end": 9999}),
        ("event_participants", {"actor_mention_id": "men_" + "0" * 16}),
        ("articles", {"source_id": "src_" + "0" * 16}),
    ],
)
def test_what_cannot_be_proven_is_not_committed(tmp_path: Path, table: str, values: dict[str, object]) -> None:
    result = small.commit(tmp_path / "d", tmp_path / "s", spoil(table, **values))
    assert table in {row["table"] for row in rows(result.snapshot, "rejects")}
    assert check(tmp_path / "d").findings == []


def test_a_reject_is_kept_once(tmp_path: Path) -> None:
    draft = small.call()
    draft.rows["rejects"].append(
        {
            "reject_id": small.content_id("rej", 1),
            "stage": "read",
            "table": None,
            "reason_code": "bad_json",
            "reason": "no JSON",
            "input_uri": "a.jsonl",
            "byte_offset": 0,
            "payload": "{",
            "payload_encoding": "utf-8",
            "payload_sha256": None,
        }
    )
    batches = [small.tables(draft), small.tables(draft)]
    first = small.commit(tmp_path / "d", tmp_path / "1", *batches, documents_in=3, rejected=1)
    assert (first.rows["rejects"], first.books.duplicate, first.books.rejected) == (1, 1, 1)
    again = small.commit(tmp_path / "d", tmp_path / "2", batches[0], documents_in=2, rejected=1)
    assert again.rows["rejects"] == 0
    assert again.snapshot.rows()["rejects"] == 1


def test_an_empty_run_makes_a_typed_dataset(tmp_path: Path) -> None:
    result = small.commit(tmp_path / "d", tmp_path / "s", small.tables())
    assert {table: len(result.snapshot.parts(table)) for table in TABLES} == dict.fromkeys(TABLES, 1)
    assert check(tmp_path / "d").findings == []
    more = small.build(tmp_path / "d", tmp_path / "s2")
    assert {len(more.snapshot.parts(table)) for table in CONTENT} == {1}, "the empty part stands beside a full one"


@pytest.mark.parametrize("after", [0, 3, 11, 13])
def test_a_full_disk_leaves_the_dataset_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    before = small.commit(tmp_path / "d", tmp_path / "1", small.tables(small.call())).snapshot
    staged = small.stage(tmp_path / "2", small.tables(small.march()))
    written = 0

    def sync(path: Path) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise OSError(28, "No space left on device", str(path))

    for module in ("parts", "files"):
        monkeypatch.setattr(f"flows.store.{module}.sync_file", sync)
    facts = RunFacts(run_id=small.content_id("run", after), started_at=small.at("2026-01-01T00:00"), documents_in=1)
    with pytest.raises(OSError, match="No space left"):
        commit_run(tmp_path / "d", facts, staged)
    monkeypatch.undo()
    if after < 13:  # else only the catalog was not written
        assert snapshots.latest(tmp_path / "d") == before
    assert check(tmp_path / "d").findings == []
    clean(tmp_path / "d")
    assert not list((tmp_path / "d").rglob(".tmp-*"))
    for _ in range(2):  # an attempt again, and one too many: the run is in the books once
        again = commit_run(tmp_path / "d", facts, staged)
        assert (again.number, again.books.accepted, again.books.duplicate, again.rows["articles"]) == (2, 1, 0, 1)
        assert again.snapshot.rows()["runs"] == 2
    with duckdb.connect(str(tmp_path / "d" / "newsevents.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT snapshot FROM about").fetchall() == [(2,)]


def test_small_parts_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_module, "SMALL_PARTS", 3)
    for number, draft in enumerate(small.DRAFTS):
        result = small.commit(tmp_path / "d", tmp_path / f"{number}", small.tables(draft()))
        assert len(result.snapshot.parts("texts")) == [1, 2, 1][number]
    one = small.build(tmp_path / "one", tmp_path / "s")
    assert hashes(result)["texts"] == hashes(one)["texts"]
    assert all(rows(result.snapshot, table) == rows(one.snapshot, table) for table in CONTENT)
    assert [snapshots.read(tmp_path / "d", n).rows()["texts"] for n in (1, 2, 3)] == [1, 2, 3]
    assert check(tmp_path / "d").findings == []


def test_a_conflict_is_merged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another machine, where no lock is shared, commits between our reading and our writing."""
    create = snapshots.create

    def overtaken(dataset: Path, snapshot: Snapshot) -> None:
        monkeypatch.setattr(snapshots, "create", create)
        create(dataset, Snapshot(snapshot.number, "run_other", other.snapshot.tables))
        create(dataset, snapshot)

    other = small.commit(tmp_path / "other", tmp_path / "o", small.tables(small.call()))
    for parts in other.snapshot.tables.values():
        for part in parts:
            (tmp_path / "d" / "parts" / part.table).mkdir(parents=True, exist_ok=True)
            (tmp_path / "d" / "parts" / part.table / part.path.name).write_bytes(part.path.read_bytes())
    monkeypatch.setattr(snapshots, "create", overtaken)
    result = small.commit(tmp_path / "d", tmp_path / "s", small.tables(small.call(), small.march()))
    assert result.number == 2
    assert (result.books.accepted, result.books.duplicate) == (1, 1)
    assert result.snapshot.rows()["articles"] == 2
    assert check(tmp_path / "d").findings == []


ACTORS = [
    ("act_1", "Ana", "person", None, "GOV", ["A."]),
    ("act_1", "Ana María", "person", "PER", None, ["Ana"]),
    ("act_1", "Ana Marío", "organization", "BOL", "LEG", []),
    ("act_2", "Zed", "group", None, None, ["Z", "Zed"]),
    ("act_1", "Ana", "person", "PER", "GOV", []),
]


def merge(actors: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    table = pa.Table.from_pylist([dict(zip(arrow_schema("actors").names, row, strict=True)) for row in actors])
    with workbench(Path()) as connection:
        connection.register("given", table)
        return connection.execute(ordered("actors", merged_rows("actors", SQL("FROM given")))).fetchall()


def test_merging_is_the_same_in_any_order_and_in_any_steps() -> None:
    whole = merge(ACTORS)
    assert whole == [
        ("act_1", "Ana María", "organization", "BOL", "GOV", ["A.", "Ana", "Ana Marío"]),
        ("act_2", "Zed", "group", None, None, ["Z"]),
    ]
    for order in itertools.permutations(ACTORS):
        assert merge(list(order)) == whole
    for cut in range(1, len(ACTORS)):
        assert merge(merge(ACTORS[:cut]) + merge(ACTORS[cut:])) == whole
        assert merge(merge(ACTORS[cut:]) + ACTORS[:cut]) == whole
    assert merge(whole) == whole


def test_the_strictest_text_policy_wins() -> None:
    names = arrow_schema("sources").names
    for policies, wins in ((("full", "private", "snippet"), "private"), (("full", "snippet"), "snippet")):
        given = [dict.fromkeys(names) | {"source_id": "src_1", "name": "x", "text_policy": p} for p in policies]
        with workbench(Path()) as connection:
            connection.register("given", pa.Table.from_pylist(given, arrow_schema("sources")))
            query = sql("SELECT text_policy FROM ({merged})", merged=merged_rows("sources", SQL("FROM given")))
            assert connection.execute(query).fetchall() == [(wins,)]
