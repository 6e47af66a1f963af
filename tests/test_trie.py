import pickle

import pytest

from flows.lexicons.senses import Hit, Sense
from flows.lexicons.trie import Trie, tokens_of


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


def test_a_trie_that_was_read_again_finds_the_same():
    frame = Frame()
    built = Trie()
    for phrase in ("new york", "new york times", "declaró", "EE. UU.", "US", "papá", "papa", "new"):
        built.add(phrase, Sense("org", lemma=phrase, frame=frame))
    built.add("us", Sense("pronoun", classes=frozenset({"article"})))
    again: Trie = pickle.loads(pickle.dumps(built.freeze()))  # noqa: S301 - just written
    text = "Help us in the New York Times of EE. UU.: the US papa DECLARO new york a new papá"
    words = tokens_of(text)
    lows = [word.lower() for word in words]
    for accented in (True, False):
        hits = again.find(lows, words, accented=accented)
        found = built.find(lows, words, accented=accented)
        assert [show(hit) for hit in hits] == [show(hit) for hit in found]
        frames = {id(hit.senses["org"][0].frame) for hit in hits if hit is not None and "org" in hit.senses}
        assert len(frames) == 1
    assert again.phrase("new", "york", "times") is not None
    assert again.phrase("new", "york", "post") is None
    assert again.get("us")["pronoun"][0].classes == {"article"}
    with pytest.raises(TypeError):
        pickle.dumps(again)


class Frame:
    """What the senses of a verb share; pickled by its class."""


def show(hit: Hit | None) -> tuple[object, ...] | None:
    if hit is None:
        return None
    senses = [(sense.kind, sense.lemma) for of_kind in hit.senses.values() for sense in of_kind]
    return hit.first, hit.last, hit.classes, hit.kinds, senses
