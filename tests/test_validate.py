"""The split of a batch: every bad row becomes a reject that can be read and replayed, and the rest stays whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import planted
import pyarrow as pa
import pytest
import sample_rows
from sample_rows import arrow, batch, changed

from flows.ids import sha256_hex
from flows.validate import OWN_TABLES, ContractError, validate
from schemas import TABLES
from schemas.arrow import arrow_schema

ROOT = Path(__file__).parent.parent
VIOLATIONS = [
    (table, check, row)
    for table, check, row in planted.violations()
    if table in TABLES and not (TABLES[table].is_merged() and check == "unique_key")
]


def told(result) -> list[tuple[str, str]]:
    return [(reject.table, reject.reason_code) for reject in result.rejects]


def test_good_tables_come_back_as_they_were():
    tables = sample_rows.tables()
    result = validate(tables)
    assert result.rejects == []
    assert all(result.tables[name].equals(table, check_metadata=True) for name, table in tables.items())


def test_empty_tables_keep_their_types():
    result = validate({name: arrow_schema(name).empty_table() for name in TABLES})
    assert result.rejects == []
    assert all(table.schema.equals(arrow_schema(name)) for name, table in result.tables.items())


def test_an_empty_table_beside_a_bad_row_keeps_its_types():
    table, _, row = next(found for found in VIOLATIONS if found[0] == "quotes")
    empty = arrow_schema("rejects").empty_table()
    result = validate({table: arrow(table, [row]), "rejects": empty})
    assert result.tables["rejects"].equals(empty, check_metadata=True)
    assert result.tables[table].num_rows == 0
    assert len(result.rejects) == 1


@pytest.mark.parametrize(("table", "check", "row"), VIOLATIONS, ids=[f"{t}-{c}" for t, c, _ in VIOLATIONS])
def test_every_planted_violation_is_split_off(table, check, row):
    good = planted.good(table)
    rows = arrow(table, [*good, row])
    name = check.split()[-1]
    if table in OWN_TABLES:
        with pytest.raises(ContractError, match=rf"breaks {name}: .* Correct the code that writes {table}\.$"):
            validate({table: rows})
        return
    result = validate({table: rows})
    assert result.tables[table].to_pylist() == good
    (reject,) = result.rejects
    assert (reject.stage, reject.table) == ("validate", table)
    assert f" breaks {name}: " in reject.reason
    assert json.loads(reject.payload).keys() == row.keys()
    assert reject.payload_sha256 == sha256_hex(reject.payload)
    assert reject.reason_code in {"null_value", "not_in_list", "bad_value", "broken_rule", "duplicate_key"}


def test_a_reject_names_column_check_and_value_and_keeps_the_row():
    (reject,) = validate(changed("quotes", stance_code="praise")).rejects
    assert reject.reason_code == "not_in_list"
    assert reject.reason == (
        "quotes.stance_code breaks stance_code_in_stances: stance_code is a code of the closed list stances. "
        "Found stance_code='praise'."
    )
    assert reject.input_uri == "data/raw/1.jsonl"
    assert json.loads(reject.payload)["said_date"] == "2024-03-04"
    assert json.loads(reject.payload)["text"] == "El diálogo sigue 🕊️ abierto"


def test_all_that_is_wrong_with_a_row_stands_in_one_reject():
    (reject,) = validate(changed("quotes", stance_code="praise", confidence=2.0, rule=None)).rejects
    assert reject.reason.count(" breaks ") == 3


def test_a_long_value_is_cut_in_the_reason_and_whole_in_the_payload():
    rejects = validate(changed("actor_mentions", 1, role_text="", rule="", surface="x" * 500)).rejects
    reject = next(reject for reject in rejects if reject.table == "actor_mentions")
    assert len(reject.reason) < 800
    assert json.loads(reject.payload)["surface"] == "x" * 500


def test_the_first_copy_of_a_key_stays():
    first, second = sample_rows.rows()["segments"]
    copy = {**first, "kind": "list"}
    result = validate(batch(segments=[first, copy, second, copy]))
    assert result.tables["segments"].to_pylist() == [first, second]
    assert told(result) == [("segments", "duplicate_key")] * 2


def test_a_good_copy_takes_the_place_of_a_bad_first_one():
    first, second = sample_rows.rows()["segments"]
    result = validate(batch(segments=[{**first, "kind": "tweet"}, first, first, second]))
    assert result.tables["segments"].to_pylist() == [first, second]
    assert told(result) == [("segments", "not_in_list"), ("segments", "duplicate_key")]


def test_merged_tables_may_hold_a_key_several_times():
    actors = sample_rows.rows()["actors"]
    result = validate(batch(actors=[*actors, {**actors[0], "aliases": ["Ana"]}]))
    assert result.rejects == []
    assert result.tables["actors"].num_rows == 3


def test_accepted_and_rejected_rows_are_all_rows():
    rows = sample_rows.rows()
    rows["quotes"][0]["kind"] = "x"
    rows["actors"][1]["name"] = ""
    rows["segments"].append(rows["segments"][0])
    tables = {name: arrow(name, rows[name]) for name in rows}
    result = validate(tables)
    for name, table in tables.items():
        assert result.tables[name].num_rows + sum(r.table == name for r in result.rejects) == table.num_rows


def test_what_was_accepted_is_accepted_again():
    first = validate(changed("actors", 1, kind="company"))
    again = validate(first.tables)
    assert again.rejects == []
    assert all(again.tables[name].equals(first.tables[name]) for name in first.tables)


def test_the_same_batch_gives_the_same_rejects():
    assert (
        validate(changed("articles", language="Spanish")).rejects
        == validate(changed("articles", language="Spanish")).rejects
    )


def test_columns_may_come_in_any_order():
    table = sample_rows.tables()["actors"]
    result = validate({"actors": table.select(table.column_names[::-1])})
    assert result.tables["actors"].column_names == arrow_schema("actors").names


def test_tables_that_break_the_contract_are_errors_not_rejects():
    tables = sample_rows.tables()
    with pytest.raises(ContractError, match="no table 'quote'"):
        validate({"quote": tables["quotes"]})
    with pytest.raises(ContractError, match=r"quotes: these columns are missing or unknown: cue$"):
        validate({"quotes": tables["quotes"].drop_columns(["cue"])})
    with pytest.raises(ContractError, match=r"actors: these columns are missing or unknown: age$"):
        validate({"actors": tables["actors"].append_column("age", pa.array([1, 2]))})
    odd = tables["texts"].set_column(1, "text", tables["texts"]["text"].cast(pa.large_string()))
    with pytest.raises(ContractError, match=r"texts\.text is large_string; make it string$"):
        validate({"texts": odd})


def test_chunked_tables_are_split_like_whole_ones():
    table = sample_rows.tables()["actors"]
    chunks = pa.concat_tables(
        [table.slice(0, 1), arrow("actors", [planted.bad("actors", {"kind": "x"})]), table.slice(1)]
    )
    result = validate({"actors": chunks})
    assert result.tables["actors"].to_pylist() == table.to_pylist()


def test_no_environment_variable_turns_the_checks_off():
    code = (
        "import planted, pyarrow as pa; from flows.validate import validate; from schemas.arrow import arrow_schema\n"
        "rows = [planted.bad('texts', {'text': ''})]\n"
        "print(len(validate({'texts': pa.Table.from_pylist(rows, schema=arrow_schema('texts'))}).rejects))"
    )
    for setting in ({"PANDERA_VALIDATION_ENABLED": "False"}, {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}):
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        environment = os.environ | setting | {"PYTHONPATH": paths}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "1", setting


def test_one_article_takes_little_time():
    tables = sample_rows.tables()
    validate(tables)
    started = time.perf_counter()
    for _ in range(5):
        validate(tables)
    assert time.perf_counter() - started < 2.5  # 0.05 s each on an idle machine


def test_a_large_batch_takes_little_time():
    count = 200_000
    mentions = sample_rows.tables()["actor_mentions"].take(pa.array([i % 2 for i in range(count)]))
    ids = pa.array([f"men_{i:016x}" for i in range(count)])
    tables = sample_rows.tables() | {"actor_mentions": mentions.set_column(0, mentions.schema.field(0), ids)}
    del tables["event_participants"]
    started = time.perf_counter()
    assert validate(tables).rejects == []
    assert time.perf_counter() - started < 3  # 0.3 s on an idle machine
