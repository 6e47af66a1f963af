"""A real HTTP server on loopback that answers as a test scripts it, and remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from flows.fetch.pace import Clock


@dataclass
class Answer:
    """What the server says: `body` whole with its length, or `send` for a server that writes as it likes."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[socket.socket], None] | None = None


@dataclass
class Asked:
    path: str
    headers: dict[str, str]


class Site:
    """A site: paths and their answers. A list of answers is given one after the other, the last one for ever."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Answer | list[Answer] | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []

    def __setitem__(self, path: str, answer: Any) -> None:
        self.answers[path] = answer

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        found = self.answers.get(asked.path, Answer(status=404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return found if isinstance(found, Answer) else found(asked)


class StillClock(Clock):
    """A clock that stands still until somebody sleeps, which takes no time."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@contextmanager
def site(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """The server, as long as the block lasts; it speaks TLS where it is given a context for that."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = here.answer(Asked(self.path, headers))
            self.close_connection = True
            with suppress(BrokenPipeError, ConnectionResetError):
                if answer.send is not None:
                    answer.send(self.connection)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        here = Site(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
