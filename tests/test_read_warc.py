"""Web archives: pages out of responses, what is filtered, and damage that costs one record and no other."""

from __future__ import annotations

import gzip
import time
import zlib
from pathlib import Path

import brotli
import pytest
from pages import BODY, linked, site
from wires import document, items, record, reject, response

from flows.model import Document, Filtered, Reject
from flows.read.limits import Limits
from flows.read.warc_records import records

PAGE = site(linked(headline="Both piers closed", datePublished="2026-01-12T18:00:00-06:00")).encode()
GOOD = record(response(PAGE))


def chunked(body: bytes, size: int = 700) -> bytes:
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def kinds(found: list[Document | Reject | Filtered]) -> list[str]:
    return [
        f"filtered {each.rule}" if isinstance(each, Filtered) else getattr(each, "reason_code", "document")
        for each in found
    ]


def test_a_page_with_what_the_archive_knows_of_it(tmp_path: Path) -> None:
    found = document(tmp_path, GOOD, "news.warc")
    assert (found.text, found.title, found.input_format) == (BODY, "Both piers closed", "warc")
    assert (found.published_at, found.url) == ("2026-01-12T18:00:00-06:00", "https://courier.example/1")
    assert (found.doc_id, found.byte_offset) == ("<urn:record:1>", 0)
    assert found.extra == {"fetched_at": "2026-02-02T12:00:00Z"}


def test_the_address_is_the_page_s_own_where_it_has_one(tmp_path: Path) -> None:
    page = site("<link rel='canonical' href='/piers'>").encode()
    found = document(tmp_path, record(response(page)), "news.warc")
    assert (found.url, found.extra["fetched_from"]) == ("https://courier.example/piers", "https://courier.example/1")


def test_the_day_of_the_capture_is_no_day_of_publication(tmp_path: Path) -> None:
    assert document(tmp_path, record(response(site().encode())), "news.warc").published_at is None


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(PAGE), ["Transfer-Encoding: chunked"]),
        (gzip.compress(PAGE), ["Content-Encoding: gzip"]),
        (zlib.compress(PAGE), ["Content-Encoding: deflate"]),
        (brotli.compress(PAGE), ["Content-Encoding: br"]),
        (chunked(gzip.compress(PAGE)), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (PAGE, ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),  # unpacked by the crawler
        (PAGE, ["Content-Encoding: identity"]),
    ],
)
def test_bodies_are_unpacked(tmp_path: Path, body: bytes, headers: list[str]) -> None:
    assert document(tmp_path, record(response(body, *headers)), "news.warc").text == BODY


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (gzip.compress(PAGE)[:-200], ["Content-Encoding: br"], "bad_warc"),
        (PAGE, ["Content-Encoding: sdch"], "bad_warc"),
        (gzip.compress(b"a" * 30_000_000), ["Content-Encoding: gzip"], "too_large"),
        (brotli.compress(b"a" * 30_000_000, quality=5), ["Content-Encoding: br"], "too_large"),
        (gzip.compress(PAGE)[:100] + b"damage", ["Content-Encoding: gzip"], "bad_warc"),
    ],
)
def test_bodies_that_cannot_be_unpacked(tmp_path: Path, body: bytes, headers: list[str], code: str) -> None:
    start = time.perf_counter()
    found = items(tmp_path, record(response(body, *headers)) + GOOD, "news.warc")
    assert kinds(found) == [code, "document"]
    assert time.perf_counter() - start < 5


def test_a_body_that_the_crawler_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    told = ["Content-Type: application/http", "WARC-Truncated: length"]
    body = chunked(PAGE)[:-400]
    found = document(tmp_path, record(response(body, "Transfer-Encoding: chunked"), "response", *told), "news.warc")
    assert found.extra["is_truncated"] is True
    assert BODY.startswith(found.text[:100])


@pytest.mark.parametrize(
    ("media_type", "declared", "encoding"),
    [
        ("text/html; charset=iso-8859-1", "", "cp1252"),
        ("text/html; charset=windows-1251", "<meta charset='utf-8'>", "cp1251"),
        ("text/html", "<meta charset='windows-1252'>", "cp1252"),
        ("text/html; charset=utf-8", "<meta charset='windows-1252'>", "cp1252"),  # the server is wrong
        ("text/html; charset=nonsense", "<meta charset='windows-1252'>", "cp1252"),
        ("text/html; charset=base64", "", "utf-8"),
    ],
)
def test_the_server_tells_the_encoding(tmp_path: Path, media_type: str, declared: str, encoding: str) -> None:
    title = "Причал закрыт" if encoding == "cp1251" else "Où est le quai ?"
    page = site(f"{declared}<title>{title}</title><meta property='og:title' content='{title}'>")
    page = page.replace("“", '"').replace("©", "").replace("&ldquo;", "").replace("&rdquo;", "")
    assert document(tmp_path, record(response(page.encode(encoding), media_type=media_type)), "a.warc").title == title


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (record(b"software: crawler\r\n", "warcinfo", "Content-Type: application/warc-fields"), "archive_record"),
        (record(b"GET / HTTP/1.1\r\n\r\n", "request"), "archive_record"),
        (record(b"fetchTimeMs: 3\r\n", "metadata"), "archive_record"),
        (record(response(b""), "revisit"), "revisit"),
        (record(response(b"", "Location: /2", status="301 Moved Permanently")), "http_status"),
        (record(response(PAGE, status="404 Not Found")), "http_status"),
        (record(response(b"\x89PNG", media_type="image/png")), "media_type"),
        (record(response(b"User-agent: *", media_type="text/plain")), "media_type"),
        (record(response(b"\0" * 3_000_000, media_type="video/mp4")), "media_type"),
        (record(b"20260112 ns.example", "resource", "Content-Type: text/dns"), "media_type"),
    ],
)
def test_what_is_no_article_is_filtered(tmp_path: Path, one: bytes, kind: str) -> None:
    found = items(tmp_path, one + GOOD, "news.warc", document_bytes=2_000_000)
    assert kinds(found) == [f"filtered {kind}", "document"]
    assert found[1].byte_offset == len(one)


def test_resources_and_extracted_texts_are_read(tmp_path: Path) -> None:
    page = record(PAGE, "resource", "Content-Type: text/html; charset=utf-8")
    text = record(BODY.encode(), "conversion", "Content-Type: text/plain")
    untyped = record(response(PAGE).replace(b"text/html", b"application/octet-stream"))
    found = items(tmp_path, page + text + untyped, "news.warc")
    assert [each.text for each in found if isinstance(each, Document)] == [BODY] * 3


@pytest.mark.parametrize(
    ("damaged", "code"),
    [
        (b"noise between records\r\n\r\nand more of it\r\n\r\n", "bad_warc"),
        (record(response(PAGE), length=100), "bad_warc"),
        (record(response(PAGE), length=len(PAGE) + 500), "bad_warc"),
        (record(response(PAGE), length=len(PAGE) + 50_000), "bad_warc"),
        (record(response(PAGE), length=10**9), "bad_warc"),
        (record(response(PAGE), length=10**14), "bad_warc"),
        (GOOD.replace(b"Content-Length", b"Content-Size"), "bad_warc"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n" + b"X" * 100_000 + b"\r\n\r\n", "bad_warc"),
        (GOOD[:300] + b"\r\n", "bad_warc"),
        (record(b"no HTTP at all", "response"), "document"),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_damaged_record_costs_no_other(tmp_path: Path, damaged: bytes, code: str, is_packed: bool) -> None:  # noqa: FBT001
    parts = [record(response(PAGE), number=2), damaged, record(response(PAGE), number=3)]
    data = b"".join(map(gzip.compress, parts)) if is_packed else b"".join(parts)
    found = items(tmp_path, data, "news.warc.gz" if is_packed else "news.warc")
    good = [each for each in found if isinstance(each, Document)]
    assert [each.url for each in good] == ["https://courier.example/2", "https://courier.example/3"]
    assert [each.byte_offset for each in good] == [0, len(parts[0] + parts[1])]
    bad = [each for each in found if isinstance(each, Reject)]
    if code == "document":
        assert kinds(found)[1] == "filtered media_type"
    else:
        assert [each.reason_code for each in bad] == [code]
        assert bad[0].payload


def test_an_archive_that_is_cut_off(tmp_path: Path) -> None:
    assert kinds(items(tmp_path, GOOD + GOOD[:-500], "news.warc")) == ["document", "truncated"]
    assert kinds(items(tmp_path, GOOD + GOOD[:90], "news.warc")) == ["document", "bad_warc"]
    packed = gzip.compress(GOOD) * 2
    assert kinds(items(tmp_path, packed[:-200], "news.warc.gz")) == ["document", "truncated"]


def test_a_page_that_is_too_long_is_a_reject(tmp_path: Path) -> None:
    found = items(tmp_path, record(response(PAGE * 20)) + GOOD, "news.warc", document_bytes=50_000)
    assert kinds(found) == ["too_long", "document"]


def test_records_are_the_same_however_the_bytes_come() -> None:
    data = GOOD + b"noise\r\n" + GOOD + record(response(PAGE), length=9_000_000) + GOOD + GOOD[:400]
    whole = list(records([data], Limits()))
    assert len(whole) == 6
    for size in (1, 13, 4096):
        parts = list(records([data[at : at + size] for at in range(0, len(data), size)], Limits()))
        assert [(p.data, p.byte_offset) for p in parts] == [(p.data, p.byte_offset) for p in whole]
        assert [p.error and p.error.reason_code for p in parts] == [p.error and p.error.reason_code for p in whole]
    assert sum(len(p.data) for p in whole) == len(data) - 3 * len("\r\n\r\n")  # behind those that are whole


def test_the_same_record_is_known_by_its_bytes(tmp_path: Path) -> None:
    one, other = items(tmp_path, GOOD + GOOD, "news.warc")
    assert isinstance(one, Document)
    assert isinstance(other, Document)
    assert one.input_sha256 == other.input_sha256 is not None


def test_reject_keeps_the_record(tmp_path: Path) -> None:
    found = reject(tmp_path, record(response(b"<html><body></body></html>")), "news.warc")
    assert (found.reason_code, found.payload.startswith("WARC/1.0")) == ("no_body", True)


def test_a_damaged_member_of_a_packed_archive_costs_no_other(tmp_path: Path) -> None:
    parts = [gzip.compress(record(response(PAGE), number=number)) for number in range(1, 6)]
    middle = bytearray(parts[2])
    middle[len(middle) // 2] ^= 0xFF
    parts[2] = bytes(middle)
    found = items(tmp_path, b"".join(parts), "news.warc.gz")
    good = [each.doc_id for each in found if isinstance(each, Document)]
    assert good == [f"<urn:record:{number}>" for number in (1, 2, 4, 5)]
    assert kinds(found)[-1] == "bad_archive"
    assert kinds(found)[2:-3] in ([], ["bad_warc"])
