"""A pool of worker processes that ends at once when it is left, interrupted, or when its parent is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any


class WorkerError(Exception):
    """A worker process died while it worked."""


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that were spawned, not forked: threads and their locks do not survive a fork."""
    context = get_context("spawn")
    alive, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_live_as_long_as, initargs=(alive,))
    try:
        yield pool
    finally:
        ours.close()  # what the workers wait for: on Ctrl-C nobody wants the rest of their batch
        pool.shutdown(cancel_futures=True)
        alive.close()


def call(target: str, *arguments: Any) -> Any:
    """Call the function "module:name" in a worker process, whose caller need not import it."""
    module, name = target.split(":")
    return getattr(import_module(module), name)(*arguments)


def _live_as_long_as(alive: Connection) -> None:
    """Leave Ctrl-C to the parent, and end with it or when it closes its end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait, args=(alive,), daemon=True).start()


def _wait(alive: Connection) -> None:
    alive.poll(None)
    os._exit(1)
