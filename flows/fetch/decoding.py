"""A body as it was sent -> the bytes inside its Content-Encoding, a little at a time, so that no bomb can go off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from flows.fetch.errors import FetchError
from flows.streams import Chunks

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
    packed = size = 0

    def taken(more: int) -> None:
        nonlocal packed
        packed += more

    try:
        stream = pa.CompressedInputStream(pa.PythonFile(Chunks(chunks, taken), mode="r"), CODECS[name])
        while some := stream.read(CHUNK):
            size += len(some)
            if size > max(UNSUSPICIOUS, RATIO * packed):
                raise FetchError("too_large", f"{packed:,} packed bytes gave {size:,}: no text packs that well")
            yield some
    except (OSError, EOFError) as error:
        raise FetchError("bad_encoding", f"its {name} body does not decompress ({error})") from None
