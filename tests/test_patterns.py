"""No regular expression of the project takes more than its share of time for any text: none can be made to hang."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hostile.strings import FIXED, families, text_of
from processes import ROOT

TIMES = 10
WORST = 15  # times the time for ten times the text
TINY = (
    20,
    24,
    28,
    40,
    60,
    80,
    100,
    120,
    1_000,
)  # where a pattern that doubles its time with every character shows itself in time
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
NOISE = 0.05  # seconds for 100 kB that are not worth a ratio: one that grows with the square takes a second and more
MEASURABLE = 0.05  # for 100 kB: the slowest family of a pattern is then run on 1 MB too
UNMEASURABLE = 0.0003  # for 10 kB: with the square, even the fastest of loops takes a millisecond
TOO_LONG_TINY = 0.02  # a thousand times what a good pattern takes
TOO_LONG = 0.5  # for 10 kB
SQUARE = 0.02  # for 10 kB: if twice the text takes more than three times as long, ten times takes too long
TRIES = 2


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The patterns, collected in a process where nothing of the project is imported yet, nor kept compiled."""
    command = [sys.executable, "-m", "tests.hostile.patterns"]
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120)
    return json.loads(result.stdout)


def test_no_pattern_is_missed(found: dict[str, Any]) -> None:
    assert found["missed"] == []
    assert len(found["patterns"]) > 60
    rooms = {place.rpartition("/")[0] for pattern in found["patterns"] for place in pattern["places"]}
    assert {"flows", "flows/read", "flows/read/page", "flows/extract", "flows/lexicons", "schemas"} <= rooms


def test_time_grows_with_the_text_and_no_faster(found: dict[str, Any]) -> None:
    slow = [line for pattern in found["patterns"] for line in too_slow(**pattern)]
    assert slow == []


@pytest.mark.parametrize(
    ("pattern", "method"),
    [(r"(?:a+)+$", "match"), (r"\s+$", "search"), (r'"(?:[^"\\]|\\.)*"', "finditer"), (r"\w+@\w+", "sub")],
)
def test_a_bad_pattern_is_found(pattern: str, method: str) -> None:
    assert too_slow(pattern, 0, is_bytes=False, places=["here"], methods=[method])


def test_there_are_enough_families() -> None:
    assert len(FIXED) >= 10
    assert len(families(r"(\d+)[.,]\s*(\w+)", 0)) >= len(FIXED) + 10


def too_slow(pattern: str, flags: int, *, is_bytes: bool, places: list[str], methods: list[str]) -> list[str]:
    """What is wrong with a pattern: the families that cost it too much, and how much."""
    compiled: re.Pattern[Any] = re.compile(pattern.encode("latin-1") if is_bytes else pattern, flags)
    told = []
    for method in methods:
        run = running(compiled, method)
        texts = {
            name: partial(made, family, is_bytes=is_bytes)
            for name, family in families(pattern, flags & re.IGNORECASE).items()
        }
        took: dict[str, float] = {}
        for name, text in texts.items():
            ratio, took[name] = growth(run, text)
            if ratio > WORST and (ratio := min(ratio, growth(run, text)[0])) > WORST:
                told.append(f"{places[0]}: {method} of {pattern[:60]!r}: {name}: {ratio:.0f} times")
                break  # one family is enough: the next may take as long
        else:
            slowest = max(took, key=lambda name: took[name])
            if took[slowest] >= MEASURABLE and (ratio := seconds(run, texts[slowest](LARGE)) / took[slowest]) > WORST:
                told.append(f"{places[0]}: {method} of {pattern[:60]!r}: {slowest}, 1 MB: {ratio:.0f} times")
    return told


def made(family: tuple[str, str, str], size: int, *, is_bytes: bool) -> str | bytes:
    """The text of a family, as bytes for a pattern of bytes."""
    text = text_of(family, size)
    return text.encode("utf-8") if is_bytes else text


def growth(run: Callable[[Any], object], text: Callable[[int], Any]) -> tuple[float, float]:
    """How many times longer 100 kB take than 10 kB, and their seconds; 0 where they take no time to speak of."""
    if any(seconds(run, text(size)) > TOO_LONG_TINY for size in TINY):
        return float("inf"), 0.0
    before = seconds(run, text(SMALL))
    if before > TOO_LONG:
        return float("inf"), 0.0
    if before > SQUARE and seconds(run, text(2 * SMALL)) > 3 * before:  # so that nobody waits for 100 kB
        return float("inf"), 0.0
    if before < UNMEASURABLE:
        return 0.0, 0.0
    took = seconds(run, text(MIDDLE))
    return (took / max(before, NOISE / TIMES) if took > NOISE else 0.0), took


def seconds(run: Callable[[Any], object], text: Any) -> float:
    """The least of several tries, fewer of those that take long; of the processor, so that others' work is no noise."""
    least = float("inf")
    for _ in range(TRIES):
        start = time.thread_time()
        run(text)
        least = min(least, time.thread_time() - start)
        if least < NOISE / TIMES or least > TOO_LONG:
            break
    return least


def running(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    """The method as the project calls it: an iterator is read to its end, what is found is taken out."""
    if method in ("sub", "subn"):
        return lambda text: getattr(pattern, method)(text[:0], text)
    if method == "finditer":
        return lambda text: deque(pattern.finditer(text), maxlen=0)
    return getattr(pattern, method)


def test_no_group_is_possessive(found: dict[str, Any]) -> None:
    """Python up to 3.11.4 does not find what such a group should when it tried more than one way inside."""
    possessive = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")
    assert [pattern["places"] for pattern in found["patterns"] if possessive.search(pattern["pattern"])] == []
