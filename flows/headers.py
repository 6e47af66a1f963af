"""The lines at the start of a text -> the header's blocks, its fields and its date; and the lines that are the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.budget import untimed
from flows.lexicons.files import Row, decode
from flows.model import Block
from flows.timestamps import Moment, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADERS_FILE: Final = Path(__file__).parent / "lexicons" / "_any" / "headers.toml"
LONGEST_HEADER: Final = 12  # lines
LONGEST_DATE_LINE: Final = len("Published on Wednesday, September 30, 2026")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its outer white space; `gap` says that a blank line, or nothing, stands before it."""

    start: int
    end: int
    gap: bool


@dataclass(slots=True)
class Header:
    """What the text's own head says, and the blocks that it takes up."""

    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    moment: Moment | None = None


class Labels(Row, frozen=True):
    """Words that stand before a colon at the start of a text, by what follows the colon."""

    title: list[str]
    date: list[str]
    author: list[str]
    source: list[str]
    url: list[str]
    other: list[str]


class Captions(Row, frozen=True):
    """Words that stand before a colon at the start of a caption."""

    labels: list[str]


class Bylines(Row, frozen=True):
    """Words of a byline, the joiners between its names, and whole lines that name no person."""

    words: list[str]
    joiners: list[str]
    staff: list[str]


class HeadersFile(Row, frozen=True):
    """The shape of headers.toml."""

    labels: Labels
    captions: Captions
    bylines: Bylines


@dataclass(frozen=True, slots=True)
class Patterns:
    """headers.toml, compiled."""

    label: re.Pattern[str]
    kinds: dict[str, str]
    dated: re.Pattern[str]
    caption: re.Pattern[str]
    byline: re.Pattern[str]
    names: re.Pattern[str]
    staff: frozenset[str]


@cache
@untimed()
def patterns() -> Patterns:
    """The patterns of header lines, captions and bylines.

    Raises:
        LexiconError: when headers.toml has an unknown or missing key.
    """
    words = decode(HEADERS_FILE, HeadersFile)
    kinds = {label: kind for kind in Labels.__struct_fields__ for label in getattr(words.labels, kind)}
    joiners = _any_of(words.bylines.joiners)
    capital = r"[^\W\d_a-z][\w.'\u2019-]*+"
    word = rf"(?:{joiners})(?!\w)"
    small = rf"(?![^\W\d_a-z])(?:{word}|(?!{word})\w{{1,3}}+)"  # each can be read in one way: no time grows
    time = r"[T ]\d\d:\d\d\S*(?:\s[+-]\d\d:?\d\d|\sUTC)?"
    return Patterns(
        label=re.compile(rf"({_any_of(kinds)})\s?:\s*(\S.*)", re.IGNORECASE),
        kinds=kinds,
        dated=re.compile(
            rf"(?:{_any_of(words.labels.date)})\s+(\d{{4}}-\d\d-\d\d(?:{time})?)(?:\s+(.*))?$", re.IGNORECASE
        ),
        caption=re.compile(rf"(?:{_any_of(words.captions.labels)})\s?:\s*\S", re.IGNORECASE),
        byline=re.compile(rf"(?i:{_any_of(words.bylines.words)})\s+({capital}(?:,?\s++(?:{capital}|{small}))*)"),
        names=re.compile(rf"(?<!\s)(?:\s*+[,;|/]\s*+|\s++(?:{joiners})\s++)"),
        staff=frozenset(words.bylines.staff),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def split_header(text: str, lines: Sequence[Line]) -> tuple[Header, Sequence[Line]]:
    """Take the header's lines off the top; a text of nothing but a header has none."""
    header = Header()
    used = 0
    for line in lines[:LONGEST_HEADER]:
        if not _take(header, text, line, is_last=used + 1 == len(lines)):
            break
        used += 1
    if used < len(lines) or any(block.kind != "header" for block in header.blocks):
        return header, lines[used:]
    return Header(), lines


def _take(header: Header, text: str, line: Line, *, is_last: bool) -> bool:
    """Add the line to the header if it belongs to one."""
    shown = text[line.start : line.end]
    dated = patterns().dated.match(shown)
    if dated:
        _take_dated(header, line, dated)
        return True
    labelled = patterns().label.match(shown)
    if labelled:
        return _take_labelled(header, line, labelled)
    if is_last or header.moment or len(shown) > LONGEST_DATE_LINE:
        return False
    header.moment = parse_moment(shown)
    if header.moment:
        header.blocks.append(Block("header", line.start, line.end))
    return header.moment is not None


def _take_dated(header: Header, line: Line, found: re.Match[str]) -> None:
    header.moment = header.moment or parse_moment(found[1])
    header.blocks.append(Block("header", line.start, line.start + found.end(1)))
    if found[2]:
        header.blocks.append(Block("caption", line.start + found.start(2), line.end))


def _take_labelled(header: Header, line: Line, found: re.Match[str]) -> bool:
    kind, value = patterns().kinds[found[1].lower()], found[2]
    if kind == "date":
        moment = parse_moment(value)
        if moment is None:  # "Date: Wednesday at three" may be the beginning of a sentence
            return False
        header.moment = header.moment or moment
    header.fields.setdefault(kind, value)
    cut = found.start(2) if kind == "title" else line.end - line.start
    header.blocks.append(Block("header", line.start, line.start + len(found[0][:cut].rstrip())))
    if kind == "title":
        header.blocks.append(Block("headline", line.start + cut, line.end))
    return True
