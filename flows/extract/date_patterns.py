"""A dates.toml -> one tree of all its patterns over words and slots, and what may stand at a token of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from flows.extract.date_meaning import is_enough
from flows.lexicons.dates import ANY, DatesFile, Pattern, date_languages, dates_file
from flows.lexicons.files import LexiconError
from flows.lexicons.trie import strip_accents, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value = int | str | None
Slots = dict[str, Value]
Read = tuple[str, Value, int]  # symbol, value, the token behind it

SLOTS: Final = {  # what a pattern may say in braces -> what it tells
    "day": "day",
    "day_n": "day",
    "dayth": "day",
    "decade": "decade",
    "decade_s": "decade",
    "holiday": "holiday",
    "mod": "mod",
    "mod_after": "mod",
    "month": "month",
    "month_any": "month",
    "month_n": "month",
    "month_name": "month",
    "n": "n",
    "offset": "offset",
    "ordinal": "ordinal",
    "period": "unit",
    "season": "season",
    "unit": "unit",
    "weekday": "weekday",
    "weekday_name": "weekday",
    "year": "year",
    "year_n": "year",
    "yy": "year",
}
CONSTANTS: Final = ("sign", "mod", "of_mod", "offset", "ordinal", "n", "unit", "of_unit")
MOST_FORMS: Final = 4000  # a form that unfolds into more is a mistake
CENTURY_TURN: Final = 50  # '49 is 2049, '50 is 1950
GLUED: Final = "~"
ITEM: Final = re.compile(r"\s*(~?)(\{\w+\}|<\w+>|[\[\]()|]|[^\s\[\](){}<>|~]+)")
DIGITS: Final = re.compile(r"([0-9]{1,4})(\D*)")
DAYS: Final = range(1, 32)
MONTHS: Final = range(1, 13)
YEARS: Final = range(1000, 2200)


@dataclass(slots=True)
class Node:
    """A node of the pattern tree; `after` maps a word, or a slot in braces, to the next node."""

    after: dict[str, Node] = field(default_factory=dict)
    leaves: list[tuple[int, Pattern, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the lexicon by its first token: the tokens behind it, what it is, whether it needs a capital."""

    rest: tuple[str, ...]
    symbol: str
    value: Value
    capital: bool


Phrases = dict[str, list[tuple[str, ...]]]


class DateLexicon:
    """One language's date words and patterns, with those that all languages share."""

    def __init__(self, code: str | None) -> None:
        own = dates_file(code) if code in date_languages() else DatesFile(code=code or "")
        self.code = own.code
        self.file = own
        self.entries: dict[str, list[Entry]] = {}
        self.root = Node()
        self.numbers = {word: number for number, words in own.numbers.items() for word in words}
        self.ordinals = {word: number for number, words in own.ordinals.items() for word in words}
        self.number_joiners = frozenset(own.number_joiners)
        self.phases: Phrases = {}
        self.parts: Phrases = {}
        self._add_words(own)
        listed = [(pattern, file) for file in (own, dates_file(ANY)) for pattern in file.pattern]
        for order, (pattern, file) in enumerate(listed):
            self._add_pattern(pattern, file, order)
        self._add_plain()
        self.starts = frozenset(
            word for word, entries in self.entries.items() if any(e.symbol in self.root.after for e in entries)
        ) | frozenset(self.numbers | self.ordinals)
        self.tense = dict.fromkeys(own.tense.past, -1) | dict.fromkeys(own.tense.future, 1)
        self.past_endings = tuple(own.tense.past_endings)
        self.future_endings = tuple(own.tense.future_endings)
        self.ranges = [
            (frozenset(joiner.start), [tuple(tokens_of(phrase)) for phrase in joiner.to]) for joiner in own.range
        ]

    def _add_words(self, own: DatesFile) -> None:
        tables: list[tuple[str, Iterable[tuple[Value, Iterable[str]]]]] = [
            ("month", own.months.items()),
            ("month_name", own.months.items()),
            ("month", own.month_abbreviations.items()),
            ("weekday", own.weekdays.items()),
            ("weekday_name", own.weekdays.items()),
            ("weekday", own.weekday_abbreviations.items()),
            ("offset", own.days.items()),
            ("unit", own.units.items()),
            ("period", [(unit, names) for unit, names in own.units.items() if unit != "day"]),
            ("season", own.seasons.items()),
            ("decade", own.decades.items()),
            ("decade_s", own.decades.items()),
            ("mod", own.modifiers.before.items()),
            ("mod_after", own.modifiers.after.items()),
            ("holiday", own.holidays.items()),
            ("n", [(None, own.vague_numbers)]),
        ]
        for code in date_languages():
            tables += [("month_any", dates_file(code).months.items())]
            tables += [("month_any", dates_file(code).month_abbreviations.items())]
        for symbol, table in tables:
            for value, phrases in table:
                for phrase in phrases:
                    self._add_entry(phrase, "{" + symbol + "}", value)
        for phrase in own.phases:
            tokens = tuple(tokens_of(phrase))
            self.phases.setdefault(tokens[-1], []).append(tokens)
        for phrase in own.parts:
            tokens = tuple(tokens_of(phrase))
            self.parts.setdefault(tokens[0], []).append(tokens)
        for listed in (*self.phases.values(), *self.parts.values()):
            listed.sort(key=lambda tokens: (-len(tokens), tokens))

    def _add_entry(self, phrase: str, symbol: str, value: Value) -> None:
        first, *rest = (token.lower() for token in tokens_of(phrase))
        entry = Entry(tuple(rest), symbol, value, phrase[0].isupper())
        entries = self.entries.setdefault(first, [])
        if entry not in entries:
            entries.append(entry)

    def _add_plain(self) -> None:
        """Each word also without its accents, where that is no other word."""
        for word, entries in list(self.entries.items()):
            plain = strip_accents(word)
            if plain not in self.entries:
                self.entries[plain] = entries

    def _add_pattern(self, pattern: Pattern, file: DatesFile, order: int) -> None:
        for form in pattern.forms:
            unfolded = unfold(form, file)
            if len(unfolded) > MOST_FORMS:
                raise LexiconError(f"{file.code}/dates.toml: {form!r} unfolds into {len(unfolded)} forms; split it")
            for symbols in unfolded:
                self._add_sequence(symbols, pattern, file, order)

    def _add_sequence(self, symbols: Sequence[str], pattern: Pattern, file: DatesFile, order: int) -> None:
        node, names = self.root, []
        for symbol in symbols:
            edge = symbol
            bare = symbol.removeprefix(GLUED)
            if bare.startswith("{"):
                name = bare[1:-1]
                prefix = name[:3] if name[:3] in {"of_", "to_"} else ""
                slot = name.removeprefix(prefix)
                names.append(prefix + SLOTS[slot])
                edge = symbol.replace(name, slot)
            elif bare.startswith("<"):
                edge = symbol.replace("<", f"<{file.code}.")
                for phrase in file.words[bare[1:-1]]:
                    self._add_entry(phrase, edge.removeprefix(GLUED), None)
            else:
                self._add_entry(bare, bare, None)
            node = node.after.setdefault(edge, Node())
        told = {*names, *(name for name in CONSTANTS if getattr(pattern, name) is not None)}
        if not is_enough(told):
            raise LexiconError(f"{file.code}/dates.toml: {' '.join(symbols)!r} tells only {sorted(told)}, which is no date")
        leaf = (order, pattern, tuple(names))
        if leaf not in node.leaves:
            node.leaves.append(leaf)

    def read(self, lows: Sequence[str], at: int, last: int, *, capital: bool) -> Iterator[Read]:
        """All that the text may mean at token `at`, before token `last`; `capital`: the token begins with one."""
        low = lows[at]
        for entry in self.entries.get(low, ()):
            end = at + 1 + len(entry.rest)
            if (capital or not entry.capital) and (
                not entry.rest or (end <= last and tuple(lows[at + 1 : end]) == entry.rest)
            ):
                yield entry.symbol, entry.value, end
        if "0" <= low[0] <= "9":
            yield from self._read_digits(low, at + 1)
        elif low in self.numbers or low in self.ordinals:
            yield from self._read_number_words(lows, at, last)

    def _read_digits(self, low: str, end: int) -> Iterator[Read]:
        found = DIGITS.fullmatch(low)
        if found is None:
            return
        value, ending, length = int(found[1]), found[2], len(found[1])
        if not ending:
            yield from ((symbol, meant, end) for symbol, meant in _numerals(value, length))
            return
        if ending in self.file.decade_endings and value % 10 == 0 and length in {2, 4}:
            yield "{decade}", value, end
            yield "{decade_s}", value, end
        if ending in self.file.ordinal_endings:
            yield "{ordinal}", value, end
            if value in DAYS:
                yield "{dayth}", value, end
                yield "{day}", value, end
                yield "{day_n}", value, end

    def _read_number_words(self, lows: Sequence[str], at: int, last: int) -> Iterator[Read]:
        value, end, is_ordinal = self._number(lows, at, last)
        if is_ordinal:
            yield "{ordinal}", value, end
            yield "{dayth}", value, end
        else:
            yield "{n}", value, end
            if value in YEARS:
                yield "{year}", value, end
        if value in DAYS:
            yield "{day}", value, end

    def _number(self, lows: Sequence[str], at: int, last: int) -> tuple[int, int, bool]:
        """The number that the words from `at` spell, the token behind them, and whether it is an ordinal."""
        total, current, end = 0, 0, at
        while end < last:
            step = end + 1 if end > at and lows[end] in self.number_joiners and end + 1 < last else end
            word = lows[step]
            if word in self.ordinals and (end == at or (current % 10 == 0 and self.ordinals[word] < 10)):  # noqa: PLR2004
                return total + current + self.ordinals[word], step + 1, True
            number = self.numbers.get(word)
            joined = _joined(current, number) if number is not None else None
            if joined is None or (step > end and number is not None and number >= 100):  # noqa: PLR2004 "and 1000" is another number
                break
            current = joined
            if number == 1000:  # noqa: PLR2004
                total, current = total + current, 0
            end = step + 1
        return total + current, end, False


@cache
def _numerals(value: int, length: int) -> tuple[tuple[str, int], ...]:
    """What a number of so many digits can be in a date."""
    short = length == len("99")
    can_be = (
        ("{n}", value, length < len("1000")),
        ("{day}", value, value in DAYS and length <= len("31")),
        ("{day_n}", value, value in DAYS and length <= len("31")),
        ("{month_n}", value, value in MONTHS and length <= len("12")),
        ("{yy}", value + (2000 if value < CENTURY_TURN else 1900), short),
        ("{decade}", value, (short or value in YEARS) and value % 10 == 0),
        ("{year}", value, value in YEARS),
        ("{year_n}", value, value in YEARS),
    )
    return tuple((symbol, meant) for symbol, meant, is_so in can_be if is_so)


def _joined(current: int, number: int) -> int | None:
    """What `current` and the next number word spell together; None when they are two numbers."""
    if number in {100, 1000}:
        return max(current, 1) * number
    if current == 0:
        return number
    place = 1
    while current % (place * 10) == 0:
        place *= 10
    if number < place:
        return current + number
    is_pair = 10 <= current <= 20 and 10 <= number < 100  # noqa: PLR2004 "nineteen eighty", "twenty twenty"
    return current * 100 + number if is_pair else None


def unfold(form: str, file: DatesFile) -> list[tuple[str, ...]]:
    """All sequences of a form without brackets: `[x]` may be left out, `(a|b)` is a choice.

    `{slot}`, `<name>` and the `~` before an item stay as they are.

    Raises:
        LexiconError: for an unknown slot or name, or a bracket without its pair.
    """
    where = f"{file.code}/dates.toml: pattern {form!r}"
    items = [(found[1], found[2]) for found in ITEM.finditer(form)]
    sequences, at = _choice(items, 0, file, where)
    if at != len(items):
        raise LexiconError(f"{where} has a bracket without its pair")
    return sequences


Items = list[tuple[str, str]]
Sequences = list[tuple[str, ...]]


def _choice(items: Items, at: int, file: DatesFile, where: str) -> tuple[Sequences, int]:
    done: Sequences = []
    current: Sequences = [()]
    while at < len(items):
        glue, item = items[at]
        if item in "])":
            break
        at += 1
        if item == "|":
            done, current = done + current, [()]
        elif item in "[(":
            inner, at = _choice(items, at, file, where)
            if at >= len(items):
                raise LexiconError(f"{where} has a bracket without its pair")
            at += 1
            current = [a + b for a in current for b in ([(), *inner] if item == "[" else inner)]
        else:
            found = _item(glue, item, file, where)
            current = [a + found for a in current]
    return done + current, at


def _item(glue: str, item: str, file: DatesFile, where: str) -> tuple[str, ...]:
    if item.startswith("<"):
        if item[1:-1] not in file.words:
            raise LexiconError(f"{where}: there is no {item[1:-1]!r} in [words]")
        return (glue + item,)
    if item.startswith("{"):
        if item[1:-1].removeprefix("of_").removeprefix("to_") not in SLOTS:
            raise LexiconError(f"{where}: {item} is no slot; slots are {', '.join(SLOTS)}")
        return (glue + item,)
    first, *rest = tokens_of(item)
    return (glue + first, *rest)


@cache
def date_lexicon(code: str | None) -> DateLexicon:
    """The compiled date words and patterns of a language; without a dates.toml, those that all languages share.

    Raises:
        LexiconError: naming the file and the key at fault.
    """
    return DateLexicon(code)
