"""The tasks: which failures are tried again, and what passes between them."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest
from newsroom import articles, write_lines

from flows.batches import DOCUMENTS, cut, extract_batch, stage
from flows.model import Document
from flows.workers import WorkerError


@pytest.fixture(scope="module")
def tasks(prefect_server):
    from flows import tasks as module  # noqa: PLC0415 - Prefect reads its environment when it is imported

    assert prefect_server
    return module


def dies(_: Path, **_settings: bool) -> None:
    os._exit(9)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (OSError(errno.EIO, "input/output error"), True),
        (OSError(errno.ESTALE, "stale file handle"), True),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), True),
        (FileNotFoundError(errno.ENOENT, "no such file"), False),
        (OSError(errno.ENOSPC, "disk full"), False),
        (ValueError("no date"), False),
    ],
)
def test_only_errors_that_may_pass_are_tried_again(tasks, error, again):
    from prefect.states import Failed  # noqa: PLC0415

    assert tasks.is_transient(None, None, Failed(data=error)) is again


@pytest.mark.parametrize(("code", "calls"), [(errno.EIO, 3), (errno.ENOSPC, 1)])
def test_a_flow_tries_a_transient_error_again(tasks, tmp_path, monkeypatch, code, calls):
    from prefect import flow  # noqa: PLC0415

    seen: list[int] = []

    def fails(*_: object) -> str:
        seen.append(1)
        if len(seen) < 3:
            raise OSError(code, os.strerror(code))
        return "staged"

    monkeypatch.setattr(tasks, "stage", fails)
    quick = tasks.stage_documents.with_options(retry_delay_seconds=0, retry_jitter_factor=0)

    @flow(name="retries")
    def run() -> str:
        return quick([tmp_path], tmp_path, tmp_path, 1)

    if calls == 1:
        with pytest.raises(OSError, match="No space"):
            run()
    else:
        assert run() == "staged"
    assert len(seen) == calls


def test_every_task_says_what_it_does_and_caches_nothing(tasks):
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415

    found = [tasks.stage_documents, tasks.process_batch, tasks.commit, tasks.release]
    for task in found:
        assert task.description.endswith(".")
        assert "newsevents" in task.tags
        assert task.cache_policy == NO_CACHE
        assert task.persist_result is False
        assert (task.retries, task.retry_jitter_factor) == (3, 0.5)


def test_a_worker_that_dies_is_an_error_that_says_what_to_do(tasks, tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "extract_batch", dies)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, pytest.raises(WorkerError) as error:
        tasks.process_batch.fn(tmp_path / "batch-000007", pool)
    assert "batch-000007" in str(error.value)
    assert "--workers 1" in str(error.value)


def test_a_commit_that_is_done_is_not_done_again(tasks, tmp_path, monkeypatch):
    def fails_late(*_: object) -> None:
        raise OSError(errno.EIO, "input/output error")

    snapshot = SimpleNamespace(number=4, run_id="run_4")
    monkeypatch.setattr(tasks, "commit_run", fails_late)
    monkeypatch.setattr(tasks, "latest", lambda _: snapshot)
    with pytest.raises(tasks.CatalogError, match="snapshot 4 is committed"):
        tasks.commit.fn(tmp_path, SimpleNamespace(run_id="run_4"), {})
    with pytest.raises(OSError, match="input/output"):
        tasks.commit.fn(tmp_path, SimpleNamespace(run_id="run_5"), {})


def test_batches_are_cut_by_number_and_by_length():
    short, long = Document(text="a"), Document(text="a" * 15_000_000)
    assert [len(batch) for batch in cut([short] * 7, 3)] == [3, 3, 1]
    assert [len(batch) for batch in cut([short, long, long, short], 3)] == [3, 1]


def test_staging_counts_every_document_once(tmp_path):
    lines = [*articles(5), articles(1)[0], "no object", {"id": "x"}]
    staged = stage([write_lines(tmp_path / "a.jsonl", lines)], tmp_path / "work", None, 2)
    assert (staged.documents_in, staged.duplicate, staged.rejected, len(staged.batches)) == (8, 1, 2, 3)
    assert staged.reasons == {"bad_json": 1, "bad_record": 1}
    assert len(staged.parts["rejects"]) == 1


def test_a_staged_document_is_the_document(tmp_path):
    odd = articles(1)[0] | {"authors": ["Ana"], "extra_key": {"deep": [1, None, 2.5]}, "text": "é\u2028 \U0001d4b3\r\n"}
    staged = stage([write_lines(tmp_path / "a.jsonl", [odd])], tmp_path / "work", None, 2)
    extracted = extract_batch(staged.batches[0])
    assert (staged.batches[0] / DOCUMENTS).is_file()
    assert (extracted.documents, extracted.rejected) == (1, 0)


def test_the_order_of_inputs_does_not_change_the_batches(tmp_path):
    files = [write_lines(tmp_path / f"{name}.jsonl", articles(3, start)) for name, start in (("b", 0), ("a", 10))]
    one = stage(files, tmp_path / "one", None, 4)
    two = stage(files[::-1], tmp_path / "two", None, 4)
    assert [(p / DOCUMENTS).read_bytes() for p in one.batches] == [(p / DOCUMENTS).read_bytes() for p in two.batches]
