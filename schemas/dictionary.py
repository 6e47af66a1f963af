"""The data dictionary as Markdown: every table, column, view and closed list, from the models and the vocab files.

`python -m schemas.dictionary --write` writes data/README.md; without `--write` it goes to standard output.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from schemas import RELEASE_TABLES, TABLES, Column, Table, columns, vocab
from schemas.views import macros, views

README: Final = Path(__file__).parents[1] / "data" / "README.md"
COMMAND: Final = "python -m schemas.dictionary --write"
TYPES: Final[dict[pa.DataType, str]] = {
    pa.string(): "text",
    pa.list_(pa.string()): "list of texts",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}
LONG_LIST: Final = 60  # codes; a longer list is folded
HEADING: Final = f"""# Data dictionary

<!-- Written by `{COMMAND}` from the folder schemas/: change the models there, not this file. -->

`raw/` holds sample articles; `newsevents build` makes a dataset of them in `dataset/`, and `newsevents publish` a
public edition in `releases/`. All of them have the tables and views below. *Private* columns and tables are in no
public edition. Runs *append* rows to most tables; *merged* tables have one row for each key over all runs.
"""
PUBLIC_HEADING: Final = """# Data dictionary
"""
HOW_TO_READ: Final = """\
How to read a column: `_id` is a key (a prefix and 16 hex digits of a hash of the content, the same in every run),
`_code` a code of a closed list, `_date` a day, `_at` a time in UTC without a zone, `_count` a number of rows.
`char_start` and `char_end`, like other pairs of `_start` and `_end`, are offsets into the text of the article: Unicode
code points from 0, the end exclusive. The words meant are `text[start:end]` in Python and
`substr(text, start + 1, end - start)` in DuckDB. No text is empty and no list null: what is not known is null, or a
list without members.
"""


def markdown(*, public: bool = False) -> str:
    """The whole dictionary.

    Args:
        public: of a release: without what is private.
    """
    tables = {name: table for name, table in (TABLES | RELEASE_TABLES).items() if not public or table.is_public()}
    parts = [
        PUBLIC_HEADING if public else HEADING,
        HOW_TO_READ,
        *_overview(tables),
        *(line for name, table in tables.items() for line in _table(name, table, public=public)),
        *_views(public=public),
        *_lists(),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _overview(tables: dict[str, type[Table]]) -> Iterator[str]:
    yield "## Tables\n"
    yield from _grid(
        ("table", "one row is", "kept"),
        ((f"[{name}](#{name})", _one_row(table), _kept(name, table)) for name, table in tables.items()),
    )


def _one_row(table: type[Table]) -> str:
    return (table.__doc__ or "").strip().removeprefix("One row is ")


def _kept(name: str, table: type[Table]) -> str:
    if name in RELEASE_TABLES:
        return "in releases only"
    told = [
        "merged" if table.is_merged() else "appended",
        "made by the commit" if table.is_derived() else "",
        "" if table.is_public() else "private",
    ]
    return ", ".join(part for part in told if part)


def _table(name: str, table: type[Table], *, public: bool) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{(table.__doc__ or '').strip()}\n"
    yield f"Key: {_code_list(table.key())}. Sorted by {_code_list(table.order())}.\n"
    yield from _grid(
        ("column", "type", "meaning", "values"),
        ((f"`{c.name}`", TYPES[c.type], c.description, _values(c)) for c in columns(table) if c.public or not public),
    )
    rules = [rule.description for rule in table.rules() if len(rule.columns) > 1 and rule.reason == "broken_rule"]
    if rules:
        yield "Rules between columns:\n"
        yield from (f"- {rule}" for rule in rules)
        yield ""


def _values(column: Column) -> str:
    parent = (column.references or "").split(".")[0]
    limits = [str(limit) for limit in (column.at_least, column.at_most) if limit is not None]
    told = [
        "key" if column.key else "",
        f"`{column.prefix}_…`" if column.prefix else "",
        f"of [{parent}](#{parent})" if parent and TABLES[parent].is_public() else "",
        f"list [{column.codes}](#list-{column.codes})" if column.codes else "",
        column.unit or "",
        f"from {' to '.join(limits)}" if limits else "",
        "may be null" if column.nullable else "",
        "" if column.public else "private",
    ]
    return "; ".join(part for part in told if part)


def _views(*, public: bool) -> Iterator[str]:
    yield "## Views\n"
    yield "Queries that DuckDB keeps under a name, in `newsevents.duckdb` and in the database of a release.\n"
    for name, view in views(public=public).items():
        yield f"### {name}\n"
        yield f"{view.comment}\n"
        yield from _grid(("column", "meaning"), ((f"`{column}`", text) for column, text in view.columns.items()))
    yield "## Macros\n"
    yield "Views that are called with arguments, in the same databases.\n"
    for name, macro in macros().items():
        yield f"### {name}\n"
        yield f"{macro.comment}\n"
        yield from _grid(("column", "meaning"), ((f"`{column}`", text) for column, text in macro.columns.items()))


def _lists() -> Iterator[str]:
    yield "## Closed lists\n"
    yield "Each is a file in schemas/vocab.\n"
    for name in vocab.names():
        yield f'### <a id="list-{name}"></a>List {name}\n'
        yield f"{vocab.description(name)}\n"
        folded = len(vocab.codes(name)) > LONG_LIST
        if folded:
            yield f"<details><summary>{len(vocab.codes(name))} codes</summary>\n"
        yield from _codebook() if name == vocab.CODEBOOK else _codes(name)
        if folded:
            yield "</details>\n"


def _codes(name: str) -> Iterator[str]:
    extras = list(vocab.EXTRAS.get(name, {}))
    entries = vocab.entries(name) if name != "modes" else {}
    yield from _grid(
        ("code", "meaning", *extras),
        (
            (f"`{code}`", text, *(_plain(entries[code][extra]) for extra in extras))
            for code, text in vocab.codes(name).items()
        ),
    )


def _codebook() -> Iterator[str]:
    yield from _grid(
        ("type", "mode", "quad class", "intensity", "nearest CAMEO", "definition"),
        (
            (
                f"`{row['type']}`",
                f"`{row['mode']}`" if row["mode"] else "",
                str(row["quad_class"]),
                str(row["intensity"]),
                f"`{row['cameo_code']}`",
                f"{row['definition']} {row['note'] or ''}".strip(),
            )
            for row in vocab.event_types()
        ),
    )


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _code_list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        cells = " | ".join(cell.replace("|", "\\|") for cell in row)
        yield f"| {cells} |"
    yield ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the dictionary, or write it."""
    parser = argparse.ArgumentParser(
        prog="python -m schemas.dictionary", description="The data dictionary as Markdown."
    )
    parser.add_argument("--write", action="store_true", help=f"write {README.name} in the folder {README.parent.name}")
    if parser.parse_args(arguments).write:
        README.write_text(markdown(), "utf-8")
    else:
        sys.stdout.write(markdown())


if __name__ == "__main__":
    main()
