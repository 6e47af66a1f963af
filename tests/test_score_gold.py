"""A mistake in a gold file is one line that names the file and the entry; a good one has its places."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.score import gold
from flows.score.gold import GoldError

GOOD = """
language = "xx"
published = 2026-03-14
text = '''
Rain again

"No bus came," said Ann Poe on Monday. "No bus came," she said.

Poe met the mayor. Poetry helps, and Poe knows.
'''

[[quote]]
text = "No bus came,"
kind = "direct"
speaker = "Ann Poe"

[[quote]]
text = "No bus came,"
kind = "direct"
speaker = "Ann Poe"
nth = 2

[[actor]]
name = "Ann Poe"
also = ["Poe"]
kind = "person"
country = "USA"
sector = "CVL"

[[actor]]
name = "THE MAYOR"
kind = "person"

[[date]]
text = "Monday"
value = "2026-03-09"

[[event]]
trigger = "met"
type = "CONSULT"
actors = ["Ann Poe", "THE MAYOR"]
"""


def write(folder: Path, text: str, language: str = "xx") -> Path:
    path = folder / language / "rain.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_entries_have_their_places(tmp_path: Path) -> None:
    found = gold.read(write(tmp_path, GOOD))
    text = found.file.text
    assert found.name == "xx/rain.toml"
    assert text.startswith("Rain again\n")
    assert [text[a:b] for a, b in found.quotes] == ["No bus came,"] * 2
    assert found.quotes[1][0] == text.rindex("No bus came,")
    assert found.dates == ((text.index("Monday"), text.index("Monday") + 6),)
    assert [text[a:b] for a, b in found.events] == ["met"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "direct"', 'kind = "direct"\nspeaks = 1', "unknown field `speaks` - at `$.quote[0]`"),
        ('speaker = "Ann Poe"\n', "", "missing required field `speaker` - at `$.quote[0]`"),
        ("2026-03-14", '"2026-03-14"', "published: '2026-03-14' is no date"),
        ('language = "xx"', 'language = "yy"', "language: is 'yy', but the folder is 'xx'"),
        ('text = "No bus came,"', 'text = "No buses"', "quote 1: 'No buses' is not in the text"),
        ("nth = 2", "nth = 3", "quote 2: nth is 3, but 'No bus came,' stands 2 times in the text"),
        ("nth = 2", "nth = 0", "quote 2: nth is 0"),
        ("nth = 2", "", "quote 2: is the same as quote 1; nth says which 'No bus came,' is meant"),
        ('kind = "direct"', 'kind = "spoken"', "quote 1: 'spoken' is no code of quote_kinds"),
        ("nth = 2", 'stance = "angry"', "quote 2: 'angry' is no code of stances"),
        ('speaker = "Ann Poe"', 'speaker = "Poe"', "quote 1: the speaker 'Poe' is the name of no actor"),
        ('["Poe"]', '["Anna"]', "actor 1: 'Anna' is not in the text"),
        ('["Poe"]', '["Poetr"]', "actor 1: 'Poetr' is not in the text"),
        ('"USA"', '"US"', "actor 1: 'US' is no code of actor_countries"),
        ('"CVL"', '"XXX"', "actor 1: 'XXX' is no code of sectors"),
        ('kind = "person"', 'kind = "human"', "actor 1: 'human' is no code of actor_kinds"),
        ('name = "THE MAYOR"', 'name = "Ann Poe"', "there are two actors with the name 'Ann Poe'"),
        ('"2026-03-09"', '"9 March"', "date 1: '9 March' is no date"),
        ('"2026-03-09"', '"2026-13"', "date 1: '2026-13' is no date"),
        ('text = "Monday"', 'text = "Tuesday"', "date 1: 'Tuesday' is not in the text"),
        ('"CONSULT"', '"TALK"', "event 1: 'TALK' is no code of event_types"),
        ('"CONSULT"', '"CONSULT"\nmode = "arrest"', "event 1: 'arrest' is no mode of CONSULT"),
        ('"CONSULT"', '"CONSULT"\nrealis = "maybe"', "event 1: 'maybe' is no code of realis"),
        ('"CONSULT"', '"CONSULT"\ndate = "soon"', "event 1: 'soon' is no date"),
        ('["Ann Poe", "THE MAYOR"]', '["Ann"]', "event 1: the party 'Ann' is the name of no actor"),
        ('trigger = "met"', 'trigger = "et"', "event 1: 'et' is not in the text"),
    ],
)
def test_a_mistake_names_the_file_and_the_entry(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(GoldError) as raised:
        gold.read(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(raised.value).startswith("xx/rain.toml: ")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_is_no_toml_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"^xx/rain.toml: "):
        gold.read(write(tmp_path, "text = ="))


def test_a_language_without_articles_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert gold.languages(tmp_path) == ["xx"]
    with pytest.raises(GoldError, match="'zz'; there are some in xx"):
        gold.load("zz", tmp_path)


def test_the_digest_is_of_the_words_and_not_of_the_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    before = gold.digest("xx", tmp_path)
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert gold.digest("xx", tmp_path) == before
    path.write_text(GOOD.replace("2026-03-14", "2026-03-15"), "utf-8")
    assert gold.digest("xx", tmp_path) != before


@pytest.mark.parametrize("language", gold.languages())
def test_the_gold_that_is_shipped_is_sound(language: str) -> None:
    assert gold.load(language)
