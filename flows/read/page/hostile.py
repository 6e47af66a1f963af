"""Pages that would keep the parser busy for minutes -> a reject before they are parsed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from flows.read.limits import Limits
from flows.read.rejects import UnreadableError

HARMLESS_TAGS: Final = 14_000  # so many, and the worst that they can do takes a second
TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
# these close by themselves: a page may leave thousands of them open, and none of them nests
VOID: Final = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
SELF_CLOSING: Final = VOID | {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "track"}
TAG_START: Final = re.compile(r"<[a-zA-Z]")
SEPARATOR: Final = re.compile(r"[\s/]+")


def check_page(page: str, limits: Limits) -> None:
    """Refuse what parsing cannot bear.

    Raises:
        UnreadableError: `too_long`, `nesting`, or `bad_html` for a tag with thousands of attributes.
    """
    if len(page) > limits.page_characters:
        told = f"the page has {len(page):,} characters, and {limits.page_characters:,} are read: send its text"
        raise UnreadableError("too_long", told)
    if page.count("<") > HARMLESS_TAGS and _work(page) > limits.page_work:
        raise UnreadableError("nesting", "elements nest too deep, or are never closed: send the text of the page")
    for stretch in _stretches(page, 2 * limits.tag_words):
        if _words_in_tag(stretch) > limits.tag_words:
            raise UnreadableError(
                "bad_html", f"a tag with more than {limits.tag_words:,} words: send the text of the page"
            )


def _work(page: str) -> int:
    """How many open elements the parser has to walk over, tag by tag."""
    is_open: Counter[str] = Counter()
    depth = work = 0
    for closing, name in TAG.findall(page):
        tag = name.lower()
        if tag in SELF_CLOSING:
            pass
        elif not closing:
            is_open[tag] += 1
            depth += 1
        elif is_open[tag]:
            is_open[tag] -= 1
            depth -= 1
        work += depth
    return work


def _stretches(page: str, shortest: int) -> Iterator[str]:
    """Parts of the page without ">" that are at least so long: a long tag is one, unless a value in it holds ">"."""
    at = 0
    while at < len(page):
        last = page.rfind(">", at, at + shortest)
        if last < 0:
            end = page.find(">", at + shortest)
            yield page[at:end] if end >= 0 else page[at:]
            last = end if end >= 0 else len(page)
        at = last + 1


def _words_in_tag(stretch: str) -> int:
    start = TAG_START.search(stretch)
    return sum(1 for _ in SEPARATOR.finditer(stretch, start.end())) if start else 0
