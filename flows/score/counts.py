"""What is counted: right, found and wanted rows of a table, their precision, recall and F1; and pairs of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

# What is measured, in the order of the scorecard. The first of each group counts rows that are found or missed, and has
# precision and recall; those under it say how many of its paired rows have the right value.
GROUPS: Final = {
    "quotes": ("quote_kind", "speaker", "stance"),
    "actors": ("actor_kind", "actor_country", "actor_sector"),
    "dates": ("date_value",),
    "events": ("event_mode", "event_realis", "event_date", "event_place"),
    "participants": (),
}
MEASURES: Final = tuple(name for group, values in GROUPS.items() for name in (group, *values))
SHARES: Final = frozenset(name for values in GROUPS.values() for name in values)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows are right, of how many that were found and how many that are there to find."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float | None:
        """The right share of what was found; None where nothing was."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share found of what is there; None where nothing is."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; of a share of paired rows the share itself."""
        both = self.found + self.wanted
        return 2 * self.right / both if both else None


class Pair(NamedTuple):
    """The numbers of a wanted row and of the found row that stands for it."""

    wanted: int
    found: int


def pairs(wanted: int, found: int, likeness: Callable[[int, int], float]) -> list[Pair]:
    """Pair rows one to one, the most alike first, in order of the wanted rows; a likeness of 0 makes no pair."""
    ranked = sorted((-alike, w, f) for w in range(wanted) for f in range(found) if (alike := likeness(w, f)) > 0)
    partners: dict[int, int] = {}
    for _, w, f in ranked:
        if w not in partners and f not in partners.values():
            partners[w] = f
    return [Pair(w, partners[w]) for w in sorted(partners)]


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """The characters that two spans share, of all that they cover: 1 for the same span, 0 for two apart."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0
