"""`python -m tests.readme --write`: the README's queries run on the sample articles, the answers written below."""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from flows.formats import write_table
from flows.query import connect, run

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
QUESTION: Final = re.compile(r"(```sql\n(.*?)```\n)(?:\n```text\n.*?```\n)?", re.DOTALL)


def answered(text: str, dataset: Path) -> str:
    """The README with the answer of the dataset under each of its queries."""
    with connect(dataset) as connection:

        def answer(found: re.Match[str]) -> str:
            shown = io.StringIO()
            write_table(run(connection, found[2]), shown)
            return f"{found[1]}\n```text\n{shown.getvalue()}```\n"

        return QUESTION.sub(answer, text)


def build_samples(dataset: Path, server: str | None = None) -> None:
    """The dataset of the sample articles, by the command that the README names; on that Prefect server if given."""
    environment = {**os.environ, **({"PREFECT_API_URL": server} if server else {})}
    command = [sys.executable, "-m", "flows", "build", "data/raw", "--dataset", str(dataset)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=environment)


def main() -> None:
    """Write the answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "dataset"
        build_samples(dataset)
        README.write_text(answered(README.read_text("utf-8"), dataset), "utf-8")


if __name__ == "__main__":
    main()
