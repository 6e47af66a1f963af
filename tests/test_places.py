"""The gazetteer, and which of the cities of one name an article means."""

from __future__ import annotations

import subprocess
import sys

import pytest
from processes import ROOT

from flows.lexicons import FOLDER, files, gazetteer, languages, named
from flows.model import Document
from flows.pipeline import Processed, process

# Palau's seat of government has too few people for the gazetteer.
TOO_SMALL = {"PLW"}


@pytest.mark.parametrize("code", languages())
def test_every_capital_is_found_in_every_language(code: str) -> None:
    file = files.decode(FOLDER / code / "places.toml", named.PlacesFile)
    capitals = [(row.code, name) for row in file.country for name in row.capital if row.code not in TOO_SMALL]
    assert len(capitals) > 180
    lost = [(c, name) for c, name in capitals if all(city.country != c for city in gazetteer.cities(name))]
    assert lost == []


@pytest.mark.parametrize("name", ["Warszawa", "Warschau", "Varsovia", "Varsovie", "Varsavia", "Varsóvia", "VARSOVIA"])
def test_a_city_in_any_language_is_one(name: str) -> None:
    (city,) = gazetteer.cities(name)
    assert (city.country, round(city.latitude, 1), round(city.longitude, 1)) == ("POL", 52.2, 21.0)
    assert city.population > 1_000_000


@pytest.mark.parametrize("name", ["", "zzz", "Not a City at All", "\n", "a\nb", "\u0661"])
def test_what_is_no_city(name: str) -> None:
    assert gazetteer.cities(name) == ()


def test_the_first_and_the_last_name_are_found() -> None:
    found = gazetteer.gazetteer()
    names = found.names.decode().split("\n")
    assert names == [*sorted(names[:-1], key=str.encode), ""]
    assert len(names) - 1 == len(found.starts) - 1 == len(found.bounds) - 1
    for name in (names[0], names[-2], *names[1:-1:40_000]):
        assert gazetteer.cities(name), name


def test_cities_come_the_largest_first_and_lie_on_the_earth() -> None:
    found = gazetteer.cities("Valencia")
    assert [c.population for c in found] == sorted((c.population for c in found), reverse=True)
    assert {"ESP", "VEN"} <= {c.country for c in found}
    table = gazetteer.gazetteer()
    assert max(map(abs, table.latitude)) <= 90 * gazetteer.DEGREE
    assert max(map(abs, table.longitude)) <= 180 * gazetteer.DEGREE


def test_provinces_that_are_listed_hide_a_town_or_nothing() -> None:
    assert gazetteer.is_region("Guerrero", "MEX")
    assert gazetteer.is_region("guerrero", "MEX")
    assert not gazetteer.is_region("Guerrero", "ESP")
    assert not gazetteer.is_region("Puebla", "MEX"), "it bears the name of its capital"


def test_an_article_without_places_does_not_load_the_gazetteer() -> None:
    code = (
        "from flows.pipeline import process; from flows.model import Document; from flows.lexicons import gazetteer;"
        "process(Document(text='Police arrested three men on Monday.', language='en'));"
        "assert gazetteer.gazetteer.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def placed(text: str, **of_document: str) -> tuple[str | None, str]:
    result = process(Document(text=text, language="en", **of_document))
    assert isinstance(result, Processed)
    row = result.rows["event_mentions"][0]
    return row["place_country_code"], row["place_basis"]


TEXT = "Police arrested two men in Birmingham."


def test_the_publishers_country_is_evidence() -> None:
    assert placed(TEXT) == (None, "ambiguous")
    assert placed(TEXT, source="BBC News") == ("GBR", "clause")


def test_evidence_for_two_countries_is_none() -> None:
    assert placed(f"{TEXT} British and American police said nothing.") == (None, "ambiguous")


def test_the_largest_city_does_not_win_against_the_article() -> None:
    """Toledo in Ohio is larger than that in Spain, but not ten times."""
    assert placed("Police arrested two men in Toledo. The Spanish government kept silent.") == ("ESP", "clause")


def test_evidence_is_not_the_name_itself() -> None:
    """San José is a capital: that it is named says nothing for its own country."""
    assert placed("Police arrested two men in San Jose, then left San Jose.") == (None, "ambiguous")
