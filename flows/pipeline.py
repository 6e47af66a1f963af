"""The whole way in plain Python: a raw document -> rows or a reject; a batch of documents -> Arrow tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import tables
from flows.article import ArticleError, to_article
from flows.extract import extract
from flows.ids import sha256_hex
from flows.language import annotate
from flows.model import Document, Reject
from flows.settings import pipeline_version

if TYPE_CHECKING:
    import pyarrow as pa

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


def process_batch(documents: Iterable[Document], *, assume_publication_date: bool = False) -> dict[str, pa.Table]:
    """All rows of a batch as one Arrow table per table; rejects among them, sources and actors once each."""
    collected: tables.Rows = defaultdict(list)
    for document in documents:
        result = process(document, assume_publication_date=assume_publication_date)
        if isinstance(result, Reject):
            collected["rejects"].append(tables.reject_row(result))
            continue
        for name, listed in result.rows.items():
            collected[name].extend(listed)
    for name, key in (("sources", "source_id"), ("actors", "actor_id")):
        collected[name] = merge(collected[name], key)
    return tables.to_arrow(collected)


def merge(listed: Iterable[tables.Row], key: str) -> list[tables.Row]:
    """One row per key, whatever the order: the longest name, every alias, the smallest of other values that differ."""
    merged: dict[str, tables.Row] = {}
    for row in listed:
        old = merged.get(row[key])
        merged[row[key]] = row if old is None else _joined(old, row)
    return [merged[k] for k in sorted(merged)]


def _joined(a: tables.Row, b: tables.Row) -> tables.Row:
    names = sorted({a["name"], b["name"]}, key=lambda name: (-len(name), name))
    joined = {
        column: min((v for v in (a[column], b[column]) if v is not None), default=None)
        for column in a
        if column not in ("name", "aliases")
    }
    joined["name"] = names[0]
    if "aliases" in a:
        joined["aliases"] = sorted({*a["aliases"], *b["aliases"], *names[1:]} - {names[0]})
    return {column: joined[column] for column in a}


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
