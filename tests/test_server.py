"""The ephemeral server starts, answers on this machine only, sends nothing out, and never outlives us."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from processes import ROOT, clean_environment, is_gone

from flows import server as module
from flows.server import Server, ServerError, prepare_environment

STARTS = """
from flows.server import Server
server = Server.start()
print(server.process.pid, flush=True)
print(server.url(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    return monkeypatch


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A Prefect home whose database is made once for these tests."""
    return tmp_path_factory.mktemp("home")


def test_it_answers_and_goes(environment, home):
    environment.setenv("PREFECT_HOME", str(home))
    server = Server.start()
    url = server.url()
    assert url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{url}/health").json() is True
    assert httpx.get(f"{url}/admin/settings").json()["server"]["analytics_enabled"] is False
    server.stop()
    assert is_gone(server.process.pid, 0.5)


def test_no_server_where_the_user_has_one(environment):
    environment.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert Server.start() is None


def test_the_environment_is_quiet_and_the_user_comes_first(environment):
    environment.delenv("DO_NOT_TRACK", raising=False)
    environment.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "33")
    prepare_environment()
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "33"
    assert os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] == "CRITICAL"


def test_logs_show_where_the_user_asks_for_them(environment):
    environment.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    prepare_environment()
    assert "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL" not in os.environ


def test_a_server_that_cannot_start_says_why(environment):
    environment.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////no/such/folder/prefect.db")
    server = Server.start()
    with pytest.raises(ServerError) as error:
        server.url()
    assert "did not start" in str(error.value)
    assert "\n" not in str(error.value)
    server.stop()


def test_a_server_that_takes_too_long_is_not_waited_for(environment, monkeypatch):
    environment.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "0")
    monkeypatch.setattr(module, "STOP_SECONDS", 0.1)
    server = Server.start()
    with pytest.raises(ServerError, match="no answer in time"):
        server.url()
    server.stop()
    assert is_gone(server.process.pid, 0.5)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_goes_with_its_parent(home, how):
    environment = clean_environment(home)
    with subprocess.Popen(
        [sys.executable, "-c", STARTS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT
    ) as parent:
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline().startswith(b"http://127.0.0.1:")
        parent.send_signal(how)
        parent.wait(20)
    assert is_gone(pid, 10)


def test_importing_it_imports_no_prefect():
    script = "import sys, flows.server; sys.exit(any(name.split('.')[0] == 'prefect' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_the_server_process_needs_no_package_of_ours():
    source = Path(module.PROCESS).read_text()
    assert "from flows" not in source
