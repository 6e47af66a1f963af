"""Public figures: a name in any spelling -> who bears it; and the office that a person holds on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import msgspec

from flows.ids import fold
from flows.lexicons.files import Forms, LexiconError, Words

NAMES: Final = re.compile(r"[\s\-‐‑.'’ʼ\"]+")
OFFICE: Final = re.compile(r"([A-Z]{3})(?:@([A-Z]{3}))?(?: ([\d-]*)\.\.([\d-]*))?")
REPEATED: Final = re.compile(r"(.)\1+")
SILENT_E: Final = 4  # letters; a longer word loses its last e ("Poutine")
MAX_WORDS: Final = 100_000  # spelled words that are remembered
FORMER: Final = "ELI"  # the sector of those who held an office
RULING: Final = frozenset({"GOV", "ELI"})
# Whoever leaves such an office is a former official; a writer, a banker or a rebel stays what he was.
OFFICIAL: Final = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "PTY", "SPY"})


class Homeland(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The public figures of one country (ISO alpha-3), or of a body that takes the place of one.

    One string is a person: names, a colon, offices. "Joe Biden, Joseph Biden, Biden: LEG 1973..2009-01, GOV 2021-01.."
    A name in brackets counts only behind a role: "(Francis)" as in "Pope Francis".
    """

    code: str
    men: Words = []
    women: Words = []


class PeopleFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The shape of people.toml of `_any`; spellings that differ by a pair of `spelling` or a row of `same` are one."""

    country: list[Homeland]
    spelling: list[tuple[str, str]] = []
    same: list[Forms] = []
    particle: Words = []
    bodies: dict[str, str] = {}  # by the organization's key: country, colon, offices


class Office(NamedTuple):
    """A sector with the days between which the person belongs to it (ISO, "" for always), maybe abroad."""

    sector: str
    country: str
    first: str
    last: str

    def begun(self, day: str) -> bool:
        """Whether the office began on that day or before it."""
        return self.first <= day

    def held(self, day: str) -> bool:
        """Whether the person held the office on that day."""
        return self.begun(day) and (not self.last or day[: len(self.last)] <= self.last)


@dataclass(frozen=True, slots=True)
class Figure:
    """A person that the world knows, or a body whose standing changed; `row` is the string in the file."""

    key: str
    name: str
    country: str
    gender: str
    row: str

    @property
    def offices(self) -> tuple[Office, ...]:
        """The person's offices in the order of the file.

        Raises:
            LexiconError: when an office cannot be read.
        """
        found = []
        for part in self.row.partition(":")[2].split(","):
            match = OFFICE.fullmatch(part.strip())
            if match is None:
                raise LexiconError(f"people.toml: {self.row!r}: an office is like GOV 2001-05..2009")
            sector, country, first, last = match.groups()
            found.append(Office(sector, country or self.country, first or "", last or ""))
        return tuple(found)

    @property
    def countries(self) -> frozenset[str]:
        """The home country and those that the person held an office for."""
        return frozenset({self.country, *(office.country for office in self.offices)})

    def is_of(self, countries: Collection[str]) -> bool:
        """Whether one of the countries is the person's."""
        return not self.countries.isdisjoint(countries)

    def standing(self, day: date | None) -> tuple[str | None, str]:
        """(sector, country) of the office held on the day, else of a former official; without a day of the last one."""
        offices = self.offices
        if day is None:
            return offices[-1].sector, offices[-1].country
        iso = day.isoformat()
        begun = [office for office in offices if office.begun(iso)]
        held = [office for office in begun if office.held(iso)]
        if held:
            latest = max(held, key=lambda office: office.first)
            return latest.sector, latest.country
        if not begun:
            return None, self.country
        last = max(begun, key=lambda office: office.last)
        return (FORMER if last.sector in OFFICIAL else last.sector), self.country

    def stands(self, sector: str, day: date | None) -> bool:
        """Whether the person belongs to the sector on the day; without a day, whether ever; rulers' families rule."""
        sectors = {office.sector for office in self.offices} if day is None else {self.standing(day)[0]}
        return sector in sectors or (sector in RULING and bool(RULING & sectors))


@dataclass(slots=True)
class People:
    """The figures by their names: full ones as `spell` writes them, short ones and those behind a role as `exact`."""

    spelling: dict[str, str]
    same: dict[str, str]
    particles: frozenset[str]
    named: dict[str, list[Figure]] = field(default_factory=dict)
    short: dict[str, list[Figure]] = field(default_factory=dict)
    titled: dict[str, list[Figure]] = field(default_factory=dict)
    surnamed: dict[str, list[Figure]] = field(default_factory=dict)
    bodies: dict[str, Figure] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _pairs: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self._pairs = re.compile("|".join(sorted(map(re.escape, self.spelling), key=lambda p: (-len(p), p))) or "(?!)")

    def spell(self, name: str) -> str:
        """The name without what differs between spellings: accents, particles, letters that stand for one sound."""
        words = [self._word(word) for word in NAMES.split(name) if word]
        return " ".join(word for word in words if word)

    def forget(self) -> None:
        """Spell anew, since `same` has changed."""
        self._words.clear()

    def _word(self, word: str) -> str:
        known = self._words.get(word)
        if known is None:
            if len(self._words) > MAX_WORDS:
                self._words.clear()
            known = self._words[word] = self._spelled(word)
        return known

    def _spelled(self, word: str) -> str:
        low = word.casefold()
        if not low.isascii():
            low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
        if len(low) == 1:
            return low
        if low in self.particles:
            return ""
        sounds = REPEATED.sub(r"\1", self._pairs.sub(lambda match: self.spelling[match.group()], low))
        if len(sounds) > SILENT_E:
            sounds = sounds.removesuffix("e")
        return self.same.get(sounds, sounds)

    def exact(self, name: str) -> str:
        """The name in lower case without accents and particles: one word alone is too short for other spellings."""
        return " ".join(word for word in NAMES.split(fold(name)) if word and word not in self.particles)

    def is_short(self, name: str) -> bool:
        """Whether the name is one word."""
        return " " not in self.exact(name)

    def find(self, name: str, day: date | None) -> Figure | None:
        """The one figure of that name; of several the one that holds an office on the day, if only one does."""
        exact = self.exact(name)
        found = self.named.get(self.spell(name), []) if " " in exact else self.short.get(exact, [])
        if len(found) > 1 and day is not None:
            iso = day.isoformat()
            found = [figure for figure in found if any(office.held(iso) for office in figure.offices)]
        return found[0] if len(found) == 1 else None

    def find_titled(self, name: str, sector: str, countries: Collection[str], day: date | None) -> Figure | None:
        """The one figure of that short name whose standing on the day is the role's that stands before the name.

        `countries` are the role's or, where it names none, the article's. A surname that the file does not list counts
        only for one country and on a day; the first name of a king or a pope does everywhere.
        """
        exact = self.exact(name)
        found = [
            figure
            for figure in self.titled.get(exact, ())
            if figure.stands(sector, day) and (exact == self.exact(figure.name).split()[0] or figure.is_of(countries))
        ]
        if not found and len(countries) == 1 and day is not None:
            found = [
                figure
                for figure in self.surnamed.get(exact.rpartition(" ")[2], ())
                if figure.is_of(countries)
                and self.exact(figure.name).endswith(f" {exact}")
                and figure.stands(sector, day)
            ]
        return found[0] if len(found) == 1 else None


def people_of(file: PeopleFile) -> People:
    """The file's figures, by their names."""
    people = People(dict(file.spelling), {}, frozenset(file.particle))
    for row in file.same:
        spelled = [people.spell(form) for form in row.forms]
        people.same.update(dict.fromkeys(spelled, spelled[0]))
    people.forget()
    for key, text in file.bodies.items():
        people.bodies[key] = Figure(key, key, text.partition(":")[0], "", text)
    for land in file.country:
        for gender, rows in (("m", land.men), ("f", land.women)):
            for text in rows:
                _add(people, land.code, gender, text)
    return people


def _add(people: People, code: str, gender: str, text: str) -> None:
    names = [name.strip() for name in text.partition(":")[0].split(",")]
    figure = Figure(f"{fold(names[0])}/{code}", names[0], code, gender, text)
    for name in names:
        if name.startswith("("):
            table, key = people.titled, people.exact(name[1:-1])
        elif people.is_short(name):
            table, key = people.short, people.exact(name)
        else:
            table, key = people.named, people.spell(name)
        bearers = table.setdefault(key, [])
        if figure not in bearers:
            bearers.append(figure)
    people.surnamed.setdefault(people.exact(names[0]).rpartition(" ")[2], []).append(figure)


def check(people: People) -> Iterable[str]:
    """What is wrong with the figures: offices that cannot be read, keys borne by two."""
    keys: dict[str, str] = {}
    for figures in (*people.named.values(), *people.short.values(), list(people.bodies.values())):
        for figure in figures:
            try:
                _ = figure.offices
            except LexiconError as error:
                yield str(error)
            if keys.setdefault(figure.key, figure.row) != figure.row:
                yield f"people.toml: {figure.row!r} and {keys[figure.key]!r} have one key"
