"""The events of an article -> where each was: the place of its sentence or of the dateline, its country, coordinates.

A city is taken from the gazetteer only where it is certain which of those that bear the name is meant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flows.extract.mention import STATE_SECTORS, SUPRANATIONAL
from flows.extract.places import UNPLACED, Place, is_statement, place_of
from flows.ids import fold
from flows.lexicons import gazetteer, traits
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.extract.datelines import Dateline
    from flows.extract.reading import Reading
    from flows.extract.results import EventMention
    from flows.lexicons.gazetteer import City

CLEARLY: Final = 10  # a city with so many times the people of the next one of its name needs no other evidence
# A name that one city alone bears, and that neither a lexicon nor the article backs, is certain only for a large city
# (6,200 of the 170,000): else the text may mean a village that the gazetteer lacks, or somebody.
WELL_KNOWN: Final = 100_000  # people
MORE: Final = 2  # times as often as of the other countries must the article speak of the one that is meant
NEAR: Final = 0.5  # degrees: two entries for one city, or a city and the district around it
EVIDENCE: Final = ("country", "demonym", "government", "capital", "org")
EVIDENCED: Final = bits(*EVIDENCE)
PLACES: Final = bits("country", "region", "capital")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is: country and city as far as they are certain; `ambiguous` where several bear the name."""

    country: str | None
    city: City | None = None
    ambiguous: bool = False


class Atlas:
    """What the article tells of places: the countries it speaks of, its publisher's, its language's, its dateline's."""

    def __init__(
        self, readings: Sequence[Reading], dateline: Dateline | None, publisher: str | None, home: frozenset[str]
    ) -> None:
        self._readings, self._publisher, self._home = readings, publisher, home
        self._named: Counter[tuple[str, str]] | None = None
        self._dateline: str | None = None
        self.dateline = dateline
        self.spot = self.locate(self.dateline.place) if self.dateline else None
        self._dateline = self.spot.country if self.spot else None

    def locate(self, place: Place) -> Spot:
        """The country of a place and its city, where both are certain."""
        name, comma, _ = (place.name or "").partition(", ")
        if place.kind in ("country", "area"):
            return Spot(place.country)
        if comma and place.country:  # the lexicon has "Birmingham, Alabama"
            return self._city(name, place.country)
        if place.within is not None:
            return self._city(name, place.within)
        found = gazetteer.cities(name)
        if place.countries:
            if any(gazetteer.is_region(name, country) for country in place.countries):
                return Spot(place.country if len(place.countries) == 1 else None)
            if not any(city.country in place.countries for city in found):
                return Spot(place.country if len(place.countries) == 1 else None)
        return self._choose(name, place.countries, found) if found else Spot(None)

    def _choose(self, name: str, listed: tuple[str, ...], found: tuple[City, ...]) -> Spot:
        """The city that is meant by its size, the lexicon and the countries that the article speaks of."""
        largest = {city.country: city for city in reversed(found)}
        ranked = sorted(largest.values(), key=lambda city: -city.population)
        spoken = self.countries(name)
        supported = [city for city in ranked if city.country in spoken]
        first = ranked[0]
        if len(ranked) == 1:
            known = first.country in listed or first in supported or first.country in self._home
            return self._city(name, first.country) if known or first.population >= WELL_KNOWN else Spot(None)
        clear = first.population >= CLEARLY * max(ranked[1].population, 1)
        if clear and (first.country in listed or first in supported):
            return self._city(name, first.country)
        if clear and not supported:
            known = first.population >= WELL_KNOWN or first.country in self._home
            return self._city(name, first.country) if known else Spot(None)
        supported.sort(key=lambda city: -spoken[city.country])
        often = len(supported) == 1 or (
            supported and spoken[supported[0].country] >= MORE * spoken[supported[1].country]
        )
        if not clear and often:
            return self._city(name, supported[0].country)
        return Spot(None, ambiguous=True)

    def _city(self, name: str, country: str) -> Spot:
        """The city of that name in one country: the only one, or clearly the largest."""
        found = [city for city in gazetteer.cities(name) if city.country == country]
        if not found:
            return Spot(country)
        first, *others = found
        rivals = [city for city in others if not _near(first, city)]
        clear = not rivals or first.population >= CLEARLY * max(rivals[0].population, 1)
        return Spot(country, first) if clear else Spot(country, ambiguous=True)

    def countries(self, name: str) -> Counter[str]:
        """How often the article speaks of each country, elsewhere than in that name, its publisher and dateline too."""
        if self._named is None:
            self._named = Counter(_evidence(self._readings))
        own = fold(name)
        found: Counter[str] = Counter()
        for (country, word), times in self._named.items():
            if word != own:
                found[country] += times
        found.update(country for country in (self._publisher, self._dateline) if country)
        return found


def settle_places(
    events: Sequence[EventMention],
    readings: Sequence[Reading],
    dateline: Dateline | None,
    publisher: str | None,
    home: frozenset[str],
) -> None:
    """Give the events their places, countries and coordinates.

    Args:
        events: of one article.
        readings: its blocks.
        dateline: where it was written, if it says so.
        publisher: the publisher's country.
        home: the countries whose press writes in the article's language.
    """
    if not events:
        return
    atlas = Atlas(readings, dateline, publisher, home)
    spots: dict[Place, Spot] = {}
    for event in events:
        reading = readings[bisect_right(readings, event.trigger_start, key=lambda r: r.block.start) - 1]
        place = _place(event, reading, atlas)
        spot = spots.get(place)
        if spot is None:
            spot = spots[place] = atlas.locate(place) if place.name is not None else Spot(None)
        if place.basis == "dateline" and atlas.spot is not None:
            spot = atlas.spot
        event.place_name, event.place_country = place.name, spot.country
        event.place_basis = "ambiguous" if spot.ambiguous else place.basis
        event.latitude, event.longitude = (spot.city.latitude, spot.city.longitude) if spot.city else (None, None)


def _place(event: EventMention, reading: Reading, atlas: Atlas) -> Place:
    if is_statement(event.type, event.mode):
        return UNPLACED
    trigger = reading.scan.token_at(event.trigger_start)
    found = place_of(reading, trigger, event.type, event.mode)
    dateline = atlas.dateline
    if found.name is not None or dateline is None or event.realis != "actual":
        return found
    if not dateline.covers(reading) or not _happens_there(event, reading, trigger, atlas):
        return found
    return replace(dateline.place, basis="dateline")


def _happens_there(event: EventMention, reading: Reading, trigger: int, atlas: Atlas) -> bool:
    """Whether nothing in the sentence speaks of another place; a meeting may name other countries beside its own."""
    scan, dateline = reading.scan, atlas.dateline
    low, high = reading.bounds(trigger)
    if dateline is None or atlas.spot is None or atlas.spot.country is None:
        return False
    low = max(low, dateline.last) if dateline.reading is reading else low
    for k in scan.having(PLACES, low, high):
        hit = scan.hits[k]
        city = hit is not None and any(kind in hit.senses for kind in ("region", "capital"))
        if city and hit is not None and scan.surface(k, hit.last) != dateline.place.name:
            return False
    named = set(_countries(reading, low, high))
    country = atlas.spot.country
    return country in named or not named if event.type in traits().hosted else named <= {country}


def _evidence(readings: Iterable[Reading]) -> Iterable[tuple[str, str]]:
    """Every word that speaks of a country: the country and the word, folded."""
    for reading in readings:
        for k in reading.scan.having(EVIDENCED):
            hit = reading.scan.hits[k]
            if hit is not None and (country := _country_at(reading, k)) is not None:
                yield country, fold(reading.scan.surface(k, hit.last))


def _countries(reading: Reading, low: int, high: int) -> Iterable[str]:
    """The countries that a stretch speaks of, by itself or as those of the actors that it names."""
    for k in range(low, high):
        mention = reading.mention_at[k]
        if mention is not None and mention.country and mention.country not in SUPRANATIONAL:
            yield mention.country
    for k in reading.scan.having(EVIDENCED, low, high):
        if (country := _country_at(reading, k)) is not None:
            yield country


def _country_at(reading: Reading, k: int) -> str | None:
    """The country that the word at token k speaks of, unless it is part of a person's name."""
    mention, hit = reading.mention_at[k], reading.scan.hits[k]
    person = mention is not None and mention.type == "person" and mention.kind == "name" and k >= mention.first
    if hit is None or person:
        return None
    for kind in EVIDENCE:
        for sense in hit.senses.get(kind, ()):
            speaks = kind != "org" or sense.sector in STATE_SECTORS
            if speaks and sense.country and sense.country not in SUPRANATIONAL:
                return sense.country
    return None


def _near(a: City, b: City) -> bool:
    return abs(a.latitude - b.latitude) <= NEAR and abs(a.longitude - b.longitude) <= NEAR
