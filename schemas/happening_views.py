"""The views of happenings: in order of time, by country and day, and between two parties."""

from typing import Final

from schemas import vocab
from schemas.viewing import PARTIES, PARTY, view

REPORTS: Final = """(
    SELECT event_id, list_sort(list(DISTINCT realis)) AS realis,
        first(a.title ORDER BY a.published_date NULLS LAST, article_id) AS title,
        first(a.url ORDER BY a.published_date NULLS LAST, article_id) AS url
    FROM event_mentions JOIN articles a USING (article_id) GROUP BY event_id
)"""
TIMELINE: Final = view(
    "One row is a happening with a date, in order of time, with how many articles report it and how they see it.",
    {
        "date_start": "e.date_start",
        "date_end": "e.date_end",
        "type": "e.type",
        "mode": "e.mode",
        "realis": (
            "report.realis",
            "How its reports see it: actual, future, hypothetical, negated or historical; several where they differ.",
        ),
        **PARTY,
        "place_country_code": "e.place_country_code",
        "mention_count": "e.mention_count",
        "article_count": "e.article_count",
        "source_count": "e.source_count",
        "first_reported_at": "e.first_reported_at",
        "title": ("report.title", "The headline of the earliest article that reports it. Null where that has none."),
        "url": ("report.url", "The address of the earliest article that reports it. Null where that has none."),
        "event_id": "e.event_id",
    },
    f"""FROM events e
JOIN {REPORTS} report USING (event_id)
{PARTIES.format(key="event_id", joined=" JOIN event_mentions USING (event_mention_id)")}
WHERE e.date_start IS NOT NULL
ORDER BY e.date_start, e.date_end, e.event_id""",
)

TYPES: Final = tuple(dict.fromkeys(row["type"] for row in vocab.event_types()))
# Bodies that belong to no country have such a code in place of one.
COUNTRY_DAY: Final = view(
    "One row is a country on a day: how many happenings of each type its people, its bodies or its soil had a part in."
    " Only what is reported as having happened, on that one day.",
    {
        "country_code": ("c.country_code", "The country of a party or of the place."),
        "date": ("e.date_start", "The day."),
        "event_count": ("count(*)", "How many happenings."),
        "mean_intensity": (
            "round(avg(k.intensity), 2)",
            "The mean PLOVER score of them, from -10 (most hostile) to 10 (most friendly).",
        ),
        **{
            type_.lower(): (f"count(*) FILTER (e.type = '{type_}')", f"How many of them are of type {type_}.")
            for type_ in TYPES
        },
    },
    """FROM (
    SELECT event_id, place_country_code AS country_code FROM events
    UNION
    SELECT event_id, country_code
    FROM event_participants JOIN event_mentions USING (event_mention_id) JOIN actors USING (actor_id)
) c
JOIN events e USING (event_id)
JOIN event_types k ON k.type = e.type AND k.mode IS NOT DISTINCT FROM e.mode
WHERE c.country_code NOT IN ('IGO', 'NGO', 'MNC') AND e.date_start = e.date_end
    AND event_id IN (SELECT event_id FROM event_mentions WHERE realis IN ('actual', 'historical'))
GROUP BY c.country_code, e.date_start
ORDER BY c.country_code, e.date_start""",
)

IS_PARTY: Final = """(upper({party}) = country_code OR lower({party}) = lower(name)
            OR list_contains([lower(alias) FOR alias IN aliases], lower({party})))"""
BETWEEN: Final = f"""WITH party AS (
    SELECT DISTINCT event_id, role, actor_id,
        {IS_PARTY.format(party="first_party")} AS is_first,
        {IS_PARTY.format(party="second_party")} AS is_second
    FROM event_participants JOIN event_mentions USING (event_mention_id) JOIN actors USING (actor_id)
), pair AS (
    SELECT event_id, bool_or(x.role = y.role) AS together, bool_or(x.role < y.role) AS forth,
        bool_or(x.role > y.role) AS back
    FROM party x JOIN party y USING (event_id)
    WHERE x.is_first AND y.is_second AND x.actor_id != y.actor_id AND 'actor' IN (x.role, y.role)
    GROUP BY event_id
)
"""  # noqa: S608 - no value from outside
DIRECTION: Final = """CASE WHEN pair.together THEN 'together' WHEN pair.forth AND pair.back THEN 'both'
        WHEN pair.forth THEN 'forth' ELSE 'back' END"""
EVENTS_BETWEEN: Final = view(
    "One row is a happening between two parties, with or without a date, in order of time. Call it with two country"
    " codes (ISO 3166-1 alpha-3) or names of actors: FROM events_between('MEX', 'USA'), or"
    " SELECT date_start, type, direction FROM events_between('NATO', 'RUS').",
    {
        "date_start": "e.date_start",
        "date_end": "e.date_end",
        "type": "e.type",
        "mode": "e.mode",
        "direction": (
            DIRECTION,
            "forth: the first does it to the second; back: the other way; both: both ways; together: as one side.",
        ),
        "realis": (
            "report.realis",
            "How its reports see it: actual, future, hypothetical, negated or historical; several where they differ.",
        ),
        **PARTY,
        "place_country_code": "e.place_country_code",
        "article_count": "e.article_count",
        "title": ("report.title", "The headline of the earliest article that reports it. Null where that has none."),
        "url": ("report.url", "The address of the earliest article that reports it. Null where that has none."),
        "event_id": "e.event_id",
    },
    f"""FROM events e JOIN pair USING (event_id)
JOIN {REPORTS} report USING (event_id)
{PARTIES.format(key="event_id", joined=" JOIN event_mentions USING (event_mention_id)")}
ORDER BY e.date_start NULLS LAST, e.date_end, e.event_id""",
    before=BETWEEN,
    parameters=("first_party", "second_party"),
)
