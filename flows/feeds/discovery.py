"""A page -> the feeds that it names, for whoever gave its address instead of theirs."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import httpx

HEAD: Final = 300_000  # bytes in which the links stand
LINK: Final = re.compile(rb"<link\b[^<>]{0,1000}>", re.IGNORECASE)
FEED_TYPE: Final = re.compile(rb"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)
ADDRESS: Final = re.compile(rb"\bhref\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE)
SHOWN: Final = 3


def feeds_named(page: bytes, url: str) -> list[str]:
    """The first addresses of feeds that a page at `url` declares."""
    links = (link[0] for link in LINK.finditer(page[:HEAD]))
    found = (ADDRESS.search(link) for link in links if FEED_TYPE.search(link))
    addresses = dict.fromkeys(_joined(url, match[1].decode("utf-8", "replace")) for match in found if match)
    return [address for address in addresses if address][:SHOWN]


def _joined(url: str, address: str) -> str:
    try:
        return str(httpx.URL(url).join(unescape(address)))
    except (httpx.InvalidURL, ValueError):
        return ""
