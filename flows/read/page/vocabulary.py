"""The words of words.toml, checked once when first needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from flows.budget import untimed
from flows.lexicons.files import Row, decode

FILE: Final = Path(__file__).with_name("words.toml")


class Elements(Row, frozen=True):
    """Names of elements, and ARIA roles."""

    skip: frozenset[str]
    inline: frozenset[str]
    roles: frozenset[str]


class Classes(Row, frozen=True):
    """Words of classes and ids."""

    beside: frozenset[str]
    unless: frozenset[str]
    lead: frozenset[str]
    embedded: frozenset[str]


class Lines(Row, frozen=True):
    """How lines begin that are no part of an article, whatever they stand in."""

    pointers: tuple[str, ...]
    requests: tuple[str, ...]
    requested: tuple[str, ...]


class LinkedData(Row, frozen=True):
    """Types of schema.org."""

    types: frozenset[str]


class Meta(Row, frozen=True):
    """Names of meta tags by what they tell, in order of trust."""

    title: tuple[str, ...]
    description: tuple[str, ...]
    published_at: tuple[str, ...]
    modified_at: tuple[str, ...]
    section: tuple[str, ...]
    authors: tuple[str, ...]
    url: tuple[str, ...]
    source: tuple[str, ...]
    language: tuple[str, ...]


class Authors(Row, frozen=True):
    """Words around names in a byline."""

    prefixes: tuple[str, ...]
    joiners: tuple[str, ...]
    unless: frozenset[str]


class Vocabulary(Row, frozen=True):
    """The shape of words.toml."""

    elements: Elements
    classes: Classes
    lines: Lines
    linked_data: LinkedData
    meta: Meta
    authors: Authors


@cache
@untimed()
def vocabulary() -> Vocabulary:
    """The words of words.toml.

    Raises:
        LexiconError: naming the file and the key, when one is unknown, missing or of the wrong type.
    """
    return decode(FILE, Vocabulary)
