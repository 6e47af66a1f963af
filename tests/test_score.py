"""The scorecard by hand: a small article with known rows, figures that fit on a fingernail."""

from __future__ import annotations

from datetime import date as day
from pathlib import Path
from typing import Any

import pytest

from flows.score import ALL, Band, bands, by_rule, score
from flows.score import gold as gold_files
from flows.score.counts import Count, Pair, overlap, pairs
from flows.score.marking import Attribution, mark

GOLD = """
language = "en"
published = 2026-03-14
text = '''
"The bridge is shut for good," said Ann Poe on Monday. Bob Lee denied that it was shut. The union met Poe in 2025.
'''

[[quote]]
text = "The bridge is shut for good,"
kind = "direct"
speaker = "Ann Poe"

[[quote]]
text = "it was shut"
kind = "indirect"
speaker = "Bob Lee"
stance = "denial"

[[actor]]
name = "Ann Poe"
also = ["Poe"]
kind = "person"
country = "USA"
sector = "CVL"

[[actor]]
name = "Bob Lee"
kind = "person"

[[actor]]
name = "The union"
kind = "organization"
sector = "LAB"

[[date]]
text = "Monday"
value = "2026-03-09"

[[date]]
text = "2025"
value = "2025"

[[event]]
trigger = "met"
type = "CONSULT"
actors = ["The union", "Ann Poe"]
date = "2025"
"""


@pytest.fixture
def article(tmp_path: Path) -> gold_files.Gold:
    path = tmp_path / "en" / "bridge.toml"
    path.parent.mkdir()
    path.write_text(GOLD, "utf-8")
    return gold_files.read(path)


def actor(actor_id: str, name: str, kind: str = "person", **more: Any) -> dict[str, Any]:
    return {
        "actor_id": actor_id,
        "name": name,
        "aliases": [],
        "kind": kind,
        "country_code": None,
        "sector_code": None,
    } | more


def quote(text: str, words: str, speaker: str | None, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    row = {"char_start": start, "char_end": start + len(words), "text": words, "speaker_actor_id": speaker}
    return row | {"kind": "direct", "stance_code": "neutral", "rule": "quote.behind", "confidence": 0.9} | more


def date(text: str, words: str, value: str | None) -> dict[str, Any]:
    start = text.index(words)
    return {"char_start": start, "char_end": start + len(words), "surface": words, "value": value, "end": None}


def event(text: str, words: str, kind: str, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    row = {"event_mention_id": f"e{start}", "trigger": words, "trigger_start": start, "trigger_end": start + len(words)}
    unsaid = {"mode": None, "realis": "actual", "date_start": None, "place_name": None}
    return row | unsaid | {"type": kind} | more


def rows(**tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    names = ("actors", "actor_mentions", "quotes", "event_mentions", "event_participants")
    return {name: tables.get(name, []) for name in names}


def test_nothing_found_is_all_missed(article: gold_files.Gold) -> None:
    marks = mark(article, rows(), [])
    assert marks.counts["quotes"] == Count(0, 0, 2)
    assert marks.counts["speaker"] == Count(0, 0, 0)
    assert marks.counts["actors"] == Count(0, 0, 3)
    assert marks.counts["dates"] == Count(0, 0, 2)
    assert marks.counts["events"] == Count(0, 0, 1)
    assert len(marks.misses) == 8
    assert marks.counts["quotes"].recall == 0
    assert marks.counts["quotes"].precision is None
    assert marks.counts["speaker"].f1 is None


def test_quotes_pair_by_overlap_and_speakers_by_their_actor(article: gold_files.Gold) -> None:
    text = article.file.text
    found = rows(
        actors=[actor("a", "Poe"), actor("b", "Bob Lee")],
        quotes=[
            quote(text, "The bridge is shut for good", "a"),  # without the comma: 27 of 28 characters
            quote(text, "that it was shut", "a", kind="indirect"),  # 11 of 16 are fewer than 0.7
            quote(text, "it was shut", "a", kind="indirect", confidence=0.6, stance_code="denial"),
        ],
    )
    marks = mark(article, found, [])
    assert marks.counts["quotes"] == Count(2, 3, 2)
    assert marks.counts["quotes"].precision == pytest.approx(2 / 3)
    assert marks.counts["quotes"].recall == 1
    assert marks.counts["quotes"].f1 == pytest.approx(0.8)
    assert marks.counts["quote_kind"] == Count(2, 2, 2)
    assert marks.counts["stance"] == Count(2, 2, 2)
    assert marks.counts["speaker"] == Count(1, 2, 2)
    assert [a.is_right for a in marks.attributions] == [True, False]
    [miss] = [miss for miss in marks.misses if miss.measure == "speaker"]
    assert (miss.file, miss.text, miss.wanted, miss.found) == ("en/bridge.toml", "it was shut", "Bob Lee", "Ann Poe")


def test_of_two_quotes_on_one_place_the_one_of_the_same_kind_is_meant(article: gold_files.Gold) -> None:
    text = article.file.text
    found = rows(
        actors=[actor("b", "Bob Lee")],
        quotes=[quote(text, "it was shut", None, kind="partial"), quote(text, "it was shut", "b", kind="indirect")],
    )
    marks = mark(article, found, [])
    assert marks.counts["quotes"] == Count(1, 2, 2)
    assert marks.counts["speaker"] == Count(1, 1, 1)


def test_actors_pair_by_any_form(article: gold_files.Gold) -> None:
    found = rows(
        actors=[
            actor("a", "A. Poe", aliases=["Ann Poe"], country_code="USA", sector_code="GOV"),
            actor("c", "Poe"),  # the same one again: it has no partner left
            actor("u", "union", "group", sector_code="LAB"),
            actor("m", "Monday", "organization"),
        ],
        actor_mentions=[{"actor_id": "m", "surface": "Bob Lee", "kind": "pronoun"}],  # which is no form
    )
    marks = mark(article, found, [])
    assert marks.counts["actors"] == Count(2, 4, 3)
    assert marks.counts["actor_kind"] == Count(1, 2, 2)
    assert marks.counts["actor_country"] == Count(2, 2, 2)
    assert marks.counts["actor_sector"] == Count(1, 2, 2)


def test_a_speaker_without_a_partner_is_right_by_a_form(article: gold_files.Gold) -> None:
    found = rows(
        actors=[actor("a", "Ann Poe"), actor("c", "Poe")],
        quotes=[quote(article.file.text, "The bridge is shut for good,", "c")],
    )
    assert mark(article, found, []).counts["speaker"] == Count(1, 1, 1)


def test_dates(article: gold_files.Gold) -> None:
    text = article.file.text
    found = [date(text, "on Monday", "2026-03-09"), date(text, "in 2025", "2025-01-01"), date(text, "shut", None)]
    marks = mark(article, rows(), found)
    assert marks.counts["dates"] == Count(2, 3, 2)
    assert marks.counts["date_value"] == Count(1, 2, 2)


def test_events_need_the_same_type_and_their_parties_the_same_role(article: gold_files.Gold) -> None:
    text = article.file.text
    found = rows(
        actors=[actor("a", "Ann Poe"), actor("u", "the union", "organization")],
        event_mentions=[
            event(text, "met Poe", "CONSULT", date_start=day(2025, 1, 1), place_name="Bristol"),
            event(text, "denied", "REJECT"),
        ],
        event_participants=[
            {"event_mention_id": f"e{text.index('met Poe')}", "actor_id": actor_id, "role": role}
            for actor_id, role in (("u", "actor"), ("a", "recipient"))
        ],
    )
    marks = mark(article, found, [])
    assert marks.counts["events"] == Count(1, 2, 1)
    assert marks.counts["participants"] == Count(1, 2, 2)
    assert marks.counts["event_mode"] == Count(1, 1, 1)
    assert marks.counts["event_date"] == Count(1, 1, 1)
    assert marks.counts["event_place"] == Count(0, 1, 1)
    other = rows(event_mentions=[event(text, "met", "ASSAULT")])
    assert mark(article, other, []).counts["events"] == Count(0, 1, 1)


def test_pairs_are_one_to_one_and_the_most_alike_first() -> None:
    alike = {(0, 0): 0.8, (0, 1): 0.9, (1, 1): 0.95}
    assert pairs(2, 2, lambda w, f: alike.get((w, f), 0)) == [Pair(0, 0), Pair(1, 1)]
    assert pairs(2, 1, lambda _w, _f: 1) == [Pair(0, 0)]
    assert pairs(1, 1, lambda _w, _f: 0) == []


def test_overlap() -> None:
    assert overlap((0, 10), (0, 10)) == 1
    assert overlap((0, 10), (5, 15)) == pytest.approx(1 / 3)
    assert overlap((0, 10), (10, 20)) == overlap((0, 5), (7, 9)) == 0


def test_bands_of_confidence_end_before_the_next_and_the_last_with_one() -> None:
    listed = [Attribution("x", c, right) for c, right in ((0.5, True), (0.69, False), (0.7, True), (1.0, True))]
    found = bands(listed)
    assert [(band.name, band.quotes, band.right) for band in found] == [
        ("0.5-0.7", 2, 1),
        ("0.7-0.8", 1, 1),
        ("0.9-1.0", 1, 1),
    ]
    assert found[0].share == 0.5
    assert found[0].confidence == pytest.approx(0.595)
    assert by_rule([Attribution("b", 1, is_right=False), Attribution("a", 0.5, is_right=True)]) == [
        Band("a", 1, 1, 0.5),
        Band("b", 1, 0, 1),
    ]


def test_the_whole_way_and_the_sum_of_languages(tmp_path: Path) -> None:
    for language in ("en", "es"):
        path = tmp_path / language / "bridge.toml"
        path.parent.mkdir()
        path.write_text(GOLD.replace('"en"', f'"{language}"'), "utf-8")
    card = score(folder=tmp_path)
    assert list(card.marks) == ["en", "es", ALL]
    assert card.articles == {"en": 1, "es": 1, ALL: 2}
    for measure in ("quotes", "speaker", "dates", "events"):  # the extractor is not told the language
        assert card.marks["en"].counts[measure] == card.marks["es"].counts[measure]
    assert card.marks[ALL].counts["quotes"].wanted == 4
    assert card.marks["en"].counts["quotes"].right >= 1
    assert list(score(["en"], tmp_path).marks) == ["en"]
    assert score(folder=tmp_path).summary() == card.summary()
