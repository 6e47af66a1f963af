"""Texts that keep a regular expression busy, made of the expression itself: what it mentions, matches and repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "x", "NOT_SPACE": "x", "NOT_WORD": "-"}
ALPHABET = "aA1 .,-_'\"/:;()[]{}<>@#éÉ—“”\n\\z\u0301"
MOST_CHARACTERS = 12  # that a pattern mentions and are repeated
SPOILER = "\x00"  # hardly any pattern goes on behind it
FIXED = {
    "quotes": '"',
    "curly quotes": "“a ”",
    "nested quotes": "“‘",
    "brackets": "(",
    "nested brackets": "([{<",
    "closed brackets": "(a) [b] ",
    "white space": " ",
    "lines": "\n",
    "words and long white space": "a" + " " * 500,
    "digits": "1",
    "digits and dots": "1.",
    "one word": "a",
    "capitals": "A",
    "capitalized words": "Aa ",
    "dashes": "— -",
    "mixed": "Tom said: “I'm 12.5”, (no)\n",
    "mixed scripts": "Жизнь 東京 مرحبا e\u0301\u202e ",
    "escapes": '\\"',
    "slashes": "/a",
}


def families(pattern: str, flags: int) -> dict[str, tuple[str, str, str]]:
    """By name: how a text begins, what is repeated until it is long, and how it ends."""
    tree = parser.parse(pattern, flags)
    found = {name: ("", unit, "") for name, unit in FIXED.items()}
    mentioned = list(dict.fromkeys(_mentioned(tree)))[:MOST_CHARACTERS]
    for character in mentioned:
        found[f"{character!r} again and again"] = ("", character, "")
        found[f"{character!r} and a spoiler"] = ("", character, SPOILER)
    found["all that it mentions"] = ("", "".join(mentioned) or "a", "")
    example = _example(tree)
    if example:
        found["matches"] = ("", example, "")
        found["matches apart"] = ("", example + " ", "")
    if len(example) > 1:
        found["near misses, cut"] = ("", example[:-1], "")
        found["near misses, spoilt"] = ("", example[:-1] + SPOILER, "")
    for number, (start, pump) in enumerate(_pumps(tree, "")):
        found[f"repeat {number}"] = (start, pump, SPOILER)
        found[f"repeat {number}, from anywhere"] = ("", start + pump * 20, SPOILER)
    return found


def text_of(family: tuple[str, str, str], size: int) -> str:
    """The text of a family that has this many characters."""
    start, unit, end = family
    middle = max(0, size - len(start) - len(end))
    return start + (unit * (middle // len(unit) + 1))[:middle] + end


def _mentioned(tree: Any) -> Iterator[str]:
    """A character for each literal and class of the pattern."""
    for kind, value in tree:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
            yield _character(kind, value)
        else:
            for inner in _inner(kind, value):
                yield from _mentioned(inner)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind is op.BRANCH:
        return list(value[1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[-1]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    return []


def _example(tree: Any) -> str:
    """A text that the pattern most likely matches, with each repeat once or as often as it must be."""
    return "".join(_shortest(kind, value) for kind, value in tree)


def _shortest(kind: Any, value: Any) -> str:
    if kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
        return _character(kind, value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _example(value[2]) * max(1, min(value[0], 50))
    if kind is op.ASSERT_NOT:
        return ""
    return _example(inner[0]) if (inner := _inner(kind, value)) else ""


def _pumps(tree: Any, start: str) -> Iterator[tuple[str, str]]:
    """For each repeat without a small limit: what stands before it, and what it repeats."""
    for kind, value in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT) and int(value[1]) > 100:
            yield start, _example(value[2]) or "a"
        for inner in _inner(kind, value):
            yield from _pumps(inner, start)
        start += _shortest(kind, value)


def _character(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.ANY:
        return "a"
    if kind is op.NOT_LITERAL:
        return next(c for c in ALPHABET if c != chr(value))
    return _of_class(value)


def _of_class(members: list[Any]) -> str:
    """A character of a class; of one that is negated, the first of the alphabet that is not in it."""
    if members[0][0] is op.NEGATE:
        escaped = "".join(_source(member) for member in members[1:])
        return next((c for c in ALPHABET if not re.match(f"[{escaped}]", c)), "\ue000")
    kind, value = members[0]
    if kind is op.CATEGORY:
        return CATEGORIES[str(value).removeprefix("CATEGORY_")]
    return chr(value[0]) if kind is op.RANGE else chr(value)


def _source(member: tuple[Any, Any]) -> str:
    kind, value = member
    if kind is op.CATEGORY:
        name = str(value).removeprefix("CATEGORY_")
        letter = name.removeprefix("NOT_")[0].lower()
        return "\\" + (letter.upper() if name.startswith("NOT_") else letter)
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return re.escape(chr(value))
