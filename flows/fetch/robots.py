"""robots.txt of a site -> whether we may ask for an address there, and how long to wait in between (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import httpx
import msgspec
from protego import Protego

from flows.fetch.client import OK, Response, status_line
from flows.fetch.errors import Code, FetchError
from flows.fetch.pace import Clock
from flows.settings import PACKAGE

Verdict = Literal["rules", "all", "none"]

LONGEST: Final = 500 * 1024  # bytes that are read: RFC 9309, section 2.5
KEPT_SECONDS: Final = 24 * 3600.0  # section 2.4
NONE_KEPT_SECONDS: Final = 600.0  # a site that is down for a moment is asked again soon
AGENT_LINE: Final = re.compile(r"user[ -]?agent[ \t]*[: \t][ \t]*([^#\r\n]*)", re.IGNORECASE)
CLIENT_ERROR, SERVER_ERROR = 400, 500
OTHERS: Final = "User-agent: others"


class Robots(msgspec.Struct):
    """What a site says, and until when that holds, in seconds since 1970.

    Where it says nothing that could be heard, `code` and `reason` are those of the failure, and all is forbidden.
    """

    origin: str
    verdict: Verdict
    until: float
    text: str = ""
    code: Code = "robots"
    reason: str = ""


@dataclass
class Rules:
    """The rules of one site."""

    robots: Robots

    @cached_property
    def _parsed(self) -> Protego:
        return Protego.parse(for_us(self.robots.text))

    def delay(self) -> float:
        """Seconds that the site asks for between two requests."""
        if self.robots.verdict != "rules":
            return 0.0
        rate = self._parsed.request_rate(PACKAGE)
        return max(self._parsed.crawl_delay(PACKAGE) or 0.0, rate.seconds / rate.requests if rate else 0.0)

    def check(self, url: str) -> None:
        """Whether the address may be asked for.

        Raises:
            FetchError: `robots` if not; as the robots.txt failed where it cannot be had.
        """
        if self.robots.verdict == "none":
            raise FetchError(self.robots.code, self.robots.reason)
        if self.robots.verdict == "rules" and not self._parsed.can_fetch(url, PACKAGE):
            raise FetchError("robots", "its robots.txt asks not to fetch this: ask the site for leave, or for a feed")


def for_us(text: str) -> str:
    """The rules without the names of other robots.

    What is meant for all of them by name is nothing to us, and a file of 15,000 names and as many rules would make
    the parser keep each rule for each name.
    """
    lines: list[str] = []
    for line in text.splitlines():
        agent = AGENT_LINE.match(line.lstrip())
        if agent is None:
            lines.append(line)
            continue
        name = agent[1].strip().partition("/")[0].lower()
        kept = f"User-agent: {name}" if name in {"*", PACKAGE} else OTHERS
        if not lines or lines[-1] != kept:
            lines.append(kept)
    return "\n".join(lines)


class RobotsCache:
    """What the sites say, asked for once a day each; kept as well wherever `save` puts it and `load` finds it."""

    def __init__(
        self,
        clock: Clock,
        load: Callable[[str], Robots | None] = lambda _: None,
        save: Callable[[Robots], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._load = load
        self._save = save
        self._known: dict[str, Rules] = {}

    def rules(self, url: httpx.URL, ask: Callable[[str], Robots]) -> Rules:
        """The rules of the address's site; `ask` fetches them where they are not known or too old."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        found = self._known.get(origin) or self._loaded(origin)
        if found is None or not self._clock.now() < found.robots.until <= self._clock.now() + KEPT_SECONDS:
            found = Rules(ask(origin))
            if found.robots.verdict != "none":
                self._save(found.robots)
        self._known[origin] = found
        return found

    def _loaded(self, origin: str) -> Rules | None:
        robots = self._load(origin)
        return Rules(robots) if robots and robots.origin == origin else None


def judged(origin: str, response: Response, now: float) -> Robots:
    """What an answer for robots.txt means: section 2.3.1 of the RFC."""
    if response.status >= SERVER_ERROR:
        told = f"its robots.txt answers {status_line(response.status)}, which forbids all for the moment"
        return not_answered(origin, FetchError("unreachable", told), now)
    if response.status != OK:
        return Robots(origin, "all", now + KEPT_SECONDS)
    held = bytearray()
    for chunk in response.chunks:
        held += chunk
        if len(held) > LONGEST:
            break
    if len(held) > LONGEST:  # half a line could say anything
        held = held[: held.rfind(b"\n", 0, LONGEST) + 1]
    text = held.decode("utf-8", "replace").removeprefix("\ufeff")
    return Robots(origin, "rules", now + KEPT_SECONDS, text=text)


def not_answered(origin: str, error: FetchError, now: float) -> Robots:
    """What it means that there is no answer: six redirects are as good as no file, all else forbids."""
    if error.code == "too_many_redirects":
        return Robots(origin, "all", now + KEPT_SECONDS)
    return Robots(origin, "none", now + NONE_KEPT_SECONDS, code=error.code, reason=str(error))
