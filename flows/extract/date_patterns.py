"""A dates.toml -> one tree of all its patterns over words and slots, and what may stand at a token of a text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from flows.budget import untimed
from flows.extract.date_forms import GLUED, SLOTS, split_slot, unfold
from flows.extract.date_meaning import is_enough
from flows.extract.date_numbers import Numbers, Read
from flows.extract.date_starts import starts
from flows.ids import strip_accents
from flows.lexicons.dates import ANY, DatesFile, Pattern, date_languages, dates_file
from flows.lexicons.files import LexiconError
from flows.lexicons.trie import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Value = int | str | None
Slots = dict[str, Value]
Phrases = dict[str, list[tuple[str, ...]]]

CONSTANTS: Final = ("sign", "mod", "of_mod", "offset", "ordinal", "n", "unit", "of_unit")
MOST_FORMS: Final = 4000  # a form that unfolds into more is a mistake
LONGEST_FIGURES: Final = len("1990s") + 2


@dataclass(slots=True)
class Node:
    """A node of the pattern tree; `after` and, without a space, `glued` map a word or a slot to the next."""

    after: dict[str, Node] = field(default_factory=dict)
    glued: dict[str, Node] = field(default_factory=dict)
    leaves: list[tuple[int, Pattern, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the lexicon by its first token: the tokens behind it, what it is, whether it needs a capital."""

    rest: tuple[str, ...]
    symbol: str
    value: Value
    capital: bool


class DateLexicon:
    """One language's date words and patterns, with those that all languages share.

    `starts` maps each token that can begin a date to what must stand beside it, `glance` to the tokens that can follow
    it, where nothing else would do.
    """

    def __init__(self, code: str | None) -> None:
        own = dates_file(code) if code in date_languages() else DatesFile(code=code or "")
        self.file = own
        self.numbers = Numbers(own)
        self.entries: dict[str, list[Entry]] = {}
        self.root = Node()
        self.phases: Phrases = {}
        self.parts: Phrases = {}
        self._add_words(own)
        listed = [(pattern, file) for file in (own, dates_file(ANY)) for pattern in file.pattern]
        for order, (pattern, file) in enumerate(listed):
            self._add_pattern(pattern, file, order)
        self._add_plain()
        self.starts = starts(self.root, self.entries, self.numbers, own.list_joiners)
        self.glance = {word: start.only_behind() for word, start in self.starts.items()}
        self._plain: dict[str, tuple[Read, ...]] = {}
        self._others: dict[str, tuple[Entry, ...]] = {}
        for word, entries in self.entries.items():
            self._plain[word] = tuple((e.symbol, e.value, 1) for e in entries if not (e.rest or e.capital))
            self._others[word] = tuple(e for e in entries if e.rest or e.capital)
        self.tense = dict.fromkeys(own.tense.past, -1) | dict.fromkeys(own.tense.future, 1)
        self.ahead = _by_last(own.tense.ahead)
        self.auxiliaries = frozenset(own.tense.auxiliaries)
        self.no_tense = frozenset(own.tense.neither) | self.entries.keys()
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
        self.phases = _by_last(own.phases)
        for phrase in own.parts:
            tokens = tuple(tokens_of(phrase))
            self.parts.setdefault(tokens[0], []).append(tokens)
        for listed in self.parts.values():
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
                prefix, slot = split_slot(name)
                names.append(prefix + SLOTS[slot])
                edge = symbol.replace(name, slot)
            elif bare.startswith("<"):
                edge = symbol.replace("<", f"<{file.code}.")
                for phrase in file.words[bare[1:-1]]:
                    self._add_entry(phrase, edge.removeprefix(GLUED), None)
            else:
                self._add_entry(bare, bare, None)
            edges = node.glued if edge.startswith(GLUED) else node.after
            node = edges.setdefault(edge.removeprefix(GLUED), Node())
        told = {*names, *(name for name in CONSTANTS if getattr(pattern, name) is not None)}
        if not is_enough(told):
            raise LexiconError(
                f"{file.code}/dates.toml: {' '.join(symbols)!r} tells only {sorted(told)}, which is no date"
            )
        leaf = (order, pattern, tuple(names))
        if leaf not in node.leaves:
            node.leaves.append(leaf)

    def read(self, lows: Sequence[str], at: int, last: int, is_capital: Callable[[int], bool]) -> Sequence[Read]:
        """All that the text may mean at token `at`, before token `last`; `is_capital`: whether a token begins so."""
        low = lows[at]
        if "0" <= low[0] <= "9":
            return _figures(self.numbers, low) if len(low) <= LONGEST_FIGURES else ()
        plain, others = self._plain.get(low, ()), self._others.get(low)
        is_number = low in self.numbers.words
        if not (others or is_number):
            return plain
        found = [*plain]
        found += [
            (entry.symbol, entry.value, 1 + len(entry.rest))
            for entry in others or ()
            if _goes_on(lows, at + 1, last, entry.rest) and (not entry.capital or is_capital(at))
        ]
        if is_number:
            found += self.numbers.read_words(lows, at, last)
        return found


def _by_last(phrases: Iterable[str]) -> Phrases:
    """Phrases by their last token, the longest first."""
    found: Phrases = {}
    for tokens in sorted((tuple(tokens_of(phrase)) for phrase in phrases), key=lambda tokens: (-len(tokens), tokens)):
        found.setdefault(tokens[-1], []).append(tokens)
    return found


@lru_cache(maxsize=10_000)
def _figures(numbers: Numbers, low: str) -> tuple[Read, ...]:
    return tuple(numbers.read_figures(low))


def _goes_on(lows: Sequence[str], at: int, last: int, rest: tuple[str, ...]) -> bool:
    if not rest:
        return True
    return at + len(rest) <= last and lows[at] == rest[0] and tuple(lows[at : at + len(rest)]) == rest


@cache
@untimed()
def date_lexicon(code: str | None) -> DateLexicon:
    """The compiled date words and patterns of a language; without a dates.toml, those that all languages share.

    Raises:
        LexiconError: naming the file and the key at fault.
    """
    return DateLexicon(code)
