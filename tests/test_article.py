"""Articles: metadata with its basis, and blocks that hold every visible character once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.article import ArticleError, to_article
from flows.headers import HEADERS_FILE, HeadersFile
from flows.ids import content_id
from flows.lexicons.files import decode
from flows.model import Account, Article, Block, Document

TWELFTH = date(2026, 1, 12)
LONG = (
    "El puerto amaneció cerrado y los barcos esperaron hasta la tarde para entrar, según contó el práctico de guardia."
)


def blocks(text: str, **fields: Any) -> list[tuple[str, str]]:
    article = to_article(Document(text, **fields))
    check(article)
    return [(block.kind, text[block.start : block.end]) for block in article.blocks]


def check(article: Article) -> None:
    """Blocks are in order, stripped, not empty, and nothing visible stands between them."""
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end <= len(article.text)
        assert not article.text[at : block.start].strip(
            " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\ufeff\u200b\u200e\u200f\u2060\u3000"
        )
        assert article.text[block.start : block.end].strip() == article.text[block.start : block.end]
        assert block.body_end is None or block.start < block.body_end < block.end
        at = block.end


def test_a_dated_first_line_gives_the_day_and_a_caption() -> None:
    text = f" date 2026-01-11 La dársena norte, en una imagen de archivo.\n\n{LONG}\n\n{LONG}"
    article = to_article(Document(text))
    assert blocks(text) == [
        ("header", "date 2026-01-11"),
        ("caption", "La dársena norte, en una imagen de archivo."),
        ("paragraph", LONG),
        ("paragraph", LONG),
    ]
    assert (article.published_date, article.published_at, article.date_basis) == (date(2026, 1, 11), None, "header")
    assert article.text == text
    assert article.article_id == content_id("art", None, text)


def test_a_caption_with_nothing_below_it_is_the_text() -> None:
    assert blocks(f"date 2026-01-11 {LONG}") == [("header", "date 2026-01-11"), ("paragraph", LONG)]


@pytest.mark.parametrize(
    ("title", "day", "author", "source"),
    [
        ("Título", "Fecha", "Autor", "Fuente"),
        ("Title", "Date", "By", "Source"),
        ("Titre", "Date", "Auteur", "Agence"),
        ("Titel", "Datum", "Von", "Quelle"),
        ("Titolo", "Data", "Autore", "Fonte"),
        ("MANCHETE", "DATA", "POR", "JORNAL"),
    ],
)
def test_header_lines_in_six_languages(title: str, day: str, author: str, source: str) -> None:
    text = (
        f"{title}: Cierra el puerto\n{day}: 2026-01-11T18:00:00-06:00\n"
        f"{author}: Ana Ruiz y Luis Paz\n{source}: La Voz\n"
        f"URL: https://example.org/1\n\n{LONG}\n{LONG}"
    )
    article = to_article(Document(text))
    check(article)
    assert [b.kind for b in article.blocks] == ["header", "headline", *["header"] * 4, "paragraph", "paragraph"]
    assert article.title == "Cierra el puerto"
    assert article.authors == ("Ana Ruiz", "Luis Paz")
    assert (article.source, article.url) == ("La Voz", "https://example.org/1")
    assert (article.published_at, article.published_date) == (datetime(2026, 1, 12), date(2026, 1, 11))  # noqa: DTZ001
    assert (article.utc_offset_minutes, article.date_basis) == (-360, "header")


def test_the_document_wins_over_the_text() -> None:
    text = f"Título: Uno\nFecha: 2020-01-01\nAutor: Ana\nFuente: La Voz\n\n{LONG}\n\n{LONG}"
    given_fields: dict[str, Any] = {
        "title": "Dos", "published_at": "2026-01-11", "authors": ("Eva",), "source": "El Eco", "url": "https://e.org/2",
        "language": "es", "input_uri": "a.txt", "extra": {"desk": 1},
    }  # fmt: skip
    article = to_article(Document(text, **given_fields))
    assert (article.title, article.authors, article.source, article.url) == (
        "Dos",
        ("Eva",),
        "El Eco",
        "https://e.org/2",
    )
    assert (article.published_date, article.date_basis) == (date(2026, 1, 11), "sender")
    assert (article.language, article.input_uri, article.extra) == ("es", "a.txt", {"desk": 1})
    assert to_article(Document(text, published_at="2026-01-11", input_format="html")).date_basis == "metadata"


def test_a_time_that_is_none_falls_back_to_the_header_and_then_to_none() -> None:
    assert to_article(Document(f"Fecha: 2020-01-01\n\n{LONG}", published_at="soon")).date_basis == "header"
    article = to_article(Document(LONG, published_at="soon"))
    assert (article.published_date, article.published_at, article.date_basis) == (None, None, "none")


def test_a_line_that_is_a_date_alone_is_a_header() -> None:
    article = to_article(Document(f"Lunes 12 de enero de 2026\n\n{LONG}\n\n{LONG}"))
    assert (article.blocks[0].kind, article.published_date) == ("header", date(2026, 1, 12))


@pytest.mark.parametrize(
    "text",
    [
        "El alcalde renunció ayer.",
        "El alcalde renunció ayer",
        "EL ALCALDE RENUNCIÓ AYER",
        "Source: the mayor himself",
        "Date: Wednesday at three",
        "— No lo sé — dijo el alcalde.",
        "1. El alcalde renunció ayer.",
        "By Tuesday Evening",
    ],
)
def test_a_single_line_is_a_paragraph(text: str) -> None:
    assert blocks(text) == [("paragraph", text)]
    assert to_article(Document(text)).title is None


def test_the_first_short_line_without_a_stop_is_the_headline() -> None:
    assert blocks(f"Cierra el puerto\n\n{LONG}")[0] == ("headline", "Cierra el puerto")
    assert blocks(f"¿Cierra el puerto?\n{LONG}\n{LONG}")[0][0] == "headline"
    assert blocks(f"Cerró el puerto.\n\n{LONG}")[0][0] == "paragraph"
    assert blocks(f"Cerró el puerto.\n\n{LONG}", title="cerro el  puerto.")[0][0] == "headline"
    assert to_article(Document(f"Cierra el puerto\n\n{LONG}")).title == "Cierra el puerto"
    without_stops = "el puerto amaneció cerrado\n\nlos barcos esperaron\n\nnadie entró"
    assert {kind for kind, _ in blocks(without_stops)} == {"paragraph"}


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Por Ana Ruiz", ("Ana Ruiz",)),
        ("By Jane O'Neill and Carl von Berg", ("Jane O'Neill", "Carl von Berg")),
        ("Von Jan Weiß, Eva Kurz", ("Jan Weiß", "Eva Kurz")),
        ("Redacción", ()),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    text = f"Cierra el puerto\n{line}\n\n{LONG}"
    assert [kind for kind, _ in blocks(text)] == ["headline", "byline", "paragraph"]
    assert to_article(Document(text)).authors == authors


def test_what_only_begins_like_a_byline_is_a_paragraph() -> None:
    assert blocks(f"Por la tarde cerró.\n\n{LONG}")[0][0] == "paragraph"


def test_captions_inside_the_text() -> None:
    assert [k for k, _ in blocks(f"{LONG}\n\nFoto: la dársena norte\n\n{LONG}")] == [
        "paragraph",
        "caption",
        "paragraph",
    ]


def test_lists() -> None:
    text = f"{LONG}\n\n• pan\n• agua\n\n- uno\n- dos\n\n1. Ana\n2) Luis\n\n{LONG}\n\n- suelto"
    assert [kind for kind, _ in blocks(text)] == ["paragraph", *["list"] * 6, "paragraph", "paragraph"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_are_paragraphs_where_no_blank_line_is(newline: str) -> None:
    assert blocks(newline.join([LONG, LONG, LONG])) == [("paragraph", LONG)] * 3
    assert blocks(f"{newline}{LONG}{newline * 2}{LONG}{newline}") == [("paragraph", LONG)] * 2


def test_lines_that_were_only_wrapped_are_one_paragraph() -> None:
    wrapped = (
        "The port was closed at dawn and ships waited until the\n"
        "afternoon, said the pilot on duty. The Harbour Board will\n"
        "meet on it.\n"
        "Nobody was hurt, and the strike goes on until the owners\n"
        "pay what they promised."
    )
    assert [text.count("\n") for _, text in blocks(wrapped)] == [2, 1]


@pytest.mark.parametrize(
    ("signature", "account", "day"),
    [
        ("— Puerto de Lugo (@PuertoLugo) January 12, 2026", Account("Puerto de Lugo", "PuertoLugo"), TWELFTH),
        ("—Puerto (@P_1) 12 de enero de 2026", Account("Puerto", "P_1"), TWELFTH),
        ("– Puerto (@P1) Jan. 12, 2026", Account("Puerto", "P1"), TWELFTH),
        ("-- Puerto (@P1) 2026-01-12", Account("Puerto", "P1"), TWELFTH),
        ("- Jean-Luc Roy (@jlroy) · Jan 12, 2026", Account("Jean-Luc Roy", "jlroy"), TWELFTH),
        ("— Ana 🌊 (@a.bsky.social) Jan 12, 2026 at 3:04 PM", Account("Ana 🌊", "a.bsky.social", "bluesky"), TWELFTH),
        ("— Ana (@ana@mastodon.example) January 12, 2026", Account("Ana", "ana@mastodon.example", "mastodon"), TWELFTH),
        ("— Puerto (@P1)", Account("Puerto", "P1"), None),
    ],
)  # fmt: skip
def test_posts(signature: str, account: Account, day: date | None) -> None:
    body = "El muelle (@muelle) abre hoy. Más en https://t.co/abc1 pic.twitter.com/XyZ"
    for between in (" ", "\n", "\n\n"):
        text = f"{LONG}\n\n{body}{between}{signature}\n\n{LONG}"
        article = to_article(Document(text))
        check(article)
        post = article.blocks[1]
        assert [b.kind for b in article.blocks] == ["paragraph", "post", "paragraph"]
        assert text[post.start : post.body_end] == body
        assert text[post.start : post.end] == f"{body}{between}{signature}"
        assert (post.account, post.posted) == (account, day)


@pytest.mark.parametrize(
    "text",
    [
        "La ministra — Ana Ruiz (@anaruiz) según su cuenta — no respondió.",
        "Escribió a Ana Ruiz (@anaruiz) January 12, 2026",
        "— Ana Ruiz (@anaruiz) January 12, 2026",
        f"{LONG * 12} — Ana Ruiz (@anaruiz) January 12, 2026",
    ],
)
def test_what_is_no_post(text: str) -> None:
    assert "post" not in {kind for kind, _ in blocks(f"{text}\n\n{LONG}")}


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\ufeff", " \u200b\n\u2060 "])
def test_white_space_is_no_article(text: str) -> None:
    with pytest.raises(ArticleError, match="white space") as caught:
        to_article(Document(text))
    assert caught.value.reason_code == "empty_text"


def test_marks_without_width_are_in_no_block() -> None:
    assert to_article(Document(f"\ufeff {LONG}")).blocks == (Block("paragraph", 2, 2 + len(LONG)),)


def test_labels_are_lower_case_and_stand_for_one_thing_each() -> None:
    labels = decode(HEADERS_FILE, HeadersFile).labels
    listed = [label for kind in labels.__struct_fields__ for label in getattr(labels, kind)]
    assert listed == [label.lower() for label in listed]
    assert len(listed) == len(set(listed))


LINES = ["Título: x", "date 2026-01-11", "Fecha: 2026-01-11", "• a", "1. b", "", " ", "— A (@a) January 12, 2026",
         LONG, "Foto: x", "By Ana Ruiz", "Corta", "Corta.", "\ufeff", "\x0c", "(@", "-(@a)", "12.1.2026",
         "x" * 100]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=8), st.sampled_from(["\n", "\r\n", "\n\n", " "]))
def test_any_lines_give_blocks_that_hold_them(lines: list[str], newline: str) -> None:
    try:
        check(to_article(Document(newline.join(lines))))
    except ArticleError:
        assert not "".join(lines).strip(" \ufeff\x0c")


@given(st.text(max_size=300))
def test_any_text_gives_blocks_that_hold_it(text: str) -> None:
    try:
        check(to_article(Document(text)))
    except ArticleError:
        assert not text.strip().strip("\ufeff\u200b\u200e\u200f\u2060").strip() or not text.isprintable()
