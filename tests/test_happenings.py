"""Which reports are of one happening: the same whatever the order and the split of the builds, and never a guess."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.check import check
from flows.ids import content_id
from flows.store import happenings
from flows.store.parts import sort_order
from schemas.vocab import codes

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

    def build(self, *stories: Story) -> None:
        run = self.connection.execute
        for table in TABLES:
            run(f"CREATE OR REPLACE TABLE fresh.{table} AS FROM base.{table} LIMIT 0")
        for story in stories:
            self._add(story)
        run("CREATE OR REPLACE VIEW kept.actors AS FROM fresh.actors")
        for table in TABLES:
            run(f"CREATE OR REPLACE VIEW known.{table} AS FROM fresh.{table} UNION ALL FROM base.{table}")
        happenings.settle(self.connection)
        run(f"CREATE OR REPLACE TABLE fresh.events AS {happenings.events()}")
        for table in TABLES:
            run(f"INSERT INTO base.{table} FROM fresh.{table}")
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


MET = Report("x", actors=("ANA", "BEN"))
SATURDAY = MONDAY + timedelta(5)
POLICE = Report("x", actors=("police",))
GIVEN = Report("x", actors=("ANA",), recipients=("CRU",))
TAKEN = Report("x", actors=("CRU",), recipients=("ANA",))


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("the same", MET, MET),
        ("one names fewer parties", MET, replace(MET, actors=("ANA",))),
        ("one names no recipient", replace(MET, recipients=("CRU",)), MET),
        ("what is recalled happened too", MET, replace(MET, realis="historical")),
        ("a day within the week", MET, replace(MET, days=6)),
        ("a day within the weekend", replace(MET, day=SATURDAY), replace(MET, day=SATURDAY, days=1)),
        ("one names no place", replace(MET, place="Lima"), MET),
        ("one has no party, and the city is the same", replace(MET, place="Lima"), Report("x", place="Lima")),
        ("nobody has a party, and the city is the same", Report("x", place="Lima"), Report("x", place="Lima")),
        ("nouns do at one place", replace(POLICE, place="Lima"), replace(POLICE, place="Lima")),
        ("what is said to the same", replace(GIVEN, type="ACCUSE"), replace(GIVEN, type="ACCUSE")),
    ],
)  # fmt: skip
def test_one_happening(why: str, first: Report, second: Report) -> None:
    one, other = replace(first, article="a1"), replace(second, article="a2")
    assert groups(one, other) == [["a1", "a2"]], why
    assert groups(other, one) == [["a1", "a2"]], why


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("another type", MET, replace(MET, type="AID")),
        ("another mode", MET, replace(MET, mode="phone")),
        ("planned is not done", MET, replace(MET, realis="future")),
        ("denied is not done", MET, replace(MET, realis="negated")),
        ("another day", MET, replace(MET, day=MONDAY + timedelta(1))),
        ("another week", replace(MET, days=6), replace(MET, day=MONDAY + timedelta(7), days=6)),
        ("the same year", replace(MET, days=364), replace(MET, days=364)),
        ("said to one, and to anybody", replace(GIVEN, type="ACCUSE"), replace(GIVEN, type="ACCUSE", recipients=())),
        ("said to nobody", replace(MET, type="AGREE"), replace(MET, type="AGREE")),
        ("the year of the day", MET, replace(MET, days=364)),
        ("no day", MET, replace(MET, day=None)),
        ("no day at all", replace(MET, day=None), replace(MET, day=None)),
        ("other parties", MET, replace(MET, actors=("CRU",))),
        ("other recipients", replace(MET, recipients=("CRU",)), replace(MET, recipients=("police",))),
        ("the parts exchanged", GIVEN, TAKEN),
        ("another country", replace(MET, place="PER"), replace(MET, place="FRA")),
        ("another city", replace(MET, place="Lima"), replace(MET, place="Cusco")),
        ("no party and no place", MET, Report("x")),
        ("the country is no place to share", replace(MET, place="PER"), Report("x", place="PER")),
        ("the police is everywhere", POLICE, POLICE),
    ],
)  # fmt: skip
def test_two_happenings(why: str, first: Report, second: Report) -> None:
    assert groups(replace(first, article="a1"), replace(second, article="a2")) == [["a1"], ["a2"]], why


def test_a_report_that_fits_two_does_not_join_them() -> None:
    one, other = Report("a1", actors=("ANA",), recipients=("BEN",)), Report("a2", actors=("ANA",), recipients=("CRU",))
    vague = Report("a3", actors=("ANA",))
    for order in itertools.permutations([one, other, vague]):
        found = groups(*order)
        assert sorted(len(articles) for articles in found) == [1, 2]
        assert ["a1", "a2"] not in [articles[:2] for articles in found]


def test_two_days_of_one_week_stay_two() -> None:
    week = Report("a3", actors=("ANA",), days=6)
    for order in itertools.permutations(
        [replace(MET, article="a1"), replace(MET, article="a2", day=MONDAY + timedelta(3)), week]
    ):
        assert sorted(len(articles) for articles in groups(*order)) == [1, 2]


def test_what_an_article_tells_apart_stays_apart() -> None:
    two = Story("a1", (replace(MET, group="a"), replace(MET, group="b", trigger="talked")))
    assert len(built([two, *stories(replace(MET, article="a2"))]).events()) == 2


def test_what_an_article_joins_stays_joined() -> None:
    story = Story("a1", (MET, replace(MET, day=MONDAY + timedelta(1), trigger="talked"), replace(MET, day=None)))
    ((count, rule, first, last),) = built([story]).events("mention_count, cluster_rule, date_start, date_end")
    assert (count, rule, first, last) == (3, "same_article", MONDAY, MONDAY + timedelta(1))


COPY = Story("c1", (replace(MET, day=MONDAY + timedelta(1)), Report("c1", "b", type="AID", day=None)), copy_of="a1")
ORIGINAL = Story("a1", (MET, Report("a1", "b", type="AID", day=None)))


@pytest.mark.parametrize("builds", [[[ORIGINAL, COPY]], [[COPY, ORIGINAL]], [[ORIGINAL], [COPY]]])
def test_a_copy_makes_no_happening_of_its_own(builds: list[list[Story]]) -> None:
    """Not even where it has another day for "yesterday", or none."""
    dataset = built(*builds)
    assert dataset.groups() == [["a1", "c1"], ["a1", "c1"]]
    columns = "mention_count, article_count, source_count, cluster_rule, date_start"
    assert dataset.events(columns) == [(2, 1, 1, "copies", MONDAY), (2, 1, 1, "copies", None)]


def test_a_copy_that_comes_before_its_original() -> None:
    assert built([COPY], [ORIGINAL]).events() == built([ORIGINAL, COPY]).events()


def test_a_copy_in_other_words_is_told_by_its_trigger() -> None:
    original, copy = Story("a1", (MET,)), Story("c1", (replace(MET, actors=("ANA",)),), copy_of="a1")
    assert built([original, copy]).groups() == [["a1", "c1"]]
    added = replace(copy, reports=(replace(MET, trigger="saw", actors=("CRU",)),))
    assert built([original, added]).groups() == [["a1"], ["c1"]]


def test_a_copy_is_no_independent_report() -> None:
    told = [Story("a1", (MET,), source="a"), Story("c1", (MET,), copy_of="a1"), Story("b1", (MET,), source="b")]
    assert built(told).events("mention_count, article_count, source_count") == [(3, 2, 2)]


def test_an_unrelated_article_changes_no_id() -> None:
    dataset = built(stories(replace(MET, article="a1"), replace(MET, article="a2")))
    before, events = dataset.ids(), dataset.events()
    dataset.build(*stories(replace(MET, article="a0", actors=("CRU",)), replace(MET, article="a3", type="AID")))
    assert before.items() <= dataset.ids().items()
    assert set(events) <= set(dataset.events())


def test_a_later_report_changes_no_id() -> None:
    dataset = built([Story("z", (MET,), published=MONDAY)])
    before = dataset.ids()
    dataset.build(Story("a", (MET,), published=MONDAY + timedelta(1)))
    assert before.items() <= dataset.ids().items()
    assert len(set(dataset.ids().values())) == 1


def test_a_commit_looks_at_the_blocks_of_its_reports_alone() -> None:
    dataset = built(stories(*(replace(MET, article=f"a{n}", day=MONDAY + timedelta(7 * n)) for n in range(9))))
    dataset.build(*stories(replace(MET, article="b", day=MONDAY + timedelta(21))))
    assert dataset.connection.execute("SELECT count(*) FROM settled").fetchone() == (2,)


def test_every_rule_is_in_the_closed_list_and_made() -> None:
    told = [
        [Story("a", (MET,))],
        [Story("a", (MET, MET))],
        [ORIGINAL, COPY],
        stories(replace(MET, article="a"), replace(MET, article="b")),
        stories(replace(MET, article="a"), replace(MET, article="b", actors=("ANA",))),
        stories(replace(MET, article="a", place="Lima"), Report("b", place="Lima")),
    ]
    made = [built(given).events("cluster_rule")[0][0] for given in told]
    assert made == list(codes("cluster_rules"))


report = st.builds(
    Report,
    article=st.just(""),
    group=st.sampled_from("ab"),
    type=st.sampled_from(["CONSULT", "AID"]),
    realis=st.sampled_from(["actual", "historical", "future"]),
    day=st.sampled_from([None, *(MONDAY + timedelta(n) for n in (0, 1, 6, 7))]),
    days=st.sampled_from([0, 0, 0, 6, 30]),
    actors=st.lists(st.sampled_from(ACTORS), max_size=2, unique=True).map(tuple),
    recipients=st.lists(st.sampled_from(ACTORS), max_size=1).map(tuple),
    place=st.sampled_from([None, "PER", *CITIES]),
    trigger=st.sampled_from(["met", "saw"]),
)


@st.composite
def newsrooms(draw: st.DrawFn) -> list[Story]:
    """Articles of which some are copies; an article's group has one type, mode and realis, as extraction makes them."""
    found: list[Story] = []
    for number in range(draw(st.integers(2, 7))):
        name = f"art{number}"
        reports = draw(st.lists(report, min_size=1, max_size=3))
        kinds = {r.group: r for r in reversed(reports)}
        same = tuple(replace(r, article=name, type=kinds[r.group].type, realis=kinds[r.group].realis) for r in reports)
        copied = draw(st.sampled_from([None, None, *(s.name for s in found if s.copy_of is None)]))
        published = draw(st.sampled_from([None, MONDAY, MONDAY + timedelta(2)]))
        found.append(Story(name, same, copied, published, draw(st.sampled_from(["s", "t", None]))))
    return found


@settings(max_examples=15, deadline=None)
@given(newsrooms(), st.randoms(use_true_random=False))
def test_order_and_split_of_the_builds_leave_no_trace(told: list[Story], random: Random) -> None:
    one = built(told)
    shuffled = sorted(told, key=lambda _: random.random())
    originals_first = sorted(shuffled, key=lambda story: story.copy_of is not None)  # a reference must exist
    cut = random.randint(0, len(told))
    other = built(originals_first[:cut], originals_first[cut:])
    each = built(*([story] for story in originals_first))
    assert one.ids() == other.ids() == each.ids()
    assert one.events() == other.events() == each.events()


@settings(max_examples=15, deadline=None)
@given(newsrooms())
def test_no_happening_holds_a_contradiction(told: list[Story]) -> None:
    dataset = built(told)
    ids = dataset.ids()
    by_event: dict[str, dict[str, list[Report]]] = {}
    for story in told:
        for number, r in enumerate(story.reports):
            unit = by_event.setdefault(ids[mention_id(story, number)], {}).setdefault(
                (story.copy_of or story.name, ""), []
            )
            unit.append(r)
    for units in by_event.values():
        for one, other in itertools.combinations(units.values(), 2):
            assert {r.type for r in one} == {r.type for r in other}
            for side in ("actors", "recipients"):
                mine, its = ({a for r in unit for a in getattr(r, side)} for unit in (one, other))
                assert not mine or not its or mine & its


def test_real_commits_in_any_order_are_one(tmp_path: Path) -> None:
    """Through Parquet: parts that hold a changed id are written again, and the check finds nothing."""

    def drafts() -> list[small.Draft]:
        first, second = small.march(), small.echo()
        third = small.Draft(
            small.ECHO, "https://third.example/echo", "third.example", small.at("2026-01-12T21:00"), "en"
        )
        third.rows["articles"][0] |= {"duplicate_of": first.article_id, "duplicate_kind": "near"}
        dockers = third.actor("dockers of Port Alder", "dockers of Port Alder", "group")
        evidence = small.ECHO[: small.ECHO.index(" Nobody")]
        third.event("marched", evidence, ("PROTEST", "demo"), date(2026, 1, 13), actors=[dockers])
        return [first, second, third]

    seen = []
    for number, order in enumerate([[[0, 1, 2]], [[1], [0], [2]], [[0, 2], [1]], [[1, 0], [2]]]):
        for run, batch in enumerate(order):
            made = drafts()
            folder = tmp_path / f"s{number}-{run}"
            last = small.commit(tmp_path / f"d{number}", folder, small.tables(*(made[n] for n in batch)))
        assert check(tmp_path / f"d{number}").findings == []
        reports = pa.concat_tables(pq.read_table(path) for path in last.snapshot.paths("event_mentions"))
        reports = reports.sort_by([(name, "ascending") for name in sort_order("event_mentions")])
        seen.append((reports.to_pylist(), [part.sha256 for part in last.snapshot.parts("events")]))
    assert all(found == seen[0] for found in seen)
    (event,) = {row["event_id"] for row in seen[0][0]}
    assert event.startswith("evt_")
