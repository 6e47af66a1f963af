"""Article text on a terminal: characters that steer it or turn its text round become visible escapes."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

KEPT: Final = "\n\t"
# Cc: ESC and other controls; Cf: bidi overrides, isolates and other invisible ones; Zl, Zp: separators that end a line.
STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
JOINERS: Final = "\u200c\u200d"  # part of words in Persian or Hindi, and of emoji: they join letters and steer nothing


def printable(text: str, *, kept: str = KEPT) -> str:
    """The text with every control and direction character as a visible escape; `kept` ones stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _harmless(char, kept) else _escaped(char) for char in text)


def cell(value: Any) -> str:
    """A value as one line of text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + ", ".join(map(cell, value)) + "]"
        case _:
            return printable(str(value), kept="")


def _harmless(char: str, kept: str) -> bool:
    return char in kept or char in JOINERS or unicodedata.category(char) not in STEERING


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
