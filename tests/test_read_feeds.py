"""RSS, RDF, Atom, JSON Feed and sitemaps: what becomes of each entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wires import SECOND, TEXT, atom, document, full, item, items, reject, rss, sitemap

from flows.model import Document, Filtered, Reject
from flows.read.feed import read as read_feed
from flows.read.inputs import InputFile
from flows.read.limits import Limits
from flows.read.rejects import UnreadableError
from flows.read.sitemap import SitemapEntry, entries

RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://courier.example/"><title>Lanmer Courier</title>
 <link>https://courier.example/</link><dc:language>en</dc:language></channel>
 <item rdf:about="https://courier.example/piers"><title>Both piers closed</title>
 <link>https://courier.example/piers</link><description>{TEXT}</description><dc:creator>Ana Ruiz</dc:creator>
 <dc:date>2026-01-12T18:00:00-06:00</dc:date></item></rdf:RDF>"""


def test_rss_tells_all(tmp_path: Path) -> None:
    inner = (
        "<guid isPermaLink='false'>lanmer-77</guid><dc:creator>By Ana Ruiz and Luis Paz</dc:creator>"
        "<pubDate>Mon, 12 Jan 2026 18:00:00 -0600</pubDate><atom:updated>2026-01-13T09:00:00-06:00</atom:updated>"
        "<category>Ports</category><category>Ports</category><category>Repairs &amp;amp; works</category>"
        "<media:content url='https://courier.example/1.jpg' medium='image'>"
        "<media:description>The older pier in June</media:description></media:content>"
        "<enclosure url='https://courier.example/1.mp3' type='audio/mpeg' length='1'/><description>Short.</description>"
    )
    page = (
        f"<p>{TEXT}</p><figure><img src='2.jpg'><figcaption>The quay at night</figcaption></figure><p>{SECOND}</p>"
        "<p>The post <a href='/1'>Both piers closed</a> appeared first on <a href='/'>Lanmer Courier</a>.</p>"
        "<script>track()</script>"
    )
    found = document(tmp_path, rss(item(inner + full(page), title="Both piers &amp;amp; the quay closed")))
    assert found.text == f"{TEXT}\n\n{SECOND}"
    assert (found.title, found.doc_id) == ("Both piers & the quay closed", "lanmer-77")
    assert (found.url, found.source) == ("https://courier.example/piers", "Lanmer Courier")
    assert (found.authors, found.language) == (("Ana Ruiz", "Luis Paz"), "en-gb")
    assert found.published_at == "Mon, 12 Jan 2026 18:00:00 -0600"
    assert found.extra == {
        "modified_at": "2026-01-13T09:00:00-06:00",
        "subjects": ["Ports", "Repairs & works"],
        "captions": ["The older pier in June", "The quay at night"],
        "media": [
            {"url": "https://courier.example/1.mp3", "type": "audio/mpeg"},
            {"url": "https://courier.example/1.jpg", "type": "image", "caption": "The older pier in June"},
        ],
    }


@pytest.mark.parametrize(
    ("inner", "is_summary"),
    [
        (f"<description>{TEXT}</description>", True),
        (f"<description>&lt;p&gt;{TEXT}&lt;/p&gt;</description>", True),
        (f"<description>{'The harbour stays closed. ' * 40}</description>", False),
        (full(f"<p>{TEXT}</p>"), False),
        (full(f"<p>{TEXT[:60]} [&#8230;]</p>"), True),
        (full("") + f"<description>{TEXT}</description>", True),
    ],
)
def test_an_item_with_nothing_but_a_summary_says_so(tmp_path: Path, inner: str, is_summary: bool) -> None:  # noqa: FBT001
    assert document(tmp_path, rss(item(inner))).extra.get("is_summary", False) is is_summary


def test_an_item_without_a_text_is_a_reject_and_costs_no_other(tmp_path: Path) -> None:
    found = items(tmp_path, rss(item(""), item(full(TEXT)), item("<description> </description>")))
    assert [getattr(each, "reason_code", None) for each in found] == ["no_body", None, "no_body"]
    assert isinstance(found[0], Reject)
    assert found[0].payload == item("")
    data = rss(item(""), item(full(TEXT)))
    assert [each.byte_offset for each in found[:2]] == [data.index("<item>"), data.rindex("<item>")]


def test_rdf(tmp_path: Path) -> None:
    found = document(tmp_path, RDF, "feed.rdf")
    assert (found.text, found.title, found.source) == (TEXT, "Both piers closed", "Lanmer Courier")
    assert (found.url, found.authors, found.language) == ("https://courier.example/piers", ("Ana Ruiz",), "en")
    assert found.published_at == "2026-01-12T18:00:00-06:00"


@pytest.mark.parametrize(
    "content",
    [
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{TEXT}</p><p>{SECOND}</p></div></content>",
        f"<content type='html'>&lt;p&gt;{TEXT}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</content>",
        f"<content>{TEXT}\n\n{SECOND}</content>",
        f"<content src='https://courier.example/1.mp4' type='video/mp4'/><summary>{TEXT}\n\n{SECOND}</summary>",
    ],
)
def test_atom(tmp_path: Path, content: str) -> None:
    entry = (
        f"<entry><id>tag:1</id><title type='html'>Both &lt;b&gt;piers&lt;/b&gt; closed</title>"
        "<link rel='self' href='/x'/><link rel='alternate' href='/piers'/>"
        "<author><name>Ana Ruiz</name></author><category term='Ports'/>"
        f"<published>2026-01-12T18:00:00-06:00</published><updated>2026-01-13T09:00:00-06:00</updated>{content}</entry>"
    )
    found = document(tmp_path, atom(entry), "feed.atom")
    assert found.text == f"{TEXT}\n\n{SECOND}"
    assert (found.title, found.url, found.doc_id) == ("Both piers closed", "https://courier.example/piers", "tag:1")
    assert (found.authors, found.language, found.source) == (("Ana Ruiz",), "en", "Lanmer Courier")
    assert (found.published_at, found.extra["modified_at"]) == (
        "2026-01-12T18:00:00-06:00",
        "2026-01-13T09:00:00-06:00",
    )
    assert found.extra.get("is_summary", False) is ("src=" in content)


def test_an_item_is_known_by_its_bytes_and_its_feed(tmp_path: Path) -> None:
    one, other = rss(item(full(TEXT))), rss(item(full(TEXT)), channel="<title>Mirror</title>")
    known = {document(tmp_path, feed).input_sha256 for feed in (one, one.replace("</rss>", "</rss>\n"), other)}
    assert len(known) == 2


def test_the_entries_of_json_feeds(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": "Lanmer Courier",
        "home_page_url": "https://courier.example/",
        "author": {"name": "The Editors"},
        "items": [
            {
                "id": 77,
                "url": "/piers",
                "title": "Both piers closed",
                "content_html": f"<p>{TEXT}</p>",
                "date_published": "2026-01-12T18:00:00-06:00",
                "date_modified": "2026-01-13T09:00:00-06:00",
                "authors": [{"name": "Ana Ruiz"}],
                "language": "en",
                "tags": ["Ports"],
                "attachments": [{"url": "https://courier.example/1.mp3", "mime_type": "audio/mpeg"}],
            },
            {"id": "2", "summary": "The ferry is back."},
            {"id": "3", "title": "Nothing"},
            {"id": "4", "content_html": 5},
            "no item",
        ],
    }
    content = json.dumps(feed, indent=1)
    full_item, summary, *broken = items(tmp_path, content, "feed.json")
    assert isinstance(full_item, Document)
    assert (full_item.text, full_item.title, full_item.doc_id) == (TEXT, "Both piers closed", "77")
    assert (full_item.url, full_item.source, full_item.language) == (
        "https://courier.example/piers",
        "Lanmer Courier",
        "en",
    )
    assert (full_item.authors, full_item.published_at) == (("Ana Ruiz",), "2026-01-12T18:00:00-06:00")
    assert full_item.extra == {
        "modified_at": "2026-01-13T09:00:00-06:00",
        "subjects": ["Ports"],
        "media": [{"url": "https://courier.example/1.mp3", "type": "audio/mpeg"}],
    }
    assert isinstance(summary, Document)
    assert (summary.text, summary.authors, summary.extra) == (
        "The ferry is back.",
        ("The Editors",),
        {"is_summary": True},
    )
    assert content[summary.byte_offset :].startswith('{\n   "id": "2"')
    assert [getattr(each, "reason_code", None) for each in broken] == ["no_body", "no_body", "bad_json"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "bad_json"),
        ('{"version": "https://jsonfeed.org/version/1", "items": 5}', "bad_record"),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000, "nesting"),
    ],
)
def test_a_json_feed_that_is_none(tmp_path: Path, content: str, code: str) -> None:
    assert reject(tmp_path, content, "feed.json").reason_code == code


NEWS_ENTRY = (
    "<url><loc>https://courier.example/piers</loc><lastmod>2026-01-13</lastmod><news:news><news:publication>"
    "<news:name>Lanmer Courier</news:name><news:language>en</news:language></news:publication>"
    "<news:publication_date>2026-01-12T18:00:00-06:00</news:publication_date>"
    "<news:title>Both piers closed</news:title></news:news></url>"
)


def test_entries_of_sitemaps_are_filtered(tmp_path: Path) -> None:
    found = items(tmp_path, sitemap(NEWS_ENTRY, "<url><loc>https://courier.example/2</loc></url>"))
    assert [each.rule for each in found if isinstance(each, Filtered)] == ["sitemap_entry"] * 2
    index = "<sitemapindex><sitemap><loc>https://courier.example/news.xml</loc></sitemap></sitemapindex>"
    assert [type(each) for each in items(tmp_path, index)] == [Filtered]
    assert reject(tmp_path, sitemap()[:-3]).reason_code == "truncated"


def test_whoever_fetches_gets_the_entries_of_sitemaps() -> None:
    assert list(entries([sitemap(NEWS_ENTRY, "<url><loc>file:///etc/passwd</loc></url>").encode()])) == [
        SitemapEntry(
            "https://courier.example/piers",
            title="Both piers closed",
            published_at="2026-01-12T18:00:00-06:00",
            modified_at="2026-01-13",
            language="en",
            source="Lanmer Courier",
        )
    ]
    index = b"<sitemapindex><sitemap><loc>https://courier.example/news.xml</loc></sitemap>"
    found = entries([index])
    assert next(found) == SitemapEntry("https://courier.example/news.xml", is_index=True)
    with pytest.raises(UnreadableError, match="ends"):
        next(found)


def test_a_feed_of_any_length_is_read_in_little_memory() -> None:
    """Each entry is given before the next is read: nothing waits for the end of the feed."""

    given = 0

    def endless():
        nonlocal given
        yield b"<rss><channel>"
        while True:
            given += 1
            yield f"<item><title>{given}</title><description>{TEXT}</description></item>".encode()

    for number, candidate in enumerate(read_feed(endless(), InputFile("feed.xml"), Limits()), 1):
        assert candidate.document().title == str(number)
        assert given <= number + 1
        if number == 1000:
            break
