"""The frozen records that cross stages: raw document -> article with blocks -> extraction, and the reject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """One raw document as a reader yields it: nothing interpreted, the text exactly as read.

    `input_sha256` is of the raw bytes that it was read from, and of what decided how they were read.
    """

    text: str
    input_uri: str = ""
    input_format: str = "text"
    byte_offset: int = 0
    doc_id: str | None = None
    title: str | None = None
    url: str | None = None
    published_at: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    input_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A document or row that was not accepted; `payload` is its beginning, `payload_sha256` of all of it.

    Bytes that are no UTF-8 are in the payload as base64; `payload_encoding` says so.
    """

    stage: str
    reason_code: str
    reason: str
    input_uri: str = ""
    byte_offset: int | None = None
    payload: str = ""
    payload_sha256: str = ""
    payload_encoding: str = "utf-8"
    table: str | None = None
    doc_id: str | None = None


@dataclass(frozen=True, slots=True)
class Filtered:
    """What a rule leaves out because it is no article by its nature; it counts in the books and has no row."""

    rule: str
    input_uri: str = ""
    byte_offset: int | None = None


Item = Document | Reject | Filtered  # what becomes of each document that comes in


@dataclass(frozen=True, slots=True)
class Account:
    """A social media account as a post or the text names it; `handle` without the @."""

    name: str
    handle: str
    platform: str = "x"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text with one job: header, headline, caption, paragraph, list or post.

    `start, end` hold the whole block, `body_end` where a post's own words end and its signature begins.
    """

    kind: str
    start: int
    end: int
    language: str | None = None
    language_confidence: float | None = None
    body_end: int | None = None
    account: Account | None = None
    posted: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article: metadata with its basis, the immutable text, and its blocks in order of start."""

    article_id: str
    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    published_at: datetime | None = None
    published_date: date | None = None
    utc_offset_minutes: int | None = None
    date_basis: str = "none"
    language: str | None = None
    language_confidence: float | None = None
    input_uri: str = ""
    input_format: str = "text"
    extra: Mapping[str, Any] = field(default_factory=dict)
    input_sha256: str | None = None
