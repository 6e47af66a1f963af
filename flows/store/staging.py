"""The folder of a run that has not committed yet, and the removal of what killed runs left behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flows.store.files import TEMPORARY, FolderBusyError, lock
from flows.store.snapshots import MANIFESTS, PARTS, history

STAGING: Final = "staging"
LOCK: Final = ".lock"


@contextmanager
def staging(dataset: Path, run_id: str) -> Iterator[Path]:
    """A folder of the run's own, `dataset/staging/<run_id>`, locked while the run lives and removed when it ends.

    A killed run leaves its folder, which holds no lock any more: the next `clean` removes it.
    """
    folder = dataset / STAGING / run_id
    folder.mkdir(parents=True, exist_ok=True)
    with lock(folder / LOCK):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def committing(dataset: Path, *, wait: bool = True) -> Iterator[None]:
    """The dataset's turn to commit or to be cleaned: one at a time, so that no new part is taken for a leftover.

    What keeps two commits apart is the exclusive creation of the manifest; this only saves merges done in vain.
    """
    with lock(dataset / LOCK, wait=wait):
        yield


def clean(dataset: Path) -> list[Path]:
    """Remove what no snapshot names and no living run uses: temporary files, old staging folders, orphan parts.

    Returns:
        What was removed. Nothing is touched while another process commits.
    """
    removed = [folder for folder in sorted((dataset / STAGING).glob("*")) if _remove_abandoned(folder)]
    try:
        with committing(dataset, wait=False):
            leftovers = _leftovers(dataset)
            for path in leftovers:
                path.unlink(missing_ok=True)
    except FolderBusyError:
        return removed
    return removed + leftovers


def _remove_abandoned(folder: Path) -> bool:
    """Remove the staging folder unless a living process holds it; whether it was removed."""
    try:
        with lock(folder / LOCK, wait=False):
            shutil.rmtree(folder, ignore_errors=True)
            return True
    except (FolderBusyError, FileNotFoundError, NotADirectoryError):
        return False


def _leftovers(dataset: Path) -> list[Path]:
    """Files that are not data: unfinished ones, and parts that no snapshot names."""
    named = {part.path for snapshot in history(dataset) for parts in snapshot.tables.values() for part in parts}
    unfinished = [path for folder in (dataset, dataset / MANIFESTS) for path in folder.glob(f"{TEMPORARY}*")]
    orphans = [path for path in (dataset / PARTS).glob("*/*") if path not in named]
    return sorted(unfinished + orphans)
