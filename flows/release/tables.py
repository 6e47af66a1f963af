"""The public edition of each table, as SQL over the dataset's own: no private column, no text beyond the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from flows.store.sql import SQL, join, sql, text
from schemas import TABLES, Column, columns, model
from schemas.arrow import arrow_schema

LEFT_OUT: Final = ("runs",)  # its times differ from one building of the same data to the next: the card has the sums
IS_CUT: Final = pa.field(
    "is_cut",
    pa.bool_(),
    nullable=False,
    metadata={
        "description": "Whether text is cut to the length that this release allows; "
        "char_start and char_end hold the whole quote."
    },
)
ELLIPSIS: Final = "…"
NO_SNIPPETS: Final = "private"  # the text policy of sources of which a release shows no sentence
PHRASE: Final = 300  # characters of a title, a name or a trigger: longer ones are a mistake of a rule
# A URL may carry a reader's name and password.
WITHOUT_LOGIN: Final = "regexp_replace({column}, '^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#@]*@', '\\1') AS {column}"
WHOLE: Final = "CASE WHEN length({column}) <= {limit} THEN {column} ELSE {cut} END AS {column}"
# The last word goes, since it may be half of one, unless the text is a single word.
CUT: Final = "regexp_replace(left({column}, {limit} - 1), '\\s+\\S*$', '') || {ellipsis}"

# The sentence if it fits, else a window of whole words round the trigger.
SNIPPETS: Final = """
    WITH sentence AS (
        SELECT m.event_mention_id, substring(t.text, m.char_start + 1, m.char_end - m.char_start) AS words,
            m.trigger_start - m.char_start AS before, m.trigger_end - m.trigger_start AS width
        FROM event_mentions AS m JOIN texts AS t USING (article_id) JOIN articles AS a USING (article_id)
            LEFT JOIN sources AS s USING (source_id)
        WHERE s.text_policy IS DISTINCT FROM {private}
    ), windowed AS (
        SELECT *, if(length(words) <= {limit}, length(words), {limit} - 2) AS size,
            if(length(words) <= {limit}, 0,
                greatest(0, least(before, before - ({limit} - 2 - width) // 2, length(words) - ({limit} - 2)))) AS low
        FROM sentence
    ), divided AS (
        SELECT *, low + size AS high, substring(words, low + 1, before - low) AS head,
            substring(words, before + 1, least(width, low + size - before)) AS middle,
            substring(words, before + width + 1, greatest(0, low + size - before - width)) AS tail
        FROM windowed
    )
    SELECT event_mention_id,
        if(low > 0, {ellipsis} || regexp_replace(head, '^\\S*\\s+', ''), head) || middle
            || if(high < length(words), regexp_replace(tail, '\\s+\\S*$', '') || {ellipsis}, tail) AS evidence
    FROM divided WHERE {limit} > 2"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the articles' own words a release holds, in characters."""

    quote: int = 300
    snippet: int = 200


def public_tables() -> list[str]:
    """The tables of a release, in writing order."""
    return [*(table for table in TABLES if model(table).is_public() and table not in LEFT_OUT), "snippets"]


def public_columns(table: str) -> list[Column]:
    """The columns of a table that a release has."""
    return [column for column in columns(table) if column.public]


def public_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table of a release, with its descriptions."""
    schema = arrow_schema(table)
    fields = [schema.field(column.name) for column in public_columns(table)]
    return pa.schema([*fields, IS_CUT] if table == "quotes" else fields, schema.metadata)


def public_rows(table: str, limits: Limits) -> SQL:
    """A query for the rows of a table of a release, over views of the dataset's tables."""
    if table == "snippets":
        return sql(SNIPPETS, limit=limits.snippet, private=text(NO_SNIPPETS), ellipsis=text(ELLIPSIS))
    shown = [_shown(table, column, limits) for column in public_columns(table)]
    if table == "quotes":
        shown.append(sql("length(text) > {limit} AS is_cut", limit=limits.quote))
    return sql("SELECT {shown} FROM {table}", shown=join(", ", shown), table=table)


def _shown(table: str, column: Column, limits: Limits) -> SQL:
    """A column as the release shows it; every free text is bounded, so that no rule can let a whole article through."""
    if column.name == "url":
        return sql(WITHOUT_LOGIN, column="url")
    free = pa.types.is_string(column.type) and not (column.codes or column.prefix or column.references)
    if not free or table == "event_types":
        return sql("{column}", column=column.name)
    limit = limits.quote if (table, column.name) == ("quotes", "text") else PHRASE
    cut = sql(CUT, column=column.name, limit=limit, ellipsis=text(ELLIPSIS))
    return sql(WHOLE, column=column.name, limit=limit, cut=cut)
