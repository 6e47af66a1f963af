"""What a build says when it is done: a report of plain values, and the same as Markdown for the run's artifact."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flows.feeds.report import PollReport

MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:/@])")


@dataclass(frozen=True, slots=True)
class Report:
    """A committed run: its books in documents, the rows it added, what it rejected and filtered and why, its place."""

    run_id: str
    dataset: str
    snapshot: int
    documents_in: int
    accepted: int
    duplicate: int
    rejected: int
    filtered: int
    rows: Mapping[str, int]
    reasons: Mapping[str, int]
    filters: Mapping[str, int]
    seconds: float

    def books(self) -> dict[str, int]:
        """Where the documents went."""
        return {name: getattr(self, name) for name in ("documents_in", "accepted", "duplicate", "rejected", "filtered")}


def markdown(report: Report) -> str:
    """The report as Markdown, with every value from outside escaped: the page that shows it executes nothing."""
    dataset = escaped(report.dataset)
    return "\n".join(
        [
            f"# Snapshot {report.snapshot} of {dataset}",
            "",
            *_table("documents", "count", report.books().items()),
            *_table("table", "rows added", report.rows.items()),
            *(_table("reason", "rejects", report.reasons.items()) if report.reasons else ()),
            *(_table("rule", "filtered", report.filters.items()) if report.filters else ()),
            f"Look at it: newsevents query --dataset {dataset}",
        ]
    )


def poll_markdown(report: PollReport) -> str:
    """What a poll found, as Markdown, escaped in the same way."""
    lines = [f"# {report.new:,} new in {escaped(report.into)}", "", "| feed | outcome | new | |", "|---|---|---:|---|"]
    lines += [f"| {escaped(r.feed)} | {r.outcome} | {r.new:,} | {escaped(r.told)} |" for r in report.feeds]
    return "\n".join(lines)


def escaped(value: object) -> str:
    """Text that Markdown and HTML show as it is, on one line: no tag, no link, no table cell, no control character."""
    line = " ".join(str(value).split())
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return html.escape(MARKDOWN.sub(r"\\\1", visible), quote=False)


def _table(key: str, value: str, rows: Iterable[tuple[str, int]]) -> list[str]:
    return [f"| {key} | {value} |", "|---|---:|", *(f"| {escaped(k)} | {v:,} |" for k, v in rows), ""]
