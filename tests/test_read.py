"""Files, folders, globs and standard input: what is read, what is refused, and where."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from wires import SAMPLES, TEXT

from flows.model import Document, Reject
from flows.read import READERS, InputError, Limits, discover, parse_line, read
from flows.read.rejects import decoded
from schemas.vocab import codes

READ_MODULES = sorted((Path(__file__).parents[1] / "flows" / "read").rglob("*.py"))


def items(*inputs: str | Path, limits: Limits | None = None) -> list[Document | Reject]:
    return list(read(inputs, limits=limits) if limits else read(inputs))


def documents(*inputs: str | Path) -> list[Document]:
    found = items(*inputs)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def reject(path: Path, limits: Limits | None = None) -> Reject:
    (found,) = items(path, limits=limits)
    assert isinstance(found, Reject), found
    return found


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# inputs


def test_folders_globs_and_files_are_sorted_and_read_once(tmp_path: Path) -> None:
    for name in ("raw/es/b.txt", "raw/es/a.txt", "raw/en/c.txt", "raw/.hidden/d.txt", "raw/.DS_Store", "e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Article {name}.", encoding="utf-8")
    uris = [file.uri for file in discover(["raw", "raw/es/*.txt", "e.txt", Path("raw/es/a.txt")])]
    assert uris == ["e.txt", "raw/en/c.txt", "raw/es/a.txt", "raw/es/b.txt"]
    assert [d.input_uri for d in documents("raw", "e.txt")] == uris


def test_a_path_outside_the_working_directory_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "a.txt").write_text("Text.", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    assert [file.uri for file in discover(["../a.txt"])] == [(tmp_path / "a.txt").as_posix()]


@pytest.mark.parametrize("wrong", [[], ["missing.txt"], ["*.jsonl"], ["empty"]])
def test_wrong_inputs_are_one_line_before_anything_is_read(tmp_path: Path, wrong: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.txt").write_text("Text.", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(wrong)  # raised by the call, not by the first item
    assert "\n" not in str(error.value)
    assert len(str(error.value)) > 20


def test_a_recursive_glob_reaches_into_folders(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").write_text("Text.", encoding="utf-8")
    assert [file.uri for file in discover(["a/**"])] == ["a/b/c.txt"]
    assert [file.uri for file in discover(["*"])] == ["a/b/c.txt"]


def test_files_of_a_folder_that_are_no_articles_are_told_and_named_ones_are_tried(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for name in ("README.md", "columns.xlsx", "readme.txt"):
        (tmp_path / "raw" / name).write_text("About this folder.", encoding="utf-8")
    (tmp_path / "raw" / "20260112").write_text("An article without an ending.", encoding="utf-8")
    found = items("raw")
    assert [(i.input_uri, getattr(i, "reason_code", None)) for i in found] == [
        ("raw/20260112", None),
        ("raw/README.md", "unknown_format"),
        ("raw/columns.xlsx", "unknown_format"),
        ("raw/readme.txt", "unknown_format"),
    ]
    assert documents("raw/README.md")[0].text == "About this folder."


def _feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_holds_lines_or_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    _feed(monkeypatch, b'\n {"text": "One."}\n{"text": "Two."}\n')
    assert [(d.text, d.input_uri, d.input_format) for d in documents("-")] == [
        ("One.", "-", "jsonl"),
        ("Two.", "-", "jsonl"),
    ]
    _feed(monkeypatch, "Un texto.\nOtra línea.\n".encode())
    assert [(d.text, d.input_format) for d in documents("-")] == [("Un texto.\nOtra línea.\n", "text")]


# text


def test_text_is_returned_as_it_is(tmp_path: Path) -> None:
    text = "Título\r\n\r\nPárrafo \u2028uno.\rDos.\n\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert documents("a.txt")[0].text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding_and_is_no_text(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("Así dijo 🙂".encode(encoding))
    assert documents("a.txt")[0].text == "Así dijo 🙂"


def test_bad_bytes_are_told_with_their_offset(tmp_path: Path) -> None:
    data = "El café está ".encode() + b"\xe9" + b" aqu\xed"
    (tmp_path / "a.txt").write_bytes(data)
    found = reject(tmp_path / "a.txt")
    assert found.reason_code == "bad_encoding"
    assert f"0xe9 at offset {data.index(0xE9)} " in found.reason
    assert decoded(found.payload, found.payload_encoding) == data
    assert found.payload_sha256 == hashlib.sha256(data).hexdigest()
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbfab\xff")
    assert "at offset 5 " in reject(tmp_path / "b.txt").reason


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_text"),
        (b" \r\n\t", "empty_text"),
        (b"abc\0def", "not_text"),
        (b"\x01\x02\x03 noise \x04\x05", "not_text"),
        (b"\x89PNG\r\n\x1a\n", "unknown_format"),
        (b"SQLite format 3\0", "unknown_format"),
        (b"PK\x03\x04abc", "truncated"),
        (b"%PDF-1.7", "unknown_format"),
        (b"<?xml version='1.0'?><book></book>", "unknown_format"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a").write_bytes(data)
    assert reject(tmp_path / "a").reason_code == code


def test_a_text_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"word " * 1000)
    found = reject(tmp_path / "a.txt", Limits(document_bytes=100))
    assert (found.reason_code, len(found.payload)) == ("too_long", 4000)


def test_a_file_that_cannot_be_opened_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Text.", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert reject(tmp_path / "a.txt").reason_code == "unreadable"


# JSON


def test_a_line_has_all_its_fields(tmp_path: Path) -> None:
    line = {
        "id": 7,
        "text": "El texto.\n",
        "title": "Título",
        "url": "https://example.org/a",
        "published_at": "2026-01-12T18:00:00-06:00",
        "language": "es",
        "authors": ["Ana Ruiz", " Luis Paz "],
        "source": "El Ejemplo",
        "section": "politics",
        "scores": {"a": [1, None]},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (document,) = documents("a.jsonl")
    assert replace(document, input_sha256=None) == Document(
        text="El texto.\n",
        input_uri="a.jsonl",
        input_format="jsonl",
        byte_offset=0,
        doc_id="7",
        title="Título",
        url="https://example.org/a",
        published_at="2026-01-12T18:00:00-06:00",
        language="es",
        authors=("Ana Ruiz", "Luis Paz"),
        source="El Ejemplo",
        extra={"section": "politics", "scores": {"a": [1, None]}},
    )
    (tmp_path / "b.jsonl").write_text('{"text": "x", "authors": "Ana Ruiz", "title": null}', encoding="utf-8")
    assert documents("b.jsonl")[0].authors == ("Ana Ruiz",)


BROKEN_LINES = [
    (b"{broken", "bad_json", None),
    (b"[1, 2]", "bad_json", None),
    (b'"text"', "bad_json", None),
    (b'{"id": "a1", "text": "cut off', "bad_json", "a1"),
    (b'{"id": 12, "text": "cut off', "bad_json", "12"),
    (b'{"id": "b", "text": 5}', "bad_record", "b"),
    (b'{"id": "c", "text": "x", "authors": [1]}', "bad_record", "c"),
    (b'{"id": true, "text": "x"}', "bad_record", None),
    (b'{"id": "d", "title": "x"}', "bad_record", "d"),
    (b'{"id": "e", "text": " \\n"}', "empty_text", "e"),
    (b'{"id": "f", "text": "a\\u0000b"}', "not_text", "f"),
    (b'{"id": "g", "text": "half \\ud83d"}', "bad_json", "g"),
    (b'{"id": "h", "text": "caf\xe9"}', "bad_encoding", "h"),
    (b'{"id": "i", "html": "<nav><a href=x>Home</a></nav>"}', "no_body", "i"),
    (b'{"id": "j", "text": "x", "deep": ' + b"[" * 500 + b"]" * 500 + b"}", "nesting", "j"),
    (b'{"id": "k", "text": "x", "deep": ' + b"[" * 100_000, "nesting", "k"),
    (b'{"id": "l", "text": "x", "n": NaN}', "bad_json", "l"),
]


def test_a_broken_line_costs_no_other(tmp_path: Path) -> None:
    good = b'{"id": "good", "text": "Good."}'
    lines = [line for broken, _, _ in BROKEN_LINES for line in (broken, b"", good)]
    (tmp_path / "a.jsonl").write_bytes(b"\r\n".join(lines))
    found = items("a.jsonl")
    assert [i.text for i in found if isinstance(i, Document)] == ["Good."] * len(BROKEN_LINES)
    data = (tmp_path / "a.jsonl").read_bytes()
    rejects = [i for i in found if isinstance(i, Reject)]
    assert [(r.reason_code, r.doc_id) for r in rejects] == [(code, doc_id) for _, code, doc_id in BROKEN_LINES]
    for told, (broken, _, _) in zip(rejects, BROKEN_LINES, strict=True):
        assert told.byte_offset is not None
        assert data[told.byte_offset :].startswith(broken)
        assert decoded(told.payload, told.payload_encoding).rstrip(b"\r") == broken[:4000]
        assert told.reason
        assert "\n" not in told.reason


def test_a_bad_byte_is_told_with_its_offset_in_the_line() -> None:
    found = parse_line(b'{"id": "a", "title": "ok", "text": "caf\xe9"}')
    assert isinstance(found, Reject)
    assert "0xe9 at offset 39 " in found.reason


def test_every_line_is_safe_in_utf_8() -> None:
    found = parse_line(b'{"text": "\\ud83d\\ude42", "x": "\\u2028"}')
    assert isinstance(found, Document)
    assert found.text.encode() == "🙂".encode()


def test_a_line_that_is_too_long_is_skipped_and_hashed(tmp_path: Path) -> None:
    long = b'{"id": "long", "text": "' + b"word " * 200_000 + b'"}'
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "One."}\n' + long + b'\n{"text": "Two."}\n')
    one, told, two = items("a.jsonl", limits=Limits(document_bytes=100_000))
    assert isinstance(told, Reject)
    assert (told.reason_code, told.byte_offset, told.doc_id) == ("too_long", 17, "long")
    assert told.payload_sha256 == hashlib.sha256(long).hexdigest()
    assert isinstance(two, Document)
    assert (getattr(one, "text", None), two.text, two.byte_offset) == ("One.", "Two.", 17 + len(long) + 1)


def test_lines_of_utf_16_are_refused_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"text": "One."}\n{"text": "Two."}\n'.encode("utf-16"))
    found = reject(tmp_path / "a.jsonl")
    assert (found.reason_code, "UTF-16" in found.reason) == ("bad_encoding", True)


@pytest.mark.parametrize("separator", [",", ", \n\n", "\n"])
def test_a_json_file_holds_a_list_or_objects(tmp_path: Path, separator: str) -> None:
    objects = [json.dumps({"text": f'{n} "quoted" {{[,\\'}, indent=None if n == 1 else 2) for n in range(3)]
    for text in ("[" + separator.join(objects) + "]\n", separator.join(objects)):
        (tmp_path / "a.json").write_bytes(text.encode("utf-8-sig"))
        found = documents("a.json")
        assert [d.text for d in found] == [f'{n} "quoted" {{[,\\' for n in range(3)]
        data = (tmp_path / "a.json").read_bytes()
        assert all(data[d.byte_offset :].startswith(b"{") for d in found)


def test_a_broken_object_of_a_list_costs_no_other(tmp_path: Path) -> None:
    data = b'[{"text": "a"}, {"text": 1}, oops, {"text": "b"}, {"id": "cut", "text": "c"'
    (tmp_path / "a.json").write_bytes(data)
    found = items("a.json")
    assert [getattr(i, "reason_code", None) for i in found] == [None, "bad_record", "bad_json", None, "bad_json"]
    assert [i.byte_offset for i in found] == [1, 16, 29, 35, 50]


def test_a_json_file_of_lines_survives_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"text": "a"}\n{"text": "b\n{"text": "c"}\n')
    found = items("a.json")
    assert [getattr(i, "text", None) for i in found] == ["a", None, "c"]


# the registry


def test_every_format_has_a_file_here_and_is_found_by_its_name_or_its_beginning(tmp_path: Path) -> None:
    text = TEXT
    contents = {
        "text": text,
        "html": f"<p>{text}</p>",
        "jsonl": json.dumps({"text": text}),
        "json": f'[{{"text": "{text}"}}]',
        "csv": f"title,text\nPiers,{text}\n",
    } | SAMPLES
    assert contents.keys() | {"parquet", "sitemap"} == READERS.keys()  # the one is no text, the other no documents
    for name, content in contents.items():
        reader = READERS[name]
        for ending in reader.endings if name == "html" or reader.beginning is None else (*reader.endings, ""):
            path = tmp_path / f"article{ending}"
            path.write_text(content, encoding="utf-8", newline="")
            assert [(d.text, d.input_format) for d in documents(path)] == [(text, name)], (name, ending)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_is_known_by_its_root_behind_whatever_stands_before_it(tmp_path: Path, encoding: str) -> None:
    prolog = "<?xml version='1.0'?>\n<?xml-stylesheet href='x'?><!-- a feed, - not ->\n <rss> in a comment -->\n"
    feed = SAMPLES["feed"].replace("<?xml version='1.0'?>", prolog)
    (tmp_path / "a").write_bytes(feed.encode(encoding))
    assert [d.input_format for d in documents(tmp_path / "a")] == ["feed"]


def test_every_reason_is_in_the_vocabulary() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in READ_MODULES)
    used = set(re.findall(r'UnreadableError\(\s*"(\w+)"', source))
    assert len(used) > 10
    assert used <= codes("reject_reasons").keys()


def test_an_unexpected_failure_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("the library broke")

    monkeypatch.setattr("flows.read.text.checked", fail)
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "Text."}\n', encoding="utf-8")
    found = reject(tmp_path / "a.jsonl")
    assert (found.reason_code, found.doc_id) == ("internal_error", "x")
    assert found.reason == "RuntimeError: the library broke"
