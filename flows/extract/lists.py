"""Lists of names -> members of one kind: those that are known decide the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.phrases import has_article, same_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.extract.mention import Mention
    from flows.extract.scan import Scan

PLACES: Final = ("region", "country", "area")
ACTORS: Final = ("person", "organization")
LIST_MARKS: Final = frozenset({",", ";", "/"})
MAX_BRACKET: Final = 6  # tokens of the bracket that may stand behind a member of a list
MAX_UNKNOWN: Final = 5  # times as many names of a list may be unknown as known
SQUAD: Final = 3  # names behind a colon that are a line-up


def settle_lists(scan: Scan, found: Sequence[Mention]) -> None:
    """Decide the unknown names of the block's lists."""
    for chain in _chains(scan, found):
        _agree(scan, chain)


def _chains(scan: Scan, found: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Runs of names that only commas and conjunctions part, with a bracket behind a name or not."""
    chain: list[Mention] = []
    for mention in found:
        if mention.kind not in ("name", "acronym") or _in_bracket(scan, mention):
            continue
        if chain and not _linked(scan, chain[-1], mention):
            yield chain
            chain = []
        chain.append(mention)
    if chain:
        yield chain


def _in_bracket(scan: Scan, mention: Mention) -> bool:
    """Whether the name alone fills a bracket, or is the first of its words."""
    return mention.phrase_first > 0 and scan.words[mention.phrase_first - 1] == "("


def _linked(scan: Scan, left: Mention, right: Mention) -> bool:
    if not same_sentence(scan, left.first, right.first):
        return False
    if right.role_text and scan.words[right.phrase_first - 1] == ",":  # explains the name before
        return False
    j = _behind_bracket(scan, max(left.last, left.phrase_last))
    between = range(j, right.phrase_first)
    return 0 < len(between) < 3 and all(  # noqa: PLR2004 ", and"
        scan.words[k] in LIST_MARKS or scan.classes(k) & {"and", "or"} for k in between
    )


def _behind_bracket(scan: Scan, j: int) -> int:
    if j < len(scan) and scan.words[j] == "(":
        for k in range(j + 1, min(j + MAX_BRACKET, len(scan))):
            if scan.words[k] == ")":
                return k + 1
    return j


def _agree(scan: Scan, chain: Sequence[Mention]) -> None:
    """Members of a list are of one kind: those that are known decide the others."""
    unknown = [m for m in chain if m.type == "unknown" and m.kind == "name"]
    if not unknown or len(chain) == 1:
        return
    known = {m.type for m in chain if m.type != "unknown"}
    colon = chain[0].first > 0 and scan.words[chain[0].first - 1] == ":"
    if line_up := colon and len(chain) >= SQUAD and known <= {"person"}:
        known = {"person"}
    elif "person" not in known and _place_beside(scan, chain):
        known.add("place")
    if len(unknown) > MAX_UNKNOWN * (len(chain) - len(unknown)) + 1 and not line_up:
        return
    if len(known) == 1 and (kind := next(iter(known))) in (*ACTORS, "place"):
        for mention in unknown:
            if kind != "person" or not has_article(scan, mention.first):
                mention.type, mention.rule = kind, "name.list"


def _place_beside(scan: Scan, chain: Sequence[Mention]) -> bool:
    """Whether the list goes on with a place before its first or behind its last name."""
    before, behind = chain[0].phrase_first - 1, chain[-1].last
    if before > 0 and _is_joint(scan, before) and _is_place(scan, before - 1):
        return True
    behind = _behind_bracket(scan, behind)
    return behind + 1 < len(scan) and _is_joint(scan, behind) and _is_place(scan, behind + 1)


def _is_joint(scan: Scan, k: int) -> bool:
    return scan.words[k] in LIST_MARKS or "and" in scan.classes(k)


def _is_place(scan: Scan, k: int) -> bool:
    hit = scan.hits[k]
    return hit is not None and any(kind in hit.senses for kind in PLACES) and "given" not in hit.senses
