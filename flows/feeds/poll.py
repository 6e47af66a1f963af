"""Addresses of feeds -> raw files with their new items, and a report; one feed never costs another."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flows.feeds.discovery import feeds_named
from flows.feeds.items import Held, Item, NoFeedError, in_utf8, items_of, line_of
from flows.feeds.pages import fetch_page
from flows.feeds.report import FeedReport, PollReport
from flows.feeds.shelf import FeedState, Shelf, ShelfError, remembered
from flows.fetch.client import OK, status_line
from flows.fetch.errors import FetchError
from flows.fetch.pace import back_off, retry_after
from flows.fetch.robots import RobotsCache
from flows.fetch.visitor import Fetched, Visitor
from flows.model import Reject
from flows.store.files import FolderBusyError

Waiting = queue.SimpleQueue[Sequence[str]]
Reports = queue.SimpleQueue[FeedReport | Exception]

NOT_MODIFIED: Final = 304
GONE: Final = 410
AT_ONCE: Final = 8  # hosts that are asked at the same time; one host is asked by one of them only
ITEMS_AT_ONCE: Final = 20  # whose pages are fetched before they are written: a minute's work is lost at most
MOST_PAGES: Final = 100  # of one feed in one poll: at one a second, as long as nobody minds to wait
MOST_SITEMAPS: Final = 10  # of an index, the newest: it lists all that the site ever published
TRIES: Final = 3  # polls in which a page may fail to answer before its summary is taken
LONGEST_HEADER: Final = 1_000  # characters of an ETag that are worth to be sent back


class FeedsError(Exception):
    """A poll that cannot begin; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One round: who asks, what is remembered, and whether pages are asked for."""

    visitor: Visitor
    shelf: Shelf
    full_text: bool
    chance: random.Random
    stopped: threading.Event


def poll(
    feeds: Sequence[str],
    into: Path,
    visitor: Visitor,
    *,
    full_text: bool = False,
    seed: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> PollReport:
    """Ask each feed once for what is new, and write that below `into`.

    Args:
        feeds: addresses of RSS, Atom, RDF and JSON feeds and of news sitemaps.
        into: the raw folder that `build` reads.
        visitor: who asks.
        full_text: fetch the pages of items that have no more than a summary.
        seed: of the jitter in pauses after failures; None for another one each time.
        tell: called with a line whenever a feed is done.

    Raises:
        FeedsError: no feed is named, or another poll is at work in the folder.
    """
    wanted = list(dict.fromkeys(feeds))
    if not wanted:
        raise FeedsError("no feed: name addresses, or a file with one on each line (--file feeds.txt)")
    started = time.monotonic()
    shelf = Shelf(into)
    visitor.robots = RobotsCache(visitor.clock, shelf.load_robots, shelf.save_robots)
    stopped = threading.Event()
    round_ = Poll(visitor, shelf, full_text, random.Random(seed), stopped)  # noqa: S311 - moments, no secrets
    done: dict[str, FeedReport] = {}
    try:
        with shelf.held():
            for report in _reports(_by_host(wanted), round_):
                done[report.feed] = report
                tell(f"Polled {len(done)} of {len(wanted)}: {report.feed}, {report.new} new")
    except FolderBusyError:
        raise FeedsError(f"another poll is at work in {into}: wait for it, or name another folder") from None
    finally:
        stopped.set()
    return PollReport(str(into), [done[feed] for feed in wanted], round(time.monotonic() - started, 2))


def poll_feed(feed: str, round_: Poll, *, is_named: bool = True) -> FeedReport:
    """Ask one feed; of an index of sitemaps that somebody named, the newest sitemaps too."""
    visitor, shelf = round_.visitor, round_.shelf
    state = shelf.load(feed)
    now = visitor.clock.now()
    if state.retry_at > now:
        at = _shown(state.retry_at)
        why = f"failures so far: {state.failures:,}" if state.failures else "its site asks for a rest"
        return FeedReport(feed, "waiting", told=f"not asked again before {at}; {why}", retry_at=at)
    try:
        answer = visitor.get(feed, _conditions(state))
    except FetchError as error:
        return _failed(state, str(error), round_)
    if answer.status == NOT_MODIFIED:
        state.failures, state.retry_at = 0, 0.0
        shelf.save(state)
        return FeedReport(feed, "not changed")
    if answer.status != OK:
        asked = retry_after(answer.headers.get("retry-after"), now)
        hint = ": take it off your list" if answer.status == GONE else ""
        return _failed(state, f"the server answers {status_line(answer.status)}{hint}", round_, asked)
    try:
        report, sitemaps = _taken(state, answer, round_)
    except NoFeedError as error:
        named = feeds_named(answer.body, answer.url)
        hint = f"; the page names {' and '.join(named)}" if named else ""
        return _failed(state, f"{error}{hint}", round_)
    if is_named:
        for url in sitemaps[:MOST_SITEMAPS]:
            report.add(poll_feed(url, round_, is_named=False))
    return report


def _taken(state: FeedState, answer: Fetched, round_: Poll) -> tuple[FeedReport, list[str]]:
    """Write what is new in an answer, and remember it; the report, and the sitemaps that the answer names."""
    held = items_of(in_utf8(answer.body, answer.headers))
    report = FeedReport(state.feed, items=len(held.items))
    new = [item for item in held.items if state.seen.get(item.key) != item.mark]
    # items that are not done yet are known only once they are
    state.seen = remembered(state.seen, {i.key: i.mark for i in held.items if state.seen.get(i.key) == i.mark})
    state.tries = {item.key: state.tries[item.key] for item in new if item.key in state.tries}
    state.failures, state.retry_at = 0, 0.0
    for items in _cut(new, ITEMS_AT_ONCE if round_.full_text else len(new) or 1):
        lines = [(item, line) for item in items if (line := _line(item, state, report, round_)) is not None]
        state.seen |= {item.key: item.mark for item, _ in lines}
        for item, _ in lines:
            state.tries.pop(item.key, None)
        if lines:
            _write(state, [line for _, line in lines], report, round_)
    is_done = not (held.damage or held.sitemaps or report.later or report.wordless)
    if is_done:  # else there is more to take from the same answer
        state.etag, state.last_modified = (_kept(answer.headers.get(name)) for name in ("etag", "last-modified"))
    report.told = _told(held, answer, report)
    round_.shelf.save(state)
    report.outcome = "new" if report.new else "nothing new"
    return report, held.sitemaps


def _told(held: Held, answer: Fetched, report: FeedReport) -> str:
    """What a person has to know of an answer."""
    told = [held.damage]
    if answer.moved_to:
        told.append(f"moved for good: replace it in your list by {answer.moved_to}")
    if report.later:
        told.append(f"pages left for the next poll: {report.later:,}")
    if report.wordless:
        told.append(f"items that only name a page: {report.wordless:,} (--full-text fetches it)")
    return "; ".join(filter(None, told))


def _line(item: Item, state: FeedState, report: FeedReport, round_: Poll) -> dict[str, Any] | None:
    """The item's line; None where it is left for a later poll."""
    facts: dict[str, Any] = {"feed": state.feed}
    page = None
    if round_.full_text and item.page_url:
        now = round_.visitor.clock.now()
        if round_.stopped.is_set() or report.asked == MOST_PAGES or state.retry_at > now:
            report.later += 1
            return None
        report.asked += 1
        found = fetch_page(item.page_url, round_.visitor)
        page = found.text
        if found.rest:
            state.retry_at = round_.visitor.clock.now() + found.rest
        if found.may_pass and state.tries.get(item.key, 0) + 1 < TRIES:
            state.tries[item.key] = state.tries.get(item.key, 0) + 1
            report.later += 1
            return None
        facts |= found.facts
    if not item.has_words and not round_.full_text:
        report.wordless += 1
        return None
    report.new += 1
    report.pages += page is not None
    report.rejected += isinstance(item.found, Reject) or (page is None and not item.has_words)
    report.summaries += page is None and item.is_summary
    return line_of(item, facts, page)


def _write(state: FeedState, lines: list[dict[str, Any]], report: FeedReport, round_: Poll) -> None:
    host = round_.visitor.guard.checked_url(state.feed).host
    path = round_.shelf.write(state, lines, host, round_.visitor.clock.now())
    report.files.append(path.as_posix())


def _failed(state: FeedState, told: str, round_: Poll, asked: float | None = None) -> FeedReport:
    """Remember a failure, and when to come back."""
    state.failures += 1
    pause = back_off(state.failures, round_.chance)
    state.retry_at = round_.visitor.clock.now() + max(asked or 0.0, pause)
    round_.shelf.save(state)
    return FeedReport(state.feed, "failed", told=told, retry_at=_shown(state.retry_at))


def _conditions(state: FeedState) -> dict[str, str]:
    given = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in given.items() if value}


def _kept(header: str | None) -> str | None:
    return header if header and len(header) <= LONGEST_HEADER else None


def _reports(hosts: Sequence[Sequence[str]], round_: Poll) -> Iterator[FeedReport]:
    """The reports as they come, several hosts at a time.

    The threads die with the process: whoever presses Ctrl-C need not wait for the slowest server, and what is half done
    is done again by the next poll.
    """
    waiting: Waiting = queue.SimpleQueue()
    reports: Reports = queue.SimpleQueue()
    for feeds in hosts:
        waiting.put(feeds)

    for _ in range(min(AT_ONCE, len(hosts))):
        threading.Thread(target=_work, args=(waiting, reports, round_), daemon=True).start()
    for _ in range(sum(map(len, hosts))):
        report = reports.get()
        if isinstance(report, Exception):
            raise report
        yield report


def _work(waiting: Waiting, reports: Reports, round_: Poll) -> None:
    """Ask host after host, until none is left or nobody listens any more."""
    try:
        while True:
            for feed in waiting.get_nowait():
                if round_.stopped.is_set():
                    return
                reports.put(_reported(feed, round_))
    except queue.Empty:
        return
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        reports.put(error)


def _reported(feed: str, round_: Poll) -> FeedReport:
    try:
        return poll_feed(feed, round_)
    except ShelfError as error:
        return FeedReport(feed, "failed", told=str(error))


def _by_host(feeds: Iterable[str]) -> list[list[str]]:
    hosts: dict[str, list[str]] = {}
    for feed in feeds:
        hosts.setdefault(feed.partition("://")[2].partition("/")[0].lower(), []).append(feed)
    return list(hosts.values())


def _cut(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[at : at + size] for at in range(0, len(items), size))


def _shown(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
