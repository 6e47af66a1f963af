"""An event word in its sentence -> the place that the text gives for that event, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flows.extract.reading import Reading

STATEMENTS: Final = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
AT_A_DISTANCE: Final = "phone"
CLAUSE_REACH: Final = 12  # tokens behind the trigger in which its clause names the place
KINDS: Final = ("region", "country", "capital")


@dataclass(frozen=True, slots=True)
class Place:
    """The place as printed, its country where that is certain, and the basis (a code of place_basis)."""

    name: str | None
    country: str | None
    basis: str


NOWHERE: Final = Place(None, None, "none")
UNPLACED: Final = Place(None, None, "statement")


def place_of(reading: Reading, trigger: int, kind: str, mode: str | None) -> Place:
    """The place named by an in-phrase behind the trigger, in its clause or else in its sentence."""
    if kind in STATEMENTS or mode == AT_A_DISTANCE:
        return UNPLACED
    scan = reading.scan
    _, high = reading.bounds(trigger)
    k = scan.next_after(trigger)
    while k < high:
        if "in" in scan.classes(k) and (found := _named(reading, scan.next_after(k), high)) is not None:
            basis = "clause" if k - trigger <= CLAUSE_REACH else "sentence"
            return Place(found.name, found.country, basis)
        if basis_ends(reading, k):
            break
        k = scan.next_after(k)
    return NOWHERE


def basis_ends(reading: Reading, k: int) -> bool:
    """Whether what follows token k belongs to another event or another's words."""
    return reading.finite(k, ("event", "cue")) is not None or reading.quote_at[k] >= 0


def _named(reading: Reading, k: int, high: int) -> Place | None:
    """The place that begins at token k: of the lexicon, with its country, or a capitalized name behind "in"."""
    scan = reading.scan
    while k < high and scan.classes(k) & {"article"}:
        k = scan.next_after(k)
    if k >= high or not scan.caps[k]:
        return None
    for kind in KINDS:
        if (sense := scan.sense(k, kind)) is not None:
            last = scan.next_after(k)
            return Place(scan.surface(k, last), sense.country, "clause")
    mention = reading.mention_at[k]
    if mention is not None and mention.type == "place":
        region = scan.sense(mention.last + 1, "region") if mention.last + 1 < high else None
        return Place(mention.surface, region.country if region else None, "clause")
    return None
