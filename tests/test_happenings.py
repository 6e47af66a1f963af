"""Which reports are of one happening: the same whatever the order and the split of the builds, and never a guess."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import ACTORS, CITIES, MONDAY, Dataset, Report, Story, built, groups, mention_id, stories

from flows.check import check
from flows.store.parts import sort_order
from schemas.vocab import codes

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


@settings(max_examples=8, deadline=None)
@given(newsrooms(), st.data())
def test_an_article_that_becomes_a_copy_of_another_leaves_no_trace(told: list[Story], data: st.DataObject) -> None:
    """Whatever it was a copy of in the builds before: an original that comes late takes its copies over."""
    dataset = Dataset()
    known: dict[str, str | None] = {}
    for story in sorted(told, key=lambda _: data.draw(st.integers())):
        names = [*known, story.name]
        originals = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        links = {name: None if name in originals else data.draw(st.sampled_from([None, *originals])) for name in names}
        now = {name: links[name] for name in known if links[name] != known[name]}
        dataset.build(replace(story, copy_of=links[story.name]), relinked=now)
        known = links
    final = {story.name: story.copy_of for story in told}
    dataset.build(relinked={name: of for name, of in final.items() if of != known[name]})
    one = built(told)
    assert dataset.ids() == one.ids()
    assert dataset.events() == one.events()


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
            small.ECHO, "https://third.example/echo", "third.example", small.at("2026-01-13T21:00"), "en"
        )
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
