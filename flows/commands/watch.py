"""`newsevents watch`: poll feeds with the Prefect flow, once or again and again, and say what was new."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, Parameter

from flows.commands.build import RAW, shown_logs
from flows.commands.console import Working, hear_interrupts, put, put_json, put_table, say, working
from flows.commands.options import MAY_BE_DASH, AsJson, FailedError, UsageError
from flows.server import Server
from flows.settings import SettingError, Settings

if TYPE_CHECKING:
    from flows.feeds import PollReport

EVERY: Final = "15m"
PERIOD: Final = re.compile(r"(\d{1,6})\s?([smhd])")
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}  # seconds
SHORTEST: Final = 60  # seconds; no feed is worth to be asked more often

app = App(name="watch", help_epilogue="Example: newsevents watch https://example.org/rss --once --into data/raw")


@app.default
def watch(
    *feeds: Annotated[str, Parameter(help="Addresses of RSS, Atom, RDF and JSON feeds and of news sitemaps.")],
    file: Annotated[
        str | None,
        MAY_BE_DASH,
        Parameter(name=["--file", "-f"], help="File with one address on each line, or - for standard input."),
    ] = None,
    into: Annotated[Path, Parameter(name=["--into", "-i"], help="Raw folder to write to.")] = Path(RAW),
    once: Annotated[bool, Parameter(negative=(), help="Poll once, and end.")] = False,
    every: Annotated[str, Parameter(help="Time from poll to poll: 15m, 2h, 1d.")] = EVERY,
    full_text: Annotated[
        bool, Parameter(negative=(), help="Fetch the pages of items that have only a summary.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Poll feeds and news sitemaps into the raw folder, politely."""
    seconds = _seconds(every)
    wanted = [*feeds, *(_listed(file) if file else ())]
    if not wanted:
        raise UsageError("no feed: name its address, or a file with one on each line (--file feeds.txt)")
    for feed in wanted:
        _check(feed)
    settings = _settings()
    if not settings.contact:
        say("newsevents: sites are not told whom to reach: set NEWSEVENTS_CONTACT to your page or mail address")
    server = Server.start()
    first = f"Polling {_count(wanted)}, starting Prefect …"
    while True:
        started = time.monotonic()
        try:
            with working(first) as line:
                report = _polled(server, wanted, into, settings, line, full_text=full_text)
        except KeyboardInterrupt:
            raise FailedError(f"interrupted; what is whole is in {into}, the next poll takes up the rest") from None
        put_json(report) if as_json else _print(report)
        sys.stdout.flush()
        if once:
            if report.failed == len(report.feeds):
                raise FailedError(f"no feed could be polled: {report.feeds[0].feed}: {report.feeds[0].told}")
            return
        if not _wait(seconds - (time.monotonic() - started)):
            return
        first = f"Polling {_count(wanted)} …"


def _polled(
    server: Server | None, feeds: list[str], into: Path, settings: Settings, line: Working, *, full_text: bool
) -> PollReport:
    # Imported here, not above: Prefect's server starts at the same time, and a wrong option is answered at once.
    from flows.connection import connected  # noqa: PLC0415
    from flows.watch import watch as watch_flow  # noqa: PLC0415

    hear_interrupts()
    with connected(server), shown_logs(line):
        return watch_flow(feeds=feeds, into=into, full_text=full_text, settings=settings)


def _wait(seconds: float) -> bool:
    """Wait for the next poll; false when Ctrl-C says that there is to be none."""
    at = (datetime.now(UTC) + timedelta(seconds=max(seconds, 0))).astimezone().strftime("%H:%M")
    try:
        with working(f"Next poll at {at}; Ctrl-C ends"):
            time.sleep(max(seconds, 0))
    except KeyboardInterrupt:
        return False
    return True


def _print(report: PollReport) -> None:
    rows = [(feed.feed, feed.outcome, feed.items, feed.new, feed.told) for feed in report.feeds]
    put_table(["feed", "outcome", "items", "new", ""], rows)
    summaries = sum(feed.summaries for feed in report.feeds)
    told = f", {summaries:,} of them with a summary only" if summaries else ""
    put(f"\n{report.new:,} new in {report.into}{told}, after {report.seconds:.1f} s.")
    if report.new:
        put(f"  newsevents build {report.into}")


def _listed(file: str) -> Iterator[str]:
    """The addresses in a file: one on each line, blank lines and those that begin with # left out."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise UsageError(f"{file}: {told}: give a file with one address on each line") from None
    lines = (line.strip() for line in text.splitlines())
    return (line for line in lines if line and not line.startswith("#"))


def _check(feed: str) -> None:
    """An address that is none is a slip of the keyboard: say so before any work."""
    from flows.fetch.errors import FetchError  # noqa: PLC0415 - not for --help
    from flows.fetch.guard import Guard  # noqa: PLC0415

    try:
        Guard.from_environment().checked_url(feed)
    except FetchError as error:
        raise UsageError(str(error)) from None


def _seconds(every: str) -> int:
    found = PERIOD.fullmatch(every.strip().lower())
    seconds = int(found[1]) * UNITS[found[2]] if found else 0
    if seconds < SHORTEST:
        raise UsageError(f"--every {every}: give a time of a minute or more, such as 15m, 2h or 1d")
    return seconds


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except SettingError as error:
        raise UsageError(str(error)) from None


def _count(feeds: list[str]) -> str:
    return feeds[0] if len(feeds) == 1 else f"{len(feeds):,} feeds"
