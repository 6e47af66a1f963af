"""The build flow on a real Prefect server: books, idempotence, order, hostile input, and what a crash leaves."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from kill_builds import kill_builds
from newsroom import articles, hostile, newsroom, write_lines
from processes import COMMAND, clean_environment

from flows.check import check
from flows.settings import Settings
from flows.store.snapshots import latest
from flows.summary import Report

pytestmark = pytest.mark.usefixtures("prefect_server")


def build(inputs, dataset: Path, **settings: object) -> Report:
    from flows.build import build as flow  # noqa: PLC0415 - Prefect reads its environment when it is imported

    return flow(inputs=[str(path) for path in inputs], dataset=dataset, settings=Settings(**settings))


def checksums(dataset: Path) -> dict[str, list[str]]:
    """The bytes of every table but `runs`, which holds times."""
    snapshot = latest(dataset)
    assert snapshot is not None
    return {table: sorted(part.sha256 for part in parts) for table, parts in snapshot.tables.items() if table != "runs"}


def content(dataset: Path) -> dict[str, list[str]]:
    """The rows of every table but `runs`, whatever parts they are in."""
    snapshot = latest(dataset)
    assert snapshot is not None
    return {
        table: sorted(repr(row) for path in snapshot.paths(table) for row in pq.read_table(path).to_pylist())
        for table in snapshot.tables
        if table != "runs"
    }


def sound(dataset: Path) -> bool:
    found = check(dataset).findings
    assert found == []
    return True


def is_balanced(report: Report) -> bool:
    return report.documents_in == report.accepted + report.duplicate + report.rejected + report.filtered


@pytest.fixture(scope="module")
def built(prefect_server, tmp_path_factory) -> tuple[Path, list[Path], Report]:
    assert prefect_server
    folder = tmp_path_factory.mktemp("built")
    files = newsroom(folder / "raw", 30)
    return folder / "dataset", files, build([folder / "raw"], folder / "dataset")


def test_a_build_makes_a_sound_dataset(built):
    dataset, _, report = built
    assert (report.documents_in, report.accepted, report.snapshot) == (30, 30, 1)
    assert is_balanced(report)
    assert report.rows["articles"] == 30
    assert report.rows["quotes"] >= 30
    assert sound(dataset)
    assert (dataset / "newsevents.duckdb").is_file()
    assert not list((dataset / "staging").glob("*"))


def test_the_books_are_in_the_run(built):
    dataset, _, report = built
    snapshot = latest(dataset)
    [run] = duckdb.read_parquet([str(path) for path in snapshot.paths("runs")]).fetchall()
    names = duckdb.read_parquet([str(path) for path in snapshot.paths("runs")]).columns
    row = dict(zip(names, run, strict=True))
    assert {name: row[name] for name in report.books()} == report.books()
    assert row["run_id"] == report.run_id
    assert row["settings_sha256"] == Settings().sha256()
    assert json.loads(row["versions"])["prefect"]
    assert json.loads(row["rows"])["articles"] == 30


def test_the_same_inputs_again_change_nothing(built):
    dataset, files, _ = built
    before = checksums(dataset)
    again = build(files, dataset)
    assert (again.accepted, again.duplicate) == (0, 30)
    assert sum(count for table, count in again.rows.items() if table != "runs") == 0
    assert checksums(dataset) == before
    assert sound(dataset)


@pytest.mark.parametrize("settings", [{"batch_size": 7, "workers": 1}, {"batch_size": 4, "workers": 2}])
def test_order_batches_and_workers_do_not_matter(built, tmp_path, settings):
    dataset, files, _ = built
    build(reversed(files), tmp_path / "other", **settings)
    assert checksums(tmp_path / "other") == checksums(dataset)


def test_several_builds_give_the_same_rows_as_one(built, tmp_path):
    dataset, files, _ = built
    for number, file in enumerate(reversed(files), 1):
        assert build([file], tmp_path / "parts").snapshot == number
    assert content(tmp_path / "parts") == content(dataset)
    assert sound(tmp_path / "parts")


def test_a_document_twice_in_a_run_is_a_duplicate(tmp_path):
    write_lines(tmp_path / "a.jsonl", articles(4))
    shutil.copy(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    report = build([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "dataset")
    assert (report.documents_in, report.accepted, report.duplicate) == (8, 4, 4)


def test_hostile_files_end_in_rejects_with_balanced_books(tmp_path):
    good = hostile(tmp_path / "raw")
    report = build([tmp_path / "raw"], tmp_path / "dataset")
    assert is_balanced(report)
    assert report.accepted >= good
    assert report.rejected >= 10
    assert sum(report.reasons.values()) >= report.rejected
    assert {"bad_json", "empty_text", "too_long"} <= report.reasons.keys()
    assert sound(tmp_path / "dataset")
    again = build([tmp_path / "raw"], tmp_path / "dataset")
    assert (again.accepted, again.rejected) == (0, report.rejected)
    assert again.rows["rejects"] == 0


def test_nothing_to_read_is_an_error_and_no_dataset(tmp_path):
    from flows.read import InputError  # noqa: PLC0415

    with pytest.raises(InputError):
        build([tmp_path / "missing"], tmp_path / "dataset")
    assert latest(tmp_path / "dataset") is None


def test_a_failing_commit_leaves_the_snapshot_and_no_staging(built, tmp_path, monkeypatch):
    from flows import tasks  # noqa: PLC0415

    dataset = tmp_path / "dataset"
    shutil.copytree(built[0], dataset)
    before, number = checksums(dataset), latest(dataset).number

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(tasks, "commit_run", fail)
    with pytest.raises(RuntimeError, match="on fire"):
        build([write_lines(tmp_path / "new.jsonl", articles(2, start=70))], dataset)
    assert (checksums(dataset), latest(dataset).number) == (before, number)
    assert not list((dataset / "staging").glob("*"))


def test_leftovers_of_a_killed_run_go_with_the_next_build(tmp_path):
    abandoned = tmp_path / "dataset" / "staging" / "run_0000000000000000"
    write_lines(abandoned / "batch-000000" / "documents.msgpack", [1])
    build([write_lines(tmp_path / "a.jsonl", articles(1))], tmp_path / "dataset")
    assert not abandoned.exists()


def test_the_summary_is_an_artifact_of_the_run(tmp_path):
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    async def last() -> str:
        async with get_client() as client:
            found = await client.read_artifacts(limit=200)
            return max((a for a in found if a.key == "build"), key=lambda a: a.created).data

    report = build([write_lines(tmp_path / "a.jsonl", [*articles(2), "<script>"])], tmp_path / "<b>data")
    page = asyncio.run(last())
    assert "<b>" not in page
    assert f"Snapshot {report.snapshot}" in page
    assert "| articles | 2 |" in page


def test_settings_come_from_the_environment_unless_given(tmp_path, monkeypatch):
    from flows.build import build as flow  # noqa: PLC0415

    monkeypatch.setenv("NEWSEVENTS_BATCH_SIZE", "0")
    with pytest.raises(ValueError, match="batch_size"):
        flow(inputs=[str(tmp_path)], dataset=tmp_path / "dataset")
    assert os.environ["NEWSEVENTS_BATCH_SIZE"] == "0"


def test_a_deployment_may_give_settings_as_plain_values(tmp_path):
    from flows.build import build as flow  # noqa: PLC0415

    file = write_lines(tmp_path / "a.jsonl", articles(3))
    checked = flow.validate_parameters(
        {"inputs": [str(file)], "dataset": str(tmp_path), "settings": {"batch_size": 2, "workers": 1}}
    )
    assert checked["settings"] == Settings(batch_size=2, workers=1)
    assert checked["dataset"] == tmp_path


def test_two_builds_at_once_lose_nothing(prefect_server, tmp_path):
    halves = [write_lines(tmp_path / f"{start}.jsonl", articles(12, start=start)) for start in (0, 100)]
    environment = clean_environment(tmp_path / "home", PREFECT_API_URL=prefect_server)
    both = [
        subprocess.Popen([*COMMAND, "build", str(half), "--dataset", str(tmp_path / "dataset")], env=environment)
        for half in halves
    ]
    assert [process.wait(200) for process in both] == [0, 0]
    snapshot = latest(tmp_path / "dataset")
    assert (snapshot.number, snapshot.rows()["articles"], snapshot.rows()["runs"]) == (2, 24, 2)
    assert sound(tmp_path / "dataset")


def test_killed_builds_leave_a_sound_dataset(prefect_server, tmp_path):
    kills = kill_builds(tmp_path, 3, {"PREFECT_API_URL": prefect_server})
    assert kills.damaged == 0
    assert kills.killed
