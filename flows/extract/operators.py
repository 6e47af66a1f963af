"""An event word under a word of promise, demand, refusal, threat or end -> the event that both make together.

"Agreed to send aid" is no aid yet but an agreement, "must withdraw" a request, "refused to meet" a rejection,
"suspended aid" a sanction (PLOVER manual 2.0, under AGREE, REQUEST, REJECT, THREATEN and SANCTION). Which makes what
stands in `_any/compositions.toml`, the words in each language's `events.toml`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from flows.extract.clauses import reported_subject, subject, subject_before, with_coordinated
from flows.extract.complements import behind
from flows.extract.nouns import PREPOSITIONAL
from flows.lexicons import compositions, traits
from flows.lexicons.senses import bits
from schemas.vocab import entries

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense, Senses

REACH: Final = 9  # tokens from the operator to the event word
OPERATORS: Final = bits("operator")
EVENT_WORDS: Final = bits("event", "event_noun")
GOVERNING: Final = OPERATORS | EVENT_WORDS
ENDS: Final = frozenset({"relative", "subordinator", "and", "or", "but", "with", "from"})
COMPLEMENT: Final = frozenset({"and", "with", "from"})
BY: Final = frozenset({"by"})
ASKING: Final = frozenset({"demand", "must"})  # somebody else shall do it, whose name stands between or before


class Outer(NamedTuple):
    """The operator over an event word: its token, and what it is, its negation counted in.

    `kind` is one of the operators' or "said": an event of words alone that is about the other.
    """

    token: int
    kind: str
    sense: Sense
    passive: bool = False


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
    if not scan.having(GOVERNING, max(low, trigger - 2 * REACH), trigger):
        return None
    k = trigger - 1
    while k >= max(low, trigger - REACH):
        hit, mention = scan.hits[k], reading.mention_at[k]
        if hit is not None and _operates(reading, k):
            sense = hit.senses["operator"][0]
            if crossed and sense.lemma not in ASKING:
                return None
            denied = _is_negation(reading, hit.first - 1)
            refused = sense.lemma == "promise" and (negated or denied)
            return Outer(hit.first - denied, "refuse" if refused else sense.lemma, sense)
        if scan.words[k] == "," and (opened := _insertion(reading, k, low)) is not None:
            k, trigger = opened - 1, trigger - (k - opened)
            continue
        if _ends(reading, k, asked=crossed):
            said = None if hit is None else _statement(hit.senses)
            if said is None or hit is None or (crossed and not _asks_that(reading, hit.last - 1, said)):
                return None
            return Outer(hit.first, "said", said)
        if scan.words[k] == "," and scan.lexicon.verb_last and "that" not in scan.classes(k + 1):
            crossed = False  # what stands before an infinitive is its object: "weigert sich, X freizulassen"
        negated = negated or _is_negation(reading, k)
        if mention is not None and "subordinator" in mention.before:  # "ended before *troops* fired"
            return None
        governed = mention is not None and bool(mention.before & PREPOSITIONAL)
        crossed = crossed or (mention is not None and not governed)
        k = (mention.phrase_first if mention is not None else k if hit is None else hit.first) - 1 - governed
    return None


def operator_behind(reading: Reading, trigger: int, high: int) -> Outer | None:
    """The operator whose object the event noun is, behind it: "talks were suspended", "hat die Hilfe gestoppt"."""
    scan, k, limit = reading.scan, reading.scan.next_after(trigger), trigger + REACH
    while k < min(high, limit):
        hit = scan.hits[k]
        if _operates(reading, k) and hit is not None:
            sense = next((s for s in hit.senses["operator"] if s.tense == "participle"), None)
            begun = range(max(reading.bounds(trigger)[0], trigger - REACH), k)
            passive = any(scan.sense(j, "be") is not None for j in range(scan.next_after(trigger), k))
            perfect = any(scan.sense(j, "have") is not None or scan.sense(j, "be") is not None for j in begun)
            return Outer(k, sense.lemma, sense, passive) if sense is not None and (passive or perfect) else None
        if (party := _complement(reading, k)) is not None:
            k, limit = party.last, limit + party.last - k  # the parties do not count
            continue
        auxiliary = scan.sense(k, "be") is not None or scan.sense(k, "have") is not None
        if _ends(reading, k, asked=False) or (reading.finite(k) is not None and not auxiliary):
            return None
        k = scan.next_after(k)
    return None


def _complement(reading: Reading, k: int) -> Mention | None:
    """The party of the event noun behind "and", "with" or "from" at token k: "talks with X", "between X *and Y*"."""
    scan = reading.scan
    party = reading.next_mention(scan.next_after(k)) if scan.next_after(k) < len(scan) else None
    return party if scan.classes(k) & COMPLEMENT and reading.quote_at[k] < 0 else None


def _operates(reading: Reading, k: int) -> bool:
    hit = reading.scan.hits[k]
    return hit is not None and bool(hit.kinds & OPERATORS) and reading.mention_at[k] is None


def parties_of(
    reading: Reading, outer: Outer, doers: list[Mention], undergoers: list[Mention], low: int, high: int
) -> tuple[list[Mention], list[Mention]]:
    """Who promises, demands, refuses or ends something, and to whom."""
    if outer.kind == "must":
        return _told(reading, outer.token, low), doers
    if outer.passive:
        ending = behind(reading, outer.token, high, BY)
        return ending, [m for m in undergoers or doers if m not in ending]
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


def _told(reading: Reading, k: int, low: int) -> list[Mention]:
    """Whoever says so: the subject of the verb of speech before token k."""
    for j in range(k - 1, low - 1, -1):
        if reading.finite(j, ("cue",)) is not None:
            first = subject_before(reading, j, low)
            return [first] if first is not None else []
    return []


def _insertion(reading: Reading, k: int, low: int) -> int | None:
    """The comma that opens the insertion which the one at token k closes: "levantó, doce horas antes, la huelga"."""
    scan = reading.scan
    for j in range(k - 1, max(low, k - REACH) - 1, -1):
        if scan.words[j] == ",":
            return j
        if reading.mention_at[j] is not None or not (scan.is_word(j) or scan.words[j] in "-'"):
            return None
    return None


def _ends(reading: Reading, k: int, *, asked: bool) -> bool:
    """Whether what stands before token k belongs to another clause or to another event."""
    scan, hit = reading.scan, reading.scan.hits[k]
    if scan.words[k] in ";:,()" or reading.quote_at[k] >= 0:
        return scan.words[k] != "," or not any(_operates(reading, j) for j in (k - 1, k - 2))  # "weigert sich, zu"
    if hit is None or reading.mention_at[k] is not None:
        return False
    if hit.classes & ENDS and "of" not in hit.classes and not (asked and "that" in hit.classes):
        return True
    return bool(hit.kinds & EVENT_WORDS) and "light" not in hit.senses


def _statement(senses: Senses) -> Sense | None:
    """The sense of a verb as an event of words alone: what it governs is what they are about, and not done."""
    found = [sense for sense in senses.get("event", ()) if sense.frame.type in traits().said_of]
    return found[0] if len(found) == len(senses.get("event", ())) and found else None


def _asks_that(reading: Reading, k: int, said: Sense) -> bool:
    """Whether the phrase of a demand that ends at token k holds its conjunction: "a exigé que X libère"."""
    leaf = reading.scan.alone(k)
    return said.frame.type in traits().asking and leaf is not None and "that" in leaf.classes


def _is_negation(reading: Reading, k: int) -> bool:
    sense = reading.scan.sense(k, "realis") if k >= 0 else None
    return sense is not None and sense.lemma == "negated" and not sense.tense
