"""The Prefect server that a flow talks to: the user's own where there is one, else the one we started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

if TYPE_CHECKING:
    from flows.server import Server


@contextmanager
def connected(server: Server | None) -> Iterator[None]:
    """Run flows on `server`, unless Prefect's own settings (a profile, prefect.toml) name another one.

    Raises:
        ServerError: our server did not start.
    """
    if server is None or PREFECT_API_URL.value():
        if server is not None:
            server.stop()
        yield
        return
    # A heartbeat tells a lasting server that a run has died, and costs a second at the end of each flow.
    with temporary_settings({PREFECT_API_URL: server.url(), PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
