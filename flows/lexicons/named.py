"""The shape of the files of who and where: roles, organizations, places, parts of people's names, agencies."""

from __future__ import annotations

from typing import Literal

from flows.lexicons.files import Forms, Row, Words


class Role(Row, frozen=True):
    """Role nouns of one PLOVER sector by gender, and their plurals."""

    CODED = {"sector": "sectors"}

    sector: str
    m: Words = []
    f: Words = []
    mf: Words = []
    plural: Words = []


class Title(Row, frozen=True):
    """Words of courtesy right before a name."""

    m: Words = []
    f: Words = []
    mf: Words = []


class SectorForms(Row, frozen=True):
    """Forms of one PLOVER sector."""

    CODED = {"sector": "sectors"}

    sector: str
    forms: Words


class RolesFile(Row, frozen=True):
    """The shape of roles.toml: who people are."""

    role: list[Role]
    title: list[Title] = []
    group: list[SectorForms] = []
    former: list[Forms] = []
    unnamed: list[SectorForms] = []


class OrgHead(Row, frozen=True):
    """Nouns that head names of organizations; `generic` ones act alone too."""

    CODED = {"sector": "sectors"}

    sector: str
    forms: Words
    generic: bool = False


class KnownOrg(Row, frozen=True):
    """An organization with the key that it has in all languages."""

    CODED = {"country": "actor_countries", "sector": "sectors"}

    key: str
    name: str
    forms: Words
    country: str | None = None
    sector: str | None = None


class OrganizationsFile(Row, frozen=True):
    """The shape of organizations.toml."""

    head: list[OrgHead] = []
    known: list[KnownOrg] = []
    prefix: list[SectorForms] = []  # of clubs and companies: "FC", "Grupo"
    suffix: list[SectorForms] = []
    thing: list[Forms] = []  # nouns that head names of places, events, works and laws: "Plaza", "Copa"
    thing_suffix: list[Forms] = []  # words that end such names in any language: "River", "Cup"
    abbreviation: list[Forms] = []  # in capitals like acronyms, but of things: "DVD", "PIB"
    sport: list[Forms] = []  # words beside which the name of a city may be its club's
    adjective: list[Forms] = []  # lower-case adjectives inside names: "Assemblée nationale"


class Country(Row, frozen=True):
    """A country (ISO alpha-3) with what stands for it."""

    CODED = {"code": "countries"}

    code: str
    names: Words = []
    demonyms: Words = []
    capital: Words = []
    government: Words = []


class Region(Row, frozen=True):
    """Places inside one country."""

    CODED = {"code": "countries"}

    code: str
    names: Words


class Area(Row, frozen=True):
    """Places larger than a country."""

    names: Words


class PlacesFile(Row, frozen=True):
    """The shape of places.toml."""

    country: list[Country]
    region: list[Region] = []
    area: list[Area] = []


class Province(Row, frozen=True):
    """Regions of a country that are no cities, though towns may bear their names, and regions of other countries."""

    CODED = {"country": "countries"}

    country: str
    names: Words


class Spelling(Row, frozen=True):
    """Spellings of a city that the gazetteer has under another name."""

    CODED = {"country": "countries"}

    country: str
    name: str
    forms: Words


class GazetteerFile(Row, frozen=True):
    """The shape of gazetteer.toml of `_any`: what the gazetteer of cities cannot know."""

    province: list[Province] = []
    spelling: list[Spelling] = []


class Given(Row, frozen=True):
    """Given names of one gender; `ambiguous` ones are also common words or places."""

    gender: Literal["m", "f", "mf"]
    forms: Words
    ambiguous: bool = False


class NamesFile(Row, frozen=True):
    """The shape of names.toml of `_any`: parts of people's names."""

    given: list[Given] = []
    surname: list[Forms] = []
    particle: list[Forms] = []


class Agency(Row, frozen=True):
    """A news agency."""

    CODED = {"country": "actor_countries"}

    key: str
    name: str
    forms: Words
    country: str | None = None
    domain: str | None = None


class Outlet(Row, frozen=True):
    """A publisher."""

    CODED = {"country": "actor_countries"}

    name: str
    forms: Words
    country: str | None = None
    domain: str | None = None


class AgenciesFile(Row, frozen=True):
    """The shape of agencies.toml of `_any`."""

    agency: list[Agency] = []
    outlet: list[Outlet] = []
