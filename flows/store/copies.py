"""The articles of a commit against the dataset's -> which are copies of which, whatever came first.

What `originals` says of all articles together is found by looking at a few: the new ones, those of the dataset that
share a band of the MinHash or an address with them, and again those that hang on what has changed, until nothing more
does. The articles of the dataset whose original is another now are told, so that their parts are written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from flows.duplicates import BAND, LONG, SLOTS, Print
from flows.store import originals
from flows.store.originals import Copy, Text
from flows.store.sql import SQL, parts_of, sql
from flows.store.workbench import rows_of

ARTICLES: Final = "articles"
REPORTED: Final = "coalesce(published_at, published_date::TIMESTAMP)"
BATCH: Final = 20_000
BANDS: Final = SLOTS * 4 // BAND

# Every article, and the number of its text: the same for the same words.
OF_TEXT: Final = """CREATE OR REPLACE TEMP TABLE of_text AS
    WITH told AS (
        SELECT article_id, coalesce(words_hash, article_id) AS words, address_hash, {reported} AS reported,
            duplicate_of AS former, duplicate_kind AS former_kind
        FROM known.articles LEFT JOIN known.fingerprints USING (article_id)
    ), numbered AS (SELECT words, row_number() OVER () AS number FROM (SELECT DISTINCT words FROM told))
    SELECT told.* EXCLUDE (words), number, f.article_id IS NOT NULL AS is_fresh
    FROM told JOIN numbered USING (words) LEFT JOIN fresh.articles AS f USING (article_id);
CREATE OR REPLACE TEMP TABLE opened AS SELECT DISTINCT number FROM of_text WHERE is_fresh;
CREATE OR REPLACE TEMP TABLE found AS FROM opened;
CREATE OR REPLACE TEMP TABLE shared_band (number BIGINT, band BIGINT);
CREATE OR REPLACE TEMP TABLE shared_address (number BIGINT, address_hash VARCHAR)"""
# The bands that a text just found has in common with another one.
SHARED_BAND: Final = """INSERT INTO shared_band
    WITH band AS (
        SELECT number, (n << 48) | ('0x' || substr(minhash, n * {digits} + 1, {digits}))::BIGINT AS band
        FROM known.fingerprints JOIN of_text USING (article_id), range({bands}) AS numbers(n)
        WHERE minhash IS NOT NULL AND word_count >= {long}
    ), near AS (FROM band SEMI JOIN (FROM band SEMI JOIN found USING (number)) AS f USING (band)),
    shared AS (SELECT band FROM near GROUP BY band HAVING min(number) != max(number))
    SELECT DISTINCT number, band FROM near SEMI JOIN shared USING (band)"""
SHARED_ADDRESS: Final = """INSERT INTO shared_address
    WITH near AS (
        SELECT number, address_hash FROM of_text
        WHERE address_hash IN (SELECT address_hash FROM of_text SEMI JOIN found USING (number))
    ), shared AS (SELECT address_hash FROM near GROUP BY ALL HAVING min(number) != max(number))
    SELECT DISTINCT number, address_hash FROM near SEMI JOIN shared USING (address_hash)"""
# A structure's smallest is its smallest first field, and so on; null comes last.
TEXTS: Final = """WITH bands AS (SELECT number, list(DISTINCT band) AS bands FROM shared_band GROUP BY number),
    place AS (
        SELECT DISTINCT number, address_hash, reported
        FROM of_text SEMI JOIN shared_address USING (number, address_hash)
    ), places AS (
        SELECT number, list_sort(list({{'a': address_hash, 'r': reported}})) AS places
        FROM place GROUP BY number
    ), told AS (
        SELECT number, min({{'r': reported, 'a': article_id}}) AS head,
            min({{'r': reported, 'a': article_id, 'o': former}}) FILTER (NOT is_fresh) AS former
        FROM of_text WHERE number IN (SELECT number FROM bands UNION SELECT number FROM places) GROUP BY number
    )
    SELECT number, head.a, head.r, minhash, word_count, numbers, coalesce(bands, []), coalesce(places, []),
        number IN (FROM opened), former.a, former.o
    FROM told JOIN known.fingerprints ON article_id = head.a
        LEFT JOIN bands USING (number) LEFT JOIN places USING (number)
    ORDER BY head.r NULLS LAST, head.a"""
LINKED: Final = """CREATE OR REPLACE TEMP TABLE linked AS
    WITH told AS (FROM of_text SEMI JOIN opened USING (number)),
    headed AS (SELECT number, min({'r': reported, 'a': article_id}).a AS head FROM told GROUP BY number)
    SELECT article_id, coalesce(original, nullif(head, article_id)) AS duplicate_of,
        coalesce(kind, if(head != article_id, 'exact', NULL)) AS duplicate_kind,
        if(original IS NULL, if(head != article_id, 1.0::DOUBLE, NULL), similarity) AS duplicate_similarity
    FROM told JOIN headed USING (number) LEFT JOIN copied USING (number);
CREATE OR REPLACE TEMP TABLE relinked AS
    SELECT article_id FROM linked JOIN of_text USING (article_id)
    WHERE NOT is_fresh
        AND (former IS DISTINCT FROM duplicate_of OR former_kind IS DISTINCT FROM duplicate_kind)"""
WITH_LINKS: Final = """SELECT a.* REPLACE (
        if(l.article_id IS NULL, a.duplicate_of, l.duplicate_of) AS duplicate_of,
        if(l.article_id IS NULL, a.duplicate_kind, l.duplicate_kind) AS duplicate_kind,
        if(l.article_id IS NULL, a.duplicate_similarity, l.duplicate_similarity) AS duplicate_similarity)
    FROM ({articles}) AS a LEFT JOIN linked AS l USING (article_id)"""
CHANGED: Final = "SELECT DISTINCT filename FROM {parts} SEMI JOIN relinked USING (article_id)"
COPIED: Final = pa.schema(
    [("number", pa.int64()), ("original", pa.string()), ("kind", pa.string()), ("similarity", pa.float64())]
)
STALE: Final = pa.schema([("number", pa.int64())])


def settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `linked` and `relinked`.

    `linked` holds each article that was looked at with its duplicate_of, duplicate_kind and duplicate_similarity as
    they are now, the fresh ones among them; `relinked` the ids of the dataset's in which they have changed.

    Args:
        connection: with the schemas `fresh` and `known` of a commit.
    """
    run = connection.execute
    run(sql(OF_TEXT, reported=SQL(REPORTED)))
    while True:
        run(sql(SHARED_BAND, digits=BAND, bands=BANDS, long=LONG))
        run(SHARED_ADDRESS)
        settled = originals.settle(_texts(connection))
        if not settled.stale:
            break
        _table(connection, "found", pa.table([settled.stale], schema=STALE))
        run("INSERT INTO opened FROM found")
    _table(connection, "copied", _rows(settled.copies))
    run(LINKED)


def changed(connection: duckdb.DuckDBPyConnection, parts: Iterable[Path]) -> set[Path]:
    """Those part files of the articles that hold one that is a copy of another article now than it was."""
    if not (paths := list(parts)):
        return set()
    return {Path(name) for (name,) in connection.execute(sql(CHANGED, parts=parts_of(paths))).fetchall()}


def with_links(parts: Iterable[Path]) -> SQL:
    """A query for the articles of part files as copies of what they are copies of now."""
    return sql(WITH_LINKS, articles=rows_of(ARTICLES, parts))


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[Text]:
    """The texts that have something in common with another, in order of age."""
    for batch in connection.sql(sql(TEXTS)).to_arrow_reader(BATCH):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield _text(*row)


def _text(number: int, head: str, reported: Any, minhash: str, words: int, numbers: str, *rest: Any) -> Text:
    bands, places, is_open, former_head, former_original = rest
    mine, at = Print.of(minhash, words, numbers), [(place["a"], place["r"]) for place in places]
    return Text(number, head, reported, mine, bands, at, is_open, former_head, former_original)


def _rows(copies: dict[int, Copy]) -> pa.Table:
    found = copies.values()
    columns = [list(copies), [c.original for c in found], [c.kind for c in found], [c.similarity for c in found]]
    return pa.table(columns, schema=COPIED)


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make or replace a table with those rows."""
    connection.register("given", rows)
    connection.execute(sql("CREATE OR REPLACE TEMP TABLE {name} AS FROM given", name=name))
    connection.unregister("given")
