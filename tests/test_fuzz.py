"""The sample articles, mutated: what is made of them is read and answered, soon, the same each time, and never raises.

A test run gives it 20 seconds, CI another minute; `FUZZ_SECONDS=3600 python -m pytest tests/test_fuzz.py` an hour.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.model import Document, Filtered, Reject
from flows.pipeline import Processed, process
from flows.read import discover, read_file
from flows.read.candidate import Candidate
from schemas import TABLES
from schemas.vocab import codes

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
HANG = 5.0  # seconds of the processor for one document
SAMPLES = sorted(path for path in (Path(__file__).parents[1] / "data" / "raw").rglob("*") if path.is_file())
ODD = (
    "\0",
    "\ufeff",
    "\u202e",
    "\u0301" * 40,
    "“",
    "”",
    "«",
    '"',
    "'",
    "—",
    "\r",
    "\u2028",
    "@",
    "(",
    "\ud83d",
    "1" * 40,
)
ODDER = (
    "\x1b[31m",
    "<p>",
    "</article>",
    "<!--",
    "&#0;",
    "{",
    "[",
    "\\",
    "]]>",
    "said",
    "Monday",
    "ß",
    "İ",
    "ﬁ",
    "👩‍👩‍👧",
)
Mutation = Callable[[Random, bytes], bytes]


def flip(chance: Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randrange(1, 20)):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def cut(chance: Random, data: bytes) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:]


def repeat(chance: Random, data: bytes) -> bytes:
    first = chance.randrange(len(data) + 1)
    last = min(len(data), first + chance.randrange(1, 200))
    return data[:last] + data[first:last] * chance.randrange(1, 300) + data[last:]


def insert(chance: Random, data: bytes) -> bytes:
    found = data
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(found) + 1)
        odd = chance.choice(ODD + ODDER) * chance.choice((1, 1, 1, 50))
        found = found[:at] + odd.encode("utf-8", "surrogatepass") + found[at:]
    return found


def shuffle(chance: Random, data: bytes) -> bytes:
    words = data.split(b" ")
    chance.shuffle(words)
    return b" ".join(words)


def one_line(_: Random, data: bytes) -> bytes:
    return data.replace(b"\n", b" ").replace(b".", b"")


def upper(_: Random, data: bytes) -> bytes:
    return data.upper()


def splice(chance: Random, data: bytes) -> bytes:
    other = chance.choice(SAMPLES).read_bytes()
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


MUTATIONS: tuple[Mutation, ...] = (flip, cut, repeat, insert, shuffle, one_line, upper, splice)


def dressed(chance: Random, data: bytes, ending: str) -> tuple[str, bytes]:
    """The article in one of the formats, and the ending of its file."""
    text = data.decode("utf-8", "replace")
    page = f"<html><head><title>{text[:60]}</title></head><body><p>{text}</p></body></html>"
    feed = f"<rss version='2.0'><channel><item><description>{text}</description></item></channel></rss>"
    cell = text.replace('"', '""')
    formats = {
        ending: data,
        ".jsonl": json.dumps({"id": "1", "text": text, "title": text[:50]}).encode() + b"\n",
        ".json": json.dumps([{"text": text}, {"html": f"<p>{text}</p>"}]).encode(),
        ".html": page.encode(),
        ".rss": feed.encode(),
        ".csv": f'id,text\n1,"{cell}"\n'.encode(),
        ".txt.gz": gzip.compress(data, mtime=0),
    }
    name = chance.choice(sorted(formats))
    return name, formats[name]


def hurt(sample: Path, seed: int) -> tuple[str, bytes]:
    """A file made of a sample: mutated, in a format, and perhaps mutated once more."""
    chance = Random(seed)  # noqa: S311 - texts, no secrets
    data = sample.read_bytes()
    for _ in range(chance.randrange(0, 4)):
        data = chance.choice(MUTATIONS)(chance, data)
    ending, data = dressed(chance, data, sample.suffix)
    return ending, chance.choice(MUTATIONS)(chance, data) if chance.random() < 0.4 else data


def outcomes(path: Path) -> Iterator[Processed | Reject | Filtered]:
    """What becomes of each document in the file."""
    for item in read_file(discover([path])[0]):
        found = item.document() if isinstance(item, Candidate) else item
        if isinstance(found, Document) and not encodable(found.text):
            continue  # staging refuses it
        yield process(found) if isinstance(found, Document) else found


def encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_rows(found: Processed) -> None:
    """Each row has its columns, and each span holds its words."""
    [text] = [row["text"] for row in found.rows["texts"]]
    for table, rows in found.rows.items():
        spans = TABLES[table].spans()
        for row in rows:
            assert set(row) <= {column.name for column in TABLES[table].columns()}, table
            for span in spans:
                start, end = row[span.start], row[span.end]
                if start is None:
                    continue
                assert 0 <= start <= end <= len(text), (table, row)
                if span.words and row[span.words] is not None:
                    assert text[start:end] == row[span.words], (table, row)
    for date in found.dates:
        assert text[date["char_start"] : date["char_end"]] == date["surface"]


def check_file(sample: Path, seed: int) -> None:
    """Read and extract, twice."""
    ending, data = hurt(sample, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(data)
        start = time.thread_time()
        found = list(outcomes(path))
        took = time.thread_time() - start
        assert found or data.strip() == b"" or ending in (".json", ".jsonl"), "a file without a word"
        assert took < HANG * max(1, len(found)), f"{took:.1f} s"
        assert list(outcomes(path)) == found
    for outcome in found:
        if isinstance(outcome, Processed):
            check_rows(outcome)
        elif isinstance(outcome, Reject):
            assert outcome.reason_code in codes("reject_reasons")
            assert outcome.reason_code != "internal_error", outcome.reason


def test_no_mutation_of_a_sample_is_too_much() -> None:
    """Until the time is up; a failure names the sample and the seed, and is shrunk to the smallest of those."""
    end = time.monotonic() + SECONDS
    for sample in SAMPLES[:3]:
        check_file(sample, 0)  # lexicons are read

    @settings(
        max_examples=10_000,
        deadline=None,
        derandomize=SECONDS <= 60,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(sample=st.sampled_from(SAMPLES), seed=st.integers(0, 2**32))
    def run(sample: Path, seed: int) -> None:
        if time.monotonic() > end:
            return
        check_file(sample, seed)

    run()
    while time.monotonic() < end and SECONDS > 60:  # other examples each time
        run()


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutations_change_something(mutation: Mutation) -> None:
    data = SAMPLES[0].read_bytes()
    assert any(mutation(Random(seed), data) != data for seed in range(5))  # noqa: S311
