"""What a poll says when it is done: a line for each feed, and their sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Outcome = Literal["new", "nothing new", "not changed", "waiting", "failed"]

COUNTS: Final = ("items", "new", "summaries", "pages", "rejected", "asked", "wordless", "later")


@dataclass(slots=True)
class FeedReport:
    """What became of one feed.

    Attributes:
        feed: its address.
        outcome: `waiting` where it is not time to ask again, `not changed` where the server says so itself.
        items: how many it holds.
        new: how many of them were written, because they were not known or their words are new.
        summaries: how many of those have no more than a summary or a title.
        pages: how many pages of items were fetched.
        rejected: how many of the new could not be read; they are written too, for `build` to reject.
        asked: how many pages were asked for, with or without success.
        wordless: items that hold no word without their page, which nobody asked to fetch; a later poll may.
        later: items that are left for the next poll, since their pages do not answer.
        told: what there is to say, on one line.
        files: what was written.
        retry_at: when a feed that failed may be asked again, in UTC.
    """

    feed: str
    outcome: Outcome = "nothing new"
    items: int = 0
    new: int = 0
    summaries: int = 0
    pages: int = 0
    rejected: int = 0
    asked: int = 0
    wordless: int = 0
    later: int = 0
    told: str = ""
    files: list[str] = field(default_factory=list)
    retry_at: str | None = None

    def add(self, other: FeedReport) -> None:
        """Count what became of a sitemap that this one names."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.files += other.files
        self.outcome = "new" if self.new else self.outcome
        if other.told:
            self.told = "; ".join(filter(None, (self.told, f"{other.feed}: {other.told}")))


@dataclass(slots=True)
class PollReport:
    """What became of all of them, in the order in which they were named."""

    into: str
    feeds: list[FeedReport]
    seconds: float = 0.0

    @property
    def new(self) -> int:
        """Items written."""
        return sum(report.new for report in self.feeds)

    @property
    def failed(self) -> int:
        """Feeds that did not answer with a feed."""
        return sum(report.outcome == "failed" for report in self.feeds)
