"""What an expression says (day, month, weekday, unit, shift ...), the anchor and the tense -> the days it means."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from flows.extract.date_choice import (
    OFF_FRIDAY_13,
    OFF_WEEKDAY,
    Context,
    in_turn,
    likeliest,
    month_move,
    real_days,
    weekday_move,
    weekend_is_over,
)
from flows.extract.date_values import (
    PART_OF_YEAR,
    WEEK,
    ImpossibleDateError,
    Meaning,
    a_date,
    between,
    holiday,
    nth_weekday,
    period,
    shift,
    spanning,
)

if TYPE_CHECKING:
    from flows.extract.date_patterns import Slots

LEAP_DAY: Final = 29
LEAP_YEARS: Final = 8  # years to the next 29 February at most
MONTHS_AROUND: Final = 14


def number(slots: Slots, key: str) -> int:
    """The slot as a number; the patterns see to it that it is one."""
    value = slots[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} is {value!r}")
    return value


def _mod(slots: Slots) -> int | None:
    return number(slots, "mod") if "mod" in slots else None


def resolve(slots: Slots, context: Context) -> Meaning:
    """The days that the filled slots mean.

    Raises:
        ImpossibleDateError: when no calendar has such a day ("30 February").
    """
    if any(key.startswith("to_") for key in slots):
        return _range(slots, context)
    for needed, meaning in MEANINGS:
        if needed <= slots.keys():
            return meaning(slots, context)
    raise TypeError(f"a pattern fills only {sorted(slots)}")


def _range(slots: Slots, context: Context) -> Meaning:
    inner = {key: value for key, value in slots.items() if not key.startswith("to_")}
    outer = inner | {key.removeprefix("to_"): value for key, value in slots.items() if key.startswith("to_")}
    if "to_day" in slots:
        outer.pop("weekday", None)
    return between(*in_turn(resolve(inner, context), resolve(outer, context), inner, context.tense()))


def _outer(slots: Slots, context: Context) -> tuple[date | None, str | None, bool]:
    """The period around: a day in it, its unit, whether it depends on the anchor."""
    if "year" in slots:
        month = number(slots, "month") if "month" in slots else 1
        return a_date(number(slots, "year"), month, 1), "month" if "month" in slots else "year", False
    if "of_unit" in slots and context.anchor:
        unit = str(slots["of_unit"])
        return shift(context.anchor, unit, number(slots, "of_mod") if "of_mod" in slots else 0), unit, True
    return None, None, True


def _holiday(slots: Slots, context: Context) -> Meaning:
    day, _, is_relative = _outer(slots, context)
    rule = str(slots["holiday"])
    if rule[:4].isdecimal():
        known = holiday(rule, 0)
        return Meaning("day", known, known, is_relative=False)
    if day:
        found = holiday(rule, day.year)
        return Meaning("day", found, found, is_relative)
    if context.anchor is None:
        return Meaning("day")
    years = range(context.anchor.year - 1, context.anchor.year + 2)
    found = _chosen([holiday(rule, year) for year in years], slots, context)
    return Meaning("day", found, found)


def _nth_weekday(slots: Slots, context: Context) -> Meaning:
    day, unit, is_relative = _outer(slots, context)
    if "month" in slots and day is None:
        day, unit = _month_meaning(slots, context).first, "month"
    if day is None or unit != "month":
        return Meaning("day")
    found = nth_weekday(day.year, day.month, number(slots, "weekday"), number(slots, "ordinal"))
    return Meaning("day", found, found, is_relative)


def _part(slots: Slots, context: Context) -> Meaning:
    """The third quarter of a year, the first half of a year, the last week of a month."""
    unit, nth = str(slots["unit"]), number(slots, "ordinal")
    granularity = PART_OF_YEAR.get(unit, unit)
    day, outer, is_relative = _outer(slots, context)
    if "month" in slots and day is None:
        day, outer = _month_meaning(slots, context).first, "month"
    if day is None and unit in {"quarter", "half"} and context.anchor:
        day, outer = _year_of_part(unit, nth, context), "year"
    if day is None or outer is None:
        return Meaning(granularity)
    first, last = period(outer, day)
    if nth < 0:
        return Meaning(granularity, *_last_part(unit, last), is_relative)
    start = shift(first, unit, nth - 1)
    if start > last:
        raise ImpossibleDateError
    return Meaning(granularity, *period(unit, start), is_relative)


def _year_of_part(unit: str, nth: int, context: Context) -> date | None:
    """A day of the year whose nth quarter has begun by the anchor, or begins next where the clause is in the future."""
    anchor = context.anchor
    if anchor is None:
        return None
    has_begun = shift(a_date(anchor.year, 1, 1), unit, nth - 1) <= anchor
    return anchor if has_begun or context.tense() > 0 else shift(anchor, "year", -1)


def _last_part(unit: str, last: date) -> tuple[date, date]:
    first = last - timedelta(WEEK - 1) if unit == "week" else period(unit, last)[0]
    return first, last


def _ago(slots: Slots, context: Context) -> Meaning:
    """So many units before or after the anchor; an unknown number ("some years ago") means nothing exact."""
    unit, count = str(slots["unit"]), slots["n"]
    base = {key: value for key, value in slots.items() if key not in {"unit", "n", "sign", "and_n", "and_unit"}}
    if base and count is not None:
        counted = resolve(base, context)
        if counted.first is None:
            return Meaning("day")
        day = shift(counted.first, unit, number(slots, "n") * number(slots, "sign"))
        if slots.get("and_n"):
            day = shift(day, str(slots["and_unit"]), number(slots, "and_n") * number(slots, "sign"))
        return Meaning("day", day, day, counted.is_relative)
    if context.anchor is None or count is None:
        return Meaning(PART_OF_YEAR.get(unit, unit))
    at = shift(context.anchor, unit, number(slots, "n") * number(slots, "sign"))
    if slots.get("and_n"):
        unit = str(slots["and_unit"])
        at = shift(at, unit, number(slots, "and_n") * number(slots, "sign"))
    return Meaning(PART_OF_YEAR.get(unit, unit), *period(unit, at), day=at if unit == "week" else None)


def _offset(slots: Slots, context: Context) -> Meaning:
    if context.anchor is None:
        return Meaning("day")
    at = shift(context.anchor, "day", number(slots, "offset"))
    return Meaning("day", at, at)


def _season(slots: Slots, context: Context) -> Meaning:
    """Only the year: which months a season has depends on the hemisphere."""
    day, _, is_relative = _outer(slots, context)
    if day is None and context.anchor and "mod" in slots:
        day = shift(context.anchor, "year", number(slots, "mod"))
    return Meaning("season", *period("year", day), is_relative) if day else Meaning("season")


def _decade(slots: Slots, context: Context) -> Meaning:
    """The 1990s; "the nineties" are the last before the anchor."""
    start = number(slots, "decade")
    is_relative = start < 100  # noqa: PLR2004 two figures
    if is_relative:
        if context.anchor is None:
            return Meaning("decade")
        start += (context.anchor.year - start) // 100 * 100
    return spanning("decade", a_date(start, 1, 1), is_relative=is_relative)


def _day(slots: Slots, context: Context) -> Meaning:
    day = number(slots, "day")
    if "month" in slots and "year" in slots:
        found = a_date(number(slots, "year"), number(slots, "month"), day)
        return Meaning("day", found, found, is_relative=False)
    anchor = context.anchor
    if "month" in slots and day > calendar.monthrange(2000, number(slots, "month"))[1]:
        raise ImpossibleDateError
    if anchor is None:
        return Meaning("day")
    outer, unit, _ = _outer(slots, context)
    if outer and unit == "month":
        found = a_date(outer.year, outer.month, day)
    elif "month" in slots:
        reach = LEAP_YEARS if day == LEAP_DAY else 1
        years = [outer.year] if outer else range(anchor.year - reach, anchor.year + reach + 1)
        found = _chosen(real_days((year, number(slots, "month"), day) for year in years), slots, context)
    else:
        months = [shift(anchor, "month", count) for count in range(-MONTHS_AROUND, MONTHS_AROUND + 1)]
        found = _chosen(real_days((month.year, month.month, day) for month in months), slots, context)
    return Meaning("day", found, found)


def _chosen(days: Sequence[date], slots: Slots, context: Context) -> date:
    weekday = number(slots, "weekday") if "weekday" in slots else None
    return likeliest(days, weekday, _mod(slots), context, OFF_WEEKDAY if "month" in slots else OFF_FRIDAY_13)


def _weekday(slots: Slots, context: Context) -> Meaning:
    anchor = context.anchor
    if anchor is None:
        return Meaning("day")
    weekday = number(slots, "weekday")
    if slots.get("of_unit") in {"week", "weekend"}:
        at = shift(anchor, "week", number(slots, "of_mod") if "of_mod" in slots else 0)
        found = at - timedelta(at.isoweekday() - weekday)
        return Meaning("day", found, found)
    found = shift(anchor, "day", weekday_move(anchor, weekday, _mod(slots), context))
    return Meaning("day", found, found)


def _weekday_of_part(slots: Slots, context: Context) -> Meaning:
    """The Friday of the first week of May."""
    outer = {key: value for key, value in slots.items() if key in {"month", "year"}}
    part = _part(outer | {"ordinal": slots["of_ordinal"], "unit": slots["of_unit"]}, context)
    if part.first is None:
        return Meaning("day")
    found = part.first + timedelta((number(slots, "weekday") - part.first.isoweekday()) % WEEK)
    return Meaning("day", found, found, part.is_relative)


def _weekday_ahead(slots: Slots, context: Context) -> Meaning:
    """Monday two weeks from now."""
    count = slots["of_n"]
    if context.anchor is None or count is None:
        return Meaning("day")
    at = shift(context.anchor, str(slots["of_unit"]), number(slots, "of_n") * number(slots, "sign"))
    found = at + timedelta(number(slots, "weekday") - at.isoweekday())
    return Meaning("day", found, found)


def _month_meaning(slots: Slots, context: Context) -> Meaning:
    month = number(slots, "month")
    outer, _, is_relative = _outer(slots, context)
    if outer:
        return spanning("month", a_date(outer.year, month, 1), is_relative=is_relative)
    anchor = context.anchor
    if anchor is None:
        return Meaning("month")
    return spanning("month", shift(anchor.replace(day=1), "month", month_move(anchor, month, _mod(slots), context)))


def _year(slots: Slots, _context: Context) -> Meaning:
    return spanning("year", a_date(number(slots, "year"), 1, 1), is_relative=False)


def _unit(slots: Slots, context: Context) -> Meaning:
    unit = str(slots["unit"])
    if context.anchor is None or unit == "season":
        return Meaning(PART_OF_YEAR.get(unit, unit))
    mod, anchor = number(slots, "mod") if "mod" in slots else 0, context.anchor
    if "of_unit" in slots:  # the same month of last year
        anchor = shift(anchor, str(slots["of_unit"]), number(slots, "of_mod") if "of_mod" in slots else 0)
    if unit == "weekend" and mod == 0 and weekend_is_over(context.anchor, context.tense()):
        mod = -1
    return spanning(unit, shift(anchor, unit, mod))


MEANINGS: Final[tuple[tuple[frozenset[str], Callable[[Slots, Context], Meaning]], ...]] = (
    (frozenset({"n", "unit", "sign"}), _ago),
    (frozenset({"weekday", "of_n", "of_unit", "sign"}), _weekday_ahead),
    (frozenset({"weekday", "of_ordinal", "of_unit"}), _weekday_of_part),
    (frozenset({"holiday"}), _holiday),
    (frozenset({"offset"}), _offset),
    (frozenset({"ordinal", "weekday"}), _nth_weekday),
    (frozenset({"ordinal", "unit"}), _part),
    (frozenset({"season"}), _season),
    (frozenset({"decade"}), _decade),
    (frozenset({"day"}), _day),
    (frozenset({"weekday"}), _weekday),
    (frozenset({"month"}), _month_meaning),
    (frozenset({"unit"}), _unit),
    (frozenset({"year"}), _year),
)


def is_enough(slots: Collection[str]) -> bool:
    """Whether an expression that fills these slots means something."""
    return any(needed <= set(slots) for needed, _ in MEANINGS)
