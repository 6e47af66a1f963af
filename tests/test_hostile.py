"""A build over hostile files loses nothing, and the good articles among them arrive.

`python -m tests.hostile OUT` does the same with 1,000 files and times each.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from hostile.corpus import FAMILIES, make
from hostile.proof import prove

FILES = 80  # each family once, and some good articles


def test_nothing_is_lost_among_hostile_files(prefect_server: str, tmp_path: Path) -> None:
    environment = {"PREFECT_API_URL": prefect_server, "PREFECT_HOME": str(tmp_path / "prefect")}
    proof = prove(tmp_path, FILES, environment, timed=False)
    assert proof.broken == []
    assert proof.good_found == proof.good == FILES // 10
    assert proof.books["rejected"] > FILES // 2
    assert not list(tmp_path.parent.glob("up.txt"))


def test_every_family_is_in_the_test_and_the_seed_decides_the_bytes(tmp_path: Path) -> None:
    one, two = (make(tmp_path / name, FILES) for name in "ab")
    kinds = {name.rpartition("/")[2].split("-", 1)[1].split(".", 1)[0].strip() for name in one.files}
    assert {name.strip("_") for name in FAMILIES} <= kinds
    assert digest(one.folder) == digest(two.folder)
    assert one.files == two.files


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(folder)} ".encode() + path.read_bytes())
    return found.hexdigest()
