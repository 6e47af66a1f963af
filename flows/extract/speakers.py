"""A quoted stretch -> who says it, by the words of its sentence: a verb of speech before or behind it, a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract import attribution
from flows.extract.attribution import Attribution
from flows.extract.clauses import JOINS, first_free, subject, subject_before
from flows.extract.cues import find_cue, infinitive_cue
from flows.extract.marks import DIALOGUE_MARKS
from flows.extract.nouns import first_thing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

REACH_BEHIND: Final = 14  # tokens behind a quote in which its cue stands
REACH_APPOSITION: Final = 32  # the same where the speaker stands first, with an apposition: "…", X, head of Y, said
REACH_NEXT: Final = 3
SHORT_QUOTE: Final = 6  # tokens of a quoted nickname or title inside an apposition
OPENING: Final = frozenset({"that", "article", "adverb", "demonstrative"})  # what a clause can begin with
ASKING: Final = "?!…"
EMBEDDED: Final = 8  # how much farther a cue behind counts when the quote stands inside a clause


def attribute(reading: Reading, number: int) -> Attribution | None:
    """The attribution of the block's quote with that number, by the words of its own sentence; None without any."""
    first, last = reading.quote_tokens(number)
    if first >= last:
        return None
    low, high = _window(reading, first, last)
    found = [
        rule
        for rule in (
            _cue_behind(reading, first, last, high),
            _cue_before(reading, first, low),
            attribution.according(reading, first, last, low, high),
            attribution.speech_noun(reading, first, low),
            attribution.colon(reading, first, low),
            attribution.signed(reading, last),
        )
        if rule is not None
    ]
    if found:
        return min(found, key=lambda item: (item[1].speaker is None, item[0]))[1]
    return attribution.sentence_behind(reading, last)


def _window(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """From the end of the quote before it to the start of the quote behind it, within its sentences."""
    scan = reading.scan
    low = scan.sentences[scan.sentence_of[first]][0]
    high = scan.sentences[scan.sentence_of[last - 1]][1]
    if last < len(scan) and high == last and (scan.words[last][0] in ",—–-" or _asks(reading, last)):
        high = scan.sentences[scan.sentence_of[last]][1]
    return low, high


def _asks(reading: Reading, last: int) -> bool:
    """Whether the quote ends in a question or exclamation mark, which does not end the sentence that holds it."""
    scan = reading.scan
    k = last - 1
    while k > 0 and not scan.is_word(k) and scan.words[k] not in ASKING:
        k -= 1
    return scan.words[k] in ASKING


def _cue_behind(reading: Reading, first: int, last: int, high: int) -> tuple[float, Attribution] | None:
    """Finds "…", said X  and  "…", X said."""
    scan = reading.scan
    if last >= len(scan):
        return None
    spoken = reading.marked[reading.quote_at[first]].mark in DIALOGUE_MARKS
    embedded = (
        not spoken
        and first > reading.bounds(first)[0]
        and ("," not in (scan.words[last - 2], scan.words[last]) or scan.words[first + 1][0].islower())
    )
    for k in _behind(reading, last, high):
        cue = find_cue(reading, k) or infinitive_cue(reading, k)
        if cue is None:
            continue
        gap = k - last
        if gap > REACH_BEHIND and scan.is_word(k - 1) and reading.mention_at[k - 1] is None:
            return None
        if cue.tense == "gerund":
            if gap and scan.is_word(k - 1):
                continue
            who = main_subject(reading, k, reading.bounds(first)[0])
        else:
            free = first_free(reading, last, k)
            beside = free is not None and free.phrase_first <= last + 1
            inverted = not beside and (
                (free is None and (gap <= REACH_NEXT or cue.tense == "infinitive")) or scan.words[k - 1] == ","
            )
            who = subject(reading, k, last, reading.bounds(k)[1], inverted=inverted)
        if who is None and (gap > REACH_NEXT or embedded):
            return None
        found = Attribution(who, k, cue.stance, "quote.cue_behind")
        return gap + (EMBEDDED if embedded else 0), found
    return None


def _behind(reading: Reading, last: int, high: int) -> Iterator[int]:
    """The tokens behind the quote in which its cue may stand, a speaker's long apposition included."""
    scan = reading.scan
    start = last + 1 if last < high and scan.words[last] == "," else last
    named = start < high and reading.next_mention(start) is not None
    k, stop, joins = last, min(high, last + (REACH_APPOSITION if named else REACH_BEHIND)), False
    while k < stop:
        if reading.quote_at[k] >= 0:
            inner_first, inner_last = reading.quote_tokens(reading.quote_at[k])
            if not named or k == start or inner_last - inner_first > SHORT_QUOTE + 2:
                return
            k = inner_last
            continue
        if scan.words[k] in ";:":
            return
        shared = k > last and reading.mention_at[k - 1] and reading.next_mention(k + 1)
        joins = joins or bool(scan.classes(k) & JOINS and scan.spaced(k) and not shared)
        if not joins or scan.words[k - 1] == ",":  # behind another clause only the sentence's ", said X"
            yield k
        k += 1


def main_subject(reading: Reading, verb: int, low: int) -> Mention | None:
    """The subject of the sentence's main clause, for a gerund that goes on with it ("…, adding that")."""
    return first_free(reading, low, verb) or first_thing(reading, low, verb) or subject_before(reading, verb, low)


def _cue_before(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """X said: "…",  X said that "…"  and  X said … that she "…"."""
    scan = reading.scan
    for k in range(first - 1, low - 1, -1):
        if reading.quote_at[k] >= 0:
            continue
        cue = find_cue(reading, k)
        if cue is None:
            continue
        gap = first - scan.next_after(k)
        colon = scan.words[first - 1] == ":"
        if cue.tense == "gerund":
            who = main_subject(reading, k, reading.bounds(k)[0])
        else:
            inverted = k > low and scan.words[k - 1] == "," and _closed(reading, k, first)
            who = subject(reading, k, low, first, inverted=inverted)
        rule = "quote.cue_colon" if colon else "quote.cue_before"
        if cue.flag and who is not None and not colon:
            teller = _teller(reading, who.phrase_first, low)
            if teller is not None:
                return gap + 1, teller
        return (0.5 if colon else gap + 1), Attribution(who, k, cue.stance, rule)
    return None


def _teller(reading: Reading, clause: int, low: int) -> Attribution | None:
    """Who tells, by a verb of speech right before the clause, what somebody feels in it: "X said that Y feels …"."""
    scan = reading.scan
    k = next((k for k in range(clause - 1, low - 1, -1) if find_cue(reading, k) is not None), None)
    cue = find_cue(reading, k) if k is not None else None
    if k is None or cue is None or cue.flag or not all(scan.classes(j) & OPENING for j in range(k + 1, clause)):
        return None
    who = subject(reading, k, low, clause, inverted=False)
    return None if who is None else Attribution(who, k, cue.stance, "quote.cue_before")


def _closed(reading: Reading, cue: int, first: int) -> bool:
    """Whether the cue with its subject is an insertion: …, said X, "…"."""
    scan = reading.scan
    who = reading.next_mention(scan.next_after(cue))
    end = max(who.last, who.phrase_last) if who is not None else first
    return end < first and scan.words[end] == ","
