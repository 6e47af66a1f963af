"""The guard: nothing but the public internet is connected to, whatever an address looks like or a name resolves to."""

from __future__ import annotations

import sys
import threading
from ipaddress import ip_address

import httpcore
import pytest
from web import Answer, site

from flows.fetch.addresses import SPECIAL, not_public
from flows.fetch.client import Bounds, download, opened
from flows.fetch.errors import FetchError
from flows.fetch.guard import Deadline, Guard, GuardedNetwork
from flows.fetch.visitor import Visitor

CONNECTED: list[object] = []
sys.addaudithook(lambda event, arguments: CONNECTED.append(arguments[1]) if event == "socket.connect" else None)

# {port} is that of a server on loopback which would answer
SPELLINGS = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0X7F.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.0.0.01:{port}/",
    "http://127.0.0.0x1:{port}/",
    "http://00000127.0.0.1:{port}/",
    "http://127.127.127.127:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://１２７.0.0.1:{port}/",  # noqa: RUF001 - full-width digits
    "http://127。0。0。1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://ip6-localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::80ff:fffe]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://example.org@127.0.0.1:{port}/",
    "http://example.org:80@127.0.0.1:{port}/",
    "http://example.org%00@127.0.0.1:{port}/",
    "http://example.org\\@127.0.0.1:{port}/",
    "http://@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.org/",
    "http://127.0.0.1:{port}?@example.org/",
    "http:///127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\t/",
    " http://127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/metadata",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fd20:ce::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "",
    "http://",
    "http://exa mple.org/",
    "http://example..org/",
    "http://example.org:0/",
    "http://example.org:65536/",
    "http://" + "a" * 300 + ".org/",
    "http://example.org/" + "a" * 10_000,
]
PATHS = ("http://", "http:///127.0.0.1:{port}/")  # no other host, where a redirect says so
ELSEWHERE = [url for url in SPELLINGS if "://" in url and url not in PATHS]
PRIVATE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1", "no address", "100.64.1.1"]
REACHABLE = ["1.1.1.1", "93.184.216.34", "168.63.129.17", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"]


@pytest.fixture
def web():
    with site() as found:
        found["/"] = Answer(b"secret")
        yield found


def answers(*addresses: str) -> Guard:
    return Guard(resolve=lambda _host, _port: list(addresses))


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda url: url[:60])
def test_nothing_is_connected_to_whatever_it_is_spelled_like(web, spelling):
    CONNECTED.clear()
    with pytest.raises(FetchError) as error, download(spelling.replace("{port}", str(web.port))) as chunks:
        list(chunks)
    assert error.value.code in {"bad_url", "refused", "unreachable"}
    assert "\n" not in str(error.value)
    assert (CONNECTED, web.asked) == ([], [])


def test_the_server_of_these_tests_would_answer(web):
    CONNECTED.clear()
    with download(f"{web.url}/", guard=Guard(allow_loopback=True)) as chunks:
        assert b"".join(chunks) == b"secret"
    assert [("127.0.0.1", web.port)] == CONNECTED


class StartsHere(Guard):
    """A strict guard to whom `start.example`, on loopback, is a site of the public internet."""

    def check(self, address, host):
        if host != "start.example":
            super().check(address, host)


@pytest.mark.parametrize("target", ELSEWHERE, ids=lambda url: url[:60])
def test_no_redirect_leads_there(web, target):
    found = target.replace("{port}", str(web.port)).encode("utf-8").decode("latin-1")
    web["/start"] = Answer(status=302, headers={"Location": found})
    guard = StartsHere(resolve=lambda *_: ["127.0.0.1"])
    CONNECTED.clear()
    with pytest.raises(FetchError), opened(f"http://start.example:{web.port}/start", guard=guard):
        pass
    assert [("127.0.0.1", web.port)] == CONNECTED
    assert web.paths == ["/start"]


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("others", [[], ["93.184.216.34"], ["2606:4700:4700::1111"]])
def test_one_bad_answer_of_the_resolver_is_enough(address, others):
    CONNECTED.clear()
    for order in ([address, *others], [*others, address]):
        with pytest.raises(FetchError) as error, download("https://example.org/", guard=answers(*order)):
            pass
        assert error.value.code == "refused"
    assert CONNECTED == []


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(web):
    """A name that changes its address from one moment to the next: the second answer is never asked for."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    CONNECTED.clear()
    guard = Guard(allow_loopback=True, resolve=rebinding)
    with download(f"http://rebinding.example:{web.port}/", guard=guard) as chunks:
        assert b"".join(chunks) == b"secret"
    assert asked == ["rebinding.example"]
    assert [("127.0.0.1", web.port)] == CONNECTED
    assert web.asked[0].headers["host"] == f"rebinding.example:{web.port}"


def test_a_name_that_rebinds_between_redirects_is_checked_again(web):
    web["/start"] = Answer(status=307, headers={"Location": "/again"})
    found = iter([["127.0.0.1"], ["169.254.169.254"]])
    CONNECTED.clear()
    guard = Guard(allow_loopback=True, resolve=lambda *_: next(found))
    with pytest.raises(FetchError) as error, opened(f"http://rebinding.example:{web.port}/start", guard=guard):
        pass
    assert error.value.code == "refused"
    assert [("127.0.0.1", web.port)] == CONNECTED


@pytest.mark.parametrize("variable", ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_proxies_of_the_environment_are_not_used(web, monkeypatch, variable):
    monkeypatch.setenv(variable, web.url)
    CONNECTED.clear()
    with pytest.raises(FetchError), download("http://example.org/", guard=answers("10.0.0.1")):
        pass
    with pytest.raises(FetchError), download("http://example.org/", guard=answers()):
        pass
    assert (CONNECTED, web.asked) == ([], [])


def test_robots_of_a_refused_site_are_not_asked_for_either(web):
    CONNECTED.clear()
    with pytest.raises(FetchError):
        Visitor(guard=Guard()).get(f"{web.url}/page")
    assert CONNECTED == []


def test_loopback_alone_is_what_the_tests_are_allowed():
    guard = Guard(allow_loopback=True)
    guard.checked_url("http://127.0.0.1/")
    guard.checked_url("http://[::1]/")
    for host in ("10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):  # noqa: S104
        with pytest.raises(FetchError):
            guard.checked_url(f"http://{host}/")


@pytest.mark.parametrize(("value", "allowed"), [("1", True), ("", False), ("0", False)])
def test_a_program_is_allowed_loopback_by_a_variable_alone(monkeypatch, value, allowed):
    monkeypatch.setenv("NEWSEVENTS_ALLOW_LOOPBACK", value)
    assert Guard.from_environment().allow_loopback is allowed


@pytest.mark.parametrize("block", SPECIAL, ids=str)
def test_every_special_block_is_refused_to_its_ends(block):
    assert not_public(block[0])
    assert not_public(block[-1])


@pytest.mark.parametrize("address", REACHABLE)
def test_the_public_internet_is_let_through(address):
    assert not_public(ip_address(address)) is None


@pytest.mark.parametrize("address", ["4000::1", "5f00::1", "8000::", "fdff::1", "::2"])
def test_what_is_not_assigned_yet_is_refused(address):
    assert not_public(ip_address(address))


def test_no_socket_of_this_machine_is_opened():
    network = GuardedNetwork(Guard(), Deadline(1.0), 1.0)
    with pytest.raises(FetchError):
        network.connect_unix_socket("/var/run/docker.sock")
    with pytest.raises(FetchError), httpcore.ConnectionPool(uds="/run/x", network_backend=network) as pool:
        pool.request("GET", "http://example.org/")


def test_a_resolver_that_hangs_is_left_behind():
    hanging = threading.Event()
    guard = Guard(resolve=lambda *_: [str(hanging.wait(30))])
    with pytest.raises(FetchError) as error, download("http://example.org/", guard=guard, bounds=Bounds(seconds=0.05)):
        pass
    hanging.set()
    assert "in time" in str(error.value)


def test_a_password_is_not_shown():
    with pytest.raises(FetchError) as error:
        Guard().checked_url("https://reader:hunter2@example.org/feed")
    assert "hunter2" not in str(error.value)
