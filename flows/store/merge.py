"""Tables that each commit rewrites: one row per key over all runs, whatever the order and the split of the runs."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from flows.store.sql import SQL, join, literal_list, sql
from schemas import Column, columns, vocab
from schemas.arrow import arrow_schema

# Every rule is associative and commutative, and leaves a row merged with itself as it is.
SMALLEST: Final = "min({column}) AS {column}"
FULLEST: Final = "first({column} ORDER BY length({column}) DESC, {column}) AS {column}"
UNION: Final = "list_sort(list_distinct(flatten(list({column})))) AS {column}"
# The strictest of several wins: the closed lists are ordered, the most careful code first.
STRICTEST: Final = "list_extract({codes}, min(list_position({codes}, {column}))) AS {column}"
# A name that lost to a fuller one is an alias from now on; the fullest one is none.
ALIASES: Final = """list_sort(list_distinct(list_filter(
    flatten(list(list_append({column}, name))), lambda alias: alias != first(name ORDER BY length(name) DESC, name)
))) AS {column}"""


def merged_rows(table: str, rows: SQL) -> SQL:
    """A query for one row per key of `rows`: the fullest name, the union of a list, elsewhere the smallest value."""
    found = columns(table)
    keys = [column.name for column in found if column.key]
    policies = literal_list(vocab.codes("text_policies"))
    merged = join(", ", (sql(_rule(column), column=column.name, codes=policies) for column in found))
    return sql("SELECT {merged} FROM ({rows}) GROUP BY {keys}", merged=merged, rows=rows, keys=keys)


# Copies are their original once more: they are reports, but neither articles nor publishers of their own. Of the days
# that an article gives to its reports the widest span counts, of several articles' what they agree on.
EVENTS: Final = """WITH size AS (SELECT event_id, count(*) AS reports FROM {mentions} GROUP BY event_id),
    alone AS (
        SELECT m.*, source_id, coalesce(published_at, published_date::TIMESTAMP) AS reported
        FROM {mentions} AS m SEMI JOIN (FROM size WHERE reports = 1) AS s USING (event_id)
            JOIN {articles} USING (article_id)
    ), told AS (
        SELECT m.*, coalesce(duplicate_of, article_id) AS family, source_id,
            coalesce(published_at, published_date::TIMESTAMP) AS reported,
            {{'c': duplicate_of IS NOT NULL, 'r': reported, 'a': article_id}} AS rank
        FROM {mentions} AS m SEMI JOIN (FROM size WHERE reports > 1) AS s USING (event_id)
            JOIN {articles} USING (article_id)
    ), by_article AS (
        SELECT event_id, family, rank, min(date_start) AS first, max(date_end) AS last
        FROM told WHERE date_start IS NOT NULL GROUP BY ALL
    ), by_family AS (
        SELECT event_id, family, arg_min(first, rank) AS first, arg_min(last, rank) AS last FROM by_article GROUP BY ALL
    ), days AS (
        SELECT event_id, if(max(first) <= min(last), max(first), min(first)) AS date_start,
            if(max(first) <= min(last), min(last), max(last)) AS date_end
        FROM by_family GROUP BY event_id
    ), published AS (
        SELECT event_id, family, arg_min(source_id, rank) AS source_id
        FROM told WHERE source_id IS NOT NULL GROUP BY ALL
    ), sides AS (
        SELECT event_id, family, list_sort(list(DISTINCT role || actor_id) FILTER (actor_id IS NOT NULL)) AS parties
        FROM told LEFT JOIN {participants} USING (event_mention_id) GROUP BY ALL
    ), parties AS (
        SELECT event_id, bool_or(parties IS NULL OR len(parties) = 0) AS is_bare, count(DISTINCT parties) AS kinds
        FROM sides GROUP BY event_id
    ), publishers AS (
        SELECT event_id, count(DISTINCT source_id) AS source_count FROM published GROUP BY event_id
    ), counted AS (
        SELECT event_id, min(type) AS type, min(mode) AS mode, min(place_country_code) AS place_country_code,
            count(*) AS mention_count, count(DISTINCT family) AS article_count, min(reported) AS first_reported_at,
            count(DISTINCT article_id) AS prints
        FROM told GROUP BY event_id
    )
    SELECT event_id, type, mode, date_start, date_end, place_country_code, mention_count, article_count,
        coalesce(source_count, 0) AS source_count, first_reported_at,
        CASE WHEN prints = 1 THEN 'same_article' WHEN article_count = 1 THEN 'copies' WHEN is_bare THEN 'same_place'
            WHEN kinds = 1 THEN 'same_parties' ELSE 'shared_party' END AS cluster_rule
    FROM counted JOIN parties USING (event_id) LEFT JOIN days USING (event_id) LEFT JOIN publishers USING (event_id)
    UNION ALL
    SELECT event_id, type, mode, date_start, date_end, place_country_code, 1, 1, (source_id IS NOT NULL)::BIGINT,
        reported, 'single'
    FROM alone"""


def events(mentions: SQL, articles: SQL, participants: SQL) -> SQL:
    """A query for the happenings behind the reports: when and where, how many report it, and by which rule it is one.

    Args:
        mentions: reports with the `event_id` of their happening.
        articles: theirs at least.
        participants: theirs at least.
    """
    return sql(EVENTS, mentions=mentions, articles=articles, participants=participants)


def event_types() -> pa.Table:
    """The codebook as rows."""
    return pa.Table.from_pylist(list(vocab.event_types()), schema=arrow_schema("event_types"))


def _rule(column: Column) -> str:
    if column.key:
        return "{column}"
    if column.name == "name":
        return FULLEST
    if column.codes == "text_policies":
        return STRICTEST
    if column.name == "aliases":
        return ALIASES
    return UNION if pa.types.is_list(column.type) else SMALLEST
