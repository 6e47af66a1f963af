"""The README holds what it says: its answers are the sample articles', its commands are the project's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import readme

TEXT = readme.README.read_text("utf-8")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Path:
    dataset = tmp_path_factory.mktemp("samples") / "dataset"
    readme.build_samples(dataset, prefect_server)
    return dataset


def test_the_answers_are_those_of_the_sample_articles(samples: Path) -> None:
    assert readme.answered(TEXT, samples) == TEXT, "repair it with: python -m tests.readme --write"


def test_there_are_six_questions_with_rows() -> None:
    answers = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)[-6:]
    assert len(readme.QUESTION.findall(TEXT)) == 6
    assert all(len(answer.strip().splitlines()) > 1 for answer in answers), answers


@pytest.mark.parametrize("marker", ["run", "test"])
def test_each_command_is_one_that_sets_itself_up(marker: str) -> None:
    found = re.search(rf"<!-- {marker} -->\n```sh\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    command = found[1].replace("\\\n", " ").strip()
    assert "\n" not in command
    assert command.startswith("python3.11 -m venv .venv && .venv/bin/pip install")
    assert "-r requirements.lock" in command


def test_the_folders_that_it_names_exist() -> None:
    for folder in re.findall(r"^\| `([a-z/.A-Z]+)` \|", TEXT, re.MULTILINE):
        assert (readme.ROOT / folder).exists(), folder
