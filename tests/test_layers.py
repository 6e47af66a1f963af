"""The engine is blind to languages: what it knows of them is in the lexicons."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel import Locale

from flows.lexicons import languages
from schemas.vocab import codes

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "flows").rglob("*.py"))


def names() -> set[str]:
    """The names of the languages that have a lexicon, in English and in the language itself."""
    found = {Locale("en").languages[code] for code in languages()}
    return found | {Locale(code).languages[code] for code in languages()}


def codes_in(source: str) -> list[tuple[int, str]]:
    """Where the code of a language, alone or with a country's, is a string of the program; class names are no codes."""
    known = set(languages())
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.split("[-_]", node.value)[0].lower() in known
        and re.fullmatch("[a-zA-Z]{2}([-_][A-Za-z]{2,4})?", node.value)
    ]


def names_in(source: str) -> list[tuple[int, str]]:
    """Where a language is named, comments and docstrings included."""
    pattern = re.compile(rf"\b({'|'.join(sorted(names()))})\b", re.IGNORECASE)
    return [(source.count("\n", 0, m.start()) + 1, m[0]) for m in pattern.finditer(source)]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_a_language(module: Path) -> None:
    source = module.read_text("utf-8")
    assert codes_in(source) + names_in(source) == []


@pytest.mark.parametrize("planted", ['if code == "es":', "x = {'pt-BR': 1}", 'f("de_DE")'])
def test_a_code_would_be_found(planted: str) -> None:
    assert codes_in(planted + " pass" * planted.endswith(":"))


@pytest.mark.parametrize("planted", ["# as in Spanish", '"""German nouns."""', "FRENCH = 1", "# en español"])
def test_a_name_would_be_found(planted: str) -> None:
    assert names_in(planted)


@pytest.mark.parametrize("harmless", ['{"of", "in", "by"}', '"design"', "# a polished test", '"item"', '"essay"'])
def test_other_words_are_none(harmless: str) -> None:
    assert codes_in(harmless) + names_in(harmless) == []


def types_in(source: str) -> list[str]:
    """The event types that are strings of the program."""
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [value for value in strings if isinstance(value, str) and value.partition("/")[0] in codes("event_types")]


@pytest.mark.parametrize("module", sorted((ROOT / "flows" / "extract").glob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_engine_names_an_event_type(module: Path) -> None:
    assert types_in(module.read_text("utf-8")) == []


@pytest.mark.parametrize("planted", ['if kind == "ASSAULT": pass', 'X = ("RETREAT/release",)'])
def test_an_event_type_would_be_found(planted: str) -> None:
    assert types_in(planted)
