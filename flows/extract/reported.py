"""Reported speech without marks: X said that …, according to X …, …, said X, X promised to … .

Only with a speaker who is an actor of the article; the stretches of a sentence do not overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.attribution import FORMULAS, formula_speaker
from flows.extract.clauses import inverted_subject, subject, subject_before
from flows.extract.cues import CUES, find_cue, is_told
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERBS
from flows.extract.results import Quote
from flows.extract.told import (
    BEFORE_INFINITIVE,
    MINIMUM,
    bare_clause,
    end_of_clause,
    ends_in_infinitive,
    far_that,
    is_infinitive,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.extract.actors import Cast
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

NEAR_THAT: Final = 4
LONGEST_TAIL: Final = 20  # tokens of a clause behind that only says who spoke, when and where


def find_reported(reading: Reading, cast: Cast, quotes: Sequence[Quote], used: set[int]) -> list[Quote]:
    """The reported speech of the block's sentences, given its quotes and the tokens of their cues.

    A sentence may hold some words in quotation marks, but what a direct quote says is reported only once.
    """
    found: list[Quote] = []
    last: Quote | None = None
    starts = {q.start for q in quotes if q.kind == "direct"}
    direct = [reading.quote_tokens(n) for n, marked in enumerate(reading.marked) if marked.start in starts]
    for low, high in reading.scan.sentences:
        before, last = last, None
        end = next((max(low, first) for first, behind in direct if first < high and behind > low), high)
        if end == low:
            continue
        for quote in _candidates(reading, low, end, used if end < high else set()):
            if last is not None and quote.start < last.end:
                continue
            quote.actor = cast.promote(quote.speaker) if quote.speaker is not None else -1
            if quote.actor >= 0 and _says_more(reading, quote):
                last = quote
                found.append(quote)
        if last is None and (last := _going_on(reading, low, end, before)) is not None:
            found.append(last)
    return found


def _says_more(reading: Reading, quote: Quote) -> bool:
    """Whether enough words of it stand outside quotation marks."""
    scan = reading.scan
    first, last = scan.token_at(quote.start), scan.token_before(quote.end) + 1
    return sum(scan.is_word(k) and reading.quote_at[k] < 0 for k in range(first, last)) >= MINIMUM


def _going_on(reading: Reading, low: int, high: int, before: Quote | None) -> Quote | None:
    """A whole sentence in the mood of reported speech, behind one of it: the same speaker goes on."""
    if before is None or not is_told(reading, low, high):
        return None
    for quote in _quote(reading, low, high, low, before.speaker, before.stance or "", "reported.going_on"):
        quote.actor, quote.cue = before.actor, None
        return quote
    return None


def _candidates(reading: Reading, low: int, high: int, barred: set[int]) -> Iterator[Quote]:
    scan = reading.scan
    tokens = (k for k in scan.having(CUES, low, high) if reading.quote_at[k] < 0 and k not in barred)
    cues = [(k, cue) for k in tokens if (cue := find_cue(reading, k)) is not None]
    for k, cue in cues:
        if cue.tense != "gerund":
            yield from _clause_behind(reading, low, high, k, cue)
        yield from _as_told(reading, low, high, k, cue)
    formulas = scan.having(FORMULAS, low, high)
    if formulas and not any(reading.quote_at[k] >= 0 for k in range(low, high)):
        yield from _according(reading, formulas, low, high)
        yield from _after_name(reading, formulas, low, high)
    for k, cue in cues:
        if not cue.flag:
            yield from _clause_before(reading, low, high, k, cue)


def _clause_behind(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """X said that …; X promised to …; X said, it be …."""
    scan = reading.scan
    behind = scan.next_after(k)
    near = range(behind, min(behind + NEAR_THAT, high))
    that = next((j for j in near if "that" in scan.classes(j)), None) or far_that(reading, behind, high)
    if cue.flag and that != behind:
        return
    if that is not None:
        who = subject(reading, k, low, that)
        begin = scan.next_after(that)
        yield from _quote(reading, begin, end_of_clause(reading, begin, high), k, who, cue.stance, "reported.that")
        return
    comma = next((j for j in near if scan.words[j] == ","), None)
    if comma is not None and (is_told(reading, comma + 1, high) or ends_in_infinitive(reading, comma + 1, high)):
        who = subject(reading, k, low, comma)
        yield from _quote(reading, comma + 1, high, k, who, cue.stance, "reported.mood")
        return
    begin = next((j for j in near if not scan.classes(j) & BEFORE_INFINITIVE), high)
    if begin < high and is_infinitive(reading, begin):
        who = subject(reading, k, low, begin)
        yield from _quote(reading, behind, high, k, who, cue.stance, "reported.infinitive")
    elif scan.lexicon.bare_clauses and (start := bare_clause(reading, behind, high)) is not None:
        who = subject_before(reading, k, low)
        yield from _quote(reading, start, high, k, who, cue.stance, "reported.bare")


def _clause_before(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """…, said X.  and  …, X said."""
    scan = reading.scan
    if cue.tense == "gerund" or any("that" in scan.classes(j) for j in range(k, min(k + NEAR_THAT, high))):
        return
    begin = k
    while begin > low and ("adverb" in scan.classes(begin - 1) or scan.sense(begin - 1, "have")):
        begin -= 1
    who = None
    if begin > low and scan.words[begin - 1] == ",":
        who = inverted_subject(reading, k, high)
        end = who.last if who is not None else high
    elif (before := reading.mention_at[begin - 1] if begin > low else None) is not None:
        begin = before.phrase_first
        who = before if begin > low and scan.words[begin - 1] == "," else None
        end = scan.next_after(k)
    if who is None or high - end > LONGEST_TAIL or not _closes(reading, end, high):
        return
    verbs = scan.having(VERBS, low, begin - 1)
    if reading.mention_at[begin - 2] and not any(reading.finite(j) is not None for j in verbs):
        return  # what stands before the comma is the verb's own subject
    yield from _quote(reading, low, begin - 1, k, who, cue.stance, "reported.behind")


def _as_told(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """As X said, …  and  …, as X said."""
    scan = reading.scan
    begin = next((j + 1 for j in range(k - 1, low - 1, -1) if scan.words[j] == ","), low)
    if "as" not in scan.classes(begin) or cue.tense == "gerund":
        return
    end = next((j for j in range(k + 1, high) if scan.words[j] == ","), high)
    who = subject_before(reading, k, begin) or inverted_subject(reading, k, end)
    first, last = (end + 1, high) if begin == low else (low, begin - 1)
    yield from _quote(reading, first, last, k, who, cue.stance, "reported.as")


def _closes(reading: Reading, end: int, high: int) -> bool:
    """Whether nothing but adjuncts and appositions follows: no object, and no other verb in a clause of its own."""
    scan = reading.scan
    if end < high and scan.classes(end) & DETERMINERS and not scan.classes(end) & PREPOSITIONAL:
        return False
    return not any(
        reading.finite(j) is not None and (reading.mention_at[j - 1] is not None or scan.sense(j - 1, "pronoun"))
        for j in scan.having(VERBS, end + 1, high)
    )


def _according(reading: Reading, formulas: Sequence[int], low: int, high: int) -> Iterator[Quote]:
    """According to X, …  and  …, according to X; without a comma where the verb comes second."""
    scan = reading.scan
    for k in formulas:
        formula = scan.sense(k, "according")
        if formula is None or formula.flag:
            continue
        who = formula_speaker(reading, k)
        if who is None:
            continue
        first, last = low, k - (scan.words[k - 1] == ",")
        if k == low:
            end = max(who.last, who.phrase_last)
            first = next((j + 1 for j in range(end, high) if scan.words[j] == ","), end)
            first, last = (end if _verb_second(reading, end, first) else first), high
        yield from _quote(reading, first, last, k, who, formula.stance, "reported.according")
        return


def _verb_second(reading: Reading, end: int, comma: int) -> bool:
    """Whether the clause begins right behind the speaker, with its verb."""
    return end == comma or (end < len(reading.scan) and reading.finite(end) is not None)


def _after_name(reading: Reading, formulas: Sequence[int], low: int, high: int) -> Iterator[Quote]:
    """By X's account …, with the formula behind the name."""
    scan = reading.scan
    for k in formulas:
        formula = scan.sense(k, "after_name")
        who = reading.mention_at[k - 1] if k > low else None
        if formula is None or who is None or scan.sense(k, "cue") is not None:
            continue
        first, last = (scan.next_after(k), high) if who.phrase_first <= low + 1 else (low, who.phrase_first)
        yield from _quote(reading, first, last, k, who, formula.stance, "reported.according")
        return


def _quote(
    reading: Reading, first: int, last: int, cue: int, who: Mention | None, stance: str, rule: str
) -> Iterator[Quote]:
    """The tokens as an indirect quote, unless nobody says it or it is too short to say anything."""
    scan = reading.scan
    while last > first and not scan.is_word(last - 1):
        last -= 1
    while first < last and not scan.is_word(first):
        first += 1
    if who is None or sum(scan.is_word(k) for k in range(first, last)) < MINIMUM:
        return
    start, end = scan.span(first, last)
    hit = scan.hits[cue]
    quote = Quote(start, end, "indirect", reading.block.language, rule, speaker=who, stance=stance)
    quote.cue = scan.surface(cue, hit.last if hit else cue + 1)
    yield quote
