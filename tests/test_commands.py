"""What each command prints, for people and for programs."""

from __future__ import annotations

import io
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import small
from newsroom import article, articles, write_lines
from processes import newsevents

from flows.answers import answer
from flows.arrow import to_arrow
from flows.cli import run
from flows.commands.extract import LINES_AT_ONCE, answers, workers_for
from flows.lines import Lines
from flows.model import Reject
from flows.read.limits import LIMITS
from flows.store.snapshots import latest
from flows.tables import reject_row
from schemas import columns

REJECTS = [
    Reject("read", "bad_json", "no JSON: \x1b[31mred\x1b[0m", input_uri="a.jsonl", byte_offset=7, payload="{"),
    Reject("article", "empty_text", "no text", input_uri="gone.txt", byte_offset=0, payload=" "),
]
LISTS = ["segments", "sources", "actors", "actor_mentions", "quotes", "event_mentions", "event_participants", "dates"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """The small dataset, with two rejects."""
    folder = tmp_path_factory.mktemp("commands")
    tables = small.tables(*(draft() for draft in small.DRAFTS))
    tables["rejects"] = to_arrow({"rejects": [reject_row(found) for found in REJECTS]})["rejects"]
    small.commit(folder / "dataset", folder / "staging", tables, documents_in=len(small.DRAFTS) + 2, rejected=2)
    return folder / "dataset"


@pytest.fixture
def say(capsys, monkeypatch, dataset):
    """Run a command on the dataset; what it prints, once it is done."""
    monkeypatch.setenv("COLUMNS", "250")

    def command(*arguments: str, status: int = 0) -> str:
        assert run([*arguments, "--dataset", str(dataset)]) == status
        return capsys.readouterr().out

    return command


def test_query_lists_tables_and_views(say):
    listed = {entry["name"]: entry for entry in json.loads(say("query", "--json"))}
    assert listed["articles"]["rows"] == 3
    assert listed["articles"]["comment"]
    page = say("query")
    assert all(name in page for name in listed)


def test_query_formats(say, tmp_path):
    sql = "SELECT count(*) AS n, min(language) AS first FROM articles"
    assert json.loads(say("query", sql, "--json")) == [{"n": 3, "first": "en"}]
    assert say("query", sql, "--format", "csv") == "n,first\n3,en\n"
    assert "first" in say("query", sql)
    say("query", sql, "--format", "parquet", "--output", str(tmp_path / "rows.parquet"))
    assert pq.read_table(tmp_path / "rows.parquet").to_pylist() == [{"n": 3, "first": "en"}]
    say("query", sql, "--format", "csv", "--output", str(tmp_path / "rows.csv"))
    assert (tmp_path / "rows.csv").read_text() == "n,first\n3,en\n"


def test_query_reads_sql_from_standard_input(say, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 41 + 1 AS answer"))
    assert json.loads(say("query", "-", "--json")) == [{"answer": 42}]


def test_query_writes_nothing(say):
    say("query", "DROP VIEW articles", status=1)
    say("query", "SELECT * FROM read_text('/etc/hostname')", status=1)


def test_show_an_id(say):
    [found] = json.loads(say("query", "SELECT quote_id, text FROM quotes ORDER BY ALL LIMIT 1", "--json"))
    shown = json.loads(say("show", found["quote_id"], "--json"))
    assert shown["row"]["text"] == found["text"]
    assert found["text"].split()[0] in say("show", found["quote_id"])
    say("show", "quo_0000000000000000", status=1)


def test_check(say):
    assert "sound" in say("check")
    assert json.loads(say("check", "--json"))["findings"] == []


def test_check_finds_damage(tmp_path, capsys):
    small.build(tmp_path / "dataset", tmp_path / "staging")
    [part] = latest(tmp_path / "dataset").paths("quotes")
    part.write_bytes(part.read_bytes()[:-1])
    assert run(["check", "--dataset", str(tmp_path / "dataset"), "--json"]) == 1
    printed = capsys.readouterr()
    assert [found["table"] for found in json.loads(printed.out)["findings"]][:1] == ["quotes"]
    assert "promises" in printed.err


def test_rejects_by_reason(say):
    found = json.loads(say("rejects", "--json"))
    assert [(row["reason_code"], row["rejects"]) for row in found] == [("bad_json", 1), ("empty_text", 1)]
    assert all(row["remedy"] for row in found)
    assert "empty_text" in say("rejects")


def test_rejects_list_and_export(say, tmp_path):
    assert [row["input_uri"] for row in json.loads(say("rejects", "list", "--json"))] == ["a.jsonl", "gone.txt"]
    page = say("rejects", "list", "--reason", "bad_json")
    assert "a.jsonl" in page
    assert "gone.txt" not in page
    assert "\x1b" not in page
    say("rejects", "export", str(tmp_path / "out.jsonl"), "--reason", "empty_text")
    [row] = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert row["payload"] == " "
    assert set(row) == {column.name for column in columns("rejects")}


def test_rejects_retry_replays_what_was_repaired(prefect_server, tmp_path):
    def command(*arguments: str) -> Any:
        found = newsevents(*arguments, "--json", cwd=tmp_path, env={"PREFECT_API_URL": prefect_server})
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    broken = write_lines(tmp_path / "raw" / "a.jsonl", [*articles(2), {"id": "x", "text": ""}])
    assert command("build", "raw")["rejected"] == 1
    write_lines(broken, [*articles(2), article(7)])
    again = command("rejects", "retry")
    assert (again["accepted"], again["duplicate"], again["rejected"]) == (1, 2, 0)


def test_rejects_retry_uses_the_payload_where_the_file_is_gone(prefect_server, tmp_path):
    def command(*arguments: str) -> Any:
        found = newsevents(*arguments, "--json", cwd=tmp_path, env={"PREFECT_API_URL": prefect_server})
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    gone = write_lines(tmp_path / "raw" / "a.jsonl", [{"id": "x", "words": "none"}])
    command("build", "raw")
    gone.unlink()
    assert command("rejects", "retry")["documents_in"] == 1


def test_build_prints_the_books_and_a_query_that_runs(prefect_server, tmp_path):
    write_lines(tmp_path / "raw" / "a.jsonl", [*articles(4), "oops"])
    environment = {"PREFECT_API_URL": prefect_server}
    found = newsevents("build", "raw", "--dataset", "set", cwd=tmp_path, env=environment)
    assert found.returncode == 0, found.stderr
    assert found.stderr.splitlines() == ["Reading raw, starting Prefect …"]
    assert "bad_json" in found.stdout
    [line] = [line for line in found.stdout.splitlines() if "newsevents query" in line]
    sql = line.split('"')[1]
    assert newsevents("query", sql, "--dataset", "set", cwd=tmp_path).returncode == 0
    assert newsevents("check", "--dataset", "set", cwd=tmp_path).returncode == 0


def test_build_starts_and_stops_a_server_of_its_own(tmp_path):
    write_lines(tmp_path / "data" / "raw" / "a.jsonl", articles(2))
    found = newsevents("build", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout)
    assert (report["accepted"], report["dataset"]) == (2, "data/dataset")
    assert len(found.stderr.splitlines()) == 1


def test_publish_makes_a_release(prefect_server, dataset, tmp_path):
    environment = {"PREFECT_API_URL": prefect_server}
    found = newsevents("publish", "release", "--dataset", dataset, "--json", cwd=tmp_path, env=environment)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["rows"]["articles"] == 3
    assert (tmp_path / "release" / "SHA256SUMS").is_file()


def test_a_server_that_is_not_there_is_one_line(tmp_path):
    write_lines(tmp_path / "a.jsonl", articles(1))
    found = newsevents("build", "a.jsonl", cwd=tmp_path, env={"PREFECT_API_URL": "http://127.0.0.1:9/api"})
    assert found.returncode == 1
    line = found.stderr.splitlines()[-1]
    assert len(found.stderr.splitlines()) == 2
    assert "127.0.0.1:9" in line
    assert "unset PREFECT_API_URL" in line


def test_extract_answers_every_line_in_order(tmp_path):
    good, other = article(1), article(2)
    given = [json.dumps(good), "no json", "", json.dumps({"id": 7, "text": ""}), json.dumps(other)]
    found = newsevents("extract", cwd=tmp_path, input="\n".join(given))
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    answered = [json.loads(line) for line in found.stdout.splitlines()]
    assert [row["id"] for row in answered] == ["1", None, None, "7", "2"]
    assert [row.get("reject", {}).get("reason_code") for row in answered] == [
        None,
        "bad_json",
        "bad_json",
        "empty_text",
        None,
    ]
    assert answered[0]["article"]["text"] == good["text"]
    assert answered[0]["article"]["url"] == good["url"]
    assert not list(tmp_path.iterdir())


def test_extract_rows_have_the_columns_of_their_tables():
    answered = json.loads(answer(json.dumps(article(3)).encode()))
    assert list(answered) == ["id", "article", *LISTS]
    assert set(answered["article"]) == {column.name for column in columns("articles")} | {"text"}
    for table in LISTS[:-1]:
        names = {column.name for column in columns(table)}
        assert all(set(row) == names for row in answered[table])
    text = answered["article"]["text"]
    assert answered["quotes"]
    assert all(text[row["char_start"] : row["char_end"]] == row["text"] for row in answered["quotes"])
    assert answered["dates"]
    keys = {"char_start", "char_end", "surface", "value", "end", "granularity", "basis"}
    assert all(set(row) == keys for row in answered["dates"])
    assert all(text[row["char_start"] : row["char_end"]] == row["surface"] for row in answered["dates"])


def test_extract_is_the_same_with_several_workers():
    given = [json.dumps(found).encode() + b"\n" for found in articles(3 * LINES_AT_ONCE + 5)]
    given.insert(20, b"broken\n")
    one, other = (answers(Lines(io.BytesIO(b"".join(given)), LIMITS.document_bytes), workers) for workers in (2, 1))
    assert list(one) == list(other)


@pytest.mark.parametrize(
    ("size", "cores", "expected"), [(0, 8, 1), (3_999_999, 8, 1), (5_000_000, 8, 2), (99_000_000, 4, 4)]
)
def test_a_large_file_is_worth_several_workers(monkeypatch, tmp_path, size, cores, expected):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.truncate(size)
    with path.open("rb") as file:
        assert workers_for(Lines(file, 100)) == expected


@pytest.mark.parametrize(("size", "expected"), [(100, 1), (5_000_000, 8)])
def test_a_pipe_that_brings_much_at_once_is_worth_several_workers(monkeypatch, size, expected):
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    reading, writing = os.pipe()

    def fill() -> None:
        with open(writing, "wb") as filled:  # noqa: PTH123 - a pipe has no path
            filled.write(b"line\n" * (size // 5))

    with open(reading, "rb") as pipe, ThreadPoolExecutor() as threads:  # noqa: PTH123
        threads.submit(fill)
        lines = Lines(pipe, 100)
        assert workers_for(lines) == expected
        assert sum(1 for _ in iter(lambda: lines.take(1, wait=True), [])) == size // 5


def test_no_answer_is_kept_back_while_a_pipe_is_silent():
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe, open(writing, "wb", buffering=0) as filled:  # noqa: PTH123
        answered = answers(Lines(pipe, LIMITS.document_bytes), 2)
        for number in (1, 2):
            filled.write(json.dumps(article(number)).encode() + b"\n")
            assert json.loads(next(answered))["id"] == str(number)
        answered.close()


@pytest.mark.parametrize(
    "error", [ValueError("no\nway"), RecursionError(), UnicodeEncodeError("utf-8", "x", 0, 1, "odd")]
)
def test_extract_never_raises(monkeypatch, error):
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr("flows.answers.process", fails)
    answered = json.loads(answer(json.dumps(article(1)).encode()))
    assert answered["id"] == "1"
    assert answered["reject"]["reason_code"] in {"internal_error", "bad_encoding"}
    assert answered["reject"]["reason"]


def test_a_line_that_is_too_long_is_not_held_in_memory():
    source = io.BytesIO(b"a" * 25 + b"\n" + b"b\n" + b"c" * 10)
    assert [len(line) for line in Lines(source, 10).take(9, wait=True)] == [11, 2, 10]
    long = b'{"id": "9", "text": "' + b"x" * LIMITS.document_bytes
    assert json.loads(answer(long)) | {"reject": 0} == {"id": "9", "reject": 0}
