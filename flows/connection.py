"""The Prefect server that a flow talks to: the user's own where there is one, else the one we started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.server import Server, ServerError

UNREACHABLE: Final = "Failed to reach API"  # how Prefect begins to say so


@contextmanager
def connected(server: Server | None) -> Iterator[None]:
    """Run flows on `server`, unless Prefect's own settings (a profile, prefect.toml) name another one.

    Raises:
        ServerError: our server did not start, or theirs does not answer.
    """
    if server is None or PREFECT_API_URL.value():
        if server is not None:
            server.stop()
        with _told_if_unreachable():
            yield
        return
    # A heartbeat tells a lasting server that a run has died, and costs a second at the end of each flow.
    with temporary_settings({PREFECT_API_URL: server.url(), PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


@contextmanager
def _told_if_unreachable() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if str(error).startswith(UNREACHABLE):
            raise ServerError(f"{error}: start that server, or unset PREFECT_API_URL") from None
        raise
