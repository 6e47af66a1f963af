"""`newsevents watch` and its flow: as a user runs them, and as a deployment does."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
import yaml
from processes import COMMAND, ROOT, clean_environment, newsevents
from test_feeds import item, rss
from web import Answer, site

ENVIRONMENT = {
    "NEWSEVENTS_ALLOW_LOOPBACK": "1",
    "NEWSEVENTS_REQUEST_PAUSE": "0",
    "NEWSEVENTS_CONTACT": "https://desk.example/bot",
}


@pytest.fixture
def web():
    with site() as found:
        found["/feed"] = Answer(rss(item(1), item(2)))
        yield found


@pytest.fixture
def environment(prefect_server):
    return ENVIRONMENT | {"PREFECT_API_URL": prefect_server}


def test_what_is_polled_is_what_is_built(web, environment, tmp_path):
    (tmp_path / "feeds.txt").write_text(f"# ours\n\n{web.url}/feed\n  {web.url}/gone  \n", "utf-8-sig")
    found = newsevents("watch", "--file", "feeds.txt", "--once", cwd=tmp_path, env=environment)
    assert found.returncode == 0, found.stderr
    assert found.stderr.splitlines() == ["Polling 2 feeds, starting Prefect …"]
    assert "404 Not Found" in found.stdout
    assert "2 new in data/raw, 2 of them with a summary only" in found.stdout
    assert web.asked[-1].headers["user-agent"].endswith("(+https://desk.example/bot)")
    built = newsevents(*found.stdout.split("newsevents ")[1].split(), "--json", cwd=tmp_path, env=environment)
    assert json.loads(built.stdout)["accepted"] == 2, built.stderr
    again = newsevents("watch", f"{web.url}/feed", "--once", "--json", cwd=tmp_path, env=environment)
    [report] = json.loads(again.stdout)["feeds"]
    assert (report["outcome"], report["new"]) == ("nothing new", 0)


def test_a_feed_that_fails_alone_fails_the_command_in_one_line(web, environment, tmp_path):
    found = newsevents("watch", f"{web.url}/gone", "--once", cwd=tmp_path, env=environment)
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1].endswith(f"{web.url}/gone: the server answers 404 Not Found")


@pytest.mark.usefixtures("interruptible")
def test_it_goes_on_until_ctrl_c(web, environment, tmp_path):
    without_contact = {name: value for name, value in environment.items() if name != "NEWSEVENTS_CONTACT"}
    with subprocess.Popen(
        [*COMMAND, "watch", f"{web.url}/feed", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(tmp_path / "home", **without_contact),
        cwd=tmp_path,
    ) as process:
        assert json.loads(process.stdout.readline())["feeds"][0]["new"] == 2
        told = [process.stderr.readline() for _ in range(3)]
        assert "NEWSEVENTS_CONTACT" in told[0]
        assert told[2].startswith("Next poll at")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_poll_ends_at_once_and_is_taken_up_again(web, environment, tmp_path):
    web["/slow"] = Answer(send=lambda connection: connection.settimeout(20) or connection.recv(1))
    with subprocess.Popen(
        [*COMMAND, "watch", f"{web.url}/slow", "--once"],
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(tmp_path / "home", **environment),
        cwd=tmp_path,
    ) as process:
        while "/slow" not in web.paths:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(8) == 1
        assert "the next poll takes up the rest" in process.stderr.read()
    web["/slow"] = Answer(rss(item(1)))
    found = newsevents("watch", f"{web.url}/slow", "--once", "--json", cwd=tmp_path, env=environment)
    assert json.loads(found.stdout)["feeds"][0]["new"] == 1


def test_the_deployments_have_parameters_that_their_flows_take():
    from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415 - only here

    for deployment in yaml.safe_load(Path(ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]:
        flow = load_flow_from_entrypoint(deployment["entrypoint"])
        assert flow.validate_parameters(deployment["parameters"])
