"""The guard: which addresses may be fetched, and a network that connects to nothing but what it checked.

A name is resolved here, every answer is checked, and the connection goes to the very address that was checked: what
the name resolves to a moment later, or at the next redirect, does not matter. `http://2130706433`, `http://0x7f.1` and
other spellings that only some resolvers understand are refused as they stand.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

import httpcore
import httpx

from flows.fetch.addresses import Address, not_public
from flows.fetch.errors import FetchError
from flows.settings import PREFIX, TRUE

Resolve = Callable[[str, int], Sequence[str]]

SCHEMES: Final = ("http", "https")
NAME: Final = re.compile(
    r"(?=.{1,254}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.?"
)
NUMERIC: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")  # WHATWG's "ends in a number": an IPv4 address
LONGEST_URL: Final = 8_000
LAST_PORT: Final = 65_535
LOOPBACK: Final = PREFIX + "ALLOW_LOOPBACK"  # for tests: a server on the same machine


def system_resolver(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system knows them, in its order of preference."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be fetched.

    Attributes:
        allow_loopback: let addresses of this machine through (127.0.0.0/8, ::1). For tests only.
        resolve: the addresses of a host; one that is not public refuses the host.
    """

    allow_loopback: bool = False
    resolve: Resolve = system_resolver

    @classmethod
    def from_environment(cls) -> Guard:
        """The guard of a program: strict, unless the tests' variable NEWSEVENTS_ALLOW_LOOPBACK is set."""
        return cls(allow_loopback=os.environ.get(LOOPBACK, "").lower() in TRUE)

    def checked_url(self, url: str) -> httpx.URL:
        """The address, parsed, its fragment gone.

        Raises:
            FetchError: `bad_url` for what is none; `refused` for a numeric host that is not public.
        """
        shown = _shown(url)
        if len(url) > LONGEST_URL:
            raise FetchError("bad_url", f"{shown}: an address of {len(url):,} characters")
        try:
            parsed = httpx.URL(url)
            host = parsed.raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError("bad_url", f"{shown}: {error}") from None
        if parsed.scheme not in SCHEMES:
            raise FetchError("bad_url", f"{shown}: only http:// and https:// addresses are fetched")
        if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace") or "\\" in url:
            raise FetchError("bad_url", f"{shown}: an address with a user name is not fetched")
        if not 0 < _port(parsed) <= LAST_PORT:
            raise FetchError("bad_url", f"{shown}: {parsed.port} is no port")
        self._check_host(host, shown)
        return parsed.copy_with(fragment=None)

    def addresses(self, host: str, port: int, seconds: float) -> list[Address]:
        """Where to connect to: the addresses of the host, each of them checked.

        Raises:
            FetchError: `refused` if any of them is not public, `unreachable` if there is none in `seconds`.
        """
        literal = _literal(host)
        answers = [literal] if literal else [_address(found, host) for found in self._resolved(host, port, seconds)]
        for address in answers:
            self.check(address, host)
        return answers

    def check(self, address: Address, host: str) -> None:
        """Refuse an address that is not public.

        Raises:
            FetchError: `refused`.
        """
        kind = not_public(address)
        if kind is None or (self.allow_loopback and kind == "loopback"):
            return
        name = host if host == str(address) else f"{host} ({address})"
        raise FetchError("refused", f"{name} is not on the public internet ({kind}): it is not fetched")

    def _check_host(self, host: str, shown: str) -> None:
        literal = _literal(host)
        if literal is not None:
            self.check(literal, host)
        elif not NAME.fullmatch(host) or NUMERIC.fullmatch(host):
            raise FetchError("bad_url", f"{shown}: {host or 'nothing'} is no name of a host")

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """The resolver's answers; it knows no time limit, so it is left behind where it takes too long."""
        answers: list[Sequence[str]] = []
        errors: list[Exception] = []

        def ask() -> None:
            try:
                answers.append(self.resolve(host, port))
            except Exception as error:  # noqa: BLE001 - handed to the thread that waits
                errors.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(seconds)
        if answers and answers[0]:
            return answers[0]
        if errors and not isinstance(errors[0], OSError | UnicodeError):
            raise errors[0]
        told = "does not resolve in time" if thread.is_alive() else "has no address"
        raise FetchError("unreachable", f"{host} {told}: is the name right?")


class Deadline:
    """The moment when a whole fetch has to be done, however slowly its bytes drip."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def left(self, most: float) -> float:
        """Seconds that one step may take.

        Raises:
            FetchError: `too_slow` when there are none.
        """
        if self._end is None:
            return most
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.error()
        return min(left, most)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let time pass that does not count."""
        started = time.monotonic()
        yield
        if self._end is not None:
            self._end += time.monotonic() - started

    def error(self) -> FetchError:
        """What to raise when a step took too long."""
        told = "no answer" if self._seconds is None else f"not done after {self._seconds:g} s"
        return FetchError("too_slow", told)


class GuardedNetwork(httpcore.NetworkBackend):
    """TCP connections to checked addresses; nothing it opens outlasts the deadline."""

    def __init__(self, guard: Guard, deadline: Deadline, silence: float) -> None:
        self._guard = guard
        self._deadline = deadline
        self._silence = silence
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            FetchError: `refused`, `unreachable` or `too_slow`.
        """
        failure: Exception | None = None
        for address in self._guard.addresses(host, port, self._deadline.left(self._silence)):
            try:
                seconds = self._deadline.left(self._silence)
                stream = self._sockets.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Timed(stream, self._deadline, self._silence)
        raise FetchError("unreachable", f"{host} does not answer ({failure})")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - as its base has it
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Refuse: nothing that is fetched is a socket of this machine.

        Raises:
            FetchError: always.
        """
        raise FetchError("refused", f"{path} is not on the public internet")


class _Timed(httpcore.NetworkStream):
    """A stream of which every step has to be done in time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, silence: float) -> None:
        self._stream = stream
        self._deadline = deadline
        self._silence = silence

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline's
        return self._stream.read(max_bytes, self._deadline.left(self._silence))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left(self._silence))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.left(self._silence)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline, self._silence)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _port(url: httpx.URL) -> int:
    return (443 if url.scheme == "https" else 80) if url.port is None else url.port


def _literal(host: str) -> Address | None:
    """The address where the host is written as one, in full."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _address(answer: str, host: str) -> IPv4Address | IPv6Address:
    found = _literal(answer)
    if found is None:
        raise FetchError("refused", f"{host} resolves to {answer!r}, which is no address")
    return found


def _shown(url: str) -> str:
    """The address in a message: not too long, and without a password."""
    hidden = re.sub(r"//[^/?#]*@", "//…@", url)
    return repr(hidden if len(hidden) <= 200 else f"{hidden[:200]}…")  # noqa: PLR2004 - a line of a terminal
