"""A publication time as a sender or a text writes it -> naive UTC timestamp, local calendar date, offset in minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_tz
from typing import Final

from flows.lexicons.dates import month_numbers

FIRST_YEAR: Final = 1605  # the first newspaper; year 1 is how some databases write "null"
WIDEST_OFFSET: Final = 16 * 60  # minutes; clocks differ from UTC by 14 hours at most, and by 16 in old records
LAST_YEAR: Final = 2200
ISO_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)|(\d{4})/(\d\d?)/(\d\d?)")
DOTTED_DATE: Final = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")
SLASHED_DATE: Final = re.compile(r"(\d\d?)[/-](\d\d?)[/-](\d{4})")
ISO_TIME: Final = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d.*", re.DOTALL)
COMPACT: Final = re.compile(r"\d{14}")
EPOCH: Final = re.compile(r"(\d{9,10})(\d{3}|\.\d+)?")
RFC_2822: Final = re.compile(r"(?:\w{3},?\s+)?\d{1,2}[\s-]\w{3,9}[\s-]\d{2,4}\s+\d{1,2}:\d\d.*", re.DOTALL)
ZONE_NAME: Final = re.compile(r"(?<!\s)\s*+(?:UTC|GMT|Z)$")
ZONE: Final = re.compile(r":\d\d\s*(?:[+-]\d{4}|\(?[A-Z]{1,5}\)?)")
ZONE_SPACE: Final = re.compile(r"(?<!\s)\s++([+-]\d\d:?\d\d)$")
WORD: Final = re.compile(r"\w+")
LEADING_NUMBER: Final = re.compile(r"(\d{1,2})(?!\d)")
REACH: Final = 2  # "12 de enero": the day stands at most two words from the month


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` is naive UTC and None when only the day is known; `offset` is in minutes and None when it was not given."""

    day: date
    at: datetime | None = None
    offset: int | None = None


def parse_moment(value: str) -> Moment | None:
    """Read ISO 8601, RFC 2822, an epoch in seconds or milliseconds, or a written date; None when it is none of them.

    A time without an offset is taken as UTC, with `offset` None to say so. Day and month that could be read both ways
    ("03/04/2026") are not guessed.
    """
    value = " ".join(value.split())
    try:
        return _timestamp(value) or _day_only(value)
    except (ValueError, OverflowError, OSError):
        return None


def written_date(text: str) -> date | None:
    """The first date with a month's name and a year: "January 12, 2026", "12 de enero de 2026", "Jan. 12, 2026"."""
    words = WORD.findall(text.lower())
    months = month_numbers()
    for at, word in enumerate(words):
        if word not in months:
            continue
        year = next((int(w) for w in words[at + 1 : at + 4] if w.isdecimal() and len(w) == len("2026")), None)
        day = _day_beside(words, at)
        if year is not None and day is not None:
            try:
                return _checked(date(year, months[word], day))
            except ValueError:
                continue
    return None


def _day_beside(words: list[str], at: int) -> int | None:
    before = words[max(0, at - REACH) : at]
    for word in (*reversed(before), *words[at + 1 : at + 2]):
        number = LEADING_NUMBER.match(word)
        if number:
            return int(number[1])
    return None


def _checked(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"year {day.year}")
    return day


def _timestamp(value: str) -> Moment | None:
    if ISO_TIME.fullmatch(value):
        tidy = ZONE_SPACE.sub(r"\1", ZONE_NAME.sub("+00:00", value)).replace(",", ".")
        return _moment(datetime.fromisoformat(tidy))
    if COMPACT.fullmatch(value):
        return _moment(datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    epoch = EPOCH.fullmatch(value)
    if epoch:
        return _moment(datetime.fromtimestamp(int(epoch[1]), UTC))
    if RFC_2822.fullmatch(value):
        parts = parsedate_tz(value)
        if parts is None:
            return None
        offset = parts[9] if ZONE.search(value) else None  # the parser says 0 where there is none
        naive = datetime(*parts[:6])  # noqa: DTZ001 the offset is joined to it below
        return _with_offset(naive, None if offset is None else offset // 60)
    return None


def _moment(at: datetime) -> Moment:
    offset = at.utcoffset()
    return _with_offset(at.replace(tzinfo=None), None if offset is None else round(offset.total_seconds() / 60))


def _with_offset(local: datetime, offset: int | None) -> Moment:
    if offset is not None and abs(offset) > WIDEST_OFFSET:
        raise ValueError(f"offset {offset} minutes")
    return Moment(_checked(local.date()), local - timedelta(minutes=offset or 0), offset)


def _day_only(value: str) -> Moment | None:
    found = ISO_DATE.fullmatch(value)
    if found:
        year, month, day = (int(g) for g in found.groups() if g is not None)
        return Moment(_checked(date(year, month, day)))
    found = DOTTED_DATE.match(value)
    if found:
        return Moment(_checked(date(int(found[3]), int(found[2]), int(found[1]))))
    found = SLASHED_DATE.match(value)
    if found:
        return _slashed(int(found[1]), int(found[2]), int(found[3]))
    day_written = written_date(value)
    return Moment(day_written) if day_written else None


def _slashed(first: int, second: int, year: int) -> Moment | None:
    readings = {day for day in (_date_or_none(year, second, first), _date_or_none(year, first, second)) if day}
    return Moment(_checked(readings.pop())) if len(readings) == 1 else None


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
