"""A stream that is only read forward -> one with every place at hand, for formats with their table at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from flows.read.inputs import InputFile
from flows.read.limits import Limits
from flows.read.rejects import UnreadableError


@contextmanager
def seekable(chunks: Iterator[bytes], file: InputFile, limits: Limits) -> Iterator[BinaryIO]:
    """The file itself where it can be opened, or its bytes in a temporary file that has no name.

    Raises:
        UnreadableError: `too_large` for a stream with more bytes than the limit, and what the stream itself raises.
    """
    if file.path is not None:
        with file.path.open("rb") as stream:
            yield stream
        return
    found = file.remote.seekable() if file.remote is not None else None
    if found is not None:
        with found as stream:
            yield stream
        return
    with tempfile.TemporaryFile(prefix="newsevents-") as spooled:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > limits.spool_bytes:
                told = f"more than {limits.spool_bytes:,} bytes in a format that cannot be streamed: save it as a file"
                raise UnreadableError("too_large", told)
            spooled.write(chunk)
        spooled.seek(0)
        yield spooled
