"""The readings of an article -> its event mentions: trigger, parties, type, mode, CAMEO code, realis and date."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from flows.extract import participants
from flows.extract.nations import place_of_harm
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.operators import Coded, Outer, composed, operator_behind, operator_of, parties_of
from flows.extract.phrases import DETERMINERS
from flows.extract.places import place_of
from flows.extract.reading import FINITE, VERBS
from flows.extract.realis import announced_by, realis_of
from flows.extract.results import EventMention
from flows.ids import content_id
from flows.lexicons.trie import bits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flows.extract.actors import Cast
    from flows.extract.dates import DateMention
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.extract.results import Quote
    from flows.lexicons import Sense
    from flows.lexicons.files import Event
    from flows.model import Article

SILENT: Final = frozenset({"header", "byline", "footer"})
EVENTS: Final = bits("event", "event_noun")
AT_A_PLACE: Final = frozenset({"AID", "ASSAULT", "MOBILIZE", "RETREAT"})  # done to a country, when to nobody else
CLAIMS: Final = frozenset({"REQUEST", "ACCUSE", "REJECT"})
DIRECTED: Final = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION"})
HISTORY: Final = 3 * 366  # days before publication
NO_PARTY: Final = frozenset({"thing", "place"})
PAST: Final = frozenset({"past", "participle"})
BASE: Final = 0.5
PER_PARTY: Final = 0.2
CLOSE_DAYS: Final = 1  # two reports of one article may differ by a time zone


def find_events(
    readings: Sequence[Reading], cast: Cast, dates: Sequence[DateMention], quotes: Sequence[Quote], article: Article
) -> list[EventMention]:
    """All event mentions of the article, one per sentence, type and mode, grouped into events."""
    found: list[EventMention] = []
    for reading in readings:
        if reading.block.kind in SILENT:
            continue
        for low, high in reading.scan.sentences:
            found.extend(_of_sentence(reading, low, high))
    for event in found:
        event.actors = [m for m in event.actors if cast.promote(m) >= 0]
        event.recipients = [m for m in event.recipients if cast.promote(m) >= 0]
        event.confidence = round(BASE + PER_PARTY * (bool(event.actors) + bool(event.recipients)), 2)
        event.date = _date(event, dates)
        if event.realis == "actual" and _is_history(event.date, article.published_date):
            event.realis = "historical"
        event.quote = next((q for q in quotes if q.start <= event.trigger_start and event.trigger_end <= q.end), None)
    found.sort(key=lambda e: (e.trigger_start, e.trigger_end, e.type, e.mode or ""))
    _group(found, cast, article.article_id)
    return found


def _of_sentence(reading: Reading, low: int, high: int) -> list[EventMention]:
    best: dict[tuple[str, str | None], EventMention] = {}
    for k in reading.scan.having(EVENTS, low, high):
        hit = reading.scan.hits[k]
        if hit is not None and reading.mention_at[k] is None and "not_event" not in hit.senses:
            event = _at(reading, k, low, high)
            if event is not None:
                old = best.get((event.type, event.mode))
                if old is None or _weight(event) > _weight(old):
                    best[event.type, event.mode] = event
    return _aimed(_without_bare_modes(best))


def _weight(event: EventMention) -> tuple[bool, int]:
    """Which of two reports of a type in a sentence stands for both: the actual one, then the one with more parties."""
    return event.realis == "actual", bool(event.actors) + bool(event.recipients)


def _without_bare_modes(best: dict[tuple[str, str | None], EventMention]) -> list[EventMention]:
    """A type without mode yields to the same type with a mode about the same parties, which it leaves to that."""
    kept = list(best.values())
    for event in [e for e in kept if e.mode is None]:
        richer = [e for e in kept if e.type == event.type and e.mode is not None]
        heirs = [e for e in richer if not e.actors or _share(e.actors, event.actors)]
        if not richer or (event.actors and not heirs):
            continue
        kept.remove(event)
        for heir in heirs[:1]:
            heir.actors = heir.actors or event.actors
            heir.recipients = heir.recipients or [m for m in event.recipients if m not in heir.actors]
    return kept


def _share(some: Sequence[Mention], others: Sequence[Mention]) -> bool:
    return any(m is other for m in some for other in others)


def _aimed(events: list[EventMention]) -> list[EventMention]:
    """A protest without a target is aimed at whom its sentence demands something of, or accuses."""
    for event in events:
        if event.type == "PROTEST" and not event.recipients:
            claims = [e for e in events if e.type in CLAIMS and e.recipients]
            event.recipients = [m for e in claims[:1] for m in e.recipients if m not in event.actors]
    return events


def _at(reading: Reading, k: int, low: int, high: int) -> EventMention | None:
    hit = reading.scan.hits[k]
    if hit is None:
        return None
    for sense in _senses(reading, k):
        of = participants.of_verb if sense.kind == "event" else participants.of_noun
        doers, undergoers = of(reading, k, sense, low, high)
        doers, undergoers = _acting(doers), _acting(undergoers)
        if sense.frame.swap:
            doers, undergoers = undergoers, doers
        if not undergoers and sense.frame.type in AT_A_PLACE:
            undergoers = [m for m in place_of_harm(reading, k, high) if m not in doers]
        elif not undergoers and doers and sense.frame.type in DIRECTED:
            undergoers = [m for m in _acting(participants.somewhere_behind(reading, k, sense, high)) if m not in doers]
        if _needs(sense.frame.needs, sense.kind, doers, undergoers):
            return _event(reading, k, sense, doers, undergoers)
    return None


def _senses(reading: Reading, k: int) -> list[Sense]:
    """Senses of the word as an event: a verb form behind a determiner is a noun, and a bare noun no verb."""
    hit = reading.scan.hits[k]
    if hit is None:
        return []
    verbs, nouns = hit.senses.get("event", ()), hit.senses.get("event_noun", ())
    if k > 0 and reading.scan.classes(k - 1) & PREPOSITIONAL:
        verbs = tuple(s for s in verbs if s.tense not in FINITE)
    determined = k > 0 and bool(reading.scan.classes(k - 1) & DETERMINERS)
    clitic = reading.scan.lexicon.pro_drop and not nouns  # "los detuvo": an article is a pronoun before a verb
    return list(nouns) if determined and not clitic else [*verbs, *nouns]


def _acting(parties: list[Mention]) -> list[Mention]:
    """Those that can be an actor: no mere things, places and accounts."""
    return [m for m in parties if m.type not in NO_PARTY and m.kind != "handle"]


def _needs(needs: str | None, kind: str, doers: list[Mention], undergoers: list[Mention]) -> bool:
    """Whether the parties are there that an ambiguous word needs; a noun's may be left unsaid, unless it needs two."""
    if needs == "pair":
        return bool(doers and undergoers) or len(doers) > 1
    if needs is None or kind == "event_noun":
        return True
    return bool(undergoers) if needs == "object" else bool(doers)


def _event(
    reading: Reading, k: int, sense: Sense, doers: list[Mention], undergoers: list[Mention]
) -> EventMention | None:
    scan, frame = reading.scan, sense.frame
    low, high = reading.bounds(k)
    coded, realis = Coded(frame.type, frame.mode, frame.cameo), realis_of(reading, k, _tense(reading, k, sense))
    rule, begins, ends = "verb" if sense.kind == "event" else "noun", k, scan.next_after(k)
    place = place_of(reading, k, frame.type, frame.mode)
    while (outer := _outer(reading, sense, begins, k)) is not None:
        if outer.kind == "said":
            return None
        made = composed(outer.kind, coded.type, coded.mode)
        told, undergone = parties_of(reading, outer, doers, undergoers, low, high)
        if made is None or (outer.kind == "must" and not told):
            break
        doers, undergoers = _acting(told), _acting(undergone)
        coded, rule, begins, ends = made, "operator", min(begins, outer.token), max(ends, scan.next_after(outer.token))
        realis = realis_of(reading, begins, outer.sense.tense)
        if outer.token > k:
            break
    if rule != "operator" and (said := _said(reading, k, realis, frame, doers)) is not None:
        coded, realis = said, "actual"
    start, end = scan.span(low, high)
    trigger_start, trigger_end = scan.span(begins, ends)
    return EventMention(
        start=start,
        end=end,
        trigger_start=trigger_start,
        trigger_end=trigger_end,
        type=coded.type,
        mode=coded.mode,
        cameo_code=coded.cameo,
        contexts=tuple(sorted(set(frame.contexts))),
        realis=realis,
        is_past=_is_past(reading, k, sense),
        rule=f"event.{rule}",
        confidence=BASE,
        actors=doers,
        recipients=undergoers,
        place_name=place.name,
        place_country=place.country,
        place_basis=place.basis,
    )


def _outer(reading: Reading, sense: Sense, begins: int, k: int) -> Outer | None:
    """The operator before what the event is so far, or behind an event noun."""
    low, high = reading.bounds(k)
    outer = operator_of(reading, begins, low)
    if outer is None and begins == k and sense.kind == "event_noun":
        return operator_behind(reading, k, high)
    return outer


def _said(reading: Reading, k: int, realis: str, frame: Event, doers: list[Mention]) -> Coded | None:
    """What an event is that is only spoken of: an agreement when it is to come, a threat when a party announces it."""
    if realis == "future" and doers and (made := composed("future", frame.type, frame.mode)) is not None:
        return made
    if realis in ("future", "hypothetical") and announced_by(reading, k, doers):
        return composed("announced", frame.type, frame.mode)
    return None


def _tense(reading: Reading, k: int, sense: Sense) -> str:
    """The tense of the form at token k; a form that can be an infinitive is one behind "to"."""
    if sense.kind != "event":
        return ""
    hit = reading.scan.hits[k]
    tenses = {s.tense for s in hit.senses.get("event", ())} if hit else set()
    if "infinitive" in tenses and k > 0 and "to" in reading.scan.classes(k - 1):
        return "infinitive"
    return sense.tense


def _is_past(reading: Reading, k: int, sense: Sense) -> bool:
    """Whether the form is a past one; for a noun, whether a verb of its sentence is."""
    if sense.kind == "event":
        return _tense(reading, k, sense) in PAST
    low, high = reading.bounds(k)
    verbs = reading.scan.having(VERBS, low, high)
    return any((verb := reading.finite(j)) is not None and verb.tense == "past" for j in verbs)


def _date(event: EventMention, dates: Sequence[DateMention]) -> DateMention | None:
    """The date of the same sentence nearest to the trigger."""
    inside = [d for d in dates if event.start <= d.char_start and d.char_end <= event.end and d.first is not None]
    return min(inside, key=lambda d: (_gap(event, d), d.char_start), default=None)


def _is_history(when: DateMention | None, published: date | None) -> bool:
    """Whether the event's date lies so far back that the article can only recall it."""
    if when is None or when.last is None or published is None:
        return False
    return (published - when.last).days > HISTORY


def _gap(event: EventMention, date: DateMention) -> int:
    return max(date.char_start - event.trigger_end, event.trigger_start - date.char_end)


def _group(events: list[EventMention], cast: Cast, article_id: str) -> None:
    """Give reports of one happening one event_id: same type and mode, parties that agree, no dates that differ."""
    of_kind: dict[tuple[str, str | None, str], list[list[EventMention]]] = {}
    for event in events:
        groups = of_kind.setdefault((event.type, event.mode, event.realis), [])
        home = next((g for g in groups if all(_same(event, other) for other in g)), None)
        if home is None:
            groups.append([event])
        else:
            home.append(event)
    for group in chain.from_iterable(of_kind.values()):
        event_id = _event_id(group, cast, article_id)
        for event in group:
            event.event_id = event_id


def _parties(event: EventMention) -> tuple[frozenset[int], frozenset[int]]:
    return frozenset(m.actor for m in event.actors), frozenset(m.actor for m in event.recipients)


def _same(a: EventMention, b: EventMention) -> bool:
    """Whether two reports of one type, mode and realis may be of one happening."""
    for mine, other in zip(_parties(a), _parties(b), strict=True):
        if mine and other and not mine & other:
            return False
    if a.date is None or b.date is None or a.date.first is None or b.date.first is None:
        return True
    return abs((a.date.first - b.date.first).days) <= CLOSE_DAYS


def _event_id(group: list[EventMention], cast: Cast, article_id: str) -> str:
    """Hashed of type, mode, realis, first day and parties where those are known; else the article's own."""
    days = sorted(e.date.first for e in group if e.date is not None and e.date.first is not None)
    doers = sorted({cast.actors[p].actor_id for e in group for p in _parties(e)[0]})
    undergoers = sorted({cast.actors[p].actor_id for e in group for p in _parties(e)[1]})
    head = group[0]
    key = (head.type, head.mode, head.realis, ",".join(doers), ",".join(undergoers))
    if days and doers:
        return content_id("evt", *key, days[0].isoformat())
    return content_id("evt", *key, article_id, head.trigger_start)
