"""A gzip file -> the bytes inside, member by member; behind a damaged member the next one is read.

Web archives and parallel packers write many members. A damaged one costs the others nothing where they can be told:
they begin, once unpacked, as the file does. What was lost is told by an error at the end.
"""

from __future__ import annotations

import io
import zlib
from contextlib import suppress
from typing import Final

GZIP: Final = 31  # zlib's window bits for a stream with gzip's header and checksum
MAGIC: Final = b"\x1f\x8b\x08"
STEP: Final = 8 * 1024  # packed bytes read and unpacked at once
SIP: Final = 64  # and where they are damaged
MOST_UNPACKED: Final = 64 * 1024
SAME_START: Final = 5  # bytes: "WARC/"
HEADER: Final = 18  # bytes of the shortest member
PROBE: Final = 1_024
LOOK_BACK: Final = 1_000_000  # packed bytes of a damaged member in which the next one may begin


class GzipMembers:
    """What a gzip file holds, in pieces: `read_some` gives b"" at the end.

    Raises:
        EOFError: from `read_some`, where the last member is cut off.
        zlib.error: from `read_some`, where a member was damaged; once all others were read.
    """

    def __init__(self, packed: io.RawIOBase) -> None:
        self._packed = packed
        self._held = b""  # packed bytes from the beginning of the member on, or the last of them
        self._at = 0  # how many of them are unpacked
        self._unpack = zlib.decompressobj(GZIP)
        self._is_full = False  # there may be more to come out without anything going in
        self._start = b""
        self._damage: EOFError | zlib.error | None = None

    def read_some(self) -> bytes:
        """The next bytes."""
        while True:
            if self._unpack.eof and not self._next_member():
                break
            if self._at == len(self._held) and not self._is_full and not self._fill():
                self._damage = self._damage or EOFError("no end mark")
                break
            some = self._unpacked()
            if some:
                self._start = self._start or some[:SAME_START]
                return some
        if self._damage is not None:
            damage, self._damage = self._damage, None
            self._held, self._at, self._unpack = b"", 0, _ended()
            raise damage
        return b""

    def _unpacked(self) -> bytes:
        data = self._held[self._at : self._at + STEP]
        before = self._unpack.copy()
        try:
            some = self._unpack.decompress(data, MOST_UNPACKED)
        except zlib.error as error:
            self._damage, self._is_full = self._damage or error, False
            some = _salvaged(before, data)
            self._find_member()
        else:
            left = self._unpack.unused_data if self._unpack.eof else self._unpack.unconsumed_tail
            self._at += len(data) - len(left)
            self._is_full = len(some) == MOST_UNPACKED
        return some

    def _fill(self) -> bool:
        data = self._packed.read(STEP) or b""
        if len(self._held) > LOOK_BACK:
            self._at -= len(self._held) - LOOK_BACK
            self._held = self._held[-LOOK_BACK:]
        self._held += data
        return bool(data)

    def _next_member(self) -> bool:
        """Begin the member behind the one that ended; zeros between them pad."""
        while True:
            self._held = self._held[self._at :].lstrip(b"\0")
            self._at = 0
            if self._held or not self._fill():
                break
        if not self._held:
            return False
        if not self._held.startswith(MAGIC[: len(self._held)]):
            self._damage = self._damage or zlib.error("something else follows it")
            return self._find_member()
        self._unpack = zlib.decompressobj(GZIP)
        return True

    def _find_member(self) -> bool:
        """Begin the next member that can be told behind the beginning of the damaged one."""
        at = 0
        while True:
            at = self._held.find(MAGIC, at + 1)
            if at < 0:
                self._held = self._held[-len(MAGIC) + 1 :]
                at = -1
                self._at = len(self._held)
                if not self._fill():
                    self._held, self._at, self._unpack = b"", 0, _ended()
                    return False
                continue
            while len(self._held) - at < PROBE + HEADER and self._fill():
                pass
            if self._begins_as_first(at):
                self._held, self._at, self._unpack = self._held[at:], 0, zlib.decompressobj(GZIP)
                return True

    def _begins_as_first(self, at: int) -> bool:
        try:
            found = zlib.decompressobj(GZIP).decompress(self._held[at : at + PROBE], SAME_START)
        except zlib.error:
            return False
        return bool(found) and found == self._start


def _salvaged(unpack: zlib._Decompress, data: bytes) -> bytes:
    """What comes out before the damage."""
    found = bytearray()
    with suppress(zlib.error):
        for at in range(0, len(data), SIP):
            found += unpack.decompress(data[at : at + SIP])
    return bytes(found)


def _ended() -> zlib._Decompress:
    """One that has nothing more to give."""
    unpack = zlib.decompressobj(GZIP)
    unpack.decompress(zlib.compress(b"", wbits=GZIP))
    return unpack
