"""Dates: every language's own cases, and what must hold for any text."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.extract.date_choice import Context, likeliest
from flows.extract.date_finder import Around
from flows.extract.date_forms import unfold
from flows.extract.date_numbers import Numbers
from flows.extract.date_order import order_of
from flows.extract.date_patterns import DateLexicon, date_lexicon
from flows.extract.date_values import ImpossibleDateError, easter, holiday, period, shift
from flows.extract.dates import DateMention, dates
from flows.lexicons import dates as dates_lexicon
from flows.lexicons.dates import DatesFile, date_languages, dates_file
from flows.lexicons.files import LexiconError
from flows.lexicons.trie import APOSTROPHES, TOKEN, lower

CASES = Path(__file__).parent / "cases"
FEWEST_CASES = 80
FEWEST_WITHOUT_DATES = 15
CASE_KEYS = {"teaches", "text", "anchor", "country", "dates"}
WORDS = """
    el 12 de enero 2026 lunes próximo / - . hace dos años , y 31 30 febrero 1-1-1 99 9999 mil fin semana ayer mañana
    primer trimestre pasado March 5 nineteen the last a ago fall ’ $ % 7 . 5 999 décadas ² ٣
"""


class Tokens:
    """The part of a scan that dates need."""

    def __init__(self, text: str) -> None:
        found = list(TOKEN.finditer(text.translate(APOSTROPHES)))
        self.text = text
        self.starts = [m.start() for m in found]
        self.ends = [m.end() for m in found]
        self.lows = [lower(m.group()) for m in found]


def find(text: str, code: str | None, anchor: date | None, country: str | None = None) -> list[DateMention]:
    return dates(Tokens(text), date_lexicon(code), Around(anchor, order_of(text, code, country)))


def cases() -> list[Any]:
    return [
        pytest.param(path.parent.name, case, id=f"{path.parent.name}: {case['text'][:60]}")
        for path in sorted(CASES.glob("*/dates.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


@pytest.mark.parametrize(("code", "case"), cases())
def test_case(code: str, case: dict[str, Any]) -> None:
    anchor = date.fromisoformat(case["anchor"]) if "anchor" in case else None
    found = find(case["text"], code, anchor, case.get("country"))
    got = []
    for mention, want in zip(found, case["dates"], strict=False):
        row = {name: getattr(mention, name) for name in {"surface", "value", *want}}
        got.append({name: value for name, value in row.items() if value is not None})
    assert got == case["dates"]
    assert [m.surface for m in found] == [want["surface"] for want in case["dates"]]


@pytest.mark.parametrize("code", date_languages())
def test_every_language_has_cases(code: str) -> None:
    path = CASES / code / "dates.toml"
    assert path.exists(), f"write {path}, in the form of tests/cases/es/dates.toml"
    found = tomllib.loads(path.read_text("utf-8"))["case"]
    assert len(found) >= FEWEST_CASES
    assert sum(not case["dates"] for case in found) >= FEWEST_WITHOUT_DATES
    assert all(case.keys() <= CASE_KEYS for case in found)
    assert len({(case["text"], case.get("country")) for case in found}) == len(found)


@pytest.mark.parametrize("code", [*date_languages(), None])
def test_an_iso_date_and_a_signature_are_read_in_every_language(code: str | None) -> None:
    found = find("2026-01-12 — X (@x) January 12, 2026", code, None)
    assert [(m.value, m.basis) for m in found] == [("2026-01-12", "explicit")] * 2


@given(
    st.lists(
        st.sampled_from([*WORDS.split(), "\n"]),
        max_size=14,
    ),
    st.sampled_from([date(2026, 1, 11), date(2024, 2, 29), date(1605, 1, 1), None]),
    st.sampled_from(["es", "en", None]),
)
def test_any_text_gives_dates_in_order_that_hold_their_words(
    words: list[str], anchor: date | None, code: str | None
) -> None:
    text = " ".join(words)
    found = find(text, code, anchor)
    at = 0
    for mention in found:
        assert at <= mention.char_start < mention.char_end <= len(text)
        assert text[mention.char_start : mention.char_end] == mention.surface
        at = mention.char_end
        assert (mention.value is None) == (mention.first is None) == (mention.basis == "none")
        if mention.first is not None and mention.last is not None:
            assert mention.first <= mention.last
        for value in (mention.value, mention.end):
            assert value is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value)


def test_without_an_anchor_only_explicit_dates_have_a_value() -> None:
    for case in tomllib.loads((CASES / "es" / "dates.toml").read_text("utf-8"))["case"]:
        assert all(m.basis != "relative" for m in find(case["text"], "es", None))


def test_a_gap_between_lines_does_not_matter_and_offsets_are_code_points() -> None:
    text = "🙂 El\r\n12 de\nenero de 2026"
    assert [(m.char_start, m.value) for m in find(text, "es", None)] == [(6, "2026-01-12")]


def test_the_day_after_is_counted_from_the_block_before() -> None:
    named = find("On 3 January the dam broke.", "en", date(2026, 1, 14))[-1].meaning
    after = dates(Tokens("Two days later it was mended."), date_lexicon("en"), Around(date(2026, 1, 14), named=named))
    assert [m.value for m in after] == ["2026-01-05"]
    year = find("It began in 1998.", "en", None)[-1].meaning
    after = dates(Tokens("Two days later it was mended."), date_lexicon("en"), Around(date(2026, 1, 14), named=year))
    assert [(m.value, m.basis) for m in after] == [(None, "none")]


def test_the_order_of_figures() -> None:
    assert order_of("from 25/12/2025 to 01/02/2026", "en", "USA") == "day"
    assert order_of("from 12/25/2025 to 01/02/2026", "es", "ESP") == "month"
    assert order_of("12/25/2025 and 25/12/2025", "en", "GBR") == "day"
    assert order_of("01/02/2026 at 1.25.3 or 13/14/15/16", "en", "PHL") == "month"
    assert order_of("01/02/2026", "en", None) is None
    assert order_of("01/02/2026", "es", "USA") is None
    assert order_of("01/02/2026", None, "USA") is None


def test_easter_and_the_holidays_that_hang_on_it() -> None:
    assert [easter(year) for year in (1954, 2000, 2024, 2038)] == [
        date(1954, 4, 18),
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2038, 4, 25),
    ]
    assert holiday("easter-2", 2024) == date(2024, 3, 29)
    assert holiday("11-w4-4+1", 2026) == date(2026, 11, 27)
    assert holiday("05-w1-last", 2026) == date(2026, 5, 25)
    assert holiday("2001-09-11", 2026) == date(2001, 9, 11)
    with pytest.raises(ImpossibleDateError):
        holiday("02-w1-5", 2026)


def test_periods_and_shifts() -> None:
    assert period("week", date(2026, 1, 1)) == (date(2025, 12, 29), date(2026, 1, 4))
    assert period("quarter", date(2026, 5, 31)) == (date(2026, 4, 1), date(2026, 6, 30))
    assert period("decade", date(2026, 5, 31)) == (date(2020, 1, 1), date(2029, 12, 31))
    assert shift(date(2024, 1, 31), "month", 1) == date(2024, 2, 29)
    assert shift(date(2024, 2, 29), "year", -1) == date(2023, 2, 28)
    with pytest.raises(ImpossibleDateError):
        shift(date(2024, 1, 1), "decade", -900)


def test_the_tense_outweighs_nearness_and_the_weekday_outweighs_both() -> None:
    anchor, days = date(2026, 3, 1), [date(2025, 10, 5), date(2026, 6, 1)]
    assert likeliest(days, None, None, Context(anchor, lambda: 0)) == days[1]
    assert likeliest(days, None, None, Context(anchor, lambda: -1)) == days[0]
    assert likeliest(days, 7, None, Context(anchor, lambda: 1)) == days[0]


def test_number_words() -> None:
    for code, words, value, length in [
        ("en", "nineteen eighty - six", 1986, 4),
        ("en", "two thousand and thirty two people", 2032, 5),
        ("en", "seventeen hundred thirty three", 1733, 4),
        ("en", "twenty five nineteen", 25, 2),
        ("es", "mil novecientos noventa y dos", 1992, 5),
        ("es", "dos mil veinte", 2020, 3),
    ]:
        lows = words.split()
        read = {
            symbol: (value, width) for symbol, value, width in Numbers(dates_file(code)).read_words(lows, 0, len(lows))
        }
        assert read["{n}"] == (value, length), words


def test_forms_unfold() -> None:
    file = DatesFile(code="x", words={"of": ("de",)})
    assert unfold("[a] (b|c) {day}", file) == [
        ("b", "{day}"),
        ("c", "{day}"),
        ("a", "b", "{day}"),
        ("a", "c", "{day}"),
    ]
    assert unfold("{day} ~/ ~{month_n} <of>", file) == [("{day}", "~/", "~{month_n}", "<of>")]
    for wrong, part in [("{daz}", "no slot"), ("[a", "pair"), ("a)", "pair"), ("<to>", "no 'to'")]:
        with pytest.raises(LexiconError, match=part):
            unfold(wrong, file)


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("code = 'xx'\ncolour = 1\n", "colour"),
        ("code = 'yy'\n", "folder is 'xx'"),
        ("code = 'xx'\n[months]\n13 = ['undecimber']\n", "months.13"),
        ("code = 'xx'\n[weekdays]\n1 = ['a', 'a']\n", "'a' twice"),
        ("code = 'xx'\n[units]\nmoon = ['moon']\n", "units.moon"),
        ("code = 'xx'\n[holidays]\n'13' = ['x']\n", "holidays.13"),
        ("code = 'xx'\n[months]\n1 = 'jan'\n", "months"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_key(
    toml: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "dates.toml").write_text(toml, "utf-8")
    monkeypatch.setattr(dates_lexicon, "FOLDER", tmp_path)
    with pytest.raises(LexiconError, match=re.escape(part)) as caught:
        dates_file.__wrapped__("xx")
    assert "dates.toml" in str(caught.value)


def test_a_pattern_that_says_too_little_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    poor = DatesFile(code="es", pattern=(dates_lexicon.Pattern(forms=("{mod}",)),))
    monkeypatch.setattr(
        "flows.extract.date_patterns.dates_file", lambda code: poor if code == "es" else dates_file(code)
    )
    with pytest.raises(LexiconError, match="tells only"):
        DateLexicon("es")
