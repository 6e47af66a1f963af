"""Compressed bytes -> the bytes inside; what was read before the damage is handed on before the error is raised."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from flows.read.gzip_members import GzipMembers
from flows.read.limits import LIMITS, Limits
from flows.read.pieces import peek
from flows.read.rejects import UnreadableError
from flows.streams import Chunks

ReadSome = Callable[[], bytes]

CHUNK: Final = 64 * 1024
SIP: Final = 512
LAYERS: Final = 2  # a .gz in a .gz happens; more of them is an attack
XZ_MEMORY: Final = 128 * 1024 * 1024  # bytes; the strongest preset of xz needs 65 MB to unpack


@dataclass(slots=True)
class Meter:
    """Bytes into and out of an archive since its last document: a bomb gives ever more bytes and never a document."""

    limits: Limits = LIMITS
    outer: Meter | None = None
    packed: int = 0
    unpacked: int = 0
    _is_used: bool = False

    def feed(self, size: int) -> None:
        """Count bytes that go in."""
        self.packed += size
        self._is_used = True

    def found_document(self) -> None:
        """Begin to count anew, also in the archive around this one."""
        self.packed = self.unpacked = 0
        outer = self.outer
        if outer is not None and not self._is_used:
            outer.found_document()
        while outer is not None:
            outer.unpacked = 0  # what went into it is still being unpacked
            outer = outer.outer

    def check(self, size: int) -> None:
        """Count bytes that came out.

        Raises:
            UnreadableError: `too_large` when they are too many for what went in.
        """
        self.unpacked += size
        if self.unpacked > self.limits.document_bytes and self.unpacked > self.limits.archive_ratio * self.packed:
            told = (
                f"{self.packed:,} packed bytes gave {self.unpacked:,} without a document: unpack it by hand to read it"
            )
            raise UnreadableError("too_large", told)
        if self.outer is not None:
            self.outer.check(size)


def _gunzip(packed: io.RawIOBase) -> ReadSome:
    return GzipMembers(packed).read_some


def _unzstd(packed: io.RawIOBase) -> ReadSome:
    stream = pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd")
    # what a call has in hand when it meets the damage is lost, so each call asks for little; it costs nothing
    return lambda: stream.read(SIP)


def _unbz2(packed: io.RawIOBase) -> ReadSome:
    return _one_after_the_other(packed, bz2.BZ2Decompressor)


def _unxz(packed: io.RawIOBase) -> ReadSome:
    return _one_after_the_other(packed, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY))


def _one_after_the_other(
    packed: io.RawIOBase, make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]
) -> ReadSome:
    """Streams that follow each other as one, since parallel packers write many; the libraries' files forgive junk."""
    unpack = make()
    rest = b""

    def read_some() -> bytes:
        nonlocal unpack, rest
        while True:
            if unpack.eof:
                rest = unpack.unused_data.lstrip(b"\0") or (packed.read(CHUNK) or b"").lstrip(
                    b"\0"
                )  # xz pads with zeros
                if not rest:
                    return b""
                unpack = make()
            elif unpack.needs_input and not rest:
                rest = packed.read(CHUNK) or b""
                if not rest:
                    raise EOFError("no end mark")
            some, rest = unpack.decompress(rest, CHUNK), b""
            if some:
                return some

    return read_some


# by the first bytes; checksums and end marks are verified by the libraries
CODECS: Final[dict[bytes, tuple[str, Callable[[io.RawIOBase], ReadSome]]]] = {
    b"\x1f\x8b": ("gzip", _gunzip),
    b"\x28\xb5\x2f\xfd": ("zstd", _unzstd),
    **{b"BZh%d1AY&SY" % level: ("bzip2", _unbz2) for level in range(1, 10)},
    b"\xfd7zXZ\0": ("xz", _unxz),
}
LONGEST_MAGIC: Final = max(map(len, CODECS))


def unpacked(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    """The bytes themselves, or the bytes inside where their beginning is that of gzip, zstd, bzip2 or xz.

    Raises:
        UnreadableError: `truncated`, `bad_archive` or `too_large`, once all bytes before the damage were given.
    """
    for layer in range(LAYERS + 1):
        chunks, head = peek(chunks, LONGEST_MAGIC)
        codec = next((CODECS[magic] for magic in CODECS if head.startswith(magic)), None)
        if codec is None:
            return chunks
        if layer == LAYERS:
            raise UnreadableError("bad_archive", f"packed more than {LAYERS} times: unpack it by hand")
        chunks = _inside(chunks, *codec, meter, is_outer=layer == 0)
    return chunks


def as_stream(chunks: Iterator[bytes]) -> io.RawIOBase:
    """Chunks as a stream for a library that reads one."""
    return Chunks(chunks)


def _inside(
    chunks: Iterator[bytes],
    name: str,
    opener: Callable[[io.RawIOBase], ReadSome],
    meter: Meter,
    *,
    is_outer: bool,
) -> Iterator[bytes]:
    read_some = opener(Chunks(chunks, meter.feed if is_outer else None))
    damage: UnreadableError | None = None
    held = bytearray()
    while True:
        try:
            some = read_some()
        except (EOFError, OSError, zlib.error, lzma.LZMAError, UnreadableError) as error:
            damage = _damage(name, error)
            break
        if not some:
            break
        meter.check(len(some))
        held += some
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
    if damage is not None:
        raise damage


def _damage(name: str, error: Exception) -> UnreadableError:
    if isinstance(error, UnreadableError):
        return error
    if isinstance(error, EOFError) or "runcated" in str(error):  # Arrow has no type of its own for it
        return UnreadableError("truncated", f"the {name} stream is cut off: fetch it again; what came before was read")
    return UnreadableError("bad_archive", f"the {name} stream is damaged ({error}); what came before was read")
