"""What a page says of itself: linked data, meta tags, what it shows, and what the sender says."""

from __future__ import annotations

import json

import pytest
from pages import (
    BODY,
    PARAGRAPHS,
    linked,
    page,
    site,
)

from flows.read.page.metadata import split_names


def test_linked_data_tells_all() -> None:
    head = linked(
        headline="Both piers of Port Lanmer closed",
        author=[{"@type": "Person", "name": "Ana Ruiz"}, {"@type": "Person", "name": "By Luis Paz"}],
        datePublished="2026-01-12T18:00:00-06:00",
        dateModified="2026-01-13T09:00:00-06:00",
        publisher={"@type": "Organization", "name": "Lanmer Courier"},
        inLanguage="en",
    )
    found = page(site(head + "<link rel='canonical' href='https://courier.example/piers'>"))
    assert found.title == "Both piers of Port Lanmer closed"
    assert found.authors == ("Ana Ruiz", "Luis Paz")
    assert found.published_at == "2026-01-12T18:00:00-06:00"
    assert (found.source, found.url, found.language) == ("Lanmer Courier", "https://courier.example/piers", "en-GB")
    assert found.input_format == "html"


def test_linked_data_in_a_graph_with_references() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "@id": "#site", "name": "Lanmer Courier"},
            {"@type": ["Person"], "@id": "#ana", "name": "Ana Ruiz"},
            {"@type": "NewsArticle", "headline": "Another article", "url": "https://courier.example/other"},
            {
                "@type": ["NewsArticle", "ReportageNewsArticle"],
                "headline": "Both piers &amp; the quay closed",
                "url": "https://courier.example/piers?from=feed",
                "author": {"@id": "#ana"},
                "publisher": {"@id": "#site"},
                "datePublished": "2026-01-12",
                "hasPart": [{"@type": "NewsArticle", "headline": "Part", "author": "Nobody"}],
            },
        ],
    }
    script = f"<script type='application/ld+json'>\n//<![CDATA[\n{json.dumps(graph)[:-1]},}}\n//]]></script>"
    found = page(site(script + "<meta property='og:url' content='https://www.courier.example/piers/'>"))
    assert found.title == "Both piers & the quay closed"
    assert (found.authors, found.source, found.published_at) == (("Ana Ruiz",), "Lanmer Courier", "2026-01-12")


def test_meta_tags_tell_where_linked_data_do_not() -> None:
    head = (
        "<script type='application/ld+json'>{broken</script><title>Piers closed - Lanmer Courier</title>"
        "<meta property='og:title' content='Both piers closed | Lanmer Courier'>"
        "<meta property='og:site_name' content='Lanmer Courier'><meta name='author' content='By Ana Ruiz and Luis Paz'>"
        "<meta property='article:published_time' content='not a time'><meta name='DC.date' content='2026-01-12T18:00Z'>"
        "<meta property='og:url' content='https://courier.example/piers'>"
    )
    found = page(site(head))
    assert (found.title, found.source) == ("Both piers closed", "Lanmer Courier")
    assert (found.authors, found.published_at) == (("Ana Ruiz", "Luis Paz"), "2026-01-12T18:00Z")
    assert found.url == "https://courier.example/piers"


def test_an_address_that_is_none_is_passed_over() -> None:
    head = "<link rel='canonical' href='/piers'><meta property='og:url' content='https://[broken'>"
    assert page(site(head + "<meta name='twitter:url' content='http://courier.example/1'>")).url == (
        "http://courier.example/1"
    )


def test_the_page_shows_what_nothing_declares() -> None:
    before = "<p class='article-byline'>By Ana Ruiz</p><time datetime='2026-01-12T18:00:00Z'>Monday</time>"
    found = page(site("", PARAGRAPHS, before))
    assert (found.title, found.authors) == ("Both piers closed", ("Ana Ruiz",))
    assert found.published_at == "2026-01-12T18:00:00Z"
    assert page(site("<meta property='og:url' content='https://courier.example/2026/01/12/piers'>")).published_at == (
        "2026-01-12"
    )


def test_a_person_is_preferred_to_the_site_as_author() -> None:
    head = linked(author={"name": "Lanmer Courier"}, publisher={"name": "Lanmer Courier"})
    before = "<span class='comment-author'>Bo Ulm</span><span class='author-follow'>Follow Us</span>"
    assert page(site(head, PARAGRAPHS, before)).authors == ("Lanmer Courier",)
    assert page(site(head, PARAGRAPHS, before + "<span class='author'>Ana Ruiz</span>")).authors == ("Ana Ruiz",)


def test_what_the_sender_says_wins() -> None:
    head = linked(headline="Theirs", author="Ana Ruiz", datePublished="2026-01-12", publisher={"name": "Courier"})
    sent = {
        "title": "Mine",
        "authors": ["Bo Ulm"],
        "published_at": "2026-02-02",
        "source": "Mirror",
        "language": "fr",
        "url": "https://mirror.example/1",
    }
    found = page(site(head), **sent)
    assert {key: getattr(found, key) for key in sent} == {**sent, "authors": ("Bo Ulm",)}
    assert found.doc_id == "a"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("Von Ana Ruiz, Bo Ulm und Cé Dahl", ["Ana Ruiz", "Bo Ulm", "Cé Dahl"]),
        ("Por: Ana Ruiz y Bo Ulm", ["Ana Ruiz", "Bo Ulm"]),
        ("Anderson Byrd", ["Anderson Byrd"]),
        ("a.ruiz-paz@courier.example", ["A. Ruiz-Paz"]),
        ("https://courier.example/ana", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, names: list[str]) -> None:
    assert list(split_names(byline)) == names


MICRODATA = f"""<!doctype html><html lang='en'><body><div itemscope itemtype='https://schema.org/NewsArticle'>
<meta itemprop='mainEntityOfPage' content='https://courier.example/piers'><span itemprop='articleSection'>Region</span>
<h1 itemprop='headline'>Both piers closed</h1>
<span itemprop='author' itemscope><span itemprop='name'>Ana Ruiz</span></span>
<div itemprop='publisher' itemscope><meta itemprop='name' content='Lanmer Courier'></div>
<time itemprop='datePublished' datetime='2026-01-12T18:00:00-06:00'>Monday</time>
<time itemprop='dateModified' datetime='2026-01-13T09:00:00-06:00'>Tuesday</time>
<div itemprop='articleBody'>{PARAGRAPHS}</div></div></body></html>"""
OPEN_GRAPH = site(
    "<meta property='og:title' content='Both piers closed'><meta property='article:section' content='Region'>"
    "<meta property='article:published_time' content='2026-01-12T18:00:00-06:00'>"
    "<meta name='author' content='Ana Ruiz'>"
    "<meta property='article:modified_time' content='2026-01-13T09:00:00-06:00'>"
    "<meta property='og:url' content='https://courier.example/piers'>"
    "<meta property='og:site_name' content='Lanmer Courier'>"
)
LISTS_IN_LISTS = [
    [
        {
            "@type": "WebPage",
            "mainEntity": {
                "@type": ["NewsArticle"],
                "headline": ["Both piers closed"],
                "articleSection": ["Region", "Ports"],
                "datePublished": "2026-01-12T18:00:00-06:00",
                "dateModified": "2026-01-13T09:00:00-06:00",
                "author": [[{"@type": "Person", "name": ["Ana Ruiz"]}]],
                "publisher": {"name": "Lanmer Courier"},
                "url": "https://courier.example/piers",
            },
        }
    ]
]
NESTED = site(f"<script type='application/ld+json'>{json.dumps(LISTS_IN_LISTS)}</script>")


@pytest.mark.parametrize("content", [MICRODATA, OPEN_GRAPH, NESTED])
def test_each_vocabulary_tells_the_same(content: str) -> None:
    found = page(content)
    assert found.text == BODY
    assert (found.title, found.authors, found.source) == ("Both piers closed", ("Ana Ruiz",), "Lanmer Courier")
    assert (found.url, found.published_at) == ("https://courier.example/piers", "2026-01-12T18:00:00-06:00")
    assert found.extra == {"section": "Region", "modified_at": "2026-01-13T09:00:00-06:00"}


def test_a_page_that_was_never_updated_has_no_time_of_update() -> None:
    moment = "2026-01-12T18:00:00-06:00"
    assert page(site(linked(datePublished=moment, dateModified=moment))).extra == {}


def test_what_the_sender_says_of_other_values_wins() -> None:
    assert page(site(linked(articleSection="Theirs")), section="Mine").extra["section"] == "Mine"
