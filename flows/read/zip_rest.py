"""A zip archive whose directory, at its end, is missing -> the files of its local headers, up to the damage."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final, NoReturn

from flows.model import Reject
from flows.read.compression import CHUNK, Meter
from flows.read.inputs import InputFile
from flows.read.members import Member, member_of
from flows.read.rejects import UnreadableError

# signature, version, flags, method, time, day, checksum, packed size, size, length of the name, of the extra field
HEADER: Final = struct.Struct("<4sHHHHHLLLHH")
SIGNATURE: Final = b"PK\x03\x04"
STORED, DEFLATED = 0, 8
ENCRYPTED: Final = 0x1
SIZES_FOLLOW: Final = 0x8
IS_UTF8: Final = 0x800
DESCRIPTOR: Final = 24  # bytes behind a file whose sizes follow it, at most


class _Walk:
    """A stream read from header to header; the place of the next one is known once a file's bytes are read."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self.stream = stream
        self.meter = meter
        self.next = 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.meter.feed(len(data))
        return data

    def stored(self, size: int, checksum: int) -> Iterator[bytes]:
        found = 0
        while size:
            chunk = self.read(min(CHUNK, size))
            if not chunk:
                _cut_off()
            size -= len(chunk)
            found = zlib.crc32(chunk, found)
            self.meter.check(len(chunk))
            yield chunk
        self._check(found, checksum)

    def deflated(self, checksum: int | None) -> Iterator[bytes]:
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        found = 0
        while not unpack.eof:
            packed = unpack.unconsumed_tail or self.read(CHUNK)
            if not packed:
                _cut_off()
            chunk = unpack.decompress(packed, CHUNK)
            found = zlib.crc32(chunk, found)
            self.meter.check(len(chunk))
            if chunk:
                yield chunk
        self.next = self.stream.tell() - len(unpack.unused_data)
        if checksum is not None:
            self._check(found, checksum)

    @staticmethod
    def _check(found: int, checksum: int) -> None:
        if found != checksum:
            raise UnreadableError("bad_archive", "the file is damaged in the archive (wrong checksum)")


def members_before_damage(stream: BinaryIO, archive: InputFile, meter: Meter) -> Iterator[Member | Reject]:
    """Each file before the damage, in the order of its bytes.

    Raises:
        UnreadableError: always, and last: `truncated`.
    """
    walk = _Walk(stream, meter)
    while True:
        stream.seek(walk.next)
        header = stream.read(HEADER.size)
        if len(header) < HEADER.size or not header.startswith(SIGNATURE):
            break
        place = walk.next
        _, _, flags, method, _, _, checksum, packed_size, _, name_length, extra_length = HEADER.unpack(header)
        name = stream.read(name_length).decode("utf-8" if flags & IS_UTF8 else "cp437", "replace")
        start = stream.seek(extra_length, 1)
        walk.next = start + packed_size
        unknown = bool(flags & SIZES_FOLLOW)
        if flags & ENCRYPTED or method not in (STORED, DEFLATED) or (unknown and method == STORED):
            yield from member_of(archive, name, place, lambda: iter(()), "it cannot be read without the directory")
            if unknown:
                break
            continue
        if not name.endswith("/"):
            chunks = walk.deflated(None if unknown else checksum) if method else walk.stored(packed_size, checksum)
            yield from member_of(archive, name, place, partial(iter, chunks))
            for _ in chunks:  # what its reader left, so that the place of the next one is known
                pass
        if unknown:
            _behind_descriptor(walk)
    raise UnreadableError("truncated", "the zip archive has no end: fetch it again; the files before were read")


def _behind_descriptor(walk: _Walk) -> None:
    walk.stream.seek(walk.next)
    found = walk.stream.read(DESCRIPTOR + len(SIGNATURE)).find(SIGNATURE)
    walk.next += max(found, 0)


def _cut_off() -> NoReturn:
    raise UnreadableError("truncated", "the zip archive is cut off in this file: fetch it again")
