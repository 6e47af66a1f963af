"""Publication times as senders write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.timestamps import FIRST_YEAR, LAST_YEAR, Moment, parse_moment, written_date


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "day", "utc", "offset"),
    [
        ("2026-01-11", date(2026, 1, 11), None, None),
        ("20260111", date(2026, 1, 11), None, None),
        ("2026/1/11", date(2026, 1, 11), None, None),
        ("2026-01-11T18:00:00-06:00", date(2026, 1, 11), at(2026, 1, 12, 0, 0), -360),
        ("2026-01-11 18:00:00 -0600", date(2026, 1, 11), at(2026, 1, 12, 0, 0), -360),
        ("2026-01-11T18:00Z", date(2026, 1, 11), at(2026, 1, 11, 18, 0), 0),
        ("2026-01-11 18:00:00 UTC", date(2026, 1, 11), at(2026, 1, 11, 18, 0), 0),
        ("2026-01-11T18:00:00.123456789+0530", date(2026, 1, 11), at(2026, 1, 11, 12, 30, 0, 123456), 330),
        ("2026-01-11T18:00:00,5Z", date(2026, 1, 11), at(2026, 1, 11, 18, 0, 0, 500000), 0),
        ("2026-01-11T18:00:00", date(2026, 1, 11), at(2026, 1, 11, 18, 0), None),
        ("20260111T180000Z", date(2026, 1, 11), at(2026, 1, 11, 18, 0), 0),
        ("20260111180000", date(2026, 1, 11), at(2026, 1, 11, 18, 0), 0),
        ("Sun, 11 Jan 2026 18:00:00 -0600", date(2026, 1, 11), at(2026, 1, 12, 0, 0), -360),
        ("Sun, 11 Jan 2026 18:00:00 GMT", date(2026, 1, 11), at(2026, 1, 11, 18, 0), 0),
        ("11 Jan 2026 18:00", date(2026, 1, 11), at(2026, 1, 11, 18, 0), None),
        ("1768176000", date(2026, 1, 12), at(2026, 1, 12, 0, 0), 0),
        ("1768176000000", date(2026, 1, 12), at(2026, 1, 12, 0, 0), 0),
        ("January 12, 2026", date(2026, 1, 12), None, None),
        ("Lunes, 12 de enero de 2026", date(2026, 1, 12), None, None),
        ("Jan. 12, 2026 at 3:04 PM", date(2026, 1, 12), None, None),
        ("12.1.2026", date(2026, 1, 12), None, None),
        ("25/12/2025", date(2025, 12, 25), None, None),
        ("12/25/2025", date(2025, 12, 25), None, None),
        ("05/05/2025", date(2025, 5, 5), None, None),
    ],
)
def test_forms_of_time(value: str, day: date, utc: datetime | None, offset: int | None) -> None:
    assert parse_moment(value) == Moment(day, utc, offset)
    assert parse_moment(f"  {value}\n") == Moment(day, utc, offset)


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2026", "2026-13-01", "2026-02-30", "30 de febrero de 2026", "0001-01-01T00:00:00Z", "03/04/2026",
     "2026-01-11T25:00:00Z", "99999999999999999999", "0", "-1", "12:30", "Sun, 99 Jan 2026 18:00:00 GMT", "NaN", "May",
     "2026-01-11T18:00:00+23:00", "January 2026"],
)  # fmt: skip
def test_what_is_no_time_or_could_be_two_is_none(value: str) -> None:
    assert parse_moment(value) is None


def test_months_of_every_language_with_dates() -> None:
    assert written_date("Publicado el 3 de marzo de 2025") == written_date("March 3rd, 2025") == date(2025, 3, 3)
    assert written_date("no date here in May") is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9TZ:+\-/. ]{4,30}", fullmatch=True)))
def test_no_text_fails(value: str) -> None:
    moment = parse_moment(value)
    assert moment is None or FIRST_YEAR <= moment.day.year <= LAST_YEAR
