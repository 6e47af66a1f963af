import msgspec
import pytest

from flows.lexicons.files import LexiconError, VerbsFile
from flows.lexicons.morphology import Conjugator

VERBS = """
[[paradigm]]
suffix = "ar"
infinitive = ["ar"]
past = ["ó", "aron"]
[[paradigm]]
suffix = "car"
infinitive = ["car"]
past = ["có", "caron"]
subjunctive = ["que", "quen"]
[irregular.decir]
infinitive = ["decir"]
past = ["dijo", "dijeron"]
[irregular.contradecir]
like = "decir"
[irregular.bendecir]
like = "decir"
past = ["bendijo"]
"""


def conjugator(text: str = VERBS) -> Conjugator:
    return Conjugator(msgspec.toml.decode(text, type=VerbsFile), "verbs.toml")


def forms(lemma: str, tense: str) -> list[str]:
    return [form.surface for form in conjugator().forms(lemma) if form.tense == tense]


def test_the_longest_suffix_decides():
    assert forms("hablar", "past") == ["habló", "hablaron"]
    assert forms("atacar", "subjunctive") == ["ataque", "ataquen"]


def test_irregular_forms_replace_and_likeness_keeps_the_prefix():
    assert forms("decir", "past") == ["dijo", "dijeron"]
    assert forms("contradecir", "past") == ["contradijo", "contradijeron"]
    assert forms("bendecir", "past") == ["bendijo"]


def test_the_first_word_of_a_phrase_inflects():
    assert forms("hablar con", "past") == ["habló con", "hablaron con"]


def test_a_verb_may_not_be_like_one_that_does_not_end_it():
    broken = '[[paradigm]]\nsuffix = "ar"\n[irregular.pedir]\nlike = "decir"\n'
    with pytest.raises(LexiconError, match=r"irregular\.pedir"):
        conjugator(broken).forms("pedir")
