"""The words of page.toml, checked once when first needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

FILE: Final = Path(__file__).with_name("page.toml")


class Elements(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of elements, and ARIA roles."""

    skip: frozenset[str]
    inline: frozenset[str]
    roles: frozenset[str]


class Classes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of classes and ids."""

    beside: frozenset[str]
    unless: frozenset[str]
    lead: frozenset[str]
    embedded: frozenset[str]


class LinkedData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Types of schema.org."""

    types: frozenset[str]


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of meta tags by what they tell, in order of trust."""

    title: tuple[str, ...]
    description: tuple[str, ...]
    published_at: tuple[str, ...]
    authors: tuple[str, ...]
    url: tuple[str, ...]
    source: tuple[str, ...]
    language: tuple[str, ...]


class Authors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words around names in a byline."""

    prefixes: tuple[str, ...]
    joiners: tuple[str, ...]
    unless: frozenset[str]


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of page.toml."""

    elements: Elements
    classes: Classes
    linked_data: LinkedData
    meta: Meta
    authors: Authors


@cache
def vocabulary() -> Vocabulary:
    """The words of page.toml.

    Raises:
        ValueError: naming the file, when a key is unknown, missing or of the wrong type.
    """
    try:
        return msgspec.toml.decode(FILE.read_bytes(), type=Vocabulary)
    except msgspec.DecodeError as error:
        raise ValueError(f"{FILE.name}: {error}") from error
