"""The tokens around a date and the tense words of its language -> the tense of its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.date_finder import Tokens
    from flows.extract.date_patterns import DateLexicon, Phrases

STOPS: Final = frozenset(".!?…;")
REACH: Final = 12  # tokens to look for a verb on either side
AHEAD_REACH: Final = 2  # tokens from "until" to the date: "hasta el lunes"
SHORTEST_VERB: Final = 4


def is_glued(starts: Sequence[int], ends: Sequence[int], at: int) -> bool:
    """Whether no space stands before the token."""
    return 0 < at < len(starts) and starts[at] == ends[at - 1]


def phrase_before(lows: Sequence[str], at: int, phrases: Phrases) -> int:
    """Length of the longest of the phrases that ends before token `at`; 0 when none does."""
    for phrase in phrases.get(lows[at - 1], ()) if at > 0 else ():
        if len(phrase) <= at and tuple(lows[at - len(phrase) : at]) == phrase:
            return len(phrase)
    return 0


def tense_around(scan: Tokens, lexicon: DateLexicon, start: int, stop: int) -> int:
    """The tense of the verb nearest to the tokens within their sentence: -1 past, 1 future, 0 unknown."""
    lows = scan.lows

    def ends_sentence(at: int) -> bool:
        """A stop; one with a word or figure right behind it ("0.9") is none."""
        return lows[at] in STOPS and not is_glued(scan.starts, scan.ends, at + 1)

    if any(phrase_before(lows, start - gap, lexicon.ahead) for gap in range(AHEAD_REACH)):
        return 1
    left, right = True, True
    for reach in range(1, REACH + 1):
        before, behind = start - reach, stop - 1 + reach
        left = left and before >= 0 and not ends_sentence(before)
        right = right and behind < len(lows) and not ends_sentence(behind)
        tense = (left and _tense_of(scan, before, lexicon)) or (right and _tense_of(scan, behind, lexicon))
        if tense:
            return tense
    return 0


def _tense_of(scan: Tokens, at: int, lexicon: DateLexicon) -> int:
    lows, low = scan.lows, scan.lows[at]
    tense = lexicon.tense.get(low) or lexicon.tense.get(f"{lows[at - 1]} {low}" if at else "", 0)
    if tense or len(low) < SHORTEST_VERB or low in lexicon.no_tense:
        return tense
    if at and lows[at - 1] in lexicon.auxiliaries:
        return 0
    is_past, is_future = low.endswith(lexicon.past_endings), low.endswith(lexicon.future_endings)
    if not (is_past or is_future) or (at and lows[at - 1][0].isalnum() and scan.text[scan.starts[at]].isupper()):
        return 0  # a capital inside a sentence begins a noun or a name
    return 1 if is_future else -1
