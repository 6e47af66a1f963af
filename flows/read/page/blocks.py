"""A parsed page -> its blocks of text in reading order, each with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flows.read.page.vocabulary import vocabulary
from flows.read.rejects import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from flows.read.limits import Limits

INVISIBLE: Final = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))  # soft hyphens and spaces of no width
BREAK: Final = "\0"  # stands for <br>; no parsed page holds one
CLASS_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
HIDDEN: Final = "(hidden)"
FIGURE: Final = "(figure)"
CAPTIONS: Final = frozenset(("caption", "captions"))
OF_PICTURES: Final = CAPTIONS | {None, FIGURE}
MOST_CAPTIONS: Final = 20
LONGEST_CAPTION: Final = 1_000  # characters


@dataclass(slots=True, eq=False)
class Place:
    """An element: what it is, and what it is part of. `beside` says which word marks it as beside the article."""

    tag: str
    classes: str
    parent: Place | None
    depth: int
    beside: str | None = None
    is_link: bool = False
    article: Place | None = None  # the outermost <article>, or element marked as the body, that it is in
    is_lead: bool = False
    is_quoted: bool = False
    block: Place | None = None  # the element that makes the paragraph: itself, unless it runs on within a line


@dataclass(slots=True, eq=False)
class Block:
    """A run of text; `link_share` is the part of its characters that are links."""

    text: str
    place: Place
    link_share: float


class Walk:
    """One pass over the nodes of a page in document order."""

    def __init__(self, limits: Limits) -> None:
        self.blocks: list[Block] = []
        self.captions: list[str] = []
        self._limits = limits
        self._words = vocabulary()
        self._places: dict[int, Place] = {}
        self._current: Place | None = None
        self._parts: list[str] = []
        self._linked = 0

    def run(self, body: LexborNode) -> None:
        """Fill `blocks` and `captions` with what is below `body`."""
        top = Place("body", "", None, 0)
        top.block = top
        self._places[body.mem_id] = top
        for node in body.traverse(include_text=True):
            parent = node.parent
            place = self._places.get(parent.mem_id) if parent is not None else None
            if place is not None:  # else it is in an element that is skipped
                self._visit(node, place)
        self._flush()

    def _visit(self, node: LexborNode, parent: Place) -> None:
        tag = node.tag
        if tag == "-text":
            self._add(node.text_content or "", parent)
        elif tag == "br":
            self._add(BREAK, parent)
        elif tag == "figcaption":
            self._caption(node.text(), parent)
        elif tag is not None and tag[0] != "-" and tag not in self._words.elements.skip:
            place = self._place(node, tag, parent)
            self._places[node.mem_id] = place
            if place.block is place:
                self._flush()

    def _caption(self, text: str, place: Place) -> None:
        """A caption is no part of the text; those of pictures beside the article are none of its own."""
        if place.beside in OF_PICTURES and not place.is_link and len(self.captions) < MOST_CAPTIONS:
            told = " ".join(text.split())
            if told and len(told) <= LONGEST_CAPTION and told not in self.captions:
                self.captions.append(told)

    def _add(self, text: str, place: Place) -> None:
        if place.block is not self._current:
            if text.isspace():
                return
            self._flush()
            self._current = place.block
        self._parts.append(text)
        if place.is_link:
            self._linked += len(text.strip())

    def _flush(self) -> None:
        if self._current is not None:
            text = "".join(self._parts)
            if self._current.beside in CAPTIONS:
                self._caption(text.replace(BREAK, " "), self._current)
            share = min(1.0, self._linked / max(1, len(text.strip())))
            self.blocks.extend(Block(paragraph, self._current, share) for paragraph in _paragraphs(text))
            self._parts.clear()
            self._current, self._linked = None, 0

    def _place(self, node: LexborNode, tag: str, parent: Place) -> Place:
        if parent.depth >= self._limits.page_depth:
            raise UnreadableError("nesting", f"the page nests deeper than {self._limits.page_depth:,} elements")
        place = Place(tag, "", parent, parent.depth + 1, parent.beside, parent.is_link or tag == "a", parent.article)
        place.block = parent.block if tag in self._words.elements.inline else place
        place.is_lead = parent.is_lead
        place.is_quoted = parent.is_quoted or tag == "blockquote"
        attributes = node.attributes
        if attributes:
            self._mark(place, attributes)
        if place.beside is None:
            if tag == "aside":
                place.beside = "(aside)"
            elif parent.tag == "figure" and not place.is_quoted and tag != "table":
                place.beside = FIGURE
        if place.article is None and tag == "article":
            place.article = place
        return place

    def _mark(self, place: Place, attributes: dict[str, str | None]) -> None:
        classes = attributes.get("class") or ""
        place.classes = classes
        if place.article is None and attributes.get("itemprop") == "articleBody":
            place.article = place
        place.is_lead = place.is_lead or bool(classes and is_lead(classes))
        if place.tag == "blockquote" and not self._words.classes.embedded.isdisjoint(classes.split()):
            place.beside = None
        elif place.beside is None:
            place.beside = self._beside(classes, attributes)

    def _beside(self, classes: str, attributes: dict[str, str | None]) -> str | None:
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return HIDDEN
        if "display:none" in (attributes.get("style") or "").replace(" ", ""):
            return HIDDEN
        if attributes.get("role") in self._words.elements.roles:
            return "(role)"
        identity = attributes.get("id")
        return (classes and beside_word(classes)) or (identity and beside_word(identity)) or None


@lru_cache(maxsize=20_000)
def beside_word(names: str) -> str | None:
    """The word in classes or an id that says "beside the article", or None."""
    words = vocabulary().classes
    for name in names.split():
        parts = class_words(name)
        if parts and parts[0] not in words.unless:
            found = next((part for part in parts if part in words.beside), None)
            if found is not None:
                return found
    return None


@lru_cache(maxsize=20_000)
def is_lead(classes: str) -> bool:
    """Whether the classes name the sentences between the headline and the first paragraph."""
    return not vocabulary().classes.lead.isdisjoint(class_words(classes))


def class_words(classes: str) -> list[str]:
    """The words of classes or an id in lower case: "articleBody__lead" is article, body, lead."""
    return [part.lower() for part in CLASS_WORD.findall(classes)]


def _paragraphs(text: str) -> Iterator[str]:
    """The text as a browser shows it: runs of white space are a space, <br> is a newline, two are a new paragraph."""
    lines: list[str] = []
    for raw in (text if text.isascii() else text.translate(INVISIBLE)).split(BREAK):
        line = " ".join(raw.split())
        if line:
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def walked(tree: LexborHTMLParser, limits: Limits) -> Walk:
    """The page's blocks of text, and the captions in it.

    Raises:
        UnreadableError: `nesting`, when elements nest too deep.
    """
    walk = Walk(limits)
    if tree.body is not None:
        walk.run(tree.body)
    return walk
