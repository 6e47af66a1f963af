"""Sitemaps, news sitemaps and indexes of sitemaps -> their entries, which announce articles and hold no text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.model import Filtered, Reject
from flows.read.limits import LIMITS, Limits
from flows.read.page import fields
from flows.read.rejects import to_reject
from flows.read.safe_xml import Found, elements, rooted, text_at

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

ROOT: Final = rooted(b"urlset", b"sitemapindex")
RULE: Final = "sitemap_entry"
PREFIXES: Final[Mapping[str, str]] = {
    "{sitemap}url": "{sitemap}",
    "{sitemap}sitemap": "{sitemap}",
    "url": "",
    "sitemap": "",
}


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """An address that a sitemap announces; `is_index` where it is that of another sitemap.

    Times are as written. `source` and `title` are those of a news sitemap.
    """

    url: str
    is_index: bool = False
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    source: str | None = None


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Filtered | Reject]:
    """Each entry counts as filtered: it is no article, and what it announces has to be fetched."""
    for found in elements(chunks, PREFIXES, limits):
        if found.piece.error is not None:
            yield to_reject(found.piece.error, found.piece, file.uri)
        else:
            yield Filtered(RULE, file.uri, found.piece.byte_offset)


def entries(chunks: Iterable[bytes], limits: Limits = LIMITS) -> Iterator[SitemapEntry]:
    """The entries that have an address, for whoever fetches them.

    Raises:
        UnreadableError: where the sitemap breaks, once all entries before were given.
    """
    for found in elements(chunks, PREFIXES, limits):
        if found.piece.error is not None:
            raise found.piece.error
        entry = _entry(found)
        if entry is not None:
            yield entry


def _entry(found: Found) -> SitemapEntry | None:
    element = found.parsed()
    prefix = PREFIXES[element.tag]
    url = fields.address([text_at(element, f"{prefix}loc")])
    if url is None:
        return None
    return SitemapEntry(
        url,
        is_index=element.tag.endswith("sitemap"),
        title=fields.line(text_at(element, "{news}news/{news}title")),
        published_at=fields.moment([text_at(element, "{news}news/{news}publication_date")]),
        modified_at=fields.moment([text_at(element, f"{prefix}lastmod")]),
        language=fields.language([text_at(element, "{news}news/{news}publication/{news}language")]),
        source=fields.line(text_at(element, "{news}news/{news}publication/{news}name")),
    )
