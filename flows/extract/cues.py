"""Whether a word is a verb of speech where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERB_KINDS
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

MAX_ADVERBS: Final = 2  # between an auxiliary and its participle
MAX_FRAME: Final = 10  # the same where subject and adjuncts stand between them
CUES: Final = bits("cue")


def find_cue(reading: Reading, k: int) -> Sense | None:
    """The finite (or, as in "adding that", participial) cue at token k outside any quote."""
    scan = reading.scan
    hit = scan.hits[k]
    if hit is None or not hit.kinds & CUES or hit.first != k or reading.mention_at[k] is not None:
        return None
    if _is_noun(reading, k):
        return None
    cue = reading.finite(k, ("cue",))
    if cue is None:
        first = hit.senses["cue"][0]
        cue = first if first.tense == "gerund" or _has_auxiliary(reading, k) else None
    if cue is None:
        return None
    if cue.flag and k and scan.sense(k - 1, "realis") is not None:  # "will continue to be"
        return None
    return cue if not cue.flag or _verbal(reading, k) else None


def _has_auxiliary(reading: Reading, k: int) -> bool:
    """Whether "have" or "be" stands before the participle, adverbs between them skipped ("ha poi aggiunto").

    Where verbs part from their particles, the subject and adjuncts stand between them too ("hat Eva Kolb gesagt").
    """
    scan = reading.scan
    low, _ = reading.bounds(k)
    frame = bool(scan.lexicon.verb_particles)
    for j in range(k - 1, max(low - 1, k - 2 - (MAX_FRAME if frame else MAX_ADVERBS)), -1):
        if scan.sense(j, "have") or (scan.sense(j, "be") and not frame):
            return True
        inside = frame and scan.is_word(j) and reading.finite(j) is None
        if not inside and "adverb" not in scan.classes(j):
            return False
    return False


def _is_noun(reading: Reading, k: int) -> bool:
    """Whether the word is no verb here: behind a determiner or 's, part of a compound, or a name by its capital."""
    scan = reading.scan
    behind = scan.next_after(k)
    if behind < len(scan) and scan.words[behind] in "-‐" and not scan.spaced(behind):
        pronoun = reading.mention_at[behind]  # "-t-il", a subject and no compound
        return pronoun is None or pronoun.kind != "pronoun"
    if k == 0:
        return False
    before = scan.words[k - 1]
    capital = scan.caps[k] and scan.is_word(k - 1) and not scan.caps[k - 1]
    owned = scan.lows[k - 1] == "s" and k > 1 and scan.words[k - 2] == "'"
    compound = before in "-‐" and not scan.spaced(k)
    classes = scan.classes(k - 1)
    determined = bool(classes & DETERMINERS) and "adverb" not in classes  # a clitic ("lo ha detto") proves nothing
    return determined or capital or owned or compound


def infinitive_cue(reading: Reading, k: int) -> Sense | None:
    """An infinitive with its subject right behind it ("…", se limitó a decir X)."""
    cue = reading.scan.sense(k, "cue")
    if cue is None or cue.tense != "infinitive" or reading.mention_at[k] is not None:
        return None
    return cue if reading.next_mention(reading.scan.next_after(k)) is not None else None


def _verbal(reading: Reading, k: int) -> bool:
    """Whether a word that is often no verb of speech has a subject or a mark beside it."""
    scan = reading.scan
    beside = reading.mention_at[k - 1] if k else None
    behind = scan.next_after(k)
    if beside is not None or (k > 0 and scan.classes(k - 1) & {"adverb", "relative"}):
        return True
    if k > 0 and (not scan.is_word(k - 1) or scan.sense(k - 1, "have") or "and" in scan.classes(k - 1)):
        return True
    return behind < len(scan) and (not scan.is_word(behind) or reading.next_mention(behind) is not None)


def speaks_beside(mention: Mention) -> bool:
    """Whether a strong verb of speech stands right before or behind the mention's phrase."""
    scan = mention.scan
    for k in (mention.phrase_first - 1, max(mention.last, mention.phrase_last)):
        cue = scan.sense(k, "cue") if 0 <= k < len(scan) else None
        if cue is not None and not cue.flag and cue.tense in ("past", "present", "participle"):
            return True
    return False


def is_told(reading: Reading, low: int, high: int) -> bool:
    """Whether the clause's first verb is in a mood that only reports ("sagte, die Lage sei ernst")."""
    for k in range(low, high):
        hit = reading.scan.hits[k]
        senses = [s for kind in VERB_KINDS for s in (hit.senses.get(kind, ()) if hit is not None else ())]
        if senses and reading.mention_at[k] is None and any(s.tense for s in senses):
            return any(s.tense == "subjunctive" for s in senses)
        if reading.scan.words[k] in ";:":
            return False
    return False
