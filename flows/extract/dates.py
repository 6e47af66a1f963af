"""A scanned block and the article's date -> every calendar date in it, with its words, its days and how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract.date_choice import in_turn
from flows.extract.date_finder import Around, Finder, Found, Tokens
from flows.extract.date_patterns import DateLexicon, date_lexicon
from flows.extract.date_values import ImpossibleDateError, Meaning, between

if TYPE_CHECKING:
    from datetime import date

    from flows.extract.scan import Scan

LONGEST_JOINER: Final = 4  # tokens between the dates of a range
NAMED: Final = frozenset({"day", "month", "weekday"})


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as the text has it; `first` to `last` are the days it means, None when it cannot be told.

    `value` is YYYY[-MM[-DD]], as exact as the words; `end` the same for the end of a week, quarter, decade or range.
    `basis`: explicit (readable by itself), relative (counted from another day) or none (no value).
    """

    char_start: int
    char_end: int
    surface: str
    value: str | None
    end: str | None
    granularity: str
    basis: str
    first: date | None = None
    last: date | None = None

    @property
    def meaning(self) -> Meaning:
        """What a later "the day after" is counted from."""
        bounds = (self.value, self.end) if self.granularity == "range" else None
        return Meaning(self.granularity, self.first, self.last, self.basis == "relative", bounds=bounds)


def find_dates(scan: Scan, around: Around) -> list[DateMention]:
    """The dates of a scanned block in the language of its lexicon; `around` is what the article tells about them."""
    return dates(scan, date_lexicon(scan.lexicon.code), around)


def dates(scan: Tokens, lexicon: DateLexicon, around: Around) -> list[DateMention]:
    """Every calendar date of the tokens, in order; days of a list ("12 and 13 May") are mentions of their own.

    Without an anchor, dates that depend on one have no value.
    """
    finder = Finder(scan, lexicon, around)
    return [_mention(scan, found) for found in _ranged(finder.run(), finder)]


def _mention(scan: Tokens, found: Found) -> DateMention:
    start, end, meaning = scan.starts[found.start], scan.ends[found.stop - 1], found.meaning
    known_basis = "relative" if meaning.is_relative else "explicit"
    return DateMention(
        char_start=start,
        char_end=end,
        surface=scan.text[start:end],
        value=meaning.value,
        end=meaning.end,
        granularity=meaning.granularity,
        basis="none" if meaning.first is None else known_basis,
        first=meaning.first,
        last=meaning.last,
    )


def _ranged(found: list[Found], finder: Finder) -> list[Found]:
    """Two dates joined to one where the words between make a range of them."""
    joined: list[Found] = []
    for here in found:
        whole = _joined(joined[-1], here, finder) if joined else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(here)
    return joined


def _joined(a: Found, b: Found, finder: Finder) -> Found | None:
    lows = finder.lows
    if "range" in {a.meaning.granularity, b.meaning.granularity} or b.start - a.stop > LONGEST_JOINER:
        return None
    words = tuple(lows[a.stop : b.start])
    before = lows[max(0, a.start - 2) : a.start + a.head]
    for starts, tos in finder.lexicon.ranges:
        if words in tos and (not starts or not starts.isdisjoint(before)):
            return _as_range(a, b, finder)
    return None


def _as_range(a: Found, b: Found, finder: Finder) -> Found | None:
    """From a to b; a takes its year from b if only b has one."""
    slots = a.slots
    if "year" in b.slots and "year" not in slots and "month" in slots:
        slots = slots | {"year": b.slots["year"]}
    try:
        first, last = finder.mean(slots, a.start, a.stop, finder.around.anchor), b.meaning
        if b.slots.keys() <= NAMED:  # "until" alone would put it ahead
            last = finder.mean(b.slots, a.start, b.stop, finder.around.anchor)
        meaning = between(*in_turn(first, last, slots, finder.tense(a.start, b.stop)))
    except ImpossibleDateError:
        return None
    return Found(a.start, b.stop, slots, meaning, a.head)
