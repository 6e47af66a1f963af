"""Prefect's own ephemeral server, started beside us before Prefect is imported, and gone when we are.

Prefect starts that server by itself on the first flow, but only after the client has imported all of it: 7 s pass
before a trivial flow has run, half of them in imports done twice, one after the other. Started by hand it loads while
this process imports its own modules, and needs no polling, since it says when it is ready: 3.5 s.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

# What Prefect reads from the environment; the user's own values come first.
QUIET: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}
# Our errors are one line: the console shows no log, and the server still keeps them all with the run.
SILENT: Final = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
}
# What Prefect itself sets for its ephemeral server. Block types are for the UI of a lasting server, which registers
# them when it starts; without the memo it does not take ours for having done so.
EPHEMERAL: Final = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}
STOP_SECONDS: Final = 6
PROCESS: Final = Path(__file__).with_name("server_process.py")  # by path: it finds no package, and needs none


class ServerError(Exception):
    """Prefect's server did not start."""


def is_verbose() -> bool:
    """Whether the user asked for Prefect's logs."""
    return bool(os.environ.get("PREFECT_LOGGING_LEVEL") or os.environ.get("PREFECT_DEBUG_MODE"))


def prepare_environment() -> None:
    """Set what Prefect must find when it is imported: no telemetry, a patient start, no wall of logs."""
    for name, value in (QUIET if is_verbose() else QUIET | SILENT).items():
        os.environ.setdefault(name, value)


@dataclass
class Server:
    """A running server process; it also ends by itself when this process is gone, however that ended."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
    port: int | None = None
    _answer: threading.Thread = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._answer = threading.Thread(target=self._read_port, daemon=True)
        self._answer.start()

    @classmethod
    def start(cls) -> Server | None:
        """Start the server; None where the environment names another one (`PREFECT_API_URL`)."""
        prepare_environment()
        if os.environ.get("PREFECT_API_URL"):
            return None
        log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server
        process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", str(PROCESS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if is_verbose() else log,
            env=os.environ | EPHEMERAL,
            start_new_session=True,  # Ctrl-C is for us; the server stops after the run has said so
        )
        server = cls(process, log)
        atexit.register(server.stop)  # runs after Prefect's own threads have sent their last events
        return server

    def url(self) -> str:
        """The address of its API, as soon as it answers.

        Raises:
            ServerError: it ended, or did not answer within `PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS`.
        """
        self._answer.join(float(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]))
        if self.port is None:
            raise ServerError(f"Prefect's server did not start ({self._last_words()}): see PREFECT_LOGGING_LEVEL=INFO")
        return f"http://127.0.0.1:{self.port}/api"

    def stop(self) -> None:
        """End the server and wait until it is gone."""
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()  # the end of its input is its sign to stop
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _read_port(self) -> None:
        line = self.process.stdout.readline() if self.process.stdout else b""
        self.port = int(line) if line.strip().isdigit() else None

    def _last_words(self) -> str:
        if self.process.poll() is None:
            return "no answer in time"
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else f"exit status {self.process.returncode}"
