"""flows/lexicons/<language>/dates.toml -> the words and patterns of dates in that language, checked on load."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from flows.lexicons.files import LexiconError, Row, decode

Words = tuple[str, ...]
FOLDER: Final = Path(__file__).parent
ANY: Final = "_any"
HOLIDAY: Final = re.compile(
    r"(?:(?P<year>\d{4})-)?(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?P<of>\d\d)-w(?P<weekday>[1-7])-(?P<nth>[1-5]|last)(?P<plus>[+-]\d)?"
    r"|easter(?P<from_easter>[+-]\d{1,2})?"
)
UNITS: Final = frozenset({"day", "weekend", "week", "month", "quarter", "half", "season", "year", "decade"})


class Modifiers(Row, frozen=True):
    """Words for the last (-1), this (0) and the next (1), by whether they stand before or after their noun."""

    before: dict[int, Words] = msgspec.field(default_factory=dict)
    after: dict[int, Words] = msgspec.field(default_factory=dict)


class Tense(Row, frozen=True):
    """Words (one or two), and endings of words, that put a clause in the past or in the future.

    `ahead` are words that say it when they stand right before the date ("until"), `neither` words that only end so,
    `auxiliaries` those before a participle that has no tense of its own ("be").
    """

    past: Words = ()
    future: Words = ()
    ahead: Words = ()
    neither: Words = ()
    auxiliaries: Words = ()
    past_endings: Words = ()
    future_endings: Words = ()


class Joiner(Row, frozen=True):
    """What makes two dates a range: one of `start` before the first (if there are any), one of `to` between."""

    to: Words
    start: Words = ()


class Pattern(Row, frozen=True):
    """Ways to write a date, what the words leave unsaid (sign, mod ...), and the words that must (not) stand beside it.

    `after` and `before` list tokens of which one must stand before or after the date ("^" begins a sentence, "$" is a
    mark or the end, "&" one of list_joiners with a date before it), `not_after` and `not_before` those that must not
    ("Aa" in `not_before`: any word with a capital).
    `tense`, `not_tense`: of the clause. `first`: "day" or "month", of a date in figures that another order may
    overrule. `lower`: the first word has no capital inside a sentence; `capital`: it has one. `context`:
    counted from the date named before.
    """

    forms: Words
    sign: int | None = None
    mod: int | None = None
    of_mod: int | None = None
    offset: int | None = None
    ordinal: int | None = None
    n: int | None = None
    unit: str | None = None
    of_unit: str | None = None
    after: Words = ()
    not_after: Words = ()
    before: Words = ()
    not_before: Words = ()
    tense: int | None = None
    not_tense: int | None = None
    first: Literal["day", "month"] | None = None
    lower: bool = False
    capital: bool = False
    context: bool = False


class DatesFile(Row, frozen=True):
    """The shape of a dates.toml; the head of es/dates.toml says what each part is."""

    code: str
    months: dict[int, Words] = msgspec.field(default_factory=dict)
    month_abbreviations: dict[int, Words] = msgspec.field(default_factory=dict)
    weekdays: dict[int, Words] = msgspec.field(default_factory=dict)
    weekday_abbreviations: dict[int, Words] = msgspec.field(default_factory=dict)
    days: dict[int, Words] = msgspec.field(default_factory=dict)
    units: dict[str, Words] = msgspec.field(default_factory=dict)
    seasons: dict[int, Words] = msgspec.field(default_factory=dict)
    decades: dict[int, Words] = msgspec.field(default_factory=dict)
    numbers: dict[int, Words] = msgspec.field(default_factory=dict)
    vague_numbers: Words = ()
    ordinals: dict[int, Words] = msgspec.field(default_factory=dict)
    number_joiners: Words = ()
    ordinal_endings: Words = ()
    decade_endings: Words = ()
    modifiers: Modifiers = Modifiers()
    parts: Words = ()
    phases: Words = ()
    list_joiners: Words = ()
    month_first: Words = ()
    list_articles: Words = ()
    words: dict[str, Words] = msgspec.field(default_factory=dict)
    holidays: dict[str, Words] = msgspec.field(default_factory=dict)
    tense: Tense = Tense()
    range: tuple[Joiner, ...] = ()
    pattern: tuple[Pattern, ...] = ()


LIMITS: Final = {
    "months": (1, 12),
    "month_abbreviations": (1, 12),
    "weekdays": (1, 7),
    "weekday_abbreviations": (1, 7),
    "days": (-7, 7),
    "seasons": (1, 4),
    "ordinals": (-1, 99),
}


@cache
def dates_file(code: str) -> DatesFile:
    """The dates.toml of one language, or of `_any`.

    Raises:
        LexiconError: naming the file and the key, when a key is unknown, out of range or says a thing twice.
    """
    path = FOLDER / code / "dates.toml"
    file = decode(path, DatesFile)
    if file.code != code:
        raise LexiconError(f"{path}: code is {file.code!r}; the folder is {code!r}")
    for key, (low, high) in LIMITS.items():
        table: dict[int, Words] = getattr(file, key)
        for number in table:
            if not low <= number <= high:
                raise LexiconError(f"{path}: {key}.{number} is not between {low} and {high}")
        _check_unique(path, key, [word for words in table.values() for word in words])
    for rule in file.holidays:
        if not HOLIDAY.fullmatch(rule):
            raise LexiconError(f"{path}: holidays.{rule} is no rule; write 12-25, easter-2, 11-w4-4 or 2001-09-11")
    for unit in file.units:
        if unit not in UNITS:
            raise LexiconError(f"{path}: units.{unit} is none of {', '.join(sorted(UNITS))}")
    _check_unique(path, "units", [word for words in file.units.values() for word in words])
    _check_unique(path, "numbers", [word for words in file.numbers.values() for word in words])
    return file


def _check_unique(path: Path, key: str, words: list[str]) -> None:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise LexiconError(f"{path}: {key} has {word!r} twice; keep one")
        seen.add(word)


@cache
def date_languages() -> tuple[str, ...]:
    """Codes of the languages that have a dates.toml, sorted."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/dates.toml") if path.parent.name != ANY))


@cache
def month_numbers() -> dict[str, int]:
    """Month name or abbreviation, lower case -> 1 to 12, of all languages together; ambiguous ones are left out."""
    found: dict[str, set[int]] = {}
    for code in date_languages():
        file = dates_file(code)
        for table in (file.months, file.month_abbreviations):
            for number, names in table.items():
                for name in names:
                    found.setdefault(name.lower(), set()).add(number)
    return {name: numbers.pop() for name, numbers in sorted(found.items()) if len(numbers) == 1}
