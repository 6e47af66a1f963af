"""A trie over tokens: every phrase of a lexicon, found in one pass over the tokens of a text, the longest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

TOKEN: Final = re.compile(r"\w+|[^\w\s]")
APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "‘": "'"})
SHORT_ACRONYM: Final = 3  # letters; shorter words in capitals are too often other acronyms
LEAF: Final = ""  # no token is empty or blank, so the keys cannot clash with one
BARE: Final = " "


@dataclass(frozen=True, slots=True)
class Sense:
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
    classes: frozenset[str] = frozenset()
    frame: Any = None


Senses = Mapping[str, tuple[Sense, ...]]
ByCase = dict[str, dict[str, tuple[Sense, ...]]]  # senses by kind, by the capitals that the form asks for ("" for none)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in the tokens `first` to `last` (exclusive), with its senses by kind."""

    first: int
    last: int
    senses: Senses


def tokens_of(phrase: str) -> list[str]:
    """The tokens of a phrase, as a text's are cut."""
    return TOKEN.findall(phrase.translate(APOSTROPHES))


def lower(word: str) -> str:
    """Lower case of the same length, so that offsets stay true."""
    low = word.lower()
    return low if len(low) == len(word) else "".join(c.lower() if len(c.lower()) == 1 else c for c in word)


def strip_accents(word: str) -> str:
    """The word without combining marks; letters such as ñ and ß that are letters of their own lose them too."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


class Trie:
    """Phrases -> senses. Forms with capitals match only text with the same capitals or all in capitals."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._pending: dict[tuple[str, ...], ByCase] = {}

    def add(self, phrase: str, sense: Sense) -> None:
        """Add a phrase with one sense; the same sense twice counts once."""
        lows: tuple[str, ...]
        if phrase.isalnum():
            low = phrase if phrase.islower() else lower(phrase)
            lows, case_key = (low,), "" if low == phrase else phrase
        else:
            words = tokens_of(phrase)
            lows = tuple(lower(w) for w in words)
            case_key = "" if list(lows) == words else " ".join(words)
        by_kind = self._pending.setdefault(lows, {}).setdefault(case_key, {})
        of_kind = by_kind.get(sense.kind)
        if of_kind is None:
            by_kind[sense.kind] = (sense,)
        elif sense not in of_kind:
            by_kind[sense.kind] = (*of_kind, sense)

    def freeze(self) -> Trie:
        """Build the nodes, adding each phrase also without its accents, for texts that have none."""
        bare: dict[tuple[str, ...], ByCase] = {}
        for lows, by_case in self._pending.items():
            if all(word.isascii() for word in lows):
                continue
            plain = tuple(strip_accents(w) for w in lows)
            if plain not in self._pending:
                target = bare.setdefault(plain, {})
                for case, senses in by_case.items():
                    key = strip_accents(case)
                    target[key] = _merged(target[key], senses) if key in target else senses
        for key, source in ((LEAF, self._pending), (BARE, bare)):
            for lows, by_case in source.items():
                node = self._root
                for word in lows:
                    node = node.setdefault(word, {})
                node[key] = _leaf(by_case)
        self._pending = {}
        return self

    def find(self, lows: Sequence[str], words: Sequence[str], *, accented: bool = True) -> list[Hit | None]:
        """For each token the hit that covers it, or None: leftmost and longest, no overlaps.

        Phrases without their accents count in capitals, and anywhere when the text is not `accented`.
        """
        covers: list[Hit | None] = [None] * len(lows)
        root, i, n = self._root, 0, len(lows)
        while i < n:
            node = root.get(lows[i])
            if node is None:
                i += 1
                continue
            best, end, j = None, i, i + 1
            while True:
                leaf = node.get(LEAF)
                if leaf is None and BARE in node and not (accented and not words[j - 1].isupper()):
                    leaf = node[BARE]
                if leaf is not None:
                    senses = leaf[0] if leaf[1] is None else _cased(leaf, words, i, j)
                    if senses:
                        best, end = senses, j
                if j >= n or (node := node.get(lows[j])) is None:
                    break
                j += 1
            if best is None:
                i += 1
                continue
            hit = Hit(i, end, best)
            for k in range(i, end):
                covers[k] = hit
            i = end
        return covers

    def get(self, word: str) -> Senses:
        """The senses of one lower-case word that need no capitals; empty when there are none."""
        leaf = self._root.get(word, {}).get(LEAF)
        return leaf[0] if leaf else {}

    def get_capitalized(self, word: str) -> Senses:
        """The senses of one lower-case word when it is written with a capital; empty when there are none."""
        leaf = self._root.get(word, {}).get(LEAF)
        return _cased(leaf, [word.capitalize()], 0, 1) if leaf else {}


Leaf = tuple[Senses, dict[str, Senses] | None]


def _leaf(by_case: ByCase) -> Leaf:
    plain = by_case.get("", {})
    if len(by_case) == 1 and plain:
        return plain, None
    return plain, {case: _merged(plain, senses) for case, senses in by_case.items() if case}


def _merged(first: Senses, second: Senses) -> dict[str, tuple[Sense, ...]]:
    if not first:
        return dict(second)
    merged = dict(first)
    for kind, senses in second.items():
        old = merged.get(kind, ())
        merged[kind] = (*old, *(sense for sense in senses if sense not in old))
    return merged


def _cased(leaf: Leaf, words: Sequence[str], first: int, last: int) -> Senses:
    plain, cased = leaf
    surface = " ".join(words[first:last])
    exact = (cased or {}).get(surface)
    if exact is not None:
        return exact
    if cased and surface.isupper() and (len(surface) > SHORT_ACRONYM or last - first > 1):  # a headline in capitals
        merged = plain
        for case in sorted(cased):
            merged = _merged(merged, cased[case])
        return merged
    return plain
