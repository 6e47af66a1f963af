"""A trie over tokens: every phrase of a lexicon, found in one pass over the tokens of a text, the longest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from flows.ids import strip_accents
from flows.lexicons.packed import pack, unpack, unpack_root
from flows.lexicons.senses import BARE, LEAF, Hit, Leaf, Node, Sense, Senses, leaf_of

TOKEN: Final = re.compile(r"\w++|\S")
APOSTROPHES: Final = ("’", "ʼ", "‘")
SHORT_ACRONYM: Final = 3  # letters; shorter words in capitals are too often other acronyms
END: Final = "\n"
Entry = tuple[str, Sense]  # the capitals that a form asks for ("" for none), and a sense


def tokens_of(phrase: str) -> list[str]:
    """The tokens of a phrase, as a text's are cut."""
    return TOKEN.findall(straight(phrase))


def straight(text: str) -> str:
    """The text with straight apostrophes; three replacements take a hundredth of the time of str.translate."""
    for mark in APOSTROPHES:
        text = text.replace(mark, "'")
    return text


def lower(word: str) -> str:
    """Lower case of the same length, so that offsets stay true."""
    low = word.lower()
    return low if len(low) == len(word) else "".join(c.lower() if len(c.lower()) == 1 else c for c in word)


class Trie:
    """Phrases -> senses. Forms with capitals match only text with the same capitals or all in capitals."""

    def __init__(self) -> None:
        self._root: Node = {}
        self._frames: list[Any] = []  # of what is still packed
        self._pending: dict[str, list[Entry]] = {}  # by the phrase's tokens in lower case, blanks between

    def __getstate__(self) -> tuple[bytes, list[Any]]:
        """The nodes, packed.

        Raises:
            TypeError: they were read packed themselves, and are there to be read again.
        """
        if self._frames:
            raise TypeError("a trie that was read packed is not packed again")
        return pack(self._root)

    def __setstate__(self, state: tuple[bytes, list[Any]]) -> None:
        data, self._frames = state
        self._root = unpack_root(data)
        self._pending = {}

    def _opened(self, node: Node, word: str) -> Any:
        """What the word leads to from the node, unpacked where it still was not; None for nothing."""
        found = node.get(word)
        if type(found) is bytes:
            found = node[word] = unpack(found, self._frames)
        return found

    def add(self, phrase: str, sense: Sense) -> None:
        """Add a phrase with one sense; the same sense twice counts once."""
        if phrase.isalnum():
            surface, low = phrase, phrase if phrase.islower() else lower(phrase)
        else:
            surface = " ".join(tokens_of(phrase))
            low = lower(surface)
        self._pending.setdefault(low, []).append(("" if low == surface else surface, sense))

    def inherit(self, kind: str, into: str) -> None:
        """Give phrases of the kind `into` what their first word is of `kind`, flagged: "wrote to" is still "wrote"."""
        flagged: dict[str, list[Entry]] = {}
        for low, entries in self._pending.items():
            kinds = {sense.kind for case, sense in entries if not case} if " " in low else ()
            if into not in kinds or kind in kinds:
                continue
            first = low.split(" ", 1)[0]
            if first not in flagged:
                flagged[first] = [
                    ("", msgspec.structs.replace(sense, flag=True))
                    for case, sense in self._pending.get(first, ())
                    if sense.kind == kind and not case
                ]
            entries.extend(flagged[first])

    def freeze(self) -> Trie:
        """Build the nodes, adding each phrase also without its accents, for texts that have none."""
        bare: dict[str, list[Entry]] = {}
        for low, entries in self._pending.items():
            if not low.isascii() and (plain := strip_accents(low)) not in self._pending:
                bare.setdefault(plain, []).extend((strip_accents(case), sense) for case, sense in entries)
        same: dict[tuple[int, ...], Leaf] = {}  # forms with the same senses share a leaf
        for low, entries in self._pending.items():
            self._put(low, _shared(entries, same))
        for low, entries in bare.items():
            self._put(low, {BARE: _shared(entries, same)})
        self._pending = {}
        return self

    def _put(self, low: str, end: Leaf | Node) -> None:
        """Set the end of a phrase, a leaf or a node with one, at the end of its way."""
        node = self._root
        if " " in low:
            *way, low = low.split(" ")
            for word in way:
                child = node.get(word)
                if type(child) is not dict:
                    child = node[word] = {} if child is None else {LEAF: child}
                node = child
        old = node.get(low)
        if type(old) is dict:
            old.update({LEAF: end} if isinstance(end, Leaf) else end)
        else:
            node[low] = end

    def find(self, lows: Sequence[str], words: Sequence[str], *, accented: bool = True) -> list[Hit | None]:
        """For each token the hit that covers it, or None: leftmost and longest, no overlaps.

        Phrases without their accents count in capitals, and anywhere when the text is not `accented`.
        """
        covers: list[Hit | None] = [None] * len(lows)
        covered, i = 0, -1
        for begun, behind in zip(map(self._root.get, lows), [*lows[1:], END], strict=False):
            i += 1
            if begun is None or i < covered:
                continue
            if type(begun) is bytes:
                begun = self._opened(self._root, lows[i])  # noqa: PLW2901 - the same, ready for use
            node = begun
            if type(node) is dict and behind not in node:  # no phrase goes on here
                node = node.get(LEAF, node)
            if type(node) is Leaf and node.cased is None:  # most words begin no phrase
                covers[i] = Hit(i, i + 1, node.senses, node.classes, node.kinds)
                continue
            hit = self._longest(begun, lows, words, i, accented=accented)
            if hit is not None:
                covered = hit.last
                for k in range(i, covered):
                    covers[k] = hit
        return covers

    def _longest(
        self, node: Any, lows: Sequence[str], words: Sequence[str], first: int, *, accented: bool
    ) -> Hit | None:
        """The longest phrase that begins with the token `first`, whose node or leaf is given."""
        best, end, j, n = None, first, first + 1, len(lows)
        while True:
            goes_on = type(node) is dict
            leaf = node.get(LEAF) if goes_on else node
            if leaf is None and BARE in node and not (accented and not words[j - 1].isupper()):
                leaf = node[BARE]
            if leaf is not None:
                if leaf.cased is not None:
                    leaf = _cased(leaf, words, first, j)
                if leaf.senses:
                    best, end = leaf, j
            if not goes_on or j >= n or (node := self._opened(node, lows[j])) is None:
                return None if best is None else Hit(first, end, best.senses, best.classes, best.kinds)
            j += 1

    def phrase(self, *words: str) -> Leaf | None:
        """What lower-case words are as one phrase that needs no capitals; None when they are none."""
        node: Any = self._root
        for word in words:
            node = self._opened(node, word) if type(node) is dict else None
        return node.get(LEAF) if type(node) is dict else node

    def get(self, word: str) -> Senses:
        """The senses of one lower-case word that need no capitals; empty when there are none."""
        leaf = self.phrase(word)
        return leaf.senses if leaf else {}


def _shared(entries: Sequence[Entry], same: dict[tuple[int, ...], Leaf]) -> Leaf:
    if len(entries) == 1:
        case, sense = entries[0]
        key: tuple[int, ...] = (id(sense),)
    else:
        case, key = "".join([case for case, _ in entries]), tuple([id(sense) for _, sense in entries])
    if case:
        return _leaf(entries)
    leaf = same.get(key)
    if leaf is None:
        leaf = same[key] = _leaf(entries)
    return leaf


def _leaf(entries: Sequence[Entry]) -> Leaf:
    senses = [sense for case, sense in entries if not case]
    plain, cases = leaf_of(senses), dict.fromkeys(case for case, _ in entries if case)
    if not cases:
        return plain
    cased = {wanted: leaf_of([*senses, *(sense for case, sense in entries if case == wanted)]) for wanted in cases}
    return Leaf(plain.senses, plain.classes, plain.kinds, cased)


def _cased(leaf: Leaf, words: Sequence[str], first: int, last: int) -> Leaf:
    cased = leaf.cased or {}
    surface = " ".join(words[first:last])
    exact = cased.get(surface)
    if exact is not None:
        return exact
    if surface.isupper() and (len(surface) > SHORT_ACRONYM or last - first > 1):  # a headline in capitals
        return leaf_of(
            [sense for case in sorted(cased) for of_kind in cased[case].senses.values() for sense in of_kind]
        )
    return leaf
