"""The parties of a verb where the language puts verbs last: "hat die Polizei … festgenommen", "weil Rebellen … töten".

What stands before such a verb is in order: the first noun phrase without a preposition is the subject, the next the
object; and where an adjunct opens a main clause, both stand behind its verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flows.extract.clauses import reported_subject, subject, subject_before, with_coordinated
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERBS
from flows.lexicons import traits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

OPENS: Final = frozenset({"relative", "subordinator", "that"})
BY: Final = frozenset({"by"})
AIMED: Final = frozenset({"against", "on", "to", "with", "between"})
MARKS: Final = ",;:()–—"


class Clause(NamedTuple):
    """The tokens `low` to `high` (exclusive) of the clause that holds a verb; `final` when it ends with the verb."""

    low: int
    high: int
    final: bool


def parties(reading: Reading, verb: int, sense: Sense, low: int, high: int) -> tuple[list[Mention], list[Mention]]:
    """Who does it and to whom, by the order of the clause; `sense.tense` may be that of a participle."""
    clause = clause_of(reading, verb, low, high)
    before, behind = _mentions(reading, clause.low, verb), _mentions(reading, verb + 1, clause.high)
    free = _free(reading, verb, clause, before)
    if not free and (first := subject_before(reading, verb, low)) is not None and not _governed(reading, first):
        free = [first]  # across an insertion
    later = [m for m in behind if not _governed(reading, m)]
    if _passive(reading, verb, sense, clause):
        doers = [m for m in (*before, *behind) if m.before & BY]
        return doers, free[:1] or later[:1]
    if _without_subject(reading, verb, clause, low):
        return _outer_doers(reading, low, clause.low), free or _aimed(before)
    speaker = reported_subject(reading, verb, low)
    if speaker is not None:
        free.insert(0, speaker)
    ordered = _without_coordinated(reading, [*free, *later])
    doers = with_coordinated(reading, ordered[0]) if ordered else []
    others = [m for m in ordered[1:] if m not in doers] or _aimed([*before, *behind])
    return doers, others


def _outer_doers(reading: Reading, low: int, high: int) -> list[Mention]:
    """Who does what the infinitive behind the clause says: its subject, or whom it asks ("forderte *X* auf, zu …")."""
    verb = max((k for k in reading.scan.having(VERBS, low, high) if reading.finite(k) is not None), default=None)
    first = subject(reading, verb, low, high) if verb is not None else None
    if verb is None or first is None:
        return []
    asks = any(s.frame.type in traits().asking for s in _events(reading, verb))
    asked = [m for m in _mentions(reading, verb + 1, high) if m is not first and not _governed(reading, m)]
    return asked if asks and asked else with_coordinated(reading, first)


def _events(reading: Reading, k: int) -> tuple[Sense, ...]:
    hit = reading.scan.hits[k]
    return tuple(hit.senses.get("event", ())) if hit is not None else ()


def _aimed(mentions: list[Mention]) -> list[Mention]:
    return [m for m in mentions if m.before & AIMED]


def _without_subject(reading: Reading, verb: int, clause: Clause, low: int) -> bool:
    """Whether the clause behind a comma ends with an infinitive: "drohte, X festzunehmen", "…, X zu töten"."""
    scan = reading.scan
    tenses = {s.tense for s in _events(reading, verb)}
    infinitive = tenses == {"infinitive"} or ("infinitive" in tenses and "to" in scan.classes(verb - 1))
    finite = any(reading.finite(k) is not None for k in range(clause.low, verb))
    return infinitive and clause.final and not finite and clause.low > low and scan.words[clause.low - 1] == ","


def _free(reading: Reading, verb: int, clause: Clause, before: list[Mention]) -> list[Mention]:
    """The mentions before the verb that no preposition governs; it governs all that is before the finite verb.

    A preposition that opens a clause whose finite verb is the last is a conjunction ("seit Rebellen … haben").
    """
    scan = reading.scan
    front = next((k for k in range(clause.low, verb) if _is_auxiliary(reading, k)), verb)
    classes = scan.classes(clause.low)
    governs = bool(classes & PREPOSITIONAL) and not classes & DETERMINERS
    opened = governs or scan.sense(clause.low, "according") is not None
    is_conjunction = front == verb and clause.final and scan.next_after(verb) < clause.high
    begins = clause.low > 0 and bool(scan.classes(clause.low - 1) & OPENS)
    first = before[:1] if is_conjunction and (opened or begins) else []
    return first + [m for m in before[len(first) :] if not _governed(reading, m) and not (opened and m.first < front)]


def _governed(reading: Reading, mention: Mention) -> bool:
    """Whether a preposition governs the mention, or the first of those that it is coordinated with."""
    return any(m.before & PREPOSITIONAL for m in with_coordinated(reading, mention))


def clause_of(reading: Reading, verb: int, low: int, high: int) -> Clause:
    """The clause of the verb, between marks and words that open a clause."""
    scan = reading.scan
    first = verb
    while first > low and not _begins_clause(reading, first - 1):
        first -= 1
    last = scan.next_after(verb)
    while last < high and not _begins_clause(reading, last) and not _goes_on(reading, last):
        last = scan.next_after(last)
    rest = range(scan.next_after(verb), last)
    final = all(not scan.is_word(k) or _is_auxiliary(reading, k) for k in rest)
    return Clause(first, min(last, high), final)


def _begins_clause(reading: Reading, k: int) -> bool:
    scan = reading.scan
    return scan.words[k] in MARKS or bool(scan.classes(k) & OPENS) or reading.quote_at[k] >= 0


def _goes_on(reading: Reading, k: int) -> bool:
    """Whether another verb of the same subject follows "and": "feuerten auf X und töteten Y"."""
    scan = reading.scan
    j = scan.next_after(k)
    return (
        "and" in scan.classes(k) and j < len(scan) and reading.finite(j) is not None and not _is_auxiliary(reading, j)
    )


def _is_auxiliary(reading: Reading, k: int) -> bool:
    return reading.scan.sense(k, "be") is not None or reading.scan.sense(k, "have") is not None


def _passive(reading: Reading, verb: int, sense: Sense, clause: Clause) -> bool:
    hit = reading.scan.hits[verb]
    tenses = {s.tense for s in hit.senses.get(sense.kind, ())} if hit is not None else set[str]()
    has_be = any(reading.scan.sense(k, "be") is not None for k in range(clause.low, clause.high) if k != verb)
    has_have = any(reading.scan.sense(k, "have") is not None for k in range(clause.low, clause.high))
    return "participle" in tenses and clause.final and has_be and not has_have


def _mentions(reading: Reading, first: int, last: int) -> list[Mention]:
    found: list[Mention] = []
    for k in range(first, last):
        mention = reading.mention_at[k]
        if mention is not None and (not found or mention is not found[-1]):
            found.append(mention)
    return found


def _without_coordinated(reading: Reading, free: list[Mention]) -> list[Mention]:
    """The mentions without the second and later ones of "X und Y", the last of which stands for all as a subject."""
    kept: list[Mention] = []
    for mention in free:
        if kept and kept[-1] in with_coordinated(reading, mention):
            kept[-1] = mention
        else:
            kept.append(mention)
    return kept
