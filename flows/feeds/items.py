"""The bytes of a feed -> its items; an item, and its page where that was fetched -> a line of a raw file."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from flows.ids import sha256_hex
from flows.model import Document, Filtered, Reject
from flows.read import LIMITS, NO_DOCUMENT, Candidate, candidates, sitemap
from flows.read.compression import Meter, unpacked
from flows.read.entry import AnnouncedError
from flows.read.page.charset import DECLARED, PRESCAN, decode_page
from flows.read.rejects import UnreadableError
from flows.timestamps import parse_moment

NO_FEED: Final = frozenset({"html", "text"})  # what a page or an error message is read as
KNOWN_KEYS: Final = ("title", "url", "published_at", "language", "source")
IS_SUMMARY: Final = "is_summary"
BROKEN: Final = frozenset({"truncated", "bad_xml", "bad_encoding", "bad_archive", "too_large", "unreadable"})
MOST_ITEMS: Final = 50_000  # as many as a sitemap may have; all of them are in memory at once, and remembered
TOO_MANY: Final = f"it holds {MOST_ITEMS:,} items or more: those beyond are left out"
KEY_DIGITS: Final = 16
CHARSET: Final = re.compile(
    r"charset\s{0,9}=\s{0,9}[\"']?((?:iso|windows|cp|koi|utf-16|shift|euc|gb|big5|latin)[\w-]{0,20})", re.IGNORECASE
)
MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NoFeedError(Exception):
    """The bytes are no feed; the message says what they are."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed: `key` is the same in each poll, `mark` is another when its words are."""

    key: str
    mark: str
    found: Document | Reject

    @property
    def page_url(self) -> str | None:
        """The page to fetch for the whole text; None where the item has it, or names none."""
        return self.found.url if isinstance(self.found, Document) and self.is_summary else None

    @property
    def is_summary(self) -> bool:
        """Whether it says less than its page."""
        return isinstance(self.found, Document) and bool(self.found.extra.get(IS_SUMMARY))

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read without its page: a text, a title, or a reason why it cannot be read."""
        return isinstance(self.found, Reject) or bool(self.found.text or self.found.title)


@dataclass(frozen=True, slots=True)
class Held:
    """What a feed holds, other sitemaps that it names, the newest first; `damage` says why there may be more."""

    items: list[Item]
    sitemaps: list[str]
    damage: str = ""


def items_of(body: bytes) -> Held:
    """The items of a feed, each once.

    Raises:
        NoFeedError: nothing in it can be read as a feed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"  # its name says nothing: the content does
        path.write_bytes(body)
        found = islice(candidates([path]), MOST_ITEMS + 1)
        entries = [_document(item) if isinstance(item, Candidate) else item for item in found]
    if any(isinstance(item, Filtered) and item.rule == sitemap.RULE for item in entries):
        return _of_sitemap(body)
    documents = [item for item in entries if isinstance(item, Document)]
    rejects = [item for item in entries if isinstance(item, Reject) and item.reason != NO_DOCUMENT]
    if documents and all(item.input_format in NO_FEED for item in documents):
        raise NoFeedError("it is no feed but a page or a text: give the address of its RSS, Atom or JSON feed")
    broken = [item for item in rejects if item.reason_code in BROKEN]
    if rejects and not documents:
        raise NoFeedError(f"it cannot be read as a feed: {(broken or rejects)[0].reason}")
    whole: list[Document | Reject] = [*documents, *(item for item in rejects if item not in broken)]
    damage = TOO_MANY if len(entries) > MOST_ITEMS else broken[0].reason if broken else ""
    return Held(_distinct(map(_item, whole[:MOST_ITEMS])), [], damage)


def in_utf8(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body in UTF-8, where only the header of the answer says that it is in something else."""
    charset = CHARSET.search(headers.get("content-type", ""))
    if charset is None or body.startswith(MARKS) or DECLARED.search(body[:PRESCAN]):
        return body
    try:
        return body.decode(charset[1]).encode("utf-8")
    except (LookupError, ValueError):
        return body


def page_of(data: bytes) -> str | None:
    """The page as text, where an article can be read from it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_bytes(data)
        found = [item.document() if isinstance(item, Candidate) else item for item in candidates([path])]
    return decode_page(data).text if found and isinstance(found[0], Document) else None


def line_of(item: Item, facts: Mapping[str, Any], page: str | None = None) -> dict[str, Any]:
    """The item under the keys of JSON lines; `facts` are kept beside them.

    Where there are no other words, the title is the summary. What could not be read is a line without text: `build`
    makes a reject of it, which is where such things are looked for.
    """
    found = item.found
    if isinstance(found, Reject):
        return {"id": found.doc_id, "text": "", "reason": found.reason, "payload": found.payload, **facts}
    line: dict[str, Any] = {"id": found.doc_id}
    line |= {key: getattr(found, key) for key in KNOWN_KEYS}
    line |= {"authors": list(found.authors)}
    line |= {"text": found.text or found.title or ""} if page is None else {"html": page}
    extra = {key: value for key, value in found.extra.items() if page is None or key != IS_SUMMARY}
    return {key: value for key, value in {**extra, **line, **facts}.items() if value not in (None, [])}


def _document(candidate: Candidate) -> Document | Reject:
    """What the entry holds, be it no more than the address of a page."""
    found = candidate.document()
    if isinstance(found, Document):
        return found
    try:
        return candidate.make()
    except AnnouncedError as error:
        return error.document
    except Exception:  # noqa: BLE001 - told by the reject
        return found


def _of_sitemap(body: bytes) -> Held:
    """Its articles and other sitemaps, the newest first: a sitemap may list all that a site ever published."""
    found: list[sitemap.SitemapEntry] = []
    damage = ""
    try:
        for entry in sitemap.entries(unpacked(iter([body]), Meter(LIMITS))):
            found.append(entry)
            if len(found) == MOST_ITEMS:
                damage = TOO_MANY
                break
    except UnreadableError as error:
        damage = error.reason
    found.sort(key=_moment, reverse=True)
    items = [_announced(entry) for entry in found if not entry.is_index]
    return Held(_distinct(items), [entry.url for entry in found if entry.is_index], damage)


def _announced(entry: sitemap.SitemapEntry) -> Item:
    """An article of a sitemap; its mark changes with the day of its last change, since its words are not known."""
    document = Document(
        text="",
        input_format="sitemap",
        title=entry.title,
        url=entry.url,
        published_at=entry.published_at,
        language=entry.language,
        source=entry.source,
        extra={IS_SUMMARY: True},
    )
    return Item(_short(entry.url), _short(f"{entry.title}\n{entry.modified_at}"), document)


def _moment(entry: sitemap.SitemapEntry) -> str:
    """A time to sort by; what has none comes last."""
    moment = parse_moment(entry.published_at or entry.modified_at or "")
    return "" if moment is None else (moment.at or moment.day).isoformat()


def _item(found: Document | Reject) -> Item:
    if isinstance(found, Reject):
        return Item(f"!{found.payload_sha256[:KEY_DIGITS]}", "", found)
    named = found.doc_id or found.url or f"{found.title}\n{found.published_at}"
    return Item(_short(named), _short(f"{found.title}\n{found.text}"), found)


def _distinct(items: Iterable[Item]) -> list[Item]:
    """Each item once; where several go by the same name, their words tell them apart."""
    found = list(items)
    named = Counter(key for key, _ in {(item.key, item.mark) for item in found})
    keyed = (item if named[item.key] == 1 else replace(item, key=_short(item.key + item.mark)) for item in found)
    return list({item.key: item for item in keyed}.values())


def _short(text: str) -> str:
    return sha256_hex(text.encode("utf-8", "surrogatepass"))[:KEY_DIGITS]
