"""An event word in its clause -> whether it is told as actual, future, hypothetical, negated or historical."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

REALIS: Final = bits("realis")
REACH: Final = 9  # tokens before the trigger that can change its realis
SAID_REACH: Final = 14  # tokens from a verb of speech to the trigger
NEAR_NEGATION: Final = 4
ORDER: Final = ("negated", "historical", "hypothetical", "future")
TENSE_REALIS: Final = {
    "future": "future",
    "conditional": "hypothetical",
    "subjunctive": "hypothetical",
    "infinitive": "hypothetical",
    "imperative": "hypothetical",
}


def realis_of(reading: Reading, trigger: int, tense: str) -> str:
    """The realis of the event whose first trigger token is `trigger`; `tense` of a verb, empty for a noun."""
    scan = reading.scan
    low, high = reading.bounds(trigger)
    found: set[str] = set()
    begin = max(low, trigger - REACH)
    told = scan.having(REALIS, begin, min(high, trigger + REACH))
    for k in range(trigger - 1, begin - 1, -1) if told and told[0] < trigger else ():
        if scan.words[k] in ";:" or (scan.words[k] == "," and _clause_opens(reading, k + 1)):
            break
        sense = scan.sense(k, "realis")
        if sense is None or reading.mention_at[k] is not None or scan.sense(k, "not_event") is not None:
            continue
        if sense.lemma == "negated" and trigger - k > NEAR_NEGATION and not _denies_that(reading, k):
            continue
        found.add(sense.lemma)
    if any((s := scan.sense(k, "realis")) is not None and s.lemma == "historical" for k in told):
        found.add("historical")
    for realis in ORDER:
        if realis in found:
            return realis
    if tense == "participle" and _behind_infinitive(reading, trigger):
        return "hypothetical"  # "to be arrested"
    if tense == "infinitive" and ("actual" in found or _after(reading, trigger)):
        return "actual"
    return TENSE_REALIS.get(tense, "actual")


def _denies_that(reading: Reading, k: int) -> bool:
    """Whether a verb denies a whole clause: "denied that its soldiers had killed"."""
    scan = reading.scan
    j = scan.next_after(k)
    return reading.finite(k) is not None and j < len(scan) and "that" in scan.classes(j)


def _clause_opens(reading: Reading, k: int) -> bool:
    """Whether a clause with a subject of its own begins at token k: what stands before it says nothing of the event."""
    scan = reading.scan
    if k >= len(scan):
        return False
    mention = reading.next_mention(k)
    return mention is not None and any(
        reading.finite(j) is not None for j in range(mention.last, min(mention.last + 3, len(scan)))
    )


def _behind_infinitive(reading: Reading, trigger: int) -> bool:
    """Whether an auxiliary in the infinitive stands before the participle, itself behind "to" or alone."""
    scan = reading.scan
    if trigger < 2:  # noqa: PLR2004 the auxiliary and what stands before it
        return False
    be = scan.hits[trigger - 1]
    tenses = {s.tense for s in be.senses.get("be", ())} if be is not None else set()
    return "infinitive" in tenses and ("to" in scan.classes(trigger - 2) or tenses == {"infinitive"})


def _after(reading: Reading, trigger: int) -> bool:
    """An infinitive or gerund behind "after" is done."""
    return trigger > 0 and "after" in reading.scan.classes(trigger - 1)


def announced_by(reading: Reading, trigger: int, doers: Sequence[Mention]) -> bool:
    """Whether the party that would do it speaks of it: "X's statements about attacking", "X said it would attack"."""
    if not doers:
        return False
    scan = reading.scan
    low, _ = reading.bounds(trigger)
    for k in range(trigger - 1, max(low, trigger - SAID_REACH) - 1, -1):
        if scan.sense(k, "speech_noun") is not None and any(k < m.first < trigger for m in doers):
            return True
        if (cue := reading.finite(k, ("cue",))) is not None and not cue.flag:
            between = (reading.mention_at[j] for j in range(k + 1, trigger))
            own = doers[0].first < k or doers[0].kind == "pronoun"
            return own and all(m is None or m.kind == "pronoun" for m in between)
    return False
