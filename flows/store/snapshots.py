"""Numbered manifests: each names the parts of all tables, so a reader sees one whole snapshot and a writer adds one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from flows.store.files import create_exclusively
from flows.store.parts import Part

MANIFESTS: Final = "manifests"
PARTS: Final = "parts"
FORMAT: Final = 2  # since 2 there are fingerprints
ATTEMPTS: Final = 100
_NAME: Final = re.compile(r"(\d{8})\.json")


class SnapshotError(Exception):
    """A manifest that cannot be read, or a dataset without the snapshot asked for."""


class SnapshotConflictError(Exception):
    """Another writer took this number first: read the latest snapshot again and merge onto it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables of a dataset at one moment: the parts of each, in order of writing."""

    number: int
    run_id: str
    tables: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    pipeline_version: str = ""

    def parts(self, table: str) -> tuple[Part, ...]:
        """The parts of a table; none where the snapshot does not have it."""
        return self.tables.get(table, ())

    def paths(self, table: str) -> list[Path]:
        """The files of a table."""
        return [part.path for part in self.parts(table)]

    def rows(self) -> dict[str, int]:
        """The number of rows of each table."""
        return {table: sum(part.rows for part in parts) for table, parts in self.tables.items()}


class _Entry(msgspec.Struct, frozen=True):
    name: str
    rows: int
    bytes: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True):
    format: int
    number: int
    run_id: str
    pipeline_version: str
    tables: dict[str, list[_Entry]]


def numbers(dataset: Path) -> list[int]:
    """The numbers of the snapshots there are, ascending; temporary files and strangers do not count."""
    folder = dataset / MANIFESTS
    if not folder.is_dir():
        return []
    found = (_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)


def latest(dataset: Path) -> Snapshot | None:
    """The newest snapshot; None where there is none yet."""
    found = numbers(dataset)
    return read(dataset, found[-1]) if found else None


def read(dataset: Path, number: int) -> Snapshot:
    """The snapshot of that number.

    Raises:
        SnapshotError: there is none, or its manifest cannot be understood.
    """
    path = manifest_path(dataset, number)
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except FileNotFoundError:
        have = ", ".join(map(str, numbers(dataset))) or "none"
        raise SnapshotError(f"{dataset} has no snapshot {number} (there are: {have})") from None
    except msgspec.DecodeError as error:
        raise SnapshotError(f"{path} is damaged ({error}): restore it, or delete it to use the one before") from None
    if manifest.format != FORMAT or manifest.number != number:
        raise SnapshotError(
            f"{path} is of format {manifest.format}, number {manifest.number}: use the matching version"
        )
    tables = {
        table: tuple(Part(table, dataset / PARTS / table / e.name, e.rows, e.bytes, e.sha256) for e in entries)
        for table, entries in manifest.tables.items()
    }
    return Snapshot(number, manifest.run_id, tables, manifest.pipeline_version)


def history(dataset: Path) -> list[Snapshot]:
    """Every snapshot, oldest first."""
    return [read(dataset, number) for number in numbers(dataset)]


def manifest_path(dataset: Path, number: int) -> Path:
    """Where the manifest of a snapshot is."""
    return dataset / MANIFESTS / f"{number:08}.json"


def create(dataset: Path, snapshot: Snapshot) -> None:
    """Commit a snapshot under its own number; its parts must be durable already.

    Raises:
        SnapshotConflictError: that number is taken.
    """
    tables = {
        table: [_Entry(part.path.name, part.rows, part.bytes, part.sha256) for part in parts]
        for table, parts in snapshot.tables.items()
    }
    manifest = _Manifest(FORMAT, snapshot.number, snapshot.run_id, snapshot.pipeline_version, tables)
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    try:
        create_exclusively(manifest_path(dataset, snapshot.number), content)
    except FileExistsError:
        raise SnapshotConflictError(f"{dataset} already has a snapshot {snapshot.number}") from None


def commit(dataset: Path, change: Callable[[Snapshot | None], Snapshot]) -> Snapshot:
    """Let `change` make the next snapshot of the latest one, and commit it; on a conflict, again from the new latest.

    Raises:
        SnapshotConflictError: so many others were faster that giving up is kinder.
    """
    for _ in range(ATTEMPTS):
        snapshot = change(latest(dataset))
        try:
            create(dataset, snapshot)
        except SnapshotConflictError:
            continue
        return snapshot
    raise SnapshotConflictError(f"{dataset}: {ATTEMPTS} attempts to commit all lost to other writers: run it again")


def next_number(base: Snapshot | None) -> int:
    """The number after the latest snapshot's."""
    return base.number + 1 if base else 1
