"""The beginning of a stream -> the files inside, where it is that of an archive."""

from __future__ import annotations

from collections.abc import Iterator

from flows.model import Reject
from flows.read import tar, zip  # noqa: A004 - named as its format
from flows.read.compression import Meter
from flows.read.inputs import InputFile
from flows.read.members import Member
from flows.read.rejects import UnreadableError
from flows.read.seekable import seekable


def members_of(
    chunks: Iterator[bytes], head: bytes, file: InputFile, meter: Meter, depth: int
) -> Iterator[Member | Reject] | None:
    """The members of an archive that begins with `head`, or None for what is none; `depth` is of archives around it.

    Raises:
        UnreadableError: `bad_archive` for an archive too deep in others.
    """
    is_zip = head.startswith(zip.MAGICS)
    if not is_zip and not tar.is_tar(head):
        return None
    if depth >= meter.limits.archive_depth:
        raise UnreadableError("bad_archive", f"an archive in {depth} others: unpack it by hand")
    return _zipped(chunks, file, meter) if is_zip else tar.members(chunks, file, meter)


def _zipped(chunks: Iterator[bytes], file: InputFile, meter: Meter) -> Iterator[Member | Reject]:
    with seekable(chunks, file, meter.limits) as stream:
        yield from zip.members(stream, file, meter)
