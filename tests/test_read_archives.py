"""Compressed inputs: what is in them, what is left of a damaged one, and what a hostile one may cost."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from flows.model import Document, Reject
from flows.read import Limits, read

ARTICLES = 10_000
LINES = [
    json.dumps({"id": n, "text": f"Article {n} on {hashlib.sha256(str(n).encode()).hexdigest()}"})
    for n in range(ARTICLES)
]
DATA = ("\n".join(LINES) + "\n").encode()


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


PACKERS = {".gz": gzip.compress, ".zst": zstd, ".bz2": lambda data: bz2.compress(data, 1), ".xz": lzma.compress}
every = pytest.mark.parametrize("ending", PACKERS)


def items(path: Path, limits: Limits | None = None) -> list[Document | Reject]:
    return list(read([path], limits=limits) if limits else read([path]))


def texts(found: list[Document | Reject]) -> list[str]:
    return [item.text for item in found if isinstance(item, Document)]


def written(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@every
def test_every_format_is_read_through_an_archive(tmp_path: Path, ending: str) -> None:
    pack = PACKERS[ending]
    text = "The minister said on Monday that the bridge will be open in spring.\r\n"
    assert texts(items(written(tmp_path, f"a.txt{ending}", pack(text.encode())))) == [text]
    assert texts(items(written(tmp_path, f"a.html{ending}", pack(f"<p>{text}</p>".encode())))) == [text.strip()]
    assert texts(items(written(tmp_path, f"a.json{ending}", pack(b'[{"text": "One."}]')))) == ["One."]
    found = items(written(tmp_path, f"a.jsonl{ending}", pack(DATA)))
    assert len(texts(found)) == ARTICLES
    assert all(DATA[i.byte_offset or 0 :].startswith(LINES[n].encode()) for n, i in enumerate(found))


def test_the_content_tells_an_archive_and_not_the_name(tmp_path: Path) -> None:
    assert texts(items(written(tmp_path, "a.jsonl", gzip.compress(DATA)))) == texts(
        items(written(tmp_path, "b.jsonl.gz", DATA))
    )
    twice = gzip.compress(zstd(b'{"text": "One."}'))
    assert texts(items(written(tmp_path, "c.jsonl", twice))) == ["One."]
    for pack in PACKERS.values():
        members = pack(b'{"text": "One."}\n') + pack(b'{"text": "Two."}\n')
        assert texts(items(written(tmp_path, "d.jsonl", members))) == ["One.", "Two."]


@every
@pytest.mark.parametrize("share", [0.5, 0.999])
def test_half_an_archive_gives_its_half_and_says_so(tmp_path: Path, ending: str, share: float) -> None:
    packed = PACKERS[ending](DATA)
    found = items(written(tmp_path, f"a.jsonl{ending}", packed[: int(len(packed) * share)]))
    *read_in, told = found
    assert isinstance(told, Reject)
    assert (told.reason_code, all(isinstance(i, Document) for i in read_in)) == ("truncated", True)
    assert texts(found) == [json.loads(line)["text"] for line in LINES[: len(read_in)]]
    assert told.byte_offset == sum(len(line) + 1 for line in LINES[: len(read_in)])
    assert LINES[len(read_in)].startswith(told.payload)
    if ending == ".gz":
        assert len(read_in) > ARTICLES * share * 0.8


def test_a_small_archive_that_is_cut_off_keeps_what_it_gave(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n')
    for cut in (1, 4, 8):
        assert texts(items(written(tmp_path, "a.jsonl.gz", packed[:-cut]))) == ["One.", "Two."]


@every
def test_a_damaged_archive_keeps_what_came_before(tmp_path: Path, ending: str) -> None:
    packed = bytearray(PACKERS[ending](DATA))
    middle = len(packed) // 2
    packed[middle : middle + 40] = bytes(255 - byte for byte in packed[middle : middle + 40])
    found = items(written(tmp_path, f"a.jsonl{ending}", bytes(packed)))
    codes = {item.reason_code for item in found if isinstance(item, Reject)}
    assert "bad_archive" in codes or "truncated" in codes
    assert len(texts(found)) > 100


@every
def test_junk_behind_an_archive_is_told(tmp_path: Path, ending: str) -> None:
    found = items(written(tmp_path, f"a.jsonl{ending}", PACKERS[ending](DATA) + b"junk" * 10))
    lost = 3 if ending == ".zst" else 0  # Arrow tells of the junk before it gives what it has in hand
    assert (len(texts(found)), getattr(found[-1], "reason_code", None)) == (ARTICLES - lost, "bad_archive")


def test_archives_in_archives_end(tmp_path: Path) -> None:
    data = DATA
    for _ in range(3):
        data = gzip.compress(data)
    (told,) = items(written(tmp_path, "a.jsonl.gz", data))
    assert getattr(told, "reason_code", None) == "bad_archive"


def test_many_articles_that_pack_well_are_no_bomb(tmp_path: Path) -> None:
    lines = b'{"text": "The same article, word for word, as every other one in this file."}\n' * 20_000
    found = items(written(tmp_path, "a.jsonl.gz", gzip.compress(lines)), Limits(document_bytes=200_000))
    assert len(texts(found)) == 20_000


# what a hostile file may cost: in a process of its own, so that its memory can be measured
COST = """
import resource, sys
from flows.read import read
list(read([sys.argv[2]]))  # imports and caches
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for item in read([sys.argv[1]]):
    print(getattr(item, "reason_code", None) or item.text[:20])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def cost(tmp_path: Path, name: str) -> tuple[list[str], int, float]:
    small = written(
        tmp_path, "small.jsonl", b'{"html": "<p>The minister said that the bridge will be open in spring.</p>"}'
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COST, str(tmp_path / name), str(small)], capture_output=True, check=True, text=True
    )
    *told, grown = done.stdout.splitlines()
    return told, int(grown), time.perf_counter() - began


def pack_zeros(path: Path, megabytes: int, before: bytes = b"", after: bytes = b"") -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(before)
        for _ in range(megabytes):
            stream.write(b"0" * 1_000_000)
        stream.write(after)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("bomb.jsonl.gz", ["One.", "too_large"]), ("bomb.txt.gz", ["too_large"]), ("bomb.json.gz", ["too_large"])],
)
def test_a_bomb_is_let_go(tmp_path: Path, name: str, expected: list[str]) -> None:
    before = {"bomb.jsonl.gz": b'{"text": "One."}\n{"text": "', "bomb.json.gz": b'[{"text": "'}.get(name, b"")
    pack_zeros(tmp_path / name, 600, before)
    told, grown, seconds = cost(tmp_path, name)
    assert told == expected
    assert grown < 200
    assert seconds < 15  # of which most are the start of Python, on a busy machine


@pytest.mark.parametrize("ending", [".zst", ".bz2", ".xz"])
def test_other_bombs_are_let_go(tmp_path: Path, ending: str) -> None:
    written(tmp_path, f"bomb.jsonl{ending}", PACKERS[ending](b'{"text": "One."}\n' + b"\n" * 100_000_000))
    told, grown, _ = cost(tmp_path, f"bomb.jsonl{ending}")
    assert told == ["One.", "too_large"]
    assert grown < 200


def test_a_line_of_30_megabytes_is_not_held_and_the_next_is_read(tmp_path: Path) -> None:
    line = b'{"text": "' + b"word " * 6_000_000 + b'"}\n'
    written(tmp_path, "a.jsonl", b'{"text": "One."}\n' + line + b'{"text": "Two."}\n')
    told, grown, _ = cost(tmp_path, "a.jsonl")
    assert told == ["One.", "too_long", "Two."]
    assert grown < 100


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wb", compresslevel=1) as stream:
        for number in range(20_000):
            stream.write(b'{"text": "%d %s"}\n' % (number, b"word " * 1_000))
    told, grown, _ = cost(tmp_path, "a.jsonl.gz")
    assert len(told) == 20_000
    assert grown < 30
