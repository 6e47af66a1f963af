"""Calendar arithmetic: what a date expression means (its days, its printed value), periods, shifts, holidays."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flows.lexicons.dates import HOLIDAY

WEEK: Final = 7
YEAR: Final = 12  # months
SATURDAY: Final = 5
MONTHS_IN: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
PART_OF_YEAR: Final = {"half": "season"}  # the codebook calls any part of a year so
LENGTHS: Final = ("day", "weekend", "week", "month", "quarter", "season", "year", "decade")
PRINTED: Final = {"month": 7, "quarter": 7, "season": 4, "year": 4, "decade": 4}  # characters of an ISO date


class ImpossibleDateError(ValueError):
    """The words name a day that no calendar has."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Days from `first` to `last`, both included; both None when the words do not say which.

    `is_relative`: they depend on the anchor. `day` is the exact day inside a longer period, where there is one;
    `bounds` are the values of the first and the last date of a range.
    """

    granularity: str
    first: date | None = None
    last: date | None = None
    is_relative: bool = True
    day: date | None = None
    bounds: tuple[str | None, str | None] | None = None

    @property
    def value(self) -> str | None:
        """YYYY, YYYY-MM or YYYY-MM-DD, as exact as the words are."""
        if self.first is None:
            return None
        return self.bounds[0] if self.bounds else _printed(self.day or self.first, self.granularity)

    def is_within(self, unit: str) -> bool:
        """Whether it is not longer than the unit; a range is as long as its last part."""
        own = self.granularity
        if own == "range":
            own = {len("2026-01"): "month", len("2026"): "year"}.get(len(self.end or ""), "day")
        return LENGTHS.index(PART_OF_YEAR.get(own, own)) <= LENGTHS.index(PART_OF_YEAR.get(unit, unit))

    @property
    def end(self) -> str | None:
        """The value of the last part of a week, weekend, quarter, decade or range; else None."""
        if self.bounds:
            return self.bounds[1]
        if self.last is None or self.day or self.granularity in {"day", "month", "season", "year"}:
            return None
        return _printed(self.last, self.granularity)


def between(first: Meaning, last: Meaning) -> Meaning:
    """From the first to the last.

    Raises:
        ImpossibleDateError: when the last is over before the first begins.
    """
    if first.first is None or last.last is None:
        return Meaning("range")
    if last.last < first.first:
        raise ImpossibleDateError
    is_relative = first.is_relative or last.is_relative
    return Meaning("range", first.first, last.last, is_relative, bounds=(first.value, last.end or last.value))


def _printed(day: date, granularity: str) -> str:
    return day.isoformat()[: PRINTED.get(granularity)]


def period(unit: str, day: date) -> tuple[date, date]:
    """First and last day of the week, weekend, month ... that holds the day (the weekend: of its week)."""
    if unit == "day":
        return day, day
    if unit in {"week", "weekend"}:
        monday = day - timedelta(day.weekday())
        return (monday + timedelta(SATURDAY if unit == "weekend" else 0)), monday + timedelta(WEEK - 1)
    months = MONTHS_IN[unit]
    at = (day.year * YEAR + day.month - 1) // months * months
    return _month(at), _month(at + months) - timedelta(1)


def _month(at: int) -> date:
    """The first day of the month that is `at` months after the beginning of the year 0."""
    if not YEAR <= at < (date.max.year + 1) * YEAR:
        raise ImpossibleDateError
    return date(at // YEAR, at % YEAR + 1, 1)


def shift(day: date, unit: str, count: int) -> date:
    """The day so many units later; a month that is too short gives its last day."""
    try:
        if unit in {"day", "week", "weekend"}:
            return day + timedelta(count * (1 if unit == "day" else WEEK))
    except OverflowError as error:
        raise ImpossibleDateError from error
    month = _month(day.year * YEAR + day.month - 1 + count * MONTHS_IN[unit])
    return month.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


def spanning(unit: str, day: date, *, is_relative: bool = True) -> Meaning:
    """The whole unit around a day."""
    return Meaning(PART_OF_YEAR.get(unit, unit), *period(unit, day), is_relative)


def a_date(year: int, month: int, day: int) -> date:
    """A date, checked.

    Raises:
        ImpossibleDateError: when there is no such day.
    """
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError from error


def holiday(rule: str, year: int) -> date:
    """The day that a rule names in that year.

    The rules: "12-25", "easter-2" (days from Easter), "11-w4-4" (the fourth Thursday), "11-w4-4+1" (the day after),
    "05-w1-last", and "2001-09-11" for a day of history.

    Raises:
        ValueError: when the rule is none of these; the lexicon is checked on load.
    """
    found = HOLIDAY.fullmatch(rule)
    if found is None:
        raise ValueError(rule)
    if found["day"]:
        return a_date(int(found["year"] or year), int(found["month"]), int(found["day"]))
    if found["weekday"]:
        nth = -1 if found["nth"] == "last" else int(found["nth"])
        return nth_weekday(year, int(found["of"]), int(found["weekday"]), nth) + timedelta(int(found["plus"] or 0))
    return easter(year) + timedelta(int(found["from_easter"] or 0))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (1) to Sunday (7) of a month; -1 is the last."""
    last = calendar.monthrange(year, month)[1]
    days = [day for day in range(1, last + 1) if date(year, month, day).isoweekday() == weekday]
    try:
        return date(year, month, days[nth - 1 if nth > 0 else nth])
    except IndexError as error:
        raise ImpossibleDateError from error
