"""A zip archive -> its files; of one whose end is missing, the files that are there."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from flows.model import Reject
from flows.read.compression import CHUNK, Meter
from flows.read.inputs import InputFile
from flows.read.members import Member, member_of
from flows.read.rejects import UnreadableError
from flows.read.zip_rest import members_before_damage

MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")  # with files, and without any
OFFICE: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})
LOCAL_HEADER: Final = 30  # bytes before the name
END: Final = b"PK\x05\x06"
END_SIZE: Final = 22
LONGEST_COMMENT: Final = 65_535
END_64: Final = b"PK\x06\x06"
SIZE_IN_END: Final = ("<L", 12)  # where the end record has the size of the directory, and where that of 64 bits
SIZE_IN_END_64: Final = ("<Q", 40)
IN_END_64: Final = 0xFFFFFFFF
ENCRYPTED: Final = 0x1
UNIX: Final = 3
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile unpacks others without a bound


class _Counted:
    """A seekable stream whose bytes are counted as they are read."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self.seek, self.tell = stream.seek, stream.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read() if size < 0 else self._stream.read(size)  # pyarrow takes no -1
        self._meter.feed(len(data))
        return data


def members(stream: BinaryIO, archive: InputFile, meter: Meter) -> Iterator[Member | Reject]:
    """Each file of the archive, in the order of its bytes.

    Raises:
        UnreadableError: `unknown_format` for an office document, `too_large`, or, once all members before the damage
            were given, `truncated`.
    """
    _check_directory(stream, meter)
    try:
        opened = zipfile.ZipFile(_Counted(stream, meter))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        yield from members_before_damage(stream, archive, meter)
        return
    with opened as packed:
        infos = sorted(packed.infolist(), key=lambda info: info.header_offset)
        if any(info.filename in OFFICE for info in infos):
            raise UnreadableError("unknown_format", "an office document or a book: export its text")
        end = 0
        for info in infos:
            if not info.is_dir():
                refused = _refused(info) or ("it shares its bytes with another" if info.header_offset < end else None)
                yield from member_of(archive, info.filename, info.header_offset, _reading(packed, info, meter), refused)
            end = max(end, info.header_offset + LOCAL_HEADER + info.compress_size)


def _check_directory(stream: BinaryIO, meter: Meter) -> None:
    """Refuse a directory that would fill the memory: zipfile reads it whole, and makes an object of each entry."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_SIZE - LONGEST_COMMENT - 100))
    tail = stream.read()
    stream.seek(0)
    at, at_64 = tail.rfind(END), tail.rfind(END_64)
    declared = _number(tail, at, *SIZE_IN_END)
    if declared == IN_END_64:
        declared = _number(tail, at_64, *SIZE_IN_END_64)
    if declared > meter.limits.archive_directory:
        told = f"a directory of {declared:,} bytes, too many files at once: split it, or unpack it by hand"
        raise UnreadableError("too_large", told)


def _number(data: bytes, at: int, kind: str, offset: int) -> int:
    if at < 0 or len(data) < at + offset + struct.calcsize(kind):
        return 0
    (number,) = struct.unpack_from(kind, data, at + offset)
    return int(number)


def _refused(info: zipfile.ZipInfo) -> str | None:
    """Why a member is no file that can be read, or None."""
    mode = info.external_attr >> 16 if info.create_system == UNIX else 0
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a symbolic link" if stat.S_ISLNK(mode) else "a device"
    if info.flag_bits & ENCRYPTED:
        return "it is encrypted: unpack it by hand"
    if info.compress_type not in METHODS:
        return f"packed with method {info.compress_type}: unpack it by hand"
    return None


def _reading(packed: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Any:
    def chunks() -> Iterator[bytes]:
        try:
            with packed.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    meter.check(len(chunk))
                    yield chunk
        except EOFError:
            raise UnreadableError("truncated", "the zip archive is cut off in this file: fetch it again") from None
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
            raise UnreadableError("bad_archive", f"the file is damaged in the archive ({error})") from None

    return chunks
