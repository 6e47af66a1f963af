"""What must hold between tables, as SQL that finds the rows where it does not: references, and spans against texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

import duckdb

from flows.store.sql import SQL, sql, text
from flows.store.workbench import count
from schemas import TABLES, columns

BUCKET: Final = 20_000  # texts proven at a time: some 100 MB, however large the dataset
HEX: Final = "0123456789abcdef"

REFERENCE: Final = """SELECT r FROM {rows}.{table} AS r
    WHERE r.{column} IS NOT NULL AND NOT EXISTS (FROM {known}.{parent} AS p WHERE p.{parent_key} = r.{column})"""
SPAN: Final = """SELECT r FROM {rows}.{table} AS r JOIN {rows}.texts AS body USING (article_id)
    WHERE {part} AND r.{column} IS NOT NULL AND (r.{start} IS NULL OR r.{end} IS NULL OR r.{start} < 0
        OR substring(body.text, r.{start} + 1, r.{end} - r.{start}) != r.{column})"""
WITHIN: Final = """SELECT r FROM {rows}.{table} AS r JOIN {rows}.texts AS body USING (article_id)
    WHERE {part} AND NOT (0 <= r.{start} AND r.{start} < r.{end} AND r.{end} <= length(body.text))"""
SAME_TEXT: Final = """SELECT r FROM {rows}.{table} AS r JOIN {rows}.texts AS body USING (article_id)
    WHERE {part} AND (sha256(body.text) != r.text_sha256 OR length(body.text) != r.char_count)"""


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that must hold in a table; its template selects each row where it does not, as one struct `r`.

    The template names two schemas: {rows} holds the rows to prove, {known} what they may refer to. Where texts are
    read it has a condition {part} on `article_id`, so that they can be taken a part at a time.
    """

    table: str
    reason_code: str
    reason: str
    template: str
    names: Mapping[str, str]

    def query(self, rows: str, known: str, part: SQL) -> SQL:
        """The query for the failing rows."""
        return sql(self.template, rows=rows, known=known, part=part, table=self.table, **self.names)


def proofs() -> list[Proof]:
    """Every proof that the schemas ask for, in the order of the tables."""
    return [proof for table in TABLES for proof in _proofs_of(table)]


def failing(connection: duckdb.DuckDBPyConnection, proof: Proof, rows: str, known: str) -> list[SQL]:
    """Queries for the failing rows of a proof, those only that find some: none where it holds."""
    parts = article_parts(connection, rows) if "{part}" in proof.template else [SQL("true")]
    queries = (proof.query(rows, known, part) for part in parts)
    return [query for query in queries if connection.execute(sql("{q} LIMIT 1", q=query)).fetchall()]


def article_parts(connection: duckdb.DuckDBPyConnection, rows: str) -> list[SQL]:
    """Conditions that divide the articles by the first digits of their ids, each part small enough for memory."""
    texts = count(connection, sql("FROM {rows}.texts", rows=rows))
    digits = 0
    while texts > BUCKET * len(HEX) ** digits:
        digits += 1
    starts = ["art_" + "".join(found) for found in product(HEX, repeat=digits)]
    starts[0] = ""  # an id of another form falls into some part too
    return [_between(start, end) for start, end in pairwise([*starts, None])]


def _between(start: str | None, end: str | None) -> SQL:
    after = sql("article_id >= {start}", start=text(start or ""))
    return after if end is None else sql("{after} AND article_id < {end}", after=after, end=text(end))


def _proofs_of(table: str) -> Iterator[Proof]:
    found = {column.name: column for column in columns(table)}
    for column in found.values():
        if column.references:
            parent, key = column.references.split(".")
            reason = f"{column.name} is no {key} of {parent}"
            names = {"column": column.name, "parent": parent, "parent_key": key}
            yield Proof(table, "missing_parent", reason, REFERENCE, names)
        if column.span:
            start, end = column.span
            reason = f"the text from {start} to {end} is not {column.name}"
            yield Proof(table, "wrong_span", reason, SPAN, {"column": column.name, "start": start, "end": end})
    spans = {column.span for column in found.values() if column.span}
    if "char_start" in found and ("char_start", "char_end") not in spans:
        reason = "char_start, char_end is no stretch of the text"
        yield Proof(table, "wrong_span", reason, WITHIN, {"start": "char_start", "end": "char_end"})
    if table == "articles":
        yield Proof(table, "wrong_span", "text_sha256 or char_count is not that of the text", SAME_TEXT, {})
