"""A small dataset for tests: three articles in two languages, written for this, with every table filled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.arrow import to_arrow
from flows.duplicates import fingerprint
from flows.ids import content_id, sha256_hex
from flows.store.commit import CommitResult, RunFacts, commit_run
from flows.store.parts import write_part
from schemas.vocab import event_types

CODEBOOK = {(row["type"], row["mode"]): row for row in event_types()}

CALL = (
    "CIUDAD DE MÉXICO, 11 de enero de 2026\n\n"
    "La canciller Elena Prado habló por teléfono con su homólogo, John Reed, sobre la frontera del río. "
    "«Vamos a cooperar 👩‍👩‍👧 con respeto y sin prisa», dijo Prado este domingo.\n\n"
    "La tarde transcurrió sin más novedades en la sede de la avenida principal."
)
MARCH = (
    "Some 300 dockers marched through Port Alder on Monday, the union said. "
    '"We want a fair wage, nothing more," said Ana Lópes, who leads the Dockers\' Union.\n\n'
    "The harbour cafe\U0001d4b3 stayed open all afternoon."  # a letter outside the BMP
)
ECHO = (
    "Cafe\u0301 news 🇲🇽: the dockers of Port Alder marched on Monday. Nobody was hurt, according to the harbour master."
)


def at(moment: str) -> datetime:
    """A naive UTC time."""
    return datetime.fromisoformat(moment)


@dataclass
class Draft:
    """The rows of one article, found by their words in its text."""

    text: str
    url: str
    outlet: str
    published: datetime
    language: str
    text_policy: str = "snippet"
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.article_id = content_id("art", self.url, self.text)
        source_id = content_id("src", "outlet", self.outlet)
        self.rows["sources"].append(
            {
                "source_id": source_id,
                "kind": "outlet",
                "name": self.outlet.title(),
                "domain": self.outlet,
                "platform": None,
                "handle": None,
                "country_code": None,
                "text_policy": self.text_policy,
                "licence": None,
            }
        )
        self.rows["articles"].append(
            {
                "article_id": self.article_id,
                "source_id": source_id,
                "url": self.url,
                "title": "A title: of | its own",
                "authors": ["Una Autora"],
                "published_at": self.published,
                "published_date": self.published.date(),
                "utc_offset_minutes": 0,
                "date_basis": "sender",
                "language": self.language,
                "language_confidence": 1.0,
                "char_count": len(self.text),
                "word_count": len(self.text.split()),
                "text_sha256": sha256_hex(self.text),
                "duplicate_of": None,
                "duplicate_kind": None,
                "duplicate_similarity": None,
                "input_uri": "raw/secret-folder/a.jsonl",
                "input_format": "jsonl",
                "input_sha256": None,
                "pipeline_version": "0.1.0",
                "extra": '{"desk":"secret"}',
            }
        )
        self.rows["texts"].append({"article_id": self.article_id, "text": self.text})
        prints = fingerprint(self.text, "A title: of | its own", self.url)
        self.rows["fingerprints"].append({"article_id": self.article_id, **prints})
        start = 0
        for number, block in enumerate(self.text.split("\n\n")):
            self.rows["segments"].append(
                {
                    "article_id": self.article_id,
                    "segment_no": number,
                    "kind": "paragraph",
                    "char_start": start,
                    "char_end": start + len(block),
                    "language": self.language,
                    "language_confidence": 1.0,
                    "source_id": None,
                    "posted_date": None,
                }
            )
            start += len(block) + 2

    def span(self, words: str) -> tuple[int, int]:
        start = self.text.index(words)
        return start, start + len(words)

    def actor(self, name: str, surface: str, kind: str = "person", country: str | None = None) -> tuple[str, str]:
        actor_id = content_id("act", kind, name)
        start, end = self.span(surface)
        mention_id = content_id("men", self.article_id, start, end, actor_id)
        aliases = [surface] if surface != name else []
        self.rows["actors"].append(
            {
                "actor_id": actor_id,
                "name": name,
                "kind": kind,
                "country_code": country,
                "sector_code": "GOV",
                "aliases": aliases,
            }
        )
        self.rows["actor_mentions"].append(
            {
                "actor_mention_id": mention_id,
                "article_id": self.article_id,
                "actor_id": actor_id,
                "char_start": start,
                "char_end": end,
                "surface": surface,
                "kind": "name",
                "role_text": None,
                "rule": "name_with_role",
            }
        )
        return actor_id, mention_id

    def quote(self, words: str, actor_id: str, speaker: str) -> str:
        start, end = self.span(words)
        speaker_start, speaker_end = self.span(speaker)
        quote_id = content_id("quo", self.article_id, start, end)
        self.rows["quotes"].append(
            {
                "quote_id": quote_id,
                "article_id": self.article_id,
                "char_start": start,
                "char_end": end,
                "text": words,
                "is_open": False,
                "utterance_id": quote_id,
                "kind": "direct",
                "language": self.language,
                "speaker_actor_id": actor_id,
                "speaker_surface": speaker,
                "speaker_start": speaker_start,
                "speaker_end": speaker_end,
                "cue": None,
                "stance_code": "neutral",
                "source_id": None,
                "said_date": None,
                "rule": "marks_then_cue",
                "confidence": 0.9,
            }
        )
        return quote_id

    def event(
        self, trigger: str, evidence: str, kind: tuple[str, str | None], day: date, *, actors: list[tuple[str, str]]
    ) -> str:
        code = CODEBOOK[kind]
        start, end = self.span(evidence)
        trigger_start, trigger_end = self.span(trigger)
        mention_id = content_id("evm", self.article_id, trigger_start, trigger_end)
        self.rows["event_mentions"].append(
            {
                "event_mention_id": mention_id,
                "event_id": content_id("evt", *kind, day),
                "article_id": self.article_id,
                "quote_id": None,
                "char_start": start,
                "char_end": end,
                "trigger": trigger,
                "trigger_start": trigger_start,
                "trigger_end": trigger_end,
                "type": kind[0],
                "mode": kind[1],
                "contexts": [],
                "cameo_code": code["cameo_code"],
                "quad_class": code["quad_class"],
                "intensity": code["intensity"],
                "realis": "actual",
                "date_start": day,
                "date_end": day,
                "date_granularity": "day",
                "date_expression": "Monday" if "Monday" in self.text else "este domingo",
                "date_basis": "relative",
                "place_name": None,
                "place_country_code": None,
                "latitude": None,
                "longitude": None,
                "place_basis": "none",
                "rule": "frame",
                "confidence": 0.8,
            }
        )
        for actor_id, actor_mention_id in actors:
            self.rows["event_participants"].append(
                {
                    "event_mention_id": mention_id,
                    "actor_id": actor_id,
                    "actor_mention_id": actor_mention_id,
                    "role": "actor",
                }
            )
        return mention_id


def call() -> Draft:
    """A minister's phone call, in Spanish, with an emoji of several code points before the end of the quote."""
    draft = Draft(CALL, "https://diario.example/llamada", "diario.example", at("2026-01-11T18:00"), "es")
    prado = draft.actor("Elena Prado", "Elena Prado", country="MEX")
    reed = draft.actor("John Reed", "John Reed", country="USA")
    draft.quote("Vamos a cooperar 👩‍👩‍👧 con respeto y sin prisa", prado[0], "Prado este"[:5])
    evidence = CALL[CALL.index("La canciller") : CALL.index(" «")]
    draft.event("habló por teléfono", evidence, ("CONSULT", "phone"), date(2026, 1, 11), actors=[prado, reed])
    return draft


def march() -> Draft:
    """A march, in English."""
    draft = Draft(MARCH, "https://herald.example/march", "herald.example", at("2026-01-12T20:00"), "en")
    dockers = draft.actor("dockers of Port Alder", "dockers", "group")
    lopes = draft.actor("Ana Lópes", "Ana Lópes")
    draft.quote("We want a fair wage, nothing more,", lopes[0], "Ana Lópes")
    evidence = MARCH[: MARCH.index(' "')]
    draft.event("marched", evidence, ("PROTEST", "demo"), date(2026, 1, 12), actors=[dockers])
    return draft


def echo() -> Draft:
    """The same march in another paper, with a combining accent and a flag before everything."""
    draft = Draft(ECHO, "https://gazette.example/echo", "gazette.example", at("2026-01-13T06:00"), "en")
    dockers = draft.actor("dockers of Port Alder", "dockers of Port Alder", "group")
    evidence = ECHO[: ECHO.index(" Nobody")]
    draft.event("marched", evidence, ("PROTEST", "demo"), date(2026, 1, 12), actors=[dockers])
    return draft


DRAFTS = (call, march, echo)


def tables(*drafts: Draft) -> dict[str, pa.Table]:
    """The rows of drafts as Arrow tables; sources and actors as often as the drafts name them."""
    joined: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for draft in drafts:
        for table, rows in draft.rows.items():
            known = joined[table]
            known.extend(row for row in rows if row not in known)
    return to_arrow(joined)


def stage(folder: Path, *batches: Mapping[str, pa.Table]) -> dict[str, list[Path]]:
    """The batches as staged parts: paths by table."""
    staged: dict[str, list[Path]] = defaultdict(list)
    for number, batch in enumerate(batches):
        for table, rows in batch.items():
            staged[table].append(write_part(folder / f"batch-{number}", table, rows).path)
    return dict(staged)


def commit(dataset: Path, folder: Path, *batches: Mapping[str, pa.Table], **facts: Any) -> CommitResult:
    """Stage and commit batches; the books balance unless `facts` say otherwise."""
    articles = sum(batch["articles"].num_rows for batch in batches)
    known: dict[str, Any] = {
        "run_id": content_id("run", folder),
        "started_at": at("2026-02-01T00:00"),
        "finished_at": at("2026-02-01T00:01"),
        "documents_in": articles,
        "pipeline_version": "0.1.0",
        "versions": {"pipeline": "0.1.0"},
    }
    return commit_run(dataset, RunFacts(**known | facts), stage(folder, *batches))


def build(dataset: Path, folder: Path) -> CommitResult:
    """The whole small dataset in one run of one batch."""
    return commit(dataset, folder, tables(*(draft() for draft in DRAFTS)))
