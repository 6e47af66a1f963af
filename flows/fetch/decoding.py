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
RATIO: Final = 200  # times its size that a body may decompress to, once it is larger than this:
UNSUSPICIOUS: Final = 20_000_000
CHUNK: Final = 64 * 1024


def decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes inside.

    Raises:
        FetchError: `bad_encoding` for one that was not asked for, or that is damaged or cut off; `too_large` for a
            bomb.
    """
    name = encoding.strip().lower()
    if name in PLAIN:
        yield from chunks
        return
    if name not in CODECS:
        raise FetchError("bad_encoding", f"sent with Content-Encoding {encoding[:40]!r}, which was not asked for")
    body = _Body(chunks)
    size = 0
    try:
        stream = pa.CompressedInputStream(pa.PythonFile(body, mode="r"), CODECS[name])
        while some := stream.read(CHUNK):
            size += len(some)
            if size > max(UNSUSPICIOUS, RATIO * body.size):
                raise FetchError("too_large", f"{body.size:,} packed bytes gave {size:,}: no text packs that well")
            yield some
    except (OSError, EOFError) as error:
        raise FetchError("bad_encoding", f"its {name} body does not decompress ({error})") from None


class _Body(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.size = 0  # bytes taken
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
        self.size += size
        return size
