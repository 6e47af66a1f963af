"""What phrases can be: senses by kind, and the leaves of the trie that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

LEAF: Final = ""  # no token is empty or blank, so the keys cannot clash with one
BARE: Final = " "
NO_CLASSES: Final[frozenset[str]] = frozenset()


class Sense(msgspec.Struct, frozen=True, gc=False):
    """What a phrase can be; `kind` says which of the other fields are set."""

    kind: str
    lemma: str = ""
    tense: str = ""
    stance: str = ""
    sector: str | None = None
    country: str | None = None
    gender: str = ""
    number: str = ""
    person: int = 3
    key: str = ""
    name: str = ""
    flag: bool = False
    classes: frozenset[str] = NO_CLASSES
    frame: Any = None


Senses = Mapping[str, tuple[Sense, ...]]


KINDS: Final = (
    "abbreviation",
    "according",
    "after_name",
    "agency",
    "area",
    "be",
    "calendar",
    "capital",
    "country",
    "cue",
    "demonym",
    "event",
    "event_noun",
    "fn",
    "former",
    "given",
    "government",
    "group",
    "have",
    "light",
    "not_event",
    "operator",
    "org",
    "org_adjective",
    "org_head",
    "org_prefix",
    "org_suffix",
    "outlet",
    "passive_light",
    "pronoun",
    "realis",
    "region",
    "role",
    "speech_noun",
    "sport",
    "surname",
    "thing",
    "thing_suffix",
    "title",
    "unnamed",
    "work",
)
_BITS: Final = {kind: 1 << number for number, kind in enumerate(KINDS)}


def bits(*kinds: str) -> int:
    """A bit for each kind of sense, to be compared with `Hit.kinds`: one look tells what a phrase can be.

    Raises:
        KeyError: a kind is not in KINDS.
    """
    found = 0
    for kind in kinds:
        found |= _BITS[kind]
    return found


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A phrase found in the tokens `first` to `last` (exclusive), with its senses by kind.

    `classes` are the closed word classes that it is of ("of", "relative" ...), `kinds` the bits of its senses' kinds.
    """

    first: int
    last: int
    senses: Senses
    classes: frozenset[str] = NO_CLASSES
    kinds: int = 0


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """The end of a phrase: its senses, and those that it has with certain capitals only, by these."""

    senses: Senses
    classes: frozenset[str]
    kinds: int
    cased: dict[str, Leaf] | None = None


Node = dict[str, Any]  # the next word -> a node, or a leaf where no phrase goes on; LEAF and BARE -> a leaf


def leaf_of(senses: Sequence[Sense]) -> Leaf:
    """The leaf of a phrase with these senses, whatever its capitals."""
    by_kind: dict[str, tuple[Sense, ...]] = {}
    for sense in senses:
        of_kind = by_kind.get(sense.kind, ())
        if sense not in of_kind:
            by_kind[sense.kind] = (*of_kind, sense)
    return Leaf(by_kind, by_kind["fn"][0].classes if "fn" in by_kind else NO_CLASSES, bits(*by_kind))
