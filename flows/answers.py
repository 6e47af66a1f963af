"""A line of JSON that holds an article -> a line of JSON with its rows, or with why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from flows.model import Document, Reject
from flows.pipeline import Processed, process
from flows.read.fields import NO_MAP, FieldMap
from flows.read.jsonl import parse_line
from flows.read.limits import LIMITS

LISTS: Final = (
    "segments",
    "sources",
    "actors",
    "actor_mentions",
    "quotes",
    "event_mentions",
    "event_participants",
)


def answer(line: bytes, fields: FieldMap = NO_MAP, seconds: float = LIMITS.document_seconds) -> bytes:
    """The rows of one article as JSON, or why there are none; never an exception, never nothing."""
    doc_id: str | None = None
    try:
        found = parse_line(line, fields=fields, limits=replace(LIMITS, document_seconds=seconds))
        doc_id = found.doc_id
        result = process(found, seconds=seconds) if isinstance(found, Document) else found
        return msgspec.json.encode(_refused(result) if isinstance(result, Reject) else _rows(doc_id, result)) + b"\n"
    except UnicodeEncodeError as error:
        reason = Reject("read", "bad_encoding", f"half of a surrogate pair: send valid Unicode ({error.reason})")
    except Exception as error:  # noqa: BLE001 - the next line must not suffer for this one
        reason = Reject("extract", "internal_error", f"{type(error).__name__}: {error}")
    return msgspec.json.encode(_refused(reason) | {"id": _encodable(doc_id)}) + b"\n"


def answer_all(lines: Sequence[bytes], fields: FieldMap, seconds: float) -> list[bytes]:
    """The answer to each line, in order."""
    return [answer(line, fields, seconds) for line in lines]


def _rows(doc_id: str | None, result: Processed) -> dict[str, Any]:
    (article,), (text,) = result.rows["articles"], result.rows["texts"]
    listed = {name: result.rows.get(name, []) for name in LISTS}
    return {"id": doc_id, "article": article | {"text": text["text"]}, **listed, "dates": result.dates}


def _refused(reject: Reject) -> dict[str, Any]:
    reason = {"reason_code": reject.reason_code, "reason": _encodable(reject.reason)}
    return {"id": reject.doc_id, "reject": reason}


def _encodable(text: str | None) -> str | None:
    return None if text is None else text.encode("utf-8", "replace").decode()
