"""An adjective of nationality in the noun phrase of an event -> its country as a party: "Syrian air raids"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.mention import Mention
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERB_KINDS, VERBS
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.reading import Reading

DEMONYM: Final = bits("demonym")
CAPITAL: Final = bits("capital")
REGION: Final = bits("region")
WHERE: Final = frozenset({"in", "on", "to", "from"})
CLAUSE: Final = frozenset({"relative", "subordinator", "that"})
PLACE_REACH: Final = 12  # tokens from the event word to its place
REACH: Final = 5  # tokens of a noun phrase


def beside_noun(reading: Reading, noun: int, low: int, high: int) -> list[Mention]:
    """The countries of the adjectives before an event noun or, where adjectives follow, behind it."""
    scan, found = reading.scan, list[Mention]()
    for k in range(noun - 1, max(low, noun - REACH) - 1, -1):
        if not _inside(reading, k):
            break
        found[:0] = adjective_at(reading, k)
    k = scan.next_after(noun)
    if not found and not scan.lexicon.head_final and k < high and _inside(reading, k):
        found = adjective_at(reading, k)
    return found


def object_of(reading: Reading, verb: int, high: int) -> list[Mention]:
    """The countries of the adjectives in the object of a verb: "rejected an Australian ultimatum"."""
    scan = reading.scan
    k = scan.next_after(verb)
    for j in range(k, min(high, k + REACH)):
        if scan.classes(j) & DETERMINERS or "adverb" in scan.classes(j):
            continue
        if not _inside(reading, j):
            break
        if found := adjective_at(reading, j):
            return found
    return []


def subject_of(reading: Reading, verb: int, low: int) -> list[Mention]:
    """The country of the adjective in the noun phrase right before a verb: "Russian aircraft killed"."""
    scan, k = reading.scan, verb - 1
    while k >= low and (hit := scan.hits[k]) is not None and reading.mention_at[k] is None and hit.kinds & VERBS:
        k = hit.first - 1
    for j in range(k, max(low - 1, k - REACH), -1):
        if not _inside(reading, j):
            break
        if found := adjective_at(reading, j):
            return found if j == low or not scan.classes(j - 1) & PREPOSITIONAL else []
    return []


def place_of_harm(reading: Reading, trigger: int, high: int, doers: Sequence[Mention]) -> list[Mention]:
    """The country where the event happens, for what is done to nobody else: "exploded bombs in Kabul".

    A region stands for its country only where others act there: "Israeli troops entered the *West Bank*".
    """
    scan, k = reading.scan, reading.scan.next_after(trigger)
    while k < min(high, trigger + PLACE_REACH):
        hit, mention = scan.hits[k], reading.mention_at[k]
        if scan.words[k] in ";:" or reading.quote_at[k] != reading.quote_at[trigger]:
            break
        if mention is None and hit is not None and (hit.classes & CLAUSE or reading.finite(k) is not None):
            break
        if mention is not None and mention.type == "country" and _is_where(reading, mention.phrase_first):
            return [mention]
        if mention is None and hit is not None and hit.kinds & DEMONYM and _is_where(reading, k):
            return adjective_at(reading, k)
        if hit is not None and hit.kinds & CAPITAL and scan.caps[k] and scan.classes(k - 1) & WHERE:
            return adjective_at(reading, k, "capital")
        if mention is None and hit is not None and hit.kinds & REGION and _is_where(reading, k):
            found = adjective_at(reading, k, "region")
            return [m for m in found if doers and all(d.country not in (None, m.country) for d in doers)]
        k = mention.last if mention is not None else scan.next_after(k)
    return []


def _is_where(reading: Reading, k: int) -> bool:
    """Whether "in", "on", "to" or "from" governs the phrase at token k, with articles and adjectives between."""
    scan = reading.scan
    for j in range(k - 1, max(-1, k - 1 - REACH), -1):
        if scan.classes(j) & WHERE:
            return True
        if not (scan.classes(j) & DETERMINERS or _inside(reading, j)):
            return False
    return False


def _inside(reading: Reading, k: int) -> bool:
    """Whether the token can be an adjective or a noun of the phrase: a word that is no verb and no function word."""
    scan, hit = reading.scan, reading.scan.hits[k]
    if reading.mention_at[k] is not None or reading.quote_at[k] >= 0 or not (scan.is_word(k) or scan.words[k] in "-‐"):
        return False
    if hit is None or hit.kinds & DEMONYM:
        return True
    adjective = any(s.tense == "participle" for kind in VERB_KINDS for s in hit.senses.get(kind, ()))
    return not hit.classes and (adjective or not hit.kinds & VERBS)


def adjective_at(reading: Reading, k: int, kind: str = "demonym") -> list[Mention]:
    """The country of the adjective (or of another `kind` of word) at token k; empty when there is none."""
    scan = reading.scan
    sense, hit = scan.sense(k, kind), scan.hits[k]
    if sense is None or hit is None or hit.first != k or sense.country is None:
        return []
    name = sense.lemma if kind == "region" else sense.name
    mention = Mention(scan, k, hit.last, "name", "country", name, k, f"country.{kind}", phrase_last=hit.last)
    mention.key, mention.country, mention.metonym = sense.country, sense.country, True
    return [mention]
