"""Kill builds at random moments and see what is left: `python tests/kill_builds.py 30`.

After every kill the dataset must be at the snapshot it had, or at the next one, and sound; in the end a build that
nobody kills must complete it and leave nothing behind.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from newsroom import articles, write_lines
from processes import COMMAND, clean_environment

from flows.check import check
from flows.store.snapshots import latest

ARTICLES = 40


@dataclass
class Kills:
    """How the builds ended, and what the dataset lost."""

    killed: int = 0
    finished: int = 0
    damaged: int = 0


def rows(dataset: Path) -> int:
    """The articles in a dataset."""
    snapshot = latest(dataset)
    return sum(part.rows for part in snapshot.parts("articles")) if snapshot else 0


def kill_builds(folder: Path, count: int, environment: dict[str, str], seed: int = 1) -> Kills:
    """Start a build with new articles `count` times, kill it at a random moment, and check what is there."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    environment = clean_environment(folder / "prefect") | environment
    dataset, raw, result = folder / "dataset", folder / "raw", Kills()
    command = [*COMMAND, "build", str(raw), "--dataset", str(dataset), "--batch-size", "10", "--workers", "2"]
    write_lines(raw / "first.jsonl", articles(ARTICLES))
    start = time.monotonic()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    length = time.monotonic() - start
    for number in range(1, count + 1):
        write_lines(raw / f"more-{number:03}.jsonl", articles(ARTICLES, start=1000 * number))
        before = rows(dataset)
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
            try:
                # The second half of a build is where it writes.
                build.wait(length * chance.uniform(0.3, 1.1))
                result.finished += 1
            except subprocess.TimeoutExpired:
                build.send_signal(signal.SIGKILL)
                result.killed += 1
        if check(dataset).findings or rows(dataset) < before or rows(dataset) % ARTICLES:
            result.damaged += 1
    subprocess.run(command, env=environment, check=True, capture_output=True)
    result.damaged += rows(dataset) != ARTICLES * (count + 1) or any((dataset / "staging").glob("*"))
    return result


def main() -> None:
    """Run as many kills as the first argument says, and print what happened."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        print(kill_builds(Path(folder), count, {}))  # noqa: T201


if __name__ == "__main__":
    main()
