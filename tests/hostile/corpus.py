"""Files that hurt whoever reads them carelessly, and good articles among them; the same seed makes the same bytes.

`FAMILIES` names what there is: each function makes one file, its name and its bytes, from a random generator. No file
takes more than a few megabytes on the disk, whatever it would unpack to.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

Made = tuple[str, bytes]  # the ending of its name, and what is in it
Family = Callable[[Random], Made]

SENTENCE = "the minister said on Monday that talks with dockers in Port Alder would go on before the strike"
WORDS = SENTENCE.split()
NAMES = ("Marta Ibarra", "Helen Ward", "Samuel Okoro", "Peter Lindqvist", "Lucía Benavides", "Tomás Quiroga")
MEGABYTE = 1_000_000
GOOD_EVERY = 10  # one file in so many holds a good article


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where the files are, which there are, and how many good articles they hold."""

    folder: Path
    files: tuple[str, ...]
    good: int


def make(folder: Path, count: int, seed: int = 7) -> Corpus:
    """Write `count` files below `folder`; every tenth is a good article, the others come from the families by turns."""
    chance = Random(seed)  # noqa: S311 - invented files, no secrets
    families = [FAMILIES[name] for name in sorted(FAMILIES)]
    names, good = [], 0
    for number in range(count):
        if number % GOOD_EVERY == 0:
            ending, data = _good(chance, number)
            kind, good = "good", good + 1
        else:
            family = families[(number - number // GOOD_EVERY) % len(families)]
            kind = family.__name__
            ending, data = family(chance)
        name = f"{number % 7}/{number:05}-{kind.strip('_')}{ending}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        names.append(name)
    return Corpus(folder, tuple(names), good)


# good ones


def article(chance: Random, number: int = 0) -> str:
    """An article that is like no other."""
    first, second = chance.sample(NAMES, 2)
    plain = " ".join(chance.choices(WORDS, k=30))
    return (
        f"{first}, who leads the union, rejected the offer number {number} on Monday. "
        f"“Nobody asked us about the {chance.randrange(10**6)} new rules,” {second} told reporters. {plain}.\n"
    )


def _good(chance: Random, number: int) -> Made:
    text = article(chance, number)
    line = json.dumps({"id": str(number), "text": text}).encode()
    page = f"<html><body><article><p>{text}</p><p>{text[::-1]}</p></article></body></html>".encode()
    return chance.choice(
        [
            (".txt", text.encode()),
            (".jsonl", line + b"\n"),
            (".jsonl.gz", gzip.compress(line, mtime=0)),
            (".html", page),
        ]
    )


# text


def _noise(chance: Random) -> Made:
    return chance.choice([".txt", ".jsonl", ".html", ".json", ".xml", ".csv"]), chance.randbytes(
        chance.randrange(40_000)
    )


def _empty(chance: Random) -> Made:
    return chance.choice([".txt", ".jsonl", ".html", ".json", ".zip", ".warc", ""]), chance.choice([b"", b" \n", b"\0"])


def _surrogates(chance: Random) -> Made:
    text = json.dumps({"text": article(chance) + "\ud83d " + chr(chance.randrange(0xD800, 0xE000))})
    return ".jsonl", text.encode()


def _surrogate_bytes(chance: Random) -> Made:
    return ".txt", article(chance).encode() + b"\xed\xa0\xbd\xed\xb8\x80" + chance.randbytes(3)


def _nuls(chance: Random) -> Made:
    return chance.choice([".txt", ".html", ".csv"]), article(chance).encode().replace(b" ", b"\0")


def _mixed_encodings(chance: Random) -> Made:
    text = article(chance)
    return ".txt", text.encode() + "señal perdida".encode("latin-1") + text.encode("utf-16")


def _wrong_mark(chance: Random) -> Made:
    return chance.choice([".txt", ".jsonl"]), b"\xff\xfe" + article(chance).encode() + b"x"


def _bidi(chance: Random) -> Made:
    marks = "\u202e\u2066\u202d\u2069\u200f\u061c"
    return ".txt", "".join(c + chance.choice(marks) for c in article(chance) * 20).encode()


def _combining(chance: Random) -> Made:
    return ".txt", ("a" + "\u0301\u0488" * chance.randrange(1_000, 100_000)).encode()


def _one_word(chance: Random) -> Made:
    return ".txt", chance.choice("aA1“\"'(").encode() * chance.randrange(100_000, MEGABYTE)


def _no_full_stop(chance: Random) -> Made:
    return ".txt", " ".join(chance.choices(WORDS, k=40_000)).encode()


def _quotes_in_quotes(chance: Random) -> Made:
    depth = chance.randrange(10_000, 50_000)
    return ".txt", ("“‘" * depth + "no" + "’”" * depth).encode()


def _capitals(chance: Random) -> Made:
    return ".txt", " ".join(chance.choices(WORDS, k=20_000)).upper().encode()


def _names(chance: Random) -> Made:
    return ".txt", " ".join(f"{chance.choice(NAMES)} said, " for _ in range(8_000)).encode()


def _dates(chance: Random) -> Made:
    return ".txt", " ".join(f"{chance.randrange(99)} March {chance.randrange(9999)}," for _ in range(8_000)).encode()


# lines of JSON


def _long_line(chance: Random) -> Made:
    """30 MB and more in one line, in a few kilobytes."""
    many = b'{"id": "long", "text": "' + b"word " * (6 * MEGABYTE + chance.randrange(1000)) + b'"}\n'
    return ".jsonl.gz", gzip.compress(many, 1, mtime=0)


def _deep_json(chance: Random) -> Made:
    depth = chance.randrange(5_000, 100_000)
    opening = chance.choice([b"[", b'{"a":'])
    return chance.choice([".json", ".jsonl"]), b'{"text": "x", "deep": ' + opening * depth


def _broken_lines(chance: Random) -> Made:
    whole = json.dumps({"id": "x", "text": article(chance)}).encode()
    cuts = (whole[: chance.randrange(len(whole))] for _ in range(5))
    return ".jsonl", b"\n".join((*cuts, b"null", b"[1]", b'{"text": 5}', b'{"text": NaN}'))


def _many_keys(chance: Random) -> Made:
    keys = {f"k{n}{chance.random()}": n for n in range(20_000)}
    return ".jsonl", json.dumps(keys | {"text": 1}).encode()


def _large_numbers(chance: Random) -> Made:
    digits = "9" * chance.randrange(5_000, 50_000)
    return ".jsonl", f'{{"id": {digits}, "text": {digits}}}\n{{"id": 1e999999, "text": "x", "n": -{digits}}}\n'.encode()


# pages


def _deep_page(chance: Random) -> Made:
    return ".html", chance.choice([b"<div>", b"<b><p>", b"<table><tr><td>"]) * chance.randrange(50_000, 200_000)


def _attributes(chance: Random) -> Made:
    return ".html", b"<p " + b" ".join(b"a%d=1" % n for n in range(chance.randrange(20_000, 90_000))) + b">x</p>"


def _long_page(chance: Random) -> Made:
    return ".html.gz", gzip.compress(b"<p>word " * (2 * MEGABYTE + chance.randrange(9)), 1, mtime=0)


def _open_comment(chance: Random) -> Made:
    return ".html", b"<html><body><!-- " + b"<p>word</p> -" * chance.randrange(10_000, 50_000)


def _entities_in_page(chance: Random) -> Made:
    return ".html", b"<p>" + b"&amp;&#0;&#xD800;&#x110000;&nosuch;" * chance.randrange(5_000, 20_000)


def _linked_data(chance: Random) -> Made:
    nested = '{"@graph":[' * chance.randrange(1_000, 30_000)
    return ".html", f'<script type="application/ld+json">{nested}</script><p>{article(chance)}'.encode()


# XML


def _laughs(chance: Random) -> Made:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    told = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]><rss><channel><title>&e11;</title>'
    return chance.choice([".xml", ".rss", ""]), f"{told}</channel></rss>".encode()


def _quadratic(chance: Random) -> Made:
    text = "a" * chance.randrange(50_000, 90_000)
    return ".xml", f'<!DOCTYPE a [<!ENTITY x "{text}">]><rss><channel>{"&x;" * 50_000}</channel></rss>'.encode()


def _external(chance: Random) -> Made:
    place = chance.choice(["file:///etc/passwd", "http://127.0.0.1:9/x", "php://filter/x", "//host/share"])
    told = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "{place}">]>'
    return ".xml", f"{told}<feed><entry><title>&x;</title></entry></feed>".encode()


def _deep_xml(chance: Random) -> Made:
    return ".xml", b"<?xml version='1.0'?><rss>" + b"<item>" * chance.randrange(50_000, 200_000)


def _broken_feed(chance: Random) -> Made:
    item = f"<item><title>A</title><description>{article(chance)}</description></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{item * 3}</channel></rss>'
    return ".rss", feed[: chance.randrange(60, len(feed))].encode() + chance.choice([b"", b"\x00", b"<"])


def _wide_xml(chance: Random) -> Made:
    encoding = chance.choice(["utf-16", "utf-32", "utf-7", "no-such"])
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss><channel/></rss>'
    return ".xml", head.encode(encoding if encoding in ("utf-16", "utf-32") else "ascii")


# tables


def _csv(chance: Random) -> Made:
    rows = ["id,text,title", '1,"no end' + "," * 1_000, *(f'{n},"{article(chance)}"' + ",x" * n for n in range(5))]
    return chance.choice([".csv", ".tsv"]), "\n".join(rows).encode() + chance.choice([b"", b"\0", b'"', b"\xff"])


def _wide_csv(chance: Random) -> Made:
    return ".csv", b"text" + b",a" * chance.randrange(50_000, 100_000) + b"\nx\n"


def _parquet(chance: Random) -> Made:
    return ".parquet", b"PAR1" + chance.randbytes(chance.randrange(2_000)) + b"\xff\xff\xff\x7fPAR1"


def _torn_parquet(chance: Random) -> Made:
    sink = io.BytesIO()
    table = pa.table({"text": [article(chance) for _ in range(5)]})
    pq.write_table(table, sink)
    data = bytearray(sink.getvalue())
    for _ in range(20):
        data[chance.randrange(len(data))] ^= 0xFF
    return ".parquet", bytes(data)


# archives


def _gzip_bomb(chance: Random) -> Made:
    return chance.choice([".gz", ".jsonl.gz", ".html.gz", ".warc.gz"]), _zeros(300 + chance.randrange(9))


def _zeros(megabytes: int) -> bytes:
    """Gzip of so many megabytes of zeros, made a piece at a time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()


def _bzip2_bomb(chance: Random) -> Made:
    packer = bz2.BZ2Compressor(9)
    return ".txt.bz2", b"".join(
        packer.compress(b"a" * MEGABYTE) for _ in range(50 + chance.randrange(9))
    ) + packer.flush()


def _xz_bomb(chance: Random) -> Made:
    return ".txt.xz", lzma.compress(bytes(MEGABYTE) * (20 + chance.randrange(9)), preset=1)


def _zstd_bomb(chance: Random) -> Made:
    return ".jsonl.zst", pa.compress(bytes(MEGABYTE) * (100 + chance.randrange(9)), codec="zstd", asbytes=True)


def _many_layers(chance: Random) -> Made:
    data = article(chance).encode()
    for _ in range(chance.randrange(3, 12)):
        data = gzip.compress(data, mtime=0)
    return ".txt.gz", data


def _cut_archive(chance: Random) -> Made:
    packed = gzip.compress(json.dumps({"text": article(chance) * 20}).encode(), mtime=0)
    return ".jsonl.gz", packed[: chance.randrange(12, len(packed))]


def _nested_zip(chance: Random) -> Made:
    data = _zip({"0.txt": b"0" * MEGABYTE})
    for _ in range(chance.randrange(4, 7)):
        data = _zip({f"{n}.zip": data for n in range(10)})
    return ".zip", data


def _zip_bomb(chance: Random) -> Made:
    return ".zip", _zip({"a.txt": b"0" * (60 * MEGABYTE), "b.txt": chance.randbytes(10)})


def _unsafe_zip(chance: Random) -> Made:
    names = [
        "../../up.txt",
        "/abs.txt",
        "C:\\x.txt",
        "a\\..\\..\\b.txt",
        "n" * 300 + ".txt",
        "A.txt",
        "a.txt",
        "con.txt",
    ]
    return ".zip", _zip({name: article(chance).encode() for name in names})


def _lying_zip(chance: Random) -> Made:
    data = bytearray(_zip({"a.txt": article(chance).encode() * 5}))
    at = data.find(b"PK\x01\x02")
    data[at + 20 : at + 28] = chance.randbytes(8)  # both sizes
    return ".zip", bytes(data)


def _zip(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _unsafe_tar(chance: Random) -> Made:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name in ("../up.txt", "/abs.txt", "x" * 300 + ".txt", "nul\x01.txt"):
            _add(archive, tarfile.TarInfo(name), article(chance).encode())
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            link = tarfile.TarInfo(f"special{kind.decode()}.txt")
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
    return ".tar.gz", gzip.compress(sink.getvalue(), mtime=0)


def _add(archive: tarfile.TarFile, info: tarfile.TarInfo, data: bytes) -> None:
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _lying_tar(chance: Random) -> Made:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        _add(archive, tarfile.TarInfo("a.txt"), article(chance).encode())
    data = sink.getvalue()
    return ".tar", data[:124] + b"77777777777\0" + data[136 : chance.randrange(300, len(data))]


def _warc(chance: Random) -> Made:
    length = chance.choice([10**15, -1, 0, 5])
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/\r\nContent-Length: {length}\r\n\r\n"
    body = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<p>{article(chance)}".encode()
    return ".warc", head.encode() + body + b"\r\n\r\nWARC/1.0\r\n" + b"X: y\r\n" * chance.randrange(1_000, 20_000)


def _packed_warc(chance: Random) -> Made:
    page = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n" + _zeros(50)
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{chance.randrange(10**9)}>\r\n"
    record = f"{head}WARC-Target-URI: http://x.example/\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    return ".warc.gz", gzip.compress(record + page + b"\r\n\r\n", mtime=0)


# what is no article at all


def _foreign(chance: Random) -> Made:
    heads = [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"SQLite format 3\0",
        b"\x7fELF",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
    ]
    return chance.choice(["", ".txt", ".jsonl", ".html"]), chance.choice(heads) + chance.randbytes(500)


def _odd_name(chance: Random) -> Made:
    return chance.choice([".exe", ".md", ".TXT.txt", ".json.txt.gz", " .txt", ".\u202etxt"]), article(chance).encode()


FAMILIES: dict[str, Family] = {
    name.strip("_"): made
    for name, made in list(globals().items())
    if name.startswith("_") and callable(made) and getattr(made, "__annotations__", {}).get("return") == "Made"
    if name != "_good"
}
