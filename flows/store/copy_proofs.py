"""A dataset's tables in; the articles out whose duplicate_of, its kind, similarity or fingerprint is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from flows.duplicates import fingerprint
from flows.store import copies
from flows.store.sql import SQL, literal_list, sql
from flows.store.workbench import add_view

SLICE: Final = 1_000  # texts in memory
ORIGINAL: Final = "FROM articles AS a JOIN articles AS o ON o.article_id = a.duplicate_of"
BETWEEN: Final = {
    "duplicate_of is a copy itself": "o.duplicate_of IS NOT NULL",
    "duplicate_of was published later": """coalesce(o.published_at, o.published_date::TIMESTAMP, 'infinity') >
            coalesce(a.published_at, a.published_date::TIMESTAMP, 'infinity')
        OR (coalesce(o.published_at, o.published_date::TIMESTAMP) IS NOT DISTINCT FROM
            coalesce(a.published_at, a.published_date::TIMESTAMP) AND o.article_id >= a.article_id)""",
    "an exact copy has other words than duplicate_of": """a.duplicate_kind = 'exact' AND
        (SELECT count(DISTINCT words_hash) != 1 OR count(words_hash) != 2
        FROM fingerprints WHERE article_id IN (a.article_id, o.article_id))""",
}
WITHOUT: Final = "SELECT article_id FROM articles ANTI JOIN fingerprints USING (article_id)"
# All articles as if one run had brought them.
OTHERWISE: Final = """SELECT article_id FROM articles AS a JOIN linked AS l USING (article_id)
    WHERE a.duplicate_of IS DISTINCT FROM l.duplicate_of OR a.duplicate_kind IS DISTINCT FROM l.duplicate_kind
        OR a.duplicate_similarity IS DISTINCT FROM l.duplicate_similarity"""
CLAIMED: Final = """SELECT f.*, text, title, url FROM fingerprints AS f JOIN texts USING (article_id)
        JOIN articles USING (article_id)
    WHERE duplicate_of IS NOT NULL OR article_id IN (SELECT duplicate_of FROM articles)
    ORDER BY article_id"""
LISTED: Final = "SELECT unnest({ids}) AS article_id"
PROOFS: Final = len(BETWEEN) + 3  # in wrong_copies


def wrong_copies(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, SQL]]:
    """The table, what is wrong, and a query for the `article_id` of each row where it is.

    Args:
        connection: with the dataset's tables in its main schema.
    """
    yield "articles", "an article has no fingerprint", SQL(WITHOUT)
    for message, condition in BETWEEN.items():
        found = sql("SELECT a.article_id {both} WHERE {condition}", both=SQL(ORIGINAL), condition=SQL(condition))
        yield "articles", message, found
    for schema, table in (("fresh", "articles"), ("known", "articles"), ("known", "fingerprints")):
        add_view(connection, schema, table, sql("FROM main.{table}", table=table))
    copies.settle(connection)
    yield "articles", "the article is a copy of another article, or in another way, than the texts say", SQL(OTHERWISE)
    odd = literal_list(_forged(connection))
    yield "fingerprints", "the fingerprint is not that of the text", sql(LISTED, ids=odd)


def _forged(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The articles that are copies or have some, and whose fingerprint is another than that of their text."""
    odd = []
    for batch in connection.sql(CLAIMED).to_arrow_reader(SLICE):
        for row in batch.to_pylist():
            made = fingerprint(row["text"], row["title"], row["url"])
            if any(row[name] != value for name, value in made.items()):
                odd.append(row["article_id"])
    return odd
