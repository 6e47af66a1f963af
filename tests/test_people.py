"""The public figures: their file is sound, their names are found in any spelling, and their offices are dated."""

from __future__ import annotations

from datetime import date

import pytest

from flows.lexicons import people
from flows.lexicons.people import Homeland, Office, PeopleFile, check, people_of
from schemas.vocab import codes


def test_the_file_is_sound() -> None:
    assert list(check(people())) == []


def test_countries_and_sectors_are_codes() -> None:
    lands, sectors = codes("countries").keys() | codes("bodies").keys(), codes("sectors").keys()
    for figures in people().named.values():
        for figure in figures:
            assert figure.country in lands, figure.row
            assert {office.country for office in figure.offices} <= lands, figure.row
            assert {office.sector for office in figure.offices} <= sectors, figure.row


def test_offices_end_after_they_begin() -> None:
    for figures in people().named.values():
        for figure in figures:
            for office in figure.offices:
                assert not office.last or office.first[: len(office.last)] <= office.last, figure.row


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["Vladimir Putin", "Wladimir Putin", "Vladímir Putin", "Vladimir Poutine", "Poutine"], "vladimir putin/RUS"),
        (["Sergei Lavrov", "Serguéi Lavrov", "Sergej Lawrow", "Sergueï Lavrov", "Sergey Lavrov"], "sergei lavrov/RUS"),
        (["Xi Jinping", "Xi"], "xi jinping/CHN"),
        (["Kim Jong-un", "Kim Jong Un"], "kim jong-un/PRK"),
        (["Abdel Fattah al-Sisi", "Abdel Fatah al Sisi", "Abdel Fattah el-Sissi"], "abdel fattah al-sisi/EGY"),
        (["Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", "Erdogan"], "recep tayyip erdogan/TUR"),
        (["Claudia Sheinbaum Pardo", "Claudia Sheinbaum", "Sheinbaum"], "claudia sheinbaum/MEX"),
    ],
)
def test_one_person_in_all_spellings(spellings: list[str], key: str) -> None:
    found = [people().find(name, None) for name in spellings]
    assert [figure and figure.key for figure in found] == [key] * len(spellings)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (None, ("GOV", "ITA")),
        (date(2005, 3, 1), (None, "ITA")),
        (date(2008, 3, 1), ("GOV", "ITA")),
        (date(2015, 3, 1), ("GOV", "IGO")),
        (date(2020, 3, 1), ("ELI", "ITA")),
        (date(2021, 3, 1), ("GOV", "ITA")),
        (date(2024, 3, 1), ("ELI", "ITA")),
    ],
)
def test_the_office_of_the_day(day: date | None, standing: tuple[str | None, str]) -> None:
    figure = people().find("Mario Draghi", None)
    assert figure is not None
    assert figure.standing(day) == standing


def test_an_office_may_be_dated_by_year_or_by_month() -> None:
    office = Office("GOV", "ITA", "2011", "2013-04")
    assert office.held("2013-04-30")
    assert not office.held("2013-05-01")
    assert not office.held("2010-12-31")


def test_short_names_count_behind_their_office() -> None:
    found = people()
    assert found.find("Johnson", date(2021, 1, 1)) is None
    prime = found.find_titled("Johnson", "GOV", {"GBR"}, date(2021, 1, 1))
    assert prime is not None
    assert prime.name == "Boris Johnson"
    assert found.find_titled("Johnson", "JUD", {"GBR"}, date(2021, 1, 1)) is None
    bush = found.find_titled("Bush", "GOV", {"USA", "IRQ"}, date(2003, 1, 1))
    assert bush is not None
    assert bush.name == "George W. Bush"


def test_a_name_of_two_is_the_one_in_office() -> None:
    found = people()
    assert found.find("George Bush", None) is None
    president = found.find("George Bush", date(1990, 1, 1))
    assert president is not None
    assert president.name == "George H. W. Bush"


def test_an_office_that_cannot_be_read_is_named() -> None:
    file = PeopleFile(country=[Homeland("ITA", men=["Ugo Bo: GOV since 2001"])])
    assert "Ugo Bo" in next(iter(check(people_of(file))))


@pytest.mark.parametrize(
    ("day", "sector"), [(date(1999, 1, 1), "GOV"), (date(2015, 1, 1), "REB"), (date(2023, 1, 1), "GOV"), (None, "GOV")]
)
def test_a_body_in_arms_and_in_government_by_turns(day: date | None, sector: str) -> None:
    assert people().bodies["taliban"].standing(day) == (sector, "AFG")
