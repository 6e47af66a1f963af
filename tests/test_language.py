"""Language: the vote, the profiles, hints, and the languages of an article's blocks."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from flows.article import to_article
from flows.language import annotate, detect, normal_code, vote
from flows.language_profiles import profiles
from flows.lexicons import languages
from flows.model import Document

CASES = Path(__file__).parent / "cases"
TEXTS = [
    (path.parent.name, text)
    for path in sorted(CASES.glob("*/language.toml"))
    for text in tomllib.loads(path.read_text("utf-8"))["texts"]
]


@pytest.fixture(scope="module")
def library() -> DetectorFactory:
    """langdetect itself, seeded."""
    factory = DetectorFactory()
    factory.load_json_profile([path.read_text("utf-8") for path in sorted(Path(PROFILES_DIRECTORY).iterdir())])
    factory.set_seed(0)
    return factory


@pytest.mark.parametrize(("code", "text"), TEXTS)
def test_vote_profiles_and_langdetect_agree(code: str, text: str, library: DetectorFactory) -> None:
    detector = library.create()
    detector.append(text)
    scores = profiles().scores(text)
    winner = vote(text).winner()
    assert detector.detect() == max(scores, key=scores.__getitem__) == detect(text).code == code
    assert winner is None or winner.code == code


@pytest.mark.parametrize("code", languages())
def test_the_vote_alone_decides_a_paragraph_of_every_language_with_a_lexicon(code: str) -> None:
    texts = [text for name, text in TEXTS if name == code]
    assert texts, f"write tests/cases/{code}/language.toml, in the form of tests/cases/es/language.toml"
    for text in texts:
        winner = vote(text).winner()
        assert winner is not None
        assert winner.code == code


def test_the_vote_does_not_answer_for_sister_languages_or_short_texts() -> None:
    for code, text in TEXTS:
        if code not in languages():
            assert vote(text).winner() is None
    assert vote("El gobierno de la provincia no lo pagará.").winner() is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("今日はとても良い天気です。", "ja"),
        ("今天天氣很好,我們去公園散步。", "zh"),
        ("今天天气很好,我们去公园散步。", "zh"),
        ("오늘은 날씨가 아주 좋습니다.", "ko"),
        ("الطقس جميل اليوم في المدينة.", "ar"),
        ("Сегодня в городе очень хорошая погода.", "ru"),
        ("Сьогодні в місті дуже гарна погода, її всі люблять.", "uk"),
        ("Ο καιρός είναι πολύ καλός σήμερα.", "el"),  # noqa: RUF001 Greek
        ("Bugün şehirde hava çok güzel.", "tr"),
        ("MOTÍN EN LA CÁRCEL DE LA CIUDAD TERMINA SIN HERIDOS", "es"),
    ],
)
def test_languages_of_short_texts(text: str, code: str) -> None:
    assert detect(text).code == code


@pytest.mark.parametrize(
    "text", ["", " ", "2026", "12:30 - 45%", "!!!", "https://example.org/el/la/los", "@a #b", "\x00\ud800"]
)
def test_texts_without_words_have_no_language(text: str) -> None:
    assert detect(text) == detect(text)
    assert detect(text).code is None
    assert detect(text, "pt").code == "pt"


@pytest.mark.parametrize(
    ("declared", "code"),
    [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("pt_BR", "pt"), ("spa", "es"), ("iw", "he"), ("nb", "no"),
     ("zh-Hant", "zh"), ("gl", "gl"), ("", None), (None, None), ("Spanish", None), ("und", None),
     ("x", None), ("e1", None)],
)  # fmt: skip
def test_declared_codes(declared: str | None, code: str | None) -> None:
    assert normal_code(declared) == code


def test_a_hint_wins_unless_the_words_speak_against_it() -> None:
    short = "Fontes oficiais confirmam visita"
    assert detect(short, "pt").code == "pt"
    assert detect(short, "es").code == "es"
    english = next(text for code, text in TEXTS if code == "en")
    assert detect(english, "es").code == "en"
    assert detect("Os veciños reúnense co alcalde da vila.", "gl").code == "gl"
    assert detect("東京都知事選挙", "ja").code == "ja"


def test_posts_and_paragraphs_have_their_own_language_and_short_blocks_the_article_s() -> None:
    spanish, english = (next(text for code, text in TEXTS if code == name) for name in ("es", "en"))
    text = (
        f"Sin acuerdo en el puerto\n\n{spanish}\n\n"
        "We spoke with the fishermen about the aid they were promised. — Ministry (@ministry) January 12, 2026\n\n"
        "Por Ana Ruiz\n\n"
        f"{english}\n\n— No."
    )
    article = annotate(to_article(Document(text)))
    assert (article.language, [(b.kind, b.language) for b in article.blocks]) == (
        "es",
        [
            ("headline", "es"),
            ("paragraph", "es"),
            ("post", "en"),
            ("paragraph", "es"),
            ("paragraph", "en"),
            ("paragraph", "es"),
        ],
    )
    assert all(0 < (b.language_confidence or 0) <= 1 for b in article.blocks)


def test_an_article_without_words_has_no_language_and_no_confidence() -> None:
    article = annotate(to_article(Document("12 - 45 %")))
    assert (article.language, article.language_confidence) == (None, None)
    assert (article.blocks[0].language, article.blocks[0].language_confidence) == (None, None)


@given(st.text(max_size=200), st.sampled_from([None, "es", "ja", "gl", "zz", "und"]))
def test_no_text_fails(text: str, hint: str | None) -> None:
    found = detect(text, hint)
    assert 0 <= found.confidence <= 1


def test_threads_that_start_cold_load_once_and_agree() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from flows.language import detect\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    print(set(pool.map(lambda _: detect('Bugün şehirde hava çok güzel.').code, range(64))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'tr'}\n"
