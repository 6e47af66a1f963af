"""The tokens of a block -> the date expressions in it: matched, guarded, widened, and lists of days taken apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from flows.extract.date_choice import Context
from flows.extract.date_meaning import number, resolve
from flows.extract.date_numbers import MONTHS
from flows.extract.date_patterns import CONSTANTS, DateLexicon
from flows.extract.date_starts import FIGURE
from flows.extract.date_tense import is_glued, phrase_before, tense_around
from flows.extract.date_values import ImpossibleDateError, Meaning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flows.extract.date_patterns import Node, Phrases, Slots, Value
    from flows.lexicons.dates import Pattern

STOPS: Final = frozenset(".!?…;:")
CURRENCIES: Final = frozenset("$€£¥")
MEASURES: Final = CURRENCIES | {"%", "°"}
INSIDE_NUMBERS: Final = frozenset(".,:/-_&#@$€£%+=")
NAME: Final = "Aa"  # among the guards: any word with a capital
LONGEST_COUNT: Final = 3  # figures of a day, a month or a count; a year has more
LONGEST_JOINER: Final = 2  # tokens between the dates of a list: ", and"


class Tokens(Protocol):
    """What a scan gives: parallel lists over the tokens of a block; offsets are into `text`."""

    text: str
    starts: list[int]
    ends: list[int]
    lows: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A date over the tokens `start` to `stop` (exclusive), with what was read, so that it can be read again."""

    start: int
    stop: int
    slots: Slots
    meaning: Meaning
    head: int = 0  # tokens before the date itself: "early", "at the beginning of"


@dataclass(frozen=True, slots=True)
class Around:
    """What the article tells about the dates of a block.

    `anchor`: the day it was written; `first`: whether its dates in figures begin with the "day" or the "month", None
    where the language decides; `named`: the last date that was named before the block.
    """

    anchor: date | None = None
    first: str | None = None
    named: Meaning | None = None


class Match(NamedTuple):
    """A pattern that fits the tokens up to `stop`; `order` is its place in the lexicon."""

    stop: int
    order: int
    pattern: Pattern
    values: tuple[Value, ...]
    names: tuple[str, ...]

    @property
    def slots(self) -> Slots:
        """What the words and the pattern tell."""
        told: Slots = {name: value for name in CONSTANTS if (value := getattr(self.pattern, name)) is not None}
        return told | dict(zip(self.names, self.values, strict=True))


class Finder:
    """One pass over the tokens of a block."""

    def __init__(self, scan: Tokens, lexicon: DateLexicon, around: Around) -> None:
        self.scan, self.lexicon, self.around = scan, lexicon, around
        self.lows, self.last = scan.lows, len(scan.lows)
        self.found: list[Found] = []

    def run(self) -> list[Found]:
        """All dates, left to right, the longest reading first."""
        glance, floor = self.lexicon.glance, 0
        likely = [
            at
            for at, (low, behind) in enumerate(zip(self.lows, [*self.lows[1:], ""], strict=False))
            if "0" <= low < ":" or (low in glance and ((next_to := glance[low]) is None or behind in next_to))
        ]  # figures come right before the colon
        for at in likely:
            if at >= floor and self._may_begin(at):
                floor = self._take(at, floor)
        return self.found

    def _may_begin(self, at: int) -> bool:
        """Whether the tokens beside this one allow a date to begin with it: the cheap test before the real one."""
        low = self.lows[at]
        if "0" <= low[0] <= "9":
            is_long = len(low) > LONGEST_COUNT or not low.isdecimal()
            return is_long or self.lexicon.starts[FIGURE].fits(self.lows, at)
        start = self.lexicon.starts[low]
        return start.fits(self.lows, at) and (not start.capital or self._is_capital(at))

    def _take(self, at: int, floor: int) -> int:
        """Add the date that begins at the token, if one does; return the token behind it."""
        matches: list[Match] = []
        self._collect(self.lexicon.root, at, (), matches)
        for match in sorted((m for m in matches if self._fits(m, at)), key=lambda m: (-m.stop, m.order)):
            slots = self._in_order(match)
            try:
                meaning = self.mean(slots, at, match.stop, self._anchor(match.pattern, slots))
            except ImpossibleDateError:
                if "day" in slots:
                    return match.stop
                continue
            stop = match.stop - (self.lows[match.stop - 1] in {".", ","})
            self.found += self._listed(self._widened(Found(at, stop, slots, meaning), floor), floor)
            return self.found[-1].stop
        return floor

    def _in_order(self, match: Match) -> Slots:
        """What the match tells, with the day and the month of figures in the article's order."""
        slots, first = match.slots, self.around.first
        if match.pattern.first in {None, first} or first is None or number(slots, "day") not in MONTHS:
            return slots
        return slots | {"day": slots["month"], "month": slots["day"]}

    def mean(self, slots: Slots, start: int, stop: int, anchor: date | None) -> Meaning:
        """The days that the slots mean at this place of the text.

        Raises:
            ImpossibleDateError: when no calendar has such a day.
        """
        return resolve(slots, Context(anchor, partial(self.tense, start, stop)))

    def _anchor(self, pattern: Pattern, slots: Slots) -> date | None:
        """The day to count from: for "the day after" the last date named that is a day, else that of the article."""
        if not pattern.context:
            return self.around.anchor
        unit = str(slots.get("and_unit") or slots.get("unit", "day"))
        named = [m for m in [self.around.named, *(f.meaning for f in self.found)] if m and m.last]
        for meaning in reversed(named):
            if meaning.is_within(unit):
                return meaning.last
        return None if named and "mod" not in slots else self.around.anchor

    def _collect(self, node: Node, at: int, values: tuple[Value, ...], found: list[Match]) -> None:
        """Add every pattern below the node that fits the tokens from `at` on."""
        for order, pattern, names in node.leaves:
            found.append(Match(at, order, pattern, values, names))
        after, glued = node.after, node.glued
        if at >= self.last or not (after or glued):
            return
        if glued and not self._glued(at):
            glued = {}
        for symbol, value, width in self.lexicon.read(self.lows, at, self.last, self._is_capital):
            if symbol in after or symbol in glued:
                filled = (*values, value) if symbol[0] == "{" else values
                for edges in (after, glued):
                    if symbol in edges:
                        self._collect(edges[symbol], at + width, filled, found)

    def _fits(self, match: Match, at: int) -> bool:
        pattern, lows, stop = match.pattern, self.lows, match.stop
        before = lows[at - 1] if at else ""
        behind = lows[stop] if stop < self.last else ""
        begins = not before or before in STOPS
        ends = not behind or not behind[0].isalnum()
        if pattern.after and before not in pattern.after:
            joined = "&" in pattern.after and self._is_listed(at)
            if not joined and not (begins and "^" in pattern.after):
                return False
        if pattern.before and behind not in pattern.before and not (ends and "$" in pattern.before):
            return False
        if self._name_before(at) in pattern.not_after or before in pattern.not_after or behind in pattern.not_before:
            return False
        if (pattern.lower and self._is_name(at, stop)) or (pattern.capital and not self._is_capital(at)):
            return False
        if NAME in pattern.not_before and stop < self.last and self._is_capital(stop):
            return False
        if pattern.tense is not None and self.tense(at, stop) != pattern.tense:
            return False
        if pattern.not_tense is not None and self.tense(at, stop) == pattern.not_tense:
            return False
        return not self._inside_number(at, stop)

    def _name_before(self, at: int) -> str:
        """The token before the "of" before the token: "calle" of "calle del 2 de Mayo"."""
        return self.lows[at - 2] if at > 1 and self.lows[at - 1] in self.lexicon.file.words.get("of", ()) else ""

    def _is_listed(self, at: int) -> bool:
        """Whether only joiners (", or") stand between the token and the date before it."""
        behind = self.found[-1].stop if self.found else at
        return 0 < at - behind <= LONGEST_JOINER and all(
            low in self.lexicon.file.list_joiners for low in self.lows[behind:at]
        )

    def _is_capital(self, at: int) -> bool:
        return self.scan.text[self.scan.starts[at]].isupper()

    def _is_name(self, at: int, stop: int) -> bool:
        """A capital inside a sentence, or before a word with one ("April Smith"), but not in a line of capitals."""
        word = self.scan.text[self.scan.starts[at] : self.scan.ends[at]]
        if not word[0].isupper() or word.isupper():
            return False
        return (at > 0 and self.lows[at - 1][0].isalnum()) or (stop < self.last and self._is_capital(stop))

    def _glued(self, at: int) -> bool:
        return is_glued(self.scan.starts, self.scan.ends, at)

    def _inside_number(self, at: int, stop: int) -> bool:
        """Whether a number at the edge goes on beyond it, as in a price, a score, an address."""
        lows = self.lows
        if "0" <= lows[at][0] <= "9" and at:
            if lows[at - 1] in CURRENCIES or (stop == at + 1 and lows[at - 1].isdecimal()):
                return True
            is_joined = self._glued(at) and lows[at - 1] in INSIDE_NUMBERS and (at == 1 or self._glued(at - 1))
            if is_joined and not phrase_before(lows, at, self.lexicon.phases):
                return True
        if "0" <= lows[stop - 1][0] <= "9" and self._glued(stop):
            return lows[stop] in MEASURES or (
                lows[stop] in INSIDE_NUMBERS and self._glued(stop + 1) and lows[stop + 1][0].isdigit()
            )
        return False

    def _widened(self, found: Found, floor: int) -> Found:
        """With "early", "at the beginning of" before it and "in the morning" behind it."""
        start, stop, meaning = found.start, found.stop, found.meaning
        count = phrase_before(self.lows, start, self.lexicon.phases)
        if count and start - count >= floor:
            start -= count
            if meaning.granularity == "year":
                meaning = replace(meaning, granularity="season")
        if meaning.granularity == "day":
            stop += _phrase_after(self.lows, stop, self.lexicon.parts)
        return Found(start, stop, found.slots, meaning, found.start - start)

    def _listed(self, found: Found, floor: int) -> list[Found]:
        """The date and the bare days joined to it: "12, 13 and 14 May", "May 12 and 13"."""
        if "day" not in found.slots or "to_day" in found.slots:
            return [found]
        days = [found]
        at = self._day_before(found.start, floor) if "month" in found.slots and self._is_day(found.start) else None
        while at is not None:
            days = [*self._bare_day(days[0], at), *days]
            at = self._day_before(at, floor)
        at = self._day_behind(found.stop) if self._is_day(found.stop - 1) else None
        while at is not None:
            days += self._bare_day(days[-1], at)
            at = self._day_behind(at + 1)
        return days

    def _is_day(self, at: int) -> bool:
        return any(symbol == "{day}" for symbol, _, _ in self.lexicon.read(self.lows, at, at + 1, self._is_capital))

    def _bare_day(self, beside: Found, at: int) -> list[Found]:
        slots = {key: value for key, value in beside.slots.items() if key != "weekday"} | {"day": int(self.lows[at])}
        try:
            return [Found(at, at + 1, slots, self.mean(slots, at, at + 1, self.around.anchor))]
        except ImpossibleDateError:
            return []

    def _day_before(self, at: int, floor: int) -> int | None:
        lows, file = self.lows, self.lexicon.file
        at -= 1
        while at > floor and lows[at] in file.list_articles:
            at -= 1
        if at <= floor or lows[at] not in file.list_joiners:
            return None
        at -= 2 if lows[at - 1] == "." and self._glued(at - 1) else 1  # "12. und 13. Mai"
        return at if at >= floor and self._is_bare_day(at) else None

    def _day_behind(self, at: int) -> int | None:
        lows, joiners = self.lows, self.lexicon.file.list_joiners
        if at + 1 >= self.last or lows[at] not in joiners or not self._is_bare_day(at + 1):
            return None
        is_last = at + 2 == self.last or not lows[at + 2][0].isalnum() or lows[at + 2] in joiners
        return at + 1 if is_last else None

    def _is_bare_day(self, at: int) -> bool:
        return self.lows[at].isdecimal() and self._is_day(at) and not self._inside_number(at, at + 1)

    def tense(self, start: int, stop: int) -> int:
        """Of the clause around the tokens: -1 past, 1 future, 0 unknown."""
        return tense_around(self.scan, self.lexicon, start, stop)


def _phrase_after(lows: Sequence[str], at: int, phrases: Phrases) -> int:
    for phrase in phrases.get(lows[at], ()) if at < len(lows) else ():
        if tuple(lows[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0
