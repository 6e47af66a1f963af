"""The body of an HTTP response as it came over the wire -> its bytes, no longer in chunks and unpacked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Final

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, WarcReader, ZstdReader

from flows.read.limits import LIMITS, Limits
from flows.read.rejects import UnreadableError

STEP: Final = 512  # of a damaged body no more than this is lost
SNIFFED: Final = 1_024
CHUNKED: Final = "chunked"
CODECS: Final[dict[str, Callable[[io.BytesIO], WarcReader]]] = {
    CHUNKED: ChunkedReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "deflate": lambda packed: GzipReader(packed, zlib=True),
    "br": BrotliReader,
    "zstd": ZstdReader,
}


def decoded(body: bytes, encodings: Iterable[str], limits: Limits = LIMITS, *, is_cut: bool = False) -> bytes:
    """The body without its encodings, the outermost first.

    Crawlers unpack a body and leave the header that says that it is packed: what does not begin as such is taken as it
    is. Of a body that the crawler cut off (`is_cut`), what there is.

    Raises:
        UnreadableError: `bad_warc` for a damaged body or an unknown encoding, `too_large` for a bomb.
    """
    for name in encodings:
        codec = CODECS.get(name)
        if codec is None:
            raise UnreadableError("bad_warc", f"the body is encoded as {name[:40]!r}: unpack it by hand")
        body = _unpacked(name, codec, body, limits, is_cut=is_cut)
    return body


def _unpacked(
    name: str, codec: Callable[[io.BytesIO], WarcReader], body: bytes, limits: Limits, *, is_cut: bool
) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        stream = codec(io.BytesIO(body))
        while part := stream.read(STEP):
            parts.append(part)
            size += len(part)
            if size > limits.document_bytes:
                told = f"{len(body):,} bytes unpack to more than {limits.document_bytes:,}: unpack it by hand"
                raise UnreadableError("too_large", told)
    except OSError as error:
        if not parts and body[:SNIFFED].lstrip()[:1] == b"<":
            return body
        if not is_cut:
            raise UnreadableError("bad_warc", f"the body is damaged ({name}: {str(error)[:100]})") from None
    return b"".join(parts)
