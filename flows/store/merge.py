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


def events(mentions: SQL, articles: SQL) -> SQL:
    """A query for the happenings behind all reports: counted, with the widest span of days that the reports give."""
    return sql(
        """SELECT
            event_id,
            min(type) AS type,
            min(mode) AS mode,
            min(date_start) AS date_start,
            max(date_end) AS date_end,
            min(place_country_code) AS place_country_code,
            count(*) AS mention_count,
            count(DISTINCT article_id) AS article_count,
            count(DISTINCT source_id) AS source_count,
            min(coalesce(published_at, published_date::TIMESTAMP)) AS first_reported_at,
            CASE WHEN count(*) = 1 THEN 'single' WHEN count(DISTINCT article_id) = 1 THEN 'same_article'
                ELSE 'same_day' END AS cluster_rule
        FROM {mentions} JOIN {articles} USING (article_id)
        GROUP BY event_id""",
        mentions=mentions,
        articles=articles,
    )


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
