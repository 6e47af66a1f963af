"""What several test files share: one Prefect server for the whole session."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from flows.server import prepare_environment

prepare_environment()  # before anything imports Prefect: no telemetry from a test run


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an ephemeral Prefect server with a database of its own; flows of this process run on it."""
    # Prefect reads its environment when it is imported: only the tests that run a flow pay for that.
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        with prefect_test_harness(server_startup_timeout=120):
            yield PREFECT_API_URL.value()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes that a test starts hear Ctrl-C: in the background, a shell starts all of them deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
