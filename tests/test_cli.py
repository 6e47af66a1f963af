"""The command line: help, exit codes, one-line errors, and commands that load only what they need."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version

import pytest
from newsroom import articles, write_lines
from processes import COMMAND, ROOT, clean_environment, is_gone, newsevents

from flows.cli import COMMANDS, make_app, run

HEAVY = ("prefect", "fastapi", "sqlalchemy", "pydantic_settings")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def loaded_by(*arguments: str, cwd, modules=HEAVY) -> list[str]:
    """Which of the modules a command has imported when it is done."""
    script = (
        "import sys\nfrom flows.cli import run\n"
        f"status = run({list(arguments)!r})\n"
        f"print([name for name in {modules!r} if name in sys.modules], status, file=sys.stderr)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, env=clean_environment(cwd), capture_output=True, text=True, check=True
    )
    listed, status = found.stderr.splitlines()[-1].rsplit(" ", 1)
    assert status == "0", found.stderr
    return json.loads(listed.replace("'", '"'))


def test_help_is_fast_and_lists_every_command(tmp_path):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        found = newsevents("--help", cwd=tmp_path)
        seconds.append(time.perf_counter() - start)
    assert found.returncode == 0
    assert all(name in found.stdout for name in COMMANDS)
    assert min(seconds) < 0.5


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(name, capsys):
    assert run([name, "--help"]) == 0
    page = capsys.readouterr().out
    assert f"newsevents {name}" in page.split("Example: ")[1]
    assert "--json" in page


@pytest.mark.parametrize("name", ["list", "export", "retry"])
def test_every_subcommand_has_help_with_an_example_and_json(name, capsys):
    assert run(["rejects", name, "--help"]) == 0
    page = capsys.readouterr().out
    assert f"Example: newsevents rejects {name}" in page
    assert "--json" in page


def test_the_help_of_the_list_is_that_of_the_command():
    app = make_app()
    assert {name: app[name].default_command.__doc__ for name in COMMANDS} == COMMANDS


def test_importing_the_command_line_imports_no_command(tmp_path):
    modules = ("prefect", "duckdb", "pyarrow", "polars", "pandera", "trafilatura", "flows.pipeline")
    assert loaded_by("--version", cwd=tmp_path, modules=modules) == []


def test_extract_loads_no_prefect_and_no_http_client(tmp_path):
    file = write_lines(tmp_path / "in.jsonl", articles(1))
    assert loaded_by("extract", str(file), cwd=tmp_path, modules=(*HEAVY, "httpx", "httpcore")) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["biuld"], "did you mean build?"),
        (["frobnicate"], "There are build, extract"),
        (["build", "--no-such-option"], "--no-such-option"),
        (["build", "missing-folder"], "missing-folder"),
        (["build", "--batch-size", "many"], "many"),
        (["build", "--batch-size", "0"], "batch_size is 0: give a number of 1 to 1000"),
        (["build", "empty"], "no files in the folder empty"),
        (["query", "--format", "xml"], "xml"),
        (["query", "SELECT 1", "--format", "parquet"], "--output"),
        (["show"], "ROW_ID"),
        (["extract", "missing.jsonl"], "missing.jsonl"),
        (["extract", "--workers", "0"], "give 1 or more"),
        (["publish", "--dataset", "nowhere"], "newsevents build"),
        (["watch"], "no feed"),
        (["watch", "example.org/rss"], "https://"),
        (["watch", "http://127.0.0.1/rss"], "not on the public internet"),
        (["watch", "https://me:secret@example.org/rss"], "user name"),
        (["watch", "https://example.org/rss", "--every", "5s"], "a minute or more"),
        (["watch", "--file", "missing.txt"], "missing.txt"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(arguments, says, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # no server is started for this
    (tmp_path / "empty").mkdir()
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    [line] = [line for line in printed.err.splitlines() if not line.startswith("Reading")]
    assert says in line


@pytest.mark.parametrize("command", [["query"], ["check"], ["rejects"], ["show", "quo_0123456789abcdef"]])
def test_no_dataset_is_one_line_and_status_1(command, capsys, tmp_path):
    assert run([*command, "--dataset", str(tmp_path / "none")]) == 1
    printed = capsys.readouterr()
    lines = [line for line in printed.err.splitlines() if not line.startswith("Checking")]
    assert len(lines) == 1
    assert "newsevents build" in lines[0]


def test_an_unexpected_error_is_one_line_too(capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("NEWSEVENTS_DEBUG", raising=False)
    monkeypatch.setattr("flows.query.connect", lambda *_, **__: 1 / 0)
    assert run(["query", "--dataset", str(tmp_path)]) == 1
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "ZeroDivisionError" in printed
    monkeypatch.setenv("NEWSEVENTS_DEBUG", "1")
    assert run(["query", "--dataset", str(tmp_path)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_version(capsys):
    try:
        expected = version("newsevents")
    except PackageNotFoundError:
        expected = "0"
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == expected


def test_a_reader_that_leaves_is_no_error(tmp_path):
    file = write_lines(tmp_path / "in.jsonl", articles(60))
    command = [*COMMAND, "extract", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(tmp_path), cwd=tmp_path
    ) as process:
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(60) == 0
    assert errors == b""


@pytest.mark.usefixtures("interruptible")
def test_extract_answers_at_once_and_hears_an_interrupt_while_it_waits(tmp_path):
    with subprocess.Popen(
        [*COMMAND, "extract"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(tmp_path),
        cwd=tmp_path,
    ) as process:
        process.stdin.write(json.dumps(articles(1)[0]).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()  # it answers before its input ends
        time.sleep(0.2)  # it waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
        assert process.stderr.read().decode() == "newsevents: interrupted\n"


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_build_leaves_no_process_and_says_where_the_dataset_stands(tmp_path):
    raw = write_lines(tmp_path / "a.jsonl", articles(2000))
    environment = clean_environment(tmp_path / "home", NEWSEVENTS_BATCH_SIZE="100", NEWSEVENTS_WORKERS="2")
    with subprocess.Popen(
        [*COMMAND, "build", str(raw), "--dataset", str(tmp_path / "dataset")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    ) as process:
        assert b"starting Prefect" in process.stderr.readline()
        while not list((tmp_path / "dataset").glob("staging/*/batch-*")):
            assert process.poll() is None
            time.sleep(0.05)
        children = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
        assert process.stderr.read().decode().splitlines() == ["newsevents: interrupted; there is no snapshot yet"]
    assert children
    assert all(is_gone(child) for child in children)


def descendants(pid: int) -> list[int]:
    """The processes below a process."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    children = [int(word) for word in found.stdout.split()]
    return [*children, *(below for child in children for below in descendants(child))]


@pytest.mark.usefixtures("interruptible")
def test_the_first_line_comes_within_a_second(tmp_path):
    raw = write_lines(tmp_path / "a.jsonl", articles(1))
    start = time.perf_counter()
    with subprocess.Popen(
        [*COMMAND, "build", str(raw)], stderr=subprocess.PIPE, env=clean_environment(tmp_path), cwd=tmp_path
    ) as process:
        line = process.stderr.readline()
        seconds = time.perf_counter() - start
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert b"a.jsonl" in line
    assert seconds < 1
