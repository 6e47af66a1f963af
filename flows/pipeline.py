"""The whole way of one document in plain Python: a raw document -> rows or a reject."""

from __future__ import annotations

from dataclasses import dataclass

from flows import tables
from flows.article import ArticleError, to_article
from flows.budget import OutOfTimeError, budget
from flows.extract import extract
from flows.ids import sha256_hex
from flows.language import annotate
from flows.model import Document, Reject
from flows.read.limits import LIMITS
from flows.read.rejects import SLOWER
from flows.settings import pipeline_version

PAYLOAD: int = 4000  # characters of a refused document that its reject keeps
REASON: int = 200  # characters of an error's message: some hold the whole text


@dataclass(frozen=True, slots=True)
class Processed:
    """One document's rows by table, and its calendar dates, which are no table."""

    rows: tables.Rows
    dates: list[tables.Row]


def process(
    document: Document, *, assume_publication_date: bool = False, seconds: float = LIMITS.document_seconds
) -> Processed | Reject:
    """Article, languages, extraction and rows of one document; what cannot be an article is a reject.

    So is what takes more than so many `seconds` of the processor, with the code `timeout`.
    """
    stage = "article"
    try:
        with budget(seconds):
            article = to_article(document)
            stage = "language"
            article = annotate(article)
            stage = "extract"
            found = extract(article)
            stage = "tables"
            rows = tables.rows(article, found, pipeline_version(), assume_publication_date=assume_publication_date)
            return Processed(rows, tables.dates(found))
    except ArticleError as error:
        return _reject(document, stage, error.reason_code, error.reason)
    except OutOfTimeError:
        return _reject(document, stage, "timeout", f"it took more than {seconds:g} s: {SLOWER}")
    except Exception as error:  # noqa: BLE001 one bad document must not stop a million good ones
        return _reject(document, stage, "internal_error", f"{type(error).__name__}: {str(error)[:REASON]}")


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
