"""The units of a block, the fullest first -> which of them are of one happening.

A unit joins the cluster with which it shares most, the oldest of several, if it contradicts no member: so two that
contradict each other are never joined by a third that fits both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

APART: Final = 0.5  # degrees of latitude or longitude from which on two places are two: some 50 km
BOTH: Final = 4  # what sharing counts: parties on both sides,
CERTAIN: Final = 2  # somebody who is certainly the same,
PLACE: Final = 1  # the place
Party = frozenset[str]
Signature = tuple[Party, Party, Party, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Unit:
    """Reports of one happening by one article, and by its copies; `certain` are the parties that it names."""

    name: str
    family: str
    is_said: bool
    first: date
    last: date
    actors: Party
    recipients: Party
    certain: Party
    country: str | None
    spot: str | None
    latitude: float | None
    longitude: float | None

    @classmethod
    def of(
        cls,
        name: str,
        family: str,
        is_said: bool,  # noqa: FBT001 - a column of the row
        first: date,
        last: date,
        actors: Iterable[str],
        recipients: Iterable[str],
        certain: Iterable[str],
        *place: object,
    ) -> Unit:
        """The unit of a row."""
        parties = frozenset(actors), frozenset(recipients), frozenset(certain)
        return cls(name, family, is_said, first, last, *parties, *place)  # type: ignore[arg-type]

    @property
    def signature(self) -> Signature:
        """All that it says of parties and place."""
        return self.actors, self.recipients, self.certain, self.country, self.spot

    def keys(self, *, sought: bool) -> Iterator[tuple[str, str, str, int]]:
        """Under what the unit can be found, day by day, or under what those are that it `sought` to share with.

        Somebody whom neither names for certain is shared at one place alone, so those are not compared at all.
        """
        days = range(self.first.toordinal(), self.last.toordinal() + 1)
        shared = []
        for part, side in (("actor", self.actors), ("recipient", self.recipients)):
            for actor in side:
                certain = actor in self.certain
                if sought or certain:
                    shared.append((part, "certain", actor))
                if certain if sought else not certain:
                    shared.append((part, "vague", actor))
                if self.spot is not None:
                    shared.append((part, self.spot, actor))
        if self.latitude is not None and self.spot is not None:
            shared.append(("place", self.spot, ""))
        return ((*what, day) for what in shared for day in days)


@dataclass(slots=True, eq=False)
class Cluster:
    """A happening: `first` and `last` bound the days that all its members share."""

    number: int
    name: str
    first: date
    last: date
    families: set[str] = field(default_factory=set)
    members: dict[Signature, Unit] = field(default_factory=dict)

    def fits(self, unit: Unit) -> bool:
        """Whether the unit contradicts no member: in days, parties or place, or as told apart by its own article."""
        if unit.family in self.families or unit.first > self.last or self.first > unit.last:
            return False
        return unit.signature in self.members or not any(contradict(unit, other) for other in self.members.values())

    def add(self, unit: Unit) -> None:
        """Take the unit in."""
        self.first, self.last = max(self.first, unit.first), min(self.last, unit.last)
        self.families.add(unit.family)
        self.members.setdefault(unit.signature, unit)


class Clusters:
    """The clusters of the block that is being read."""

    def __init__(self) -> None:
        self._block = ""
        self._count = 0
        self._by_key: dict[tuple[str, str, str, int], dict[int, Cluster]] = {}

    def place(self, block: str, unit: Unit) -> tuple[str, str]:
        """The unit's name and that of its cluster, its own where it fits none; the blocks come one after the other."""
        if block != self._block:
            self._block, self._by_key = block, {}
        near: dict[int, Cluster] = {}
        for key in unit.keys(sought=True):
            near.update(self._by_key.get(key, {}))
        fitting = [
            (max(score(unit, other) for other in cluster.members.values()), -number, cluster)
            for number, cluster in near.items()
            if cluster.fits(unit)
        ]
        most, _, home = max(fitting, default=(0, 0, None), key=lambda found: found[:2])
        if home is None or not most:
            self._count += 1
            home = Cluster(self._count, unit.name, unit.first, unit.last)
        home.add(unit)
        for key in unit.keys(sought=False):
            self._by_key.setdefault(key, {})[home.number] = home
        return unit.name, home.name


def score(one: Unit, other: Unit) -> int:
    """How much two units that do not contradict each other share; 0 where that is no reason to take them for one."""
    actors, recipients = one.actors & other.actors, one.recipients & other.recipients
    if one.is_said and not (actors and recipients):
        return 0
    here = one.spot is not None and one.spot == other.spot
    if not actors and not recipients:
        bare = not (one.actors or one.recipients) or not (other.actors or other.recipients)
        return PLACE if here and bare and one.latitude is not None else 0
    certain = not (one.certain | other.certain).isdisjoint(actors | recipients)
    if not certain and not here:
        return 0
    return BOTH * bool(actors and recipients) + CERTAIN * certain + PLACE * here


def contradict(one: Unit, other: Unit) -> bool:
    """Whether two units cannot be of one happening: other parties, another country, or a place far away."""
    for mine, its in ((one.actors, other.actors), (one.recipients, other.recipients)):
        if mine and its and mine.isdisjoint(its):
            return True
    if one.country and other.country and one.country != other.country:
        return True
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return False
    return abs(one.latitude - other.latitude) > APART or abs(one.longitude - other.longitude) > APART
