"""News pages as sites make them, with menu, teasers and comments around the article, and what is read from them."""

from __future__ import annotations

import json

from flows.model import Document, Reject
from flows.read import parse_line

FIRST = "The harbour authority of Port Lanmer closed both piers on Tuesday after cracks were found in the older one."
SECOND = "Engineers said that the repair would take until autumn, and that the ferries would leave from the north quay."
THIRD = "&ldquo;We could not wait any longer,&rdquo; said Marta Ilves, who has led the authority since last year."
LAST = "“We could not wait any longer,” said Marta Ilves, who has led the authority since last year."
BODY = f"{FIRST}\n\n{SECOND}\n\n{LAST}"
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
MENU = "".join(f"<li><a href='/{n}'>Section {n} of the newspaper</a></li>" for n in range(20))
TEASERS = "".join(
    f"<div class='card'><h3><a href='/t{n}'>Another headline</a></h3>"
    f"<p>A teaser of some other article that has nothing to do with this one, number {n}.</p></div>"
    for n in range(6)
)
COMMENTS = "".join(
    f"<div class='comment'><p>I have read this three times and still do not believe a word of it, number {n}.</p></div>"
    for n in range(9)
)
COOKIES = "<div id='cookie-banner'><p>We and our 812 partners store and access information on your device.</p></div>"


def site(head: str = "", article: str = PARAGRAPHS, before: str = "") -> str:
    return (
        f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{COOKIES}<header><ul>{MENU}</ul></header>"
        f"<main><article><h1>Both piers closed</h1>{before}<div class='story'>{article}</div></article></main>"
        f"<section class='more'><h2>More from the region</h2>{TEASERS}</section>"
        f"<div class='comments'>{COMMENTS}</div><footer><p>© Lanmer Courier, all rights reserved since 1921.</p>"
        "</footer></body></html>"
    )


def linked(**values: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **values})}</script>"


def page(html: str, **fields: object) -> Document:
    found = parse_line(json.dumps({"id": "a", "html": html, **fields}).encode())
    assert isinstance(found, Document), found
    return found


def refused(html: str) -> Reject:
    found = parse_line(json.dumps({"id": "a", "html": html}).encode())
    assert isinstance(found, Reject), found
    return found
