"""The product's knowledge of languages: TOML files in, one compiled lexicon per language out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

import babel
import msgspec

from flows.budget import untimed
from flows.lexicons import compile as compiling
from flows.lexicons import files, named
from flows.lexicons.dates import dates_file
from flows.lexicons.files import LexiconError
from flows.lexicons.kept import kept, mark
from flows.lexicons.morphology import Conjugator
from flows.lexicons.people import Figure, People, PeopleFile, people_of
from flows.lexicons.senses import Hit, Sense, Senses
from flows.lexicons.trie import Trie, tokens_of
from schemas.vocab import FOLDER as VOCAB

__all__ = [
    "ANY",
    "Figure",
    "Hit",
    "Lexicon",
    "LexiconError",
    "People",
    "Sense",
    "Senses",
    "Trie",
    "compositions",
    "languages",
    "load",
    "people",
    "shared",
    "traits",
]

T = TypeVar("T")

FOLDER: Final = Path(__file__).parent
ANY: Final = "_any"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, compiled: phrases in `trie`, and what the grammar asks of the language.

    `infinitives` are the endings of infinitives, one of them empty where the bare word is one.
    """

    code: str
    trie: Trie
    abbreviations: frozenset[str]
    name_particles: frozenset[str]  # their single words
    particle_phrases: frozenset[str]  # tokens joined by blanks
    contracted: frozenset[str]
    definite: frozenset[str]
    club_article: frozenset[str]
    countries: frozenset[str]
    head_final: bool
    noun_capitals: bool
    noun_endings: tuple[str, ...]
    lower_adjectives: bool
    pro_drop: bool
    dialogue_dashes: bool
    bare_clauses: bool
    infinitives: tuple[str, ...]
    verb_last: bool
    verb_particles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all languages share."""

    names: named.NamesFile
    organizations: named.OrganizationsFile
    agencies: named.AgenciesFile


@lru_cache(maxsize=1)
@untimed()
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a lexicon, sorted: a folder with a language.toml is one."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/language.toml")))


@lru_cache(maxsize=1)
@untimed()
def shared() -> Shared:
    """The files of `_any`."""
    folder = FOLDER / ANY
    return Shared(
        names=files.decode(folder / "names.toml", named.NamesFile),
        organizations=files.decode(folder / "organizations.toml", named.OrganizationsFile),
        agencies=files.decode(folder / "agencies.toml", named.AgenciesFile),
    )


@lru_cache(maxsize=1)
@untimed()
def people() -> People:
    """The public figures of the world."""
    path = FOLDER / ANY / "people.toml"
    return _kept("people", [path], lambda: people_of(files.decode(path, PeopleFile)))


@lru_cache(maxsize=1)
@untimed()
def compositions() -> files.CompositionsFile:
    """What operators make of events."""
    return files.decode(FOLDER / ANY / "compositions.toml", files.CompositionsFile)


@lru_cache(maxsize=1)
def traits() -> files.TraitsFile:
    """What the grammar has to know of the types of events."""
    return files.decode(FOLDER / ANY / "traits.toml", files.TraitsFile)


@cache
def language_file(code: str) -> files.LanguageFile:
    """The language.toml of one language: function words and stop words."""
    return files.decode(FOLDER / code / "language.toml", files.LanguageFile)


@cache
@untimed()
def load(code: str | None) -> Lexicon:
    """The lexicon of a language; for one without a folder, what all languages share.

    Raises:
        LexiconError: when a file is missing or wrong.
    """
    if code not in languages():
        return replace(_nameless(), code=code or "")
    sources = ((FOLDER / ANY).glob("*.toml"), (FOLDER / code).glob("*.toml"), VOCAB.glob("*.toml"))
    return _kept(code, chain(*sources), lambda: _compiled(code))


@cache
def _nameless() -> Lexicon:
    """What all languages share, as the lexicon of none."""

    def make() -> Lexicon:
        trie = Trie()
        _fill_shared(trie)
        return _lexicon(files.LanguageFile("", [], {}), trie.freeze())

    return _kept(ANY, (FOLDER / ANY).glob("*.toml"), make)


def _kept(name: str, sources: Iterable[Path], make: Callable[[], T]) -> T:
    """What is compiled of files: the cache's, if that was made of these files by this code."""
    versions = f"babel {babel.__version__} msgspec {msgspec.__version__}"
    return kept(f"{name}-{mark(FOLDER)}.lexicon", chain(FOLDER.glob("*.py"), sources), versions, make)


def _compiled(code: str) -> Lexicon:
    trie = Trie()
    infinitives = fill(trie, code)
    return _lexicon(language_file(code), trie.freeze(), infinitives)


def fill(trie: Trie, code: str) -> tuple[str, ...]:
    """Add all that the files of a language and `_any` hold; the endings of the language's infinitives."""
    _fill_shared(trie)
    folder = FOLDER / code
    verbs = Conjugator(files.decode(folder / "verbs.toml", files.VerbsFile), str(folder / "verbs.toml"))
    compiling.add_language(trie, language_file(code), verbs)
    compiling.add_reporting(trie, files.decode(folder / "reporting.toml", files.ReportingFile), verbs)
    compiling.add_roles(trie, files.decode(folder / "roles.toml", named.RolesFile))
    compiling.add_organizations(trie, files.decode(folder / "organizations.toml", named.OrganizationsFile))
    compiling.add_places(trie, files.decode(folder / "places.toml", named.PlacesFile), code)
    compiling.add_events(trie, files.decode(folder / "events.toml", files.EventsFile), verbs)
    compiling.add_realis(trie, files.decode(folder / "realis.toml", files.RealisFile), verbs)
    compiling.add_calendar(trie, dates_file(code))
    trie.inherit("cue", into="event")
    for kind in ("cue", "event", "event_noun", "light", "realis", "speech_noun"):
        trie.inherit(kind, into="operator")
    return verbs.infinitives


def _fill_shared(trie: Trie) -> None:
    common = shared()
    compiling.add_names(trie, common.names)
    compiling.add_organizations(trie, common.organizations)
    compiling.add_agencies(trie, common.agencies)


def _lexicon(language: files.LanguageFile, trie: Trie, infinitives: tuple[str, ...] = ()) -> Lexicon:
    shared_particles = [form for row in shared().names.particle for form in row.forms]
    phrases = [*shared_particles, *language.name_particles]
    particles = {word for phrase in shared_particles for word in phrase.split()}
    particles.update(word for phrase in language.name_particles for word in phrase.split())
    return Lexicon(
        code=language.code,
        trie=trie,
        abbreviations=frozenset(language.abbreviations),
        name_particles=frozenset(particles),
        particle_phrases=frozenset(" ".join(tokens_of(phrase)) for phrase in phrases),
        contracted=frozenset(word.rstrip("'") for word in language.words.get("contracted", ())),
        definite=frozenset(language.words.get("definite", ())),
        club_article=frozenset(language.words.get("club_article", ())),
        countries=frozenset(language.countries),
        head_final=language.head_final,
        noun_capitals=language.noun_capitals,
        noun_endings=tuple(language.noun_endings),
        lower_adjectives=language.lower_adjectives,
        pro_drop=language.pro_drop,
        dialogue_dashes=language.dialogue_dashes,
        bare_clauses=language.bare_clauses,
        infinitives=infinitives,
        verb_last=language.verb_last,
        verb_particles=frozenset(language.verb_particles),
    )
