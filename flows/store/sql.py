"""SQL text from templates: the one place where names and values are put into a statement."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from schemas.sql import identifier as quoted
from schemas.sql import literal


class SQL(str):
    """Text that is SQL already, so it goes into a template as it is."""

    __slots__ = ()


def sql(template: str, /, **parts: object) -> SQL:
    """Fill a template's {names}.

    A plain string becomes a quoted identifier, several become a list of them, a number and SQL stay as they are.

    Raises:
        TypeError: a part of another type, which nobody has said how to quote.
    """
    return SQL(template.format_map({name: _rendered(part) for name, part in parts.items()}))


def name(identifier: str) -> SQL:
    """An identifier in double quotes."""
    return SQL(quoted(identifier))


def text(value: str | Path) -> SQL:
    """A text literal in single quotes."""
    return SQL(literal(str(value)))


def literal_list(values: Iterable[str]) -> SQL:
    """A list literal of texts."""
    return SQL("[" + ", ".join(map(text, values)) + "]")


def join(separator: str, fragments: Iterable[SQL]) -> SQL:
    """Several fragments as one."""
    return SQL(separator.join(fragments))


def parts_of(paths: Iterable[Path]) -> SQL:
    """A table function that reads the part files, with a virtual column `filename`; folder names say nothing."""
    files = literal_list(str(path.absolute()) for path in paths)
    return SQL(f"read_parquet({files}, hive_partitioning = false)")


def _rendered(part: object) -> str:
    match part:
        case SQL() | int():
            return str(part)
        case str():
            return name(part)
        case list() | tuple():
            return ", ".join(map(_rendered, part))
        case _:
            raise TypeError(f"no way to put a {type(part).__name__} into SQL")
