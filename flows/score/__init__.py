"""The project's own scorecard: annotated articles in gold/, the extractor run over them, figures and floors out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from flows.model import Document, Reject
from flows.pipeline import process
from flows.score import gold
from flows.score.counts import MEASURES, Count
from flows.score.gold import FOLDER, Gold, GoldError
from flows.score.marking import Attribution, Marks, Miss, mark
from flows.settings import pipeline_version

__all__ = ["ALL", "Band", "GoldError", "Scorecard", "bands", "by_rule", "score"]

ALL: Final = "all"
BANDS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, math.inf)  # where bands of the confidence in a speaker begin


@dataclass(frozen=True, slots=True)
class Band:
    """Paired quotes of like confidence, or of one rule: is the confidence the share of right speakers that it says?"""

    name: str
    quotes: int
    right: int
    confidence: float  # on the average

    @property
    def share(self) -> float:
        """The share of quotes whose speaker is right."""
        return self.right / self.quotes


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The marks by language; under "all" those of all of them together, where none of several was left out.

    `articles` counts the gold articles, `digests` says of which gold the marks are.
    """

    marks: dict[str, Marks]
    articles: dict[str, int]
    digests: dict[str, str]

    @property
    def total(self) -> Marks:
        """The marks of all languages that were scored."""
        return _total(marks for language, marks in self.marks.items() if language != ALL)

    @property
    def misses(self) -> list[Miss]:
        """Everything that is wrong, by measure."""
        return sorted(self.total.misses, key=lambda miss: MEASURES.index(miss.measure))

    def summary(self) -> dict[str, Any]:
        """The figures for programs; the same for the same version and gold."""
        return {
            "pipeline_version": pipeline_version(),
            "articles": self.articles,
            "gold": self.digests,
            "scores": {
                language: {measure: _shown(marks.counts[measure]) for measure in MEASURES}
                for language, marks in self.marks.items()
            },
            "calibration": [
                {"confidence": band.name, "quotes": band.quotes, "share": round(band.share, 4)}
                for band in bands(self.total.attributions)
            ],
        }


def score(languages: Sequence[str] = (), folder: Path = FOLDER) -> Scorecard:
    """Run the extractor over the gold articles of the languages, or of all, and mark what it finds.

    Raises:
        GoldError: a gold file is wrong, a language has none, or the extractor refuses an article.
    """
    known = gold.languages(folder)
    chosen = sorted(set(languages)) or known
    if not chosen:
        raise GoldError(f"there are no gold articles in {folder}: give a folder with <language>/<name>.toml in it")
    listed = {language: gold.load(language, folder) for language in chosen}
    marks = {language: _total(map(marked, articles)) for language, articles in listed.items()}
    counts = {language: len(articles) for language, articles in listed.items()}
    digests = {language: gold.digest(language, folder) for language in chosen}
    if chosen == known and len(known) > 1:
        marks[ALL] = _total(marks.values())
        counts[ALL] = sum(counts.values())
    return Scorecard(marks, counts, digests)


def marked(article: Gold) -> Marks:
    """The marks of the extractor on one article, given what its publisher declares, without its language.

    Raises:
        GoldError: the extractor refuses the article.
    """
    file = article.file
    published = file.published.isoformat()
    found = process(Document(text=file.text, url=file.url, published_at=published, source=file.source))
    if isinstance(found, Reject):
        raise GoldError(f"{article.name}: the extractor refuses it: {found.reason_code}: {found.reason}")
    return mark(article, found.rows, found.dates)


def bands(attributions: Iterable[Attribution]) -> list[Band]:
    """Paired quotes by the confidence in their speaker; a band ends before the next begins, the last with 1."""
    listed = list(attributions)
    return _bands(
        (f"{low:.1f}-{min(high, 1):.1f}", [a for a in listed if low <= a.confidence < high])
        for low, high in pairwise(BANDS)
    )


def by_rule(attributions: Iterable[Attribution]) -> list[Band]:
    """Paired quotes by the rule that found their speaker."""
    listed = list(attributions)
    return _bands((rule, [a for a in listed if a.rule == rule]) for rule in sorted({a.rule for a in listed}))


def _bands(grouped: Iterable[tuple[str, list[Attribution]]]) -> list[Band]:
    return [
        Band(name, len(group), sum(a.is_right for a in group), sum(a.confidence for a in group) / len(group))
        for name, group in grouped
        if group
    ]


def _total(listed: Iterable[Marks]) -> Marks:
    total = Marks({measure: Count() for measure in MEASURES})
    for marks in listed:
        total.add(marks)
    return total


def _shown(count: Count) -> dict[str, Any]:
    figures = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    shown = {name: None if figure is None else round(figure, 4) for name, figure in figures.items()}
    return {"right": count.right, "found": count.found, "wanted": count.wanted, **shown}
