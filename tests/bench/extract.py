"""`python tests/bench/extract.py [CORPUS.jsonl[.gz]]`: the time that extraction takes, beside a tokenizer alone.

The yardstick is spaCy's blank pipeline of each text's language with its sentencizer: tokens and sentences, nothing
else, and new in each round, as in a run of its own. Rounds are interleaved, and the median counts, in CPU seconds, so
that other work on the machine matters less; only what runs on all cores is timed by the clock. Lexicons are loaded
before; the whole command loads them again. Without a corpus the sample articles are joined and repeated to about
1,500 articles of 5,000 characters.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

import spacy

from flows.language_profiles import profiles
from flows.lexicons import languages, load
from flows.model import Document
from flows.pipeline import process

ROOT: Final = Path(__file__).parents[2]
ARTICLES: Final = 1500
CHARACTERS: Final = 5000


def main() -> None:
    """Print the seconds of each and their ratios to spaCy's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, help="JSON lines with text and, if known, language")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    articles = read(given.corpus) if given.corpus else samples()
    size = sum(len(article["text"]) for article in articles)
    print(f"{len(articles):,} articles, {size / len(articles):,.0f} characters on the average")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.jsonl"
        file.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
        work: dict[str, Callable[[], float]] = {
            "spaCy blank + sentencizer": lambda: tokenized(articles),
            "extract, in process": lambda: extracted(articles),
            "extract, the command": lambda: commanded(file, "--workers", "1"),
            "on all cores, by the clock": lambda: clocked(file),
        }
        prepare(articles)
        seconds: dict[str, list[float]] = {name: [] for name in work}
        for number in range(given.rounds):
            for name, run in work.items():
                seconds[name].append(run())
                print(f"  round {number + 1}: {name}: {seconds[name][-1]:.2f} s", file=sys.stderr)
    yardstick, *_ = (median(found) for found in seconds.values())
    for name, found in seconds.items():
        each = 1000 * median(found) / len(articles)
        print(f"{name:28} {median(found):7.2f} s  {each:6.2f} ms each  ratio {median(found) / yardstick:.2f}")


def read(path: Path) -> list[dict[str, str]]:
    """The articles of a file of JSON lines."""
    content = path.read_bytes()
    lines = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in lines.splitlines()]


def samples() -> list[dict[str, str]]:
    """The sample articles, those of each language joined to the size of an article, again and again."""
    bodies = {}
    for folder in sorted(path for path in (ROOT / "data" / "raw").iterdir() if path.is_dir()):
        texts = cycle([path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))])
        found = [next(texts)]
        while sum(map(len, found)) < CHARACTERS:
            found.append(next(texts))
        bodies[folder.name] = "\n\n".join(found)
    turns = cycle(bodies.items())
    return [
        {"id": str(number), "language": language, "text": text}
        for number, (language, text) in zip(range(ARTICLES), turns, strict=False)
    ]


def prepare(articles: list[dict[str, str]]) -> None:
    """Load what is loaded once: the lexicons of all languages, the profiles of languages."""
    for code in languages():
        load(code)
    profiles()
    extracted(articles[:20])


def tokenized(articles: list[dict[str, str]]) -> float:
    """CPU seconds of spaCy."""
    pipelines = {}
    for code in {article.get("language", "xx") for article in articles}:
        pipelines[code] = spacy.blank(code)
        pipelines[code].add_pipe("sentencizer")
    start = time.process_time()
    for article in articles:
        pipelines[article.get("language", "xx")](article["text"])
    return time.process_time() - start


def extracted(articles: list[dict[str, str]]) -> float:
    """CPU seconds of our engine, detection of the language included: the texts alone are given."""
    documents = [Document(text=article["text"]) for article in articles]
    start = time.process_time()
    for document in documents:
        process(document)
    return time.process_time() - start


def clocked(file: Path) -> float:
    """Seconds by the clock until the whole command has ended, as it is called without options."""
    start = time.perf_counter()
    commanded(file)
    return time.perf_counter() - start


def commanded(file: Path, *options: str) -> float:
    """CPU seconds of the whole command, its start and the loading of lexicons included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "flows", "extract", str(file), *options]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
