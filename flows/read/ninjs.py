"""ninjs, news in JSON (IPTC, versions 1 to 3) -> one document for each item with a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from flows.model import Document, Filtered
from flows.read.candidate import Candidate
from flows.read.entry import Entry, Words, to_document
from flows.read.json_item import Values, keyed, objects, parsed, text, texts
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import json_values
from flows.read.rejects import Piece, UnreadableError

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "ninjs"
KEYS: Final = keyed(rb"uri\"", rb"(?:(?:version|first|content)created|body_x?html|bodies|headlines|pubstatus)\"")
BODIES: Final[Mapping[str, bool | None]] = {"body_xhtml": True, "body_html": True, "body_text": False}
TEXT: Final = frozenset((None, "text"))  # types that are articles
LISTS: Final = frozenset(("composite", "package", "planning", "event", "component"))
USABLE: Final = frozenset((None, "usable"))


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate | Filtered]:
    """Each item; those of pictures and films, and lists of others, are filtered where they have no text."""
    for piece in json_values(chunks, limits):
        rule = _rule(piece)
        if rule is not None:
            yield Filtered(rule, file.uri, piece.byte_offset)
        else:
            yield candidate(piece, file.uri, limits)


def candidate(piece: Piece, input_uri: str, limits: Limits) -> Candidate:
    """An item, and how a document is made of it."""

    def make() -> Document:
        return to_document(_entry(parsed(piece.data)), input_uri, FORMAT, piece.byte_offset, limits)

    return Candidate(make, piece, input_uri)


def _rule(piece: Piece) -> str | None:
    try:
        item = parsed(piece.data) if piece.error is None else {}
    except UnreadableError:
        return None
    kind = text(item, "type")
    if kind in TEXT or any(_bodies(item)):
        return None
    return "item_list" if kind in LISTS else "media_type"


def _entry(item: Values) -> Entry:
    status = text(item, "pubstatus")
    uri = text(item, "uri")
    return Entry(
        doc_id=uri,
        urls=(text(item, "canonicalurl"), uri, *(text(link, "href") for link in objects(item, "links"))),
        titles=(
            text(item, "headline"),
            text(item, "headline_extended"),
            *_values(item, "headlines"),
            text(item, "title"),
            text(item, "name"),
        ),
        authors=texts(item, "byline") or _values(item, "bylines") or _names(item, "by") or _names(item, "people_by"),
        published=[text(item, key) for key in ("firstcreated", "firstCreated", "contentcreated", "contentCreated")],
        modified=[text(item, key) for key in ("versioncreated", "versionCreated")],
        languages=(text(item, "language"),),
        sources=(text(item, "copyrightholder"), *_names(item, "infosources"), *_names(item, "infosource")),
        bodies=_bodies(item),
        summaries=[
            *(Words(told, is_html=None) for key, told in item.items() if _is_description(key, told)),
            *(Words(told, is_html=None) for told in _values(item, "descriptions")),
        ],
        section=text(item, "section"),
        subjects=[*_names(item, "subjects"), *_names(item, "subject")],
        captions=_captions(item),
        extra={"pub_status": status} if status not in USABLE else {},
    )


def _bodies(item: Values) -> list[Words | None]:
    """The bodies of version 1, whose key tells the type, and those of later ones, which say it themselves."""
    named = [(text(item, key), is_html) for key, is_html in BODIES.items()]
    listed = [
        (text(body, "value"), "html" in (text(body, "contenttype") or text(body, "contentType") or ""))
        for body in objects(item, "bodies")
    ]
    return [Words(told, is_html=is_html) for told, is_html in (*named, *listed) if told]


def _is_description(key: str, value: object) -> bool:
    return (key == "description" or key.startswith("description_")) and isinstance(value, str) and bool(value.strip())


def _values(item: Values, key: str) -> list[str]:
    return [value for one in objects(item, key) if (value := text(one, "value"))]


def _names(item: Values, key: str) -> list[str]:
    return [name for one in objects(item, key) if (name := text(one, "name"))]


def _captions(item: Values) -> list[str]:
    """Of the pictures that belong to the item: by name in version 1, in a list later."""
    associated = objects(item, "associations")
    by_name = [value for one in associated for value in one.values() if isinstance(value, dict)]
    found: list[str] = []
    for part in (*associated, *by_name):
        if text(part, "type") in {"picture", "graphic", "video"}:
            told = [value for key, value in part.items() if _is_description(key, value)]
            found += told[:1] or _values(part, "descriptions")[:1]
    return found
