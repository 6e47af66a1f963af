"""JSON Feed, versions 1 and 1.1 -> one document for each item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import msgspec

from flows.ids import SEPARATOR
from flows.model import Document
from flows.read.candidate import Candidate
from flows.read.entry import Entry, Words, to_document
from flows.read.json_item import Values, identity, keyed, objects, parsed, text, texts
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import whole
from flows.read.rejects import Piece, UnreadableError

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "jsonfeed"
KEYS: Final = keyed(rb"version\"\s{0,9}:\s{0,9}\"https?:\\?/\\?/jsonfeed\.org\\?/version")
OF_FEED: Final = ("title", "home_page_url", "language", "author", "authors")  # what an item takes from its feed


class _Feed(msgspec.Struct):
    items: list[msgspec.Raw] = []


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """Each item of the feed; or the whole of it, where it is no JSON."""
    piece = whole(chunks, limits)
    try:
        items = msgspec.json.decode(piece.data, type=_Feed).items if piece.error is None else []
        feed = {**parsed(piece.data), "items": None} if piece.error is None else {}
    except (msgspec.DecodeError, UnreadableError, RecursionError, UnicodeDecodeError):
        items, feed = [], {}
    if not feed:
        yield Candidate(lambda: _none(piece), piece, file.uri)
        return
    context = SEPARATOR.join(repr(feed.get(key)) for key in OF_FEED)
    at = 0
    for item in items:
        data = bytes(item)
        at = max(at, piece.data.find(data, at))
        yield candidate(Piece(data, at, context=context), feed, file.uri, limits)
        at += len(data)


def candidate(piece: Piece, feed: Values, input_uri: str, limits: Limits) -> Candidate:
    """An item, and how a document is made of it."""

    def make() -> Document:
        return to_document(_entry(parsed(piece.data), feed), input_uri, FORMAT, piece.byte_offset, limits)

    return Candidate(make, piece, input_uri)


def _none(piece: Piece) -> Document:
    parsed(piece.data)
    raise UnreadableError("bad_record", "a JSON feed has its articles in a list `items`")


def _entry(item: Values, feed: Values) -> Entry:
    html, plain = text(item, "content_html"), text(item, "content_text")
    return Entry(
        doc_id=identity(item, "id"),
        urls=(text(item, "url"), text(item, "id"), text(item, "external_url")),
        base=text(feed, "home_page_url"),
        titles=(text(item, "title"),),
        authors=_authors(item) or _authors(feed),
        published=(text(item, "date_published"),),
        modified=(text(item, "date_modified"),),
        languages=(text(item, "language"), text(feed, "language")),
        sources=(text(feed, "title"),),
        bodies=[Words(html, is_html=True) if html else None, Words(plain, is_html=False) if plain else None],
        summaries=[Words(summary, is_html=False) if (summary := text(item, "summary")) else None],
        subjects=texts(item, "tags"),
        media=_media(item),
    )


def _authors(values: Values) -> list[str]:
    """Of version 1.1, or of version 1."""
    named = [text(author, "name") for key in ("authors", "author") for author in objects(values, key)]
    return [name for name in dict.fromkeys(named) if name]


def _media(item: Values) -> list[dict[str, str]]:
    attached = [
        {"url": text(part, "url"), "type": text(part, "mime_type"), "caption": text(part, "title")}
        for part in objects(item, "attachments")
    ]
    pictures = [{"url": text(item, key), "type": "image"} for key in ("image", "banner_image")]
    return [
        {key: value for key, value in found.items() if value} for found in (*pictures, *attached) if found.get("url")
    ]
