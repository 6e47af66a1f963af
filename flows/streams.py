"""Chunks of bytes as a stream that others can read from."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any


class Chunks(io.RawIOBase):
    """Chunks as a stream that is read through once; `taken` is told how many bytes each reading took."""

    def __init__(self, chunks: Iterator[bytes], taken: Callable[[int], object] | None = None) -> None:
        self._chunks = chunks
        self._rest = b""
        self._taken = taken

    def readable(self) -> bool:
        """True: it can be read from, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        if self._taken is not None:
            self._taken(size)
        return size
