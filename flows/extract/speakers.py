"""A quoted stretch -> who says it and by which words: cue before, behind or inside, formula, or the quote before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flows.extract.clauses import PREPOSITIONAL, subject, subject_before, subject_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

REACH_BEHIND: Final = 14  # tokens behind a quote in which its cue stands
REACH_NEXT: Final = 3
TOPIC_BLOCKS: Final = 2  # paragraphs over which the topic of a text without subjects holds
NOMINAL: Final = frozenset({"infinitive", "gerund", "participle"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker (None: nobody is named), the cue's token, stance, the rule that found it and its confidence."""

    speaker: Mention | None
    cue: int | None
    stance: str | None
    rule: str
    confidence: float


NOBODY: Final = Attribution(None, None, None, "quote.no_speaker", 0.3)


def attribute(reading: Reading, number: int) -> Attribution | None:
    """The attribution of the block's quote with that number, by the words of its own sentence; None without any."""
    first, last = quote_tokens(reading, number)
    if first >= last:
        return None
    low, high = _window(reading, number, first, last)
    found = [
        rule
        for rule in (
            _cue_behind(reading, last, high),
            _cue_before(reading, first, low),
            _according(reading, first, last, low, high),
        )
        if rule is not None
    ]
    if found:
        return min(found, key=lambda item: item[0])[1]
    return None


def quote_tokens(reading: Reading, number: int) -> tuple[int, int]:
    """The tokens of the quote, its marks included."""
    quote = reading.marked[number]
    return reading.scan.token_at(quote.outer_start), reading.scan.token_before(quote.outer_end) + 1


def _window(reading: Reading, number: int, first: int, last: int) -> tuple[int, int]:
    """From the end of the quote before it to the start of the quote behind it, within its sentences."""
    scan = reading.scan
    low = scan.sentences[scan.sentence_of[first]][0]
    high = scan.sentences[scan.sentence_of[last - 1]][1]
    if last < len(scan) and high == last and scan.words[last][0] in ",—–-":
        high = scan.sentences[scan.sentence_of[last]][1]
    return low, high


def _cue_behind(reading: Reading, last: int, high: int) -> tuple[float, Attribution] | None:
    """ "…", said X  and  "…", X said."""
    scan = reading.scan
    if last >= len(scan):
        return None
    high = min(high, last + REACH_BEHIND)
    for k in range(last, high):
        if scan.words[k] in ";:" or (reading.quote_at[k] >= 0):
            break
        cue = _cue(reading, k)
        if cue is None:
            continue
        gap = k - last
        who = subject(reading, k, last, _sentence_end(reading, k), inverted=gap <= REACH_NEXT)
        if who is None and gap > REACH_NEXT:
            return None
        confidence = 0.95 if who is not None and gap <= REACH_NEXT else 0.8
        return gap, Attribution(who, k, cue.stance, "quote.cue_behind", confidence if who else 0.3)
    return None


def _sentence_end(reading: Reading, k: int) -> int:
    return reading.bounds(k)[1]


def _cue_before(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """X said: "…",  X said that "…"  and  X said … that she "…"."""
    scan = reading.scan
    for k in range(first - 1, low - 1, -1):
        if reading.quote_at[k] >= 0:
            continue
        cue = _cue(reading, k)
        if cue is None:
            continue
        gap = first - scan.next_after(k)
        colon = scan.words[first - 1] == ":"
        who = subject_before(reading, k, low) or subject_behind(reading, k, first)
        rule = "quote.cue_colon" if colon else "quote.cue_before"
        confidence = 0.9 if gap <= REACH_NEXT or colon else 0.75
        return (0.5 if colon else gap + 1), Attribution(who, k, cue.stance, rule, confidence if who else 0.3)
    return None


def _cue(reading: Reading, k: int) -> Sense | None:
    """The finite (or, in English fashion, participial "adding") cue at token k outside any quote."""
    hit = reading.scan.hits[k]
    if hit is None or hit.first != k or reading.mention_at[k] is not None:
        return None
    cue = reading.finite(k, ("cue",))
    if cue is None and "cue" in hit.senses:
        first = hit.senses["cue"][0]
        auxiliary = k > 0 and (reading.scan.sense(k - 1, "have") or reading.scan.sense(k - 1, "be"))
        cue = first if first.tense == "gerund" or auxiliary else None
    if cue is None or reading.scan.classes(k - 1 if k else 0) & {"article", "possessive", "demonstrative"}:
        return None
    return cue


def _according(reading: Reading, first: int, last: int, low: int, high: int) -> tuple[float, Attribution] | None:
    """According to X, "…"  and  "…", according to X."""
    scan = reading.scan
    for k in (*range(last, high), *range(first - 1, low - 1, -1)):
        formula = scan.sense(k, "according")
        hit = scan.hits[k]
        if formula is None or hit is None or hit.first != k or reading.quote_at[k] >= 0:
            continue
        who = next((m for j in range(hit.last, min(hit.last + 4, len(scan))) if (m := reading.mention_at[j])), None)
        gap = k - last if k >= last else first - k
        return gap / 2, Attribution(who, k, formula.stance, "quote.according", 0.85 if who else 0.3)
    return None


def with_topic(found: Attribution, readings: Sequence[Reading], reading: Reading, first: int) -> Attribution:
    """A verb of speech without a subject of its own: the person whom the sentences before it are about."""
    low, _ = reading.bounds(first)
    number = readings.index(reading)
    for earlier in [r for r in readings[max(0, number - TOPIC_BLOCKS) : number + 1] if r.block.kind == "paragraph"][::-1]:
        bounds = [b for b in earlier.scan.sentences if earlier is not reading or b[1] <= low]
        for start, end in reversed(bounds):
            for k in range(start, end):
                mention = earlier.mention_at[k]
                if mention is None or earlier.quote_at[k] >= 0 or mention.before & PREPOSITIONAL:
                    continue
                if mention.type == "person":
                    return replace(found, speaker=mention, rule="quote.topic", confidence=0.6)
    return found


def by_subject(reading: Reading, number: int) -> Attribution:
    """The subject of the sentence that holds a partial quote: X "stressed the need", or of its main verb."""
    scan = reading.scan
    first, _ = quote_tokens(reading, number)
    low, _ = reading.bounds(first)
    before = reading.mention_at[first - 1] if first > low else None
    if before is not None and not before.before & PREPOSITIONAL:
        inside = first + 1 < len(scan) and scan.hits[first + 1] is not None
        return Attribution(before, None, "neutral", "quote.subject_beside", 0.8 if inside else 0.6)
    for k in range(low, first):
        mention = reading.mention_at[k]
        if mention is not None and not mention.before & PREPOSITIONAL and reading.quote_at[k] < 0:
            return Attribution(mention, None, "neutral", "quote.sentence_subject", 0.4)
    return NOBODY
