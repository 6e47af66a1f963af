"""The reports of a commit against the dataset's -> the happening that each report is of, whatever came first.

An article's reports arrive grouped: by its own words it tells one happening from another, and no rule here joins what
an article keeps apart or parts what it joins. Such a group, together with the same one in copies of the article, is a
unit. Units of several articles become one happening where type, mode and realis class are the same, the days overlap,
the parties and the places agree, and something certain is shared (see `clusters`). Units without a date, or with a
month or a year, in which much of a kind can happen, stay alone.

Units meet only within a block: type, mode, class and week.
So a commit looks again at the blocks that its own reports fall into and at no other, and since the units of a block
are taken in an order of their content, the result is that of one commit of everything. A happening's id is made of its
first report's: a later report changes no id.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from flows.store import merge
from flows.store.clusters import Clusters, Unit
from flows.store.copies import REPORTED
from flows.store.sql import SQL, literal_list, parts_of, sql
from flows.store.workbench import rows_of
from schemas import columns, vocab

REPORTS: Final = "event_mentions"
FINE: Final = 6  # days that the last day of a span may be behind the first to be taken for one of a week
BATCH: Final = 50_000
# What is said can be said about many in a day: of such units the words to the same party alone are one.
SAID: Final = sorted({row["type"] for row in vocab.event_types() if row["quad_class"] in (1, 3)} - {"CONSULT"})
# A week is ISO 8601's: days, weekends and weeks lie within one.
BUCKET: Final = "CASE WHEN {end} - {start} <= {fine} THEN date_trunc('week', {start})::DATE::VARCHAR END"
# A report of what is long past is of what happened as well.
CLASS: Final = "if(realis = 'historical', 'actual', realis)"

ARTICLES: Final = """CREATE OR REPLACE TEMP TABLE of_article AS
    SELECT article_id, coalesce(duplicate_of, article_id) AS family, duplicate_of IS NOT NULL AS is_copy,
        {reported} AS reported
    FROM known.articles;
CREATE OR REPLACE TEMP TABLE touched_family AS
    SELECT DISTINCT family FROM of_article
    WHERE article_id IN (SELECT article_id FROM fresh.articles UNION ALL SELECT article_id FROM relinked)"""
# The reports of the families that grow or shrink, and their groups as the articles make them.
GROWING: Final = """CREATE OR REPLACE TEMP TABLE growing AS
    SELECT m.event_mention_id, m.event_id, m.article_id, a.family, false AS is_base
    FROM fresh.event_mentions AS m JOIN of_article AS a USING (article_id)
    UNION ALL
    SELECT m.event_mention_id, m.event_id, m.article_id, a.family, true
    FROM base.event_mentions AS m
        JOIN (FROM of_article SEMI JOIN touched_family USING (family)) AS a USING (article_id)"""
TOUCHED_EVENT: Final = """CREATE OR REPLACE TEMP TABLE touched_event AS
    WITH touched AS (
        SELECT type, mode, min(date_start) AS date_start, max(date_end) AS date_end
        FROM growing JOIN known.event_mentions USING (event_mention_id) GROUP BY growing.article_id, growing.event_id,
            type, mode
        UNION
        SELECT type, mode, date_start, date_end FROM base.events
        SEMI JOIN (FROM growing WHERE is_base) AS g USING (event_id)
    ), blocks AS (SELECT DISTINCT type, mode, {bucket} AS bucket FROM touched)
    SELECT event_id FROM (SELECT *, {bucket} AS bucket FROM base.events) AS e
    WHERE EXISTS (FROM blocks AS b
        WHERE b.type = e.type AND b.mode IS NOT DISTINCT FROM e.mode AND b.bucket = e.bucket)
    UNION
    SELECT event_id FROM growing WHERE is_base"""
REPORT: Final = """CREATE OR REPLACE TEMP TABLE report AS
    SELECT m.event_mention_id, m.event_id, m.is_base, m.article_id, a.family, a.is_copy, a.reported,
        coalesce(u.unit, md5_number(a.family || m.event_id)) AS unit, m.type, m.mode, {class} AS class,
        m.date_start, m.date_end, m.place_name, m.place_country_code, m.latitude, m.longitude, m.trigger_start
    FROM (
        SELECT {names}, false AS is_base FROM fresh.event_mentions UNION ALL
        SELECT {names}, true FROM base.event_mentions SEMI JOIN touched_event USING (event_id)
    ) AS m JOIN of_article AS a USING (article_id) LEFT JOIN unit_of AS u USING (article_id, event_id)"""
REPORT_COLUMNS: Final = (
    "event_mention_id", "event_id", "article_id", "type", "mode", "realis", "date_start", "date_end", "place_name",
    "place_country_code", "latitude", "longitude", "trigger_start",
)  # fmt: skip

# The groups of a copy are those of its original that have the same parties, in order, or else the same trigger word;
# what stands in copies alone is told by its parties.
NO_COPIES: Final = """CREATE OR REPLACE TEMP TABLE unit_of (article_id VARCHAR, event_id VARCHAR, unit UHUGEINT)"""
UNIT_OF: Final = """CREATE OR REPLACE TEMP TABLE unit_of AS
    WITH told AS (
        SELECT g.article_id, g.family, g.event_id, min(m.trigger_start) AS place_in_text,
            lower(min_by(m.trigger, m.trigger_start)) AS word,
            concat_ws('/', any_value(m.type), any_value(m.mode), any_value({class})) AS kind
        FROM growing AS g JOIN known.event_mentions AS m USING (event_mention_id) GROUP BY ALL
    ), parties AS (
        SELECT g.article_id, g.event_id, list_sort(list(DISTINCT p.role || p.actor_id)) AS parties
        FROM growing AS g JOIN known.event_participants AS p USING (event_mention_id) GROUP BY ALL
    ), numbered AS (
        SELECT *, row_number() OVER (PARTITION BY article_id, kind, parties ORDER BY place_in_text, event_id) AS nth
        FROM told LEFT JOIN parties USING (article_id, event_id)
    ), original AS (FROM numbered WHERE article_id = family),
    copy AS (FROM numbered WHERE article_id != family),
    alike AS (
        SELECT c.article_id, c.event_id, o.event_id AS unit, c.family FROM copy AS c JOIN original AS o
        ON o.family = c.family AND o.kind = c.kind AND o.parties IS NOT DISTINCT FROM c.parties AND o.nth = c.nth
    ), rest AS (
        SELECT *, row_number() OVER (PARTITION BY article_id, kind, word ORDER BY place_in_text, event_id) AS again
        FROM copy ANTI JOIN alike USING (article_id, event_id)
    ), left_over AS (
        SELECT o.*, c.article_id AS copy_id,
            row_number() OVER (PARTITION BY c.article_id, o.kind, o.word ORDER BY o.place_in_text, o.event_id) AS again
        FROM original AS o JOIN (SELECT DISTINCT article_id, family FROM copy) AS c USING (family)
        WHERE NOT EXISTS (FROM alike AS a WHERE a.article_id = c.article_id AND a.unit = o.event_id)
    ), reworded AS (
        SELECT c.article_id, c.event_id, o.event_id AS unit, c.family FROM rest AS c JOIN left_over AS o
        ON o.copy_id = c.article_id AND o.kind = c.kind AND o.word = c.word AND o.again = c.again
    ), added AS (
        SELECT article_id, event_id, family,
            min(event_id) OVER (PARTITION BY family, kind, parties, nth) AS unit
        FROM copy ANTI JOIN alike USING (article_id, event_id) ANTI JOIN reworded USING (article_id, event_id)
    )
    SELECT article_id, event_id, md5_number(family || unit) AS unit FROM alike UNION ALL
    SELECT article_id, event_id, md5_number(family || unit) FROM reworded UNION ALL
    SELECT article_id, event_id, md5_number(family || '+' || unit) FROM added UNION ALL
    SELECT article_id, event_id, md5_number(family || event_id) FROM original"""

# Most units are one report, which needs no aggregation: a fifth of the memory. A structure's smallest is its smallest
# first field, and so on; null comes last.
UNIT: Final = """CREATE OR REPLACE TEMP TABLE unit AS
    WITH size AS (SELECT unit, count(*) AS reports FROM report GROUP BY unit),
    alone AS (FROM report SEMI JOIN (FROM size WHERE reports = 1) AS s USING (unit)),
    several AS (FROM report SEMI JOIN (FROM size WHERE reports > 1) AS s USING (unit)),
    by_article AS (
        SELECT unit, article_id, is_copy, reported, min(date_start) AS date_start, max(date_end) AS date_end
        FROM several WHERE date_start IS NOT NULL GROUP BY ALL
    ), dated AS (
        SELECT unit, min({{'c': is_copy, 'r': reported, 'a': article_id, 's': date_start, 'e': date_end}}) AS day
        FROM by_article GROUP BY unit
    ), told AS (
        SELECT unit, any_value(family) AS family, any_value(type) AS type, any_value(mode) AS mode,
            any_value(class) AS class,
            min({{'r': reported, 'a': article_id, 't': trigger_start, 'm': event_mention_id}}) AS head,
            min({{'l': latitude IS NULL, 'c': place_country_code IS NULL, 'r': reported, 'a': article_id,
                't': trigger_start, 'm': event_mention_id, 'country': place_country_code, 'latitude': latitude,
                'longitude': longitude, 'name': place_name}}) FILTER (place_name IS NOT NULL) AS place
        FROM several GROUP BY unit
    ), merged AS (
        SELECT unit, family, type, mode, class, day.s AS date_start, day.e AS date_end, place.name AS place_name,
            place.country AS country, place.latitude AS latitude, place.longitude AS longitude, head.r AS reported,
            head.a AS article_id, head.t AS trigger_start, head.m AS head
        FROM told LEFT JOIN dated USING (unit)
        UNION ALL
        SELECT unit, family, type, mode, class, date_start, date_end, place_name, place_country_code, latitude,
            longitude, reported, article_id, trigger_start, event_mention_id
        FROM alone
    ), party AS (
        SELECT unit, list_sort(list(DISTINCT actor_id) FILTER (role = 'actor')) AS actors,
            list_sort(list(DISTINCT actor_id) FILTER (role = 'recipient')) AS recipients
        FROM report JOIN known.event_participants USING (event_mention_id) GROUP BY unit
    )
    SELECT merged.*, coalesce(actors, []) AS actors, coalesce(recipients, []) AS recipients,
        type || '/' || coalesce(mode, '') || '/' || class || '/' || {bucket} AS block,
        CASE WHEN latitude IS NOT NULL THEN round(latitude, 2) || ' ' || round(longitude, 2)
            WHEN place_name IS NOT NULL THEN lower(place_name) || coalesce(country, '') END AS spot
    FROM merged LEFT JOIN party USING (unit)"""
# Whom an article names for certain: a state, a name of several words, a body by its name or acronym but the police's,
# who do the like every day. A surname, "the judge" or "protesters" prove nothing.
CERTAIN: Final = """CREATE OR REPLACE TEMP TABLE certain AS
    WITH party AS (
        SELECT DISTINCT unit, report.article_id, actor_id, kind, sector_code
        FROM report JOIN known.event_participants USING (event_mention_id) JOIN (
            SELECT actor_id, any_value(kind) AS kind, min(sector_code) AS sector_code FROM (
                SELECT actor_id, kind, sector_code FROM kept.actors
                UNION ALL SELECT actor_id, kind, sector_code FROM base.actors
            ) GROUP BY actor_id
        ) USING (actor_id)
    ), named AS (
        SELECT DISTINCT p.unit, p.actor_id FROM party AS p JOIN known.actor_mentions AS m USING (article_id, actor_id)
        WHERE regexp_matches(m.surface, '\\s\\p{Lu}')
            OR (p.kind = 'organization' AND m.kind IN ('name', 'acronym') AND p.sector_code IS DISTINCT FROM 'COP')
    )
    SELECT unit, list_sort(list(DISTINCT actor_id)) AS certain
    FROM (SELECT unit, actor_id FROM party WHERE kind = 'country' UNION SELECT unit, actor_id FROM named)
    GROUP BY unit"""
# Only units that share a key with another can join it: somebody certain in one part, anybody at one place, or the place
# where one tells no party.
CANDIDATE: Final = """CREATE OR REPLACE TEMP TABLE candidate AS
    WITH told AS (FROM unit LEFT JOIN certain USING (unit) WHERE block IS NOT NULL),
    party AS (
        SELECT block, unit, spot, certain, 'a' AS part, unnest(actors) AS actor_id FROM told
        UNION ALL
        SELECT block, unit, spot, certain, 'r', unnest(recipients) FROM told
    ), keys AS (
        SELECT block, unit, part || actor_id AS key, coalesce(list_contains(certain, actor_id), false) AS counts
        FROM party
        UNION ALL
        SELECT block, unit, part || actor_id || spot, true FROM party WHERE spot IS NOT NULL
        UNION ALL
        SELECT block, unit, spot, len(actors) + len(recipients) = 0 FROM told WHERE latitude IS NOT NULL
    ), shared AS (
        SELECT block, key FROM keys GROUP BY ALL HAVING count(*) > 1 AND bool_or(counts)
    )
    SELECT unit.*, coalesce(certain, []) AS certain FROM unit LEFT JOIN certain USING (unit)
    SEMI JOIN (SELECT unit FROM keys SEMI JOIN shared USING (block, key)) AS k USING (unit)"""
# The fullest reports first, so that a vague one finds the happening that it fits best, then in order of their telling.
IN_ORDER: Final = """SELECT block, unit::VARCHAR, family, list_contains({said}, type), date_start, date_end, actors,
        recipients, certain, country, spot, latitude, longitude
    FROM candidate ORDER BY block,
        (len(actors) > 0)::INT + (len(recipients) > 0)::INT + (spot IS NOT NULL)::INT DESC, date_end - date_start,
        reported NULLS LAST, article_id, trigger_start, head"""
SETTLED: Final = """CREATE OR REPLACE TEMP TABLE settled AS
    WITH first_report AS (
        SELECT cluster, min({{'r': reported, 'a': article_id, 't': trigger_start, 'm': head}}).m AS head
        FROM joined JOIN unit USING (unit) GROUP BY cluster
    ), headed AS (
        SELECT unit, coalesce(f.head, u.head) AS head
        FROM unit AS u LEFT JOIN joined USING (unit) LEFT JOIN first_report AS f USING (cluster)
    )
    SELECT r.event_mention_id, r.event_id AS former_id, r.is_base, 'evt_' || substr(head, 5) AS event_id
    FROM report AS r JOIN headed USING (unit)"""
# The events of the blocks that were not looked at stay as they are.
EVENTS: Final = """SELECT {names} FROM ({settled})
    UNION ALL SELECT {names} FROM base.events WHERE event_id NOT IN (SELECT former_id FROM settled WHERE is_base)"""
CHANGED: Final = """SELECT DISTINCT filename FROM {parts} AS m JOIN settled AS s USING (event_mention_id)
    WHERE m.event_id != s.event_id"""
WITH_EVENTS: Final = """SELECT m.* REPLACE (coalesce(s.event_id, m.event_id) AS event_id)
    FROM ({reports}) AS m LEFT JOIN settled AS s USING (event_mention_id)"""
JOINED: Final = pa.schema([("unit", pa.string()), ("cluster", pa.string())])  # Arrow has no integers of 128 bits


def settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `settled`: event_mention_id, the id that its event had and the one that it has now.

    It holds the fresh reports and those of the dataset that stand in the same blocks, and no other.

    Args:
        connection: with the schemas `base`, `kept`, `fresh` and `known` of a commit, and the articles `relinked`.
    """
    bucket = sql(BUCKET, start="date_start", end="date_end", fine=FINE)
    run = connection.execute
    run(sql(ARTICLES, reported=SQL(REPORTED)))
    run(GROWING)
    copies = run("SELECT 1 FROM of_article SEMI JOIN touched_family USING (family) WHERE is_copy LIMIT 1").fetchall()
    run(sql(UNIT_OF, **{"class": SQL(CLASS)}) if copies else NO_COPIES)
    run(sql(TOUCHED_EVENT, bucket=bucket))
    run(sql(REPORT, names=list(REPORT_COLUMNS), **{"class": SQL(CLASS)}))
    run(sql(UNIT, bucket=bucket))
    run(CERTAIN)
    run(CANDIDATE)
    _join(connection)
    run(sql(SETTLED))


def changed(connection: duckdb.DuckDBPyConnection, parts: Iterable[Path]) -> set[Path]:
    """Those part files of the reports that hold one whose event has another id now."""
    if not (paths := list(parts)):
        return set()
    return {Path(name) for (name,) in connection.execute(sql(CHANGED, parts=parts_of(paths))).fetchall()}


def with_events(parts: Iterable[Path]) -> SQL:
    """A query for the reports of part files with the events that they are of now."""
    return sql(WITH_EVENTS, reports=rows_of(REPORTS, parts))


def events() -> SQL:
    """A query for all events of the dataset and the commit."""
    names = [column.name for column in columns("events")]
    reports = sql(
        "(SELECT m.* REPLACE (s.event_id AS event_id) FROM known.event_mentions AS m"
        " JOIN settled AS s USING (event_mention_id))"
    )
    articles, participants = SQL("known.articles"), SQL("known.event_participants")
    return sql(EVENTS, names=names, settled=merge.events(reports, articles, participants))


def _join(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `joined`: the candidate units with the first unit of their cluster."""
    connection.execute("CREATE OR REPLACE TEMP TABLE joined (unit UHUGEINT, cluster UHUGEINT)")
    clusters = Clusters()
    found: list[tuple[str, str]] = []
    for batch in connection.sql(sql(IN_ORDER, said=literal_list(SAID))).to_arrow_reader(BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        found.extend(clusters.place(block, Unit.of(*row)) for block, *row in zip(*columns, strict=True))
    table = pa.table([[u for u, _ in found], [c for _, c in found]], schema=JOINED)
    connection.register("given", table)
    connection.execute("INSERT INTO joined SELECT unit::UHUGEINT, cluster::UHUGEINT FROM given")
    connection.unregister("given")
