"""Quotations set apart from the running text, in headlines and pull quotes, that repeat what the text itself quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flows.ids import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.reading import Reading
    from flows.extract.results import Quote

WORD: Final = re.compile(r"\w+")
LONGEST_HEADING: Final = 25  # tokens of a headline, or of a line below it
MOST_HEADINGS: Final = 5  # kicker, headline, two lines below it, a short lead
MARKED_KINDS: Final = ("direct", "partial")


def without_repeats(readings: Sequence[Reading], quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without those of headings and pull quotes whose words a quote of the text holds: one row each."""
    marked = [q for q in quotes if q.kind in MARKED_KINDS]
    body, wholes = _body(readings), _wholes(readings)
    headings = [q for q in marked if q.end <= body]
    told = [q for q in marked if q.end > body]
    pulled = [q for q in told if q.start in wholes]
    if not headings and not pulled:
        return list(quotes)
    text = readings[0].scan.text
    words = {id(q): _words(text, q) for q in marked}
    running = [q for q in told if q.start not in wholes]
    repeated = {id(q) for q in headings if any(words[id(q)] in words[id(other)] for other in told)}
    repeated |= {id(q) for q in pulled if any(words[id(q)] in words[id(other)] for other in running)}
    kept = [q for q in quotes if id(q) not in repeated]
    for quote in kept:
        quote.first = None if quote.first is not None and id(quote.first) in repeated else quote.first
    return kept


def _body(readings: Sequence[Reading]) -> int:
    """Where the text begins: with the block that is too long for a heading, else with the second one."""
    scans = [r.scan for r in readings if r.block.kind != "header"][: MOST_HEADINGS + 1]
    return next((s.start for s in scans if len(s) > LONGEST_HEADING), scans[0].end if scans else 0)


def _wholes(readings: Sequence[Reading]) -> set[int]:
    """Where the quotes begin that are all of their block."""
    marked = ((m, r.scan) for r in readings for m in r.marked)
    return {m.start for m, s in marked if not m.carried and (m.outer_start, m.outer_end) == (s.start, s.end)}


def _words(text: str, quote: Quote) -> str:
    """The quote's words as they are compared, with blanks between and around them."""
    return f" {' '.join(WORD.findall(fold(text[quote.start : quote.end])))} "
