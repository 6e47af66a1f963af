"""data/README.md is what the schemas say today, and tells everything."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from schemas import RELEASE_TABLES, TABLES, columns, vocab
from schemas.dictionary import COMMAND, README, main, markdown
from schemas.views import macros, views


def test_the_file_is_up_to_date():
    assert README.read_text("utf-8") == markdown(), f"data/README.md is not what the schemas say; run: {COMMAND}"


def test_everything_is_told():
    text = markdown()
    for name in TABLES | RELEASE_TABLES:
        assert f"### {name}\n" in text
        for column in columns(name):
            assert f"| `{column.name}` | " in text
            assert column.description in text
    for name, view in (views() | macros()).items():
        assert f"### {name}\n\n{view.comment}\n" in text
    for name in vocab.names():
        section = text.split(f'<a id="list-{name}">')[1].split("\n### ")[0]
        assert all(f"| `{code}` |" in section for code in vocab.codes(name)), name


def test_every_grid_has_as_many_cells_as_its_head():
    width = 0
    for line in markdown().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in (0, width or cells), line
        width = cells


def test_every_link_leads_to_a_heading():
    text = markdown()
    targets = set(re.findall(r'<a id="(.*?)">', text)) | set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= targets


def test_the_public_dictionary_has_nothing_private():
    text = markdown(public=True)
    tables = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert tables == [
        *(name for name, table in (TABLES | RELEASE_TABLES).items() if table.is_public()),
        *views(),
        *macros(),
    ]
    assert "private" not in text.split("## Closed lists")[0].casefold()
    for name in ("input_uri", "payload", "extra"):
        assert f"`{name}`" not in text
    assert "](#texts)" not in text


def test_it_is_printed_without_write(capsys):
    main([])
    assert capsys.readouterr().out == markdown()


def test_write_writes_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("schemas.dictionary.README", tmp_path / "README.md")
    main(["--write"])
    assert (tmp_path / "README.md").read_text("utf-8") == markdown()


@pytest.mark.parametrize("seed", ["0", "1"])
def test_every_process_writes_the_same(seed):
    run = [sys.executable, "-m", "schemas.dictionary"]
    environment = {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(run, env=environment, cwd=README.parents[1], capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == markdown()
