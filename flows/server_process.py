"""The process of the ephemeral server: run by path, with its parent at the other end of stdin, without our package."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time
from typing import Final

import uvicorn

GRACE_SECONDS: Final = 5  # events still to be written


class _Server(uvicorn.Server):
    """A server that prints its port once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.enable()
        for found in sockets or ():
            os.write(1, b"%d\n" % found.getsockname()[1])


def _stop_with_parent(server: _Server) -> None:
    """Wait for the end of stdin, which comes when the parent closes it or dies; then stop, soon or at once."""
    sys.stdin.buffer.read()
    if not hasattr(server, "lifespan"):  # modules are still being imported: there is nothing to finish
        os._exit(0)
    server.should_exit = True
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    """Serve Prefect's API on a free port of this machine until the parent is gone."""
    gc.disable()  # a fifth of the start is spent looking for garbage among modules
    sys.stdout = sys.stderr  # stdout carries the port and nothing else
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    server = _Server(config)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])
    os._exit(0 if server.started else 1)  # what is left is 0.8 s of freeing memory


if __name__ == "__main__":
    main()
