"""When a host may be asked again: one request at a time and not too often, and longer pauses where it asks for them."""

from __future__ import annotations

import random
import re
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Final

SECOND: Final = 1.0
LONGEST_CRAWL_DELAY: Final = 30.0  # seconds; some sites ask for hours, which is another way to say no: say it plainly
FIRST_BACK_OFF: Final = 60.0  # seconds, doubled with every failure that follows another
LONGEST_BACK_OFF: Final = 6 * 3600.0
LONGEST_RETRY_AFTER: Final = 24 * 3600.0
JITTER: Final = 0.25  # of the pause, so that many pollers do not come back at the same moment


class Clock:
    """The time, and waiting: a parameter, so that tests need not wait."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Pace:
    """Turns of the hosts: between two requests to one of them passes at least `interval`, in seconds."""

    def __init__(self, clock: Clock, interval: float = SECOND) -> None:
        self._clock = clock
        self._interval = interval
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, delay: float = 0.0) -> None:
        """Wait for the host's turn, and take it; `delay` is the pause that the host itself asks for."""
        pause = max(self._interval, min(delay, LONGEST_CRAWL_DELAY))
        with self._lock:
            now = self._clock.now()
            turn = max(now, min(self._free.get(host, now), now + LONGEST_CRAWL_DELAY))  # the clock may be set back
            self._free[host] = turn + pause
        if turn > now:
            self._clock.sleep(turn - now)


def back_off(failures: int, chance: random.Random) -> float:
    """Seconds to stay away after so many failures in a row: 60, 120, 240 ... up to 6 hours, a quarter more or less."""
    pause: float = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2.0 ** min(failures - 1, 30))
    return pause * (1 + JITTER * (2 * chance.random() - 1))


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, a day at most; None where it says nothing that can be understood."""
    if value is None:
        return None
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return min(float(value), LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(0.0, at - now), LONGEST_RETRY_AFTER)
