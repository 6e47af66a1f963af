"""HTML pages: what they declare, which of their paragraphs are the article, and which pages are refused."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from pages import (
    BODY,
    FIRST,
    LAST,
    MENU,
    PARAGRAPHS,
    SECOND,
    THIRD,
    linked,
    page,
    refused,
    site,
)

from flows.article import to_article
from flows.lexicons.files import LexiconError
from flows.model import Account, Document, Reject
from flows.read import Limits, read
from flows.read.page import vocabulary as words

# the body


def test_the_article_is_told_from_menu_teasers_and_comments() -> None:
    assert page(site()).text == BODY


def test_lead_subheadings_and_items_are_part_of_it() -> None:
    article = f"<p>{FIRST}</p><h2>North quay</h2><p>{SECOND}</p><ul><li>Ferry to Osk: 7:40</li></ul><p>{THIRD}</p>"
    before = "<p class='standfirst'>Cracks in the old pier stop the ferries for months.</p>"
    assert page(site("", article, before)).text == (
        f"Cracks in the old pier stop the ferries for months.\n\n{FIRST}\n\nNorth quay\n\n{SECOND}\n\n"
        f"Ferry to Osk: 7:40\n\n{LAST}"
    )
    described = "<meta name='description' content='Cracks in the old pier stop the ferries for months.'>"
    before = "<div><div>Cracks in the old pier stop the ferries for months.</div></div>"
    assert page(site(described, PARAGRAPHS, before)).text.startswith("Cracks in the old pier")


def test_captions_related_links_and_newsletters_are_no_part_of_it() -> None:
    article = (
        f"<p>{FIRST}</p><figure><img src='x'><figcaption>The older pier of Port Lanmer, seen from the sea on Monday."
        f"</figcaption></figure><p><a href='/x'>Read also: the history of the piers of Port Lanmer in pictures</a></p>"
        f"<p>{SECOND}</p><div class='newsletter-box'><p>Get the best of the Courier every morning by mail.</p></div>"
        f"<aside><p>The authority was founded in 1887 and has 214 employees on four sites.</p></aside><p>{THIRD}</p>"
    )
    assert page(site("", article)).text == BODY


def test_paragraphs_that_are_wrapped_one_by_one_stay_together() -> None:
    wrapped = "".join(
        f"<div class='slot'><div><div class='w'><div class='row'><p>{text}</p></div></div></div></div>"
        for text in (FIRST, SECOND, THIRD)
    )
    assert page(site("", wrapped)).text == BODY


def test_an_embedded_post_is_kept_with_its_signature() -> None:
    post = (
        "<div class='social-embed'><blockquote class='twitter-tweet'><p>Both piers are closed. Use the north quay.</p>"
        "&mdash; Port Lanmer (@portlanmer) <a href='https://x.example/1'>January 12, 2026</a></blockquote></div>"
    )
    text = page(site("", f"<p>{FIRST}</p>{post}<p>{SECOND}</p>")).text
    assert "Both piers are closed. Use the north quay.\n\n— Port Lanmer (@portlanmer) January 12, 2026" in text


def test_line_breaks_make_lines_and_paragraphs() -> None:
    article = f"<div>{FIRST}<br><br>{SECOND}<br>\n   Timetable   on the quay.</div>"
    assert page(site("", article)).text == f"{FIRST}\n\n{SECOND}\nTimetable on the quay."


def test_soft_hyphens_do_not_cut_words() -> None:
    assert "authority" in page(site("", PARAGRAPHS.replace("authority", "au&shy;thor&shy;ity"))).text


def test_a_small_page_is_taken_as_it_is() -> None:
    assert page('<h1>Title</h1><p>Short text.</p><p>"Yes," she said.</p>').text == 'Short text.\n\n"Yes," she said.'


def test_a_copy_of_the_article_is_left_out() -> None:
    copy = f"<div class='print'>{FIRST} {SECOND} {THIRD} " + "And so on for a while. " * 30 + "</div>"
    assert page(site("", PARAGRAPHS + f"<div>{PARAGRAPHS}</div>")).text == BODY
    long = PARAGRAPHS + "<p>" + "And so on for a while. " * 30 + "</p>"
    assert page(site("", long + copy)).text.count(FIRST) == 1


def test_the_declared_body_is_used_where_the_page_shows_none() -> None:
    declared = f"{FIRST}\n{SECOND}\n{LAST}"
    empty = "<html><head>{}</head><body><div id='app'></div></body></html>"
    assert page(empty.format(linked(headline="Both piers closed", articleBody=declared))).text == BODY


def test_the_paragraphs_of_the_page_are_preferred_to_a_declared_body_without_any() -> None:
    head = linked(articleBody=f"{FIRST} {SECOND} {LAST}")
    trusted = site(head, PARAGRAPHS.replace("<p>", "<p class='promo'>", 1))
    assert page(trusted).text == BODY
    assert page(site(linked(articleBody=FIRST[:60] + "..."))).text == BODY


def test_a_page_that_a_script_fills_is_read_from_the_script() -> None:
    state = json.dumps({"story": {"html": f"<div>{PARAGRAPHS}<p>" + "More of the same. " * 20 + "</p></div>"}})
    for script in (f"window.state = {state}", f"push([1, {json.dumps(state)}])".replace("<", "\\u003c")):
        html = f"<html><body><div id='app'></div><script>{script}</script></body></html>"
        assert page(html).text.startswith(BODY)


# encodings


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "<meta charset='iso-8859-1'>"),
        ("cp1252", "<meta charset=iso-8859-1>"),
        ("cp1252", "<meta http-equiv='Content-Type' content='text/html; charset=Windows-1252'>"),
        ("cp932", "<meta charset='Shift_JIS'>"),
        ("utf-16", "<meta charset='utf-16'>"),
    ],
)
def test_a_page_is_read_in_its_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    ending = "本" if encoding == "cp932" else "“é”"
    html = f"<html><head>{declared}</head><body><p>{FIRST} {ending}</p></body></html>"
    (tmp_path / "a.html").write_bytes(html.encode(encoding))
    (found,) = read([tmp_path / "a.html"])
    assert isinstance(found, Document)
    assert found.text == f"{FIRST} {ending}"


def test_a_bad_byte_beside_the_article_costs_nothing_and_within_it_the_article(tmp_path: Path) -> None:
    data = site().encode()
    (tmp_path / "a.html").write_bytes(data.replace(b"1921", b"19\xff21"))
    (tmp_path / "b.html").write_bytes(data.replace(b"harbour", b"harb\xffour"))
    beside, within = read([tmp_path])
    assert isinstance(beside, Document)
    assert isinstance(within, Reject)
    assert within.reason_code == "bad_encoding"
    assert f"0xff at offset {data.index(b'harbour') + 4} " in within.reason


# what is refused


@pytest.mark.parametrize(
    "html",
    [
        f"<html><body><ul>{MENU}</ul></body></html>",
        "<html><body><div id='app'></div><noscript>You need to enable JavaScript to run this.</noscript></body></html>",
        "<html><body>" + "".join(f"<p><a href='/{n}'>A headline of today, number {n}</a></p>" for n in range(40)),
        "<html></html>",
    ],
)
def test_a_page_without_an_article_is_told(html: str) -> None:
    assert refused(html).reason_code == "no_body"


HOSTILE = {
    "nested": ("<div>" * 200_000, "nesting"),
    "nested a little": ("<div>" * 800 + PARAGRAPHS, "nesting"),
    "formatting": ("".join(f"<b id={n}>" for n in range(100_000)), "nesting"),
    "attributes": ("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">", "bad_html"),
    "long": ("<p>" + "word " * 4_800_000, "too_long"),
    "scripts": ('<script>"\\' + '"\\' * 500_000 + "<p </script>", "no_body"),
    "deep data": ("<script type='application/ld+json'>" + "[" * 200_000 + "</script>", "no_body"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_soon_in_a_reject(tmp_path: Path, name: str) -> None:
    html, code = HOSTILE[name]
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    began = time.perf_counter()
    found = list(read([tmp_path / "a.html"], limits=Limits(document_bytes=30_000_000)))
    assert [getattr(item, "reason_code", None) for item in found] == [code]
    assert time.perf_counter() - began < 5


def test_thousands_of_unclosed_paragraphs_are_no_attack() -> None:
    html = "<html><body>" + "".join(f"<p>Paragraph {n} is one of very many in this long report." for n in range(20_000))
    assert page(html).text.count("\n\n") == 19_999


# the words


def test_a_wrong_word_list_names_the_file_and_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "words.toml"
    path.write_text(words.FILE.read_text(encoding="utf-8").replace("unless = [", "unles = [", 1), encoding="utf-8")
    monkeypatch.setattr(words, "FILE", path)
    words.vocabulary.cache_clear()
    with pytest.raises(LexiconError, match=r"words\.toml.*unles"):
        words.vocabulary()
    words.vocabulary.cache_clear()


def test_meta_names_and_words_are_lower_case_and_listed_once() -> None:
    known = words.vocabulary()
    for group in (known.meta, known.authors):
        for name in group.__struct_fields__:
            listed = list(getattr(group, name))
            assert listed == [entry.lower() for entry in listed], name
            assert len(listed) == len(set(listed)), name


def test_captions_are_beside_the_text() -> None:
    pictures = (
        "<figure><img src='1.jpg'><figcaption>The <b>older</b> pier in June</figcaption></figure>",
        "<div class='wp-caption'><img><p class='wp-caption-text'>The quay at night, seen from a ferry</p></div>",
        "<aside><figure><figcaption>Another story</figcaption></figure></aside>",
        "<a href='/x'><figure><figcaption>Yet another story</figcaption></figure></a>",
        "<figure><figcaption>The <b>older</b> pier in June</figcaption></figure>",
    )
    found = page(site("", PARAGRAPHS + "".join(pictures)))
    assert found.text == BODY
    assert found.extra["captions"] == ["The older pier in June", "The quay at night, seen from a ferry"]


@pytest.mark.parametrize(
    "line",
    [
        "<p><strong>Read also:</strong> <a href='/x'>Ferry company raises its prices for the third time</a></p>",
        "<p>Read more: Ferry company raises its prices for the third time this year, says the harbour.</p>",
        "<p>Lea también: La naviera sube los precios por tercera vez este año en el puerto.</p>",
        "<p>LEIA MAIS – Empresa de balsas aumenta os preços pela terceira vez neste ano no porto.</p>",
        "<p>À lire aussi : La compagnie augmente ses prix pour la troisième fois cette année.</p>",
        "<p>» Mehr zum Thema: Fährgesellschaft erhöht zum dritten Mal in diesem Jahr die Preise.</p>",
        "<p>LEGGI ANCHE | La compagnia dei traghetti aumenta i prezzi per la terza volta.</p>",
        "<h3>Lesen Sie auch</h3><ul><li><a href='/x'>Fährgesellschaft erhöht die Preise</a></li></ul>",
        "<p>Sign up for our daily newsletter and never miss the news of the harbour again.</p>",
    ],
)
def test_lines_that_lead_elsewhere_are_no_part_of_the_article(line: str) -> None:
    first, rest = PARAGRAPHS.split("</p>", 1)
    assert page(site("", f"{first}</p>{line}{rest}")).text == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Read the letter to the harbour master aloud, the judge told the clerk on Tuesday morning.",
        "Watch towers stood on both piers until the war, and one of them can still be climbed.",
        "Leia Ortega, who sells tickets, said that nobody had told her anything before Tuesday.",
        "Sign up sheets for the ferry were taken down at noon, as the harbour authority had said.",
    ],
)
def test_sentences_that_begin_alike_are(line: str) -> None:
    assert line in page(site("", f"{PARAGRAPHS}<p>{line}</p>")).text


def test_embedded_posts_are_part_of_the_article_with_their_signature() -> None:
    tweet = (
        "<blockquote class='twitter-tweet'><p lang='en'>We close both piers today.</p>&mdash; Port of Lanmer "
        "(@portlanmer) <a href='https://x.example/1'>January 12, 2026</a></blockquote><script src='w.js'></script>"
    )
    inner = "<p>Our harbour by night</p><p>A post by Port (@portlanmer)</p>"
    picture = f"<blockquote class='instagram-media'>{inner}</blockquote>"
    article = to_article(page(site("", PARAGRAPHS + tweet + picture + f"<p>{FIRST} It was the third time.</p>")))
    assert "Our harbour by night\n\nA post by Port (@portlanmer)" in article.text
    (post,) = [block for block in article.blocks if block.kind == "post" and block.posted]
    assert article.text[post.start : post.body_end] == "We close both piers today."
    assert (post.account, post.posted) == (Account("Port of Lanmer", "portlanmer"), date(2026, 1, 12))
