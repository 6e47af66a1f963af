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

from flows.read import delimited, feed, html, jsonfeed, jsonl, newsml, ninjs, nitf, parquet, sitemap, text, warc
from flows.read.candidate import Raw
from flows.read.inputs import InputFile
from flows.read.limits import Limits
from flows.read.rejects import UnreadableError
from flows.read.text import wide_encoding

Read = Callable[[Iterable[bytes], InputFile, Limits], Iterator[Raw]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is read, the endings of its files, and the beginning that tells it where its name does not.

    Of the formats that share an ending the one without a beginning takes what no other knows. `magic` are first bytes
    that only this format has: they are believed whatever the name says.
    """

    read: Read
    endings: tuple[str, ...]
    beginning: re.Pattern[bytes] | None = None
    magic: bytes | None = None


READERS: Final[dict[str, Reader]] = {
    "html": Reader(html.read, (".html", ".htm", ".xhtml"), html.HTML_START),
    "warc": Reader(warc.read, (".warc",), magic=warc.MAGIC),
    "feed": Reader(feed.read, (".rss", ".atom", ".rdf", ".xml"), feed.ROOT),
    "sitemap": Reader(sitemap.read, (".xml",), sitemap.ROOT),
    "newsml": Reader(newsml.read, (".newsml", ".xml"), newsml.ROOT),
    "nitf": Reader(nitf.read, (".nitf", ".xml"), nitf.ROOT),
    "jsonfeed": Reader(jsonfeed.read, (".json",), jsonfeed.KEYS),
    "ninjs": Reader(ninjs.read, (".ninjs", ".json"), ninjs.KEYS),
    "jsonl": Reader(jsonl.read, (".jsonl", ".ndjson"), re.compile(rb"\{")),
    "json": Reader(jsonl.read_values, (".json",)),
    "csv": Reader(delimited.read, (".csv", ".tsv", ".tab"), delimited.HEADER),
    "parquet": Reader(parquet.read, (".parquet", ".pq"), magic=parquet.MAGIC),
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
    b"ARROW1": ("an Arrow file", "export its rows as JSON lines"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it"),
    b"Rar!": ("a rar archive", "unpack it"),
    b"\xd0\xcf\x11\xe0": ("an old office document", "export its text"),
    b"{\\rtf": ("rich text", "save it as plain text"),
    b"\x7fELF": ("a program", "leave it out"),
}


def plain_name(file: InputFile) -> PurePosixPath:
    """The file's name without an ending that only says that it is packed."""
    name = PurePosixPath(file.name or file.uri)
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
    by_magic = [name for name, reader in READERS.items() if reader.magic and head.startswith(reader.magic)]
    by_name = [name for name, reader in READERS.items() if ending in reader.endings]
    if by_magic or len(by_name) == 1:
        return (by_magic or by_name)[0]
    matching = [name for name, r in READERS.items() if r.beginning is not None and r.beginning.match(start)]
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
