"""Files gold/<language>/<slug>.toml -> annotated articles, checked, every entry with its place in the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from flows.lexicons.trie import tokens_of
from flows.score.forms import normal
from schemas.vocab import codes, event_types

FOLDER: Final = Path(__file__).parent / "gold"
CALENDAR: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
FIRST_DAY: Final = "-01-01"

Span = tuple[int, int]
T = TypeVar("T")


class GoldError(ValueError):
    """A gold file is wrong; the message names the file and the entry."""


class Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all entries: a key that is not declared is an error."""


class Quote(Row, frozen=True):
    """Attributed words; `speaker` is the name of an actor, "" for nobody, `nth` says which of the same words."""

    text: str
    kind: str
    speaker: str
    stance: str = "neutral"
    nth: int = 1


class Actor(Row, frozen=True):
    """Somebody in the text; `also` are the other forms that name them there."""

    name: str
    kind: str
    also: tuple[str, ...] = ()
    country: str | None = None
    sector: str | None = None


class Date(Row, frozen=True):
    """A date expression; `value` as YYYY[-MM[-DD]], "" for one that cannot be resolved."""

    text: str
    value: str
    end: str | None = None
    nth: int = 1


class Event(Row, frozen=True):
    """A report of an event; the parties are names of actors."""

    trigger: str
    type: str
    mode: str | None = None
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    realis: str = "actual"
    date: str | None = None
    place: str | None = None
    nth: int = 1


class File(Row, frozen=True):
    """The shape of a gold file."""

    language: str
    text: str
    published: Any  # a date or a date-time: msgspec knows no union of the two
    source: str | None = None
    url: str | None = None
    quote: tuple[Quote, ...] = ()
    actor: tuple[Actor, ...] = ()
    date: tuple[Date, ...] = ()
    event: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold article: its file and, in the order of its entries, the characters that each stands on."""

    name: str
    file: File
    quotes: tuple[Span, ...]
    dates: tuple[Span, ...]
    events: tuple[Span, ...]


def languages(folder: Path = FOLDER) -> list[str]:
    """The languages that have gold articles, sorted."""
    return sorted({path.parent.name for path in folder.glob("*/*.toml")})


def load(language: str, folder: Path = FOLDER) -> list[Gold]:
    """The gold articles of a language, by name.

    Raises:
        GoldError: a file is wrong, or there is none.
    """
    found = [read(path) for path in sorted((folder / language).glob("*.toml"))]
    if not found:
        raise GoldError(f"there are no gold articles in {language!r}; there are some in {', '.join(languages(folder))}")
    return found


def digest(language: str, folder: Path = FOLDER) -> str:
    """A hash of the gold files of a language: floors are true of these files alone."""
    found = hashlib.sha256()
    for path in sorted((folder / language).glob("*.toml")):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()[:16]


def read(path: Path) -> Gold:
    """One gold file, checked.

    Raises:
        GoldError: naming the file and the entry: an unknown key or code, words that are not in the text, ...
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise GoldError(f"{name}: {error}") from error
    if file.language != path.parent.name:
        raise GoldError(f"{name}: language: is {file.language!r}, but the folder is {path.parent.name!r}")
    for where, wrong in _wrong(file):
        raise GoldError(f"{name}: {where}: {wrong}")
    return Gold(
        name=name,
        file=file,
        quotes=_places(name, "quote", file.text, [(q.text, q.nth, q.kind) for q in file.quote]),
        dates=_places(name, "date", file.text, [(d.text, d.nth, "") for d in file.date]),
        events=_places(name, "event", file.text, [(e.trigger, e.nth, f"{e.type} {e.mode}") for e in file.event]),
    )


def _wrong(file: File) -> Iterator[tuple[str, str]]:
    """Every entry that is wrong by itself or beside the others, and what is wrong with it."""
    if not isinstance(file.published, date):
        yield "published", f"{file.published!r} is no date: write it without quotation marks"
    names = [actor.name for actor in file.actor]
    words = f" {' '.join(tokens_of(file.text.casefold()))} "
    for where, actor in _numbered("actor", file.actor):
        yield from ((where, wrong) for wrong in _wrong_actor(actor, names))
        for form in (actor.name, *actor.also):
            if f" {normal(form, file.language)} " not in words:
                yield where, f"{form!r} is not in the text"
    for where, quote in _numbered("quote", file.quote):
        yield from ((where, wrong) for wrong in _wrong_quote(quote, names))
    for where, day in _numbered("date", file.date):
        yield from ((where, wrong) for value in (day.value, day.end) if value for wrong in _no_date(value))
    for where, event in _numbered("event", file.event):
        yield from ((where, wrong) for wrong in _wrong_event(event, names))


def _wrong_actor(actor: Actor, names: Sequence[str]) -> Iterator[str]:
    yield from _unknown("actor_kinds", actor.kind)
    yield from _unknown("actor_countries", actor.country)
    yield from _unknown("sectors", actor.sector)
    if names.count(actor.name) > 1:
        yield f"there are two actors with the name {actor.name!r}"


def _wrong_quote(quote: Quote, names: Sequence[str]) -> Iterator[str]:
    yield from _unknown("quote_kinds", quote.kind)
    yield from _unknown("stances", quote.stance)
    if quote.speaker and quote.speaker not in names:
        yield f"the speaker {quote.speaker!r} is the name of no actor"


def _wrong_event(event: Event, names: Sequence[str]) -> Iterator[str]:
    yield from _unknown("event_types", event.type)
    yield from _unknown("realis", event.realis)
    if all((row["type"], row["mode"]) != (event.type, event.mode) for row in event_types()):
        yield f"{event.mode!r} is no mode of {event.type}"
    if event.date is not None:
        yield from _no_date(event.date)
    for party in (*event.actors, *event.recipients):
        if party not in names:
            yield f"the party {party!r} is the name of no actor"


def _numbered(kind: str, rows: Iterable[T]) -> Iterator[tuple[str, T]]:
    return ((f"{kind} {number}", row) for number, row in enumerate(rows, 1))


def _unknown(vocab: str, code: str | None) -> Iterator[str]:
    if code is not None and code not in codes(vocab):
        yield f"{code!r} is no code of {vocab}"


def _no_date(value: str) -> Iterator[str]:
    try:
        first_day(value)
    except ValueError:
        yield f"{value!r} is no date: give YYYY, YYYY-MM or YYYY-MM-DD"


def first_day(value: str) -> date:
    """The first day of a year, a month or a day.

    Raises:
        ValueError: when the value is none of them.
    """
    if not CALENDAR.fullmatch(value):
        raise ValueError(value)
    return date.fromisoformat(value + FIRST_DAY[len(value) - len("YYYY") :])


def _places(name: str, kind: str, text: str, wanted: Sequence[tuple[str, int, Any]]) -> tuple[Span, ...]:
    """Where each of `wanted` stands: words, which of their occurrences, and what else tells two entries apart."""
    places: list[Span] = []
    seen: dict[tuple[Span, Any], str] = {}
    for where, (words, nth, sort) in _numbered(kind, wanted):
        found = _occurrences(text, words)
        if not found:
            raise GoldError(f"{name}: {where}: {words!r} is not in the text")
        if not 1 <= nth <= len(found):
            raise GoldError(f"{name}: {where}: nth is {nth}, but {words!r} stands {len(found)} times in the text")
        place = found[nth - 1]
        if (place, sort) in seen:
            raise GoldError(f"{name}: {where}: is the same as {seen[place, sort]}; nth says which {words!r} is meant")
        seen[place, sort] = where
        places.append(place)
    return tuple(places)


def _occurrences(text: str, words: str) -> list[Span]:
    """Where the words stand as whole words."""
    before = r"\b" if words[:1].isalnum() else ""
    after = r"\b" if words[-1:].isalnum() else ""
    return [m.span() for m in re.finditer(before + re.escape(words) + after, text)] if words else []
