"""A small dataset that keeps every rule: one article of two sentences with a post, and rows for all tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from flows.duplicates import fingerprint
from flows.ids import content_id, sha256_hex
from schemas import TABLES, vocab
from schemas.arrow import arrow_schema

TEXT = (
    "La ministra Ana Ruiz Solís habló ayer por teléfono con el embajador Tom Hill en Lima. "
    "“El diálogo sigue 🕊️ abierto”, dijo Ruiz.\n\n"
    "Gracias, embajador. — Cancillería (@canci_xx) 4 de marzo de 2024"
)
SOURCE, ACCOUNT = content_id("src", "diario"), content_id("src", "canci_xx")
ARTICLE = content_id("art", TEXT)
MINISTER, AMBASSADOR = content_id("act", "ruiz"), content_id("act", "hill")
MENTION, OTHER_MENTION = content_id("men", "ruiz"), content_id("men", "hill")
QUOTE = content_id("quo", "dialogo")
REPORT, EVENT = content_id("evm", "call"), content_id("evt", "call")
PUBLISHED = datetime.fromisoformat("2024-03-05T02:30:00")  # UTC
RUN = content_id("run", "1")
REJECT = content_id("rej", "1")


def at(words: str) -> tuple[int, int]:
    """The span of words in the text."""
    start = TEXT.index(words)
    return start, start + len(words)


def rows() -> dict[str, list[dict[str, Any]]]:
    """Fresh rows of every table."""
    sentence = at(TEXT[: TEXT.index("Lima.") + 5])
    quote, trigger, post = at("El diálogo sigue 🕊️ abierto"), at("habló ayer por teléfono"), TEXT.index("Gracias")
    call = next(row for row in vocab.event_types() if row["mode"] == "phone")
    return {
        "sources": [
            _source(SOURCE, kind="outlet", name="El Diario", domain="eldiario.example", country_code="PER"),
            _source(ACCOUNT, kind="social_account", name="Cancillería", platform="x", handle="canci_xx"),
        ],
        "articles": [
            {
                "article_id": ARTICLE,
                "source_id": SOURCE,
                "url": "https://eldiario.example/1",
                "title": "Llamada",
                "authors": ["Eva Paz"],
                "published_at": PUBLISHED,
                "published_date": date(2024, 3, 4),
                "utc_offset_minutes": -300,
                "date_basis": "sender",
                "language": "es",
                "language_confidence": 0.99,
                "char_count": len(TEXT),
                "word_count": 30,
                "text_sha256": sha256_hex(TEXT),
                "duplicate_of": None,
                "duplicate_kind": None,
                "duplicate_similarity": None,
                "input_uri": "data/raw/1.jsonl",
                "input_format": "jsonl",
                "input_sha256": None,
                "pipeline_version": "0.1.0",
                "extra": '{"section":"politica"}',
            }
        ],
        "texts": [{"article_id": ARTICLE, "text": TEXT}],
        "fingerprints": [{"article_id": ARTICLE, **fingerprint(TEXT, "Llamada", "https://eldiario.example/1")}],
        "segments": [_segment(0, "paragraph", 0, post - 2), _segment(1, "post", post, len(TEXT), ACCOUNT)],
        "actors": [
            _actor(MINISTER, "Ana Ruiz Solís", "PER", ["Ruiz"]),
            _actor(AMBASSADOR, "Tom Hill", "USA", []),
        ],
        "actor_mentions": [
            _mention(MENTION, MINISTER, "Ana Ruiz Solís", "La ministra"),
            _mention(OTHER_MENTION, AMBASSADOR, "Tom Hill", "el embajador"),
        ],
        "quotes": [
            {
                "quote_id": QUOTE,
                "article_id": ARTICLE,
                "char_start": quote[0],
                "char_end": quote[1],
                "text": TEXT[slice(*quote)],
                "is_open": False,
                "utterance_id": QUOTE,
                "kind": "direct",
                "language": "es",
                "speaker_actor_id": MINISTER,
                "speaker_surface": "Ruiz",
                "speaker_start": at("Ruiz.\n")[0],
                "speaker_end": at("Ruiz.\n")[0] + 4,
                "cue": "dijo",
                "stance_code": "neutral",
                "source_id": None,
                "said_date": date(2024, 3, 4),
                "rule": "after",
                "confidence": 0.9,
            }
        ],
        "event_mentions": [
            {
                "event_mention_id": REPORT,
                "event_id": EVENT,
                "article_id": ARTICLE,
                "quote_id": None,
                "char_start": sentence[0],
                "char_end": sentence[1],
                "trigger": TEXT[slice(*trigger)],
                "trigger_start": trigger[0],
                "trigger_end": trigger[1],
                "type": "CONSULT",
                "mode": "phone",
                "contexts": ["diplomatic"],
                "cameo_code": call["cameo_code"],
                "quad_class": call["quad_class"],
                "intensity": call["intensity"],
                "realis": "actual",
                "date_start": date(2024, 3, 3),
                "date_end": date(2024, 3, 3),
                "date_granularity": "day",
                "date_expression": "ayer",
                "date_basis": "relative",
                "place_name": "Lima",
                "place_country_code": "PER",
                "latitude": -12.05,
                "longitude": -77.04,
                "place_basis": "clause",
                "rule": "verb",
                "confidence": 0.8,
            }
        ],
        "event_participants": [
            {"event_mention_id": REPORT, "actor_id": MINISTER, "actor_mention_id": MENTION, "role": "actor"},
            {"event_mention_id": REPORT, "actor_id": AMBASSADOR, "actor_mention_id": OTHER_MENTION, "role": "actor"},
        ],
        "events": [
            {
                "event_id": EVENT,
                "type": "CONSULT",
                "mode": "phone",
                "date_start": date(2024, 3, 3),
                "date_end": date(2024, 3, 3),
                "place_country_code": "PER",
                "mention_count": 1,
                "article_count": 1,
                "source_count": 1,
                "first_reported_at": PUBLISHED,
                "cluster_rule": "single",
            }
        ],
        "event_types": [dict(row) for row in vocab.event_types()],
        "rejects": [
            {
                "reject_id": REJECT,
                "stage": "read",
                "table": None,
                "reason_code": "bad_json",
                "reason": "line 2 of a.jsonl is no JSON object: correct it",
                "input_uri": "a.jsonl",
                "byte_offset": 812,
                "payload": "{",
                "payload_encoding": "utf-8",
                "payload_sha256": sha256_hex("{"),
            }
        ],
        "runs": [
            {
                "run_id": RUN,
                "started_at": datetime.fromisoformat("2024-03-06T01:00:00"),
                "finished_at": datetime.fromisoformat("2024-03-06T02:00:00"),
                "documents_in": 2,
                "accepted": 1,
                "duplicate": 0,
                "rejected": 1,
                "refused_again": 0,
                "resolved": 0,
                "filtered": 0,
                "filters": "{}",
                "rows": '{"articles":1}',
                "versions": '{"newsevents":"0.1.0"}',
                "settings_sha256": sha256_hex("{}"),
            }
        ],
    }


def tables() -> dict[str, pa.Table]:
    """The rows as Arrow tables."""
    return {name: arrow(name, rows()[name]) for name in TABLES}


def arrow(table: str, content: list[dict[str, Any]]) -> pa.Table:
    """Rows of a table as Arrow."""
    return pa.Table.from_pylist(content, schema=arrow_schema(table))


def batch(**changes: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """The sample dataset with other rows in some tables."""
    return tables() | {table: arrow(table, content) for table, content in changes.items()}


def changed(table: str, number: int = 0, **columns: Any) -> dict[str, pa.Table]:
    """The sample dataset with other values in one row."""
    content = rows()[table]
    content[number] |= columns
    return batch(**{table: content})


def _source(source_id: str, **columns: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("domain", "platform", "handle", "country_code", "licence"))
    return {"source_id": source_id, "text_policy": "private", **empty, **columns}


def _segment(number: int, kind: str, start: int, end: int, account: str | None = None) -> dict[str, Any]:
    return {
        "article_id": ARTICLE,
        "segment_no": number,
        "kind": kind,
        "char_start": start,
        "char_end": end,
        "language": "es",
        "language_confidence": 0.9,
        "source_id": account,
        "posted_date": date(2024, 3, 4) if account else None,
    }


def _actor(actor_id: str, name: str, country: str, aliases: list[str]) -> dict[str, Any]:
    return {
        "actor_id": actor_id,
        "name": name,
        "kind": "person",
        "country_code": country,
        "sector_code": "GOV",
        "aliases": aliases,
    }


def _mention(mention_id: str, actor_id: str, surface: str, role: str) -> dict[str, Any]:
    start, end = at(surface)
    return {
        "actor_mention_id": mention_id,
        "article_id": ARTICLE,
        "actor_id": actor_id,
        "char_start": start,
        "char_end": end,
        "surface": surface,
        "kind": "name",
        "role_text": role,
        "rule": "name",
    }
