"""Figures and number words at a token -> what they can be in a date: a day, a month, a year, a count, an ordinal."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from flows.lexicons.trie import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flows.lexicons.dates import DatesFile

Read = tuple[str, int | str | None, int]  # symbol, value, how many tokens

IN_FIGURES: Final = frozenset(
    f"{{{slot}}}"
    for slot in (
        "day",
        "day_n",
        "dayth",
        "decade",
        "decade_s",
        "month_0",
        "month_n",
        "n",
        "ordinal",
        "year",
        "year_n",
        "year_now",
        "yy",
    )
)
IN_WORDS: Final = frozenset(f"{{{slot}}}" for slot in ("day", "dayth", "month_th", "n", "ordinal", "year"))
LONGEST_SPELLED: Final = 16  # words, joiners among them: "nineteen hundred and ninety-nine" has six
FIGURES: Final = re.compile(r"([0-9]{1,4})(\D*)")
DAYS: Final = range(1, 32)
MONTHS: Final = range(1, 13)
YEARS: Final = range(1000, 2200)
OUR_YEARS: Final = range(1900, 2100)  # a number that may be a year without a word to say so
CENTURY_TURN: Final = 50  # '49 is 2049, '50 is 1950
HUNDRED: Final = 100
THOUSAND: Final = 1000


class Numbers:
    """The numbers of one language."""

    def __init__(self, file: DatesFile) -> None:
        self.cardinals = _by_word(file.numbers)
        self.ordinals = _by_word(file.ordinals)
        self.joiners = frozenset(file.number_joiners)
        self.ordinal_endings = frozenset(file.ordinal_endings)
        self.decade_endings = frozenset(file.decade_endings)
        self.phrases = _by_first(self.cardinals)
        self.words = frozenset(self.phrases) | frozenset(self.ordinals)

    def read_figures(self, low: str) -> Iterator[Read]:
        """All that a token of figures can be: "12", "12th", "1990s"."""
        found = FIGURES.fullmatch(low)
        if found is None:
            return
        value, ending, length = int(found[1]), found[2], len(found[1])
        symbols = numerals(value, length) if not ending else self._with_ending(value, ending, length)
        yield from ((symbol, meant, 1) for symbol, meant in symbols)

    def _with_ending(self, value: int, ending: str, length: int) -> Iterator[tuple[str, int]]:
        if ending in self.decade_endings and value % 10 == 0 and length in {2, 4}:
            yield from (("{decade}", value), ("{decade_s}", value))
        if ending in self.ordinal_endings:
            yield "{ordinal}", value
            if value in DAYS:
                yield from (("{dayth}", value), ("{day}", value), ("{day_n}", value))

    def read_words(self, lows: Sequence[str], at: int, last: int) -> Iterator[Read]:
        """All that the number words from `at` on can be: "twelve", "twenty-first", "mil novecientos noventa y dos"."""
        value, end, is_ordinal = self._spelled(lows, at, last)
        if is_ordinal:
            yield "{ordinal}", value, end - at
            yield "{dayth}", value, end - at
            if value in MONTHS:
                yield "{month_th}", value, end - at
        else:
            yield "{n}", value, end - at
            if value in YEARS:
                yield "{year}", value, end - at
        if value in DAYS:
            yield "{day}", value, end - at

    def _spelled(self, lows: Sequence[str], at: int, last: int) -> tuple[int, int, bool]:
        """The number that the words from `at` spell, the token behind them, and whether it is an ordinal."""
        total, current, end = 0, 0, at
        last = min(last, at + LONGEST_SPELLED)
        while end < last:
            is_joined = end > at and lows[end] in self.joiners and end + 1 < last
            step = end + 1 if is_joined else end
            ordinal, (number, width) = self.ordinals.get(lows[step]), self._cardinal(lows, step, last)
            if ordinal is not None and (end == at or (current % 10 == 0 and ordinal < 10)):  # noqa: PLR2004 one figure
                return total + current + ordinal, step + 1, True
            joined = None if number is None or (is_joined and number >= HUNDRED) else _joined(current, number)
            if joined is None:
                break
            current = joined
            if number == THOUSAND:
                total, current = total + current, 0
            end = step + width
        return total + current, end, False

    def _cardinal(self, lows: Sequence[str], at: int, last: int) -> tuple[int | None, int]:
        """The number word at the token ("eleven", "quatre-vingt-onze") and its length in tokens; None for no number."""
        for tokens, value in self.phrases.get(lows[at], ()):
            end = at + len(tokens)
            if end <= last and (len(tokens) == 1 or tuple(lows[at:end]) == tokens):
                return value, len(tokens)
        return None, 0


def _by_word(table: Mapping[int, Sequence[str]]) -> dict[str, int]:
    return {word: number for number, words in table.items() for word in words}


def _by_first(words: Mapping[str, int]) -> dict[str, list[tuple[tuple[str, ...], int]]]:
    """Number words as tokens by their first one, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for tokens, value in sorted(((tuple(tokens_of(w)), n) for w, n in words.items()), key=lambda row: -len(row[0])):
        found.setdefault(tokens[0], []).append((tokens, value))
    return found


@cache
def numerals(value: int, length: int) -> tuple[tuple[str, int], ...]:
    """What a number of so many figures can be in a date."""
    short = length == len("99")
    can_be = (
        ("{n}", value, length < len("1000")),
        ("{day}", value, value in DAYS and length <= len("31")),
        ("{day_n}", value, value in DAYS and length <= len("31")),
        ("{month_n}", value, value in MONTHS and length <= len("12")),
        ("{month_0}", value, value in MONTHS and length == len("09") > len(str(value))),
        ("{yy}", value + (2000 if value < CENTURY_TURN else 1900), short),
        ("{decade}", value, (short or value in YEARS) and value % 10 == 0),
        ("{year}", value, value in YEARS),
        ("{year_n}", value, value in YEARS),
        ("{year_now}", value, value in OUR_YEARS),
    )
    return tuple((symbol, meant) for symbol, meant, is_so in can_be if is_so)


def _joined(current: int, number: int) -> int | None:
    """What `current` and the next number word spell together; None when they are two numbers."""
    if number in {HUNDRED, THOUSAND}:
        return max(current, 1) * number
    if current == 0:
        return number
    place = 1
    while current % (place * 10) == 0:
        place *= 10
    if number < place:
        return current + number
    is_pair = 10 <= current <= 20 and 10 <= number < HUNDRED  # noqa: PLR2004 "nineteen eighty", "twenty twenty"
    return current * HUNDRED + number if is_pair else None
