"""An event word in its clause -> what it reports: its frame, parties, codes and realis, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flows.extract import participants
from flows.extract.clauses import left_of_verb_group
from flows.extract.nations import place_of_harm
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.operators import Coded, Outer, composed, operator_behind, operator_of, parties_of
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import FINITE, VERBS
from flows.extract.realis import announced_by, realis_of
from flows.extract.results import EventMention
from flows.lexicons import traits
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense
    from flows.lexicons.files import Event

NO_PARTY: Final = frozenset({"thing", "place"})
PAST: Final = frozenset({"past", "participle"})
BASE: Final = 0.5
TRAITS: Final = traits()
ARMED: Final = frozenset({"MIL", "PRM", "REB"})
EVENT_NOUN: Final = bits("event_noun")
OPERATOR: Final = "event.operator"
CAUSED: Final = frozenset({"by", "in"})
CAUSE_REACH: Final = 8  # tokens between a verb and the event noun that is its subject or its occasion
ENDS: Final = frozenset({"and", "but", "relative", "subordinator", "that"})
OBJECT_REACH: Final = 12  # tokens from a verb to the noun that its frame asks for


class Report(NamedTuple):
    """An event as far as it is read: the tokens `first` to `last` (exclusive) tell of it."""

    first: int
    last: int
    coded: Coded
    rule: str
    realis: str
    doers: list[Mention]
    undergoers: list[Mention]


def events_at(reading: Reading, k: int, low: int, high: int) -> list[EventMention]:
    """What the event word at token k reports: one event, none, or an end and what ended."""
    for sense in _senses(reading, k):
        if not _has_object(reading, k, sense, low, high):
            continue
        doers, undergoers = _parties(reading, k, sense, low, high)
        events = _events(reading, k, sense, doers, undergoers)
        needs = sense.frame.needs
        lacks = not _needs(needs, sense.kind, doers, undergoers)
        if lacks and not (undergoers and _is_caused(reading, k, sense, low, high)):
            events = [event for event in events if event.rule == OPERATOR]  # "talks were suspended"
        if events:
            return events
    return []


def _has_object(reading: Reading, k: int, sense: Sense, low: int, high: int) -> bool:
    """Whether one of the nouns that the verb's frame asks for stands in its clause."""
    wanted = sense.frame.objects
    if not wanted or sense.kind != "event":
        return True
    lows = reading.scan.lows
    begins = max(low, k - OBJECT_REACH) if reading.scan.lexicon.verb_last else k + 1
    return not wanted.isdisjoint(lows[begins : min(high, k + 1 + OBJECT_REACH)])


def _parties(reading: Reading, k: int, sense: Sense, low: int, high: int) -> participants.Parties:
    frame = sense.frame
    of = participants.of_verb if sense.kind == "event" else participants.of_noun
    doers, undergoers = map(_acting, of(reading, k, sense, low, high))
    if frame.swap:
        doers, undergoers = undergoers, doers
    found = undergoers
    if not undergoers and frame.type in TRAITS.in_place:
        found = place_of_harm(reading, k, high, doers)
    elif not undergoers and doers and frame.type in TRAITS.directed:
        found = _acting(participants.somewhere_behind(reading, k, sense, high))
    return doers, [m for m in found if m not in doers]


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
    if needs == "party":
        return bool(doers or undergoers)
    if needs is None or kind == "event_noun":
        return True
    return bool(undergoers) if needs == "object" else bool(doers)


def _events(
    reading: Reading, k: int, sense: Sense, doers: list[Mention], undergoers: list[Mention]
) -> list[EventMention]:
    """The event as an operator makes it, or as it is; a protest that ends is one that took place."""
    frame, behind_it = sense.frame, reading.scan.next_after(k)
    coded, rule = Coded(frame.type, frame.mode, frame.cameo), "verb" if sense.kind == "event" else "noun"
    realis = realis_of(reading, k, _tense(reading, k, sense))
    plain = Report(k, behind_it, coded, rule, realis, doers, undergoers)
    made = plain
    while (outer := _outer(reading, sense, made.first, k)) is not None:
        if outer.kind == "said":
            return []
        above = _under(reading, outer, made)
        if above is None:
            break
        made = above
        if outer.token > k:
            break
    if (told := _by_arms(made)) is not None:
        made = made._replace(coded=told)
    elif made is plain and (said := _said(reading, k, realis, frame, doers)) is not None:
        made = plain._replace(coded=said, realis="actual")
    ended = made is not plain and made.coded.type in TRAITS.yielding and frame.type in TRAITS.public
    return [_event(reading, k, sense, report) for report in ([plain, made] if ended else [made])]


def _under(reading: Reading, outer: Outer, inner: Report) -> Report | None:
    """What the operator makes of the event; None when it leaves it what it is."""
    low, high = reading.bounds(inner.first)
    coded = composed(outer.kind, inner.coded.type, inner.coded.mode)
    if coded is None:
        return None
    doers, undergoers = parties_of(reading, outer, inner.doers, inner.undergoers, low, high)
    if outer.kind == "must" and not doers:
        return None
    first, last = min(inner.first, outer.token), max(inner.last, reading.scan.next_after(outer.token))
    realis = realis_of(reading, first, outer.sense.tense)
    return Report(first, last, coded, "operator", realis, _acting(doers), _acting(undergoers))


def _is_caused(reading: Reading, verb: int, sense: Sense, low: int, high: int) -> bool:
    """Whether an event of the verb's type does it: "an *explosion* in the city killed two", "killed in an *attack*"."""
    scan, k = reading.scan, left_of_verb_group(reading, verb, low)
    while k >= low and verb - k < CAUSE_REACH:
        if _is_noun_of(reading, k, sense):
            return True
        mention = reading.mention_at[k]
        free = mention is not None and not mention.before & PREPOSITIONAL
        if free or not scan.is_word(k) or scan.classes(k) & ENDS or reading.finite(k) is not None:
            break
        k = (mention.phrase_first if mention is not None else k) - 1
    k = scan.next_after(verb)
    if k < high and scan.classes(k) & CAUSED:
        for j in range(k + 1, min(high, k + CAUSE_REACH)):
            if _is_noun_of(reading, j, sense):
                return True
            if reading.mention_at[j] is not None or not scan.is_word(j):
                break
    return False


def _is_noun_of(reading: Reading, k: int, sense: Sense) -> bool:
    """Whether token k is a noun for an event of the same type."""
    hit = reading.scan.hits[k]
    nouns = hit.senses.get("event_noun", ()) if hit is not None and hit.kinds & EVENT_NOUN else ()
    return any(noun.frame.type == sense.frame.type for noun in nouns)


def _event(reading: Reading, k: int, sense: Sense, report: Report) -> EventMention:
    scan, frame = reading.scan, sense.frame
    start, end = scan.span(*reading.bounds(k))
    trigger_start, trigger_end = scan.span(report.first, report.last)
    return EventMention(
        start=start,
        end=end,
        trigger_start=trigger_start,
        trigger_end=trigger_end,
        type=report.coded.type,
        mode=report.coded.mode,
        cameo_code=report.coded.cameo,
        contexts=tuple(sorted(set(frame.contexts))),
        realis=report.realis,
        is_past=_is_past(reading, k, sense),
        rule=f"event.{report.rule}",
        confidence=BASE,
        actors=report.doers,
        recipients=report.undergoers,
    )


def _by_arms(report: Report) -> Coded | None:
    """What soldiers or rebels do that would be a protest of civilians."""
    armed = report.doers and all(m.sector in ARMED for m in report.doers)
    return composed("armed", report.coded.type, report.coded.mode) if armed else None


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
