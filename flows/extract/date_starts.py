"""The pattern tree of a language -> which tokens can begin a date, and what must stand beside them: the cheap test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flows.extract.date_numbers import IN_FIGURES, IN_WORDS, Numbers

if TYPE_CHECKING:
    from flows.extract.date_patterns import Entry, Node
    from flows.lexicons.dates import Pattern

FIGURE: Final = "0"  # stands for any token of figures
BEGINNINGS: Final = frozenset({"", *".!?…;:"})  # what stands before the first token of a sentence
THREE: Final = 3


@dataclass(slots=True)
class Start:
    """What must stand beside a token that begins a date.

    `behind`: the tokens that can follow it; `third`: for some of these, the tokens that can follow them; `before`: the
    tokens before it that make it a date by itself, None when any does; `capital`: whether it must begin with one.
    """

    behind: set[str] = field(default_factory=set)
    third: dict[str, set[str]] = field(default_factory=dict)
    before: set[str] | None = field(default_factory=set)
    capital: bool = False

    def only_behind(self) -> frozenset[str] | None:
        """The tokens of which one must follow; None where something else will do."""
        return None if self.before is None or self.before or FIGURE in self.behind else frozenset(self.behind)

    def fits(self, lows: Sequence[str], at: int) -> bool:
        """Whether the tokens beside token `at` allow a date to begin there."""
        if self.before is None or (self.before and (lows[at - 1] if at else "") in self.before):
            return True
        if at + 1 == len(lows):
            return False
        following = lows[at + 1]
        if following not in self.behind and not (FIGURE in self.behind and "0" <= following[0] <= "9"):
            return False
        third = self.third.get(following)
        return third is None or (at + 2 < len(lows) and _among(lows[at + 2], third))


def _among(low: str, tokens: set[str]) -> bool:
    return low in tokens or (FIGURE in tokens and "0" <= low[0] <= "9")


def starts(
    root: Node, entries: Mapping[str, Sequence[Entry]], numbers: Numbers, joiners: Sequence[str]
) -> dict[str, Start]:
    """Each token that can begin a date (`FIGURE` for those of figures) with what must stand beside it."""
    heads = _heads(entries, numbers)
    found: dict[str, Start] = {}
    for word, listed in entries.items():
        begins = [entry for entry in listed if entry.symbol in root.after]
        if begins:
            found[word] = _start(begins, root, heads, joiners)
            found[word].capital = word not in numbers.words and all(entry.capital for entry in begins)
    spelled = set(numbers.words | numbers.joiners).union(*(_edges(root.after.get(s), heads) for s in IN_WORDS))
    for word in numbers.words:
        start = found.setdefault(word, Start())
        start.behind |= spelled
        start.third.clear()
    found[FIGURE] = _of_figures(root, heads, joiners)
    return found


def _of_figures(root: Node, heads: Mapping[str, set[str]], joiners: Sequence[str]) -> Start:
    start, near = Start(), set[str]()
    for symbol in sorted(IN_FIGURES & root.after.keys()):
        node = root.after[symbol]
        _add_edges(start, near, node, heads)
        for _, pattern, _ in node.leaves:
            if not symbol.startswith("{year"):  # longer figures, which are not tested
                _stand_alone(start, near, pattern, joiners)
    return _settled(start, near)


def _heads(entries: Mapping[str, Sequence[Entry]], numbers: Numbers) -> dict[str, set[str]]:
    """The first tokens of all that a symbol stands for."""
    heads: dict[str, set[str]] = {}
    for word, listed in entries.items():
        for entry in listed:
            heads.setdefault(entry.symbol, set()).add(word)
    for symbol in IN_WORDS:
        heads.setdefault(symbol, set()).update(numbers.words)
    for symbol in IN_FIGURES:
        heads.setdefault(symbol, set()).add(FIGURE)
    return heads


def _edges(node: Node | None, heads: Mapping[str, set[str]]) -> set[str]:
    """The tokens that may stand behind a node of the tree."""
    if node is None:
        return set()
    return set[str]().union(*(heads.get(edge, ()) for edge in (*node.after, *node.glued)))


def _start(begins: Sequence[Entry], root: Node, heads: Mapping[str, set[str]], joiners: Sequence[str]) -> Start:
    start, near = Start(), set[str]()
    for entry in begins:
        if len(entry.rest) + 1 >= THREE:
            start.third.setdefault(entry.rest[0], set()).add(entry.rest[1])
        elif entry.rest:
            near.add(entry.rest[0])
        else:
            node = root.after[entry.symbol]
            _add_edges(start, near, node, heads)
            for _, pattern, _ in node.leaves:
                _stand_alone(start, near, pattern, joiners)
    return _settled(start, near)


def _add_edges(start: Start, near: set[str], node: Node, heads: Mapping[str, set[str]]) -> None:
    for edge, behind in (*node.after.items(), *node.glued.items()):
        if edge[0] in "{<" or behind.leaves:
            near |= heads.get(edge, set())
        else:
            start.third.setdefault(edge, set()).update(_edges(behind, heads))


def _settled(start: Start, near: set[str]) -> Start:
    start.behind = near | start.third.keys()
    start.third = {token: third for token, third in start.third.items() if not _among(token, near)}
    return start


def _stand_alone(start: Start, near: set[str], pattern: Pattern, joiners: Sequence[str]) -> None:
    """Add what a pattern of one symbol asks of the tokens beside it."""
    if pattern.before and "$" not in pattern.before:
        near.update(pattern.before)
    elif not pattern.after or start.before is None:
        start.before = None
    else:
        start.before.update(pattern.after)
        start.before.update(joiners if "&" in pattern.after else ())
        start.before.update(BEGINNINGS if "^" in pattern.after else ())
