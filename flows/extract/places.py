"""An event word in its sentence -> the place that the text names for that event, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract.phrases import DETERMINERS
from flows.lexicons import gazetteer, traits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.extract.reading import Reading
    from flows.extract.scan import Scan

AT_A_DISTANCE: Final = "phone"
CLAUSE_REACH: Final = 12  # tokens between the trigger and the place in which its clause names it
CITIES: Final = ("region", "capital")
KINDS: Final = ("region", "country", "capital", "area")
NOUN_REACH: Final = 6  # tokens between "in" and the name: "in the northern port city of"
INSIDE: Final = frozenset({"in", "at"})
TOUCHING: Final = frozenset({"to", "of", "on", "against", "in"})
LEFT: Final = frozenset({"that", "relative", "subordinator"})
MARKS: Final = frozenset(';:—–()"“”«»')


@dataclass(frozen=True, slots=True)
class Place:
    """The place as printed, its country as far as the lexicon knows it, and the basis (a code of place_basis).

    `kind` is the lexicon's (country, capital, region, area, or empty for a name that it lacks), `countries` all those
    where it knows such a place, `within` the country or region that the text adds ("Valencia, Venezuela").
    """

    name: str | None
    country: str | None
    basis: str
    kind: str = ""
    countries: tuple[str, ...] = ()
    within: str | None = None


NOWHERE: Final = Place(None, None, "none")
UNPLACED: Final = Place(None, None, "statement")


def place_of(reading: Reading, trigger: int, kind: str, mode: str | None) -> Place:
    """The place of the event at token `trigger`: its object, an in-phrase behind it, or one before it."""
    if is_statement(kind, mode):
        return UNPLACED
    return _touched(reading, trigger, kind, mode) or _behind(reading, trigger) or _before(reading, trigger) or NOWHERE


def is_statement(kind: str, mode: str | None) -> bool:
    """Whether such an event is said or told at a distance, and so has no place."""
    return kind in traits().said or mode == AT_A_DISTANCE


def name_at(reading: Reading, k: int, high: int, basis: str = "clause", kinds: tuple[str, ...] = KINDS) -> Place | None:
    """The place that begins at token k: of the lexicon, with its country, or a capitalized name known for a place."""
    scan = reading.scan
    if k >= high or not scan.caps[k]:
        return None
    hit = scan.hits[k]
    if hit is not None and hit.first == k:
        for kind in kinds:
            if found := hit.senses.get(kind):
                name, within = scan.surface(k, hit.last), _added(scan, hit.last, high)
                countries = _distinct(sense.country for sense in found)
                return Place(name, found[0].country, basis, kind, countries, within)
    mention = reading.mention_at[k]
    if mention is not None and mention.type == "place" and mention.first == k and _is_name(scan, k, mention.surface):
        return Place(mention.surface, None, basis, within=_added(scan, mention.last, high))
    return None


def _is_name(scan: Scan, k: int, name: str) -> bool:
    """Whether a capital makes a name of it: months have one too, and in some languages every noun."""
    return scan.sense(k, "calendar") is None and (not scan.lexicon.noun_capitals or bool(gazetteer.cities(name)))


def _added(scan: Scan, k: int, high: int) -> str | None:
    """The country of what stands in apposition at token k: ", Illinois", "(Venezuela)", ", in France"."""
    if k + 1 >= high or scan.words[k] not in ",(":
        return None
    j = scan.next_after(k + 1) if "in" in scan.classes(k + 1) else k + 1
    if j >= high or not scan.caps[j]:
        return None
    found = scan.sense(j, "country") or scan.sense(j, "region")
    return found.country if found is not None else None


def _distinct(countries: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(country for country in countries if country))


def _touched(reading: Reading, trigger: int, kind: str, mode: str | None) -> Place | None:
    """The city right behind the trigger that the event comes upon; behind "of" whatever the event is."""
    scan = reading.scan
    _, high = reading.bounds(trigger)
    k = scan.next_after(trigger)
    reached = not traits().reaching.isdisjoint((kind, f"{kind}/{mode}"))
    if k < high and scan.classes(k) & TOUCHING:
        if not reached and "of" not in scan.classes(k):
            return None
        k = scan.next_after(k)
    elif not reached:
        return None
    return name_at(reading, _skip(scan, k, high), high, kinds=CITIES)


def _behind(reading: Reading, trigger: int) -> Place | None:
    scan = reading.scan
    _, high = reading.bounds(trigger)
    k = scan.next_after(trigger)
    while k < high:
        if scan.classes(k) & INSIDE:
            basis = "clause" if k - trigger <= CLAUSE_REACH else "sentence"
            if (found := _named(reading, scan.next_after(k), high, basis)) is not None:
                return found
        if basis_ends(reading, k):
            break
        k = scan.next_after(k)
    return None


def _before(reading: Reading, trigger: int) -> Place | None:
    """The place of an in-phrase before the trigger, up to where another event, clause or speaker ends."""
    scan = reading.scan
    low, _ = reading.bounds(trigger)
    for k in range(trigger - 1, low - 1, -1):
        if basis_ends(reading, k) or scan.classes(k) & LEFT or scan.words[k] in MARKS:
            return None
        hit = scan.hits[k]
        if scan.classes(k) & INSIDE and (hit is None or hit.first == k):
            basis = "clause" if trigger - k <= CLAUSE_REACH else "sentence"
            if (found := _named(reading, scan.next_after(k), trigger, basis)) is not None:
                return found
    return None


def basis_ends(reading: Reading, k: int) -> bool:
    """Whether what follows token k belongs to another event or another's words."""
    return reading.finite(k, ("event", "cue")) is not None or reading.quote_at[k] >= 0


def _named(reading: Reading, k: int, high: int, basis: str) -> Place | None:
    """The place behind "in" at token k, itself or behind a common noun: "in the northern city of Kano"."""
    scan, behind = reading.scan, k
    k = _skip(scan, k, high)
    before = scan.classes(behind - 1)
    # "à" is "in" before a city, and "to" before a country with its article ("il incombe à la France").
    given = "to" in before and (k > behind or "at" in before)
    if (found := name_at(reading, k, high, basis, CITIES if given else KINDS)) is not None:
        return None if "at" in before and not found.kind else found
    if "at" in before:
        return None
    kinds: tuple[str, ...] = KINDS
    limit = min(high, k + NOUN_REACH)
    while k < limit and _is_plain(reading, k):
        if "of" in scan.classes(k):
            kinds = CITIES  # "in support of Ukraine" is no place
        k = _skip(scan, scan.next_after(k), limit)
        if (found := name_at(reading, k, limit, basis, kinds)) is not None:
            return found
    return None


def _is_plain(reading: Reading, k: int) -> bool:
    """Whether token k may stand between "in" and the name of a city: a noun, an adjective, "of"."""
    scan = reading.scan
    if not scan.is_word(k) or reading.finite(k) is not None or (scan.caps[k] and not scan.lexicon.noun_capitals):
        return False
    classes = scan.classes(k)
    return "of" in classes or not classes - DETERMINERS - {"adverb"}


def _skip(scan: Scan, k: int, high: int) -> int:
    while k < high and scan.classes(k) & DETERMINERS:
        k = scan.next_after(k)
    return k
