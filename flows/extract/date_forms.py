"""One form of a pattern ("[the] {day} of {month}") -> all its sequences of words and slots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flows.lexicons.files import LexiconError
from flows.lexicons.trie import tokens_of

if TYPE_CHECKING:
    from flows.lexicons.dates import DatesFile

SLOTS: Final = {  # what a pattern may say in braces -> what it tells
    "day": "day",
    "day_n": "day",
    "dayth": "day",
    "decade": "decade",
    "decade_s": "decade",
    "holiday": "holiday",
    "mod": "mod",
    "mod_after": "mod",
    "month": "month",
    "month_0": "month",
    "month_any": "month",
    "month_n": "month",
    "month_name": "month",
    "month_th": "month",
    "n": "n",
    "offset": "offset",
    "ordinal": "ordinal",
    "period": "unit",
    "season": "season",
    "unit": "unit",
    "weekday": "weekday",
    "weekday_name": "weekday",
    "year": "year",
    "year_n": "year",
    "year_now": "year",
    "yy": "year",
}
GLUED: Final = "~"
PREFIXES: Final = ("of_", "to_", "and_")  # the period around, the end of a range, what is added
ITEM: Final = re.compile(r"(~?)(\{\w+\}|<\w+>|[\[\]()|]|[^\s\[\](){}<>|~]+)")


def split_slot(name: str) -> tuple[str, str]:
    """Prefix and slot of a name in braces: "of_unit" -> "of_" and "unit"; without a prefix it is empty."""
    prefix = next((p for p in PREFIXES if name.startswith(p)), "")
    return prefix, name.removeprefix(prefix)


def unfold(form: str, file: DatesFile) -> list[tuple[str, ...]]:
    """All sequences of a form without brackets: `[x]` may be left out, `(a|b)` is a choice.

    `{slot}`, `<name>` and the `~` before an item stay as they are.

    Raises:
        LexiconError: for an unknown slot or name, or a bracket without its pair.
    """
    where = f"{file.code}/dates.toml: pattern {form!r}"
    items = [(found[1], found[2]) for found in ITEM.finditer(form)]
    sequences, at = _choice(items, 0, file, where)
    if at != len(items):
        raise LexiconError(f"{where} has a bracket without its pair")
    return sequences


Items = list[tuple[str, str]]
Sequences = list[tuple[str, ...]]


def _choice(items: Items, at: int, file: DatesFile, where: str) -> tuple[Sequences, int]:
    done: Sequences = []
    current: Sequences = [()]
    while at < len(items):
        glue, item = items[at]
        if item in "])":
            break
        at += 1
        if item == "|":
            done, current = done + current, [()]
        elif item in "[(":
            inner, at = _choice(items, at, file, where)
            if at >= len(items):
                raise LexiconError(f"{where} has a bracket without its pair")
            at += 1
            current = [a + b for a in current for b in ([(), *inner] if item == "[" else inner)]
        else:
            found = _item(glue, item, file, where)
            current = [a + found for a in current]
    return done + current, at


def _item(glue: str, item: str, file: DatesFile, where: str) -> tuple[str, ...]:
    if item.startswith("<"):
        if item[1:-1] not in file.words:
            raise LexiconError(f"{where}: there is no {item[1:-1]!r} in [words]")
        return (glue + item,)
    if item.startswith("{"):
        if split_slot(item[1:-1])[1] not in SLOTS:
            raise LexiconError(f"{where}: {item} is no slot; slots are {', '.join(SLOTS)}")
        return (glue + item,)
    first, *rest = tokens_of(item)
    return (glue + first, *rest)
