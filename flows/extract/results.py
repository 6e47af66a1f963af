"""What extraction finds in one article, before it becomes table rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.extract.dates import DateMention
    from flows.extract.identity import Actor
    from flows.extract.mention import Mention


@dataclass(slots=True)
class Quote:
    """Attributed words; `speaker` is None for nobody. `confidence` is the expected share of right speakers."""

    start: int
    end: int
    kind: str
    language: str | None
    rule: str
    confidence: float = 0.0
    speaker: Mention | None = None
    actor: int = -1
    cue: str | None = None
    stance: str | None = None
    source_id: str | None = None
    said_date: date | None = None
    is_open: bool = False
    first: Quote | None = None  # the first part of the utterance that this one goes on with


@dataclass(slots=True)
class EventMention:
    """One report of an event: tokens of the trigger, the sentence as evidence, the parties as mentions."""

    start: int
    end: int
    trigger_start: int
    trigger_end: int
    type: str
    mode: str | None
    cameo_code: str
    contexts: tuple[str, ...]
    realis: str
    rule: str
    confidence: float
    actors: list[Mention] = field(default_factory=list)
    recipients: list[Mention] = field(default_factory=list)
    date: DateMention | None = None
    is_past: bool = False  # told in the past tense
    place_name: str | None = None
    place_country: str | None = None
    place_basis: str = "none"
    latitude: float | None = None
    longitude: float | None = None
    event_id: str = ""
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher, agency or account."""

    source_id: str
    kind: str
    name: str
    domain: str | None = None
    platform: str | None = None
    handle: str | None = None
    country: str | None = None


@dataclass(slots=True)
class Extraction:
    """All that was found; lists are in order of position."""

    article_source: Source | None = None
    sources: list[Source] = field(default_factory=list)
    block_sources: dict[int, Source] = field(default_factory=dict)
    actors: list[Actor] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    events: list[EventMention] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
