"""The whole way of one document in plain Python: a raw document -> rows or a reject."""

from __future__ import annotations

from dataclasses import dataclass

from flows import tables
from flows.article import ArticleError, to_article
from flows.extract import extract
from flows.ids import sha256_hex
from flows.language import annotate
from flows.model import Document, Reject
from flows.settings import pipeline_version

PAYLOAD: int = 4000  # characters of a refused document that its reject keeps


@dataclass(frozen=True, slots=True)
class Processed:
    """One document's rows by table, and its calendar dates, which are no table."""

    rows: tables.Rows
    dates: list[tables.Row]


def process(document: Document, *, assume_publication_date: bool = False) -> Processed | Reject:
    """Article, languages, extraction and rows of one document; what cannot be an article is a reject."""
    try:
        article = annotate(to_article(document))
    except ArticleError as error:
        return _reject(document, "article", error.reason_code, error.reason)
    try:
        found = extract(article)
        rows = tables.rows(article, found, pipeline_version(), assume_publication_date=assume_publication_date)
        return Processed(rows, tables.dates(found))
    except Exception as error:  # noqa: BLE001 one bad document must not stop a million good ones
        return _reject(document, "extract", "internal_error", f"{type(error).__name__}: {error}")


def _reject(document: Document, stage: str, reason_code: str, reason: str) -> Reject:
    return Reject(
        stage=stage,
        reason_code=reason_code,
        reason=reason,
        input_uri=document.input_uri,
        byte_offset=document.byte_offset,
        payload=document.text[:PAYLOAD],
        payload_sha256=sha256_hex(document.text),
        doc_id=document.doc_id,
    )
