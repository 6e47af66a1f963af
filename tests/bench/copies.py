"""`python tests/bench/copies.py [--articles 100000]`: what finding copies costs, beside extraction and per commit.

Fingerprints are timed on the sample articles beside the whole extraction of the same, in CPU seconds. Commits are timed
on invented articles of some 300 words, of which a third are prints of wire texts (another lead, a paragraph cut) and a
twentieth fill one template: a first commit of all, and a next one of a hundredth.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import duckdb
import pyarrow as pa

from flows.duplicates import fingerprint
from flows.ids import content_id
from flows.model import Document
from flows.pipeline import process
from flows.store import copies
from flows.store.workbench import workbench

ROOT: Final = Path(__file__).parents[2]
WORDS: Final = 20_000  # of the invented language
PARAGRAPH: Final = 50
START: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - naive UTC, like all of ours
ARTICLES: Final = """CREATE OR REPLACE TABLE {schema}.articles AS SELECT article_id, published_at,
    published_at::DATE AS published_date, NULL::VARCHAR AS duplicate_of, NULL::VARCHAR AS duplicate_kind,
    NULL::DOUBLE AS duplicate_similarity FROM given"""
PRINTS: Final = "CREATE OR REPLACE TABLE {schema}.fingerprints AS SELECT * EXCLUDE (published_at) FROM given"
TABLES: Final = ("articles", "fingerprints")


def main() -> None:
    """Print the share of extraction and the seconds of two commits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    number = parser.parse_args().articles
    shares()
    with tempfile.TemporaryDirectory() as folder, workbench(Path(folder)) as connection:
        connection.execute("CREATE SCHEMA base; CREATE SCHEMA fresh; CREATE SCHEMA known")
        fill(connection, "base", range(0))
        fill(connection, "fresh", range(number))
        settle(connection, f"first commit of {number:,}")
        for table in TABLES:
            connection.execute(f"CREATE OR REPLACE TABLE base.{table} AS FROM fresh.{table}")
        connection.execute("""UPDATE base.articles AS a SET duplicate_of = l.duplicate_of,
            duplicate_kind = l.duplicate_kind FROM linked AS l WHERE a.article_id = l.article_id""")
        fill(connection, "fresh", range(number, number + number // 100))
        settle(connection, f"next commit of {number // 100:,}")


def shares() -> None:
    """Print the time of the fingerprints beside that of all extraction, the two in turns."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "raw").rglob("*.txt"))]
    work: dict[str, Callable[[str], object]] = {
        "extraction": lambda text: process(Document(text=text)),
        "fingerprints": lambda text: fingerprint(text, "A headline", "https://herald.example/news?id=1"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(6):
        for name, run in work.items():
            start = time.process_time()
            for text in texts:
                run(text)
            seconds[name].append(time.process_time() - start)
    all_of_it, prints = (median(found[1:]) / len(texts) for found in seconds.values())
    print(f"fingerprint: {prints * 1e6:.0f} µs of {all_of_it * 1e3:.2f} ms an article, {prints / all_of_it:.1%}")


def invented(numbers: range) -> Iterator[tuple[str, datetime, str]]:
    """URL, time and text of articles."""
    for number in numbers:
        chance = Random(number)  # noqa: S311 - invented words
        kind = chance.random()
        seed = number if kind > 0.35 else chance.randrange(numbers.start // 3, numbers.stop) // 30
        body = [paragraph(seed * 10 + place) for place in range(6)]
        if kind < 0.05:
            body = [fill_in(text, chance) for text in (paragraph(-place) for place in range(6))]
        elif kind < 0.35:
            body[chance.randrange(6)] = paragraph(number * 10 + 7)
            del body[chance.randrange(6)]
        yield f"https://o{number % 500}.example/{number}", START + timedelta(minutes=seed), "\n\n".join(body)


def paragraph(seed: int) -> str:
    """Words that no other seed gives in this order."""
    chance = Random(seed)  # noqa: S311 - invented words
    return " ".join(f"w{chance.randrange(WORDS)}" for _ in range(PARAGRAPH))


def fill_in(text: str, chance: Random) -> str:
    """A paragraph of a template with every fifth word of its own."""
    return " ".join(str(chance.randrange(WORDS)) if n % 5 == 0 else word for n, word in enumerate(text.split()))


def fill(connection: duckdb.DuckDBPyConnection, schema: str, numbers: range) -> None:
    """Make the tables of a schema with those articles."""
    found: list[dict[str, Any]] = [
        {"article_id": content_id("art", url, text), **fingerprint(text, None, url), "published_at": published}
        for url, published, text in invented(numbers)
    ]
    names = [*fingerprint("", None, None)]
    schema_of = {"word_count": pa.int64(), "published_at": pa.timestamp("us")}
    fields = [(name, schema_of.get(name, pa.string())) for name in ("article_id", *names, "published_at")]
    connection.register("given", pa.Table.from_pylist(found, pa.schema(fields)))
    for template in (ARTICLES, PRINTS):
        connection.execute(template.format(schema=schema))
    connection.unregister("given")


def settle(connection: duckdb.DuckDBPyConnection, label: str) -> None:
    """Time the settling of what is in `fresh` against what is in `base`."""
    for table in TABLES:
        connection.execute(f"CREATE OR REPLACE VIEW known.{table} AS FROM fresh.{table} UNION ALL FROM base.{table}")
    start = time.perf_counter()
    copies.settle(connection)
    seconds = time.perf_counter() - start
    query = "SELECT count(*), count(duplicate_of) FROM linked"
    [(looked, found)] = connection.execute(query).fetchall()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{label}: {looked:,} looked at, {found:,} copies, {seconds:.1f} s, at most {memory} MB with the articles made"
    )


if __name__ == "__main__":
    main()
