"""The readings of an article -> its event mentions: trigger, parties, type, mode, CAMEO code, realis and date."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final

from flows.extract.frames import BASE, events_at
from flows.extract.operators import composed
from flows.extract.results import EventMention
from flows.ids import content_id
from flows.lexicons import traits
from flows.lexicons.senses import bits
from schemas.vocab import event_types

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from flows.extract.actors import Cast
    from flows.extract.dates import DateMention
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.extract.results import Quote
    from flows.model import Article

SILENT: Final = frozenset({"header", "byline", "footer"})
EVENTS: Final = bits("event", "event_noun")
HARM: Final = frozenset(row["type"] for row in event_types() if row["quad_class"] == 4)  # noqa: PLR2004 material conflict
TRAITS: Final = traits()
NEXT_CLAUSE: Final = frozenset({"and", "but", "relative", "subordinator"})
SPORT: Final = bits("sport")
SPORT_WORDS: Final = 4  # words of sport in an article about it at least,
SPORT_DENSITY: Final = 120  # and one in so many tokens
# In an article about sport only what the state or somebody armed has a part in is an event.
OFFICIAL: Final = frozenset({"COP", "GOV", "JUD", "LEG", "MIL", "REB", "SPY", "UAF"})
POLITICAL: Final = frozenset({"ELI", "GOV", "LEG", "OPP", "PTY"})
HISTORY: Final = 3 * 366  # days before publication
PER_PARTY: Final = 0.2
CLOSE_DAYS: Final = 1  # two reports of one article may differ by a time zone


Told = tuple[frozenset[int], frozenset[int], "date | None"]  # the parties of a report, and its first day


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
    if _is_sport(readings):
        found = [event for event in found if any(m.sector in OFFICIAL for m in (*event.actors, *event.recipients))]
    covering = _covering(quotes)
    for event in found:
        event.actors = [m for m in event.actors if cast.promote(m) >= 0]
        doers = {m.actor for m in event.actors}
        event.recipients = [m for m in event.recipients if cast.promote(m) >= 0 and m.actor not in doers]
        if _in_words(event, cast) and (told := composed("words", event.type, event.mode)) is not None:
            event.type, event.mode, event.cameo_code = told
        event.confidence = round(BASE + PER_PARTY * (bool(event.actors) + bool(event.recipients)), 2)
        event.date = _date(event, dates)
        if event.realis == "actual" and _is_history(event.date, article.published_date):
            event.realis = "historical"
        event.quote = covering(event.trigger_start, event.trigger_end)
    found.sort(key=lambda e: (e.trigger_start, e.trigger_end, e.type, e.mode or ""))
    _group(found, cast, article.article_id)
    return found


def _covering(quotes: Sequence[Quote]) -> Callable[[int, int], Quote | None]:
    """A function that finds the first of the quotes, which are sorted by start, that holds a stretch."""
    reaches = list(accumulate((quote.end for quote in quotes), max))

    def find(start: int, end: int) -> Quote | None:
        found, k = None, bisect_right(quotes, start, key=lambda quote: quote.start) - 1
        while k >= 0 and reaches[k] >= end:
            found = quotes[k] if quotes[k].end >= end else found
            k -= 1
        return found

    return find


def _in_words(event: EventMention, cast: Cast) -> bool:
    """Whether politicians do it to politicians: those attack each other in words."""
    sides = (event.actors, event.recipients)
    found = [cast.actors[mention.actor] for side in sides for mention in side]
    return all(sides) and all(actor.kind == "person" and actor.sector in POLITICAL for actor in found)


def _is_sport(readings: Sequence[Reading]) -> bool:
    """Whether the article is about sport, whose attacks, defeats and bans are a game's."""
    words = sum(len(reading.scan.having(SPORT)) for reading in readings)
    return words >= SPORT_WORDS and words * SPORT_DENSITY >= sum(len(reading.scan) for reading in readings)


def _of_sentence(reading: Reading, low: int, high: int) -> list[EventMention]:
    """The events of a sentence; of those of one type and mode that may be one, the report that says most."""
    kept: list[EventMention] = []
    for k in reading.scan.having(EVENTS, low, high):
        hit = reading.scan.hits[k]
        if hit is None or "not_event" in hit.senses or not _is_free(reading, k, low):
            continue
        for event in events_at(reading, k, low, high):
            old = next((n for n, other in enumerate(kept) if _may_be_one(reading, other, event)), None)
            if old is None:
                kept.append(event)
            else:
                kept[old] = _joined(kept[old], event)
    return _aimed(_without_bare_modes(kept))


def _may_be_one(reading: Reading, a: EventMention, b: EventMention) -> bool:
    """Whether two reports of a sentence are of one type and mode, and not of two parties in two clauses."""
    if (a.type, a.mode) != (b.type, b.mode):
        return False
    sides = ((a.actors, b.actors), (a.recipients, b.recipients))
    if not any(mine and others and not _share(mine, others) for mine, others in sides):
        return True
    scan = reading.scan
    between = range(scan.token_at(a.trigger_end), scan.token_at(b.trigger_start))
    return not any(scan.words[k] in ",;:" or scan.classes(k) & NEXT_CLAUSE for k in between)


def _joined(a: EventMention, b: EventMention) -> EventMention:
    """The report that says more, with the parties that only the other names."""
    best, other = (b, a) if _weight(b) > _weight(a) else (a, b)
    if best.realis == other.realis:
        best.actors = best.actors or [m for m in other.actors if m not in best.recipients]
        best.recipients = best.recipients or [m for m in other.recipients if m not in best.actors]
    return best


def _is_free(reading: Reading, k: int, low: int) -> bool:
    """Whether no name holds the word; one that only a headline's capitals make, or a first word's, does not."""
    mention = reading.mention_at[k]
    if mention is None or mention.rule == "name.headline":
        return True
    if mention.kind != "name" or not mention.rule.startswith("name."):
        return False
    alone = k == low and mention.last <= reading.scan.next_after(k) and mention.type == "unknown"
    return alone or (reading.scan.shouted(k) and not any(reading.scan.sense(k, kind) for kind in ("given", "surname")))


def _weight(event: EventMention) -> tuple[bool, int]:
    """Which of two reports of a type in a sentence stands for both: the actual one, then the one with more parties."""
    return event.realis == "actual", bool(event.actors) + bool(event.recipients)


def _without_bare_modes(kept: list[EventMention]) -> list[EventMention]:
    """A type without mode yields to the same type with a mode about the same parties, which it leaves to that."""
    for event in [e for e in kept if e.mode is None]:
        richer = [e for e in kept if e.type == event.type and e.mode is not None]
        heirs = [e for e in richer if not e.actors or _share(e.actors, event.actors)]
        if not richer or (event.actors and not heirs):
            continue
        kept.remove(event)
        for heir in heirs[:1]:
            heir.actors = heir.actors or event.actors
            if not heir.recipients or (event.recipients and all(map(_is_scene, heir.recipients))):
                heir.recipients = [m for m in event.recipients if m not in heir.actors]
    return kept


def _is_scene(mention: Mention) -> bool:
    """Whether it is harmed only as the country where it happens: "a bomb *in Beirut*"."""
    return mention.type == "country" and "in" in mention.before


def _share(some: Sequence[Mention], others: Sequence[Mention]) -> bool:
    return any(m is other for m in some for other in others)


def _aimed(events: list[EventMention]) -> list[EventMention]:
    """A protest without a target is aimed at whom its sentence demands something of, or accuses.

    Harm without one is aimed at those for whose harm it is done.
    """
    for event in events:
        if event.type in TRAITS.public and not event.recipients:
            claims = [e for e in events if e.type in TRAITS.claiming and e.recipients]
            event.recipients = [m for e in claims[:1] for m in e.recipients if m not in event.actors]
        elif event.type in HARM and event.actors and not event.recipients:
            ends = [e for e in events if e.trigger_start > event.trigger_end and _is_end_of(e, event)]
            event.recipients = [m for e in ends[:1] for m in e.recipients]
    return events


def _is_end_of(end: EventMention, means: EventMention) -> bool:
    """Whether somebody does the one harm for the sake of the other: "opened fire to disperse *strikers*"."""
    return end.type in HARM and end.realis == "hypothetical" and _share(end.actors, means.actors)


def _date(event: EventMention, dates: Sequence[DateMention]) -> DateMention | None:
    """The date of the same sentence nearest to the trigger."""
    low = bisect_left(dates, event.start, key=lambda d: d.char_start)
    high = bisect_left(dates, event.end, low, key=lambda d: d.char_start)
    inside = [d for d in dates[low:high] if d.char_end <= event.end and d.first is not None]
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
    of_kind: dict[tuple[str, str | None, str], list[tuple[set[Told], list[EventMention]]]] = {}
    for event in events:
        groups = of_kind.setdefault((event.type, event.mode, event.realis), [])
        told = (*_parties(event), event.date.first if event.date is not None else None)
        home = next((g for g in groups if told in g[0] or all(_same(told, other) for other in g[0])), None)
        if home is None:
            groups.append(({told}, [event]))
        else:
            home[0].add(told)
            home[1].append(event)
    for _, group in chain.from_iterable(of_kind.values()):
        event_id = _event_id(group, cast, article_id)
        for event in group:
            event.event_id = event_id


def _parties(event: EventMention) -> tuple[frozenset[int], frozenset[int]]:
    return frozenset(m.actor for m in event.actors), frozenset(m.actor for m in event.recipients)


def _same(a: Told, b: Told) -> bool:
    """Whether two reports of one type, mode and realis may be of one happening."""
    for mine, other in zip(a[:2], b[:2], strict=True):
        if mine and other and mine.isdisjoint(other):
            return False
    return a[2] is None or b[2] is None or abs((a[2] - b[2]).days) <= CLOSE_DAYS


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
