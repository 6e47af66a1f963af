"""An entry of a feed or an item of a wire, in the terms that all of them share -> a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flows.model import Document
from flows.read.html import extras, fragment_of
from flows.read.limits import LIMITS, Limits
from flows.read.page import fields
from flows.read.page.metadata import split_names
from flows.read.rejects import UnreadableError
from flows.read.text import checked

MARKUP: Final = re.compile(r"<(?:/?[a-zA-Z]|!--)|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
PARAGRAPH_BREAK: Final = re.compile(r"\n[ \t\r]*\n\s*")
CUT_OFF: Final = re.compile(r"(?:\[?(?:\N{HORIZONTAL ELLIPSIS}|\.{3})\]?|\[\+\d{1,9} chars\])\s{0,9}\Z")
LONGEST_MARK: Final = 40  # characters
SHORTEST_BODY: Final = 800  # characters: a summary as feeds write them is shorter, an article longer
MOST_SUBJECTS: Final = 50
MOST_MEDIA: Final = 20


class AnnouncedError(UnreadableError):
    """An entry without a text; `document` is what it says of the page that has one."""

    def __init__(self, document: Document) -> None:
        super().__init__("no_body", "a title and no text: newsevents watch fetches the page that it announces")
        self.document = document


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it was sent: HTML, plain, or (None) as it looks."""

    text: str
    is_html: bool | None = None


@dataclass(slots=True)
class Entry:
    """What an entry says of itself; lists are in order of trust, and the first value that makes sense is taken.

    `bodies` hold the article; a `summary` is taken where none of them has a text, and the document says that it is one.
    `authors` are bylines and may name several people.
    """

    doc_id: str | None = None
    urls: Sequence[str | None] = ()
    base: str | None = None
    titles: Sequence[str | None] = ()
    authors: Sequence[str | None] = ()
    published: Sequence[str | None] = ()
    modified: Sequence[str | None] = ()
    languages: Sequence[str | None] = ()
    sources: Sequence[str | None] = ()
    bodies: Sequence[Words | None] = ()
    summaries: Sequence[Words | None] = ()
    section: str | None = None
    subjects: Sequence[str | None] = ()
    media: Sequence[dict[str, str]] = ()
    captions: Sequence[str | None] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def to_document(entry: Entry, input_uri: str, input_format: str, byte_offset: int, limits: Limits = LIMITS) -> Document:
    """The document of an entry.

    Raises:
        AnnouncedError: it has neither body nor summary.
        UnreadableError: what the text of a page can be refused for.
    """
    captions = [told for told in map(fields.line, entry.captions) if told]
    text, is_summary = _text_of(entry, captions, limits)
    published_at = fields.moment((*entry.published, *entry.modified))
    modified_at = fields.moment(entry.modified)
    subjects = dict.fromkeys(told for told in map(fields.line, entry.subjects[:MOST_SUBJECTS]) if told)
    document = Document(
        text=text,
        input_uri=input_uri,
        input_format=input_format,
        byte_offset=byte_offset,
        doc_id=fields.line(entry.doc_id),
        title=_first_line(entry.titles),
        url=fields.address(entry.urls, entry.base),
        published_at=published_at,
        language=fields.language(entry.languages),
        authors=tuple(dict.fromkeys(name for byline in entry.authors if byline for name in split_names(byline))),
        source=_first_line(entry.sources),
        extra=extras(
            is_summary=is_summary,
            section=fields.line(entry.section),
            modified_at=modified_at if modified_at != published_at else None,
            subjects=list(subjects),
            captions=list(dict.fromkeys(captions)),
            media=list(entry.media[:MOST_MEDIA]),
            **entry.extra,
        ),
    )
    if not text:
        raise AnnouncedError(document)
    checked(text)
    return document


def _text_of(entry: Entry, captions: list[str], limits: Limits) -> tuple[str, bool]:
    """The text, "" where there is none, and whether it is only a summary; captions in it are added to the others."""
    for words, may_be_body in (*((body, True) for body in entry.bodies), *((told, False) for told in entry.summaries)):
        text = _plain(words, captions, limits) if words is not None else ""
        if text:
            is_cut = CUT_OFF.search(text, max(0, len(text) - LONGEST_MARK)) is not None
            return text, is_cut or (not may_be_body and len(text) < SHORTEST_BODY)
    return "", True


def _plain(words: Words, captions: list[str], limits: Limits) -> str:
    is_html = bool(MARKUP.search(words.text)) if words.is_html is None else words.is_html
    if is_html:
        fragment = fragment_of(words.text, limits)
        captions.extend(fragment.captions)
        return fragment.text
    return "\n\n".join(paragraph.strip() for paragraph in PARAGRAPH_BREAK.split(words.text) if paragraph.strip())


def _first_line(candidates: Sequence[str | None]) -> str | None:
    return next((told for told in map(fields.line, candidates) if told), None)
