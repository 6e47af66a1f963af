"""A page that a script fills -> the article that waits in its scripts, as HTML within a string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from flows.read.page.blocks import walked
from flows.read.page.body import article_text
from flows.read.page.candidates import squeezed, weight_of
from flows.read.page.hostile import check_page

if TYPE_CHECKING:
    from flows.read.limits import Limits

SCRIPTS: Final = "script:not([src])"
# to the end of the script where it is not closed, so that no part of a script is read twice
STRING: Final = re.compile(r'"((?:[^"\\]++|\\(?:.|\Z))*)(?:"|\Z)', re.DOTALL)
MARKUP: Final = re.compile(r"(?:<|\\u003c)(?:p|div|br)\b", re.IGNORECASE)
SHORTEST: Final = 500
LAYERS: Final = 3  # frameworks put strings of JSON into strings
MOST_PAGES: Final = 20
DESCRIBED: Final = 40


def scripted_text(tree: LexborHTMLParser, description: str, limits: Limits) -> str:
    """The text of the article in a script: the one that the description is from, or the longest; empty if none."""
    key = squeezed(description)[:DESCRIBED]
    texts = []
    for script in tree.css(SCRIPTS):
        for page in _pages(script.text(), LAYERS):
            check_page(page, limits)
            texts.append(article_text(walked(LexborHTMLParser(page), limits).blocks))
            if len(texts) == MOST_PAGES:
                break
    return max(texts, key=lambda text: (bool(key) and key in squeezed(text), weight_of(text)), default="")


def _pages(script: str, layers: int) -> Iterator[str]:
    """Strings of the script that hold HTML."""
    if layers == 0 or not MARKUP.search(script):
        return
    for found in STRING.finditer(script):
        if len(found[1]) < SHORTEST or not MARKUP.search(found[1]):
            continue
        try:
            text = json.loads(f'"{found[1]}"', strict=False)
        except ValueError:  # a string of JavaScript, or half of one
            continue
        if text.lstrip().startswith("<"):
            yield text
        else:
            yield from _pages(text, layers - 1)
