"""A raw document -> an article: its text untouched, its metadata, and its blocks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flows.headers import Header, Line, patterns, split_header
from flows.ids import article_id, fold
from flows.model import Account, Article, Block, Document
from flows.timestamps import Moment, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Spans = Sequence[tuple[int, int]]

IGNORABLE: Final = "\ufeff\u200b\u200e\u200f\u2060"  # marks of no width that are no white space to Python
# they declare their date in metadata of their own
PAGE_FORMATS: Final = frozenset({"feed", "html", "jsonfeed", "newsml", "ninjs", "nitf", "warc"})
LONGEST_HEADLINE: Final = 180  # characters
LONGEST_BYLINE: Final = 90
LONGEST_POST: Final = 1000  # more than that is an article with a post at its end
WIDEST_WRAP: Final = 110  # no line of a text wrapped by hand or by a mail program is wider
NARROWEST_WRAP: Final = 40
BYLINE_WITHIN: Final = 3  # blocks from the start of the body

EM: Final = "\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}"
CLOSING: Final = "[\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}»)\\]]*"
NO_HEADLINE: Final = re.compile(rf"[.:;,…]{CLOSING}$")
SENTENCE_END: Final = re.compile(rf"[.!?…:;]{CLOSING}$")
SURE_BULLET: Final = re.compile("[•●▪▫■□◦‣\N{HYPHEN BULLET}►▶➤✓✔]")
BULLET: Final = re.compile(rf"(?:{SURE_BULLET.pattern}\s*|[*·]\s*|-\s+|\(?\d{{1,2}}[.)]\s+)(?=\S)")
SIGNATURE: Final = re.compile(
    rf"(?:^|(?<=\W)|(?<=\w)(?=[{EM}]))(?:[{EM}]|--?(?=\s))\s{{0,9}}(?P<name>[^\n@(){EM}]{{1,80}}?)\s{{0,9}}"
    rf"\((?P<handle>@\w[\w.-]*(?:@[\w.-]+)?)\)(?P<tail>[^\n()@]{{0,60}})$"
)


class ArticleError(ValueError):
    """A document that holds no article; `reason_code` is a code of the rejects table."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


def to_article(document: Document) -> Article:
    """Find header, headline, caption, byline, paragraphs, list items and embedded posts.

    Blocks hold every visible character of the text once, in order. What the document says of itself wins over what
    the head of its text says.

    Raises:
        ArticleError: `empty_text`, when the text holds nothing but white space.
    """
    text = document.text
    lines = _lines(text)
    if not lines:
        raise ArticleError("empty_text", "the text holds nothing but white space; check what the reader extracted")
    header, body = split_header(text, lines)
    title = document.title or header.fields.get("title")
    blocks = _captions_checked([*header.blocks, *_body(text, _spans(text, body), title)])
    moment, basis = _published(document, header)
    return Article(
        article_id=article_id(document.url, text),
        text=text,
        blocks=tuple(blocks),
        title=title or _words_of(text, blocks, "headline"),
        url=document.url or header.fields.get("url"),
        authors=document.authors or _authors(header.fields.get("author") or _words_of(text, blocks, "byline")),
        source=document.source or header.fields.get("source"),
        published_at=moment.at if moment else None,
        published_date=moment.day if moment else None,
        utc_offset_minutes=moment.offset if moment else None,
        date_basis=basis,
        language=document.language,
        input_uri=document.input_uri,
        input_format=document.input_format,
        extra=document.extra,
        input_sha256=document.input_sha256,
    )


def _published(document: Document, header: Header) -> tuple[Moment | None, str]:
    given = parse_moment(document.published_at) if document.published_at else None
    if given:
        return given, "metadata" if document.input_format in PAGE_FORMATS else "sender"
    return (header.moment, "header") if header.moment else (None, "none")


def _words_of(text: str, blocks: Sequence[Block], kind: str) -> str | None:
    return next((text[b.start : b.end] for b in blocks if b.kind == kind), None)


def _authors(named: str | None) -> tuple[str, ...]:
    if named is None or named.lower() in patterns().staff:
        return ()
    byline = patterns().byline.fullmatch(named)
    return tuple(name for name in patterns().names.split(byline[1] if byline else named) if name)


def _captions_checked(blocks: list[Block]) -> list[Block]:
    """A caption with nothing below it is the text itself."""
    if {b.kind for b in blocks} <= {"header", "caption"}:
        return [replace(b, kind="paragraph") if b.kind == "caption" else b for b in blocks]
    return blocks


def _lines(text: str) -> list[Line]:
    lines, at, gap = [], 0, True
    for raw in text.splitlines(keepends=True):
        left = raw.lstrip().lstrip(IGNORABLE).lstrip()
        visible = left.rstrip().rstrip(IGNORABLE).rstrip()
        if visible:
            start = at + len(raw) - len(left)
            lines.append(Line(start, start + len(visible), gap))
        gap = not visible
        at += len(raw)
    return lines


def _spans(text: str, lines: Sequence[Line]) -> Spans:
    """Lines joined where they were only wrapped, and the signature of a post joined to the post."""
    width = max((line.end - line.start for line in lines), default=0)
    is_wrapped = NARROWEST_WRAP <= width <= WIDEST_WRAP
    spans: list[tuple[int, int]] = []
    for line in lines:
        continued = spans and is_wrapped and not line.gap and _is_continued(text, spans[-1], line, width)
        if continued or (spans and _is_lone_signature(text, line)):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
    return spans


def _is_continued(text: str, span: tuple[int, int], line: Line, width: int) -> bool:
    """Whether the line above broke because the next word had no room, and not because something ended there."""
    above = text[span[0] : span[1]].splitlines()[-1].strip()
    this = text[line.start : line.end]
    if BULLET.match(this):
        return False
    if SENTENCE_END.search(above) or not this[0].islower():
        return len(above) + 1 + len(this.split(maxsplit=1)[0]) > width
    return len(above) >= NARROWEST_WRAP // 2


def _is_lone_signature(text: str, line: Line) -> bool:
    found = _signature(text[line.start : line.end])
    return found is not None and found.start() == 0


def _body(text: str, spans: Spans, title: str | None) -> Iterator[Block]:
    is_first_headline = bool(spans) and _is_headline(text, spans, title)
    bulleted = [bool(BULLET.match(text, start, end)) for start, end in spans]
    for at, (start, end) in enumerate(spans):
        shown = text[start:end]
        beside = any(bulleted[max(0, at - 1) : at]) or any(bulleted[at + 1 : at + 2])
        kind = "paragraph"
        if bulleted[at] and (beside or SURE_BULLET.match(shown)):
            kind = "list"
        elif at == 0 and is_first_headline:
            kind = "headline"
        elif len(spans) > 1 and at < BYLINE_WITHIN and _is_byline(shown):
            kind = "byline"
        elif len(spans) > 1 and patterns().caption.match(shown):
            kind = "caption"
        yield _post(shown, start, end) or Block(kind, start, end)


def _is_headline(text: str, spans: Spans, title: str | None) -> bool:
    """Whether the first block is one: the known title, or short and without a stop where the blocks below have one."""
    if len(spans) == 1:
        return False
    shown = text[slice(*spans[0])]
    if title and fold(shown) == fold(title):
        return True
    if len(shown) > LONGEST_HEADLINE or "\n" in shown or NO_HEADLINE.search(shown) or _is_byline(shown):
        return False
    stops = sum(SENTENCE_END.search(text, max(start, end - 5), end) is not None for start, end in spans[1:])
    return 2 * stops >= len(spans) - 1


def _is_byline(shown: str) -> bool:
    if len(shown) > LONGEST_BYLINE:
        return False
    return patterns().byline.fullmatch(shown) is not None or shown.lower() in patterns().staff


def _signature(shown: str) -> re.Match[str] | None:
    """The match of "— Name (@handle) date" at the end, or None; what follows the handle must hold a date or nothing."""
    at = shown.rfind("(@")
    if at < 0:
        return None
    dash = max(shown.rfind(mark, 0, at) for mark in f"{EM}-")
    name_first = shown.rfind(" ", 0, max(dash, 0))  # a hyphen may stand inside the name
    found = SIGNATURE.search(shown, max(0, dash - 1)) or SIGNATURE.search(shown, max(0, name_first - 1))
    if found is None:
        return None
    tail = found["tail"].strip()
    return found if not tail or any(c.isdigit() for c in tail) else None


def _post(shown: str, start: int, end: int) -> Block | None:
    found = _signature(shown)
    if found is None or not 0 < len(shown[: found.start()].strip()) <= LONGEST_POST:
        return None
    handle = found["handle"].lstrip("@")
    moment = parse_moment(found["tail"].strip(" ·|,"))
    return Block(
        "post",
        start,
        end,
        body_end=start + len(shown[: found.start()].rstrip()),
        account=Account(found["name"].strip(), handle, _platform(handle)),
        posted=moment.day if moment else None,
    )


def _platform(handle: str) -> str:
    if handle.endswith(".bsky.social"):
        return "bluesky"
    return "mastodon" if "@" in handle else "x"
