"""Feeds and news sitemaps -> raw files of JSON lines, each item once, however often they are polled or killed."""

from flows.feeds.poll import FeedsError, poll
from flows.feeds.report import FeedReport, PollReport
from flows.feeds.shelf import Shelf

__all__ = ["FeedReport", "FeedsError", "PollReport", "Shelf", "poll"]
