"""The bytes of a feed -> its items; an item, and its page where that was fetched -> a line of a raw file."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from flows.ids import sha256_hex
from flows.model import Document, Reject
from flows.read import read
from flows.read.page.charset import DECLARED, PRESCAN, decode_page

NO_FEED: Final = frozenset({"html", "text"})  # what a page or an error message is read as
KNOWN_KEYS: Final = ("title", "url", "published_at", "language", "source")
IS_SUMMARY: Final = "is_summary"
BROKEN: Final = frozenset({"truncated", "bad_archive", "too_large", "unreadable"})
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
        if isinstance(self.found, Document) and self.found.extra.get(IS_SUMMARY):
            return self.found.url
        return None


@dataclass(frozen=True, slots=True)
class Held:
    """What a feed holds; `damage` says why there may be more."""

    items: list[Item]
    damage: str = ""


def items_of(body: bytes) -> Held:
    """The items of a feed, each once.

    Raises:
        NoFeedError: nothing in it can be read as a feed.
    """
    found = _read(body, "feed")
    documents = [item for item in found if isinstance(item, Document)]
    rejects = [item for item in found if isinstance(item, Reject)]
    if documents and all(item.input_format in NO_FEED for item in documents):
        raise NoFeedError("it is no feed but a page or a text: give the address of its RSS, Atom or JSON feed")
    if rejects and not documents:
        raise NoFeedError(f"it cannot be read as a feed: {rejects[0].reason}")
    broken = [item for item in rejects if item.reason_code in BROKEN]
    whole = [_item(item) for item in found if item not in broken]
    named = Counter(key for key, _ in {(item.key, item.mark) for item in whole})
    items = (item if named[item.key] == 1 else replace(item, key=_short(item.key + item.mark)) for item in whole)
    return Held(list({item.key: item for item in items}.values()), broken[0].reason if broken else "")


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
    found = _read(data, "page.html")
    return decode_page(data).text if found and isinstance(found[0], Document) else None


def lines_of(item: Item, facts: dict[str, Any], page: str | None = None) -> dict[str, Any]:
    """The item under the keys of JSON lines; `facts` are kept beside them.

    What could not be read is a line without text: `build` makes a reject of it, which is where such things are
    looked for.
    """
    found = item.found
    if isinstance(found, Reject):
        return {"id": found.doc_id, "text": "", "reason": found.reason, "payload": found.payload} | facts
    line: dict[str, Any] = {"id": found.doc_id}
    line |= {key: getattr(found, key) for key in KNOWN_KEYS}
    line |= {"authors": list(found.authors)}
    line |= {"text": found.text} if page is None else {"html": page}
    extra = {key: value for key, value in found.extra.items() if page is None or key != IS_SUMMARY}
    return {key: value for key, value in (extra | line | facts).items() if value not in (None, [])}


def _item(found: Document | Reject) -> Item:
    if isinstance(found, Reject):
        return Item(f"!{found.payload_sha256[:KEY_DIGITS]}", "", found)
    named = found.doc_id or found.url or f"{found.title}\n{found.published_at}"
    words = f"{found.title}\n{found.text}"
    return Item(_short(named), _short(words), found)


def _short(text: str) -> str:
    return sha256_hex(text.encode("utf-8", "surrogatepass"))[:KEY_DIGITS]


def _read(body: bytes, name: str) -> Sequence[Document | Reject]:
    """What `build` would read from a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        return list(read([path]))
