"""The nodes of a trie as bytes, taken apart word by word: a text has few of the words that a lexicon knows.

A leaf is the fields of its senses, a node its words with what they lead to, packed again. Frames, which many senses
share and the engine compares by identity, stand in a list of their own, and senses name them by their place in it.
"""

from __future__ import annotations

import marshal
from typing import Any

import msgspec

from flows.lexicons.senses import BARE, LEAF, Leaf, Node, Sense, leaf_of

Fields = tuple[Any, ...]


def pack(root: Node) -> tuple[bytes, list[Any]]:
    """The root, whose words lead to bytes, and the frames."""
    packing = _Packing()
    return marshal.dumps({word: packing.packed(end) for word, end in root.items()}), packing.frames


def unpack_root(data: bytes) -> dict[str, Any]:
    """The root, each of its words still packed."""
    found: dict[str, Any] = marshal.loads(data)  # noqa: S302 - of our own making
    return found


def unpack(data: bytes, frames: list[Any]) -> Leaf | Node:
    """What one word leads to: a leaf, or a node with its own leaves and its words still packed."""
    found = marshal.loads(data)  # noqa: S302
    if type(found) is tuple:
        return _leaf(found, frames)
    for key in (LEAF, BARE):
        if key in found:
            found[key] = unpack(found[key], frames)
    node: Node = found
    return node


class _Packing:
    def __init__(self) -> None:
        self.frames: list[Any] = []
        self._places: dict[int, int] = {}  # of frames, by identity
        self._leaves: dict[int, bytes] = {}  # forms with the same senses share a leaf
        self._same: dict[bytes, bytes] = {}

    def packed(self, end: Leaf | Node) -> bytes:
        if isinstance(end, Leaf) and id(end) in self._leaves:
            return self._leaves[id(end)]
        plain = self._plain(end) if isinstance(end, Leaf) else {word: self.packed(child) for word, child in end.items()}
        data = marshal.dumps(plain)
        data = self._leaves[id(end)] = self._same.setdefault(data, data)  # marshal writes one object once
        return data

    def _plain(self, leaf: Leaf) -> Fields:
        senses = [self._fields(sense) for of_kind in leaf.senses.values() for sense in of_kind]
        return senses, {case: self._plain(other) for case, other in (leaf.cased or {}).items()}

    def _fields(self, sense: Sense) -> Fields:
        *before, frame = msgspec.structs.astuple(sense)
        if frame is None:
            return (*before, None)
        if id(frame) not in self._places:
            self._places[id(frame)] = len(self.frames)
            self.frames.append(frame)
        return (*before, self._places[id(frame)])


def _leaf(plain: Fields, frames: list[Any]) -> Leaf:
    senses, cased = plain
    made = leaf_of([_sense(fields, frames) for fields in senses])
    if not cased:
        return made
    return Leaf(made.senses, made.classes, made.kinds, {case: _leaf(other, frames) for case, other in cased.items()})


def _sense(fields: Fields, frames: list[Any]) -> Sense:
    *before, place = fields
    return Sense(*(*before, None if place is None else frames[place]))
