"""An event word under a word of promise, demand, refusal, threat or end -> the event that both make together.

"Agreed to send aid" is no aid yet but an agreement, "must withdraw" a request, "refused to meet" a rejection, "suspended
aid" a sanction (PLOVER manual 2.0, under AGREE, REQUEST, REJECT, THREATEN and SANCTION). Which makes what stands in
`_any/compositions.toml`, the words in each language's `events.toml`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from flows.extract.clauses import reported_subject, subject, subject_before, with_coordinated
from flows.lexicons import compositions
from flows.lexicons.trie import bits
from schemas.vocab import entries

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

REACH: Final = 9  # tokens from the operator to the event word
OPERATORS: Final = bits("operator")
EVENT_WORDS: Final = bits("event", "event_noun")
ENDS: Final = frozenset({"relative", "subordinator", "and", "or", "but", "by", "with", "from"})
ASKING: Final = frozenset({"demand", "must"})  # somebody else shall do it, whose name stands between or before


class Outer(NamedTuple):
    """The operator over an event word: its token, and what it is, its negation counted in."""

    token: int
    kind: str
    sense: Sense


class Coded(NamedTuple):
    """An event's codes."""

    type: str
    mode: str | None
    cameo: str


@cache
def composed(operator: str, kind: str, mode: str | None) -> Coded | None:
    """What an operator makes of an event of that type and mode; None when it leaves it what it is."""
    table: dict[str, str] = getattr(compositions(), operator)
    cameo = table.get(f"{kind}/{mode}") or table.get(kind)
    if cameo is None:
        return None
    entry = entries("cameo")[cameo]
    return Coded(entry["type"], entry.get("mode"), cameo)


def operator_of(reading: Reading, trigger: int, low: int) -> Outer | None:
    """The nearest operator before the event word, with nothing between that begins a clause or is an event itself."""
    scan, crossed, negated = reading.scan, False, False
    k = trigger - 1
    while k >= max(low, trigger - REACH):
        hit, mention = scan.hits[k], reading.mention_at[k]
        if mention is None and hit is not None and hit.kinds & OPERATORS:
            sense = hit.senses["operator"][0]
            refused = sense.lemma == "promise" and (negated or _is_negation(reading, hit.first - 1))
            if crossed and sense.lemma not in ASKING:
                return None
            return Outer(hit.first, "refuse" if refused else sense.lemma, sense)
        if _ends(reading, k, asked=crossed):
            return None
        negated = negated or _is_negation(reading, k)
        crossed = crossed or mention is not None
        k = (mention.phrase_first if mention is not None else k if hit is None else hit.first) - 1
    return None


def parties_of(
    reading: Reading, outer: Outer, doers: list[Mention], undergoers: list[Mention], low: int, high: int
) -> tuple[list[Mention], list[Mention]]:
    """Who promises, demands, refuses or ends something, and to whom."""
    if outer.kind == "must":
        return _told(reading, outer.token, low, high), doers
    first = reported_subject(reading, outer.token, low)
    if first is None and outer.sense.tense:
        first = subject(reading, outer.token, low, high)
    elif first is None:
        first = subject_before(reading, outer.token, low)
    doing = [] if first is None else with_coordinated(reading, first)
    others = [m for m in doers if m not in doing]
    if outer.kind == "demand":
        return doing, others or undergoers
    return doing or doers, [m for m in undergoers or others if m not in doing]


def _told(reading: Reading, k: int, low: int, high: int) -> list[Mention]:
    """Whoever says so: the subject of the verb of speech before token k, or of the one at the end of the sentence."""
    for j in range(k - 1, low - 1, -1):
        if reading.finite(j, ("cue",)) is not None:
            first = subject_before(reading, j, low)
            return [first] if first is not None else []
    return []


def _ends(reading: Reading, k: int, *, asked: bool) -> bool:
    """Whether what stands before token k belongs to another clause or to another event."""
    scan, hit = reading.scan, reading.scan.hits[k]
    if scan.words[k] in ";:,()" or reading.quote_at[k] >= 0:
        return True
    if hit is None or reading.mention_at[k] is not None:
        return False
    if hit.classes & ENDS and not (asked and "that" in hit.classes):
        return True
    return bool(hit.kinds & EVENT_WORDS) and "light" not in hit.senses


def _is_negation(reading: Reading, k: int) -> bool:
    sense = reading.scan.sense(k, "realis") if k >= 0 else None
    return sense is not None and sense.lemma == "negated" and not sense.tense
