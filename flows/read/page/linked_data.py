"""The JSON-LD scripts of a page -> what schema.org says of its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flows.read.page.vocabulary import vocabulary

Node = Mapping[str, Any]

MOST_NODES: Final = 20_000
COMMENT: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
TRAILING_COMMA: Final = re.compile(r",\s*([}\]])")
SCHEME: Final = re.compile(r"^https?://(?:www\.)?")
PARAMETERS: Final = re.compile(r"[?#].*", re.DOTALL)
TELLING: Final = ("headline", "datePublished", "author", "articleBody")


class LinkedData:
    """All objects of a page, and the one that is its article."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self._by_id: dict[str, Node] = {}
        self._articles: list[tuple[int, Node]] = []  # with their depth
        for script in scripts:
            for depth, node in _nodes(_parsed(script)):
                self._note(depth, node)

    def _note(self, depth: int, node: Node) -> None:
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > len(self._by_id.get(identity, ())):
            self._by_id[identity] = node
        if any(_is_article(kind) for kind in _listed(node.get("@type"))):
            self._articles.append((depth, node))

    def article(self, addresses: Iterable[str] = ()) -> Node:
        """The page's own article: the one with its address, or the outermost that tells most; empty if none."""
        own = {_bare(address) for address in addresses}

        def rank(found: tuple[int, Node]) -> tuple[bool, int, int]:
            depth, node = found
            return not own.isdisjoint(map(_bare, _addresses(node))), -depth, sum(key in node for key in TELLING)

        return max(self._articles, key=rank)[1] if self._articles else {}

    def names(self, value: object) -> list[str]:
        """The names in a string, an object with a name, a reference to one, or a list of them."""
        found: list[str] = []
        for item in _flat(value):
            node = self._by_id.get(item.get("@id", ""), item) if isinstance(item, dict) and "name" not in item else item
            name = node.get("name") if isinstance(node, Mapping) else node
            found.extend(one for one in _listed(name) if isinstance(one, str))
        return found


def text_of(node: Node, *keys: str) -> str | None:
    """The first of the keys that holds a text."""
    for key in keys:
        for value in _listed(node.get(key)):
            if isinstance(value, str) and value.strip():
                return value.strip()
    return None


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _flat(value: object) -> list[Any]:
    """The same, of lists in lists too."""
    flat: list[Any] = []
    for item in _listed(value)[:MOST_NODES]:
        flat.extend(item if isinstance(item, list) else [item])
    return flat


def _is_article(kind: object) -> bool:
    if not isinstance(kind, str):
        return False
    name = kind.rsplit("/", 1)[-1]
    return name in vocabulary().linked_data.types or name.endswith("Article")


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        for value in _listed(node.get(key)):
            address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(address, str):
                yield address


def _bare(address: str) -> str:
    """An address without what differs between two spellings of it."""
    return SCHEME.sub("", PARAMETERS.sub("", address)).rstrip("/").lower()


def _parsed(script: str) -> object:
    """The value of a script, also where it is wrapped in a comment or has a comma too many; None where it is broken."""
    bare = COMMENT.sub("", COMMENT.sub("", script))
    for attempt in (bare, TRAILING_COMMA.sub(r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)  # publishers put newlines into strings
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: object) -> Iterator[tuple[int, Node]]:
    """Every object with its depth, outer ones first; a list adds no depth, nor does @graph."""
    level = [value]
    depth = seen = 0
    while level and seen < MOST_NODES:
        inner: list[object] = []
        flat = list(level)
        while flat:
            item = flat.pop(0)
            seen += 1
            if isinstance(item, list):
                flat[:0] = item[:MOST_NODES]
            elif isinstance(item, dict):
                yield depth, item
                graph = item.get("@graph")
                if isinstance(graph, list):
                    flat[:0] = graph[:MOST_NODES]
                inner.extend(v for k, v in item.items() if k != "@graph" and isinstance(v, (dict, list)))
        level = inner
        depth += 1
