"""Several days that an expression could mean -> the likeliest, by its words, the tense around it and the anchor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.extract.date_values import SATURDAY, WEEK, YEAR, ImpossibleDateError, Meaning, shift, spanning

AGAINST_TENSE: Final = 6  # how many times nearer a date must be to be taken against the tense of its clause
FUTURE_WEIGHT: Final = 1.5  # without a tense, reports look back: a date ahead must be so many times nearer
OFF_WEEKDAY: Final = 30  # how many times nearer a date must be to be taken against the weekday that is named
WEDNESDAY: Final = 2
OFF_FRIDAY_13: Final = 200  # the same where no month is named


@dataclass(frozen=True, slots=True)
class Context:
    """What decides where the words leave a choice: the anchor, and the tense around (-1 past, 1 future, 0 unknown)."""

    anchor: date | None
    tense: Callable[[], int]


def real_days(days: Iterable[tuple[int, int, int]]) -> list[date]:
    """Those of the year, month and day triples that are days."""
    found = []
    for year, month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def likeliest(
    days: Sequence[date], weekday: int | None, mod: int | None, context: Context, off_weekday: int = OFF_WEEKDAY
) -> date:
    """On the weekday that is named (1 to 7), on the side that the words (`mod`) or the tense say, and the nearest.

    Raises:
        ImpossibleDateError: when there is no day to choose from.
    """
    anchor = context.anchor
    if not days or anchor is None:
        raise ImpossibleDateError
    if mod:
        days = [d for d in days if (d - anchor).days * mod > 0] or days
    tense = 0 if mod else context.tense()

    def cost(day: date) -> tuple[float, date]:
        distance = (day - anchor).days
        off = off_weekday if weekday and day.isoweekday() != weekday else 1
        return abs(distance) * _weight(distance, tense) * off, day

    return min(days, key=cost)


def _weight(distance: int, tense: int) -> float:
    """How much farther away a date on that side seems than it is."""
    if distance * tense < 0:
        return AGAINST_TENSE
    return FUTURE_WEIGHT if tense == 0 and distance > 0 else 1


def weekday_move(anchor: date, weekday: int, mod: int | None, context: Context) -> int:
    """Days from the anchor to the last (`mod` -1), this (0), next (1) or a bare (None) Monday (1) to Sunday (7).

    A bare weekday is the one just past, today included, unless its clause is in the future.
    """
    back, ahead = (anchor.isoweekday() - weekday) % WEEK, (weekday - anchor.isoweekday()) % WEEK
    if mod:
        return (ahead or WEEK) if mod > 0 else -(back or WEEK)
    tense = context.tense()
    is_ahead = tense > 0 or (mod == 0 and tense == 0 and ahead < back)
    return ahead if is_ahead else -back


def weekend_is_over(anchor: date, tense: int) -> bool:
    """Whether "the weekend" has been: in the past tense until the next one, without a tense on Monday and Tuesday."""
    return anchor.weekday() < (SATURDAY if tense < 0 else WEDNESDAY if tense == 0 else 0)


def month_move(anchor: date, month: int, mod: int | None, context: Context) -> int:
    """Months from the anchor's to the last (`mod` -1), this year's (0), next (1) or a bare (None) month of the name."""
    back, ahead = (anchor.month - month) % YEAR, (month - anchor.month) % YEAR
    if mod:
        return (ahead or YEAR) if mod > 0 else -(back or YEAR)
    if mod == 0:
        return month - anchor.month
    tense = context.tense()
    return ahead if ahead * _weight(1, tense) < back * _weight(-1, tense) else -back


def in_turn(a: Meaning, b: Meaning, slots: Collection[str], tense: int) -> tuple[Meaning, Meaning]:
    """Where the end comes out before the beginning ("from Monday to Wednesday", "January to March"), one of them moves.

    The end moves on where the clause is in the future, else the beginning moves back.
    """
    if a.first is None or b.first is None or b.first >= a.first or not (a.is_relative and b.is_relative):
        return a, b
    unit = "year" if "month" in slots else "week" if "weekday" in slots else "month"
    return (a, _moved(b, unit, 1)) if tense > 0 else (_moved(a, unit, -1), b)


def _moved(meaning: Meaning, unit: str, count: int) -> Meaning:
    if meaning.first is None or meaning.granularity not in {"day", "month"}:
        return meaning
    return spanning(meaning.granularity, shift(meaning.first, unit, count))
