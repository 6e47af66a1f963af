import pytest

from flows.lexicons.trie import Sense, Trie, tokens_of


def trie(*phrases: str) -> Trie:
    built = Trie()
    for phrase in phrases:
        built.add(phrase, Sense("org", lemma=phrase))
    return built.freeze()


def found(built: Trie, text: str) -> list[str]:
    words = tokens_of(text)
    hits = built.find([w.lower() for w in words], words)
    return [hit.senses["org"][0].lemma for i, hit in enumerate(hits) if hit is not None and hit.first == i]


def test_longest_phrase_wins_and_none_overlap():
    built = trie("new york", "new york times", "times square")
    assert found(built, "the new york times square") == ["new york times"]


def test_a_longer_phrase_that_fails_leaves_the_shorter():
    assert found(trie("new york", "new york times"), "in new york today") == ["new york"]


@pytest.mark.parametrize(
    ("form", "text", "matches"),
    [
        ("ministro", "El Ministro", True),
        ("ministro", "EL MINISTRO", True),
        ("EU", "la eu", False),
        ("EU", "la EU", True),
        ("Marina", "la marina", False),
        ("Marina", "LA MARINA HABLÓ", True),
        ("US", "help us", False),
    ],
)
def test_capitals_count_only_where_the_form_has_them(form, text, matches):
    assert (found(trie(form), text) == [form]) is matches


def test_forms_are_found_without_their_accents_in_capitals_and_in_texts_that_have_none():
    built = trie("declaró")
    assert found(built, "EL PRESIDENTE DECLARO") == ["declaró"]
    assert found(built, "yo declaro") == []
    assert built.find(["declaro"], ["declaro"], accented=False)[0] is not None


def test_a_form_without_accents_that_is_another_phrase_stays_that_phrase():
    assert found(trie("papá", "papa"), "el papa") == ["papa"]


def test_apostrophes_are_one_and_dotted_acronyms_are_phrases():
    assert found(trie("l'onu"), "l’onu") == ["l'onu"]
    assert found(trie("EE. UU."), "en EE. UU. hoy") == ["EE. UU."]
