"""An actor of an article, and when two names or nouns mean the same one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flows.extract import figures
from flows.ids import actor_id

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.lexicons import Figure

NATIONAL: Final = ("fn", "country", "demonym")  # what a common noun may stand with and still be no name of its own


@dataclass(slots=True)
class Actor:
    """A participant of one article; `words` are the content words of a person's longest name."""

    kind: str
    name: str
    key: str
    words: tuple[str, ...] = ()
    country: str | None = None
    sector: str | None = None
    gender: str = ""
    aliases: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    figure: Figure | None = None
    scoped: bool = False  # a common noun names it: "the government" is one in each country

    @property
    def identity(self) -> tuple[str, str]:
        """Kind and key, the key being language-independent where a lexicon knows the actor."""
        return self.kind, f"{self.key}/{self.country or ''}" if self.scoped else self.key

    @property
    def actor_id(self) -> str:
        """Content id: the hash of the identity."""
        return actor_id(*self.identity)


def noun_of(mention: Mention) -> str:
    """The common noun that names an organization together with its country ("Gobierno de Perú"); else ""."""
    scan = mention.scan
    if mention.kind == "role" or not mention.head:
        return mention.head
    head = {word.lower() for word in mention.head.split()}
    rest = [k for k in range(mention.first, mention.last) if scan.lows[k] not in head]
    national = all((hit := scan.hits[k]) is not None and any(kind in hit.senses for kind in NATIONAL) for k in rest)
    return mention.head if rest and national and mention.country else ""


def same_person(words: tuple[str, ...], mention: Mention, actor: Actor) -> bool:
    """Whether a name of those words may be the actor's."""
    if not words or not actor.words or not set(words) <= set(actor.words):
        return False
    if mention.gender in ("m", "f") and actor.gender and actor.gender != mention.gender:
        return False
    if figures.differ(mention, actor):
        return False
    return len(words) > 1 or words[0] in actor.words[1:] or words == actor.words[:1]


def same_stem(a: str, b: str) -> bool:
    """Whether two role words are forms of one ("ministro", "ministra"): they differ in the last two letters at most."""
    shorter = min(len(a), len(b))
    return shorter > 4 and a[: shorter - 1] == b[: shorter - 1] and abs(len(a) - len(b)) <= 2  # noqa: PLR2004


def initials(name: str) -> str:
    """The capitals that begin the words of a name."""
    return "".join(word[0] for word in name.split() if word[0].isupper())
