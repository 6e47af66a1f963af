"""An HTML page -> one document: what it declares first, its paragraphs, and a general extractor where it has none."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from flows.model import Document
from flows.read.candidate import Candidate
from flows.read.limits import LIMITS, Limits
from flows.read.page.blocks import Block, walked
from flows.read.page.body import article_text, whole_text
from flows.read.page.candidates import weight_of
from flows.read.page.charset import decode_page
from flows.read.page.hostile import check_page
from flows.read.page.metadata import Metadata, metadata_of
from flows.read.page.scripted import scripted_text
from flows.read.pieces import whole
from flows.read.rejects import UnreadableError
from flows.read.text import checked

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

HTML_START: Final = re.compile(rb"(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
SHORT: Final = 250  # a body that says less is compared with what else there is
LONG_LINE: Final = 80
EXTRACTOR_CHARACTERS: Final = 2_000_000  # the general extractor takes seconds for more, and has nothing to find there
EXTRACTOR_TAGS: Final = 20_000
for library in ("trafilatura", "htmldate"):  # what they complain about is told in the reject
    logging.getLogger(library).addHandler(logging.NullHandler())
REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text of a piece of HTML, a blank line between two paragraphs, and the captions of its pictures."""

    text: str
    captions: Sequence[str] = ()


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate]:
    """The page as one candidate."""
    piece = whole(chunks, limits)
    yield Candidate(lambda: page_of(Document("", file.uri), piece.data, limits), piece, file.uri)


def page_of(
    document: Document,
    data: bytes,
    limits: Limits = LIMITS,
    *,
    charset: str | None = None,
    fetched_from: str | None = None,
) -> Document:
    """The document with what is in the bytes of a page; `charset` is what the server says of them.

    Raises:
        UnreadableError: `bad_encoding` where bytes of the article are in no encoding, and as `completed` does.
    """
    page = decode_page(data, charset)
    made = completed(document, page.text, limits, fetched_from)
    if page.error is not None and REPLACED in f"{made.text}{made.title}":
        raise page.error
    return made


def completed(document: Document, page: str, limits: Limits = LIMITS, fetched_from: str | None = None) -> Document:
    """The document with the page's text, and with what the page says of itself wherever the sender says nothing.

    `fetched_from` is its address where neither of them gives one. Section, time of update and captions, which are no
    columns, are in `extra`.

    Raises:
        UnreadableError: `no_body`, or `too_long`, `nesting` and `bad_html` for pages that are not worth the work.
    """
    check_page(page, limits)
    tree = LexborHTMLParser(page)
    declared = metadata_of(tree, fetched_from)
    walk = walked(tree, limits)
    text = body_of(tree, page, declared, walk.blocks, limits)
    url = document.url or declared.url or fetched_from
    published_at = document.published_at or declared.published_at or _found_date(page, url)
    return replace(
        document,
        text=checked(text),
        input_format="html",
        title=document.title or declared.title,
        url=url,
        published_at=published_at,
        language=document.language or declared.language,
        authors=document.authors or declared.authors,
        source=document.source or declared.source,
        extra={
            **extras(
                section=declared.section,
                modified_at=declared.modified_at if declared.modified_at != published_at else None,
                captions=walk.captions,
            ),
            **document.extra,
        },
    )


def extras(**known: str | bool | Sequence[object] | None) -> dict[str, Any]:
    """What was found of values that are no columns."""
    return {key: value for key, value in known.items() if value}


def fragment_of(markup: str, limits: Limits = LIMITS) -> Fragment:
    """HTML that holds an article and nothing else, as feeds and wires send it -> its text, and its captions.

    Raises:
        UnreadableError: `too_long`, `nesting` and `bad_html`, as for a page.
    """
    check_page(markup, limits)
    walk = walked(LexborHTMLParser(markup), limits)
    return Fragment(whole_text(walk.blocks), walk.captions)


def body_of(tree: LexborHTMLParser, page: str, declared: Metadata, blocks: Sequence[Block], limits: Limits) -> str:
    """The page's paragraphs; where they say little, what its metadata, its scripts or a general extractor have.

    Raises:
        UnreadableError: `no_body` when all of them have nothing.
    """
    shown = article_text(blocks, declared.description, declared.body)
    if weight_of(shown) >= SHORT and 2 * weight_of(shown) > weight_of(declared.body):
        return shown
    if weight_of(declared.body) >= SHORT:
        return _paragraphs(declared.body)
    found = max(scripted_text(tree, declared.description, limits), _extracted(page), key=weight_of)
    text = found if weight_of(found) >= max(SHORT, 2 * weight_of(shown)) else shown
    if not text:
        raise UnreadableError("no_body", "no paragraphs in the page, nor in its metadata: a list, a video, a paywall?")
    return text


def _extracted(page: str) -> str:
    """What the general extractor finds; nothing where it took a menu or a list of headlines for an article."""
    import trafilatura  # noqa: PLC0415 - a tenth of a second, and few pages need it

    if _is_too_much(page):
        return ""
    with suppress(ValueError):  # characters that XML cannot hold
        lines = (trafilatura.extract(page, include_comments=False) or "").splitlines()
        prose = sum(weight_of(line) for line in lines if weight_of(line) >= LONG_LINE)
        return "\n\n".join(lines) if 2 * prose > sum(map(weight_of, lines)) else ""
    return ""


def _found_date(page: str, url: str | None) -> str | None:
    """A day in the address, or in what looks like a dateline: for the few pages that declare none."""
    from htmldate import find_date  # noqa: PLC0415 - loads as slowly as the extractor

    found: str | None = None
    if not _is_too_much(page):
        with suppress(ValueError):
            found = find_date(page, url=url, original_date=True, extensive_search=False)
    return found


def _is_too_much(page: str) -> bool:
    return len(page) > EXTRACTOR_CHARACTERS or page.count("<") > EXTRACTOR_TAGS


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
