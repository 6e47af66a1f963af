"""One gold article and the rows that the extractor finds in it -> counts, speakers with confidences, and misses.

How rows are paired, each at most once and the most alike first:

- a quote: the spans share at least 0.7 of the characters that the two cover together;
- an actor: any form equal (name, alias or mention), capitals and a leading determiner aside; those that share more and
  longer forms are the more alike. A found actor that pairs with nobody is wrong, so one actor taken for two counts
  against precision, and two taken for one against recall;
- a date: the spans overlap;
- an event: the triggers overlap, and the type is the same;
- a participant, within paired events: the found actor is the wanted one, in the same role.

A speaker or participant is the wanted actor when the two are a pair, or when the found actor has no pair and a form of
the wanted one. Values are right when they are equal, also when both say nothing; the date of an event by its first day.
Countries have no sector to compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flows.score.counts import GROUPS, Count, Pair, overlap, pairs
from flows.score.forms import normal
from flows.score.gold import Gold, first_day

LEAST_OVERLAP: Final = 0.7  # of quotes
UNNAMING: Final = "pronoun"  # the kind of mention that is no form of its actor
STATE: Final = "country"  # the kind of actor that has all sectors
NOBODY: Final = ""

Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that the extractor gets wrong: what is wanted and what it says, "" for nothing."""

    measure: str
    file: str
    text: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker of a paired quote: how sure the rule was, and whether it was right."""

    rule: str
    confidence: float
    is_right: bool


@dataclass(slots=True)
class Marks:
    """What came of one article or of many."""

    counts: dict[str, Count] = field(default_factory=dict)
    attributions: list[Attribution] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)

    def add(self, other: Marks) -> None:
        """Take in the marks of more articles."""
        for measure, count in other.counts.items():
            self.counts[measure] = self.counts.get(measure, Count()) + count
        self.attributions += other.attributions
        self.misses += other.misses


def mark(gold: Gold, rows: Rows, dates: list[dict[str, Any]]) -> Marks:
    """Hold the rows and dates of an article against its gold."""
    marking = _Marking(gold, rows)
    marking.actors()
    marking.quotes()
    marking.dates(dates)
    marking.events()
    return marking.marks


class _Marking:
    """The rows of one article against its gold, a table at a time; actors first, since speakers are paired actors."""

    def __init__(self, gold: Gold, rows: Rows) -> None:
        self.gold, self.file, self.rows = gold, gold.file, rows
        self.marks = Marks({name: Count() for group, values in GROUPS.items() for name in (group, *values)})
        self.wanted_forms = {a.name: self._forms((a.name, *a.also)) for a in self.file.actor}
        self.found_forms = self._found_forms()
        self.partner: dict[str, str] = {}  # id of a found actor -> name of the wanted one

    def _forms(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(None, (normal(form, self.file.language) for form in words)))

    def _found_forms(self) -> dict[str, frozenset[str]]:
        forms = {a["actor_id"]: {a["name"], *a["aliases"]} for a in self.rows["actors"]}
        for mention in self.rows["actor_mentions"]:
            if mention["kind"] != UNNAMING:
                forms[mention["actor_id"]].add(mention["surface"])
        return {actor_id: self._forms(sorted(words)) for actor_id, words in forms.items()}

    def actors(self) -> None:
        wanted, found = self.file.actor, self.rows["actors"]

        def likeness(w: int, f: int) -> float:
            shared = self.wanted_forms[wanted[w].name] & self.found_forms[found[f]["actor_id"]]
            return sum(len(form) for form in shared)

        paired = pairs(len(wanted), len(found), likeness)
        self.partner = {found[f]["actor_id"]: wanted[w].name for w, f in paired}
        self._table("actors", paired, [a.name for a in wanted], [a["name"] for a in found])
        for w, f in paired:
            self._value("actor_kind", wanted[w].name, wanted[w].kind, found[f]["kind"])
            self._value("actor_country", wanted[w].name, wanted[w].country, found[f]["country_code"])
            if wanted[w].kind != STATE:
                self._value("actor_sector", wanted[w].name, wanted[w].sector, found[f]["sector_code"])

    def quotes(self) -> None:
        wanted, found = self.file.quote, self.rows["quotes"]

        def likeness(w: int, f: int) -> float:
            alike = overlap(self.gold.quotes[w], (found[f]["char_start"], found[f]["char_end"]))
            if alike < LEAST_OVERLAP:
                return 0.0
            return alike + float(
                wanted[w].kind == found[f]["kind"]
            )  # of two on the same words, the one of the same kind

        paired = pairs(len(wanted), len(found), likeness)
        self._table("quotes", paired, [q.text for q in wanted], [q["text"] for q in found])
        for w, f in paired:
            quote, row = wanted[w], found[f]
            self._value("quote_kind", quote.text, quote.kind, row["kind"])
            speaker = self._who(row["speaker_actor_id"], {quote.speaker})
            is_right = self._value("speaker", quote.text, quote.speaker, speaker)
            self._value("stance", quote.text, quote.stance, row["stance_code"])
            self.marks.attributions.append(Attribution(row["rule"], row["confidence"], is_right))

    def dates(self, found: list[dict[str, Any]]) -> None:
        wanted = self.file.date
        paired = pairs(
            len(wanted),
            len(found),
            lambda w, f: overlap(self.gold.dates[w], (found[f]["char_start"], found[f]["char_end"])),
        )
        self._table("dates", paired, [d.text for d in wanted], [d["surface"] for d in found])
        for w, f in paired:
            mine = "/".join(filter(None, (wanted[w].value, wanted[w].end)))
            theirs = "/".join(filter(None, (found[f]["value"], found[f]["end"])))
            self._value("date_value", wanted[w].text, mine, theirs)

    def events(self) -> None:
        wanted, found = self.file.event, self.rows["event_mentions"]

        def likeness(w: int, f: int) -> float:
            if wanted[w].type != found[f]["type"]:
                return 0.0
            return overlap(self.gold.events[w], (found[f]["trigger_start"], found[f]["trigger_end"]))

        paired = pairs(len(wanted), len(found), likeness)
        told = [f"{e.trigger} ({e.type})" for e in wanted]
        self._table("events", paired, told, [f"{e['trigger']} ({e['type']})" for e in found])
        for w, f in paired:
            event, row = wanted[w], found[f]
            place, day = row["place_name"], row["date_start"]
            self._value("event_mode", told[w], event.mode, row["mode"])
            self._value("event_realis", told[w], event.realis, row["realis"])
            self._value("event_date", told[w], first_day(event.date) if event.date else None, day)
            self._value("event_place", told[w], event.place, event.place if _same(event.place, place) else place)
            self._participants(told[w], w, row["event_mention_id"])

    def _participants(self, told: str, w: int, event_mention_id: str) -> None:
        event = self.file.event[w]
        wanted = {("actor", name) for name in event.actors} | {("recipient", name) for name in event.recipients}
        found = Counter(
            (part["role"], self._who(part["actor_id"], {name for role, name in wanted if role == part["role"]}))
            for part in self.rows["event_participants"]
            if part["event_mention_id"] == event_mention_id
        )
        right = wanted & found.keys()
        self.marks.counts["participants"] += Count(len(right), found.total(), len(wanted))
        for role, name in sorted(wanted - right):
            self._miss("participants", told, f"{name} ({role})", NOBODY)
        for role, name in sorted(found.keys() - wanted):
            self._miss("participants", told, NOBODY, f"{name} ({role})")

    def _who(self, actor_id: str | None, wanted: set[str]) -> str:
        """The name in the gold of a found actor, else its own."""
        if actor_id is None:
            return NOBODY
        if actor_id in self.partner:
            return self.partner[actor_id]
        forms = self.found_forms[actor_id]
        same = sorted(name for name in wanted if self.wanted_forms.get(name, frozenset()) & forms)
        return same[0] if same else next(a["name"] for a in self.rows["actors"] if a["actor_id"] == actor_id)

    def _table(self, measure: str, paired: list[Pair], wanted: list[str], found: list[str]) -> None:
        self.marks.counts[measure] += Count(len(paired), len(found), len(wanted))
        for number in sorted(set(range(len(wanted))) - {pair.wanted for pair in paired}):
            self._miss(measure, wanted[number], wanted[number], NOBODY)
        for number in sorted(set(range(len(found))) - {pair.found for pair in paired}):
            self._miss(measure, found[number], NOBODY, found[number])

    def _value(self, measure: str, text: str, wanted: object, found: object) -> bool:
        is_right = wanted == found
        self.marks.counts[measure] += Count(int(is_right), 1, 1)
        if not is_right:
            self._miss(measure, text, *("" if value is None else str(value) for value in (wanted, found)))
        return is_right

    def _miss(self, measure: str, text: str, wanted: str, found: str) -> None:
        self.marks.misses.append(Miss(measure, self.gold.name, text, wanted, found))


def _same(a: str | None, b: str | None) -> bool:
    return (a or "").casefold() == (b or "").casefold()
