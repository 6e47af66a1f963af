"""A build over hostile files -> which promises did not hold: nothing lost, nothing slow, memory bounded, books."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from flows.check import check
from flows.store.snapshots import latest

from .corpus import Corpus, make

ROOT = Path(__file__).parents[2]
PEAK = 1_000_000_000  # bytes of memory that no process of a build may take
SLOWEST = 5.0  # seconds of the processor for one file
# Between the build and whoever asks for it: a process is charged with the memory of the one that started it.
MEASURED = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as told:
    told.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
sys.exit(ended)
"""
TIMED = """
import sys, time
from pathlib import Path
from flows.model import Document
from flows.pipeline import process
from flows.read import read
for warm in read([Path(sys.argv[1])]):
    process(warm)
for name in sys.stdin.read().splitlines():
    start = time.process_time()
    for item in read([name]):
        if isinstance(item, Document):
            process(item)
    print(f"{time.process_time() - start:.3f}", name, flush=True)
"""


@dataclass(slots=True)
class Proof:
    """What was measured, and a line for each promise that was broken."""

    files: int = 0
    accounted: int = 0
    good: int = 0
    good_found: int = 0
    books: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    peak_bytes: int = 0
    build_seconds: float = 0.0
    slowest_seconds: float = 0.0
    slowest_file: str = ""
    broken: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """All of it as plain values."""
        return asdict(self)


def prove(out: Path, count: int, environment: dict[str, str] | None = None, *, timed: bool = True) -> Proof:
    """Make the files below `out`, build a dataset of them there, and look at what came of it."""
    corpus = make(out / "raw", count)
    proof = Proof(files=len(corpus.files), good=corpus.good)
    start = time.monotonic()
    build = ["-m", "flows", "build", "raw", "--dataset", "set", "--json"]
    command = [sys.executable, "-c", MEASURED, "peak", sys.executable, *build]
    given = os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {})
    built = subprocess.run(command, cwd=out, env=given, capture_output=True, text=True, check=False)
    proof.build_seconds = round(time.monotonic() - start, 1)
    proof.peak_bytes = int((out / "peak").read_text())
    if built.returncode:
        proof.broken.append(f"build ended with {built.returncode}: {built.stderr[-300:]}")
        return proof
    report = json.loads(built.stdout)
    proof.books = {name: report[name] for name in ("documents_in", "accepted", "duplicate", "rejected", "filtered")}
    proof.reasons = report["reasons"]
    proof.broken += _lost(out, corpus, proof)
    proof.broken += [f"check: {found}" for found in check(out / "set").findings]
    if proof.books["documents_in"] != sum(list(proof.books.values())[1:]):
        proof.broken.append(f"the books do not balance: {proof.books}")
    if proof.peak_bytes > PEAK:
        proof.broken.append(f"a process took {proof.peak_bytes:,} bytes of memory")
    if timed:
        proof.broken += _slow(out, corpus, given, proof)
    return proof


def _lost(out: Path, corpus: Corpus, proof: Proof) -> Iterator[str]:
    """Files of which there is neither an article nor a reject, and good articles that did not arrive."""
    snapshot = latest(out / "set")
    assert snapshot is not None
    seen: Counter[str] = Counter()
    articles: set[str] = set()
    for table in ("articles", "rejects"):
        paths = [str(path) for path in snapshot.paths(table)]
        uris = [uri for (uri,) in duckdb.read_parquet(paths).project("input_uri").fetchall() if uri]
        seen.update(uri.partition("!")[0] for uri in uris)
        if table == "articles":
            articles = set(uris)
    missing = [name for name in corpus.files if f"raw/{name}" not in seen]
    proof.accounted = len(corpus.files) - len(missing)
    # a file with nothing in it but what is there already, or what a rule leaves out, has no row of its own
    spare = proof.books["duplicate"] + proof.books["filtered"]
    if len(missing) > spare:
        yield f"{len(missing)} files have no row, {spare} documents were duplicate or filtered: {missing[:5]}"
    good = [name for name in corpus.files if "-good" in name]
    proof.good_found = sum(f"raw/{name}" in articles for name in good)
    if proof.good_found < len(good):
        yield f"good articles are lost: {[name for name in good if f'raw/{name}' not in articles][:5]}"


def _slow(out: Path, corpus: Corpus, environment: dict[str, str], proof: Proof) -> Iterator[str]:
    """Files that take too long to be read and extracted from."""
    command = [sys.executable, "-c", TIMED, str(ROOT / "data" / "raw")]
    names = "\n".join(f"raw/{name}" for name in corpus.files)
    timed = subprocess.run(command, cwd=out, env=environment, input=names, capture_output=True, text=True, check=False)
    if timed.returncode:
        yield f"a file is not survived: {timed.stderr[-300:]}"
    took = [(float(seconds), name) for seconds, _, name in (line.partition(" ") for line in timed.stdout.splitlines())]
    proof.slowest_seconds, proof.slowest_file = max(took, default=(0.0, ""))
    yield from (f"{name} takes {seconds} s" for seconds, name in took if seconds > SLOWEST)
