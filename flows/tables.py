"""An article and what was extracted from it -> rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from flows.ids import content_id, sha256_hex
from schemas.vocab import event_types

if TYPE_CHECKING:
    from datetime import date

    from flows.extract import Extraction
    from flows.extract.dates import DateMention
    from flows.extract.identity import Actor
    from flows.extract.mention import Mention
    from flows.extract.results import EventMention, Quote, Source
    from flows.model import Article, Reject

Row = dict[str, Any]
Rows = dict[str, list[Row]]

CODEBOOK: Final = {(row["type"], row["mode"]): row for row in event_types()}
ASSUMED: Final = 0.7  # what is left of a confidence when the day is assumed
DATED: Final = frozenset({"explicit", "relative"})


def rows(article: Article, found: Extraction, pipeline_version: str, *, assume_publication_date: bool = False) -> Rows:
    """All rows of one article by table, in reading order; tables without rows are there too.

    With `assume_publication_date` an actual event told in the past tense without a date happened on the day of
    publication; such rows say so in `date_basis` and are less confident.
    """
    assumed = article.published_date if assume_publication_date else None
    ids = {id(q): content_id("quo", article.article_id, q.start, q.end, q.kind) for q in found.quotes}
    actor_ids = [actor.actor_id for actor in found.actors]
    mentions = _mentions(article, found, actor_ids)
    events = [_event(article, e, ids, assumed) for e in found.events]
    return {
        "sources": [_source(s) for s in found.sources],
        "articles": [_article(article, found, pipeline_version)],
        "texts": [{"article_id": article.article_id, "text": article.text}],
        "segments": _segments(article, found),
        "actors": _actors(found.actors, actor_ids),
        "actor_mentions": mentions,
        "quotes": [_quote(article, q, ids, actor_ids) for q in found.quotes],
        "event_mentions": events,
        "event_participants": _participants(article, found, events, actor_ids),
    }


def dates(found: Extraction) -> list[Row]:
    """The calendar dates as `extract` prints them."""
    return [
        {
            "char_start": d.char_start,
            "char_end": d.char_end,
            "surface": d.surface,
            "value": d.value,
            "end": d.end,
            "granularity": d.granularity,
            "basis": d.basis,
        }
        for d in found.dates
    ]


def _source(source: Source) -> Row:
    return {
        "source_id": source.source_id,
        "kind": source.kind,
        "name": source.name,
        "domain": source.domain,
        "platform": source.platform,
        "handle": source.handle,
        "country_code": source.country,
        "text_policy": "snippet",
        "licence": None,
    }


def _article(article: Article, found: Extraction, pipeline_version: str) -> Row:
    return {
        "article_id": article.article_id,
        "source_id": found.article_source.source_id if found.article_source else None,
        "url": article.url,
        "title": article.title,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "published_date": article.published_date,
        "utc_offset_minutes": article.utc_offset_minutes,
        "date_basis": article.date_basis,
        "language": article.language,
        "language_confidence": article.language_confidence,
        "char_count": len(article.text),
        "word_count": len(article.text.split()),
        "text_sha256": sha256_hex(article.text),
        "duplicate_of": None,
        "duplicate_kind": None,
        "duplicate_similarity": None,
        "input_uri": article.input_uri or None,
        "input_format": article.input_format,
        "input_sha256": article.input_sha256,
        "pipeline_version": pipeline_version,
        "extra": msgspec.json.encode(article.extra, order="sorted").decode() if article.extra else None,
    }


def _segments(article: Article, found: Extraction) -> list[Row]:
    return [
        {
            "article_id": article.article_id,
            "segment_no": number,
            "kind": block.kind,
            "char_start": block.start,
            "char_end": block.end,
            "language": block.language,
            "language_confidence": block.language_confidence,
            "source_id": found.block_sources[number].source_id if number in found.block_sources else None,
            "posted_date": block.posted,
        }
        for number, block in enumerate(article.blocks)
    ]


def _actors(actors: Iterable[Actor], actor_ids: Iterable[str]) -> list[Row]:
    return [
        {
            "actor_id": actor_id,
            "name": actor.name,
            "kind": actor.kind,
            "country_code": actor.country,
            "sector_code": actor.sector,
            "aliases": sorted(actor.aliases - {actor.name}),
        }
        for actor, actor_id in zip(actors, actor_ids, strict=True)
    ]


def _mention_id(article: Article, mention: Mention, actor_id: str) -> str:
    return content_id("men", article.article_id, mention.start, mention.end, actor_id)


def _mentions(article: Article, found: Extraction, actor_ids: list[str]) -> list[Row]:
    return [
        {
            "actor_mention_id": _mention_id(article, m, actor_ids[m.actor]),
            "article_id": article.article_id,
            "actor_id": actor_ids[m.actor],
            "char_start": m.start,
            "char_end": m.end,
            "surface": m.surface,
            "kind": m.kind,
            "role_text": m.role_text,
            "rule": m.rule,
        }
        for m in found.mentions
    ]


def _quote(article: Article, quote: Quote, ids: Mapping[int, str], actor_ids: list[str]) -> Row:
    speaker = quote.speaker
    return {
        "quote_id": ids[id(quote)],
        "article_id": article.article_id,
        "char_start": quote.start,
        "char_end": quote.end,
        "text": article.text[quote.start : quote.end],
        "is_open": quote.is_open,
        "utterance_id": ids[id(quote.first or quote)],
        "kind": quote.kind,
        "language": quote.language,
        "speaker_actor_id": actor_ids[quote.actor] if quote.actor >= 0 else None,
        "speaker_surface": speaker.surface if speaker else None,
        "speaker_start": speaker.start if speaker else None,
        "speaker_end": speaker.end if speaker else None,
        "cue": quote.cue,
        "stance_code": quote.stance or "neutral",
        "source_id": quote.source_id,
        "said_date": quote.said_date,
        "rule": quote.rule,
        "confidence": quote.confidence,
    }


def _event_id(article: Article, event: EventMention) -> str:
    parts = (article.article_id, event.trigger_start, event.trigger_end, event.type, event.mode)
    return content_id("evm", *parts)


def _event(article: Article, event: EventMention, quote_ids: Mapping[int, str], assumed: date | None) -> Row:
    when = _event_date(event.date)
    confidence = event.confidence
    if when["date_start"] is None and assumed is not None and event.is_past and event.realis == "actual":
        when = when | {"date_start": assumed, "date_end": assumed, "date_granularity": "day"}
        when["date_basis"] = "publication"
        confidence = round(confidence * ASSUMED, 2)
    code = CODEBOOK[event.type, event.mode]
    return {
        "event_mention_id": _event_id(article, event),
        "event_id": event.event_id,
        "article_id": article.article_id,
        "quote_id": quote_ids[id(event.quote)] if event.quote is not None else None,
        "char_start": event.start,
        "char_end": event.end,
        "trigger": article.text[event.trigger_start : event.trigger_end],
        "trigger_start": event.trigger_start,
        "trigger_end": event.trigger_end,
        "type": event.type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "cameo_code": event.cameo_code,
        "quad_class": code["quad_class"],
        "intensity": code["intensity"],
        "realis": event.realis,
        **when,
        "place_name": event.place_name,
        "place_country_code": event.place_country,
        "latitude": event.latitude,
        "longitude": event.longitude,
        "place_basis": event.place_basis,
        "rule": event.rule,
        "confidence": confidence,
    }


def _event_date(date: DateMention | None) -> Row:
    if date is None or date.first is None or date.basis not in DATED:
        return dict.fromkeys(("date_start", "date_end", "date_granularity", "date_expression")) | {"date_basis": "none"}
    return {
        "date_start": date.first,
        "date_end": date.last,
        "date_granularity": date.granularity,
        "date_expression": date.surface,
        "date_basis": date.basis,
    }


def _participants(article: Article, found: Extraction, events: list[Row], actor_ids: list[str]) -> list[Row]:
    listed: list[Row] = []
    for event, row in zip(found.events, events, strict=True):
        seen: set[tuple[str, str]] = set()
        for role, parties in (("actor", event.actors), ("recipient", event.recipients)):
            for mention in parties:
                actor_id = actor_ids[mention.actor]
                if (role, actor_id) in seen:
                    continue
                seen.add((role, actor_id))
                listed.append(
                    {
                        "event_mention_id": row["event_mention_id"],
                        "actor_id": actor_id,
                        "actor_mention_id": _mention_id(article, mention, actor_id),
                        "role": role,
                    }
                )
    return listed


def reject_row(reject: Reject) -> Row:
    """A reject as a row of its table."""
    digest = reject.payload_sha256 or sha256_hex(reject.payload)
    parts = (reject.stage, reject.table, reject.reason_code, reject.input_uri, reject.byte_offset, digest)
    return {
        "reject_id": content_id("rej", *parts),
        "stage": reject.stage,
        "table": reject.table,
        "reason_code": reject.reason_code,
        "reason": reject.reason,
        "input_uri": reject.input_uri or None,
        "byte_offset": reject.byte_offset,
        "payload": reject.payload,
        "payload_encoding": reject.payload_encoding,
        "payload_sha256": digest,
    }
