"""Who speaks where no words beside a quote say so: whom the sentences around it are about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flows.extract.attribution import NOBODY, Attribution, formula_speaker
from flows.extract.clauses import first_free, subject
from flows.extract.cues import find_cue, is_told
from flows.extract.nouns import PREPOSITIONAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

SUBORDINATE: Final = frozenset({"subordinator", "relative"})
TOPIC_BLOCKS: Final = 2  # paragraphs over which the topic of a text without subjects holds


def told(reading: Reading, low: int, high: int) -> Mention | None:
    """Whom a sentence without quotes lets speak, else the person that it is about."""
    if reading.scan.sense(low, "according") is not None and (who := formula_speaker(reading, low)) is not None:
        return who
    for k in range(low, high):
        if k > low and "subordinator" in reading.scan.classes(k):
            break
        if find_cue(reading, k) is not None:
            inverted = k > low and reading.scan.words[k - 1] == ","
            who = subject(reading, k, low, high, inverted=inverted)
            if who is not None and who.type != "thing":
                return who
    return topic(reading, low, high)


def topic(reading: Reading, low: int, high: int) -> Mention | None:
    """The first person of the sentence's main clause."""
    scan, k = reading.scan, low
    while k < high:
        if reading.quote_at[k] >= 0:
            k += 1
            continue
        if k > low and scan.classes(k) & SUBORDINATE:
            k = next((j for j in range(k, high) if scan.words[j] == ","), high)
            continue
        who = reading.mention_at[k]
        if who is not None and who.type == "person" and not who.before & PREPOSITIONAL:
            return who
        k += 1
    return None


def sentence_before(reading: Reading, first: int, found: Attribution | None) -> Attribution | None:
    """Who speaks or is spoken of in the sentence before a quote that is a sentence of its own, within its block.

    `found` is the quote's own verb of speech, if it has one without a subject.
    """
    number = reading.scan.sentence_of[first]
    if number == 0:
        return None
    low, high = reading.scan.sentences[number - 1]
    if any(reading.quote_at[k] >= 0 for k in range(low, high)):
        return None
    who = told(reading, low, high) or _only(reading, low, high)
    if who is None:
        return None
    own = found or Attribution(None, None, "neutral", "")
    return replace(own, speaker=who, rule="quote.sentence_before")


def _only(reading: Reading, low: int, high: int) -> Mention | None:
    """The one person whom the sentence names, wherever in it."""
    covering = (reading.mention_at[k] for k in range(low, high))
    named = {id(who): who for who in covering if who is not None and who.type == "person" and who.kind == "name"}
    return next(iter(named.values())) if len(named) == 1 else None


def with_topic(found: Attribution, readings: Sequence[Reading], reading: Reading, first: int) -> Attribution:
    """A verb of speech without a subject, or a formula like "in her view": whom the sentences before it are about."""
    formula = reading.scan.sense(found.cue, "according") if found.cue is not None else None
    owner = formula.gender if formula is not None else ""
    if found.speaker is not None or not (owner or reading.scan.lexicon.pro_drop):
        return found
    number, (low, _) = readings.index(reading), reading.bounds(first)
    for earlier in reversed(readings[max(0, number - TOPIC_BLOCKS) : number + 1]):
        if earlier.block.kind != "paragraph":
            continue
        bounds = [b for b in earlier.scan.sentences if earlier is not reading or b[1] <= low]
        if owner and earlier is reading and found.cue is not None:
            bounds.append((low, found.cue))  # "… says Ann Poe: in her view …"
        for start, end in reversed(bounds):
            who = topic(earlier, start, end)
            if who is not None and {owner, who.gender} != {"f", "m"}:
                return replace(found, speaker=who, rule="quote.topic")
    return found


def by_subject(reading: Reading, number: int) -> Attribution:
    """The subject of the sentence that holds a partial quote: X "stressed the need", or of its main verb."""
    scan = reading.scan
    first, _ = reading.quote_tokens(number)
    low, high = reading.bounds(first)
    before = reading.mention_at[first - 1] if first > low else None
    inside = first + 1 < len(scan) and reading.finite(first + 1) is not None
    if before is not None and inside and not before.before & PREPOSITIONAL:
        return Attribution(before, None, "neutral", "quote.subject_beside")
    who = first_free(reading, low, first)
    if who is None and is_told(reading, low, high) and (goes_on := sentence_before(reading, low, None)) is not None:
        return goes_on
    return Attribution(who, None, "neutral", "quote.sentence_subject") if who is not None else NOBODY
