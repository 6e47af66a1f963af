"""An id in; its row, the words in the text that prove it, and the rule that made it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

import duckdb
from rich.console import Console
from rich.text import Text

from flows.query import connect
from flows.store.sql import SQL, join, sql, text
from flows.terminal import cell, printable
from schemas import PREFIXES, columns, model

ID: Final = re.compile(r"(?P<prefix>[a-z]{3})_(?P<digits>[0-9a-f]{6,16})(/(?P<number>\d+))?")
CONTEXT: Final = 200  # characters at each side, where the paragraph is longer
SHOWN: Final = 20  # pieces of evidence at most, of an actor that a thousand articles name
OPEN, CLOSE = "⟦", "⟧"  # round the words where there is no colour; hardly any article has them
STYLES: Final = {"evidence": "underline", "words": "bold reverse", "speaker": "bold cyan"}
# What tells a reader who or what an id is.
LABELS: Final = {
    "actors": "name",
    "sources": "name",
    "articles": "title",
    "events": "type",
    "actor_mentions": "surface",
}


class ShowError(Exception):
    """The id cannot be shown; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the article's text, and what it is: evidence, words or speaker."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The surroundings of marks in one article; `start` is where `text` begins in the article's text."""

    article_id: str
    title: str | None
    url: str | None
    published_date: str | None
    row_id: str
    rule: str | None
    start: int
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row, the names behind the ids in it, its evidence, and the lines that belong to it.

    `lines` are the parties of an event, the articles of a source or the copies of an article; `more` pieces and lines
    are left out.
    """

    table: str
    row: dict[str, Any]
    names: dict[str, str]
    evidence: list[Evidence]
    lines: list[str] = field(default_factory=list)
    more: int = 0


# Where the evidence of a table's rows is: the rows of other tables with that id.
EVIDENCE_OF: Final[dict[str, tuple[str, ...]]] = {
    "actors": ("actor_mentions",),
    "events": ("event_mentions",),
    "sources": ("segments", "quotes"),
    "articles": ("event_mentions", "quotes"),
    "actor_mentions": ("actor_mentions",),
    "quotes": ("quotes",),
    "event_mentions": ("event_mentions",),
}
PIECES: Final = """SELECT r, a.title, a.url, a.published_date
    FROM (FROM {table} WHERE {condition}) AS r JOIN articles AS a USING (article_id)
    ORDER BY a.published_date NULLS LAST, article_id, r.char_start, r.char_end"""
PARTIES: Final = """SELECT DISTINCT role || ': ' || name AS party
    FROM event_participants JOIN actors USING (actor_id) JOIN event_mentions USING (event_mention_id)
    WHERE {key} = {id} ORDER BY party"""
ARTICLES: Final = """SELECT concat_ws(' ', article_id, published_date, title) AS article
    FROM articles WHERE source_id = {id} ORDER BY published_date, article_id"""

# What an article is a copy of, or its copies.
COPIES: Final = """SELECT concat_ws(' ', if(is_copy, 'copy of', 'copy'), article_id, published_date, title,
        '(' || concat_ws(', ', kind, alike) || ')') AS line
    FROM (
        SELECT duplicate_of AS article_id, true AS is_copy, duplicate_kind AS kind, duplicate_similarity AS alike
        FROM articles WHERE {key} = {id} AND duplicate_of IS NOT NULL
        UNION ALL
        SELECT article_id, false, duplicate_kind, duplicate_similarity FROM articles WHERE duplicate_of = {id}
    ) JOIN (SELECT article_id, published_date, title FROM articles) USING (article_id)
    ORDER BY published_date NULLS LAST, article_id"""


def show(dataset: Path, row_id: str) -> Shown:
    """Find a row by its id, by a unique beginning of it (6 digits or more), or a segment by article_id/segment_no.

    Raises:
        ShowError: it is no id, no row has it, or several do.
        QueryError: there is no dataset.
    """
    match = ID.fullmatch(row_id.strip())
    if not match or match["prefix"] not in PREFIXES or (match["number"] and match["prefix"] != "art"):
        kinds = ", ".join(f"{prefix}_ ({table})" for prefix, table in PREFIXES.items())
        raise ShowError(f"{cell(row_id)} is no id: one is {kinds} and at least 6 of its 16 hex digits")
    with connect(dataset) as connection:
        table = PREFIXES[match["prefix"]]
        row = _find(connection, table, f"{match['prefix']}_{match['digits']}")
        if match["number"]:
            return _segment(connection, row["article_id"], int(match["number"]))
        found, more = _evidence(connection, table, row)
        lines = _lines(connection, table, row)
        more += max(0, len(lines) - SHOWN)
        return Shown(table, row, _names(connection, table, row), found, lines[:SHOWN], more)


def render(shown: Shown, out: TextIO) -> None:
    """Print a row and its evidence, coloured on a terminal, with the words in ⟦brackets⟧ elsewhere."""
    console = Console(file=out, highlight=False, soft_wrap=True)
    console.print(Text(f"{shown.table}: one row", style="bold"))
    for name, value in shown.row.items():
        if value is not None and value != []:
            label = f"  ({cell(shown.names[name])})" if name in shown.names else ""
            console.print(Text.assemble((f"  {name:<20} ", "dim"), cell(value) + label))
    for line in shown.lines:
        console.print(Text(f"  {cell(line)}"))
    for piece in shown.evidence:
        heading = " · ".join(cell(part) for part in (piece.published_date, piece.title, piece.url) if part)
        console.print(Text(f"\n{piece.row_id}  {heading}", style="dim"))
        console.print(_highlighted(piece, colour=out.isatty()))
        if piece.rule:
            console.print(Text(f"rule: {cell(piece.rule)}", style="dim"))
    if shown.more:
        console.print(Text(f"\n... and {shown.more} more"))


def _find(connection: duckdb.DuckDBPyConnection, table: str, start: str) -> dict[str, Any]:
    (key,) = model(table).key()
    condition = sql("starts_with({key}, {start})", key=key, start=text(start))
    rows = _rows(
        connection,
        sql("FROM {table} WHERE {condition} ORDER BY {key} LIMIT 4", table=table, condition=condition, key=key),
    )
    if not rows:
        raise ShowError(f"{table} has no {start}: look ids up with `newsevents query`")
    if len(rows) > 1:
        raise ShowError(f"{start} begins several ids: {', '.join(row[key] for row in rows[:3])}; give more digits")
    return rows[0]


def _segment(connection: duckdb.DuckDBPyConnection, article_id: str, number: int) -> Shown:
    condition = sql("article_id = {id} AND segment_no = {number}", id=text(article_id), number=number)
    rows = _rows(connection, sql("FROM segments WHERE {condition}", condition=condition))
    if not rows:
        raise ShowError(f"article {article_id} has no segment {number}: they are counted from 0")
    names = _names(connection, "segments", rows[0])
    found = connection.execute(sql(PIECES, table="segments", condition=condition)).fetchall()
    return Shown("segments", rows[0], names, _pieces(connection, [("segments", piece) for piece in found]))


def _evidence(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> tuple[list[Evidence], int]:
    """The first pieces of evidence of a row, and how many more there are."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    for where in EVIDENCE_OF.get(table, ()):
        (key,) = model(table).key()
        condition = sql("{key} = {id}", key=key, id=text(row[key]))
        pieces = connection.execute(sql(PIECES, table=where, condition=condition)).fetchall()
        found += [(where, piece) for piece in pieces]
    return _pieces(connection, found[:SHOWN]), max(0, len(found) - SHOWN)


def _lines(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> list[str]:
    """Who takes part in an event, what a source published, or which articles are copies of one another."""
    query = {"events": PARTIES, "event_mentions": PARTIES, "sources": ARTICLES, "articles": COPIES}.get(table)
    if not query:
        return []
    (key,) = model(table).key()
    return [line for (line,) in connection.execute(sql(query, key=key, id=text(row[key]))).fetchall()]


def _pieces(connection: duckdb.DuckDBPyConnection, found: list[tuple[str, tuple[Any, ...]]]) -> list[Evidence]:
    """Rows with their articles, and the texts round them; texts are read for these rows only."""
    ids = join(", ", (text(article_id) for article_id in sorted({piece[0]["article_id"] for _, piece in found})))
    query = sql("SELECT article_id, text FROM texts WHERE article_id IN ({ids})", ids=ids)
    bodies = dict(connection.execute(query).fetchall()) if ids else {}
    return [_piece(table, *piece, body=bodies[piece[0]["article_id"]]) for table, piece in found]


def _piece(
    table: str, row: dict[str, Any], title: str | None, url: str | None, published: date | None, *, body: str
) -> Evidence:
    start, end = _surroundings(body, row["char_start"], row["char_end"])
    return Evidence(
        article_id=row["article_id"],
        title=title,
        url=url,
        published_date=str(published) if published else None,
        row_id=f"{row['article_id']}/{row['segment_no']}" if table == "segments" else row[model(table).key()[0]],
        rule=row.get("rule"),
        start=start,
        text=body[start:end],
        marks=tuple(_marks(table, row)),
    )


def _marks(table: str, row: dict[str, Any]) -> Iterator[Mark]:
    """The stretches of the text that a row names."""
    words = {column.span for column in columns(table) if column.span}
    kind = "words" if ("char_start", "char_end") in words else "evidence"
    yield Mark(row["char_start"], row["char_end"], kind)
    for start, end in sorted(span for span in words if span != ("char_start", "char_end")):
        if row[start] is not None:
            yield Mark(row[start], row[end], "speaker" if start.startswith("speaker") else "words")


def _surroundings(body: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph round a stretch, cut at words where it is long."""
    left = max(body.rfind("\n", 0, start) + 1, 0)
    right = body.find("\n", end)
    right = len(body) if right < 0 else right
    if start - left > CONTEXT:
        left = body.find(" ", start - CONTEXT, start) + 1 or start - CONTEXT
    if right - end > CONTEXT:
        cut = body.rfind(" ", end, end + CONTEXT)
        right = cut if cut > 0 else end + CONTEXT
    return left, right


def _highlighted(piece: Evidence, *, colour: bool) -> Text:
    """The text with its marks; what steers a terminal is made visible piece by piece, so that no offset moves."""
    inside = [mark for mark in piece.marks if mark.start < piece.start + len(piece.text) and mark.end > piece.start]
    cuts = sorted({0, len(piece.text)} | {_clip(piece, at) for mark in inside for at in (mark.start, mark.end)})
    shown = Text()
    for start, end in zip(cuts, [*cuts[1:], len(piece.text)], strict=True):
        if not colour:
            shown.append(CLOSE * sum(_clip(piece, mark.end) == start for mark in inside))
            shown.append(OPEN * sum(_clip(piece, mark.start) == start for mark in inside))
        styles = [STYLES[mark.kind] for mark in inside if _clip(piece, mark.start) <= start < _clip(piece, mark.end)]
        shown.append(printable(piece.text[start:end]), style=" ".join(styles))
    return shown


def _clip(piece: Evidence, at: int) -> int:
    return min(max(at - piece.start, 0), len(piece.text))


def _names(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> dict[str, str]:
    """What the ids in a row stand for."""
    names: dict[str, str] = {}
    for column in columns(table):
        if column.references and not column.key and row[column.name] is not None:
            parent, key = column.references.split(".")
            if label := LABELS.get(parent):
                query = "SELECT {label} FROM {parent} WHERE {key} = {id} AND {label} IS NOT NULL"
                found = sql(query, label=label, parent=parent, key=key, id=text(row[column.name]))
                for (name,) in connection.execute(found).fetchall():
                    names[column.name] = name
    return names


def _rows(connection: duckdb.DuckDBPyConnection, query: SQL) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
