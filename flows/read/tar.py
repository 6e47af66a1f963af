"""A tar archive, from its beginning to its end and never back -> its files; what is no file is refused."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Final, Self

from flows.model import Reject
from flows.read.compression import CHUNK, Meter, as_stream
from flows.read.inputs import InputFile
from flows.read.members import Member, member_of
from flows.read.rejects import UnreadableError

BLOCK: Final = 512
LONGEST_HEADER: Final = 256 * 1024  # bytes of a long name or a list of attributes: tarfile holds them in memory
HEADERS: Final = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)
KINDS: Final = {
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


class _Header(tarfile.TarInfo):
    """A header that is told when it is damaged: tarfile itself takes it for the end, or looks for the next one."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        if 0 < len(buf) < BLOCK:
            raise UnreadableError("truncated", "the tar archive is cut off: fetch it again")
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not any(buf):  # its end
                raise
            raise _damage(error) from None
        if found.type in HEADERS and found.size > LONGEST_HEADER:
            raise UnreadableError("bad_archive", f"a header of {found.size:,} bytes: unpack the archive by hand")
        return found


def is_tar(head: bytes) -> bool:
    """Whether the first bytes are a tar header, of whatever age: its checksum tells."""
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def members(chunks: Iterator[bytes], archive: InputFile, meter: Meter) -> Iterator[Member | Reject]:
    """Each file of the archive, in its order.

    Raises:
        UnreadableError: `truncated` or `bad_archive`, once all members before the damage were given.
    """
    found = 0
    try:
        # one archive behind the other, with zeros between them, is read as one
        with tarfile.open(fileobj=as_stream(chunks), mode="r|", tarinfo=_Header, ignore_zeros=True) as tar:
            while (info := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined] # it keeps all of them, for going back
                found += 1
                if found > meter.limits.archive_members:
                    told = f"more than {meter.limits.archive_members:,} members: split it, or unpack it by hand"
                    raise UnreadableError("too_large", told)
                if not info.isdir():
                    yield from _member(tar, info, archive)
    except (tarfile.TarError, ValueError, RecursionError, OverflowError) as error:
        raise _damage(error) from None


def _member(tar: tarfile.TarFile, info: tarfile.TarInfo, archive: InputFile) -> Iterator[Member | Reject]:
    kind = "a sparse file" if info.issparse() else None if info.isreg() else KINDS.get(info.type, "no file")
    told = kind and f"{kind}{f' to {info.linkname!r}' if info.linkname else ''}"
    return member_of(archive, info.name, info.offset, lambda: _bytes(tar, info), told)


def _bytes(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        stream = tar.extractfile(info)
        while stream is not None and (chunk := stream.read(CHUNK)):
            yield chunk
    except tarfile.TarError:
        raise UnreadableError("truncated", "the tar archive is cut off in this file: fetch it again") from None


def _damage(error: Exception) -> UnreadableError:
    told = str(error) or type(error).__name__
    if told == "unexpected end of data":  # tarfile has no type of its own for it
        return UnreadableError("truncated", "the tar archive is cut off: fetch it again; the files before were read")
    return UnreadableError("bad_archive", f"the tar archive is damaged ({told}); the files before were read")
