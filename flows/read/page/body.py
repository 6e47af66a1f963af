"""The blocks of a page -> the text of its article, chosen as the best run of paragraphs.

Every block that may be a paragraph earns points, more where it stands as most paragraphs of the page do; links and
scraps between two paragraphs cost some, and so does every level of the page that has to be climbed from one to the
next. The run with the highest sum is the article: menus, teasers and comments cost more than they earn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

from flows.read.page.blocks import HEADINGS, Block, Place
from flows.read.page.candidates import MOST_LINKED, Candidate, Candidates, Look, candidates_of, total

SHORTEST_LINE: Final = 4
SENTENCE_END: Final = re.compile('[.!?…:;"”»“)\u3002\uff01\uff1f\u300d\u300f\uff09]$')
FEW_BLOCKS: Final = 20  # a page of so few is no page of a site, and may be taken as it is

# Points; halving or doubling any of them changes the measured quality by less than .01.
ENOUGH: Final = 200  # a paragraph of so many characters earns all that one can earn
SAME_CLASS, SAME_TAG, OTHER_TAG = 0.7, 0.5, 0.3  # parts of it for one that does not stand as most do
OUTSIDE: Final = 0.5  # for one outside of the <article> that the others are in
LEVEL_COST: Final = 20
SCRAP_COST: Final = 15
LINKS_COST: Final = 30
ITEM_COST: Final = 5
OWN_SHARE: Final = 0.25  # an <article> with the headline and less of the text than this has nothing but the headline


def article_text(blocks: Sequence[Block], description: str = "", declared: str = "") -> str:
    """The article's paragraphs and subheadings, a blank line between two; empty when there are none.

    Args:
        blocks: all blocks of the page.
        description: what the page says that it is about: the lead is known by it.
        declared: the body that its metadata hold, however badly: paragraphs are known by it.
    """
    found = candidates_of(blocks, description, declared)
    kept = found.kept
    if len(blocks) <= FEW_BLOCKS:
        start, end = 0, len(kept)
    else:
        start, end = _widened(kept, *_best_run(kept, _points(found)))
    leads = [c for c in kept[:start] if c.is_described or (c.weight and c.block.place.is_lead)]
    return "\n\n".join(c.block.text for c in (*leads[-1:], *_tidy_run(kept[start:end])))


def whole_text(blocks: Sequence[Block]) -> str:
    """The text of blocks that are all of one article: only links, what stands beside it and copies are left out."""
    kept = candidates_of(blocks, "", "").kept
    return "\n\n".join(c.block.text for c in kept if c.block.link_share < MOST_LINKED or c.block.place.is_quoted)


def _points(found: Candidates) -> list[float]:
    inside = _articles(found)
    looks: Counter[Look] = Counter()
    for candidate in found.kept:
        if candidate.weight and (not inside or candidate.block.place.article in inside):
            looks[candidate.look] += min(candidate.weight, 2 * ENOUGH)
    usual = max(looks, key=lambda look: (looks[look], look), default=("", "", ""))
    is_declared = any(c.is_declared for c in found.kept)
    points = []
    for candidate in found.kept:
        worth = float(min(candidate.weight, ENOUGH))
        if not (candidate.is_declared or candidate.is_described):
            worth *= _likeness(candidate.look, usual)
            if is_declared and candidate.look != usual:
                worth *= OTHER_TAG
        if inside and candidate.block.place.article not in inside:
            worth *= OUTSIDE
        points.append(worth)
    return points


def _likeness(look: Look, usual: Look) -> float:
    if look == usual:
        return 1.0
    if look[:2] == usual[:2]:
        return SAME_CLASS
    return SAME_TAG if look[0] == usual[0] else OTHER_TAG


def _articles(found: Candidates) -> Collection[Place]:
    """The <article> of the headline, or all of them where they hold most of the text; none where they say nothing."""
    weights: Counter[Place] = Counter()
    for candidate in found.kept:
        if candidate.block.place.article is not None:
            weights[candidate.block.place.article] += candidate.weight
    everything = total(found.kept)
    if found.article is not None and weights[found.article] > OWN_SHARE * everything:
        return {found.article}
    return weights.keys() if 2 * sum(weights.values()) > everything else ()


def _best_run(kept: Sequence[Candidate], points: Sequence[float]) -> tuple[int, int]:
    """Start and end of the stretch of blocks with the highest sum of points (Kadane's algorithm over paragraphs)."""
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
    if block.link_share > MOST_LINKED:
        return LINKS_COST
    if block.place.tag in HEADINGS:
        return 0
    return ITEM_COST if block.place.tag == "li" else SCRAP_COST


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


def _widened(kept: Sequence[Candidate], start: int, end: int) -> tuple[int, int]:
    """The run with the short paragraphs around it that stand in the same element."""
    while 0 < start < end and _belongs(kept[start - 1].block, kept[start].block):
        start -= 1
    while start < end < len(kept) and _belongs(kept[end].block, kept[end - 1].block):
        end += 1
    return start, end


def _belongs(block: Block, neighbour: Block) -> bool:
    return _is_line(block) and block.place.tag == neighbour.place.tag and block.place.parent is neighbour.place.parent


def _tidy_run(run: Sequence[Candidate]) -> list[Candidate]:
    """Paragraphs, subheadings, and the short lines that end like a sentence or belong to a post."""
    chosen: list[Candidate] = []
    for candidate, following in zip_longest(run, run[1:]):
        block = candidate.block
        is_heading = block.place.tag in HEADINGS and block.place.tag != "h1" and block.link_share < MOST_LINKED
        is_post = block.place.is_quoted and any(c.block.place.is_quoted for c in (*chosen[-1:], following) if c)
        if candidate.weight or candidate.is_described or is_heading or _is_line(block) or is_post:
            chosen.append(candidate)
    while chosen and chosen[-1].block.place.tag in HEADINGS:
        chosen.pop()
    return chosen


def _is_line(block: Block) -> bool:
    """Whether a block too short for a paragraph ends like a sentence, or is an item of a list."""
    if block.link_share >= MOST_LINKED or len(block.text) < SHORTEST_LINE:
        return False
    return block.place.tag == "li" or SENTENCE_END.search(block.text) is not None
