"""The first paragraphs of an article -> its dateline: the place where it was written ("PARIS (AFP) - ")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract.places import Place, name_at
from flows.lexicons import gazetteer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.reading import Reading
    from flows.extract.scan import Scan

PLACE: Final = frozenset({"in"})
BODY: Final = frozenset({"paragraph", "header"})
SKIPPED: Final = frozenset({"headline", "byline", "caption"})
CREDITED: Final = ("agency", "outlet", "org")
DASHES: Final = frozenset({"-", "–", "—", "‐", "‑", "―"})
LONGEST_NAME: Final = 5  # words: "San Cristóbal de las Casas"
LONGEST: Final = 24  # tokens of a dateline with region, day and agency
BRACKET: Final = 6  # tokens of an agency's credit
COVERED: Final = 2  # paragraphs, its own included: what comes later may have happened anywhere


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place, the block that begins with it and the token behind it, and the blocks that it speaks for."""

    place: Place
    reading: Reading
    last: int
    covered: tuple[int, ...]

    def set_apart(self) -> None:
        """Let its names be a place: nobody who acts in the sentence behind it."""
        for mention in self.reading.mentions:
            if mention.last <= self.last:
                mention.before |= PLACE

    def covers(self, reading: Reading) -> bool:
        """Whether the block is one of the first paragraphs, which report what happened there."""
        return reading.scan.block in self.covered


def find_dateline(readings: Sequence[Reading]) -> Dateline | None:
    """The dateline at the start of the first block that is no headline, byline or caption."""
    bodies = [reading for reading in readings if reading.block.kind not in SKIPPED]
    if not bodies or bodies[0].block.kind not in BODY:
        return None
    found = _at_start(bodies[0])
    if found is None:
        return None
    place, last = found
    paragraphs = [reading.scan.block for reading in bodies if reading.block.kind == "paragraph"]
    return Dateline(place, bodies[0], last, tuple(paragraphs[:COVERED]))


def _at_start(reading: Reading) -> tuple[Place, int] | None:
    """The place that the block begins with and the token behind the dateline: place, region, day, agency, dash."""
    scan = reading.scan
    limit = min(len(scan), LONGEST)
    k, credited = _credit(scan, 0, limit)
    if credited:
        k = k + 1 if k < limit and scan.words[k] in DASHES else k
    place, k = _name(reading, k, limit)
    if place is None:
        return None
    after, dated = _date(scan, k, limit)
    after, agency = _credit(scan, after, limit, certain=dated)
    if not dated:
        after, dated = _date(scan, after, limit)
    credited = credited or agency
    dash = after
    while dash < limit and scan.words[dash] in ".,:/":
        dash += 1
    ends = dash >= len(scan)
    dashed = dash < limit and scan.words[dash] in DASHES and not (dash == after and not scan.spaced(dash))
    marked = dashed or (dated and (ends or credited))
    if not marked or not (place.kind or gazetteer.cities(place.name or "")):
        return None
    return place, min(dash + 1, len(scan)) if dashed else after


def _name(reading: Reading, k: int, limit: int) -> tuple[Place | None, int]:
    """The place at token k with the region behind it, and the token behind both."""
    scan = reading.scan
    if k >= limit or not scan.caps[k]:
        return None, k
    found = name_at(reading, k, limit)
    last = scan.next_after(k)
    if found is None or found.kind in ("country", "area"):
        last = k
        while last < limit and scan.is_word(last) and (scan.caps[last] or "of" in scan.classes(last)):
            last += 1
        name = scan.surface(k, last) if 0 < last - k <= LONGEST_NAME else ""
        if not name:
            return None, k
        found = Place(name, None, "dateline")
    within = found.within
    behind = last + 1 if last + 1 < limit and scan.words[last] == "," else None
    if behind is not None and scan.caps[behind] and scan.sense(behind, "calendar") is None:
        region = scan.sense(behind, "country") or scan.sense(behind, "region")
        within = region.country if region is not None else within
        last = scan.next_after(behind)
        while last < limit and scan.words[last] == ".":
            last += 1
    return Place(found.name, found.country, "dateline", found.kind, found.countries, within), last


def _date(scan: Scan, k: int, limit: int) -> tuple[int, bool]:
    """Behind the day at token k: numbers, names of months and weekdays, and what joins them."""
    start, dated = k, False
    while k < limit:
        if scan.words[k].isdecimal() or scan.sense(k, "calendar") is not None:
            dated = True
        elif not (scan.words[k] in ",./" or "of" in scan.classes(k) or _is_ordinal(scan, k)):
            break
        k = scan.next_after(k)
    return (k, True) if dated else (start, False)


def _is_ordinal(scan: Scan, k: int) -> bool:
    """Whether the token is a number with letters ("1er", "3rd") or a short abbreviation of a month in capitals."""
    word = scan.words[k]
    return word[0].isdecimal() or (word.isalpha() and word.isupper() and len(word) == 3)  # noqa: PLR2004


def _credit(scan: Scan, k: int, limit: int, *, certain: bool = False) -> tuple[int, bool]:
    """Behind the agency in brackets at token k ("(EFE)", "(dpa/lno)"), and whether there is one.

    Behind a day it is `certain` that nothing else stands in brackets.
    """
    if k >= limit or scan.words[k] != "(":
        return k, False
    for last in range(k + 1, min(limit, k + BRACKET)):
        if scan.words[last] == ")":
            known = any(scan.sense(j, kind) is not None for j in range(k + 1, last) for kind in CREDITED)
            return (last + 1, True) if known or certain or scan.words[k + 1].isupper() else (k, False)
    return k, False
