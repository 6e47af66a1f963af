"""Members of gzip files: all of them, also behind a damaged one, and every byte before the damage."""

from __future__ import annotations

import gzip
import io
import random
import time
import zlib

import pytest

from flows.read.gzip_members import GzipMembers

RANDOM = random.Random(7)  # noqa: S311 - the same damage every time
RECORDS = [
    b"WARC/1.0\r\n%d " % n + bytes(RANDOM.choices(b"abcdef \n", k=RANDOM.randrange(9, 30_000))) for n in range(60)
]
MEMBERS = [gzip.compress(one) for one in RECORDS]


def unpacked(data: bytes) -> tuple[bytes, Exception | None]:
    members = GzipMembers(io.BytesIO(data))
    found = []
    try:
        while some := members.read_some():
            found.append(some)
    except (EOFError, zlib.error) as error:
        assert members.read_some() == b""
        return b"".join(found), error
    return b"".join(found), None


@pytest.mark.parametrize("behind", [b"", b"\0" * 100_000])
def test_members_follow_each_other(behind: bytes) -> None:
    assert unpacked(b"".join(MEMBERS) + behind) == (b"".join(RECORDS), None)
    assert unpacked(behind.join(MEMBERS)) == (b"".join(RECORDS), None)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 10_000_000])
def test_what_packs_well_is_unpacked_to_its_end(size: int) -> None:
    content = b"a" * size
    assert unpacked(gzip.compress(content)) == (content, None)
    assert unpacked(gzip.compress(content) * 3) == (content * 3, None)


def flipped(member: bytes) -> bytes:
    damaged = bytearray(member)
    damaged[RANDOM.randrange(12, len(member))] ^= 1 << RANDOM.randrange(8)
    return bytes(damaged)


@pytest.mark.parametrize(
    "damage",
    [
        flipped,
        lambda member: member[: RANDOM.randrange(1, len(member))],
        lambda member: member[:20] + b"\0" * 50 + member[70:],
        lambda member: b"noise" + member[RANDOM.randrange(1, 10) :],
        lambda member: member + b"noise",
        lambda member: member[:-8] + b"12345678",
    ],
)
def test_a_damaged_member_costs_no_other(damage) -> None:
    for _ in range(20):
        at = RANDOM.randrange(1, len(MEMBERS) - 1)
        found, error = unpacked(b"".join([*MEMBERS[:at], damage(MEMBERS[at]), *MEMBERS[at + 1 :]]))
        assert found.startswith(b"".join(RECORDS[:at]))
        assert found.endswith(b"".join(RECORDS[at + 1 :]))
        assert error is not None


def test_what_stands_before_the_damage_is_given() -> None:
    content = bytes(RANDOM.choices(b"abcdef \n", k=3_000_000))
    packed = gzip.compress(content)
    cut = packed[: len(packed) // 2]
    found, error = unpacked(cut)
    assert isinstance(error, EOFError)
    assert found == zlib.decompressobj(31).decompress(cut)
    found, error = unpacked(packed[:-8] + b"12345678")
    assert isinstance(error, zlib.error)
    assert len(found) > len(content) - 1_000


def test_many_false_beginnings_cost_little_time() -> None:
    start = time.perf_counter()
    _, error = unpacked(MEMBERS[0][:-30] + b"\x1f\x8b\x08" * 300_000)
    assert error is not None
    assert time.perf_counter() - start < 3
