"""XML from anywhere: no document type, no entity, no look outside, and bounds on everything else."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from wires import TEXT, full, item, items, reject, rss

from flows.model import Document, Reject
from flows.read.limits import Limits
from flows.read.safe_xml import elements

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
QUADRATIC = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 50_000}'>]><rss><channel><item>{'&a;' * 50_000}</item></channel></rss>"
HOSTILE = {
    "billion laughs": f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{LAUGHS}]><rss><channel><item>&l11;</item></channel></rss>",
    "quadratic blow-up": QUADRATIC,
    "external file": "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><rss><channel><item>&f;</item></channel></rss>",
    "external address": "<!DOCTYPE rss [<!ENTITY f SYSTEM 'http://127.0.0.1:9/'>]><rss><item>&f;</item></rss>",
    "external document type": "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/rss.dtd'><rss><channel/></rss>",
    "parameter entity": "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/hostname'>%p;]><rss><channel/></rss>",
}
calls: list[str] | None = None


def _audit(event: str, args: tuple[object, ...]) -> None:
    if calls is not None and event in {"open", "socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        calls.append(f"{event} {args[0]}")


sys.addaudithook(_audit)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_type_is_refused_at_once_and_nothing_is_opened(name: str) -> None:
    global calls
    start, calls = time.perf_counter(), []
    try:
        (found,) = elements([HOSTILE[name].encode()], ["item"])
    finally:
        opened, calls = calls, None
    assert found.piece.error is not None
    assert (found.piece.error.reason_code, opened) == ("bad_xml", [])
    assert "<!DOCTYPE rss>" in found.piece.error.reason
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("broken", "code", "told"),
    [
        ("<p>&nbsp;</p>", "bad_xml", "undefined entity"),
        ("<a></b>", "bad_xml", "mismatched tag"),
        ("&", "bad_xml", "not well-formed"),
        ("<media2:x/>", "bad_xml", "unbound prefix"),
        ("\x01", "bad_xml", "not well-formed"),
    ],
)
def test_what_came_before_the_damage_is_read(tmp_path: Path, broken: str, code: str, told: str) -> None:
    content = rss(item(full(TEXT)), broken, item(full(TEXT)))
    first, second = items(tmp_path, content)
    assert isinstance(first, Document)
    assert isinstance(second, Reject)
    assert (second.reason_code, told in second.reason) == (code, True)
    assert second.byte_offset is not None
    assert content.index("</item>") < second.byte_offset <= content.rindex("<item>")


def test_a_byte_that_is_no_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    content = rss(item("")).encode().replace(b"Both", b"B\xf3th")
    found = reject(tmp_path, content)
    assert found.reason_code == "bad_encoding"
    assert f"0xf3 at offset {content.index(0xF3)}" in found.reason


@pytest.mark.parametrize("size", [1, 7, 100])
def test_elements_are_the_same_however_the_bytes_come(size: int) -> None:
    content = rss(item(full(f"{TEXT} ñandú &amp; €")), "<item a='1'/>", item("")).encode()
    whole = list(elements([content], ["item"]))
    parts = list(elements((content[at : at + size] for at in range(0, len(content), size)), ["item"]))
    assert [found.piece for found in parts] == [found.piece for found in whole]
    assert [content[f.piece.byte_offset :].startswith(f.piece.data) for f in whole] == [True] * 3
    assert [found.piece.data[:5] + found.piece.data[-2:] for found in whole] == [b"<itemm>", b"<item/>", b"<itemm>"]
    assert parts[0].around["channel/title"] == "Lanmer Courier"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "shift_jis", "iso-2022-jp"])
def test_encodings_are_as_declared(tmp_path: Path, encoding: str) -> None:
    text = "東京の港は火曜日に閉鎖された。" if "jp" in encoding or "jis" in encoding else "“Señor”, dijo él." * 2
    text = text.replace("“", '"').replace("”", '"') if encoding == "iso-8859-1" else text
    declared = rss(item(full(text))).replace("'1.0'?", f"'1.0' encoding='{encoding.removesuffix('-sig')}'?")
    (found,) = items(tmp_path, declared.encode(encoding))
    assert isinstance(found, Document), found
    assert found.text == text


@pytest.mark.parametrize("encoding", ["base64", "zip", "nonsense", "undefined", "idna", "punycode", "unicode_escape"])
def test_an_encoding_that_is_none_is_taken_for_utf8(tmp_path: Path, encoding: str) -> None:
    (found,) = items(tmp_path, rss(item(full("ñ."))).replace("'1.0'?", f"'1.0' encoding='{encoding}'?"))
    assert isinstance(found, Document), found
    assert found.text == "ñ."


def test_bytes_that_are_not_as_declared_are_told(tmp_path: Path) -> None:
    declared = rss(item(full("a")), "?").replace("'1.0'?", "'1.0' encoding='euc-jp'?")
    first, second = items(tmp_path, declared.encode().replace(b"?<", b"\xff\xff<"))
    assert isinstance(first, Document)
    assert isinstance(second, Reject)
    assert (second.reason_code, "0xff is no EUC" in second.reason) == ("bad_encoding", True)


@pytest.mark.parametrize(
    ("inner", "code", "seconds"),
    [
        ("<a>" * 100_000 + "</a>" * 100_000, "nesting", 2),
        ("<a/>" * 200_000, "too_long", 2),
        ("a" * 2_000_000, "too_long", 2),
    ],
)
def test_one_that_is_too_much_costs_no_other(tmp_path: Path, inner: str, code: str, seconds: float) -> None:
    start = time.perf_counter()
    first, second = items(tmp_path, rss(item(inner), item(full(TEXT))), document_bytes=1_900_000)
    assert isinstance(first, Reject)
    assert isinstance(second, Document)
    assert (first.reason_code, second.text) == (code, TEXT)
    assert time.perf_counter() - start < seconds


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<rss>" + b"<a>" * 1_000, "nesting"),
        (b"<rss><item><a " + b"a" * 3_000_000, "bad_xml"),
        (b"<rss><!--" + b"a" * 3_000_000, "bad_xml"),
        (b"<rss>" + b"<a/>" * 2_000_000, "too_large"),
        (b"<rss><item>", "truncated"),
        (b"<rss><item/></rss><rss/>", "bad_xml"),
    ],
)
def test_a_file_that_is_too_much_ends_soon(data: bytes, code: str) -> None:
    start = time.perf_counter()
    *_, last = elements([data], ["item"], Limits())
    assert last.piece.error is not None
    assert last.piece.error.reason_code == code
    assert len(last.piece.data) < 3_000_100
    assert time.perf_counter() - start < 5
