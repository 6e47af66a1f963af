"""Floors hold, are never lowered without a word, and are only those of the gold that they were taken with."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from flows.cli import run
from flows.score import Scorecard, floors, gold
from flows.score.counts import MEASURES, Count
from flows.score.marking import Marks

ARTICLE = """
language = "en"
published = 2026-03-14
text = '''
"The bridge will stay shut all summer," said Ann Poe.

"I saw nobody at all on the bridge," said Bob Lee.
'''

[[quote]]
text = "The bridge will stay shut all summer,"
kind = "direct"
speaker = "Ann Poe"

[[actor]]
name = "Ann Poe"
kind = "person"
"""


def card(right: int, *, digest: str = "d1", language: str = "en") -> Scorecard:
    counts = {measure: Count() for measure in MEASURES} | {"quotes": Count(right, 100, 100), "speaker": Count(3, 4, 4)}
    return Scorecard({language: Marks(counts)}, {language: 1}, {language: digest})


def test_floors_are_rounded_down_and_read_back(tmp_path: Path) -> None:
    kept = floors.updated(card(29), floors.Kept({}, {}))
    assert kept.floors == {"en": {"quotes": 0.29, "speaker": 0.75}}
    floors.write(kept, tmp_path / "floors.toml")
    assert floors.read(tmp_path / "floors.toml") == kept
    third = Scorecard({"en": Marks({m: Count() for m in MEASURES} | {"dates": Count(2, 3, 3)})}, {"en": 1}, {"en": "d"})
    assert floors.updated(third, floors.Kept({}, {})).floors == {"en": {"dates": 0.66}}


def test_a_figure_at_its_floor_is_well_and_one_under_it_is_named() -> None:
    kept = floors.updated(card(90), floors.Kept({}, {}))
    assert floors.problems(card(90), kept) == []
    assert floors.problems(card(95), kept) == []
    assert floors.problems(card(89), kept) == ["en: quotes is 0.8900, its floor 0.90"]


def test_a_measure_that_is_no_longer_measured_is_under_its_floor() -> None:
    kept = floors.Kept({"en": {"events": 0.5}}, {"en": "d1"})
    assert floors.problems(card(90), kept) == ["en: events is 0.0000, its floor 0.50"]


def test_floors_of_other_gold_are_to_be_taken_again() -> None:
    kept = floors.updated(card(90), floors.Kept({}, {}))
    [problem] = floors.problems(card(90, digest="d2"), kept)
    assert "gold of en" in problem
    assert "--update-floors" in problem
    assert floors.problems(card(90), floors.Kept({}, {})) != []


def test_floors_rise_and_never_fall_without_a_word() -> None:
    kept = floors.updated(card(90), floors.Kept({}, {}))
    assert floors.updated(card(95), kept).floors["en"]["quotes"] == 0.95
    for lower in (card(80), card(80, digest="d2")):
        with pytest.raises(floors.FloorsError, match=r"--allow-lower.*en: quotes 0.90 to 0.80"):
            floors.updated(lower, kept)
        assert floors.updated(lower, kept, allow_lower=True).floors["en"]["quotes"] == 0.80


def test_floors_of_other_languages_stay() -> None:
    kept = floors.updated(card(90), floors.Kept({}, {}))
    both = floors.updated(card(50, language="es", digest="d3"), kept)
    assert both.floors["en"] == kept.floors["en"]
    assert both.digests == {"en": "d1", "es": "d3"}
    assert floors.problems(card(90), both) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[en]\nquotes = 0.9\n", "'gold'"),
        ('[en]\ngold = "d"\nquotas = 0.9\n', "en.quotas: there is no such measure"),
        ('[en]\ngold = "d"\nquotes = "high"\n', "could not convert"),
        ("[en\n", "floors.toml"),
    ],
)
def test_a_broken_file_of_floors_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "floors.toml").write_text(text, "utf-8")
    with pytest.raises(floors.FloorsError, match=says):
        floors.read(tmp_path / "floors.toml")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose only gold is one English article: the extractor finds its quote, and one that is not in it."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(gold, "FOLDER", tmp_path / "gold")
    monkeypatch.setattr(floors, "FILE", tmp_path / "floors.toml")
    (tmp_path / "gold" / "en").mkdir(parents=True)
    (tmp_path / "gold" / "en" / "bridge.toml").write_text(ARTICLE, "utf-8")
    return tmp_path


def test_the_command_keeps_the_floors(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score"]) == 1
    assert "newsevents score --update-floors" in capsys.readouterr().err
    assert run(["score", "--update-floors"]) == 0
    assert run(["score"]) == 0
    assert tomllib.loads((own / "floors.toml").read_text())["en"]["quotes"] == 0.66
    text = (own / "floors.toml").read_text()
    (own / "floors.toml").write_text(text.replace("quotes = 0.66", "quotes = 0.67"))
    capsys.readouterr()
    assert run(["score", "--language", "en"]) == 1
    assert "en: quotes is 0.6667, its floor 0.67" in capsys.readouterr().err
    assert run(["score", "--update-floors"]) == 1
    assert "quotes = 0.67" in (own / "floors.toml").read_text()
    assert run(["score", "--update-floors", "--allow-lower"]) == 0
    assert (own / "floors.toml").read_text() == text


def test_the_command_prints_tables_misses_and_json(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", "--update-floors", "--misses", "5", "--rules"])
    page = capsys.readouterr().out
    assert [line.split()[1:] for line in page.splitlines() if line.startswith("quotes ")] == [
        ["1", "2", "1", "0.500", "1.000", "0.667", "0.66"]
    ]
    assert "quotes, en/bridge.toml: found I saw nobody at all on the bridge,, which is not there" in page
    assert "actors, en/bridge.toml: found Bob Lee" in page
    assert run(["score", "--json", "--misses", "1", "--rules"]) == 0
    first = capsys.readouterr().out
    found = json.loads(first)
    assert found["scores"]["en"]["quotes"] == {
        "right": 1, "found": 2, "wanted": 1, "precision": 0.5, "recall": 1.0, "f1": 0.6667,
    }  # fmt: skip
    assert found["calibration"][0]["quotes"] == 1
    assert [band["share"] for band in found["rules"]] == [1.0]
    assert len(found["misses"]) == 2
    assert found["under_floor"] == []
    run(["score", "--json", "--misses", "1", "--rules"])
    assert capsys.readouterr().out == first
    assert run(["score", "--gold", str(own / "gold")]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--language", "zz"], "no gold articles in 'zz'"),
        (["--gold", "nowhere"], "no folder 'nowhere'"),
        (["--allow-lower"], "--update-floors"),
        (["--gold", ".", "--update-floors"], "without --gold"),
    ],
)
def test_wrong_usage(own: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    assert own.exists()
    assert run(["score", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_wrong_gold_file_ends_the_command_with_its_name(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own / "gold" / "en" / "bridge.toml"
    path.write_text(ARTICLE.replace('speaker = "Ann Poe"', 'speaker = "Bob"'), "utf-8")
    assert run(["score"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "newsevents: en/bridge.toml: quote 1: the speaker 'Bob' is the name of no actor"
    )
