"""A scanned block and the article's date -> every calendar date in it, with its words, its days and how it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from flows.extract.date_meaning import Context, resolve
from flows.extract.date_patterns import CONSTANTS, DateLexicon, date_lexicon
from flows.extract.date_values import ImpossibleDateError, Meaning, between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from flows.extract.date_patterns import Node, Phrases, Slots, Value
    from flows.extract.scan import Scan
    from flows.lexicons.dates import Pattern

STOPS: Final = frozenset(".!?…;:")
SENTENCE_ENDS: Final = frozenset(".!?…;")
CURRENCIES: Final = frozenset("$€£¥")
INSIDE_NUMBERS: Final = frozenset(".,:/-_&#@$€£%+=")
TENSE_REACH: Final = 12  # tokens to look for a verb on either side
SHORTEST_VERB: Final = 4
LONGEST_JOINER: Final = 4


class Tokens(Protocol):
    """What a scan gives: parallel lists over the tokens of a block."""

    text: str
    starts: list[int]
    ends: list[int]
    lows: list[str]


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


@dataclass(frozen=True, slots=True)
class Found:
    """A date over the tokens `start` to `stop` (exclusive), with what was read, so that it can be read again."""

    start: int
    stop: int
    slots: Slots
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that fits the tokens up to `stop`."""

    stop: int
    order: int
    pattern: Pattern
    slots: Slots


def find_dates(scan: Scan, anchor: date | None) -> list[DateMention]:
    """The dates of a scanned block in the language of its lexicon; `anchor` is the day it was written."""
    return dates(scan, date_lexicon(scan.lexicon.code), anchor)


def dates(scan: Tokens, lexicon: DateLexicon, anchor: date | None) -> list[DateMention]:
    """Every calendar date of the tokens, in order; days of a list ("12 and 13 May") are mentions of their own."""
    finder = _Finder(scan, lexicon, anchor)
    return [_mention(scan.text, scan, found) for found in _ranged(finder.found(), finder)]


def _mention(text: str, scan: Tokens, found: Found) -> DateMention:
    start, end, meaning = scan.starts[found.start], scan.ends[found.stop - 1], found.meaning
    basis = "none" if meaning.first is None else ("relative" if meaning.is_relative else "explicit")
    return DateMention(
        start, end, text[start:end], meaning.value, meaning.end, meaning.granularity, basis, meaning.first, meaning.last
    )


class _Finder:
    """One pass over the tokens of a block."""

    def __init__(self, scan: Tokens, lexicon: DateLexicon, anchor: date | None) -> None:
        self.scan, self.lexicon, self.anchor = scan, lexicon, anchor
        self.lows, self.last = scan.lows, len(scan.lows)

    def found(self) -> list[Found]:
        """All dates, left to right, the longest reading first."""
        found: list[Found] = []
        lows, starts, at = self.lows, self.lexicon.starts, 0
        while at < self.last:
            low = lows[at]
            if low in starts or "0" <= low[0] <= "9":
                here = self._at(at, found)
                if here:
                    found.extend(here)
                    at = here[-1].stop
                    continue
            at += 1
        return found

    def _at(self, at: int, before: Sequence[Found]) -> list[Found]:
        for match in sorted(self._matches(self.lexicon.root, at, ()), key=lambda m: (-m.stop, m.order)):
            if not self._fits(match, at):
                continue
            try:
                meaning = self.mean(match.slots, at, match.stop, self._base(match.pattern, before))
            except ImpossibleDateError:
                continue
            stop = match.stop - (self.lows[match.stop - 1] in {".", ","})
            whole = self._widened(Found(at, stop, match.slots, meaning), before[-1].stop if before else 0)
            return self._listed(whole, before[-1].stop if before else 0)
        return []

    def mean(self, slots: Slots, start: int, stop: int, anchor: date | None = None) -> Meaning:
        """The days that the slots mean at this place of the text."""
        return resolve(slots, Context(anchor or self.anchor, partial(self._tense, start, stop)))

    def _base(self, pattern: Pattern, before: Sequence[Found]) -> date | None:
        """For "the day after": the last date named, if the text has one."""
        if not pattern.context:
            return None
        return next((f.meaning.last for f in reversed(before) if f.meaning.last), None)

    def _matches(self, node: Node, at: int, values: tuple[Value, ...]) -> Iterator[Match]:
        for order, pattern, names in node.leaves:
            yield Match(at, order, pattern, _constants(pattern) | dict(zip(names, values, strict=True)))
        if at >= self.last:
            return
        glued = at > 0 and self.scan.starts[at] == self.scan.ends[at - 1]
        capital = self.scan.text[self.scan.starts[at]].isupper()
        after = node.after
        for symbol, value, end in self.lexicon.read(self.lows, at, self.last, capital=capital):
            filled = (*values, value) if symbol[0] == "{" else values
            if symbol in after:
                yield from self._matches(after[symbol], end, filled)
            if glued and (child := after.get("~" + symbol)):
                yield from self._matches(child, end, filled)

    def _fits(self, match: Match, at: int) -> bool:
        pattern, lows, stop = match.pattern, self.lows, match.stop
        before = lows[at - 1] if at else "^"
        behind = lows[stop] if stop < self.last else "$"
        if pattern.after and before not in pattern.after and not (before in STOPS and "^" in pattern.after):
            return False
        if before in pattern.not_after or behind in pattern.not_before:
            return False
        if pattern.before and behind not in pattern.before and not ("$" in pattern.before and not behind[0].isalnum()):
            return False
        if pattern.lower and self._is_name(at):
            return False
        if pattern.capital and not self.scan.text[self.scan.starts[at]].isupper():
            return False
        if pattern.tense is not None and self._tense(at, stop) != pattern.tense:
            return False
        return not self._inside_number(at, stop)

    def _is_name(self, at: int) -> bool:
        start = self.scan.starts[at]
        word = self.scan.text[start : self.scan.ends[at]]
        return word[0].isupper() and not word.isupper() and at > 0 and self.lows[at - 1][0].isalnum()

    def _inside_number(self, at: int, stop: int) -> bool:
        """Whether a number at the edge goes on beyond it, as in a price, a score, an address."""
        scan, lows = self.scan, self.lows
        if at and lows[at - 1] in CURRENCIES and lows[at][0].isdigit():
            return True
        if "0" <= lows[at][0] <= "9" and at and scan.starts[at] == scan.ends[at - 1] and lows[at - 1] in INSIDE_NUMBERS:
            is_joined = at == 1 or (scan.starts[at - 1] == scan.ends[at - 2] and lows[at - 2][0].isalnum())
            if is_joined and not _phrase_before(lows, at, self.lexicon.phases):
                return True
        if "0" <= lows[stop - 1][0] <= "9" and stop < self.last and scan.starts[stop] == scan.ends[stop - 1]:
            if lows[stop] in {"%", "°", "$", "€", "£"}:
                return True
            is_mark = lows[stop] in INSIDE_NUMBERS and stop + 1 < self.last
            return is_mark and scan.starts[stop + 1] == scan.ends[stop] and lows[stop + 1][0].isdigit()
        return False

    def _widened(self, found: Found, floor: int) -> Found:
        """With "early", "at the beginning of" before it and "in the morning" behind it."""
        lows = self.lows
        count = _phrase_before(lows, found.start, self.lexicon.phases)
        start, meaning = found.start, found.meaning
        if count and found.start - count >= floor:
            start -= count
            if meaning.granularity == "year":
                meaning = replace(meaning, granularity="season")
        stop = found.stop
        if meaning.granularity == "day":
            stop += _phrase_after(lows, stop, self.lexicon.parts)
        return Found(start, stop, found.slots, meaning)

    def _listed(self, found: Found, floor: int) -> list[Found]:
        """The date and the bare days joined to it: "12, 13 and 14 May", "May 12 and 13"."""
        if "month" not in found.slots or "day" not in found.slots:
            return [found]
        days = [found]
        if self._is_day(found.start) and "to_day" not in found.slots:
            at = self._day_before(found.start, floor)
            while at is not None:
                self._add_day(days, at, 0)
                at = self._day_before(at, floor)
        if self._is_day(found.stop - 1):
            at = self._day_behind(found.stop)
            while at is not None:
                self._add_day(days, at, len(days))
                at = self._day_behind(at + 1)
        return days

    def _is_day(self, at: int) -> bool:
        return any(symbol == "{day}" for symbol, _, _ in self.lexicon.read(self.lows, at, at + 1, capital=False))

    def _add_day(self, days: list[Found], at: int, place: int) -> None:
        values = [v for symbol, v, _ in self.lexicon.read(self.lows, at, at + 1, capital=False) if symbol == "{day}"]
        slots = {k: v for k, v in days[0 if place else -1].slots.items() if k != "weekday" and not k.startswith("to_")}
        slots["day"] = values[0]
        try:
            days.insert(place, Found(at, at + 1, slots, self.mean(slots, at, at + 1)))
        except ImpossibleDateError:
            return

    def _day_before(self, at: int, floor: int) -> int | None:
        lows, file = self.lows, self.lexicon.file
        at -= 1
        while at > floor and lows[at] in file.list_articles:
            at -= 1
        if at <= floor or lows[at] not in file.list_joiners:
            return None
        at -= 1
        return at if at >= floor and self._is_bare_day(at) else None

    def _day_behind(self, at: int) -> int | None:
        lows, file = self.lows, self.lexicon.file
        if at + 1 >= self.last or lows[at] not in file.list_joiners:
            return None
        at += 1
        is_last = at + 1 == self.last or not lows[at + 1][0].isalnum() or lows[at + 1] in file.list_joiners
        return at if is_last and self._is_bare_day(at) else None

    def _is_bare_day(self, at: int) -> bool:
        return self.lows[at].isdigit() and self._is_day(at) and not self._inside_number(at, at + 1)

    def _tense(self, start: int, stop: int) -> int:
        """The tense of the verb nearest to the tokens within their sentence: -1 past, 1 future, 0 unknown."""
        for reach in range(1, TENSE_REACH + 1):
            for at in (start - reach, stop - 1 + reach):
                if 0 <= at < self.last and self._same_sentence(min(at, stop), max(at, start)):
                    tense = self._tense_of(self.lows[at])
                    if tense:
                        return tense
        return 0

    def _same_sentence(self, first: int, last: int) -> bool:
        """Whether no stop stands between; one with a word or figure right behind it ("0.9") is none."""
        starts, ends = self.scan.starts, self.scan.ends
        return not any(
            self.lows[i] in SENTENCE_ENDS and (i + 1 >= self.last or starts[i + 1] > ends[i]) for i in range(first, last)
        )

    def _tense_of(self, low: str) -> int:
        tense = self.lexicon.tense.get(low, 0)
        if tense or len(low) < SHORTEST_VERB:
            return tense
        if low.endswith(self.lexicon.future_endings):
            return 1
        return -1 if low.endswith(self.lexicon.past_endings) else 0


def _constants(pattern: Pattern) -> Slots:
    return {name: value for name in CONSTANTS if (value := getattr(pattern, name)) is not None}


def _phrase_before(lows: Sequence[str], at: int, phrases: Phrases) -> int:
    """Length of the longest of the phrases that ends before token `at`; 0 when none does."""
    for phrase in phrases.get(lows[at - 1], ()) if at else ():
        if len(phrase) <= at and tuple(lows[at - len(phrase) : at]) == phrase:
            return len(phrase)
    return 0


def _phrase_after(lows: Sequence[str], at: int, phrases: Phrases) -> int:
    for phrase in phrases.get(lows[at], ()) if at < len(lows) else ():
        if tuple(lows[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _ranged(found: list[Found], finder: _Finder) -> list[Found]:
    """Two dates joined to one where the words between make a range of them."""
    joined: list[Found] = []
    for here in found:
        whole = _joined(joined[-1], here, finder) if joined else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(here)
    return joined


def _joined(a: Found, b: Found, finder: _Finder) -> Found | None:
    lows = finder.lows
    if (
        a.meaning.granularity == "range"
        or b.meaning.granularity == "range"
        or b.start - a.stop > LONGEST_JOINER
    ):
        return None
    words = tuple(lows[a.stop : b.start])
    before = lows[a.start - 1] if a.start else "^"
    further = lows[a.start - 2] if a.start > 1 else "^"
    for starts, tos in finder.lexicon.ranges:
        if words in tos and (not starts or before in starts or further in starts):
            return _as_range(a, b, finder)
    return None


def _as_range(a: Found, b: Found, finder: _Finder) -> Found | None:
    slots = a.slots
    if "year" in b.slots and "year" not in slots and "month" in slots:
        slots = slots | {"year": b.slots["year"]}
    try:
        meaning = between(finder.mean(slots, a.start, a.stop), b.meaning)
    except ImpossibleDateError:
        return None
    return Found(a.start, b.stop, slots, meaning)
