"""What is in a release -> its dataset card: YAML for Hugging Face, then what a reader needs to know before using it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.release.escaping import markdown, yaml
from flows.release.tables import Limits
from schemas import model

SCORES: Final = """\
Measured on {articles} articles that were invented and annotated for it; `newsevents score` measures again. The figures
are F1 of `quotes`, `actors`, `dates`, `events` and `participants`, and of the others the share of right values in rows
that were found rightly. Precision, recall, and the share of right speakers by `confidence`, are in `scorecard.json`.

{table}"""
SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
TAGS: Final = ("news", "events", "quotes", "PLOVER", "CAMEO", "duckdb", "parquet")

TEXT: Final = """
# {title}

What happened, who was involved, who said what, and who published it: {articles} news articles as tables that join.
Every quote, mention, date and event carries the place in the article's text that proves it.

Version {version}. Made by newsevents {pipeline}, by rules, without a model.

## Tables

| table | rows | one row is |
|---|---:|---|
{tables}

Every column is described in [DATA_DICTIONARY.md](DATA_DICTIONARY.md), in `datapackage.json`, and as a comment in the
DuckDB file.

## How to use it

One file, tables, views and comments included:

```sql
-- duckdb newsevents.duckdb   (DuckDB 1.1 or newer)
SELECT type, mode, count(*) AS events FROM events GROUP BY ALL ORDER BY events DESC;
SELECT name, text FROM quotes JOIN actors ON speaker_actor_id = actor_id LIMIT 10;
```

Or a Parquet file per table, for any tool:

```python
import polars as pl

mentions = pl.read_parquet("data/event_mentions.parquet")
```

`sha256sum -c SHA256SUMS` says whether all files arrived whole.

## Languages

{languages}

## What it leaves out

- **The articles' texts.** `char_start` and `char_end` point into them, in Unicode code points: fetch the article at its
  `url` and compare `text_sha256` before trusting an offset.
- **Long quotes.** A quote of more than {quote} characters is cut after a word, ends with … and has `is_cut` true.
- **All but the sentence.** `snippets` holds up to {snippet} characters round each event's trigger, {policy}.
- What the sender or the machine added: input paths, unknown fields, logins in URLs, rejected documents.

## The books

{articles} documents were accepted and are the articles here; {refused}. A document that came in again is counted once.

## How good it is

{scores}

## Known limits

- Rows are found by rules, not read by people: `rule` and `confidence` say how. Expect both misses and mistakes.
- `event_mentions` are reports, `events` are what they report; a report can be false, and `realis` tells plans, threats
  and denials from what is reported as done.
- A date, a place, a speaker is null where the text does not give it. Null is not "no".
- Actors with one name in several articles are one row where name and kind agree; namesakes are not told apart.
- An article that is a copy of another says so in `duplicate_of`; `article_count` counts both once. A copy in other
  words, such as a translation, is not found.

## Licence and removal

The tables are offered under {licence}; see `LICENSE`. Words of articles remain their authors'. Whoever wants an
article out of the next release asks its publisher of data with the `url` or the `article_id`. Coordinates are those of
GeoNames (https://www.geonames.org, CC BY 4.0).
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card tells of a release."""

    version: str
    pipeline_version: str
    licence: str
    rows: Mapping[str, int]
    languages: Sequence[tuple[str, int]]
    refused: Sequence[tuple[str, int]]
    scorecard: Mapping[str, Any] | None = None


def card(facts: Facts, limits: Limits) -> str:
    """The README.md of a release."""
    return _front_matter(facts) + TEXT.format(
        title="News events",
        articles=f"{facts.rows['articles']:,}",
        version=markdown(facts.version),
        pipeline=markdown(facts.pipeline_version),
        tables="\n".join(f"| `{table}` | {rows:,} | {_one_row(table)} |" for table, rows in facts.rows.items()),
        languages=", ".join(f"{markdown(code)} ({count:,} articles)" for code, count in facts.languages)
        or "none found",
        quote=limits.quote,
        snippet=limits.snippet,
        policy="of every source whose `text_policy` is not `private`",
        refused=_refused(facts.refused),
        scores=_scores(facts.scorecard) if facts.scorecard else "Nobody measured it for this release.",
        licence=markdown(facts.licence),
    )


def _front_matter(facts: Facts) -> str:
    """Hugging Face's metadata: one config per table, articles the one that opens first."""
    articles = facts.rows["articles"]
    size = next((size for limit, size in SIZES if articles < limit), "n>1M")
    languages = sorted({code.split("-")[0] for code, _ in facts.languages})
    lines = ["---", f"pretty_name: {yaml('News events')}", f"license: {yaml(facts.licence.lower())}"]
    lines += ["language:", *(f"- {yaml(code)}" for code in languages)] if languages else []
    lines += ["annotations_creators:", f"- {yaml('machine-generated')}", "source_datasets:", f"- {yaml('original')}"]
    lines += ["size_categories:", f"- {yaml(size)}", "tags:", *(f"- {yaml(tag)}" for tag in TAGS), "configs:"]
    for table in facts.rows:
        lines += [f"- config_name: {yaml(table)}", f"  data_files: {yaml(f'data/{table}.parquet')}"]
        lines += ["  default: true"] if table == "articles" else []
    return "\n".join([*lines, "---", ""])


def _refused(counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return "none was refused"
    reasons = ", ".join(f"`{code}` {count:,}" for code, count in counts)
    return f"refused: {sum(count for _, count in counts):,} ({reasons})"


def _scores(scorecard: Mapping[str, Any]) -> str:
    """The figures of a scorecard: a row per measure, a column per language."""
    scores = scorecard["scores"]
    lines = [f"| | {' | '.join(map(markdown, scores))} |", f"|---|{'---:|' * len(scores)}"]
    for measure in next(iter(scores.values())):
        figures = (scores[language][measure]["f1"] for language in scores)
        lines.append(f"| `{measure}` | {' | '.join('' if f is None else f'{f:.2f}' for f in figures)} |")
    articles = sum(count for language, count in scorecard["articles"].items() if language in scorecard["gold"])
    return SCORES.format(articles=articles, table="\n".join(lines))


def _one_row(table: str) -> str:
    words = (model(table).__doc__ or "").strip().splitlines()[0].removeprefix("One row is ")
    return words.rstrip(".")
