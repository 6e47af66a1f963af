"""Every case of tests/cases/<language>/extract*.toml: a text in, the rows that it must and must not give out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from flows.lexicons import languages
from flows.model import Document
from flows.pipeline import Processed, process

FOLDER = Path(__file__).parent / "cases"
KEYS = {"teaches", "text", "published", "quotes", "actors", "absent", "events", "sources"}


def load() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*/extract*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text("utf-8"))["case"], 1):
            unknown = case.keys() - KEYS
            if unknown or not {"teaches", "text"} <= case.keys():
                raise ValueError(f"{path.name}, case {number}: keys {sorted(unknown)}; needs teaches and text")
            found.append(pytest.param(path.parent.name, case, id=f"{path.parent.name}-{number}-{case['teaches'][:50]}"))
    return found


CASES = load()


def rows_of(language: str, case: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    published = case.get("published")
    document = Document(text=case["text"], language=language, published_at=published and published.isoformat())
    result = process(document)
    assert isinstance(result, Processed), result
    return result.rows


@pytest.mark.parametrize(("language", "case"), CASES)
def test_case(language: str, case: dict[str, Any]) -> None:
    rows = rows_of(language, case)
    actors = {a["actor_id"]: a for a in rows["actors"]}
    shown = [{key: "" if value is None else value for key, value in a.items()} for a in actors.values()]
    if "quotes" in case:
        assert quotes(rows, actors, case["quotes"]) == case["quotes"]
    for wanted in case.get("actors", ()):
        assert any(wanted.items() <= a.items() for a in shown), (wanted, shown)
    for name in case.get("absent", ()):
        assert all(name not in (a["name"], *a["aliases"]) for a in actors.values()), name
    if "events" in case:
        assert events(rows, actors, case["events"]) == case["events"]
    for wanted in case.get("sources", ()):
        assert any(wanted.items() <= s.items() for s in rows["sources"]), (wanted, rows["sources"])


def quotes(rows: Any, actors: Any, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the case asks of each quote; `speaker` is the actor's name, or "" for nobody."""
    shown = []
    for number, row in enumerate(rows["quotes"]):
        full = {
            **row,
            "speaker": actors[row["speaker_actor_id"]]["name"] if row["speaker_actor_id"] else "",
            "stance": row["stance_code"],
            "part": row["utterance_id"] != row["quote_id"],
        }
        asked = wanted[number] if number < len(wanted) else {"text": "", "speaker": ""}
        shown.append({key: full[key] for key in asked})
    return shown


def events(rows: Any, actors: Any, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the case asks of each event, in order of the triggers; parties are names, sorted."""
    shown = []
    for number, row in enumerate(rows["event_mentions"]):
        parts: dict[str, list[str]] = {"actor": [], "recipient": []}
        for part in rows["event_participants"]:
            if part["event_mention_id"] == row["event_mention_id"]:
                parts[part["role"]].append(actors[part["actor_id"]]["name"])
        full = {
            **row,
            "mode": row["mode"] or "",
            "actors": sorted(parts["actor"]),
            "recipients": sorted(parts["recipient"]),
            "date": row["date_start"],
            "place": row["place_name"] or "",
            "country": row["place_country_code"] or "",
            "at": f"{row['latitude']:.1f} {row['longitude']:.1f}" if row["latitude"] is not None else "",
            "basis": row["place_basis"],
        }
        asked = wanted[number] if number < len(wanted) else {"type": "", "trigger": ""}
        shown.append({key: full[key] for key in asked})
    return shown


@pytest.mark.parametrize("language", languages())
def test_every_language_has_cases(language: str) -> None:
    assert sum(param.values[0] == language for param in CASES) >= 60


@pytest.mark.parametrize("language", languages())
def test_every_language_has_cases_of_events_and_of_none(language: str) -> None:
    found = [
        param.values[1]["events"] for param in CASES if param.values[0] == language and "events" in param.values[1]
    ]
    assert sum(map(bool, found)) >= 60
    assert sum(not events for events in found) >= 15


@pytest.mark.parametrize(("language", "case"), CASES)
def test_spans_hold_their_words(language: str, case: dict[str, Any]) -> None:
    text, rows = case["text"], rows_of(language, case)
    for table, start, end, column in (
        ("quotes", "char_start", "char_end", "text"),
        ("quotes", "speaker_start", "speaker_end", "speaker_surface"),
        ("actor_mentions", "char_start", "char_end", "surface"),
        ("event_mentions", "trigger_start", "trigger_end", "trigger"),
    ):
        for row in rows[table]:
            if row[column] is not None:
                assert text[row[start] : row[end]] == row[column]


@pytest.mark.parametrize(("language", "case"), CASES)
def test_whoever_takes_part_is_mentioned(language: str, case: dict[str, Any]) -> None:
    rows = rows_of(language, case)
    mentioned = {row["actor_mention_id"] for row in rows["actor_mentions"]}
    assert {row["actor_mention_id"] for row in rows["event_participants"]} <= mentioned
    assert {row["actor_id"] for row in rows["actors"]} == {row["actor_id"] for row in rows["actor_mentions"]}
