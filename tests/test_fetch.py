"""Fetching: bodies, redirects, bounds and time over a real server; robots.txt; turns and pauses."""

from __future__ import annotations

import datetime as dt
import gzip
import random
import socket
import ssl
import threading
import time
from email.utils import format_datetime

import pyarrow as pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from web import Answer, StillClock, site

from flows.fetch.client import ARCHIVE, BOUNDS, Bounds, _trusted, download, opened, user_agent
from flows.fetch.errors import FetchError
from flows.fetch.guard import Guard
from flows.fetch.pace import LONGEST_BACK_OFF, LONGEST_CRAWL_DELAY, Pace, back_off, retry_after
from flows.fetch.robots import LONGEST, Robots, Rules
from flows.fetch.visitor import Visitor

LOOPBACK = Guard(allow_loopback=True)
QUICK = Bounds(seconds=0.3, silence=0.3)
WORDS = b"The harbour is closed for a week. " * 200
NOW = 1_790_000_000.0


@pytest.fixture
def web():
    with site() as found:
        yield found


def packed(data: bytes, codec: str) -> bytes:
    return pa.Codec(codec).compress(data, asbytes=True)


def body(url: str, bounds: Bounds = BOUNDS) -> bytes:
    with opened(url, guard=LOOPBACK, bounds=bounds) as answer:
        return b"".join(answer.chunks)


def code(url: str, bounds: Bounds = QUICK) -> str:
    with pytest.raises(FetchError) as error:
        body(url, bounds)
    assert len(str(error.value).splitlines()) == 1
    return error.value.code


@pytest.mark.parametrize(
    ("encoding", "codec"), [("gzip", "gzip"), ("x-gzip", "gzip"), ("br", "brotli"), ("ZSTD", "zstd")]
)
def test_bodies_are_decompressed_and_bounded(web, encoding, codec):
    whole = packed(WORDS, codec)
    web["/good"] = Answer(whole, headers={"Content-Encoding": encoding})
    web["/half"] = Answer(whole[: len(whole) // 2], headers={"Content-Encoding": encoding})
    web["/bomb"] = Answer(packed(bytes(40_000_000), codec), headers={"Content-Encoding": encoding})
    web["/noise"] = Answer(WORDS, headers={"Content-Encoding": encoding})
    assert body(f"{web.url}/good") == WORDS
    assert code(f"{web.url}/half") == "bad_encoding"
    assert code(f"{web.url}/bomb", Bounds()) == "too_large"
    assert code(f"{web.url}/bomb", ARCHIVE) == "too_large"
    assert code(f"{web.url}/noise") == "bad_encoding"


@pytest.mark.parametrize("encoding", ["deflate", "compress", "gzip, gzip", "nonsense"])
def test_an_encoding_that_was_not_asked_for_is_told(web, encoding):
    web["/"] = Answer(gzip.compress(WORDS), headers={"Content-Encoding": encoding})
    assert code(f"{web.url}/") == "bad_encoding"


def test_a_body_that_is_too_large_is_not_taken(web):
    web["/"] = Answer(b"x" * 5_000)
    assert code(f"{web.url}/", Bounds(size=4_999)) == "too_large"
    assert len(body(f"{web.url}/", Bounds(size=5_000))) == 5_000


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(b"", mtime=0)[:10]
        + b"\x00\xff\xff\x00\x00",
    ],
)
def test_a_server_that_drips_is_left_when_the_time_is_over(web, start):
    left = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(start)
        while not left.wait(0.02):
            connection.sendall(b"X-A: b\r\n" if start.count(b"\r\n\r\n") == 0 else b"1\r\nx\r\n")

    web["/"] = Answer(send=drip)
    begun = time.monotonic()
    assert code(f"{web.url}/", Bounds(seconds=0.3)) == "too_slow"
    assert time.monotonic() - begun < 2
    left.set()


def test_a_server_that_says_nothing_is_left_too(web):
    left = threading.Event()
    web["/"] = Answer(send=lambda _: left.wait(5) and None)
    assert code(f"{web.url}/", Bounds(seconds=None, silence=0.1)) == "too_slow"
    left.set()


def test_a_server_that_hangs_up_or_talks_nonsense_is_told(web):
    web["/up"] = Answer(send=lambda _: None)
    web["/short"] = Answer(send=lambda s: s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
    web["/nonsense"] = Answer(send=lambda s: s.sendall(b"220 mail.example ESMTP\r\n"))
    web["/headers"] = Answer(send=lambda s: s.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000))
    assert [code(f"{web.url}{path}") for path in ("/up", "/short", "/nonsense", "/headers")] == ["unreachable"] * 4
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert code(f"http://127.0.0.1:{closed.getsockname()[1]}/") == "unreachable"


def test_five_redirects_are_followed_and_no_more(web):
    for hop in range(6):
        web[f"/{hop}"] = Answer(status=(301, 302, 303, 307, 308)[hop % 5], headers={"Location": f"{hop + 1}"})
    web["/5"] = Answer(b"here")
    assert body(f"{web.url}/0") == b"here"
    web["/5"] = Answer(status=302, headers={"Location": "/6"})
    assert code(f"{web.url}/0") == "too_many_redirects"
    assert "/6" not in web.paths
    web["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    assert code(f"{web.url}/loop") == "too_many_redirects"


def test_where_an_address_has_moved_to_for_good(web):
    web["/old"] = Answer(status=301, headers={"Location": "/older"})
    web["/older"] = Answer(status=308, headers={"Location": "/new"})
    web["/now"] = Answer(status=302, headers={"Location": "/new"})
    for path, expected in [("/old", f"{web.url}/new"), ("/now", None), ("/new", None)]:
        with opened(f"{web.url}{path}", guard=LOOPBACK) as answer:
            assert (answer.url, answer.moved_to) == (f"{web.url}/new", expected)


def test_a_download_is_a_stream_or_an_error(web):
    web["/"] = Answer(WORDS)
    with download(f"{web.url}/", guard=LOOPBACK) as chunks:
        assert b"".join(chunks) == WORDS
    with pytest.raises(FetchError, match="404 Not Found"), download(f"{web.url}/gone", guard=LOOPBACK):
        pass
    assert (ARCHIVE.size, ARCHIVE.seconds) == (None, None)


def test_a_request_says_who_asks_and_nothing_else_of_us(web):
    Visitor(agent=user_agent("https://desk.example/bot"), guard=LOOPBACK, clock=StillClock()).get(f"{web.url}/a")
    for asked in web.asked:
        assert asked.headers.pop("user-agent").startswith("newsevents/")
        assert set(asked.headers) == {"host", "connection", "accept", "accept-encoding"}
    assert user_agent("https://desk.example/bot").endswith("(+https://desk.example/bot)")


def test_a_certificate_has_to_be_that_of_the_host(tmp_path, monkeypatch):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "feeds.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feeds.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    guard = Guard(allow_loopback=True, resolve=lambda *_: ["127.0.0.1"])
    with site(context) as safe:
        safe["/"] = Answer(WORDS)

        def taken(host: str) -> bytes:
            with download(f"https://{host}:{safe.port}/", guard=guard) as chunks:
                return b"".join(chunks)

        with pytest.raises(FetchError, match="certificate"):
            taken("feeds.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        _trusted.cache_clear()
        try:
            assert taken("feeds.example") == WORDS
            with pytest.raises(FetchError, match="certificate"):
                taken("other.example")
        finally:
            _trusted.cache_clear()
        assert safe.paths == ["/"]


ROBOTS = b"""User-agent: otherbot
Disallow: /

User-agent: NewsEvents/2.0
Disallow: /private
Allow: /private/open
Crawl-delay: 4

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (Answer(ROBOTS), True),
        (Answer(b"User-agent: *\nDisallow: /"), False),
        (Answer(b"User-agent: *\nDisallow: /a$"), False),
        (Answer(b"User-agent: *\nDisallow: /b"), True),
        (Answer(b"User-agent: news\nDisallow: /"), True),
        (Answer(b"\xff\xfe no text \x00"), True),
        (Answer(b"<html>a page</html>"), True),
        (Answer(b"User-agent: *\nDisallow: /", headers={"Content-Encoding": "gzip"}), False),
        (Answer(gzip.compress(b"User-agent: *\nDisallow: /"), headers={"Content-Encoding": "gzip"}), False),
        (Answer(status=404), True),
        (Answer(status=403), True),
        (Answer(status=429), True),
        (Answer(status=500), False),
        (Answer(status=503), False),
        (Answer(send=lambda _: None), False),
        (Answer(status=302, headers={"Location": "/robots.txt"}), True),
        (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), False),
        (Answer(b"#" * LONGEST + b"\nUser-agent: *\nDisallow: /"), True),
        (Answer(b"User-agent: *\nDisallow: /" + b"x" * LONGEST), True),
    ],
)
def test_robots(web, answer, allowed):
    web["/robots.txt"] = answer
    web["/a"] = Answer(WORDS)
    visitor = Visitor(guard=LOOPBACK, clock=StillClock(), bounds=QUICK)
    if allowed:
        assert visitor.get(f"{web.url}/a").body == WORDS
    else:
        with pytest.raises(FetchError):
            visitor.get(f"{web.url}/a")
        assert "/a" not in web.paths


def test_robots_are_asked_for_once_a_day_and_obeyed_behind_a_redirect(web):
    clock = StillClock()
    web["/robots.txt"] = Answer(ROBOTS)
    web["/a"] = web["/private/open"] = Answer(WORDS)
    web["/way"] = Answer(status=302, headers={"Location": "/private/b"})
    visitor = Visitor(guard=LOOPBACK, clock=clock)
    visitor.get(f"{web.url}/a")
    visitor.get(f"{web.url}/private/open")
    with pytest.raises(FetchError, match=r"robots\.txt"):
        visitor.get(f"{web.url}/way")
    assert web.paths == ["/robots.txt", "/a", "/private/open", "/way"]
    assert clock.slept == [1.0, 4.0, 4.0]
    clock.time += 23 * 3600
    visitor.get(f"{web.url}/a")
    assert web.paths.count("/robots.txt") == 1
    clock.time += 2 * 3600
    visitor.get(f"{web.url}/a")
    assert web.paths.count("/robots.txt") == 2


def test_robots_that_fail_are_asked_for_again_soon(web):
    clock = StillClock()
    web["/robots.txt"] = [Answer(status=500), Answer(status=404)]
    visitor = Visitor(guard=LOOPBACK, clock=clock)
    with pytest.raises(FetchError, match="500 Internal Server Error, which forbids all") as error:
        visitor.get(f"{web.url}/a")
    assert error.value.code == "unreachable"
    clock.time += 700
    assert visitor.get(f"{web.url}/a").status == 404


def test_a_robots_file_of_many_robots_and_rules_costs_little():
    names = "".join(f"User-agent: bot{number}\n" for number in range(12_000))
    rules = "".join(f"Disallow: /{number}*a*b*c$\n" for number in range(10_000))
    text = (names + rules + "User-agent: newsevents\nDisallow: /x\n")[:LONGEST]
    begun = time.monotonic()
    found = Rules(Robots("http://h", "rules", 0.0, text=text))
    with pytest.raises(FetchError):
        found.check("http://h/x")
    found.check("http://h/" + "abc" * 2_000)
    assert time.monotonic() - begun < 2


def test_turns_of_a_host():
    clock = StillClock()
    pace = Pace(clock, 1.0)
    for host in ("a", "b", "a", "b", "a"):
        pace.wait(host)
    assert clock.slept == [1.0, 1.0]
    pace.wait("a", 9_999.0)
    pace.wait("a")
    assert clock.slept[2:] == [1.0, LONGEST_CRAWL_DELAY]
    clock.time -= 86_400  # a clock that is set back makes nobody wait for a day
    pace.wait("a")
    assert clock.slept[-1] <= LONGEST_CRAWL_DELAY


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - moments, no secrets


def test_pauses_double_and_never_end_up_beyond_six_hours():
    pauses = [back_off(failures, chance(1)) for failures in range(1, 40)]
    assert all(45 <= pause <= 1.25 * LONGEST_BACK_OFF for pause in pauses)
    assert pauses[1] == pytest.approx(2 * pauses[0])
    assert pauses[-1] == pauses[-2]
    assert back_off(1, chance(1)) != back_off(1, chance(2))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("999999999", 86_400.0),
        (format_datetime(dt.datetime.fromtimestamp(NOW + 90, dt.UTC), usegmt=True), 90.0),
        (format_datetime(dt.datetime.fromtimestamp(NOW - 90, dt.UTC), usegmt=True), 0.0),
        ("soon", None),
        ("-1", None),
        ("Fri, 99 Foo 99999 99:99:99 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_what_retry_after_asks_for(header, seconds):
    assert retry_after(header, NOW) == seconds
