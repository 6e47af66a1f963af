"""Input that was read before: known by its bytes, not parsed again, counted; and what staging holds in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from newsroom import articles, write_lines

from flows.batches import Staged, extract_batch, stage
from flows.commands.rejects import _container
from flows.ids import sha256_hex
from flows.read import Candidate, FieldMap, candidates
from flows.store.commit import CommitResult, RunFacts, commit_run
from flows.store.known import Digests, known_inputs
from flows.store.snapshots import latest


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def build(number: int, *inputs: Path, pairs: tuple[str, ...] = ()) -> tuple[Staged, CommitResult]:
    """A build without Prefect."""
    dataset = Path("dataset")
    staged = stage(inputs, Path(f"work-{number}"), latest(dataset), 10, pairs)
    parts = {table: [*paths] for table, paths in staged.parts.items()}
    rejected = staged.rejected
    for batch in staged.batches:
        found = extract_batch(batch)
        rejected += found.rejected
        for table, paths in found.parts.items():
            parts.setdefault(table, []).extend(paths)
    facts = RunFacts(
        f"run_{number:016x}",
        datetime(2026, 1, 1),  # noqa: DTZ001 - naive UTC
        staged.documents_in,
        staged.duplicate,
        rejected,
        filters=dict(staged.filters),
    )
    return staged, commit_run(dataset, facts, parts)


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the candidates that are asked for their document from now on."""
    asked: list[str] = []
    document = Candidate.document

    def noted(self: Candidate, *seconds: float) -> object:
        asked.append(f"{self.input_uri}:{self.piece.byte_offset}")
        return document(self, *seconds)

    monkeypatch.setattr(Candidate, "document", noted)
    return asked


def test_what_was_read_before_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = write_lines(tmp_path / "raw" / "a.jsonl", articles(12))
    (tmp_path / "raw" / "b.txt").write_text("The mayor said on Monday that the bridge is open.\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "raw" / "c.zip", "w") as archive:
        archive.writestr("d.csv", "text,title\nThe union met on Monday.,A\n")
    first, result = build(1, tmp_path / "raw")
    assert (first.documents_in, first.duplicate, result.books.accepted) == (14, 0, 14)
    asked = parsed(monkeypatch)
    again, result = build(2, tmp_path / "raw")
    assert (asked, again.batches) == ([], [])
    assert (again.documents_in, again.duplicate, sum(result.rows.values())) == (14, 14, 0)
    write_lines(tmp_path / "more" / "a.jsonl", articles(13))  # elsewhere, and one more
    more, result = build(3, tmp_path / "more", lines)
    assert asked == [f"more/a.jsonl:{sum(len(json.dumps(a, ensure_ascii=False).encode()) + 1 for a in articles(12))}"]
    assert (more.documents_in, more.duplicate, result.books.accepted) == (25, 24, 1)


def test_rejects_are_tried_again_and_added_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(
        '{"text": "  "}\n{"cuerpo": "The union met on Monday in Port Alder."}\nno json\n', encoding="utf-8"
    )
    _, result = build(1, lines)
    assert (result.rows["rejects"], result.books.rejected) == (3, 3)
    asked = parsed(monkeypatch)
    _, result = build(2, lines)
    assert (len(asked), result.rows["rejects"], result.books.rejected) == (3, 0, 3)
    _, result = build(3, lines, pairs=("text=cuerpo",))
    assert (result.rows["rejects"], result.books.rejected, result.books.accepted) == (-1, 2, 1)


def test_the_same_bytes_read_in_another_way_are_another_input(tmp_path: Path) -> None:
    record = '{"text": "The union met.", "cuerpo": "The dockers marched on Monday."}\n'
    (tmp_path / "a.jsonl").write_text(record, encoding="utf-8")
    (tmp_path / "a.txt").write_text(record, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(f"\n{record}", encoding="utf-8")

    def seen(name: str, *pairs: str) -> str | None:
        (item,) = candidates([tmp_path / name], fields=FieldMap.parse(pairs))
        return item.input_sha256 if isinstance(item, Candidate) else None

    assert seen("a.jsonl") == seen("b.jsonl")
    assert len({seen("a.jsonl"), seen("a.txt"), seen("a.jsonl", "text=cuerpo")}) == 3
    (tmp_path / "a.csv").write_text("text,title\nOne.,Two.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("title,text\nOne.,Two.\n", encoding="utf-8")
    assert seen("a.csv") != seen("b.csv")


def test_a_duplicate_within_a_run_is_not_parsed_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = parsed(monkeypatch)
    staged, result = build(1, write_lines(tmp_path / "a.jsonl", articles(5) * 2))
    assert (len(asked), staged.duplicate, result.books.accepted) == (5, 5, 5)


def test_inputs_are_part_of_the_dataset(tmp_path: Path) -> None:
    build(1, write_lines(tmp_path / "a.jsonl", articles(5)))
    known = known_inputs(latest(Path("dataset")))
    assert len(known) == 5
    assert all(item.input_sha256 in known for item in candidates([tmp_path / "a.jsonl"]) if isinstance(item, Candidate))
    assert len(known_inputs(None)) == 0


def test_a_set_of_digests_is_a_set() -> None:
    found = Digests()
    listed = [sha256_hex(str(number)) for number in range(20_000)]
    assert [found.add(digest) for digest in listed[:10_000]] == [True] * 10_000
    assert not any(found.add(digest) for digest in listed[:10_000])
    assert [digest in found for digest in listed] == [True] * 10_000 + [False] * 10_000
    assert len(found) == 10_000
    assert found.add("0" * 64)
    assert "0" * 64 in found


def test_a_reject_in_an_archive_is_replayed_from_the_archive(tmp_path: Path) -> None:
    for name in ("a.zip", "wow!.txt"):
        (tmp_path / name).touch()
    assert [_container(uri) for uri in ("a.zip!b.zip!c.txt", "wow!.txt", "gone.txt", "-!a.txt", "-", None)] == [
        "a.zip",
        "wow!.txt",
        None,
        None,
        None,
        None,
    ]
    assert _container("s3://news/a.zip!b.txt") == "s3://news/a.zip"


# in a process of its own, so that its memory can be measured
PEAK = """
import resource, sys
from pathlib import Path
from flows.batches import stage
staged = stage([sys.argv[1]], Path(sys.argv[2]), None, 500)
print(staged.documents_in, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(tmp_path: Path, count: int) -> int:
    path = tmp_path / f"{count}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(f'{{"text": "The mayor met {number} dockers on Monday in Port Alder."}}\n' * 2)
    command = [sys.executable, "-c", PEAK, str(path), str(tmp_path / f"work-{count}")]
    read_in, megabytes = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert int(read_in) == 2 * count
    return int(megabytes)


def test_staging_holds_a_few_bytes_of_each_document(tmp_path: Path) -> None:
    assert peak(tmp_path, 60_000) - peak(tmp_path, 4_000) < 12
