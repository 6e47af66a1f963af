"""A dataset of a few reports in the memory of DuckDB, settled build by build as a commit does it, without the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from flows.ids import content_id
from flows.store import happenings

MONDAY = date(2026, 3, 2)
SCHEMA = """CREATE SCHEMA base; CREATE SCHEMA fresh; CREATE SCHEMA kept; CREATE SCHEMA known;
CREATE TABLE base.articles (article_id VARCHAR, source_id VARCHAR, duplicate_of VARCHAR, published_at TIMESTAMP,
    published_date DATE);
CREATE TABLE base.event_mentions (event_mention_id VARCHAR, event_id VARCHAR, article_id VARCHAR, type VARCHAR,
    mode VARCHAR, realis VARCHAR, date_start DATE, date_end DATE, place_name VARCHAR, place_country_code VARCHAR,
    latitude DOUBLE, longitude DOUBLE, trigger_start INT, trigger VARCHAR);
CREATE TABLE base.event_participants (event_mention_id VARCHAR, actor_id VARCHAR, role VARCHAR);
CREATE TABLE base.actors (actor_id VARCHAR, kind VARCHAR, sector_code VARCHAR);
CREATE TABLE base.actor_mentions (article_id VARCHAR, actor_id VARCHAR, surface VARCHAR, kind VARCHAR);
CREATE TABLE base.events AS SELECT NULL::VARCHAR AS event_id, NULL::VARCHAR AS type, NULL::VARCHAR AS mode,
    NULL::DATE AS date_start, NULL::DATE AS date_end, NULL::VARCHAR AS place_country_code, 0::BIGINT AS mention_count,
    0::BIGINT AS article_count, 0::BIGINT AS source_count, NULL::TIMESTAMP AS first_reported_at,
    NULL::VARCHAR AS cluster_rule LIMIT 0"""
RELINKED = """SELECT a.* REPLACE (if(r.article_id IS NULL, a.duplicate_of, r.duplicate_of) AS duplicate_of)
    FROM base.articles AS a LEFT JOIN relinked AS r USING (article_id)"""
TABLES = ("articles", "event_mentions", "event_participants", "actors", "actor_mentions")
CITIES = {"Lima": (-12.0, -77.0, "PER"), "Cusco": (-13.5, -72.0, "PER"), "Paris": (48.9, 2.4, "FRA")}
# Upper case: a name that is certain; lower case: a noun that names anybody.
ACTORS = ("ANA", "BEN", "CRU", "police", "workers")


@dataclass(frozen=True)
class Report:
    """A sentence of an article; `group` is what the article itself takes for one happening."""

    article: str
    group: str = "a"
    type: str = "CONSULT"
    mode: str | None = None
    realis: str = "actual"
    day: date | None = MONDAY
    days: int = 0
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    place: str | None = None
    trigger: str = "met"


@dataclass(frozen=True)
class Story:
    """An article with its reports."""

    name: str
    reports: tuple[Report, ...] = field(default=())
    copy_of: str | None = None
    published: date | None = MONDAY
    source: str | None = None


def mention_id(story: Story, number: int) -> str:
    return content_id("evm", story.name, number)


class Dataset:
    """Builds as a commit makes them, without the files."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(SCHEMA)

    def build(self, *stories: Story, relinked: Mapping[str, str | None] | None = None) -> None:
        """A commit of stories; of those that the dataset has, `relinked` are copies of others than before."""
        run = self.connection.execute
        run("CREATE OR REPLACE TEMP TABLE relinked (article_id VARCHAR, duplicate_of VARCHAR)")
        for name, original in (relinked or {}).items():
            run("INSERT INTO relinked SELECT ?, ?", [name, original])
        for table in TABLES:
            run(f"CREATE OR REPLACE TABLE fresh.{table} AS FROM base.{table} LIMIT 0")
        for story in stories:
            self._add(story)
        run("CREATE OR REPLACE VIEW kept.actors AS FROM fresh.actors")
        for table in TABLES:
            run(f"CREATE OR REPLACE VIEW known.{table} AS FROM fresh.{table} UNION ALL FROM base.{table}")
        run(f"CREATE OR REPLACE VIEW known.articles AS FROM fresh.articles UNION ALL {RELINKED}")
        happenings.settle(self.connection)
        run(f"CREATE OR REPLACE TABLE fresh.events AS {happenings.events()}")
        for table in TABLES:
            run(f"INSERT INTO base.{table} FROM fresh.{table}")
        run("UPDATE base.articles AS a SET duplicate_of = r.duplicate_of FROM relinked AS r "
            "WHERE a.article_id = r.article_id")  # fmt: skip
        run("UPDATE base.event_mentions AS m SET event_id = s.event_id FROM settled AS s WHERE "
            "m.event_mention_id = s.event_mention_id")  # fmt: skip
        run("CREATE OR REPLACE TABLE base.events AS FROM fresh.events")

    def _add(self, story: Story) -> None:
        def insert(table: str, *values: object) -> None:
            marks = ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO fresh.{table} VALUES ({marks})", values)  # noqa: S608 - ours

        insert("articles", story.name, story.source or story.name, story.copy_of, None, story.published)
        for number, r in enumerate(story.reports):
            latitude, longitude, country = CITIES.get(r.place or "", (None, None, r.place))
            end = None if r.day is None else r.day + timedelta(r.days)
            insert(
                "event_mentions", mention_id(story, number), f"{story.name}/{r.group}", story.name, r.type, r.mode,
                r.realis, r.day, end, r.place, country, latitude, longitude, number, r.trigger,
            )  # fmt: skip
            for role, parties in (("actor", r.actors), ("recipient", r.recipients)):
                for actor in parties:
                    insert("event_participants", mention_id(story, number), actor, role)
                    insert("actors", actor, "person", None)
                    name = f"Some {actor.title()}" if actor.isupper() else actor
                    insert("actor_mentions", story.name, actor, name, "name")

    def ids(self) -> dict[str, str]:
        return dict(self.connection.execute("SELECT event_mention_id, event_id FROM base.event_mentions").fetchall())

    def groups(self) -> list[list[str]]:
        """The articles of every happening."""
        found = self.connection.execute(
            "SELECT list_sort(list(DISTINCT article_id)) AS a FROM base.event_mentions GROUP BY event_id ORDER BY a"
        ).fetchall()
        return [row[0] for row in found]

    def events(self, columns: str = "*") -> list[tuple[object, ...]]:
        return self.connection.execute(f"SELECT {columns} FROM base.events ORDER BY ALL").fetchall()  # noqa: S608


def built(*builds: Iterable[Story]) -> Dataset:
    dataset = Dataset()
    for stories in builds:
        dataset.build(*stories)
    return dataset


def stories(*reports: Report) -> list[Story]:
    names = dict.fromkeys(r.article for r in reports)
    return [Story(name, tuple(r for r in reports if r.article == name)) for name in names]


def groups(*reports: Report) -> list[list[str]]:
    return built(stories(*reports)).groups()
