"""Polling: what is written, what is remembered, and that nothing is lost or doubled."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from processes import ROOT, clean_environment
from web import Answer, StillClock, site

from flows.feeds import FeedReport, FeedsError, Shelf, poll
from flows.feeds.items import NoFeedError, in_utf8, items_of
from flows.feeds.poll import MOST_PAGES
from flows.feeds.shelf import ShelfError
from flows.fetch.guard import Guard
from flows.fetch.visitor import Visitor
from flows.model import Document, Reject
from flows.read import read

PARAGRAPH = "The dockers of Felmouth voted on Monday to go back to work, and the port opens again at noon. "
PAGE = "<html lang='en'><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"


def rss(*items: str) -> bytes:
    head = "<title>Felmouth Courier</title><link>https://courier.example/</link><language>en</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(number: int, words: str | None = None, link: str = "https://courier.example/{}", **more: str) -> str:
    words = f"Summary {number}: the port opens." if words is None else words
    more.setdefault("guid", f"g-{number}")
    told = {"link": link.format(number), "title": f"Headline {number}", "description": words}
    told |= {"pubDate": "Mon, 06 Apr 2026 09:00:00 +0200"} | more
    tags = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in told.items() if value)
    return f"<item>{tags}</item>".replace("<guid>", '<guid isPermaLink="false">')


def sitemap(*urls: str, title: str = "", changed: str = "2026-04-06T09:00:00+02:00") -> bytes:
    publication = "<news:publication><news:name>Courier</news:name><news:language>en</news:language></news:publication>"
    news = f"<news:news>{publication}<news:publication_date>{changed}</news:publication_date>{{}}</news:news>"
    named = news.format(f"<news:title>{title}</news:title>") if title else ""
    entries = "".join(f"<url><loc>{url}</loc><lastmod>{changed}</lastmod>{named}</url>" for url in urls)
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    spaces += ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0"?><urlset {spaces}>{entries}</urlset>'.encode()


def body() -> str:
    """A text as long as an article."""
    return "".join(f"<p>{PARAGRAPH}So said the {number}th of them.</p>" for number in range(12))


def page(number: int) -> Answer:
    return Answer(PAGE.format(f"Headline {number}", body()).encode(), headers={"Content-Type": "text/html"})


@pytest.fixture
def web():
    with site() as found:
        yield found


class Desk:
    """Somebody who polls: one raw folder, one clock, however often."""

    def __init__(self, into: Path) -> None:
        self.into = into
        self.clock = StillClock()

    def poll(self, *feeds: str, full_text: bool = False) -> list[FeedReport]:
        visitor = Visitor(guard=Guard(allow_loopback=True), clock=self.clock)
        return poll(feeds, self.into, visitor, full_text=full_text, seed=1).feeds

    def lines(self) -> list[dict]:
        paths = sorted(path for path in self.into.rglob("*.jsonl"))
        return [json.loads(line) for path in paths for line in path.read_text().splitlines()]

    def ids(self) -> list[str]:
        return sorted(line["id"] for line in self.lines())


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "raw")


def test_items_become_lines_that_build_reads(web, desk):
    web["/feed"] = Answer(rss(item(1), item(2, **{"content:encoded": ""}), item(3, body())))
    [report] = desk.poll(f"{web.url}/feed")
    assert (report.outcome, report.items, report.new, report.summaries) == ("new", 3, 3, 2)
    first = desk.lines()[0]
    assert first["url"] == "https://courier.example/1"
    assert first["text"] == "Summary 1: the port opens."
    assert first["title"] == "Headline 1"
    assert first["published_at"] == "Mon, 06 Apr 2026 09:00:00 +0200"
    assert (first["language"], first["source"]) == ("en", "Felmouth Courier")
    assert first["is_summary"] is True
    assert first["feed"] == f"{web.url}/feed"
    assert "is_summary" not in desk.lines()[2]
    found = list(read([desk.into]))
    assert [type(document) for document in found] == [Document] * 3
    assert found[0].extra["is_summary"] is True
    assert {document.url for document in found} == {f"https://courier.example/{number}" for number in (1, 2, 3)}


def test_json_feeds_atom_and_packed_feeds(web, desk):
    told = {"id": "j-1", "url": "https://courier.example/j", "title": "Json", "content_text": PARAGRAPH * 3}
    web["/json"] = Answer(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [told]}).encode())
    entry = "<entry><id>a-1</id><title>Atom</title><link href='https://courier.example/a'/><summary>Short.</summary></entry>"
    web["/atom"] = Answer(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entry}</feed>".encode())
    web["/rss.gz"] = Answer(gzip.compress(rss(item(1))), headers={"Content-Type": "application/gzip"})
    web["/sent"] = Answer(gzip.compress(rss(item(2))), headers={"Content-Encoding": "gzip"})
    reports = desk.poll(*(f"{web.url}{path}" for path in ("/json", "/atom", "/rss.gz", "/sent")))
    assert [(report.outcome, report.new, report.told) for report in reports] == [("new", 1, "")] * 4
    assert desk.ids() == ["a-1", "g-1", "g-2", "j-1"]


def test_what_has_not_changed_is_not_sent_again(web, desk):
    def answer(asked):
        if asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == DATE:
            return Answer(status=304)
        return Answer(rss(item(1)), headers={"ETag": '"v1"', "Last-Modified": DATE})

    DATE = formatdate(1_790_000_000, usegmt=True)  # noqa: N806 - one of the header
    web["/feed"] = answer
    outcomes = [desk.poll(f"{web.url}/feed")[0].outcome for _ in range(3)]
    assert outcomes == ["new", "not changed", "not changed"]
    assert desk.ids() == ["g-1"]


def test_only_new_items_and_new_words_are_written(web, desk):
    web["/feed"] = [
        Answer(rss(item(1), item(2))),
        Answer(rss(item(3), item(2), item(1))),
        Answer(rss(item(3), item(2, "Corrected: the port stays closed."))),
        Answer(rss(item(1), item(3))),
    ]
    assert [desk.poll(f"{web.url}/feed")[0].new for _ in range(4)] == [2, 1, 1, 0]
    assert desk.ids() == ["g-1", "g-2", "g-2", "g-3"]
    assert len(list(desk.into.rglob("*.jsonl"))) == 3


def test_items_that_go_by_one_name_are_all_kept(web, desk):
    web["/feed"] = Answer(rss(item(1, guid="same"), item(2, guid="same"), item(2, guid="same")))
    assert [desk.poll(f"{web.url}/feed")[0].new for _ in range(2)] == [2, 0]


def test_an_item_that_cannot_be_read_is_left_to_build_to_reject(web, desk):
    web["/feed"] = Answer(rss(item(1), "<item><description>" + "\x7f" * 50 + "</description></item>"))
    assert [desk.poll(f"{web.url}/feed")[0].rejected for _ in range(2)] == [1, 0]
    assert [type(found) for found in read([desk.into])] == [Document, Reject]


def test_a_feed_that_is_cut_off_gives_what_it_has_and_is_asked_for_again(web, desk):
    whole = rss(item(1), item(2))
    headers = {"ETag": '"x"'}
    web["/feed"] = [Answer(whole[: whole.index(b"g-2")], headers=headers), Answer(whole, headers=headers)]
    [report] = desk.poll(f"{web.url}/feed")
    assert report.new == 1
    assert "ends" in report.told
    assert desk.poll(f"{web.url}/feed")[0].new == 1
    assert "if-none-match" not in web.asked[-1].headers
    assert desk.ids() == ["g-1", "g-2"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(status=404), "404 Not Found"),
        (Answer(status=410), "take it off your list"),
        (Answer(PAGE.format("A page", "<p>" + PARAGRAPH * 9 + "</p>").encode()), "no feed but a page"),
        (Answer(b"User not found"), "no feed but a page or a text"),
        (Answer(b"<?xml version='1.0'?><rss><chan"), "cannot be read as a feed"),
        (Answer(b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss(item(1))), "cannot be read as a feed"),
        (Answer(b"\x00\x01\x02" * 99), "cannot be read as a feed"),
        (Answer(b""), "cannot be read as a feed"),
        (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), "not on the public internet"),
    ],
)
def test_what_is_no_feed_fails_in_one_line_and_is_left_alone_for_a_while(web, desk, answer, says):
    web["/feed"] = answer
    [report] = desk.poll(f"{web.url}/feed")
    assert report.outcome == "failed"
    assert says in report.told
    assert "\n" not in report.told
    asked = len(web.asked)
    assert desk.poll(f"{web.url}/feed")[0].outcome == "waiting"
    assert len(web.asked) == asked
    assert desk.lines() == []
    web["/feed"] = Answer(rss(item(1)))
    desk.clock.time += 100
    assert desk.poll(f"{web.url}/feed")[0].new == 1


def test_a_page_in_the_place_of_its_feed_names_it(web, desk):
    links = "<link rel=alternate type='application/rss+xml' href='/rss?a=1&amp;b=2'><link rel=icon href=/i>"
    for body_of_it in ("<p>Latest</p>", body()):
        web["/"] = Answer(f"<html><head>{links}</head><body>{body_of_it}</body></html>".encode())
        assert f"the page names {web.url}/rss?a=1&b=2" in desk.poll(f"{web.url}/")[0].told
        desk.clock.time += 1_000


def test_a_feed_without_end_is_bounded(monkeypatch):
    monkeypatch.setattr("flows.feeds.items.MOST_ITEMS", 20)
    found = items_of(rss(*map(item, range(30))))
    assert (len(found.items), "left out" in found.damage) == (20, True)
    found = items_of(sitemap(*(f"https://courier.example/{number}" for number in range(30))))
    assert (len(found.items), "left out" in found.damage) == (20, True)


def test_pauses_grow_with_failures_and_end_with_success(web, desk):
    feed = f"{web.url}/feed"
    shelf = Shelf(desk.into)
    pauses = []
    web["/feed"] = Answer(status=500)
    for _ in range(4):
        desk.poll(feed)
        pauses.append(shelf.load(feed).retry_at - desk.clock.time)
        desk.clock.time += pauses[-1]
    assert all(1.1 < later / earlier < 4 for earlier, later in itertools.pairwise(pauses))
    web["/feed"] = Answer(rss(item(1)))
    desk.poll(feed)
    state = shelf.load(feed)
    assert (state.failures, state.retry_at) == (0, 0.0)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed(web, desk, status, as_date):
    def answer(_):
        return Answer(
            status=status,
            headers={"Retry-After": formatdate(desk.clock.time + 7200, usegmt=True) if as_date else "7200"},
        )

    web["/feed"] = answer
    start = desk.clock.time
    desk.poll(f"{web.url}/feed")
    assert Shelf(desk.into).load(f"{web.url}/feed").retry_at - start >= 7200


def test_pages_are_fetched_only_when_that_is_asked_for(web, desk):
    full = item(3, body(), link=f"{web.url}/{{}}")
    web["/feed"] = Answer(rss(item(1, link=f"{web.url}/{{}}"), item(2, "", link=f"{web.url}/{{}}"), full))
    web["/1"], web["/2"] = page(1), page(2)
    desk.poll(f"{web.url}/feed")
    assert web.paths == ["/robots.txt", "/feed"]
    assert [line.get("is_summary") for line in desk.lines()] == [True, True, None]
    other = Desk(desk.into.with_name("other"))
    [report] = other.poll(f"{web.url}/feed", full_text=True)
    assert (report.new, report.pages, report.summaries) == (3, 2, 0)
    assert web.paths[2:] == ["/robots.txt", "/feed", "/1", "/2"]
    found = list(read([other.into]))
    assert all(PARAGRAPH.strip() in document.text for document in found)
    assert [document.title for document in found] == ["Headline 1", "Headline 2", "Headline 3"]


def test_a_page_that_cannot_be_had_leaves_the_summary(web, desk):
    web["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /2")
    links = [f"{web.url}/1", f"{web.url}/2", f"{web.url}/3", "javascript:alert(1)", "http://10.0.0.1/"]
    web["/feed"] = Answer(rss(*(item(number, link=link) for number, link in enumerate(links, 1))))
    web["/3"] = Answer(b"<html><body>Log in</body></html>")
    [report] = desk.poll(f"{web.url}/feed", full_text=True)
    assert (report.new, report.pages, report.summaries, report.later) == (5, 0, 5, 0)
    errors = [line.get("page_error", "") for line in desk.lines()]
    assert [
        part in error
        for part, error in zip(["404", "robots.txt", "no article", "", "public internet"], errors, strict=True)
    ]
    assert "/2" not in web.paths


def test_a_page_that_does_not_answer_is_tried_three_times(web, desk):
    web["/feed"] = Answer(rss(item(1, link=f"{web.url}/1"), item(2, link=f"{web.url}/2")), headers={"ETag": '"a"'})
    web["/1"], web["/2"] = Answer(status=502), page(2)
    reports = [desk.poll(f"{web.url}/feed", full_text=True)[0] for _ in range(3)]
    assert [(report.new, report.later) for report in reports] == [(1, 1), (0, 1), (1, 0)]
    assert web.paths.count("/2") == 1
    assert [(line["id"], line.get("is_summary")) for line in desk.lines() if "text" in line] == [("g-1", True)]
    assert desk.poll(f"{web.url}/feed", full_text=True)[0].new == 0


def test_a_site_that_is_too_busy_is_left_alone(web, desk):
    web["/feed"] = Answer(rss(*(item(number, link=f"{web.url}/{{}}") for number in range(4))))
    web["/0"], web["/2"], web["/3"] = page(0), page(2), page(3)
    web["/1"] = [Answer(status=429, headers={"Retry-After": "500"}), page(1)]
    [report] = desk.poll(f"{web.url}/feed", full_text=True)
    assert (report.new, report.later) == (1, 3)
    assert web.paths[2:] == ["/0", "/1"]
    assert desk.poll(f"{web.url}/feed", full_text=True)[0].outcome == "waiting"
    desk.clock.time += 500
    [report] = desk.poll(f"{web.url}/feed", full_text=True)
    assert (report.new, report.pages, report.later) == (3, 3, 0)
    assert len(desk.ids()) == len(set(desk.ids())) == 4


def test_whoever_comes_late_writes_nothing(desk):
    shelf = Shelf(desk.into)
    with shelf.held():
        state = shelf.load("https://courier.example/rss")
        shelf.save(state)
    for late in (lambda: shelf.save(state), lambda: shelf.write(state, [{}], "courier.example", 0.0)):
        with pytest.raises(ShelfError):
            late()
    assert desk.lines() == []


def test_a_sitemap_gives_titles_or_pages(web, desk):
    web["/map"] = Answer(sitemap(f"{web.url}/1", title="Headline 1"))
    [report] = desk.poll(f"{web.url}/map")
    assert (report.new, report.summaries) == (1, 1)
    [line] = desk.lines()
    assert (line["text"], line["title"], line["is_summary"]) == ("Headline 1", "Headline 1", True)
    assert (line["url"], line["language"], line["source"]) == (f"{web.url}/1", "en", "Courier")
    assert len(list(read([desk.into]))) == 1
    other = Desk(desk.into.with_name("other"))
    web["/1"] = page(1)
    assert other.poll(f"{web.url}/map", full_text=True)[0].pages == 1
    assert PARAGRAPH.strip() in next(read([other.into])).text


def test_a_sitemap_without_titles_says_what_to_do_and_keeps_its_items_for_then(web, desk):
    web["/map"] = Answer(sitemap(f"{web.url}/1"), headers={"ETag": '"a"'})
    [report] = desk.poll(f"{web.url}/map")
    assert (report.new, report.wordless) == (0, 1)
    assert "--full-text" in report.told
    web["/1"] = page(1)
    assert desk.poll(f"{web.url}/map", full_text=True)[0].pages == 1


def test_an_index_of_sitemaps_is_followed_one_step_and_the_newest_first(web, desk):
    days = [f"2026-04-{day:02}" for day in range(1, 15)]
    listed = "".join(f"<sitemap><loc>{web.url}/map-{day}</loc><lastmod>{day}</lastmod></sitemap>" for day in days)
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'.encode()
    web["/index"] = Answer(index)
    for day in days:
        web[f"/map-{day}"] = Answer(sitemap(f"{web.url}/{day}", title=f"Of {day}"))
    web["/map-2026-04-14"] = Answer(index)
    web["/map-2026-04-13"] = Answer(status=302, headers={"Location": "http://127.0.0.2:1/"})
    [report] = desk.poll(f"{web.url}/index")
    assert web.paths[2:] == [f"/map-{day}" for day in reversed(days[4:])]
    assert report.new == 8
    assert "map-2026-04-13" in report.told
    assert desk.poll(f"{web.url}/index")[0].new == 0


def test_the_pages_of_one_poll_are_bounded(web, desk):
    count = MOST_PAGES + 5
    web["/feed"] = Answer(rss(*(item(number, link=f"{web.url}/{{}}") for number in range(count))))
    for number in range(count):
        web[f"/{number}"] = Answer(status=404)
    reports = [desk.poll(f"{web.url}/feed", full_text=True)[0] for _ in range(2)]
    assert [(report.new, report.later) for report in reports] == [(MOST_PAGES, 5), (5, 0)]
    assert len(desk.ids()) == len(set(desk.ids())) == count


def test_one_feed_never_costs_another(web, desk):
    web["/good"] = Answer(rss(item(1)))
    web["/hang"] = Answer(send=lambda _: None)
    reports = desk.poll("http://10.0.0.1/feed", f"{web.url}/hang", f"{web.url}/good", f"{web.url}/good")
    assert [report.outcome for report in reports] == ["failed", "failed", "new"]


def test_hosts_are_asked_at_the_same_time_and_each_by_one(web, desk):
    both = threading.Barrier(2, timeout=10)
    asked = {"now": 0, "most": 0}

    def alone(_):
        asked["now"] += 1
        asked["most"] = max(asked.values())
        time.sleep(0.02)
        asked["now"] -= 1
        return Answer(rss(item(3)))

    def together(_):
        both.wait()
        return Answer(rss(item(4)))

    web["/a"] = web["/b"] = web["/c"] = alone
    web["/both"] = together
    reports = desk.poll(*(f"{web.url}{path}" for path in ("/a", "/b", "/c")))
    assert asked["most"] == 1
    reports = desk.poll(f"{web.url}/both", f"http://localhost:{web.port}/both")
    assert [report.outcome for report in reports] == ["new", "new"]


def test_a_damaged_state_is_told_and_costs_no_other_feed(web, desk):
    web["/a"] = web["/b"] = Answer(rss(item(1)))
    desk.poll(f"{web.url}/a")
    [path] = (desk.into / ".watch" / "feeds").iterdir()
    path.write_bytes(b"{")
    reports = desk.poll(f"{web.url}/a", f"{web.url}/b")
    assert [report.outcome for report in reports] == ["failed", "new"]
    assert str(path) in reports[0].told


def test_two_polls_into_one_folder_are_told_apart(web, desk):
    web["/feed"] = Answer(rss(item(1)))
    with Shelf(desk.into).held(), pytest.raises(FeedsError, match="another poll"):
        desk.poll(f"{web.url}/feed")
    with pytest.raises(FeedsError, match="no feed"):
        desk.poll()


def test_robots_are_remembered_between_runs(web, desk):
    web["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feed")
    for _ in range(2):
        desk.poll(f"{web.url}/feed", f"{web.url}/b")
        desk.clock.time += 200
    assert web.paths.count("/robots.txt") == 1
    assert "/feed" not in web.paths


def test_a_charset_of_the_header_alone_is_believed():
    words = "Señal de año".encode("cp1252")
    assert in_utf8(words, {"content-type": "text/xml; charset=ISO-8859-1"}).decode() == "Señal de año"
    assert in_utf8(words, {"content-type": "text/xml; charset=punycode"}) == words
    assert in_utf8(words, {}) == words
    declared = b"<?xml version='1.0' encoding='utf-8'?><a/>"
    assert in_utf8(declared, {"content-type": "text/xml; charset=utf-16"}) == declared


def test_an_empty_feed_is_a_feed():
    assert items_of(rss()).items == []
    with pytest.raises(NoFeedError):
        items_of(b"Service unavailable")


KILLED = """
import os, signal, sys
from pathlib import Path
from flows.feeds import poll
from flows.feeds.items import items_of
from flows.fetch.guard import Guard
from flows.fetch.visitor import Visitor

WRITES = {"open", "os.rename", "os.remove", "os.mkdir"}

def polled(feed, into, moment):
    into, count = Path(into), 0
    def hook(event, arguments):
        nonlocal count
        if event in WRITES and str(into) in str(arguments[0]) and arguments[1:2] != ("rb",):
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    poll([feed], into, Visitor(guard=Guard(allow_loopback=True), pause=0.0), seed=1)

items_of(b"<rss><channel><item><title>t</title><description>d</description></item></channel></rss>")  # once for all
for line in sys.stdin:
    feed, into, moment = line.split()
    child = os.fork()
    if child == 0:
        polled(feed, into, int(moment))
        os._exit(0)
    print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""


def test_a_poll_that_is_killed_at_any_moment_loses_and_doubles_nothing(web, tmp_path):
    """Killed before each thing that it does to the folder, while the feed moves on; the next poll completes it."""
    counted = {"feed": 0}

    def moving(_):
        counted["feed"] += 1
        first = counted["feed"]  # an item more with every poll, and the oldest gone after a while
        return Answer(rss(*(item(number) for number in range(first, first + 3))))

    web["/feed"] = moving
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(tmp_path / "home"),
        cwd=ROOT,
    ) as runner:
        for moment in range(1, 100):
            counted["feed"] = 0
            into = tmp_path / f"raw-{moment}"
            ends: list[int] = []
            for killed_at in (moment, 10_000):
                runner.stdin.write(f"{web.url}/feed {into} {killed_at}\n")
                runner.stdin.flush()
                ends.append(int(runner.stdout.readline()))
            lines = [json.loads(line) for path in into.rglob("*.jsonl") for line in path.read_text().splitlines()]
            ids = [line["id"] for line in lines]
            assert len(ids) == len(set(ids)), moment
            last = counted["feed"]
            assert {f"g-{number}" for number in range(last, last + 3)} <= set(ids), moment
            assert len(Shelf(into).load(f"{web.url}/feed").seen) == len(ids), moment
            assert not list((into / ".watch" / "parts").iterdir())
            if ends[0] == 0:
                break
        runner.stdin.close()
    assert ends == [0, 0]
    assert moment > 10
