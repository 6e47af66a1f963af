"""The lines of a stream as they come: those that are there already, without waiting for more."""

from __future__ import annotations

import select
import stat
from collections import deque
from io import UnsupportedOperation
from os import fstat
from typing import BinaryIO, Final

CHUNK: Final = 256 * 1024
QUIET: Final = 0.05  # seconds in which a pipe that is being filled gives more


class Lines:
    """Lines of a file, a pipe or a terminal, each with its line feed.

    Of one that is longer than `limit` bytes only one byte more is left, so that its length shows.
    """

    def __init__(self, source: BinaryIO, limit: int) -> None:
        self._read_some = getattr(source, "read1", source.read)  # what a pipe holds, without waiting for more
        self._limit = limit
        self._held: deque[bytes] = deque()
        self._rest = bytearray()
        self._is_over = False
        self._file: int | None = None
        self.size: int | None = None  # bytes of a regular file; None of anything else
        try:
            self._file = source.fileno()
            found = fstat(self._file)
            self.size = found.st_size if stat.S_ISREG(found.st_mode) else None
        except UnsupportedOperation:  # bytes in memory
            pass

    def take(self, count: int, *, wait: bool) -> list[bytes]:
        """Up to `count` lines of those that are there; with `wait` at least one, and none only at the end."""
        while len(self._held) < count and not self._is_over:
            if not (wait and not self._held) and not self._is_ready(0):
                break
            self._read()
        return [self._held.popleft() for _ in range(min(count, len(self._held)))]

    def backlog(self, size: int) -> bool:
        """Whether so many bytes are waiting; waits for the first, and for more only while they keep coming."""
        found = 0
        while not self._is_over and found < size and (not found or self._is_ready(QUIET)):
            found += self._read()
        return found >= size

    def _is_ready(self, seconds: float) -> bool:
        if self._file is None or self.size is not None:
            return True
        try:
            return bool(select.select([self._file], [], [], seconds)[0])
        except OSError:  # Windows asks so of sockets alone
            return False

    def _read(self) -> int:
        """Read what is there, or wait for it; how many bytes it was."""
        chunk = self._read_some(CHUNK)
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            self._add(part)
            self._held.append(bytes(self._rest) + b"\n" * (len(self._rest) <= self._limit))
            self._rest.clear()
        self._add(rest)
        if not chunk:
            self._is_over = True
            if self._rest:
                self._held.append(bytes(self._rest))
        return len(chunk)

    def _add(self, part: bytes) -> None:
        self._rest += part[: max(0, self._limit + 1 - len(self._rest))]
