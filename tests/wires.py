"""The same short article as feeds, wires and archives send it."""

from __future__ import annotations

import json
from pathlib import Path

from flows.model import Document, Filtered, Reject
from flows.read import Limits, read

TEXT = "The harbour authority of Port Lanmer closed both piers on Tuesday after cracks were found in the older one."
SECOND = "Engineers said that the repair would take until autumn."
NAMESPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom'"
)


def rss(*items: str, channel: str = "<title>Lanmer Courier</title><language>en-gb</language>") -> str:
    return f"<?xml version='1.0'?><rss version='2.0' {NAMESPACES}><channel>{channel}{''.join(items)}</channel></rss>"


def item(inner: str, title: str = "Both piers closed") -> str:
    return f"<item><title>{title}</title><link>https://courier.example/piers</link>{inner}</item>"


def full(html: str) -> str:
    return f"<content:encoded><![CDATA[{html}]]></content:encoded>"


def atom(*entries: str, feed: str = "<title>Lanmer Courier</title><link href='https://courier.example/'/>") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>{feed}{''.join(entries)}</feed>"


def newsml(inner: str, *, kind: str = "newsItem", meta: str = "", about: str = "") -> str:
    return (
        f"<{kind} xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:newsml:lanmer:piers' xml:lang='en'>"
        f"<itemMeta><itemClass qcode='ninat:text'/>{meta}</itemMeta><contentMeta>{about}</contentMeta>"
        f"<contentSet>{inner}</contentSet></{kind}>"
    )


def nitf(body: str, head: str = "", above: str = "<hedline><hl1>Both piers closed</hl1></hedline>") -> str:
    content = f"<body.head>{above}</body.head><body.content>{body}</body.content>"
    return f"<nitf><head>{head}</head><body>{content}</body></nitf>"


def sitemap(*entries: str) -> str:
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    return f"<urlset {spaces}>{''.join(entries)}</urlset>"


def response(page: bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html") -> bytes:
    """The block of a response record."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", *headers, "", ""]
    return "\r\n".join(lines).encode() + page


def record(block: bytes, kind: str = "response", *headers: str, length: int | None = None, number: int = 1) -> bytes:
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: https://courier.example/{number}",
        "WARC-Date: 2026-02-02T12:00:00Z",
        f"WARC-Record-ID: <urn:record:{number}>",
        *(headers or ("Content-Type: application/http; msgtype=response",)),
        f"Content-Length: {len(block) if length is None else length}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


# by the name of the reader, for the test of the registry
SAMPLES: dict[str, str] = {
    "warc": record(response(f"<p>{TEXT}</p>".encode())).decode(),
    "feed": rss(item(full(f"<p>{TEXT}</p>"))),
    "newsml": newsml(f"<inlineData contenttype='text/plain'>{TEXT}</inlineData>"),
    "nitf": nitf(f"<p>{TEXT}</p>"),
    "jsonfeed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Courier",
            "items": [{"id": "1", "content_text": TEXT}],
        }
    ),
    "ninjs": json.dumps({"uri": "urn:piers", "versioncreated": "2026-01-12T18:00:00Z", "body_text": TEXT}),
}


def items(
    folder: Path, content: str | bytes, name: str = "file.xml", **limits: int
) -> list[Document | Reject | Filtered]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read([path], limits=Limits(**limits)))


def document(folder: Path, content: str | bytes, name: str = "file.xml") -> Document:
    (found,) = items(folder, content, name)
    assert isinstance(found, Document), found
    return found


def reject(folder: Path, content: str | bytes, name: str = "file.xml", **limits: int) -> Reject:
    (found,) = items(folder, content, name, **limits)
    assert isinstance(found, Reject), found
    return found
