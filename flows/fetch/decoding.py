"""A body as it was sent -> the bytes inside its Content-Encoding, a little at a time, so that no bomb can go off."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from flows.fetch.errors import FetchError

CODECS: Final = {"gzip": "gzip", "x-gzip": "gzip", "br": "brotli", "zstd": "zstd"}
ACCEPTED: Final = "gzip, br, zstd"
PLAIN: Final = frozenset({"", "identity"})
CHUNK: Final = 64 * 1024


def decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes inside.

    Raises:
        FetchError: `bad_encoding` for one that was not asked for, or that is damaged or cut off.
    """
    name = encoding.strip().lower()
    if name in PLAIN:
        yield from chunks
        return
    if name not in CODECS:
        raise FetchError("bad_encoding", f"sent with Content-Encoding {encoding[:40]!r}, which was not asked for")
    try:
        stream = pa.CompressedInputStream(pa.PythonFile(_Body(chunks), mode="r"), CODECS[name])
        while some := stream.read(CHUNK):
            yield some
    except (OSError, EOFError) as error:
        raise FetchError("bad_encoding", f"its {name} body does not decompress ({error})") from None


class _Body(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
