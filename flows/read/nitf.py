"""NITF, the markup of news agencies (IPTC, versions 3.x) -> one document."""

from __future__ import annotations

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

FORMAT: Final = "nitf"
DASHES: Final = "\N{EM DASH}\N{EN DASH}"
ROOT: Final = rooted(b"nitf")
ROOTS: Final = ("nitf", "{nitf}nitf")
# NITF's own elements of the body -> what HTML calls them
AS_HTML: Final[Mapping[str, str]] = {
    "block": "div",
    "hl2": "h2",
    "bq": "blockquote",
    "media": "figure",
    "media-caption": "figcaption",
    "media-producer": "template",  # the photographer: neither text nor caption
    "media-metadata": "template",
    "media-reference": "template",
    "note": "aside",
    "fn": "aside",
    "pre": "div",
    **dict.fromkeys(("chron", "city", "classifier", "copyrite", "country", "event", "frac", "function"), "span"),
    **dict.fromkeys(("lang", "location", "money", "num", "object.title", "org", "person", "postaddr"), "span"),
    **dict.fromkeys(("pronounce", "region", "state", "sublocation", "virtloc"), "span"),
}


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """The file's article; several, where they are wrapped in an element of the sender's."""
    for found in elements(chunks, ROOTS, limits):

        def make(found: Found = found) -> Document:
            return to_document(entry_of(found.parsed()), file.uri, FORMAT, found.piece.byte_offset, limits)

        yield Candidate(make, found.piece, file.uri)


def entry_of(root: Element) -> Entry:
    """What the article says of itself."""
    nitf = _bare(root)
    head = "body/body.head"
    content = nitf.find("body/body.content")
    return Entry(
        doc_id=_attribute(nitf, "head/docdata/doc-id", "id-string"),
        urls=(_attribute(nitf, "head/pubdata", "ex-ref"), _attribute(nitf, "head/docdata/du-key", "ex-ref")),
        titles=(text_at(nitf, f"{head}/hedline/hl1"), text_at(nitf, "head/title"), _line(nitf, f"{head}/headline")),
        authors=_authors(nitf.find(head)),
        published=[
            _attribute(nitf, "head/docdata/date.release", "norm"),
            _attribute(nitf, "head/docdata/date.issue", "norm"),
            _attribute(nitf, "head/pubdata", "date.publication"),
            _attribute(nitf, f"{head}/dateline/story.date", "norm"),
        ],
        modified=[_attribute(nitf, "head/revision-history", "norm")],
        languages=(nitf.get("{xml}lang"), _attribute(nitf, "body", "{xml}lang"), _attribute(nitf, "body", "lang")),
        sources=(
            _attribute(nitf, "head/pubdata", "name"),
            text_at(nitf, f"{head}/distributor/org"),
            text_at(nitf, f"{head}/distributor"),
            _attribute(nitf, "head/docdata/doc.copyright", "holder"),
        ),
        bodies=[_body(content, _line(nitf, f"{head}/dateline"))],
        summaries=[_words(nitf.find(f"{head}/abstract"))],
        section=_attribute(nitf, "head/pubdata", "position.section"),
        subjects=[
            *(_subject(tobject) for tobject in nitf.findall("head/tobject/tobject.subject")),
            *(key.get("key") for key in nitf.findall("head/docdata/key-list/keyword")),
        ],
    )


def _bare(root: Element) -> Element:
    """The tree with the names that NITF's DTD has: those of its schema are in a namespace."""
    for element in root.iter():
        element.tag = element.tag.removeprefix("{nitf}")
    return root


def _attribute(element: Element, path: str, name: str) -> str | None:
    return next((value for found in element.findall(path) if (value := found.get(name))), None)


def _line(element: Element, path: str) -> str | None:
    text = " ".join(text_of(element.find(path)).split())
    return text or None


def _authors(head: Element | None) -> list[str | None]:
    """The people in the byline, or its words without the line below the name."""
    if head is None:
        return []
    people = texts_at(head, "byline/person")
    if people:
        return [*people]
    bylines = []
    for byline in head.findall("byline"):
        titles = "".join(texts_at(byline, "byttl"))
        bylines.append(text_of(byline).replace(titles, "") if titles else text_of(byline))
    return [*bylines]


def _body(content: Element | None, dateline: str | None) -> Words | None:
    if content is None:
        return None
    first = content.find(".//p")
    if dateline and first is not None and not text_of(first).startswith(dateline[:10]):
        place = dateline.rstrip(f" -{DASHES}")
        first.text = f"{place} {DASHES[0]} {(first.text or '').lstrip(f' -{DASHES}')}"
    return _words(content)


def _words(element: Element | None) -> Words | None:
    return Words(as_html(element, AS_HTML), is_html=True) if element is not None else None


def _subject(tobject: Element) -> str | None:
    names = (tobject.get(f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
    return next((name for name in names if name), None)
