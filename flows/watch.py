"""The flow that polls feeds: addresses in, raw files of new articles out, for `build` to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from pydantic import Field

from flows.build import RAW
from flows.feeds import PollReport
from flows.settings import Settings
from flows.summary import poll_markdown
from flows.tasks import poll_feeds


@flow(
    name="watch",
    description="Poll feeds and news sitemaps once, and write what is new into the raw folder.",
    flow_run_name="watch {into}",
    persist_result=False,
)
def watch(
    feeds: Annotated[list[str], Field(min_length=1, description="Addresses of feeds and news sitemaps.")],
    into: Annotated[Path, Field(description="The raw folder.")] = RAW,
    full_text: Annotated[bool, Field(description="Fetch the pages of items that have only a summary.")] = False,  # noqa: FBT002 - a flow's parameters have names
    settings: Annotated[Settings | None, Field(description="Default: the environment's NEWSEVENTS_*.")] = None,
) -> PollReport:
    """Poll feeds once.

    Args:
        feeds: addresses of RSS, Atom, RDF and JSON feeds and of news sitemaps.
        into: the raw folder that `build` reads; what is remembered between polls lies in `.watch` below it.
        full_text: fetch the pages of items that have no more than a summary.
        settings: whom a site can reach, and the pause between two requests to one host.

    Returns:
        What became of each feed.
    """
    chosen = settings or Settings.from_environment()
    tell = get_run_logger().info
    report = poll_feeds(feeds, into, chosen.contact, chosen.request_pause / 1000, tell, full_text=full_text)
    create_markdown_artifact(poll_markdown(report), key="watch", description="What became of each feed")
    return report
