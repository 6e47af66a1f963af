"""The tokens around a date and the tense words of its language -> the tense of its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.date_patterns import DateLexicon

STOPS: Final = frozenset(".!?…;")
REACH: Final = 12  # tokens to look for a verb on either side
AHEAD_REACH: Final = 2  # tokens: "hasta el lunes"
SHORTEST_VERB: Final = 4


def is_glued(starts: Sequence[int], ends: Sequence[int], at: int) -> bool:
    """Whether no space stands before the token."""
    return 0 < at < len(starts) and starts[at] == ends[at - 1]


def tense_around(
    lows: Sequence[str], starts: Sequence[int], ends: Sequence[int], lexicon: DateLexicon, span: tuple[int, int]
) -> int:
    """The tense of the verb nearest to the span's tokens within their sentence: -1 past, 1 future, 0 unknown."""
    start, stop = span

    def ends_sentence(at: int) -> bool:
        """A stop; one with a word or figure right behind it ("0.9") is none."""
        return lows[at] in STOPS and not is_glued(starts, ends, at + 1)

    if not lexicon.ahead.isdisjoint(lows[max(0, start - AHEAD_REACH) : start]):
        return 1
    left, right = True, True
    for reach in range(1, REACH + 1):
        before, behind = start - reach, stop - 1 + reach
        left = left and before >= 0 and not ends_sentence(before)
        right = right and behind < len(lows) and not ends_sentence(behind)
        tense = (left and _tense_of(lows, before, lexicon)) or (right and _tense_of(lows, behind, lexicon))
        if tense:
            return tense
    return 0


def _tense_of(lows: Sequence[str], at: int, lexicon: DateLexicon) -> int:
    low = lows[at]
    tense = lexicon.tense.get(low) or lexicon.tense.get(f"{lows[at - 1]} {low}" if at else "", 0)
    if tense or len(low) < SHORTEST_VERB:
        return tense
    if low.endswith(lexicon.future_endings):
        return 1
    return -1 if low.endswith(lexicon.past_endings) else 0
