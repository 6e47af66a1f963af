"""`python tests/bench/pages.py PAGES`: pages a second that become documents, beside trafilatura with metadata.

PAGES are files and folders of .html, or JSON lines with a key `html` (.jsonl, .jsonl.gz). Both read the same decoded
pages in one process, in turns, and the median of the rounds counts, in CPU seconds. Pages that either refuses are part
of the work of both.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

import trafilatura

from flows.model import Document
from flows.read.html import completed
from flows.read.page.charset import decode_page
from flows.read.rejects import UnreadableError


def main() -> None:
    """Print pages a second of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = [page for path in given.pages for page in read(path)]
    if not pages:
        parser.error("no pages there: name files or folders of .html, or JSON lines with a key html")
    work: dict[str, Callable[[Iterable[str]], int]] = {"newsevents": ours, "trafilatura with metadata": theirs}
    seconds: dict[str, list[float]] = {name: [] for name in work}
    found: dict[str, int] = {}
    for run in work.values():
        run(pages[:5])  # what is loaded once
    for _ in range(given.rounds):
        for name, run in work.items():
            start = time.process_time()
            found[name] = run(pages)
            seconds[name].append(time.process_time() - start)
    print(f"{len(pages):,} pages, {sum(map(len, pages)) / len(pages):,.0f} characters on the average")
    speed = {name: len(pages) / median(taken) for name, taken in seconds.items()}
    for name in work:
        print(f"{name:26} {speed[name]:8.1f} pages a second, {found[name]:,} with a text")
    print(f"ratio {speed['newsevents'] / speed['trafilatura with metadata']:.1f}")


def read(path: Path) -> Iterator[str]:
    """The pages of a file, or of all files below a folder."""
    if path.is_dir():
        for inner in sorted(path.rglob("*.htm*")):
            yield from read(inner)
    elif ".jsonl" in path.suffixes:
        content = path.read_bytes()
        for line in (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines():
            page = json.loads(line).get("html")
            if page:
                yield page
    else:
        yield decode_page(path.read_bytes()).text


def ours(pages: Iterable[str]) -> int:
    """How many become documents."""
    count = 0
    for page in pages:
        with suppress(UnreadableError):
            completed(Document(""), page)
            count += 1
    return count


def theirs(pages: Iterable[str]) -> int:
    """How many trafilatura finds a text in."""
    return sum(trafilatura.bare_extraction(page, with_metadata=True) is not None for page in pages)


if __name__ == "__main__":
    main()
