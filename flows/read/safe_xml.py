"""A stream of XML -> the elements that hold a document each, one by one: no DTD, no entity, no look outside.

Expat reads neither files nor addresses by itself, and no handler here does it for it. A document type declaration ends
the reading, and with it entities other than XML's five; what is not well-formed is told and never guessed at.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring
from xml.parsers import expat

from flows.ids import SEPARATOR
from flows.read.limits import LIMITS, Limits
from flows.read.page.charset import known_encoding
from flows.read.pieces import Growing
from flows.read.rejects import HEAD_BYTES, Piece, UnreadableError
from flows.read.text import wide_encoding

# namespaces as programs write them -> the prefix that this project knows them by; RSS has none, in all its versions
NAMESPACES: Final[Mapping[str, str]] = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://www.w3.org/1999/xhtml": "html",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "sitemap",
    "http://www.google.com/schemas/sitemap/0.84": "sitemap",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://iptc.org/std/nar/2006-10-01/": "newsml",
    "http://iptc.org/std/NITF/2006-10-18/": "nitf",
}
UNKNOWN: Final = "other"  # the prefix of all other namespaces
SLICE: Final = 64 * 1024  # bytes parsed at once: what they hold is in memory together
LONGEST_TAG: Final = 1_000_000  # bytes of one tag or comment; expat reads an unfinished one anew with every slice
MOST_NOTES: Final = 1_000
LONGEST_NOTE: Final = 2_000  # characters
MOST_NAMES: Final = 10_000
MOST_IDLE: Final = 10  # times the elements of the largest document, a second's work, may go by without one
INVALID_TOKEN: Final = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
PRESCAN: Final = 200  # bytes in which the declaration of the encoding stands
DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,100}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})""")
PROLOG: Final = (
    rb"(?:<\?[^>]{0,1000}>\s*+|<!--(?:[^-]++|-(?!->)){0,3000}-->\s*+"
    rb"|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,3000}\]\s{0,99})?>\s*+)*"
)
UTF8: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class Found:
    """An element that holds a document, its bytes, and what the file says around it; None where `piece` tells an error.

    `around` is by path below the root: "channel/title", "{atom}link@href" for an attribute; the first of each.
    """

    element: Element | None
    piece: Piece
    around: Mapping[str, str]

    def parsed(self) -> Element:
        """The element.

        Raises:
            UnreadableError: where there is none.
        """
        if self.element is None:
            raise self.piece.error or UnreadableError("bad_xml", "no element")
        return self.element

    def in_context(self, paths: Iterable[str]) -> Piece:
        """Its bytes, with what the document takes from around it."""
        return replace(self.piece, context=SEPARATOR.join(self.around.get(path, "") for path in paths))


def rooted(*names: bytes) -> re.Pattern[bytes]:
    """The beginning of XML whose root has one of the names, with any prefix."""
    return re.compile(rb"\A" + PROLOG + rb"<(?:[\w.-]{1,40}:)?(?:" + b"|".join(names) + rb")[\s>/]")


def elements(chunks: Iterable[bytes], wanted: Collection[str], limits: Limits = LIMITS) -> Iterator[Found]:
    """The outermost elements with a name in `wanted` ("item", "{atom}entry"), as soon as each is read.

    One that is too large or too deep is told as broken, and the next one follows; where the file itself is broken, what
    was read before is followed by one last error: `bad_xml`, `bad_encoding`, `truncated`, `nesting`.
    """
    reading = _Reading(wanted, limits)
    try:
        for data in _utf8(chunks):
            for start in range(0, len(data), SLICE):
                yield from reading.feed(data[start : start + SLICE])
        yield from reading.feed(b"", is_last=True)
    except UnreadableError as error:
        yield from reading.found
        yield reading.broken(error)
    except expat.ExpatError as error:
        yield from reading.found
        yield reading.broken(reading.told(error))


class _Reading:
    """The state of one parse: outside of the wanted elements short notes are kept, inside of one its tree."""

    def __init__(self, wanted: Collection[str], limits: Limits) -> None:
        self.found: list[Found] = []
        self._wanted = wanted
        self._limits = limits
        self._names: dict[str, str] = {}
        self._root = ""
        self._path: list[str] = []
        self._notes: list[str | None] = []  # where the text of each open element goes
        self._around: dict[str, str] = {}
        self._builder: TreeBuilder | None = None
        self._raw: Growing | None = None  # of the element that is open
        self._error: UnreadableError | None = None
        self._inner = 0  # elements open in it
        self._count = 0  # elements since it began
        self._window, self._offset, self._from = b"", 0, 0  # bytes not yet done with, where they stand, where `_raw` is
        self._is_last = False
        self._parser = expat.ParserCreate(UTF8, namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, is_last: bool = False) -> Iterator[Found]:
        self._window += chunk
        self._is_last = is_last
        self._parser.Parse(chunk, is_last)
        done = self._parser.CurrentByteIndex - self._offset
        if self._raw is not None:
            self._raw.add(self._window[self._from : done])
            self._from = 0
        self._window = self._window[done:]
        self._offset += done
        if len(self._window) > LONGEST_TAG:
            raise UnreadableError("bad_xml", f"a tag or a comment longer than {LONGEST_TAG:,} bytes")
        found, self.found = self.found, []
        yield from found

    def broken(self, error: UnreadableError) -> Found:
        """The last of a file: its open element, or the bytes where it broke."""
        if self._raw is not None:
            self._raw.add(self._window[self._from :])
            return Found(None, self._raw.piece(error), self._around)
        at = max(0, min(self._parser.ErrorByteIndex - self._offset, len(self._window)))
        return Found(None, Piece(self._window[at:][:HEAD_BYTES], self._offset + at, error=error), self._around)

    def told(self, error: expat.ExpatError) -> UnreadableError:
        """Why expat stopped, in words."""
        at = self._parser.ErrorByteIndex - self._offset
        where = f"line {error.lineno}, column {error.offset}"
        if self._is_last and self._root:
            told = f"the file ends at {where}, before <{self._root}> does: fetch it again; what came before was read"
            return UnreadableError("truncated", told)
        bad = self._window[max(0, at) :][:1]
        if error.code == INVALID_TOKEN and bad >= b"\x80":
            told = f"byte 0x{bad.hex()} at offset {self._offset + at} is no UTF-8: convert it, or declare its encoding"
            return UnreadableError("bad_encoding", told)
        told = expat.errors.messages[error.code]
        told = f"not well-formed at {where} ({told}): correct it; what came before was read"
        return UnreadableError("bad_xml", told)

    def _doctype(self, name: str, *_: object) -> None:
        told = f"it declares a document type (<!DOCTYPE {name[:40]}>), which can hide entities: take that line out"
        raise UnreadableError("bad_xml", told)

    def _start(self, raw_name: str, attributes: dict[str, str]) -> None:
        name = self._name(raw_name)
        named = {self._name(key): value for key, value in attributes.items()} if attributes else attributes
        self._root = self._root or name
        self._count += 1
        if self._count > MOST_IDLE * self._limits.xml_elements:
            raise UnreadableError("too_large", f"{self._count:,} elements without a document: split the file")
        if self._raw is None:
            if name not in self._wanted:
                self._outside(name, named)
                return
            self._from = self._parser.CurrentByteIndex - self._offset
            self._raw = Growing(self._parser.CurrentByteIndex, self._limits.document_bytes)
            self._builder, self._error, self._count = TreeBuilder(), None, 0
        self._inner += 1
        if self._inner > self._limits.xml_depth:
            self._give_up("nesting", f"elements nest deeper than {self._limits.xml_depth:,} levels: send its text")
        elif self._count > self._limits.xml_elements or self._raw.is_too_long:
            self._give_up("too_long", f"a document of more than {self._limits.xml_elements:,} elements: split it")
        if self._builder is not None:
            self._builder.start(name, named)

    def _outside(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= self._limits.xml_depth:
            raise UnreadableError("nesting", f"elements nest deeper than {self._limits.xml_depth:,} levels")
        self._path.append(name)
        path = "/".join(self._path[1:])
        is_new = path not in self._around and len(self._around) < MOST_NOTES
        self._notes.append(path if is_new else None)
        if is_new:
            self._around[path] = ""
            for key, value in attributes.items():
                self._around[f"{path}@{key}"] = value[:LONGEST_NOTE]

    def _end(self, raw_name: str) -> None:
        if self._raw is None:
            self._path.pop()
            self._notes.pop()
            return
        self._inner -= 1
        if self._builder is not None:
            self._builder.end(self._name(raw_name))
        if self._inner == 0:
            at = self._parser.CurrentByteIndex - self._offset
            # of <item/> the end is told where it is, of </item> where that tag begins
            end = self._window.find(b">", at) + 1 if self._window.startswith(b"</", at) else at
            self._raw.add(self._window[self._from : end])
            element = self._builder.close() if self._builder is not None else None
            self.found.append(Found(element, self._raw.piece(self._error), self._around))
            self._raw = self._builder = None
            self._count = 0

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)
        elif self._raw is None:
            path = self._notes[-1]
            if path is not None and len(self._around[path]) < LONGEST_NOTE:
                self._around[path] += text[:LONGEST_NOTE]

    def _give_up(self, code: str, told: str) -> None:
        self._builder, self._error = None, self._error or UnreadableError(code, told)

    def _name(self, raw: str) -> str:
        known = self._names.get(raw)
        if known is None:
            space, _, local = raw.rpartition(" ")
            prefix = NAMESPACES.get(space, UNKNOWN) if space else ""
            known = f"{{{prefix}}}{local}" if prefix else local
            if len(self._names) < MOST_NAMES:
                self._names[raw] = known
        return known


def _utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same in UTF-8, whatever the file declares; offsets count in this."""
    decoder: codecs.IncrementalDecoder | None = None
    for number, chunk in enumerate(chunks):
        if number == 0:
            decoder = _decoder(chunk)
        try:
            yield chunk if decoder is None else decoder.decode(chunk).encode()
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(error.encoding, "ignore").encode()
            told = f"byte 0x{error.object[error.start]:02x} is no {error.encoding.upper()}, and the file says it is"
            raise UnreadableError("bad_encoding", f"{told}: convert it to UTF-8") from None


def _decoder(start: bytes) -> codecs.IncrementalDecoder | None:
    """None where the bytes are UTF-8 already."""
    name = wide_encoding(start)
    if name is None:
        declared = DECLARED.match(start.removeprefix(codecs.BOM_UTF8)[:PRESCAN])
        name = (declared and known_encoding(declared[1].decode("ascii", "replace"))) or UTF8
    return None if name == UTF8 else codecs.getincrementaldecoder(name)()


def text_of(element: Element | None) -> str:
    """All words in an element, as they are written."""
    return "".join(element.itertext()).strip() if element is not None else ""


def text_at(element: Element, path: str) -> str | None:
    """The words of the first element at the path that has any."""
    return next(iter(texts_at(element, path)), None)


def texts_at(element: Element, path: str) -> list[str]:
    """The words of all elements at the path that have any."""
    return [text for text in map(text_of, element.findall(path)) if text]


def as_html(element: Element, names: Mapping[str, str] | None = None) -> str:
    """What is in the element as HTML: known names by `names` ("hl2" is "h2"), others without their prefix."""
    root = Element("div")
    stack = [(element, root)]
    while stack:
        old, new = stack.pop()
        new.text, new.tail = old.text, old.tail if old is not element else None
        for child in old:
            local = child.tag.rpartition("}")[2]
            attributes = {key: value for key, value in child.items() if "}" not in key}
            made = SubElement(new, (names or {}).get(local, local), attributes)
            stack.append((child, made))
    return tostring(root, encoding="unicode", method="html")
