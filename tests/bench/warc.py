"""`python tests/bench/warc.py [RECORDS ...]`: the memory and the time that reading a web archive of small pages takes.

A child of its own reads each archive, which is made on the way, packed record by record as crawlers do, and is never
whole anywhere; only reading is measured, no extraction. Memory must not grow with the archive. Default: 50,000 and
500,000 records, half of them pages, the others the requests for them.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flows.model import Filtered, Reject
from flows.read import read

DEFAULT: Final = (50_000, 500_000)
PAGE: Final = """<!doctype html><html lang="en"><head><title>Ferry {n} is back</title>
<meta property="article:published_time" content="2026-01-{day:02}T18:00:00-06:00"></head>
<body><nav><a href="/">Home</a></nav><main><h1>Ferry {n} is back</h1>
<p>Ferry number {n} of the Lanmer line went back to sea on Monday after repairs that took {day} weeks.</p>
<p>The harbour master said that the crew of {n} had tested the engines twice, and that nobody need worry.</p>
<p>Tickets for the crossing are sold at the north quay from six in the morning, the company said.</p>
</main></body></html>"""


def records(count: int) -> Iterator[bytes]:
    """Records as a crawler writes them: the request for a page, and the response with it."""
    for number in range(count // 2):
        url = f"https://lanmer.example/{number}"
        page = PAGE.format(n=number, day=number % 28 + 1).encode()
        yield record("request", url, f"GET /{number} HTTP/1.1\r\nHost: lanmer.example\r\n\r\n".encode())
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
        yield record("response", url, head.encode() + page)


def record(kind: str, url: str, block: bytes) -> bytes:
    """One record of a web archive, WARC 1.0."""
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-12T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:{kind}:{url}>\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return header.encode() + block + b"\r\n\r\n"


def write(path: Path, count: int) -> None:
    """An archive of so many records, each a gzip member of its own."""
    with path.open("wb") as file:
        for one in records(count):
            file.write(gzip.compress(one, 1))


def measured(path: Path) -> tuple[dict[str, int], float, int]:
    """What was read, the seconds of it, and the largest memory of this process in bytes."""
    found: Counter[str] = Counter()
    start = time.perf_counter()
    for item in read([path]):
        kind = f"filtered {item.rule}" if isinstance(item, Filtered) else type(item).__name__.lower()
        found[f"{kind} {item.reason_code}" if isinstance(item, Reject) else kind] += 1
    return dict(found), time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Print the figures for each number of records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="*", type=int, default=DEFAULT)
    given = parser.parse_args()
    for count in given.records:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "synthetic.warc.gz"
            write(path, count)
            size = path.stat().st_size
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found, seconds, memory = pool.apply(measured, (path,))
        told = ", ".join(f"{number:,} {kind}" for kind, number in sorted(found.items()))
        print(f"{count:9,} records, {size / 1e6:6.1f} MB packed: {told}")
        print(f"{'':9} peak {memory / 1e6:.0f} MB, {seconds:.1f} s, {count / seconds:,.0f} records a second")


if __name__ == "__main__":
    main()
