"""The views of happenings on a small dataset as a commit makes it, and the codebook that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import small

from flows import query
from flows.ids import content_id
from schemas.views import macros
from schemas.vocab import codes

DAY = date(2026, 1, 11)
TEXT = "Valdor accused Ostmark of spying. Valdor sent Ostmark tents. Ostmark expelled an envoy of Valdor. It may rain."


def draft() -> small.Draft:
    """Two states on one day: an accusation forth, aid forth, an expulsion back, and one thing that is only possible."""
    made = small.Draft(TEXT, "https://wire.example/states", "wire.example", small.at("2026-01-11T20:00"), "en")
    valdor = made.actor("Valdor", "Valdor", "country", "FRA")
    ostmark = made.actor("Ostmark", "Ostmark", "country", "DEU")
    told = [
        ("accused", ("ACCUSE", "allege"), valdor, ostmark, "actual"),
        ("sent", ("AID", None), valdor, ostmark, "actual"),
        ("expelled", ("SANCTION", "expel"), ostmark, valdor, "actual"),
        ("rain", ("AID", None), ostmark, valdor, "hypothetical"),
    ]
    for trigger, kind, doer, undergoer, realis in told:
        evidence = next(s for s in TEXT.split(". ") if trigger in s)
        mention_id = made.event(trigger, evidence, kind, DAY, actors=[doer])
        made.rows["event_mentions"][-1] |= {"realis": realis, "event_id": content_id("evt", trigger)}
        part = {"event_mention_id": mention_id, "actor_id": undergoer[0], "actor_mention_id": undergoer[1]}
        made.rows["event_participants"].append({**part, "role": "recipient"})
    return made


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("happenings")
    small.commit(folder / "d", folder / "s", small.tables(draft(), small.call(), small.march()))
    with query.connect(folder / "d") as opened:
        yield opened


def rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]]:
    return [row for batch in query.run(connection, statement).batches for row in batch.to_pylist()]


def test_events_between_two_states_say_who_did_it(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(connection, "SELECT type, direction, realis FROM events_between('FRA', 'DEU') ORDER BY ALL")
    assert [(row["type"], row["direction"], row["realis"][0]) for row in found] == [
        ("ACCUSE", "forth", "actual"),
        ("AID", "back", "hypothetical"),
        ("AID", "forth", "actual"),
        ("SANCTION", "back", "actual"),
    ]
    back = rows(connection, "SELECT type, direction FROM events_between('DEU', 'FRA') ORDER BY ALL")
    assert [row["direction"] for row in back] == ["back", "back", "forth", "forth"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("MEX", "USA"), ("mex", "usa"), ("Elena Prado", "John Reed"), ("elena prado", "USA"), ("USA", "MEX")],
)
def test_events_between_takes_codes_and_names(connection: duckdb.DuckDBPyConnection, first: str, second: str) -> None:
    (row,) = rows(connection, f"FROM events_between('{first}', '{second}')")
    assert (row["type"], row["mode"], row["direction"]) == ("CONSULT", "phone", "together")
    assert row["actors"] == ["Elena Prado", "John Reed"]
    assert list(row) == list(macros()["events_between"].columns)


@pytest.mark.parametrize(("first", "second"), [("MEX", "MEX"), ("MEX", "FRA"), ("x' OR 1=1 --", "USA"), ("", "")])
def test_events_between_those_that_share_none(connection: duckdb.DuckDBPyConnection, first: str, second: str) -> None:
    quoted = (value.replace("'", "''") for value in (first, second))
    assert rows(connection, "FROM events_between('{}', '{}')".format(*quoted)) == []


def test_a_country_has_a_row_for_each_of_its_days(connection: duckdb.DuckDBPyConnection) -> None:
    found = {(row["country_code"], row["date"]): row for row in rows(connection, "FROM country_day")}
    assert sorted(found) == [(code, DAY) for code in ("DEU", "FRA", "MEX", "USA")], "the dockers are of no country"
    france = found["FRA", DAY]
    assert (france["event_count"], france["accuse"], france["aid"], france["sanction"]) == (3, 1, 1, 1)
    assert france["protest"] == 0
    assert france["mean_intensity"] == round((-3.5 + 10 - 5.5) / 3, 2)
    assert sum(france[type_.lower()] for type_ in codes("event_types")) == 3, "what is only possible does not count"


def test_the_timeline_has_every_dated_happening(connection: duckdb.DuckDBPyConnection) -> None:
    assert len(rows(connection, "FROM timeline")) == 6


def test_macros_are_listed_with_how_to_call_them(connection: duckdb.DuckDBPyConnection) -> None:
    (listed,) = (entry for entry in query.listing(connection) if entry.kind == "macro")
    assert (listed.name, listed.rows) == ("events_between(first_party, second_party)", None)
    assert "FROM events_between('MEX', 'USA')" in listed.comment


def test_the_catalog_file_has_the_macro_for_any_client(tmp_path: Path) -> None:
    small.build(tmp_path / "d", tmp_path / "s")
    with duckdb.connect(str(tmp_path / "d" / "newsevents.duckdb"), read_only=True) as opened:
        assert opened.execute("SELECT count(*) FROM events_between('MEX', 'USA')").fetchone() == (1,)
        functions = "SELECT comment FROM duckdb_functions() WHERE function_name = 'events_between'"
        assert "One row is" in opened.execute(functions).fetchall()[0][0]


def test_the_codebook_is_a_table_of_the_dataset(connection: duckdb.DuckDBPyConnection) -> None:
    found = {(row["type"], row["mode"]): row for row in rows(connection, "FROM event_types")}
    assert {type_ for type_, _ in found} == set(codes("event_types"))
    assert {mode for _, mode in found if mode} == set(codes("modes"))
    assert all((type_, None) in found for type_ in codes("event_types"))
    for row in found.values():
        assert all(row[column] is not None for column in row if column not in ("mode", "note")), row


def test_the_published_contradictions_are_noted(connection: duckdb.DuckDBPyConnection) -> None:
    """The manual puts SANCTION into two quad classes, and scores ACCUSE above zero and its modes below."""
    found = {row["type"]: row for row in rows(connection, "FROM event_types WHERE mode IS NULL")}
    assert (found["SANCTION"]["quad_class"], found["ACCUSE"]["intensity"]) == (4, -3.0)
    assert "3 in the summary" in found["SANCTION"]["note"]
    assert "+3" in found["ACCUSE"]["note"]
    assert sum(row["note"] is not None for row in found.values()) == 2
