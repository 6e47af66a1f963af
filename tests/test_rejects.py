"""What becomes of a reject: kept to the byte, replayed once, gone when it came through, one row while it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from newsroom import article, articles, write_lines
from small import at

from flows.batches import extract_batch, stage
from flows.check import check
from flows.cli import run
from flows.ids import content_id
from flows.read.limits import LIMITS
from flows.read.rejects import PAYLOAD_CHARACTERS, decoded, encoded
from flows.store.commit import CommitResult, RunFacts, commit_run
from flows.store.snapshots import latest


def build(dataset: Path, inputs: list[Path], places: dict[str, Any] | None = None) -> CommitResult:
    """What the flow does, without Prefect."""
    work = dataset.parent / f"work-{len(list(dataset.parent.glob('work-*')))}"
    staged = stage(inputs, work, latest(dataset), 10, (), LIMITS, places)
    done = [extract_batch(folder) for folder in staged.batches]
    parts = {table: list(paths) for table, paths in staged.parts.items()}
    for found in done:
        for table, paths in found.parts.items():
            parts.setdefault(table, []).extend(paths)
    facts = RunFacts(
        run_id=content_id("run", work),
        started_at=at("2026-02-01T00:00"),
        finished_at=at("2026-02-01T00:01"),
        documents_in=staged.documents_in,
        duplicate=staged.duplicate,
        rejected=staged.rejected + sum(found.rejected for found in done),
        filters=staged.filters,
    )
    return commit_run(dataset, facts, parts)


def rows(dataset: Path, table: str = "rejects") -> list[dict[str, Any]]:
    snapshot = latest(dataset)
    assert snapshot is not None
    return [row for path in snapshot.paths(table) for row in pq.read_table(path).to_pylist()]


def last_run(dataset: Path, result: CommitResult) -> dict[str, Any]:
    [row] = [row for row in rows(dataset, "runs") if row["run_id"] == result.snapshot.run_id]
    return row


def is_sound(dataset: Path) -> bool:
    assert check(dataset).findings == []
    return True


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "data", [b"text", "señal".encode(), b"caf\xe9", bytes(range(256)), b"", b"a\0b", b"\xff" * 9000]
)
def test_a_payload_keeps_every_byte(data: bytes) -> None:
    payload, encoding = encoded(data)
    assert decoded(payload, encoding) == data[:PAYLOAD_CHARACTERS]
    assert (encoding == "utf-8") is (data in (b"text", "señal".encode(), b"", b"a\0b"))


def test_a_payload_is_cut_between_characters() -> None:
    payload, encoding = encoded("é€🙂".encode() * 5000)
    assert (encoding, len(payload)) == ("utf-8", PAYLOAD_CHARACTERS)
    assert decoded(*encoded(b"a" * 15_999 + "é".encode())) == b"a" * PAYLOAD_CHARACTERS


def test_a_repaired_line_lands_once_and_its_reject_is_gone(home: Path) -> None:
    file = write_lines(home / "a.jsonl", [*articles(2), {"id": "x", "text": ""}])
    first = build(home / "set", [file])
    assert (first.books.accepted, first.books.rejected, len(rows(home / "set"))) == (2, 1, 1)
    write_lines(file, [*articles(2), article(7)])
    second = build(home / "set", [file])
    assert (second.books.accepted, second.books.duplicate, second.books.rejected) == (1, 2, 0)
    assert last_run(home / "set", second)["resolved"] == 1
    assert rows(home / "set") == []
    third = build(home / "set", [file])
    assert (third.books.accepted, third.books.duplicate, last_run(home / "set", third)["resolved"]) == (0, 3, 0)
    assert is_sound(home / "set")


def test_a_reject_whose_cause_persists_stays_one_row(home: Path) -> None:
    file = write_lines(home / "a.jsonl", [article(1), "oops"])
    build(home / "set", [file])
    before = rows(home / "set")
    again = build(home / "set", [file])
    assert rows(home / "set") == before
    assert (again.books.duplicate, again.books.rejected) == (1, 1)
    assert last_run(home / "set", again)["refused_again"] == 1
    assert is_sound(home / "set")


def test_other_files_resolve_nothing(home: Path) -> None:
    build(home / "set", [write_lines(home / "a.jsonl", ["oops"])])
    build(home / "set", [write_lines(home / "b.jsonl", articles(2))])
    assert len(rows(home / "set")) == 1
    assert is_sound(home / "set")


def test_a_file_that_breaks_off_resolves_nothing(home: Path) -> None:
    file = write_lines(home / "a.jsonl.gz", [])
    file.write_bytes(b"")
    import gzip  # noqa: PLC0415

    lines = b'{"id": "1"}\n' + json.dumps(article(1)).encode() + b"\n"
    file.write_bytes(gzip.compress(lines * 50))
    build(home / "set", [file])
    count = len(rows(home / "set"))
    file.write_bytes(gzip.compress(lines * 50)[:-12])
    build(home / "set", [file])
    assert len(rows(home / "set")) >= count
    assert is_sound(home / "set")


def test_a_payload_is_replayed_at_its_old_place(home: Path) -> None:
    gone = write_lines(home / "a.jsonl", [article(1), {"id": "x", "words": "none"}])
    build(home / "set", [gone])
    [before] = rows(home / "set")
    gone.unlink()
    kept = home / "kept.jsonl"
    kept.write_bytes(decoded(before["payload"], before["payload_encoding"]))
    places = {kept.name: ("a.jsonl", before["byte_offset"])}
    assert build(home / "set", [kept], places).books.rejected == 1
    assert rows(home / "set") == [before]
    write_lines(kept, [article(9)])  # as if a later version of the program read it
    result = build(home / "set", [kept], places)
    assert (result.books.accepted, last_run(home / "set", result)["resolved"]) == (1, 1)
    assert rows(home / "set") == []
    assert {row["input_uri"] for row in rows(home / "set", "articles")} == {"a.jsonl"}
    assert is_sound(home / "set")


def test_explain_says_where_why_and_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "a.txt").write_bytes(b"caf\xe9 in the morning")
    build(home / "set", [home / "a.txt"])
    [row] = rows(home / "set")
    assert run(["rejects", "explain", row["reject_id"], "--dataset", "set", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["where"] == "a.txt, byte 0"
    assert "iconv" in told["why"]
    assert told["what to do"]
    assert told["begins"] == "caf\N{REPLACEMENT CHARACTER} in the morning"
    assert told["retry"] == "from its input"
    assert run(["rejects", "explain", "rej_nothing", "--dataset", "set"]) == 2
