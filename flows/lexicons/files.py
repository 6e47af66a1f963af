"""The shape of the lexicon files: decoding one checks its keys and types and names the file and key at fault.

Here the files of words and grammar; `named.py` has those of who and where.
"""

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


WordClass = Literal[
    "about",
    "adverb",
    "after",
    "against",
    "and",
    "article",
    "as",
    "at",
    "between",
    "but",
    "by",
    "club_article",
    "contracted",
    "definite",
    "demonstrative",
    "for",
    "from",
    "in",
    "indefinite",
    "of",
    "on",
    "or",
    "other",
    "plural",
    "possessive",
    "preposition",
    "relative",
    "subordinator",
    "that",
    "to",
    "with",
    "within_name",
]


class LanguageFile(Row, frozen=True):
    """Function words; `words` maps a closed class to its members."""

    code: str
    stopwords: Words
    words: dict[WordClass, Words]
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
    verb_last: bool = False  # verbs may stand at the end of their clause, behind their objects
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
    """Formulas or nouns that report speech; `weak` formulas ("for X", "so X") only beside a quotation.

    `owner` is the gender of the possessive that a formula holds ("in her view"): f, m, or mf for either.
    """

    CODED = {"stance": "stances"}

    forms: Words
    stance: str = "neutral"
    weak: bool = False
    owner: str = ""


class ReportingFile(Row, frozen=True):
    """The shape of reporting.toml: how speech is introduced."""

    verb: list[CueVerb]
    according: list[CueForms] = []
    after_name: list[CueForms] = []
    noun: list[CueForms] = []
    work: list[Forms] = []  # nouns and participles right before the title of a work ("film", "song", "entitled")


class Event(Row, frozen=True):
    """A frame: the words of one PLOVER type, mode and CAMEO code that take their parties in the same way."""

    CODED = {"type": "event_types", "mode": "modes", "cameo": "cameo"}

    type: str
    cameo: str
    mode: str | None = None
    contexts: Words = []
    verbs: Words = []
    nouns: Words = []
    needs: Literal["subject", "object", "pair", "party"] | None = None
    objects: frozenset[str] = frozenset()  # of a verb: one of these words stands in its clause
    of: Literal["actor", "recipient"] | None = None  # who stands behind a noun and "of"; None: as the type has it
    swap: bool = False


OperatorKind = Literal["promise", "demand", "must", "refuse", "threaten", "stop"]


class Operator(Row, frozen=True):
    """Words that make another event of the one behind them: verbs, and forms such as modals."""

    kind: OperatorKind
    verbs: Words = []
    forms: Words = []


def check_event(where: str, event: str) -> None:
    """Raise ValueError where a type, or type/mode, of events does not exist."""
    kind, _, mode = event.partition("/")
    if kind not in codes("event_types") or (mode and mode not in codes("modes")):
        raise ValueError(f"{where}: {event!r} is no event type")


class CompositionsFile(Row, frozen=True):
    """The shape of _any/compositions.toml: operator -> type, or type/mode -> the CAMEO code of both together."""

    promise: dict[str, str]
    demand: dict[str, str]
    must: dict[str, str]
    refuse: dict[str, str]
    threaten: dict[str, str]
    stop: dict[str, str]
    future: dict[str, str]
    announced: dict[str, str]
    armed: dict[str, str]
    words: dict[str, str]

    def __post_init__(self) -> None:
        """Raise ValueError for a type, a mode or a code that does not exist."""
        for operator in self.__struct_fields__:
            for event, cameo in getattr(self, operator).items():
                check_event(operator, event)
                if cameo not in codes("cameo"):
                    raise ValueError(f"{operator}: {cameo!r} is no code of cameo")


class TraitsFile(Row, frozen=True):
    """The shape of _any/traits.toml: what the grammar has to know of a type, or type/mode, of events."""

    accusing: frozenset[str]
    asking: frozenset[str]
    claiming: frozenset[str]
    conditional: frozenset[str]
    directed: frozenset[str]
    hosted: frozenset[str]
    in_place: frozenset[str]
    mutual: frozenset[str]
    public: frozenset[str]
    reaching: frozenset[str]
    refusing: frozenset[str]
    said: frozenset[str]
    said_of: frozenset[str]
    sent: frozenset[str]
    together: frozenset[str]
    undergone: frozenset[str]
    yielding: frozenset[str]

    def __post_init__(self) -> None:
        """Raise ValueError for a type or a mode that does not exist."""
        for trait in self.__struct_fields__:
            for event in sorted(getattr(self, trait)):
                check_event(trait, event)


class EventsFile(Row, frozen=True):
    """The shape of events.toml: frames of event types."""

    event: list[Event]
    operator: list[Operator] = []
    light: list[Lemmas] = []
    passive_light: list[Lemmas] = []
    not_event: list[Forms] = []


class RealisWords(Row, frozen=True):
    """Verbs and forms that change the realis of an event behind them."""

    lemmas: Words = []
    forms: Words = []


class RealisFile(Row, frozen=True):
    """The shape of realis.toml."""

    actual: RealisWords = RealisWords()
    future: RealisWords = RealisWords()
    hypothetical: RealisWords = RealisWords()
    negated: RealisWords = RealisWords()
    historical: RealisWords = RealisWords()


def decode(path: Path, shape: type[T]) -> T:
    """Read one TOML file as `shape`.

    Raises:
        LexiconError: naming the file and the key, when a key is unknown or missing, or a value has the wrong type.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {error}") from error
