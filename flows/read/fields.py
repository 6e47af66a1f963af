"""The keys of somebody's records -> which of them holds what: as the user says, as documented, as others write them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from flows.read.rejects import UnreadableError

NAMES: Final = Path(__file__).with_name("fields.toml")
NO_LETTERS: Final = re.compile(r"[\W_]+")
LONGEST_KEY: Final = 200  # a longer one is no name of a field
MOST_KEYS: Final = 500
LISTED: Final = 40  # keys that a message names
LISTED_CHARACTERS: Final = 600
PLANS: Final = 256  # shapes of records that are remembered: those of a file are nearly all alike

Path_ = tuple[str, ...]


class FieldMapError(ValueError):
    """A map of fields that cannot be meant; the message is one line that says what to do."""


class Fields(msgspec.Struct, frozen=True):
    """What a record may say of a document; every other key is kept as it is."""

    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None
    published_at: str | None = None
    language: str | None = None
    authors: str | list[str] | None = None
    source: str | None = None


FIELDS: Final = Fields.__struct_fields__


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which key holds a field where the user says so: pairs of a field and a path of keys."""

    given: tuple[tuple[str, Path_], ...] = ()

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> FieldMap:
        """Read `text=contenido`, `title=kopf.titel`: a field, and the key that holds it; a dot reaches into an object.

        Raises:
            FieldMapError: a pair without a key, an unknown field, a field that is given twice.
        """
        given: dict[str, Path_] = {}
        for pair in pairs:
            field, _, key = (part.strip() for part in pair.partition("="))
            if not key or not field:
                raise FieldMapError(f"{pair!r} is no pair: give a field and its key, as in text=contenido")
            if field not in FIELDS:
                raise FieldMapError(
                    f"there is no field {field!r} to map {key!r} to: the fields are {', '.join(FIELDS)}"
                )
            if field in given:
                raise FieldMapError(
                    f"{field} is mapped twice, to {'.'.join(given[field])!r} and {key!r}: leave one out"
                )
            given[field] = tuple(key.split("."))
        return cls(tuple(sorted(given.items())))

    def __str__(self) -> str:
        return " ".join(f"{field}={'.'.join(path)}" for field, path in self.given)


NO_MAP: Final = FieldMap()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field may be found in a record; `is_guess` where only its name says so."""

    path: Path_
    is_guess: bool = False


Plan = dict[str, tuple[Place, ...]]


def plan(keys: Sequence[str], fields: FieldMap = NO_MAP) -> Plan:
    """For each field the places to look at in records with these keys, the first one first.

    A map comes before the documented key, that before the names of `fields.toml`, and these in their order there.
    """
    if len(keys) > MOST_KEYS or any(len(key) > LONGEST_KEY for key in keys):
        return _plan(tuple(key for key in keys if len(key) <= LONGEST_KEY)[:MOST_KEYS], fields)
    return _plan(tuple(keys), fields)


@lru_cache(maxsize=PLANS)
def _plan(keys: tuple[str, ...], fields: FieldMap) -> Plan:
    spelled: dict[str, str] = {}
    for key in keys:
        spelled.setdefault(folded(key), key)
    given = dict(fields.given)
    claimed = {path[0] for path in given.values()}
    found: Plan = {}
    for field in FIELDS:
        places: list[Place] = []
        if field in given:
            places += [Place((".".join(given[field]),)), Place(given[field])]  # a column may have a dot in its name
        if field not in claimed:
            places.append(Place((field,)))
        for name in (field, *known_names()[field]):
            first, *rest = name.split(".")
            key = spelled.get(folded(first), "")
            if (key, *rest) != (field,) and key not in claimed:
                places.append(Place((key, *rest), is_guess=True))
        found[field] = tuple(dict.fromkeys(place for place in places if place.path[0] in keys))
    return found


@cache
def known_names() -> Mapping[str, tuple[str, ...]]:
    """The names of `fields.toml` by field."""
    listed = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    if unknown := listed.keys() ^ set(FIELDS):
        raise ValueError(f"{NAMES.name}: each field once and no other: {', '.join(sorted(unknown))}")
    return {field: tuple(names) for field, names in listed.items()}


def folded(name: str) -> str:
    """A name without case and without what stands between its words."""
    return NO_LETTERS.sub("", name).lower()


def value_at(values: Mapping[str, Any], path: Path_) -> Any:
    """The value at a path of keys; None where there is none. Keys within a value are compared as names."""
    found: Any = values.get(path[0])
    for name in path[1:]:
        if not isinstance(found, dict):
            return None
        found = found[name] if name in found else next((v for k, v in found.items() if folded(k) == name), None)
    return found


def check_columns(columns: Sequence[str], fields: FieldMap) -> None:
    """Refuse a table of which no row can have a text.

    Raises:
        UnreadableError: `bad_record`, with the columns that are there and what to say.
    """
    places = plan(columns, fields)
    mapped = [path for _, path in fields.given]
    if mapped and not any(path[0] in columns or ".".join(path) in columns for path in mapped):
        names = ", ".join(".".join(path) for path in mapped)
        raise UnreadableError("bad_record", f"none of the mapped columns ({names}) is there; {told(columns, 'column')}")
    if not places["text"] and not places["html"]:
        raise UnreadableError("bad_record", f"no column is known to hold the text; {told(columns, 'column')}")


def told(keys: Sequence[str], kind: str) -> str:
    """The keys that there are, and how to say which one holds the text."""
    listed = ", ".join(keys[:LISTED])[:LISTED_CHARACTERS]
    more = f" and {len(keys) - LISTED:,} more" if len(keys) > LISTED else ""
    return f"its {kind}s are {listed}{more}: say which one holds the text with --map text={kind.upper()}"
