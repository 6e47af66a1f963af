"""The shape of every lexicon file: decoding one checks its keys and types and names the file and key at fault."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, TypeVar

import msgspec

from schemas.vocab import codes

T = TypeVar("T")
Words = list[str]


class LexiconError(ValueError):
    """A lexicon file is wrong; the message names the file, the key and what to do."""


class Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all rows: a key that is not declared is an error, and so is a code that its closed list does not have."""

    CODED: ClassVar[dict[str, str]] = {}  # key -> the closed list that its value is of

    def __post_init__(self) -> None:
        for key, vocab in self.CODED.items():
            value = getattr(self, key)
            if value is not None and value not in codes(vocab):
                raise ValueError(f"{key} {value!r} is no code of {vocab}")


class Pronoun(Row, frozen=True):
    """Forms of a pronoun with one gender, number and person."""

    forms: Words
    gender: Literal["m", "f", "mf"] = "mf"
    number: Literal["s", "p"] = "s"
    person: int = 3


class Lemmas(Row, frozen=True):
    """Verbs by their lemmas."""

    lemmas: Words


class Forms(Row, frozen=True):
    """Surface forms."""

    forms: Words


class LanguageFile(Row, frozen=True):
    """Function words; `words` maps a closed class ("of", "by", "relative" ...) to its members."""

    code: str
    stopwords: Words
    words: dict[str, Words]
    abbreviations: Words = []
    name_particles: Words = []
    countries: Words = []  # ISO alpha-3 of the countries whose press writes in this language
    head_final: bool = False  # the head of an organization's name may stand last ("State Department")
    noun_capitals: bool = False  # every noun has a capital, so a capital alone makes no name
    noun_endings: Words = []  # where every noun has a capital: how common nouns end and names do not
    lower_adjectives: bool = False  # the adjectives inside an organization's name have no capital
    pro_drop: bool = False  # a verb needs no subject of its own: the topic is meant
    dialogue_dashes: bool = False  # a dash at the start of a paragraph opens speech, and is no list
    bare_clauses: bool = False  # reported speech needs no conjunction ("said the road was closed")
    verb_particles: Words = []  # parts of verbs that stand at the end of their clause ("teilte … mit")
    be: Lemmas = Lemmas([])
    have: Lemmas = Lemmas([])
    pronoun: list[Pronoun] = []


TENSES = (
    "present",
    "past",
    "future",
    "conditional",
    "subjunctive",
    "infinitive",
    "gerund",
    "participle",
    "imperative",
)


class Paradigm(Row, frozen=True):
    """Endings by tense; each replaces `suffix` at the end of a lemma."""

    suffix: str
    present: Words = []
    past: Words = []
    future: Words = []
    conditional: Words = []
    subjunctive: Words = []
    infinitive: Words = []
    gerund: Words = []
    participle: Words = []
    imperative: Words = []


class Irregular(Row, frozen=True):
    """Whole forms by tense in place of the paradigm's; `like` takes them from another lemma and keeps the prefix."""

    like: str | None = None
    present: Words | None = None
    past: Words | None = None
    future: Words | None = None
    conditional: Words | None = None
    subjunctive: Words | None = None
    infinitive: Words | None = None
    gerund: Words | None = None
    participle: Words | None = None
    imperative: Words | None = None


class VerbsFile(Row, frozen=True):
    """The shape of verbs.toml: morphology."""

    paradigm: list[Paradigm]
    irregular: dict[str, Irregular] = {}


class CueVerb(Row, frozen=True):
    """Verbs that report speech; `weak` ones are often something else."""

    CODED = {"stance": "stances"}

    stance: str
    lemmas: Words
    weak: bool = False


class CueForms(Row, frozen=True):
    """Formulas or nouns that report speech; `weak` formulas ("for X", "so X") only beside a quotation."""

    CODED = {"stance": "stances"}

    forms: Words
    stance: str = "neutral"
    weak: bool = False


class ReportingFile(Row, frozen=True):
    """The shape of reporting.toml: how speech is introduced."""

    verb: list[CueVerb]
    according: list[CueForms] = []
    after_name: list[CueForms] = []
    noun: list[CueForms] = []
    work: list[Forms] = []  # nouns and participles right before the title of a work ("film", "song", "entitled")


class Role(Row, frozen=True):
    """Role nouns of one PLOVER sector by gender, and their plurals."""

    CODED = {"sector": "sectors"}

    sector: str
    m: Words = []
    f: Words = []
    mf: Words = []
    plural: Words = []


class Title(Row, frozen=True):
    """Words of courtesy right before a name."""

    m: Words = []
    f: Words = []
    mf: Words = []


class SectorForms(Row, frozen=True):
    """Forms of one PLOVER sector."""

    CODED = {"sector": "sectors"}

    sector: str
    forms: Words


class RolesFile(Row, frozen=True):
    """The shape of roles.toml: who people are."""

    role: list[Role]
    title: list[Title] = []
    group: list[SectorForms] = []
    former: list[Forms] = []
    unnamed: list[SectorForms] = []


class OrgHead(Row, frozen=True):
    """Nouns that head names of organizations; `generic` ones act alone too."""

    CODED = {"sector": "sectors"}

    sector: str
    forms: Words
    generic: bool = False


class KnownOrg(Row, frozen=True):
    """An organization with the key that it has in all languages."""

    CODED = {"country": "actor_countries", "sector": "sectors"}

    key: str
    name: str
    forms: Words
    country: str | None = None
    sector: str | None = None


class OrganizationsFile(Row, frozen=True):
    """The shape of organizations.toml."""

    head: list[OrgHead] = []
    known: list[KnownOrg] = []
    prefix: list[SectorForms] = []  # of clubs and companies: "FC", "Grupo"
    suffix: list[SectorForms] = []
    thing: list[Forms] = []  # nouns that head names of places, events, works and laws: "Plaza", "Copa"
    thing_suffix: list[Forms] = []  # words that end such names in any language: "River", "Cup"
    abbreviation: list[Forms] = []  # in capitals like acronyms, but of things: "DVD", "PIB"
    sport: list[Forms] = []  # words beside which the name of a city may be its club's
    adjective: list[Forms] = []  # lower-case adjectives inside names: "Assemblée nationale"


class Country(Row, frozen=True):
    """A country (ISO alpha-3) with what stands for it."""

    CODED = {"code": "countries"}

    code: str
    names: Words = []
    demonyms: Words = []
    capital: Words = []
    government: Words = []


class Region(Row, frozen=True):
    """Places inside one country."""

    CODED = {"code": "countries"}

    code: str
    names: Words


class Area(Row, frozen=True):
    """Places larger than a country."""

    names: Words


class PlacesFile(Row, frozen=True):
    """The shape of places.toml."""

    country: list[Country]
    region: list[Region] = []
    area: list[Area] = []


class Event(Row, frozen=True):
    """A frame: the words of one PLOVER type, mode and CAMEO code that take their parties in the same way."""

    CODED = {"type": "event_types", "mode": "modes", "cameo": "cameo"}

    type: str
    cameo: str
    mode: str | None = None
    contexts: Words = []
    verbs: Words = []
    nouns: Words = []
    needs: Literal["subject", "object", "pair"] | None = None
    swap: bool = False


class EventsFile(Row, frozen=True):
    """The shape of events.toml: frames of event types."""

    event: list[Event]
    light: list[Lemmas] = []
    passive_light: list[Lemmas] = []
    not_event: list[Forms] = []


class RealisWords(Row, frozen=True):
    """Verbs and forms that change the realis of an event behind them."""

    lemmas: Words = []
    forms: Words = []


class RealisFile(Row, frozen=True):
    """The shape of realis.toml."""

    future: RealisWords = RealisWords()
    hypothetical: RealisWords = RealisWords()
    negated: RealisWords = RealisWords()
    historical: RealisWords = RealisWords()


class Given(Row, frozen=True):
    """Given names of one gender; `ambiguous` ones are also common words or places."""

    gender: Literal["m", "f", "mf"]
    forms: Words
    ambiguous: bool = False


class NamesFile(Row, frozen=True):
    """The shape of names.toml of `_any`: parts of people's names."""

    given: list[Given] = []
    surname: list[Forms] = []
    particle: list[Forms] = []
    suffix: list[Forms] = []


class Agency(Row, frozen=True):
    """A news agency."""

    CODED = {"country": "actor_countries"}

    key: str
    name: str
    forms: Words
    country: str | None = None
    domain: str | None = None


class Outlet(Row, frozen=True):
    """A publisher."""

    CODED = {"country": "actor_countries"}

    name: str
    forms: Words
    country: str | None = None
    domain: str | None = None
    language: str | None = None


class AgenciesFile(Row, frozen=True):
    """The shape of agencies.toml of `_any`."""

    agency: list[Agency] = []
    outlet: list[Outlet] = []


class Platform(Row, frozen=True):
    """A social platform."""

    key: str
    names: Words
    domains: Words = []


class PlatformsFile(Row, frozen=True):
    """The shape of platforms.toml of `_any`."""

    platform: list[Platform]


def decode(path: Path, shape: type[T]) -> T:
    """Read one TOML file as `shape`.

    Raises:
        LexiconError: naming the file and the key, when a key is unknown or missing, or a value has the wrong type.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {error}") from error
