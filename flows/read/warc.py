"""A web archive (WARC 1.0 and 1.1, ISO 28500) as CC-NEWS and crawlers write it -> one document for each page.

Its records are responses with pages, and what belongs to the crawl: those, redirects, pictures and the like are
filtered, each by a rule. The day of the capture is no day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fastwarc.warc import HeaderMap, WarcRecord

from flows.model import Document, Filtered
from flows.read.candidate import Candidate
from flows.read.html import HTML_START, extras, page_of
from flows.read.http_body import CHUNKED, decoded
from flows.read.limits import LIMITS, Limits
from flows.read.page import fields
from flows.read.rejects import Piece, UnreadableError
from flows.read.text import checked, decode
from flows.read.warc_records import records

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "warc"
MAGIC: Final = b"WARC/1."
KIND: Final = re.compile(rb"^warc-type:[ \t]{0,9}([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)
CHARSET: Final = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
PAGES: Final = frozenset((b"response", b"resource", b"conversion"))
FOUND: Final = frozenset((200, 203))  # the statuses that come with a page, RFC 9110 section 15.3
HTML_TYPES: Final = frozenset(("text/html", "application/xhtml+xml"))
UNTOLD_TYPES: Final = frozenset(
    (None, "", "application/octet-stream", "unknown/unknown", "text/xml", "application/xml")
)
LONGEST_HEADER: Final = 64 * 1024
SNIFFED: Final = 1_024


@dataclass(frozen=True, slots=True)
class Response:
    """A record with a page in it: its own headers, those of HTTP (None where it holds the page itself), the body."""

    record: WarcRecord
    headers: HeaderMap
    media_type: str | None
    charset: str | None
    body: bytes


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate | Filtered]:
    """Each record, as a page or as filtered; a damaged one is a reject, and the next one is read."""
    for piece in records(chunks, limits):
        rule = _rule(piece)
        if rule is not None:
            yield Filtered(rule, file.uri, piece.byte_offset)
        else:
            yield candidate(piece, file.uri, limits)


def candidate(piece: Piece, input_uri: str, limits: Limits) -> Candidate:
    """The record, and how a document is made of it."""
    return Candidate(lambda: _document(piece, input_uri, limits), piece, input_uri)


def _rule(piece: Piece) -> str | None:
    """The rule that leaves the record out; None for a page, and for what is damaged."""
    if piece.error is not None and piece.error.reason_code != "too_long":
        return None
    kind = KIND.search(piece.data, 0, LONGEST_HEADER)
    name = kind[1].lower() if kind is not None else b""
    if name == b"revisit":
        return "revisit"
    if name not in PAGES:
        return "archive_record"
    try:
        response = _response(piece.data)
    except OSError:  # told where its document is made
        return None
    if response.headers.status_code not in {None, *FOUND}:
        return "http_status"
    if _is_page(response) or (name == b"conversion" and response.media_type == "text/plain"):
        return None
    return "media_type"


def _response(data: bytes) -> Response:
    """The record parsed.

    Raises:
        OSError: its headers cannot be read.
    """
    record = WarcRecord.from_bytes(data)
    if not record.is_http:
        told = record.headers.get("Content-Type")
        return Response(record, HeaderMap(), *_type_and_charset(told), record.reader.read())
    record.parse_http()
    headers = record.http_headers
    return Response(record, headers, record.http_content_type, record.http_charset, record.reader.read())


def _type_and_charset(told: str | None) -> tuple[str | None, str | None]:
    media_type, _, parameters = (told or "").partition(";")
    charset = CHARSET.search(parameters)
    return media_type.strip().lower() or None, charset[1] if charset else None


def _is_page(response: Response) -> bool:
    """By its media type, or by its beginning where that says nothing."""
    if response.media_type in HTML_TYPES:
        return True
    start = response.body[:SNIFFED].lstrip()
    return response.media_type in UNTOLD_TYPES and HTML_START.match(start) is not None


def _document(piece: Piece, input_uri: str, limits: Limits) -> Document:
    try:
        response = _response(piece.data)
    except OSError as error:
        raise UnreadableError("bad_warc", f"its headers cannot be read: {str(error)[:100]}") from None
    headers = response.record.headers
    url = fields.address([(headers.get("WARC-Target-URI") or "").strip("<>")])
    is_cut = bool(headers.get("WARC-Truncated"))
    body = decoded(response.body, _encodings(response.headers), limits, is_cut=is_cut)
    blank = Document("", input_uri, FORMAT, piece.byte_offset, response.record.record_id)
    if response.media_type == "text/plain":
        made = replace(blank, text=checked(decode(body)), url=url)
    else:
        made = replace(page_of(blank, body, limits, charset=response.charset, fetched_from=url), input_format=FORMAT)
    known = extras(
        fetched_at=fields.moment([headers.get("WARC-Date")]),
        fetched_from=url if url != made.url else None,
        is_truncated=is_cut,
    )
    return replace(made, extra={**made.extra, **known})


def _encodings(headers: HeaderMap) -> list[str]:
    """What was done to the body, the last thing first."""
    transfer = [name for name in _listed(headers, "Transfer-Encoding") if name == CHUNKED]
    content = [name for name in _listed(headers, "Content-Encoding") if name != "identity"]
    return [*transfer, *reversed(content)]


def _listed(headers: HeaderMap, name: str) -> list[str]:
    return [part.strip().lower() for part in (headers.get(name) or "").split(",") if part.strip()]
