"""Whom it is done to, with whom, against whom: the complements behind a verb or an event noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.clauses import BESIDE, JOINS, MAX_BEHIND, SKIPPED, begins_clause
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

PLACE_WORDS: Final = 4  # tokens from "in" to the name of the place
MAX_QUIET: Final = 8  # tokens without a mention between a verb and its complement
CALENDAR: Final = bits("calendar")
OWNER: Final = frozenset({"of"})
MAYBE_PLACE: Final = frozenset({"person", "unknown"})  # of a single word
GOES_ON: Final = frozenset({"and", "article", "possessive", "plural"})  # between coordinated mentions


def behind(reading: Reading, word: int, high: int, classes: frozenset[str], reach: int = MAX_QUIET) -> list[Mention]:
    """The mentions behind a word whose preposition is of one of the classes, with those coordinated to them.

    The empty set asks for the direct object: no preposition; a place may stand before it.
    """
    scan = reading.scan
    found: list[Mention] = []
    k, quiet = scan.next_after(word), 0
    behind_word = k
    while k < high:
        if scan.words[k] in ";:" or ("relative" in scan.classes(k) and "that" not in classes):
            break
        mention = reading.mention_at[k]
        if mention is None:
            quiet += not _is_date(reading, k)
            joins = not found and not classes and bool(scan.classes(k) & JOINS)
            if joins or quiet > reach or (quiet > 1 and _is_verb(reading, k)):
                break
            if found and scan.words[k] != "," and not scan.classes(k) & GOES_ON:
                break
            k = scan.next_after(k)
            continue
        # "talks between X and Y failed", "a strike killed nine, X said"
        if begins_clause(reading, mention, joined=bool(found) and not classes):
            break
        taken = not classes and mention.phrase_first == behind_word and bool(mention.before)  # "tear gas at" has it
        if (
            taken
            or (not classes and not found and _owns_object(mention, behind_word))
            or (_fits(mention, classes) and not _follows_of(mention, found))
            or (found and _coordinated(reading, found[-1], mention))
        ):
            found.append(mention)
        elif not _is_beside(mention, found, classes):
            break
        k, quiet = max(mention.last, mention.phrase_last, k + 1), 0
    return found


def _owns_object(mention: Mention, first: int) -> bool:
    """Whether it is the owner of the object that begins at token `first`: "defended the rights of *X*"."""
    scan, last = mention.scan, mention.phrase_first - 1
    if not mention.before & OWNER or mention.kind == "pronoun" or last <= first:
        return False
    if scan.sense(last - 1, "thing") or (mention.last == mention.first + 1 and mention.type in MAYBE_PLACE):
        return False  # "the bridge of X"
    governed = scan.classes(first) & PREPOSITIONAL and "in" not in scan.classes(first)
    inner = range(first + bool(governed), last)  # "hacked *into* the computers of X"
    return not any(not scan.is_word(k) or scan.classes(k) & PREPOSITIONAL for k in inner)


def _is_verb(reading: Reading, k: int) -> bool:
    """Whether a finite verb stands there; behind an article the form is an adjective ("the detained leaders")."""
    adjective = bool(reading.scan.classes(k - 1) & DETERMINERS) and not reading.scan.lexicon.pro_drop  # "los detuvo"
    return reading.finite(k) is not None and not adjective


def _fits(mention: Mention, classes: frozenset[str]) -> bool:
    if classes:
        return bool(mention.before & classes)
    return not mention.before & PREPOSITIONAL and not _names_a_place(mention)


def _names_a_place(mention: Mention) -> bool:
    """Whether the name follows a common noun behind "in": "en la vereda Los Pinos"."""
    scan, k = mention.scan, mention.phrase_first - 1
    if mention.kind != "name" or k < 1 or scan.caps[k] or not scan.lows[k].isalpha() or scan.classes(k):
        return False
    while k > mention.phrase_first - PLACE_WORDS and k > 0 and (scan.classes(k) & DETERMINERS or not scan.classes(k)):
        k -= 1
    return "in" in scan.classes(k)


def _follows_of(mention: Mention, found: list[Mention]) -> bool:
    return bool(found) and "of" in mention.before


def _is_beside(mention: Mention, found: list[Mention], classes: frozenset[str]) -> bool:
    """Whether a mention that does not fit may be passed by: a complement of the last one, or a place."""
    if found:
        return "of" in mention.before
    is_place = mention.type in ("place", "country") and "in" in mention.before
    return bool(classes) or is_place or _names_a_place(mention)


def _is_date(reading: Reading, k: int) -> bool:
    hit = reading.scan.hits[k]
    return hit is not None and bool(hit.kinds & CALENDAR)


def asked_to(reading: Reading, verb: int, high: int) -> Mention | None:
    """The subject of the that-clause behind a verb: "demanded that X leave"."""
    scan, k = reading.scan, reading.scan.next_after(verb)
    while k < high and (hit := scan.hits[k]) is not None and not hit.classes & {"that"}:
        if not hit.kinds & BESIDE and not hit.classes & (SKIPPED | {"preposition", "on"}):
            return None
        k = hit.last
    for j in range(k + 1, min(high, k + MAX_BEHIND + 1)):
        if (mention := reading.next_mention(j)) is not None:
            return mention
        if reading.finite(j) is not None or not scan.is_word(j):
            return None
    return None


def _coordinated(reading: Reading, first: Mention, second: Mention) -> bool:
    scan = reading.scan
    between = [k for k in range(first.last, second.phrase_first) if not scan.classes(k) & {"plural"}]
    if "and" in scan.classes(first.phrase_first - 1) and not any("and" in scan.classes(k) for k in between):
        return False  # "X and Y, Z …": the list has ended
    return 0 < len(between) <= 2 and all(scan.words[k] == "," or "and" in scan.classes(k) for k in between)  # noqa: PLR2004
