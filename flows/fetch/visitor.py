"""A visitor of other people's sites: it says who it is, asks what is allowed, and takes its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from flows.fetch.client import BOUNDS, OK, Bounds, opened, user_agent
from flows.fetch.errors import FetchError
from flows.fetch.guard import Guard
from flows.fetch.pace import SECOND, Clock, Pace
from flows.fetch.robots import Robots, RobotsCache, judged, not_answered


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with its whole body; the body of anything but a 200 is left out."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    moved_to: str | None = None


@dataclass
class Visitor:
    """Fetches as a guest does.

    Attributes:
        agent: who it says it is.
        guard: what may be fetched.
        bounds: what one fetch may cost; waiting for a host's turn is not counted.
        clock: time and waiting.
        pause: seconds between two requests to a host.
        pace: turns of the hosts.
        robots: what their robots.txt say.
    """

    agent: str = field(default_factory=user_agent)
    guard: Guard = field(default_factory=Guard.from_environment)
    bounds: Bounds = BOUNDS
    clock: Clock = field(default_factory=Clock)
    pause: float = SECOND
    pace: Pace = field(init=False)
    robots: RobotsCache = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.clock, self.pause)
        self.robots = RobotsCache(self.clock)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Fetch an address, if the robots.txt of its site lets us, and of every site it redirects to.

        Raises:
            FetchError: whenever there is no answer; never for a status.
        """
        sent = {"User-Agent": self.agent} | dict(headers or {})
        with opened(url, headers=sent, guard=self.guard, bounds=self.bounds, before=self._ask_leave) as answer:
            body = b"".join(answer.chunks) if answer.status == OK else b""
            return Fetched(answer.url, answer.status, answer.headers, body, answer.moved_to)

    def _ask_leave(self, url: httpx.URL) -> None:
        rules = self.robots.rules(url, self._robots_of)
        rules.check(str(url))
        self.pace.wait(url.host, rules.delay())

    def _robots_of(self, origin: str) -> Robots:
        bounds = replace(self.bounds, size=None)  # what is too long is cut
        sent = {"User-Agent": self.agent, "Accept": "text/plain, */*;q=0.5"}
        try:
            with opened(
                f"{origin}/robots.txt", headers=sent, guard=self.guard, bounds=bounds, before=self._take_turn
            ) as answer:
                return judged(origin, answer, self.clock.now())
        except FetchError as error:
            return not_answered(origin, error, self.clock.now())

    def _take_turn(self, url: httpx.URL) -> None:
        self.pace.wait(url.host)
