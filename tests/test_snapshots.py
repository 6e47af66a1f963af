from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small

from flows.store import snapshots
from flows.store.commit import BooksError
from flows.store.files import create_exclusively
from flows.store.parts import write_part
from flows.store.snapshots import Snapshot, SnapshotConflictError, SnapshotError
from flows.store.staging import clean, staging
from schemas.arrow import arrow_schema

COMMITTER = """
import sys
from pathlib import Path
from datetime import datetime
import pyarrow as pa
from flows.store import snapshots
from flows.store.parts import write_part
from flows.store.snapshots import Snapshot
from schemas.arrow import arrow_schema

dataset, name, commits = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(commits):
    rows = {"article_id": [f"art_{name}{number:015x}"], "text": [name]}
    part = write_part(dataset / "parts", "texts", pa.table(rows, arrow_schema("texts")))
    other = write_part(dataset / "parts", "actors", arrow_schema("actors").empty_table())

    def change(base):
        parts = base.parts("texts") if base else ()
        return Snapshot(snapshots.next_number(base), f"{name}{number}", {"texts": (*parts, part), "actors": (other,)})

    snapshots.commit(dataset, change)
"""

RUNNER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import small
dataset, folder, name = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
print("ready", flush=True)
for number in range(1000):
    url = f"https://x.example/{name}/{number}"
    draft = small.Draft(f"Text {name} {number}: all quiet.", url, "x.example", small.at("2026-01-01T00:00"), "en")
    run_id = small.content_id("run", name, number)
    small.commit(dataset, folder / f"{name}-{number}", small.tables(draft), run_id=run_id)
"""

ROOT = Path(__file__).parent.parent


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def check_whole(dataset: Path) -> int:
    """Every snapshot can be read to its last row; the number of snapshots."""
    found = snapshots.history(dataset)
    for snapshot in found:
        for parts in snapshot.tables.values():
            for part in parts:
                assert pq.read_table(part.path).num_rows == part.rows
    return len(found)


def test_four_processes_keep_every_commit(tmp_path: Path) -> None:
    processes = [start(COMMITTER, tmp_path, name, 25) for name in "abcd"]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.close()
    seen = 0
    while any(process.poll() is None for process in processes):  # readers never see a torn snapshot
        snapshot = snapshots.latest(tmp_path)
        if snapshot:
            assert len(snapshot.parts("texts")) == snapshot.number
            seen = max(seen, snapshot.number)
    assert [process.wait() for process in processes] == [0] * 4
    last = snapshots.latest(tmp_path)
    assert last
    assert last.number == 100
    assert snapshots.numbers(tmp_path) == list(range(1, 101))
    ids = pa.concat_tables(pq.read_table(path) for path in last.paths("texts"))["article_id"].to_pylist()
    assert sorted(ids) == sorted(f"art_{name}{number:015x}" for name in "abcd" for number in range(25))


def test_whole_runs_side_by_side_lose_nothing(tmp_path: Path) -> None:
    code = RUNNER.replace("range(1000)", "range(3)")
    processes = [start(code, ROOT / "tests", tmp_path / "dataset", tmp_path / "staged", name) for name in "abc"]
    assert [process.wait() for process in processes] == [0] * 3
    last = snapshots.latest(tmp_path / "dataset")
    assert last
    assert last.number == 9
    assert last.rows()["articles"] == last.rows()["runs"] == 9


def test_killed_commits_leave_whole_snapshots(tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    small.build(dataset, tmp_path / "staged")
    dice = random.Random(7)  # noqa: S311 - times to kill at, no secret
    for kill in range(8):
        process = start(RUNNER, ROOT / "tests", dataset, tmp_path / "staged", f"k{kill}")
        time.sleep(dice.uniform(0.05, 0.9))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        check_whole(dataset)
    before = snapshots.latest(dataset)
    assert before
    assert clean(dataset), "eight kills leave nothing behind?"
    assert not list((dataset / "staging").iterdir())
    assert check_whole(dataset) == before.number
    named = {
        path
        for found in snapshots.history(dataset)
        for parts in found.tables.values()
        for path in [p.path for p in parts]
    }
    assert set((dataset / "parts").glob("*/*")) == named
    after = small.commit(dataset, tmp_path / "again", small.tables(small.call()))
    assert after.books.duplicate == 1
    assert after.number == before.number + 1


def test_a_number_is_taken_once(tmp_path: Path) -> None:
    part = write_part(tmp_path / "parts", "texts", arrow_schema("texts").empty_table())
    snapshots.create(tmp_path, Snapshot(1, "run_a", {"texts": (part,)}))
    with pytest.raises(SnapshotConflictError):
        snapshots.create(tmp_path, Snapshot(1, "run_b", {"texts": (part,)}))
    first = snapshots.latest(tmp_path)
    assert first
    assert first.run_id == "run_a"
    assert first.tables == {"texts": (part,)}
    assert [path.name for path in (tmp_path / "manifests").iterdir()] == ["00000001.json"]


def test_a_published_file_shares_nothing_with_a_temporary_one(tmp_path: Path) -> None:
    create_exclusively(tmp_path / "a.json", b"one")
    assert (tmp_path / "a.json").stat().st_nlink == 1
    with pytest.raises(FileExistsError):
        create_exclusively(tmp_path / "a.json", b"two")
    assert (tmp_path / "a.json").read_bytes() == b"one"


def test_leftovers_are_no_data(tmp_path: Path) -> None:
    small.build(tmp_path / "d", tmp_path / "s")
    dataset = tmp_path / "d"
    expected = snapshots.latest(dataset)
    (dataset / "manifests" / ".tmp-1-x.json").write_text("{")
    (dataset / "manifests" / "99999999.json.bak").write_text("{")
    (dataset / "parts" / "actors" / ".tmp-1-x.parquet").write_text("PAR1")
    (dataset / "parts" / "actors" / "orphan.parquet").write_text("PAR1")
    (dataset / "staging" / "run_dead" / "batch-0").mkdir(parents=True)
    assert snapshots.latest(dataset) == expected
    with staging(dataset, "run_alive") as folder:
        removed = clean(dataset)
        assert folder.is_dir(), "a living run's folder was removed"
    assert {path.name for path in removed} == {".tmp-1-x.json", ".tmp-1-x.parquet", "orphan.parquet", "run_dead"}
    assert snapshots.latest(dataset) == expected
    assert not folder.exists()


def test_damage_and_absence_are_said_in_one_line(tmp_path: Path) -> None:
    assert snapshots.latest(tmp_path / "nowhere") is None
    with pytest.raises(SnapshotError, match=r"has no snapshot 3 \(there are: none\)"):
        snapshots.read(tmp_path, 3)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "00000001.json").write_text('{"format":')
    with pytest.raises(SnapshotError, match="is damaged"):
        snapshots.latest(tmp_path)


def test_history_keeps_what_was(tmp_path: Path) -> None:
    first = small.commit(tmp_path / "d", tmp_path / "1", small.tables(small.call()))
    second = small.commit(tmp_path / "d", tmp_path / "2", small.tables(small.march()))
    assert [found.number for found in snapshots.history(tmp_path / "d")] == [1, 2]
    assert snapshots.read(tmp_path / "d", 1) == first.snapshot
    assert first.snapshot.rows()["articles"] == 1
    assert second.snapshot.rows()["articles"] == 2
    assert second.snapshot.parts("texts")[0] == first.snapshot.parts("texts")[0]


def test_books_that_do_not_balance_commit_nothing(tmp_path: Path) -> None:
    with pytest.raises(BooksError, match="do not balance"):
        small.commit(tmp_path / "d", tmp_path / "1", small.tables(small.call()), documents_in=2)
    assert snapshots.latest(tmp_path / "d") is None
