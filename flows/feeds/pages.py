"""The page of an item -> its text for a raw file, or why there is none and whether to try again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from flows.feeds.items import in_utf8, page_of
from flows.fetch.client import OK, status_line
from flows.fetch.errors import FetchError
from flows.fetch.pace import FIRST_BACK_OFF, retry_after
from flows.fetch.visitor import Visitor

PASSING: Final = frozenset({"unreachable", "too_slow"})  # the same page may answer next time
PASSING_STATUS: Final = frozenset({429, 500, 502, 503, 504})
TOO_BUSY: Final = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Page:
    """What came of asking for a page.

    Attributes:
        text: the page, where an article can be read from it.
        facts: what there is to say of it: `page_url` where it came from another address, `page_error` if it did not.
        may_pass: whether it is worth another try.
        rest: seconds for which the site asks to be left alone.
    """

    text: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    may_pass: bool = False
    rest: float = 0.0


def fetch_page(url: str, visitor: Visitor) -> Page:
    """Ask for a page."""
    try:
        answer = visitor.get(url)
    except FetchError as error:
        return Page(facts={"page_error": str(error)}, may_pass=error.code in PASSING)
    if answer.status != OK:
        told = {"page_error": f"the server answers {status_line(answer.status)}"}
        rest = 0.0
        if answer.status in TOO_BUSY:
            rest = retry_after(answer.headers.get("retry-after"), visitor.clock.now()) or FIRST_BACK_OFF
        return Page(facts=told, may_pass=answer.status in PASSING_STATUS, rest=rest)
    text = page_of(in_utf8(answer.body, answer.headers))
    if text is None:
        return Page(facts={"page_error": "no article can be read from the page"})
    return Page(text, {"page_url": answer.url} if answer.url != url else {})
