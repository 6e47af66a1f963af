"""The clause that tells what was said: where it begins and ends, with or without a conjunction or a finite verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.clauses import JOINS
from flows.extract.cues import find_cue
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERB_KINDS, VERBS

if TYPE_CHECKING:
    from flows.extract.reading import Reading
    from flows.extract.scan import Scan

FAR_THAT: Final = 10  # tokens from the verb of speech to its conjunction
PARTICLE: Final = 2  # letters of the particle that stands inside a separable infinitive
LONGEST_SUBJECT: Final = 9  # tokens of a subject with its verb
BEFORE_INFINITIVE: Final = frozenset({"of", "to", "from", "for"})
MINIMUM: Final = 3  # words of reported speech


def far_that(reading: Reading, behind: int, high: int) -> int | None:
    """A farther conjunction: behind an adjunct between commas, or any where the word is no relative pronoun too."""
    scan = reading.scan
    if behind < high and scan.words[behind] == ",":
        comma = next((j for j in range(behind + 1, min(behind + FAR_THAT, high)) if scan.words[j] == ","), high)
        if comma + 1 < high and "that" in scan.classes(comma + 1):
            return comma + 1
    for j in range(behind, min(behind + FAR_THAT, high)):
        classes = reading.scan.classes(j)
        if "that" in classes:
            return None if "relative" in classes else j
        if reading.finite(j) is not None:
            return None
    return None


def bare_clause(reading: Reading, behind: int, high: int) -> int | None:
    """Where a clause without a conjunction begins: a subject with its verb, behind whom it is told to."""
    told = reading.next_mention(behind) if behind < high else None
    end = max(told.last, told.phrase_last) if told is not None and told.kind != "pronoun" else behind
    for start in dict.fromkeys((end, behind)):
        if start < high and _has_subject(reading, start, high):
            return start
    return None


def _has_subject(reading: Reading, start: int, high: int) -> bool:
    scan = reading.scan
    pronoun = scan.sense(start, "pronoun") is not None
    named = pronoun or reading.next_mention(start) is not None
    if not scan.is_word(start) or not (named or scan.classes(start) & DETERMINERS):
        return False
    who = reading.next_mention(start)
    for k in range(start + 1, min(start + LONGEST_SUBJECT, high)):
        unknown = who is not None and k == max(who.last, who.phrase_last) and scan.hits[k] is None
        if (
            reading.finite(k) is not None
            or scan.sense(k, "realis") is not None
            or (unknown and scan.words[k].islower())
        ):
            return True
        if not scan.is_word(k) and scan.words[k] not in "-'":
            return False
    return False


def end_of_clause(reading: Reading, begin: int, high: int) -> int:
    """Where the speaker goes on with another verb of speech ("…, and said"), else the sentence's end."""
    for k in range(begin + 1, high):
        if reading.scan.classes(k - 1) & JOINS and reading.quote_at[k] < 0:
            cue = find_cue(reading, k)
            if cue is not None and not cue.flag and cue.tense != "gerund":
                return k - 1
    return high


def ends_in_infinitive(reading: Reading, low: int, high: int) -> bool:
    """Whether the clause has no verb but an infinitive at its end ("forderte ihn auf, den Ort zu verlassen")."""
    last = next((k for k in range(high - 1, low, -1) if reading.scan.is_word(k)), low)
    if last - low < MINIMUM - 1 or not is_infinitive(reading, last):
        return False
    return not any(reading.finite(k) is not None for k in reading.scan.having(VERBS, low, last))


def is_infinitive(reading: Reading, k: int) -> bool:
    """Whether the word is a known infinitive, or an unknown word that looks like one behind its particle."""
    scan = reading.scan
    hit = scan.hits[k]
    if hit is not None:
        tenses = [s.tense for kind in VERB_KINDS for s in hit.senses.get(kind, ()) if s.tense]
        return hit.first == k and "infinitive" in tenses and ("present" not in tenses or "to" in scan.classes(k - 1))
    word = scan.words[k]
    particle = bool(scan.classes(k - 1) & BEFORE_INFINITIVE) or _holds_particle(scan, word)
    unknown = word.islower() and reading.mention_at[k] is None
    return particle and unknown and any(word.endswith(ending) for ending in scan.lexicon.infinitives)


def _holds_particle(scan: Scan, word: str) -> bool:
    """Whether the infinitive's particle stands inside the word, behind the verb's own ("ein-zu-stellen")."""
    for own in scan.lexicon.verb_particles:
        if word.startswith(own):
            sense = scan.lexicon.trie.get(word[len(own) : len(own) + PARTICLE]).get("fn")
            if sense and "to" in sense[0].classes:
                return True
    return False
