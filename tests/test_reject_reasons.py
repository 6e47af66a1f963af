"""Each code of the closed list of reasons is the answer to some input: none is dead, and none is made up."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sample_rows import changed

from flows.model import Document, Reject
from flows.pipeline import process
from flows.read import LIMITS, read
from flows.validate import validate
from schemas.vocab import codes, entries

TEXT = "The ministers met in Lima on Monday and spoke about the new rules for the port."
SMALL = replace(LIMITS, document_bytes=2_000)
FILES: dict[str, tuple[str, bytes]] = {
    "empty_text": ("a.txt", b" \n"),
    "no_body": ("a.html", b"<html><body><nav><a href='/'>Home</a></nav></body></html>"),
    "too_long": ("a.txt", b"word " * 1_000),
    "too_large": ("a.jsonl.gz", gzip.compress(bytes(3_000_000))),
    "unknown_format": ("a", b"%PDF-1.7"),
    "bad_archive": ("a.txt.gz", b"\x1f\x8b\x08\x00" + b"x" * 50),
    "bad_encoding": ("a.txt", b"caf\xe9"),
    "bad_json": ("a.jsonl", b"{oops"),
    "bad_record": ("a.jsonl", b'{"text": 5}'),
    "bad_html": ("a.html", b"<p " + b"a " * 6_000 + b">x</p>"),
    "bad_xml": ("a.rss", b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item/></channel></rss>"),
    "bad_warc": ("a.warc", b"WARC/1.0\r\nContent-Length: minus\r\n\r\nx"),
    "truncated": ("a.jsonl.gz", gzip.compress(json.dumps({"text": TEXT}).encode())[:-9]),
    "not_text": ("a.txt", b"a\0b"),
    "nesting": ("a.jsonl", b'{"text": "x", "deep": ' + b"[" * 500 + b"]" * 500 + b"}"),
}


@pytest.mark.parametrize("code", FILES)
def test_a_file_is_refused_for_the_reason(code: str, tmp_path: Path) -> None:
    name, data = FILES[code]
    (tmp_path / name).write_bytes(data)
    limits = SMALL if code in ("too_long", "too_large") else LIMITS
    found = [item for item in read([tmp_path / name], limits=limits) if isinstance(item, Reject)]
    assert code in {item.reason_code for item in found}
    assert all("read" in stages(item.reason_code) for item in found)


def test_a_file_that_cannot_be_opened_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(TEXT)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may open everything
    [found] = read([tmp_path / "a.txt"])
    assert isinstance(found, Reject)
    assert found.reason_code == "unreadable"


def test_what_fails_in_a_stage_is_told_with_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    found = process(Document(TEXT * 20_000), seconds=0.01)
    assert isinstance(found, Reject)
    assert found.reason_code == "timeout"
    assert found.stage in stages("timeout")

    def fail(_: object) -> None:
        raise RuntimeError("x" * 9_000)

    for stage, name in (("language", "annotate"), ("extract", "extract")):
        with monkeypatch.context() as patch:
            patch.setattr(f"flows.pipeline.{name}", fail)
            found = process(Document(TEXT))
        assert isinstance(found, Reject)
        assert (found.reason_code, found.stage) == ("internal_error", stage)
        assert stage in stages("internal_error")
        assert len(found.reason) < 300


ROWS = {
    "null_value": ("quotes", {"rule": None}),
    "bad_value": ("quotes", {"confidence": 2.0}),
    "not_in_list": ("quotes", {"stance_code": "praise"}),
    "broken_rule": ("sources", {"handle": "a"}),
    "wrong_span": ("segments", {"char_end": 100_000}),
    "missing_parent": ("quotes", {"article_id": "art_ffffffffffffffff"}),
}


@pytest.mark.parametrize("code", ROWS)
def test_a_row_is_refused_for_the_reason(code: str) -> None:
    table, values = ROWS[code]
    assert code in {found.reason_code for found in validate(changed(table, **values)).rejects}


def test_rows_fall_with_the_row_that_they_belong_to() -> None:
    found = {reject.reason_code for reject in validate(changed("articles", language="Spanish")).rejects}
    assert {"rejected_parent", "orphaned"} <= found


def test_no_code_is_left_over() -> None:
    shown = {*FILES, *ROWS, "unreadable", "timeout", "internal_error", "rejected_parent", "orphaned", "duplicate_key"}
    assert shown == codes("reject_reasons").keys()


def stages(code: str) -> list[str]:
    return list(entries("reject_reasons")[code]["stages"])
