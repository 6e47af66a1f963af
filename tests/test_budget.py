"""The time that a document may take: what takes longer is a reject, and the others do not notice."""

from __future__ import annotations

import io
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from newsroom import articles, write_lines

from flows.batches import extract_batch, stage
from flows.budget import OutOfTimeError, budget
from flows.check import check
from flows.commands.extract import answers
from flows.lines import Lines
from flows.model import Document, Reject
from flows.pipeline import process
from flows.read import LIMITS, read
from flows.settings import Settings
from flows.store.snapshots import latest
from flows.workers import worker_pool

MANY = (f"Ana Perez{n} met Luis Gomez{n} and said that he was killed," for n in range(30_000))
SLOW = {"id": "slow", "text": " ".join(MANY)}
SLOW_PAGE = "<html><body>" + "<div><p>One of the words of a page that is long.</p></div>" * 60_000


def spin(seconds: float) -> int:
    end, turns = time.thread_time() + seconds, 0
    while time.thread_time() < end:
        turns += 1
    return turns


def in_a_thread(call) -> list[object]:
    """What the call returns, or the error it raises, in a thread of its own, which hears no signal."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(call())
        except OutOfTimeError as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found


def late(seconds: float = 0.1) -> None:
    with budget(seconds):
        try:
            spin(10)
        except Exception:  # noqa: BLE001 - as libraries do
            spin(10)


def test_what_takes_too_long_is_broken_off():
    start = time.thread_time()
    with pytest.raises(OutOfTimeError):
        late()
    assert time.thread_time() - start < 2


def test_an_error_that_is_swallowed_comes_again():
    class Deaf:
        def __del__(self) -> None:
            spin(0.3)  # what is raised in here is only written to stderr

    def call() -> None:
        with budget(0.1):
            Deaf()
            spin(10)

    start = time.thread_time()
    with pytest.raises(OutOfTimeError):
        call()
    assert time.thread_time() - start < 2


def test_also_in_a_thread():
    [found] = in_a_thread(late)
    assert isinstance(found, OutOfTimeError)


def test_what_ends_in_time_is_left_alone():
    def call() -> str:
        with budget(0.3):
            spin(0.05)
        spin(0.5)
        with budget(0):
            spin(0.01)
        return "done"

    assert call() == "done"
    assert in_a_thread(call) == ["done"]


def test_inside_of_a_budget_the_outer_one_counts():
    with pytest.raises(OutOfTimeError), budget(0.1), budget(60):
        spin(10)


@pytest.mark.parametrize("run", [lambda call: call(), lambda call: in_a_thread(call)[0]])
def test_a_slow_document_is_a_reject(run):
    found = run(lambda: process(Document(SLOW["text"], doc_id="slow"), seconds=0.2))
    assert isinstance(found, Reject)
    assert (found.reason_code, found.doc_id) == ("timeout", "slow")
    assert "--document-seconds" in found.reason


def test_a_slow_page_is_a_reject_and_the_next_one_is_read(tmp_path):
    (tmp_path / "a.html").write_text(SLOW_PAGE, encoding="utf-8")
    (tmp_path / "b.txt").write_text("The ministers met in Lima on Monday.", encoding="utf-8")
    found = list(read([tmp_path], limits=replace(LIMITS, document_seconds=0.1)))
    assert [getattr(item, "reason_code", "") for item in found] == ["timeout", ""]


def test_extract_answers_each_line():
    given = "\n".join(json.dumps(found) for found in (*articles(2), SLOW, *articles(2, 5))).encode()
    for workers in (1, 2):
        lines = Lines(io.BytesIO(given), LIMITS.document_bytes)
        told = [json.loads(line) for line in answers(lines, workers, seconds=0.5)]
        assert [line.get("reject", {}).get("reason_code") for line in told] == [None, None, "timeout", None, None]
        assert told[2]["id"] == "slow"


def test_a_batch_in_a_worker_process_loses_one_document(tmp_path):
    staged = stage([write_lines(tmp_path / "a.jsonl", [*articles(3), SLOW])], tmp_path / "work", None, 10)
    with worker_pool(1) as pool:
        found = pool.submit(extract_batch, staged.batches[0], seconds=0.5).result()
    assert (found.documents, found.rejected, found.reasons) == (4, 1, {"timeout": 1})


def test_build_has_a_budget(prefect_server, tmp_path):
    from flows.build import build  # noqa: PLC0415 - Prefect reads its environment when it is imported

    assert prefect_server
    for number in range(2):
        write_lines(tmp_path / "raw" / f"{number}.jsonl", articles(3, 10 * number))
    write_lines(tmp_path / "raw" / "slow.jsonl", [SLOW])
    (tmp_path / "raw" / "slow.html").write_text(SLOW_PAGE, encoding="utf-8")
    report = build([str(tmp_path / "raw")], tmp_path / "set", Settings(document_seconds=1, batch_size=4))
    assert (report.accepted, report.rejected + report.accepted) == (report.accepted, 8)
    assert report.reasons.get("timeout", 0) >= 1
    assert report.accepted >= 6
    snapshot = latest(tmp_path / "set")
    assert snapshot is not None
    rows = [row for path in snapshot.paths("rejects") for row in pq.read_table(path).to_pylist()]
    assert all(Path(row["input_uri"]).name.startswith("slow") for row in rows)
    assert check(tmp_path / "set").findings == []
