"""Processes in tests: the command line as a user runs it, and whether a process is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "flows"]


def clean_environment(home: Path, **changes: str) -> dict[str, str]:
    """An environment for our commands: this code, a Prefect home of its own, none of the caller's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "NEWSEVENTS_"))}
    return kept | {"PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home), "COLUMNS": "160"} | changes


def newsevents(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[Any]:
    """Run `newsevents` in the folder `cwd`; `options` are those of subprocess.run."""
    environment = clean_environment(cwd / ".prefect") | options.pop("env", {})
    given = {"capture_output": True, "text": True, "timeout": 300} | options
    return subprocess.run([*COMMAND, *map(str, arguments)], check=False, cwd=cwd, env=environment, **given)


def is_alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def is_gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether the process is gone, if need be after a while."""
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not is_alive(pid)
