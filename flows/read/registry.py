"""The formats that can be read, and which one a file is in: its name decides, and its first bytes where that is silent.

A new format is a module with a `read` function and a line in READERS.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from flows.read import feed, html, jsonfeed, jsonl, newsml, ninjs, nitf, sitemap, text, warc
from flows.read.candidate import Raw
from flows.read.inputs import InputFile
from flows.read.limits import Limits
from flows.read.rejects import UnreadableError
from flows.read.text import wide_encoding

Read = Callable[[Iterable[bytes], InputFile, Limits], Iterator[Raw]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is read, the endings of its files, and the beginning that tells it where its name does not.

    Of the formats that share an ending the one without a beginning takes what no other knows.
    """

    read: Read
    endings: tuple[str, ...]
    beginning: re.Pattern[bytes] | None = None


XML_PROLOG: Final = (
    rb"(?:<\?[^>]{0,1000}>\s*+|<!--(?:[^-]|-(?!->)){0,3000}+-->\s*+"
    rb"|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,3000}\]\s{0,99})?>\s*+)*+"
)
JSON_STARTS: Final = rb"(?=[\[{])"


def _root(*names: bytes) -> re.Pattern[bytes]:
    """The beginning of XML whose root has one of the names, with any prefix."""
    return re.compile(XML_PROLOG + rb"<(?:[\w.-]{1,40}:)?(?:" + b"|".join(names) + rb")[\s>/]")


def _keys(*patterns: bytes) -> re.Pattern[bytes]:
    """The beginning of JSON that soon has a key of each pattern."""
    return re.compile(JSON_STARTS + b"".join(rb"(?=.{0,4000}?\"" + key + rb")" for key in patterns), re.DOTALL)


READERS: Final[dict[str, Reader]] = {
    "html": Reader(html.read, (".html", ".htm", ".xhtml"), html.HTML_START),
    "warc": Reader(warc.read, (".warc",), re.compile(rb"WARC/[01]\.")),
    "feed": Reader(feed.read, (".rss", ".atom", ".rdf", ".xml"), _root(b"rss", b"feed", b"RDF")),
    "sitemap": Reader(sitemap.read, (".xml",), _root(b"urlset", b"sitemapindex")),
    "newsml": Reader(newsml.read, (".newsml", ".xml"), _root(b"newsMessage", b"itemSet", rb"[a-z]{4,9}Item")),
    "nitf": Reader(nitf.read, (".nitf", ".xml"), _root(b"nitf")),
    "jsonfeed": Reader(
        jsonfeed.read, (".json",), _keys(rb"version\"\s{0,9}:\s{0,9}\"https?:\\?/\\?/jsonfeed\.org\\?/version")
    ),
    "ninjs": Reader(
        ninjs.read,
        (".ninjs", ".json"),
        _keys(rb"uri\"", rb"(?:(?:version|first|content)created|body_x?html|bodies|headlines|pubstatus)\""),
    ),
    "jsonl": Reader(jsonl.read, (".jsonl", ".ndjson"), re.compile(rb"\{")),
    "json": Reader(jsonl.read_values, (".json",)),
    "text": Reader(text.read, (".txt", ".text")),
}
XML_STARTS: Final = (b"<?xml", b"<!DOCTYPE")
XML_KINDS: Final = "RSS, Atom, RDF, sitemaps, NewsML-G2 and NITF are read"
FALLBACK: Final = "text"
PACKED_ENDINGS: Final = (".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz")
ARCHIVE_ENDINGS: Final = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tzst")
DOCUMENTATION: Final = frozenset(
    {"readme", "license", "licence", "notice", "changelog", "sources", "copying", "makefile"}
)
HEAD: Final = 4_096

# first bytes of formats that hold no plain text -> what they are, and what to do
FOREIGN: Final[dict[bytes, tuple[str, str]]] = {
    b"%PDF-": ("a PDF", "extract its text first, for example with pdftotext"),
    b"\x89PNG": ("a PNG image", "leave images out"),
    b"\xff\xd8\xff": ("a JPEG image", "leave images out"),
    b"GIF89a": ("a GIF image", "leave images out"),
    b"SQLite format 3\0": ("an SQLite database", "export its articles as JSON lines"),
    b"PAR1": ("a Parquet file", "export its rows as JSON lines, for example with DuckDB: COPY ... TO 'a.jsonl'"),
    b"ARROW1": ("an Arrow file", "export its rows as JSON lines"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it"),
    b"Rar!": ("a rar archive", "unpack it"),
    b"\xd0\xcf\x11\xe0": ("an old office document", "export its text"),
    b"{\\rtf": ("rich text", "save it as plain text"),
    b"\x7fELF": ("a program", "leave it out"),
}


def plain_name(file: InputFile) -> PurePosixPath:
    """The file's name without an ending that only says that it is packed."""
    name = PurePosixPath(file.member or file.uri)
    return name.with_suffix("") if name.suffix.lower() in PACKED_ENDINGS else name


def skipped(file: InputFile) -> str | None:
    """Why a file of a folder is not tried, or None; a file that the user named is always tried."""
    name = plain_name(file)
    if file.is_named or (not name.suffix and name.stem.lower() not in DOCUMENTATION):
        return None
    if name.stem.lower() in DOCUMENTATION:
        return f"{name.name} describes the folder; name the file itself to read it as an article"
    endings = sorted(ending for reader in READERS.values() for ending in reader.endings)
    if name.suffix.lower() in (*endings, *ARCHIVE_ENDINGS):
        return None
    return f"{name.suffix} is no ending of articles ({' '.join(endings)}); rename it, or name the file itself"


def format_of(file: InputFile, head: bytes) -> str:
    """The format of a file whose first bytes, unpacked, are `head`.

    Raises:
        UnreadableError: `unknown_format` for a format that cannot be read, with what to do.
    """
    foreign = next((told for magic, told in FOREIGN.items() if head.startswith(magic)), None)
    if foreign is not None:
        raise UnreadableError("unknown_format", f"{foreign[0]}: {foreign[1]}")
    start = _start(head)
    ending = plain_name(file).suffix.lower()
    by_name = [name for name, reader in READERS.items() if ending in reader.endings]
    matching = [name for name, r in READERS.items() if r.beginning is not None and r.beginning.match(start)]
    if len(by_name) == 1:
        return by_name[0]
    own = [name for name in matching if name in by_name]
    plain = [name for name in by_name if READERS[name].beginning is None]
    found = next(iter((*own, *plain, *matching)), None)
    if found is None and (by_name or start.startswith(XML_STARTS)):
        raise UnreadableError(
            "unknown_format", f"XML of an unknown kind: {XML_KINDS}; or send its articles as JSON lines"
        )
    return found or FALLBACK


def _start(head: bytes) -> bytes:
    """The beginning in UTF-8, as the patterns expect it."""
    wide = wide_encoding(head)
    told = head.decode(wide, "ignore").encode() if wide else head.removeprefix(codecs.BOM_UTF8)
    return told.lstrip()
