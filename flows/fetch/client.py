"""An address -> what answers there: redirects followed, every hop behind the guard, size and time bounded."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpcore
import httpx

from flows.fetch.decoding import ACCEPTED, decoded
from flows.fetch.errors import FetchError
from flows.fetch.guard import Deadline, Guard, GuardedNetwork
from flows.settings import PACKAGE, pipeline_version

OK: Final = 200
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
ASKED_FOR: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one fetch may cost.

    Attributes:
        size: bytes of the body, decompressed; None for no bound.
        seconds: the whole of it, from the first name that is resolved to the last byte; None for no bound.
        silence: seconds without a byte, and for a connection to be made.
        redirects: how many are followed.
    """

    size: int | None = 20_000_000
    seconds: float | None = 30.0
    silence: float = 10.0
    redirects: int = 5


BOUNDS: Final = Bounds()
ARCHIVE: Final = Bounds(size=None, seconds=None)  # an input that the user named: its reader bounds what it takes of it


@dataclass(frozen=True, slots=True)
class Response:
    """What answered: the address it came from after all redirects, and its body as it arrives.

    Attributes:
        url: where it came from.
        status: 200, 304, 404 ...; redirects are followed and never seen here.
        headers: names in lower case; of a repeated one the first.
        chunks: the body, decompressed; taking them can raise FetchError.
        moved_to: the address to use from now on, where every redirect said that it is for good.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]
    moved_to: str | None = None


def user_agent(contact: str = "") -> str:
    """Who asks: program, version, and where to reach the person who runs it."""
    return f"{PACKAGE}/{pipeline_version()}" + (f" (+{contact})" if contact else "")


@contextmanager
def download(url: str, *, guard: Guard | None = None, bounds: Bounds = ARCHIVE) -> Iterator[Iterator[bytes]]:
    """The bytes behind an `http://` or `https://` address that a user named as an input, as they arrive.

    ```python
    with download("https://example.org/crawl.warc.gz") as chunks:
        for item in reader.read(chunks, file, limits): ...
    ```

    Nothing is held in memory. Only public addresses are connected to, at every redirect too; proxies of the environment
    are not used. Neither size nor time are bounded unless `bounds` says so, only silence is: 10 s without a byte.

    Raises:
        FetchError: at once, or while the bytes are taken; its message is one line for a person, without the address.
    """
    with opened(url, guard=guard, bounds=bounds) as response:
        if response.status != OK:
            raise FetchError("bad_status", f"the server answers {status_line(response.status)}")
        yield response.chunks


@contextmanager
def opened(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    guard: Guard | None = None,
    bounds: Bounds = BOUNDS,
    before: Callable[[httpx.URL], None] = lambda _: None,
) -> Iterator[Response]:
    """Ask for an address, and follow its redirects.

    Args:
        url: an `http://` or `https://` address.
        headers: of the request, over and above those of every request.
        guard: what may be fetched; by default what `Guard.from_environment` lets through.
        bounds: what the fetch may cost.
        before: called with each address before it is asked for; what it takes is not counted, what it raises is raised.

    Raises:
        FetchError: at once, or while the body is taken; never for a status.
    """
    guard = guard or Guard.from_environment()
    sent = {"User-Agent": user_agent(), "Accept": ASKED_FOR, "Accept-Encoding": ACCEPTED} | dict(headers or {})
    here = guard.checked_url(url)
    seen_all_permanent = True
    spent = Deadline(bounds.seconds)
    for hop in range(bounds.redirects + 1):
        with spent.paused():
            before(here)
        with _asked(here, sent, guard, bounds, spent) as answer:
            target = _header(answer, "location") if answer.status in REDIRECTS else None
            if target is None:
                moved_to = str(here) if hop and seen_all_permanent else None
                yield Response(str(here), answer.status, _headers(answer), _body(answer, bounds, spent), moved_to)
                return
            seen_all_permanent = seen_all_permanent and answer.status in PERMANENT
            here = _next(here, target, guard)
    raise FetchError("too_many_redirects", f"more than {bounds.redirects} redirects")


def status_line(status: int) -> str:
    """A status for a person: `404 Not Found`."""
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()


@contextmanager
def _asked(
    url: httpx.URL, headers: Mapping[str, str], guard: Guard, bounds: Bounds, deadline: Deadline
) -> Iterator[httpcore.Response]:
    """The answer of one server, over a connection of its own."""
    network = GuardedNetwork(guard, deadline, bounds.silence)
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    fields = [(b"Host", url.netloc), (b"Connection", b"close")]
    fields += [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]
    with (
        _told(deadline),
        httpcore.ConnectionPool(_trusted() if url.scheme == "https" else None, network_backend=network) as pool,
        pool.stream("GET", target, headers=fields) as answer,
    ):
        yield answer


@contextmanager
def _told(deadline: Deadline) -> Iterator[None]:
    """Turn the errors of the HTTP library into ours."""
    try:
        yield
    except httpcore.TimeoutException:
        raise deadline.error() from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise FetchError("unreachable", f"the connection broke ({error or type(error).__name__})") from None


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted: certifi's, or those that SSL_CERT_FILE names."""
    return httpx.create_ssl_context()


def _next(here: httpx.URL, target: str, guard: Guard) -> httpx.URL:
    try:
        joined = here.join(target)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("bad_url", f"a redirect to {target[:200]!r}: {error}") from None
    return guard.checked_url(str(joined))


def _body(answer: httpcore.Response, bounds: Bounds, deadline: Deadline) -> Iterator[bytes]:
    size = 0
    with _told(deadline):
        for chunk in decoded(answer.iter_stream(), _header(answer, "content-encoding") or ""):
            size += len(chunk)
            if bounds.size is not None and size > bounds.size:
                raise FetchError("too_large", f"larger than {bounds.size:,} bytes")
            yield chunk


def _headers(answer: httpcore.Response) -> dict[str, str]:
    return {_text(name).lower(): _text(value) for name, value in reversed(answer.headers)}


def _header(answer: httpcore.Response, name: str) -> str | None:
    return _headers(answer).get(name)


def _text(value: bytes) -> str:
    """A header's value: UTF-8 where it is that, else byte by byte."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
