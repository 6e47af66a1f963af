"""The open rejects of a snapshot, by the place that they come from: which of them a run has read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from flows.store.snapshots import Snapshot

MARK: Final = "!"  # between an archive and its member
# Behind such a reject the rest of a file was perhaps not read, so that nobody knows what became of it.
BROKEN_OFF: Final = frozenset({"timeout", "unreadable", "truncated", "bad_archive", "too_large", "internal_error"})
COLUMNS: Final = ["reject_id", "table", "input_uri", "byte_offset"]

Place = tuple[str, int | None]  # input_uri and byte_offset


class OpenRejects:
    """The rejects of documents in a snapshot by their file."""

    def __init__(self, base: Snapshot | None) -> None:
        self._by_file: dict[str, list[tuple[str, Place]]] = {}
        for path in base.paths("rejects") if base else []:
            for row in pq.read_table(path, columns=COLUMNS).to_pylist():
                if row["table"] is None:
                    uri = row["input_uri"] or ""
                    listed = self._by_file.setdefault(uri.partition(MARK)[0], [])
                    listed.append((row["reject_id"], (uri, row["byte_offset"])))

    def read_again(self, files: Iterable[str], broken_off: set[str], places: Mapping[str, Place]) -> list[str]:
        """The ids of the rejects whose place was read once more.

        Args:
            files: that were read.
            broken_off: those of them of which the rest was perhaps not seen.
            places: of the files that are the kept payload of one reject: where that stood.
        """
        found: set[str] = set()
        for file in files:
            if file in places:
                uri, offset = places[file]
                listed = self._by_file.get(uri.partition(MARK)[0], ())
                found.update(key for key, place in listed if place == (uri, offset))
            elif file not in broken_off:
                found.update(key for key, _ in self._by_file.get(file, ()))
        return sorted(found)


def write(folder: Path, reject_ids: list[str]) -> Path:
    """The ids as a file that a commit reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "read_again.parquet"
    pq.write_table(pa.table({"reject_id": pa.array(reject_ids, pa.string())}), path)
    return path
