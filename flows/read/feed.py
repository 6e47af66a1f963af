"""RSS 2.0 and its forerunners, RSS 1.0 (RDF) and Atom -> one document for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from flows.model import Document
from flows.read.candidate import Candidate
from flows.read.entry import Entry, Words, to_document
from flows.read.limits import LIMITS, Limits
from flows.read.safe_xml import Found, as_html, elements, rooted, text_at, text_of, texts_at

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "feed"
ROOT: Final = rooted(b"rss", b"feed", b"RDF")
ENTRIES: Final = ("item", "{atom}entry")
OF_FEED: Final = (  # what an entry takes from its feed
    "channel/link",
    "channel/title",
    "channel/language",
    "channel/{dc}language",
    "{atom}link@href",
    "{atom}author/{atom}name",
    "{atom}title",
    "@{xml}lang",
)
NAMED_MAIL: Final = re.compile(
    r"[^\s@]{1,99}@[^\s@]{1,99}\s{1,9}\((.{1,99})\)"
)  # RSS: "ana@courier.example (Ana Ruiz)"
PICTURE: Final = re.compile(r"image/|image\Z")


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """Each entry of the feed; where the XML breaks, a last one that says so."""
    for found in elements(chunks, ENTRIES, limits):
        yield candidate(found, file.uri, limits)


def candidate(found: Found, input_uri: str, limits: Limits) -> Candidate:
    """The entry, and how a document is made of it."""
    return Candidate(lambda: _document(found, input_uri, limits), found.in_context(OF_FEED), input_uri)


def _document(found: Found, input_uri: str, limits: Limits) -> Document:
    element = found.parsed()
    make = _of_atom if element.tag.startswith("{atom}") else _of_rss
    return to_document(make(element, found.around), input_uri, FORMAT, found.piece.byte_offset, limits)


def _of_rss(item: Element, around: Mapping[str, str]) -> Entry:
    guid = item.find("guid")
    guid_is_link = guid is not None and guid.get("isPermaLink", "true").lower() == "true"
    link = around.get("channel/link")
    return Entry(
        doc_id=text_at(item, "guid") or item.get("{rdf}about"),
        urls=(
            text_at(item, "{feedburner}origLink"),
            text_at(item, "link"),
            _atom_link(item),
            text_at(item, "guid") if guid_is_link else None,
            item.get("{rdf}about"),
        ),
        base=link,
        titles=(text_at(item, "title"), text_at(item, "{media}title"), text_at(item, "{dc}title")),
        authors=texts_at(item, "{dc}creator")
        or [_without_mail(text_at(item, "author")), text_at(item, "{itunes}author")],
        published=[text_at(item, key) for key in ("pubDate", "{dc}date", "{dcterms}issued", "{dcterms}created")],
        modified=[text_at(item, key) for key in ("{atom}updated", "{dcterms}modified")],
        languages=(text_at(item, "{dc}language"), around.get("channel/language"), around.get("channel/{dc}language")),
        sources=(text_at(item, "source"), around.get("channel/title")),
        bodies=[_html(text_at(item, "{content}encoded")), _xhtml(item.find("{html}body"))],
        summaries=[
            _guess(text_at(item, key))
            for key in ("description", "{dc}description", "{itunes}summary", "{media}group/{media}description")
        ],
        subjects=[*texts_at(item, "category"), *texts_at(item, "{dc}subject")],
        media=_media(item),
        captions=_captions(item),
    )


def _of_atom(entry: Element, around: Mapping[str, str]) -> Entry:
    feed_link = around.get("{atom}link@href")
    own = texts_at(entry, "{atom}author/{atom}name") or texts_at(entry, "{dc}creator")
    content = entry.find("{atom}content")
    return Entry(
        doc_id=text_at(entry, "{atom}id"),
        urls=(text_at(entry, "{feedburner}origLink"), _atom_link(entry)),
        base=(content.get("{xml}base") if content is not None else None) or entry.get("{xml}base") or feed_link,
        titles=(_line_of(entry.find("{atom}title")),),
        authors=own
        or texts_at(entry, "{atom}source/{atom}author/{atom}name")
        or [around.get("{atom}author/{atom}name")],
        published=[text_at(entry, key) for key in ("{atom}published", "{atom}issued", "{dc}date", "{atom}created")],
        modified=[text_at(entry, key) for key in ("{atom}updated", "{atom}modified")],
        languages=(
            content.get("{xml}lang") if content is not None else None,
            entry.get("{xml}lang"),
            around.get("@{xml}lang"),
        ),
        sources=(_line_of(entry.find("{atom}source/{atom}title")), around.get("{atom}title")),
        bodies=[_of_construct(content)],
        summaries=[
            _of_construct(entry.find("{atom}summary")),
            _guess(text_at(entry, "{media}group/{media}description")),
        ],
        subjects=[
            *(c.get("label") or c.get("term") for c in entry.findall("{atom}category")),
            *texts_at(entry, "{dc}subject"),
        ],
        media=_media(entry),
        captions=_captions(entry),
    )


def _html(text: str | None) -> Words | None:
    return Words(text, is_html=True) if text else None


def _guess(text: str | None) -> Words | None:
    return Words(text) if text else None


def _xhtml(element: Element | None) -> Words | None:
    return Words(as_html(element), is_html=True) if element is not None else None


def _of_construct(element: Element | None) -> Words | None:
    """Atom's text construct: the type says how to read it, RFC 4287 section 3.1."""
    if element is None or element.get("src"):
        return None
    kind = (element.get("type") or "text").lower()
    if len(element):
        return _xhtml(element)
    text = text_of(element)
    if kind in {"html", "text/html", "application/xhtml+xml"} or element.get("mode") == "escaped":
        return _html(text)
    return Words(text, is_html=False) if text and (kind == "text" or kind.startswith("text/")) else None


def _line_of(element: Element | None) -> str | None:
    """The words of Atom's text construct; tags are taken out of it where a line is made of it."""
    if element is None:
        return None
    return as_html(element) if len(element) else text_of(element)


def _atom_link(element: Element) -> str | None:
    links = element.findall("{atom}link")
    found = (link.get("href") for link in links if link.get("rel", "alternate") == "alternate")
    return next((href for href in found if href), None)


def _without_mail(author: str | None) -> str | None:
    named = NAMED_MAIL.fullmatch(author) if author else None
    return named[1] if named else author


def _media(element: Element) -> list[dict[str, str]]:
    """Pictures, sounds and films that belong to the entry: addresses, types and captions."""
    found: dict[str, dict[str, str]] = {}
    enclosed = [link for link in element.findall("{atom}link") if link.get("rel") == "enclosure"]
    for node in (*element.findall("enclosure"), *enclosed, *_media_of(element)):
        url = node.get("url") or node.get("href")
        if url:
            told = {"url": url, "type": node.get("type") or node.get("medium"), "caption": _caption(node)}
            found.setdefault(url, {key: value for key, value in told.items() if value})
    return list(found.values())


def _captions(element: Element) -> list[str | None]:
    return [_caption(node) for node in _media_of(element) if _is_picture(node)]


def _media_of(element: Element) -> list[Element]:
    return [*element.findall("{media}content"), *element.findall("{media}group/{media}content")]


def _is_picture(node: Element) -> bool:
    return PICTURE.match(node.get("type") or node.get("medium") or "image") is not None


def _caption(node: Element) -> str | None:
    return text_at(node, "{media}description") or text_at(node, "{media}title")
