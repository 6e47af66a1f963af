"""NewsML-G2, the envelope of news agencies (IPTC) -> one document for each news item with a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from flows.model import Document, Filtered
from flows.read import nitf
from flows.read.candidate import Candidate
from flows.read.entry import Entry, Words, to_document
from flows.read.limits import LIMITS, Limits
from flows.read.safe_xml import Found, as_html, elements, rooted, text_at, text_of, texts_at

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "newsml"
ROOT: Final = rooted(b"newsMessage", b"itemSet", rb"[a-z]{4,9}Item")
NEWS_ITEMS: Final = ("newsItem", "{newsml}newsItem")
# items without a text of their own
LISTS: Final = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
ITEMS: Final = frozenset((*NEWS_ITEMS, *LISTS, *(f"{{newsml}}{name}" for name in LISTS)))
USABLE: Final = "usable"
HTML_TYPES: Final = frozenset(("text/html", "application/xhtml+xml"))


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate | Filtered]:
    """Each item of the file, in a message or by itself; packages, and items of pictures and films, are filtered."""
    for found in elements(chunks, ITEMS, limits):
        element = found.element
        if element is not None and element.tag not in NEWS_ITEMS:
            yield Filtered("item_list", file.uri, found.piece.byte_offset)
        elif element is not None and _is_media(element):
            yield Filtered("media_type", file.uri, found.piece.byte_offset)
        else:
            yield candidate(found, file.uri, limits)


def candidate(found: Found, input_uri: str, limits: Limits) -> Candidate:
    """The item, and how a document is made of it."""

    def make() -> Document:
        return to_document(_entry(found.parsed(), found.around), input_uri, FORMAT, found.piece.byte_offset, limits)

    return Candidate(make, found.in_context(("@{xml}lang", "{newsml}header/{newsml}sender")), input_uri)


def _is_media(item: Element) -> bool:
    """Whether all that the item holds is elsewhere: a picture, a film, a graphic."""
    parts = [part.tag.removeprefix("{newsml}") for content in _each(item, "contentSet") for part in content]
    return bool(parts) and all(part == "remoteContent" for part in parts)


def _entry(item: Element, around: Mapping[str, str]) -> Entry:
    for element in item.iter():
        element.tag = element.tag.removeprefix("{newsml}")
    meta, told = item.find("itemMeta"), item.find("contentMeta")
    meta = Element("itemMeta") if meta is None else meta
    told = Element("contentMeta") if told is None else told
    inner = _inner(item)
    status = _code(meta.find("pubStatus"))
    descriptions = [Words(text, is_html=None) for text in texts_at(told, "description")]
    return Entry(
        doc_id=item.get("guid"),
        urls=(
            *(link.get("href") for link in meta.findall("link") if _code(link, "rel") == "canonical"),
            item.get("guid"),
        ),
        titles=(*texts_at(told, "headline"), text_at(meta, "title"), *inner.titles),
        authors=texts_at(told, "by") or _names(told.findall("creator")) or inner.authors,
        published=[text_at(meta, "firstCreated"), text_at(told, "contentCreated"), *inner.published],
        modified=[text_at(meta, "versionCreated"), text_at(told, "contentModified")],
        languages=(
            *(language.get("tag") for language in told.findall("language")),
            item.get("{xml}lang"),
            *inner.languages,
        ),
        sources=(
            *_names(meta.findall("provider")),
            text_at(told, "creditline"),
            *inner.sources,
            around.get("{newsml}header/{newsml}sender"),
        ),
        bodies=[*inner.bodies, *(_inline(data) for data in item.findall("contentSet/inlineData"))],
        summaries=[*descriptions, *inner.summaries],
        section=inner.section,
        subjects=_names(told.findall("subject")),
        extra={"pub_status": status} if status not in {None, USABLE} else {},
    )


def _inner(item: Element) -> Entry:
    """What the item's inline XML says: NITF says much of itself, XHTML has a body."""
    for inline in item.findall("contentSet/inlineXML"):
        for root in inline:
            name = root.tag.rpartition("}")[2]
            if name == "nitf":
                return nitf.entry_of(root)
            body = root.find("{html}body") if name == "html" else root
            if body is not None:
                return Entry(bodies=[Words(as_html(body), is_html=True)], languages=[root.get("{xml}lang")])
    return Entry()


def _inline(data: Element) -> Words:
    kind = (data.get("contenttype") or "").partition(";")[0].strip().lower()
    return Words(text_of(data), is_html=True if kind in HTML_TYPES else None)


def _each(item: Element, name: str) -> list[Element]:
    return [*item.findall(name), *item.findall(f"{{newsml}}{name}")]


def _code(element: Element | None, name: str = "qcode") -> str | None:
    """The code without the scheme before it: "stat:usable" is usable."""
    code = element.get(name) if element is not None else None
    return code.rpartition(":")[2] if code else None


def _names(elements_: Iterable[Element]) -> list[str | None]:
    """The name of each, or what it is called by where it has none."""
    return [text_at(one, "name") or one.get("literal") or _code(one) for one in elements_]
