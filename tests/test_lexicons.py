"""Every word of the lexicons can be found and means one thing; a mistake in a file is named when it is loaded."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from flows.lexicons import ANY, FOLDER, LexiconError, files, languages, named
from flows.lexicons.senses import Sense
from flows.lexicons.trie import Trie, tokens_of
from flows.lexicons.validation import Form, disagreements, duplicates, forms_of, odd, problems, unfound


@pytest.mark.parametrize("code", [ANY, *languages()])
def test_nothing_is_wrong(code: str) -> None:
    assert problems(code) == []


def test_an_organization_is_the_same_in_all_languages() -> None:
    assert disagreements() == []


@pytest.mark.parametrize(
    ("shape", "text", "says"),
    [
        (named.RolesFile, '[[role]]\nsector = "GOV"\nmm = []', "unknown field `mm` - at `$.role[0]`"),
        (named.RolesFile, '[[role]]\nsector = "GOVT"', "sector 'GOVT' is no code of sectors - at `$.role[0]`"),
        (files.ReportingFile, '[[verb]]\nstance = "sad"\nlemmas = []', "stance 'sad' is no code of stances"),
        (named.PlacesFile, '[[country]]\ncode = "UK"', "code 'UK' is no code of countries"),
        (
            named.OrganizationsFile,
            '[[known]]\nkey = "eu"\nname = "EU"\nforms = []\ncountry = "EUR"',
            "'EUR' is no code",
        ),
        (files.EventsFile, '[[event]]\ntype = "TALK"\ncameo = "040"', "type 'TALK' is no code of event_types"),
        (files.EventsFile, '[[event]]\ntype = "AGREE"\ncameo = "1"', "cameo '1' is no code of cameo"),
        (files.EventsFile, '[[event]]\ntype = "AGREE"\ncameo = "030"\nneeds = "luck"', "Invalid enum value 'luck'"),
        (named.NamesFile, '[[given]]\ngender = "x"\nforms = []', "Invalid enum value 'x'"),
        (files.LanguageFile, 'code = "xx"\nstopwords = []\n[words]\nnoun = ["ox"]', "Invalid enum value 'noun'"),
        (named.RolesFile, "[[role]\n", "Expected"),
    ],
)
def test_a_mistake_is_named_on_load(tmp_path: Path, shape: type, text: str, says: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError) as raised:
        files.decode(path, shape)
    assert str(raised.value).startswith(f"{path}: ")
    assert says in str(raised.value)


def found(shape: type[files.Row], text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "words.toml"
    path.write_text(text, "utf-8")
    forms = list(forms_of(files.decode(path, shape)))
    return [*odd(forms), *duplicates(forms)]


def test_a_word_that_is_there_twice(tmp_path: Path) -> None:
    text = '[[role]]\nsector = "GOV"\nm = ["king", "duke", "king"]\n'
    assert found(named.RolesFile, text, tmp_path) == ["role.singular: 'king' is there twice"]


def test_a_word_with_two_meanings(tmp_path: Path) -> None:
    text = '[[role]]\nsector = "GOV"\nm = ["king"]\n[[role]]\nsector = "ELI"\nm = ["king"]\nplural = ["kings"]\n'
    assert found(named.RolesFile, text, tmp_path) == ["role.singular: 'king' is GOV m and ELI m"]


def test_a_noun_of_both_genders_is_one_word(tmp_path: Path) -> None:
    text = '[[role]]\nsector = "JUD"\nm = ["judge"]\nf = ["judge"]\n'
    assert found(named.RolesFile, text, tmp_path) == ["role.singular: 'judge' is JUD m and JUD f"]


def test_singular_and_plural_may_be_one_form(tmp_path: Path) -> None:
    text = '[[role]]\nsector = "CVL"\nm = ["sheep"]\nplural = ["sheep"]\n'
    assert found(named.RolesFile, text, tmp_path) == []


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ("", "", True),
        ("", 'needs = "pair"', True),
        ('needs = "pair"', "", False),
        ('needs = "object"', 'needs = "subject"', False),
    ],
)
def test_an_events_word_may_mean_another_where_it_needs_less(
    tmp_path: Path, first: str, second: str, *, hidden: bool
) -> None:
    row = '[[event]]\ntype = "{}"\ncameo = "{}"\nverbs = ["strike"]\n{}\n'
    text = row.format("ASSAULT", "190", first) + row.format("PROTEST", "143", second)
    assert bool(found(files.EventsFile, text, tmp_path)) is hidden


def test_the_name_of_an_organization_is_one_of_its_forms(tmp_path: Path) -> None:
    row = '[[known]]\nkey = "{}"\nname = "{}"\nforms = [{}]\n'
    text = row.format("a", "Guild", "") + row.format("b", "Old Guild", '"Guild"')
    told = "known.forms: 'Guild' is a Guild forms and b Old Guild forms"
    assert found(named.OrganizationsFile, text, tmp_path) == [told]


@pytest.mark.parametrize("form", ["", " ", "king ", "the  king", "cafe\u0301", "king\u00ad", "king\u200b", "a\u00a0b"])
def test_odd_spellings(form: str) -> None:
    assert len(list(odd([Form("role.singular", form, ())]))) == 1


def test_a_word_that_the_scanner_does_not_find() -> None:
    trie = Trie()
    sense = Sense("role", lemma="king")
    trie.add("king of spades", sense)
    trie.freeze()
    assert list(unfound(trie, [("king of spades", sense)])) == []
    assert list(unfound(trie, [("king", sense)])) == ["role: 'king' is never found"]
    assert list(unfound(trie, [("king of spades", Sense("title"))])) == ["title: 'king of spades' is never found"]
    assert tokens_of("…") == ["…"]


@pytest.mark.parametrize("code", languages())
def test_every_language_has_words_enough(code: str) -> None:
    reporting = files.decode(FOLDER / code / "reporting.toml", files.ReportingFile)
    verbs = {lemma for row in reporting.verb for lemma in row.lemmas}
    nouns = {form for row in reporting.noun for form in row.forms}
    assert len(verbs) + len(nouns) >= 250
    roles = files.decode(FOLDER / code / "roles.toml", named.RolesFile)
    assert len({word for row in roles.role for word in (*row.m, *row.f, *row.mf, *row.plural)}) >= 400


def rows_of(module: ModuleType) -> list[type[files.Row]]:
    shapes = (
        shape for shape in vars(module).values() if isinstance(shape, type) and shape.__module__ == module.__name__
    )
    return [shape for shape in shapes if issubclass(shape, files.Row)]


def test_every_key_is_told_in_the_readme() -> None:
    told = set(re.findall(r"\w+", (FOLDER / "README.md").read_text("utf-8")))
    keys = {key for module in (files, named) for row in rows_of(module) for key in row.__struct_fields__}
    assert sorted((keys | set(get_args(files.WordClass))) - told) == []


def test_every_word_class_is_asked_for() -> None:
    engine = "".join(path.read_text("utf-8") for path in (FOLDER.parent / "extract").glob("*.py"))
    compiled = (FOLDER / "__init__.py").read_text("utf-8")
    unread = {name for name in get_args(files.WordClass) if f'"{name}"' not in engine + compiled}
    assert unread == {"other"}
