"""The blocks of a page -> candidates for its article, with what speaks for and against each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import islice
from typing import Final

from flows.read.page.blocks import HEADINGS, HIDDEN, Block, Place
from flows.read.page.vocabulary import vocabulary

SHORTEST: Final = 40  # characters of a block that counts as a paragraph
MOST_LINKED: Final = 0.4
WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # a character says as much as three letters
NOT_WORD: Final = re.compile(r"[\W_]+")

TRUSTED_SHARE: Final = 0.4  # a word for "beside" that marks so much of the page may mark the article itself
HIDDEN_SHARE: Final = 0.8  # and where so much is hidden, a script shows it
UNMARKED_SHARE: Final = 0.5  # of what such a word marks: where as much stands unmarked, the article is there
COPY_LENGTH: Final = 600
MOST_COPIES: Final = 5
MOST_COMPARED: Final = 2_000
LEAD_PREFIX: Final = 60
SHORTEST_LEAD: Final = 30
SHORTEST_DECLARED: Final = 150
DECLARED_SHARE: Final = 0.6

LONGEST_ASIDE: Final = 200  # characters of a line that leads elsewhere

Look = tuple[str, str, str]


@dataclass(slots=True, eq=False)
class Candidate:
    """A block with what was found out about it; `weight` is 0 where it is no paragraph."""

    block: Block
    key: str = ""
    weight: int = 0
    is_kept: bool = True
    is_described: bool = False
    is_declared: bool = False

    @property
    def look(self) -> Look:
        """What the paragraphs of one article have in common."""
        place = self.block.place
        return place.tag, place.classes, place.parent.classes if place.parent else ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is left of a page in reading order, and the element of the article that its headline is in."""

    kept: Sequence[Candidate]
    article: Place | None


def candidates_of(blocks: Iterable[Block], description: str, declared: str) -> Candidates:
    """Everything below the headline that does not stand beside the article and is no copy."""
    found, article = _below_headline([_candidate(block) for block in blocks])
    _drop_copies(found)
    _drop_beside(found)
    _find_declared(found, squeezed(declared))
    _find_described(found, squeezed(description))
    return Candidates([c for c in found if c.is_kept], article)


def squeezed(text: str) -> str:
    """Letters and digits only, in lower case: equal for two renderings of the same words."""
    return NOT_WORD.sub("", text).lower()


def weight_of(text: str) -> int:
    """How much a text says: its characters, and three for each of a script that writes words with one or two."""
    return len(text) + 2 * len(WIDE.findall(text))


def total(candidates: Iterable[Candidate]) -> int:
    """How much all paragraphs say."""
    return sum(c.weight for c in candidates)


def _candidate(block: Block) -> Candidate:
    candidate = Candidate(block)
    if len(block.text) <= LONGEST_ASIDE and _aside().match(block.text):
        candidate.is_kept = False
    elif block.link_share < MOST_LINKED and block.place.tag not in HEADINGS:
        weight = weight_of(block.text)
        if weight >= SHORTEST:
            candidate.weight = weight
            candidate.key = squeezed(block.text)
    return candidate


@cache
def _aside() -> re.Pattern[str]:
    """The beginning of a line that leads elsewhere, or asks the reader for something."""
    lines = vocabulary().lines
    pointers, requests, requested = (
        "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        for words in (lines.pointers, lines.requests, lines.requested)
    )
    return re.compile(
        rf"[^\w\"'“«]{{0,4}}(?:(?:{pointers})\s?(?:[:|>»\N{{EM DASH}}\N{{EN DASH}}-]|$)"
        rf"|(?:{requests})\b.{{0,{LONGEST_ASIDE}}}\b(?:{requested})\b)",
        re.IGNORECASE,
    )


def _below_headline(candidates: list[Candidate]) -> tuple[list[Candidate], Place | None]:
    """What follows the first <h1>, unless most of the text stands before it."""
    at = next((n for n, c in enumerate(candidates) if c.block.place.tag == "h1"), None)
    if at is None or 2 * total(candidates[at:]) < total(candidates):
        return candidates, None
    return candidates[at + 1 :], candidates[at].block.place.article


def _drop_copies(candidates: Iterable[Candidate]) -> None:
    """Paragraphs that are there twice, and blocks that hold others once more (for a printer, or behind a paywall)."""
    seen: set[str] = set()
    paragraphs = [c for c in candidates if c.weight]
    for candidate in paragraphs:
        if candidate.key in seen:
            candidate.weight, candidate.is_kept = 0, False
        seen.add(candidate.key)
    for big in nlargest(MOST_COPIES, paragraphs, key=lambda c: c.weight):
        if len(big.key) > COPY_LENGTH:
            others = islice((c for c in paragraphs if c.weight and c is not big), MOST_COMPARED)
            if 2 * sum(len(c.key) for c in others if c.key in big.key) > len(big.key):
                big.weight, big.is_kept = 0, False


def _drop_beside(candidates: Sequence[Candidate]) -> None:
    """Leave out what stands beside the article, but not where the word for it marks the article itself."""
    shares: Counter[str | None] = Counter()
    for candidate in candidates:
        shares[candidate.block.place.beside] += candidate.weight
    everything, unmarked = sum(shares.values()), shares[None]
    trusted = {
        word
        for word, weight in shares.items()
        if weight > (HIDDEN_SHARE if word == HIDDEN else TRUSTED_SHARE) * everything
        and unmarked < UNMARKED_SHARE * weight
    }
    for candidate in candidates:
        beside = candidate.block.place.beside
        candidate.is_kept = candidate.is_kept and (beside is None or beside in trusted)


def _find_described(candidates: Iterable[Candidate], description: str) -> None:
    """Mark the block that the page's description begins with; it is kept wherever it stands."""
    if len(description) <= SHORTEST_LEAD:
        return
    for candidate in candidates:
        block = candidate.block
        if len(block.text) < SHORTEST_LEAD or block.link_share > MOST_LINKED or block.place.tag in HEADINGS:
            continue
        key = candidate.key or squeezed(block.text)
        if key.startswith(description[:LEAD_PREFIX]) or (candidate.key and key in description):
            candidate.is_kept = candidate.is_described = True
            return


def _find_declared(candidates: Iterable[Candidate], declared: str) -> None:
    """Mark the paragraphs that the metadata's body holds, where they are most of it."""
    if len(declared) < SHORTEST_DECLARED:
        return
    found = [c for c in candidates if c.weight and c.key in declared]
    if sum(len(c.key) for c in found) < DECLARED_SHARE * len(declared):
        return
    for candidate in found:
        candidate.is_declared = candidate.is_kept = True
