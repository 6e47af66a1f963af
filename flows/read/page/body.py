"""The blocks of a page -> those that are the article's, chosen as the best run of paragraphs.

Every block that may be a paragraph earns points, more where it stands as most paragraphs of the page do; links and
scraps between two paragraphs cost some, and so does every level of the page that has to be climbed from one to the
next. The run with the highest sum is the article: menus, teasers and comments cost more than they earn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Final

from flows.read.page.blocks import HEADINGS, HIDDEN, Block, Place

SHORTEST: Final = 40  # characters of a block that counts as a paragraph
SHORTEST_LINE: Final = 4
MOST_LINKED: Final = 0.4
WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # a character says as much as three letters
SENTENCE_END: Final = re.compile('[.!?…:;"”»“)\u3002\uff01\uff1f\u300d\u300f\uff09]$')
NOT_WORD: Final = re.compile(r"[\W_]+")

# Points; halving or doubling any of them changes the measured quality by less than .01.
ENOUGH: Final = 200  # a paragraph of so many characters earns all that one can earn
SAME_CLASS, SAME_TAG, OTHER_TAG = 0.7, 0.5, 0.3  # parts of it for one that does not stand as most do
OUTSIDE: Final = 0.5  # for one outside of <article> where most are inside
LEVEL_COST: Final = 20
SCRAP_COST: Final = 15
LINKS_COST: Final = 30
ITEM_COST: Final = 5

TRUSTED_SHARE: Final = 0.4  # a word for "beside" that marks so much of the page marks the article itself
HIDDEN_SHARE: Final = 0.8  # and where so much is hidden, a script shows it
COPY_LENGTH: Final = 600
MOST_COPIES: Final = 5
MOST_COMPARED: Final = 2_000
LEAD_PREFIX: Final = 60
SHORTEST_LEAD: Final = 30
FEW_BLOCKS: Final = 20  # a page of so few is no page of a site, and may be taken as it is
SHORTEST_DECLARED: Final = 300
DECLARED_SHARE: Final = 0.6

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


def squeezed(text: str) -> str:
    """Letters and digits only, in lower case: equal for two renderings of the same words."""
    return NOT_WORD.sub("", text).lower()


def article_text(blocks: Sequence[Block], description: str = "", declared: str = "") -> str:
    """The article's paragraphs and subheadings, a blank line between two; empty when there are none.

    Args:
        blocks: all blocks of the page.
        description: what the page says that it is about: the lead is known by it.
        declared: the body that its metadata hold, however badly: paragraphs are known by it.
    """
    candidates = _below_headline([_candidate(block) for block in blocks])
    _drop_copies(candidates)
    _keep(candidates)
    _find_declared(candidates, squeezed(declared))
    _find_described(candidates, squeezed(description))
    kept = [c for c in candidates if c.is_kept]
    start, end = _best_run(kept)
    start, end = (0, len(kept)) if len(blocks) <= FEW_BLOCKS else _widened(kept, start, end)
    leads = [c for c in kept[:start] if c.is_described or (c.weight and c.block.place.is_lead)]
    return _joined((*leads[-1:], *_tidy_run(kept[start:end])))


def _joined(chosen: Iterable[Candidate]) -> str:
    return "\n\n".join(c.block.text for c in chosen)


def weight_of(text: str) -> int:
    """How much a text says: its characters, and three for each of a script that writes words with one or two."""
    return len(text) + 2 * len(WIDE.findall(text))


def _candidate(block: Block) -> Candidate:
    candidate = Candidate(block)
    if block.link_share < MOST_LINKED and block.place.tag not in HEADINGS:
        weight = weight_of(block.text)
        if weight >= SHORTEST:
            candidate.weight = weight
            candidate.key = squeezed(block.text)
    return candidate


def _total(candidates: Iterable[Candidate]) -> int:
    return sum(c.weight for c in candidates)


def _below_headline(candidates: list[Candidate]) -> list[Candidate]:
    """What follows the first <h1>, unless most of the text stands before it."""
    at = next((n for n, c in enumerate(candidates) if c.block.place.tag == "h1"), None)
    if at is None or 2 * _total(candidates[at:]) < _total(candidates):
        return candidates
    return candidates[at + 1 :]


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


def _keep(candidates: Sequence[Candidate]) -> None:
    """Leave out what stands beside the article, but not where the word for it marks a large part of the page."""
    shares: Counter[str] = Counter()
    for candidate in candidates:
        if candidate.block.place.beside is not None:
            shares[candidate.block.place.beside] += candidate.weight
    total = _total(candidates)
    trusted = {
        word for word, weight in shares.items() if weight > (HIDDEN_SHARE if word == HIDDEN else TRUSTED_SHARE) * total
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


def _find_declared(candidates: Sequence[Candidate], declared: str) -> None:
    """Mark the paragraphs that the metadata's body holds, where they are most of it."""
    if len(declared) < SHORTEST_DECLARED:
        return
    found = [c for c in candidates if c.weight and c.key in declared]
    if sum(len(c.key) for c in found) < DECLARED_SHARE * len(declared):
        return
    for candidate in found:
        candidate.is_declared = candidate.is_kept = True


def _best_run(kept: Sequence[Candidate]) -> tuple[int, int]:
    """Start and end of the stretch of blocks with the highest sum of points (Kadane's algorithm over paragraphs)."""
    points = _points(kept)
    best, best_from, best_to = 0.0, 0, 0
    run, start, cost = 0.0, 0, 0.0
    before: tuple[Place, ...] = ()
    for at, candidate in enumerate(kept):
        if not candidate.weight:
            cost += _cost(candidate.block)
            continue
        path = _path(candidate.block.place)
        run -= cost + (LEVEL_COST * _climb(before, path) if before else 0)
        if run <= 0:
            run, start = 0.0, at
        run += points[at]
        if run > best:
            best, best_from, best_to = run, start, at + 1
        before, cost = path, 0.0
    return best_from, best_to


def _cost(block: Block) -> int:
    """Of a block that is no paragraph."""
    if block.place.tag in HEADINGS:
        return 0
    if block.link_share > MOST_LINKED:
        return LINKS_COST
    return ITEM_COST if block.place.tag == "li" else SCRAP_COST


def _widened(kept: Sequence[Candidate], start: int, end: int) -> tuple[int, int]:
    """The run with the short paragraphs around it that stand in the same element."""
    while 0 < start < end and _belongs(kept[start - 1].block, kept[start].block):
        start -= 1
    while start < end < len(kept) and _belongs(kept[end].block, kept[end - 1].block):
        end += 1
    return start, end


def _belongs(block: Block, neighbour: Block) -> bool:
    return _is_line(block) and block.place.tag == neighbour.place.tag and block.place.parent is neighbour.place.parent


def _points(kept: Sequence[Candidate]) -> list[float]:
    looks: Counter[Look] = Counter()
    for candidate in kept:
        if candidate.weight:
            looks[candidate.look] += min(candidate.weight, 2 * ENOUGH)
    usual = max(looks, key=lambda look: (looks[look], look), default=("", "", ""))
    in_article = _total(c for c in kept if c.block.place.is_article)
    is_marked = 2 * in_article > _total(kept)
    is_declared = any(c.is_declared for c in kept)
    points = []
    for candidate in kept:
        worth = float(min(candidate.weight, ENOUGH))
        look = candidate.look
        if not (candidate.is_declared or candidate.is_described):
            if look[:2] != usual[:2]:
                worth *= SAME_TAG if look[0] == usual[0] else OTHER_TAG
            elif look != usual:
                worth *= SAME_CLASS
            if is_declared and look != usual:
                worth *= OTHER_TAG
        if is_marked and not candidate.block.place.is_article:
            worth *= OUTSIDE
        points.append(worth)
    return points


def _path(place: Place) -> tuple[Place, ...]:
    path = []
    at: Place | None = place
    while at is not None:
        path.append(at)
        at = at.parent
    return tuple(reversed(path))


def _climb(before: Sequence[Place], after: Sequence[Place]) -> int:
    """Levels from one element up to what both are in and down to the other; neighbours have none.

    Nor have two that are wrapped alike: some pages put each paragraph into eight elements of its own.
    """
    shared = 0
    for one, other in zip(before, after, strict=False):
        if one is not other:
            break
        shared += 1
    if [(p.tag, p.classes) for p in before[shared:]] == [(p.tag, p.classes) for p in after[shared:]]:
        return 0
    return max(0, len(before) - shared - 1) + max(0, len(after) - shared - 1)


def _tidy_run(run: Iterable[Candidate]) -> list[Candidate]:
    """Paragraphs, subheadings, and the short lines that end like a sentence or belong to a post."""
    chosen: list[Candidate] = []
    for candidate in run:
        block = candidate.block
        is_heading = block.place.tag in HEADINGS and block.place.tag != "h1" and block.link_share < MOST_LINKED
        is_post = block.place.is_quoted and bool(chosen) and chosen[-1].block.place.is_quoted
        if candidate.weight or candidate.is_described or is_heading or _is_line(block) or is_post:
            chosen.append(candidate)
    while chosen and chosen[-1].block.place.tag in HEADINGS:
        chosen.pop()
    return chosen


def _is_line(block: Block) -> bool:
    """Whether a block too short for a paragraph ends like a sentence, or is an item of a list."""
    is_item = block.place.tag == "li"
    return (
        block.link_share < MOST_LINKED
        and len(block.text) >= SHORTEST_LINE
        and (is_item or bool(SENTENCE_END.search(block.text)))
    )
