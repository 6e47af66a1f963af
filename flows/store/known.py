"""The articles of a snapshot -> who they are, in a few bytes each, so that input that was read before is recognised."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from flows.store.snapshots import Snapshot

ID_DIGITS: Final = 16  # hex digits, 64 bits, as in every id: among a million, two meet once in 37 million datasets
SLOTS: Final = 1 << 12
FULLEST: Final = 0.6  # of the slots: a search takes two steps


class Digests:
    """A set of hashes and ids, of which it keeps the last 16 hex digits: 14 to 27 bytes each, a set of texts takes 170.

    Open addressing with linear steps: the digits are those of a hash, so that they are spread as they are.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * SLOTS))  # 0 is a free slot
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, digest: str) -> bool:
        return self._slots[self._slot(_key(digest))] != 0

    def add(self, digest: str) -> bool:
        """Add a hash or an id; whether it was new."""
        key = _key(digest)
        slot = self._slot(key)
        if self._slots[slot]:
            return False
        self._slots[slot] = key
        self._count += 1
        if self._count > FULLEST * len(self._slots):
            self._grow()
        return True

    def _slot(self, key: int) -> int:
        """Where the key is, or the free slot where it belongs."""
        slots = self._slots
        last = len(slots) - 1
        slot = key & last
        while slots[slot] not in (0, key):
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(16 * len(old)))
        for key in old:
            if key:
                self._slots[self._slot(key)] = key


def _key(digest: str) -> int:
    return int(digest[-ID_DIGITS:], 16) or 1


def known_articles(base: Snapshot | None) -> Digests:
    """The ids of the articles in a snapshot."""
    return _known(base, "article_id")


def known_inputs(base: Snapshot | None) -> Digests:
    """What the articles in a snapshot were read from: their `input_sha256`."""
    return _known(base, "input_sha256")


def _known(base: Snapshot | None, column: str) -> Digests:
    found = Digests()
    for path in base.paths("articles") if base else []:
        for digest in _values(str(path), column):
            found.add(digest)
    return found


def _values(path: str, column: str) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=[column]):
            yield from (value for value in batch.column(0).to_pylist() if value is not None)
