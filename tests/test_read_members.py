"""Zip and tar: every file in them is read as if it lay in a folder, and nothing that is no plain file is."""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from test_read_archives import PACKERS, cost, texts

from flows.model import Document, Reject
from flows.read import Limits, read

FILES = {
    "desk/es.jsonl": b'{"text": "Uno."}\n{"text": "Dos."}\n',
    "page.html": b"<p>The minister said on Monday that the bridge will be open in spring.</p>",
    "note.txt": "Una línea.".encode(),
}
EXPECTED = ["Uno.", "Dos.", "The minister said on Monday that the bridge will be open in spring.", "Una línea."]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes | str]) -> bytes:
    """A tar; a text is the kind of a member and where it leads to."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, str):
                info.type, info.linkname = data[:1].encode(), data[1:]
            else:
                info.size = len(data)
            archive.addfile(info, None if isinstance(data, str) else io.BytesIO(data))
    return out.getvalue()


ARCHIVES: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    ".zip": zipped,
    ".tar": tarred,
    **{f".tar{ending}": lambda files, pack=pack: pack(tarred(files)) for ending, pack in PACKERS.items()},
}
every = pytest.mark.parametrize("ending", ARCHIVES)


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def items(name: str, data: bytes, limits: Limits | None = None) -> list[Document | Reject]:
    Path(name).write_bytes(data)
    return list(read([name], limits=limits) if limits else read([name]))


def codes(found: list[Document | Reject]) -> list[str | None]:
    return [item.reason_code if isinstance(item, Reject) else None for item in found]


@every
def test_each_file_is_read_by_its_format_and_says_where_it_was(ending: str) -> None:
    found = items(f"raw{ending}", ARCHIVES[ending](FILES))
    assert texts(found) == EXPECTED
    archive = f"raw{ending}"
    names = [f"{archive}!desk/es.jsonl", f"{archive}!desk/es.jsonl", f"{archive}!page.html", f"{archive}!note.txt"]
    assert [item.input_uri for item in found] == names
    assert [item.byte_offset for item in found] == [0, 17, 0, 0]


@every
def test_an_archive_is_known_by_its_content_and_comes_through_a_pipe(
    ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert texts(items("raw.txt", ARCHIVES[ending](FILES))) == EXPECTED
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ARCHIVES[ending](FILES))))
    found = list(read(["-"]))
    assert texts(found) == EXPECTED
    assert found[0].input_uri == "-!desk/es.jsonl"


@every
def test_packed_files_and_archives_in_an_archive_are_read_up_to_a_depth(ending: str) -> None:
    inner = {"a.jsonl.gz": gzip.compress(FILES["desk/es.jsonl"]), "deep.zip": zipped({"deeper.tar": tarred(FILES)})}
    found = items(f"raw{ending}", ARCHIVES[ending](inner))
    assert texts(found) == [*EXPECTED[:2], *EXPECTED]
    assert found[-1].input_uri == f"raw{ending}!deep.zip!deeper.tar!note.txt"
    told = items(f"raw{ending}", ARCHIVES[ending]({"more.zip": zipped(inner), "note.txt": FILES["note.txt"]}))
    assert [item.input_uri.count("!") for item in told if isinstance(item, Reject)] == [3]
    assert (codes(told), texts(told)) == ([None, None, "bad_archive", None], [*EXPECTED[:2], EXPECTED[3]])


@every
@pytest.mark.parametrize(
    "name",
    ["/out.txt", "../out.txt", "a/../../out.txt", "..\\out.txt", "C:\\out.txt", "\\\\host\\out.txt", "a\x1b[2J"],
)
def test_a_name_that_leads_out_is_refused_and_nothing_is_written(ending: str, name: str) -> None:
    before = set(Path().rglob("*"))
    found = items(f"raw{ending}", ARCHIVES[ending]({name: b"Out.", "note.txt": FILES["note.txt"]}))
    assert codes(found) == ["bad_archive", None]
    assert isinstance(found[0], Reject)
    assert found[0].payload == name
    assert "\x1b" not in found[0].reason
    assert set(Path().rglob("*")) - before == {Path(f"raw{ending}")}


def test_what_is_no_plain_file_in_a_tar_is_refused() -> None:
    kinds = {"link": "2/etc/passwd", "hard": "1note.txt", "device": "3", "block": "4", "pipe": "6"}
    found = items("raw.tar", tarred({**kinds, "folder": "5", "note.txt": FILES["note.txt"]}))
    assert codes(found) == ["bad_archive"] * 5 + [None]
    assert len({(item.input_uri, item.byte_offset) for item in found}) == 6
    assert "symbolic link to '/etc/passwd'" in getattr(found[0], "reason", "")


def test_a_sparse_file_is_refused() -> None:
    info = tarfile.TarInfo("huge.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 0
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\0%011o\0" % (0, 0)
    header[483:495] = b"%011o\0" % (8**11 - 1)  # 8 GB that are not there
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    found = items("raw.tar", bytes(header) + bytes(1024))
    assert (codes(found), "sparse" in getattr(found[0], "reason", "")) == (["bad_archive"], True)


def test_what_is_no_plain_file_in_a_zip_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for kind in (stat.S_IFLNK, stat.S_IFCHR):
            info = zipfile.ZipInfo(f"special-{kind}")
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("note.txt", FILES["note.txt"])
    assert codes(items("raw.zip", out.getvalue())) == ["bad_archive", "bad_archive", None]


def test_hidden_files_and_those_that_are_no_articles_are_as_in_a_folder() -> None:
    files = {
        ".DS_Store": b"x",
        "__MACOSX/._note.txt": b"x",
        "a/.git/x.txt": b"x",
        "README.md": b"Hello.",
        "./b.txt": b"B.",
    }
    assert codes(items("raw.zip", zipped(files))) == ["unknown_format", None]
    assert codes(items("raw.tar", tarred({**files}))) == ["unknown_format", None]


def test_an_encrypted_file_and_an_unknown_method_are_refused() -> None:
    data = bytearray(zipped(FILES))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    found = items("raw.zip", bytes(data))
    assert (codes(found)[0], texts(found)) == ("bad_archive", EXPECTED[2:])
    found = items("raw.zip", zipped(FILES, zipfile.ZIP_LZMA))
    assert codes(found) == ["bad_archive"] * 3


def test_an_office_document_is_no_archive_of_articles() -> None:
    assert codes(items("a.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))) == [
        "unknown_format"
    ]


DESKS = {
    f"desk-{desk}.jsonl": b"".join(
        b'{"text": "Article %s."}\n' % hashlib.sha512(b"%d %d" % (desk, number)).hexdigest().encode()
        for number in range(1000)
    )
    for desk in range(6)
}


@every
def test_a_cut_off_archive_gives_what_came_before_and_says_so(ending: str) -> None:
    whole = ARCHIVES[ending](DESKS)
    found = items(f"raw{ending}", whole[: int(len(whole) * 0.7)])
    read_in = [item for item in found if isinstance(item, Document)]
    assert 1000 <= len(read_in) < 6000
    assert {"truncated"} <= {code for code in codes(found) if code}
    assert [item.text for item in read_in] == texts(items(f"whole{ending}", whole))[: len(read_in)]


def test_a_zip_without_its_directory_gives_all_its_files() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = zipped(FILES, method)
        found = items("raw.zip", data[: data.index(b"PK\x01\x02")])
        assert (texts(found), codes(found)[-1]) == (EXPECTED, "truncated")
    piped = io.BytesIO()  # a writer that cannot go back puts the sizes behind each file
    piped.seekable = lambda: False  # type: ignore[method-assign]
    with zipfile.ZipFile(piped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    data = piped.getvalue()
    found = items("raw.zip", data[: data.index(b"PK\x01\x02")])
    assert (texts(found), codes(found)[-1]) == (EXPECTED, "truncated")


def test_damage_in_one_file_of_a_zip_costs_no_other() -> None:
    data = bytearray(zipped(DESKS))
    data[data.index(b"desk-1.jsonl") + 30_000] ^= 0xFF
    found = items("raw.zip", bytes(data))
    assert "bad_archive" in codes(found)
    assert {item.input_uri for item in found if isinstance(item, Reject)} == {"raw.zip!desk-1.jsonl"}
    assert len(texts(found)) >= 5000


def test_damage_between_the_files_of_a_tar_is_told() -> None:
    data = bytearray(tarred(FILES))
    at = data.index(b"page.html")
    data[at : at + 5] = b"\xff" * 5
    found = items("raw.tar", bytes(data))
    assert (texts(found), codes(found)[-1]) == (EXPECTED[:2], "bad_archive")


def test_tars_behind_each_other_are_read_as_one() -> None:
    assert texts(items("raw.tar", tarred(FILES) + tarred({"b.txt": b"B."}))) == [*EXPECTED, "B."]


def test_limits_on_members_directory_and_spool() -> None:
    many = {f"{number}.txt": b"Text." for number in range(20)}
    assert codes(items("raw.tar", tarred(many), Limits(archive_members=5))) == [None] * 5 + ["too_large"]
    assert codes(items("raw.zip", zipped(many), Limits(archive_directory=500))) == ["too_large"]
    nested = items("raw.tar", tarred({"a.zip": zipped(many)}), Limits(spool_bytes=500))
    assert codes(nested) == ["too_large"]


def overlapping(copies: int, megabytes: int) -> bytes:
    """A zip whose entries are all the same bytes."""
    data = zipped({"a.txt": b"0" * megabytes * 1_000_000})
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry, tail = data[at:end], bytearray(data[end:])
    tail[8:12] = copies.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * copies).to_bytes(4, "little")
    return data[:at] + entry * copies + bytes(tail)


def test_files_that_share_their_bytes_are_refused() -> None:
    found = items("raw.zip", overlapping(50, 1))
    assert codes(found) == [None] + ["bad_archive"] * 49


def bomb(levels: int, megabytes: int) -> bytes:
    data = zipped({"a.txt": b"0" * megabytes * 1_000_000})
    for _ in range(levels):
        data = zipped({f"{number}.zip": data for number in range(4)})
    return data


def pax_bomb(_: int) -> bytes:
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.XHDTYPE, 300_000_000
    return gzip.compress(info.tobuf() + b"0" * 300_000_000, 1)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("nested.zip", lambda: bomb(2, 60), {"too_large"}),
        ("deep.zip", lambda: bomb(4, 1), {"bad_archive"}),
        ("header.tar.gz", lambda: pax_bomb(0), {"bad_archive"}),
        ("empty.tar.gz", lambda: gzip.compress(bytes(300_000_000), 1), {"too_large", "not_text"}),
        ("one.zip", lambda: zipped({"a.jsonl": b'{"text": "' + b"0" * 200_000_000}), {"too_large"}),
    ],
)
def test_a_bomb_in_an_archive_is_let_go(
    tmp_path: Path, name: str, data: Callable[[], bytes], expected: set[str]
) -> None:
    (tmp_path / name).write_bytes(data())
    told, grown, seconds = cost(tmp_path, name)
    assert set(told) <= expected
    assert told
    assert grown < 200
    assert seconds < 15
