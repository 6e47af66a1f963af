"""Noun phrases that no lexicon knows: found beside a verb of speech, they can speak ("the report", "Pons")."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from flows.extract.mention import Mention
from flows.extract.phrases import DETERMINERS

if TYPE_CHECKING:
    from flows.extract.reading import Reading

PREPOSITIONAL: Final = frozenset(
    {"of", "with", "against", "between", "to", "from", "in", "preposition", "by", "for", "about"}
)
MAX_ADJECTIVES: Final = 4  # tokens between a determiner and the end of its noun phrase
MAX_WORDS: Final = 8  # tokens of a noun phrase behind an inverted verb
NO_NAME: Final = ("calendar", "fn", "pronoun", "be", "have", "country", "region", "area")


def phrase_before(reading: Reading, k: int, low: int) -> Mention | None:
    """The common noun with its determiner, or the unknown name, that ends at token k."""
    scan = reading.scan
    for j in range(k, max(low, k - MAX_ADJECTIVES) - 1, -1):
        if reading.mention_at[j] is not None or not _within(reading, j) or reading.quote_at[j] >= 0:
            return None
        if scan.lows[j] == "s" and j - 2 >= low and scan.words[j - 1] == "'" and j < k:
            owner = reading.mention_at[j - 2]
            if owner is not None:
                return _thing(reading, owner.phrase_first, k + 1)
            continue
        classes = scan.classes(j)
        if classes & DETERMINERS:
            return _thing(reading, j, k + 1) if j < k and not classes & {"of", "that"} else None
        if classes:
            return None
    return _capital(reading, k, low - 1, -1)


def phrase_behind(reading: Reading, k: int, high: int) -> Mention | None:
    """The noun phrase that begins at token k, behind an inverted verb of speech ("said one former aide")."""
    scan = reading.scan
    if k + 2 < high and scan.caps[k] and scan.words[k + 1] == "." and reading.mention_at[k + 2] is not None:
        return reading.mention_at[k + 2]  # a title that no lexicon knows: "Del. Ann Poe"
    if (name := _capital(reading, k, high)) is not None and not reading.mention_at[k]:
        return name
    classes = scan.classes(k)
    determined = bool(classes & DETERMINERS)
    if classes and not determined:
        return None
    begin = scan.next_after(k) if determined else k
    for j in range(begin, min(high, k + MAX_WORDS)):
        mention = reading.mention_at[j]
        if mention is not None:
            return mention if mention.kind != "pronoun" and not mention.before & PREPOSITIONAL else None
        if not _within(reading, j) or reading.quote_at[j] != reading.quote_at[k] or scan.classes(j):
            return _thing(reading, k, j) if determined and j > begin and _ends_phrase(reading, j) else None
        if j > begin and reading.finite(j) is not None:
            return None
    return None


def first_thing(reading: Reading, low: int, high: int) -> Mention | None:
    """The first common noun with an article of the range that no preposition governs."""
    for k in range(low, high):
        if reading.scan.classes(k) & DETERMINERS and reading.quote_at[k] < 0 and reading.mention_at[k] is None:
            thing = phrase_behind(reading, k, high)
            if thing is not None:
                return thing
    return None


def _ends_phrase(reading: Reading, j: int) -> bool:
    scan = reading.scan
    return not scan.is_word(j) or bool(scan.classes(j) & (PREPOSITIONAL | {"relative", "and", "that"}))


def _within(reading: Reading, j: int) -> bool:
    return reading.scan.is_word(j) or reading.scan.words[j] in "-'‐"


def _capital(reading: Reading, k: int, end: int, step: int = 1) -> Mention | None:
    """The capitalized words from token k on that nothing else explains: a name by its place beside the verb."""
    caps, mentions = reading.scan.caps, reading.mention_at
    run = list(takewhile(lambda j: caps[j] and mentions[j] is None and not _explained(reading, j), range(k, end, step)))
    return _name(reading, min(run), max(run) + 1) if run else None


def _explained(reading: Reading, j: int) -> bool:
    """Whether the capital is that of another kind of word; a particle before a capital is a name's ("Al Amin")."""
    scan = reading.scan
    hit = scan.hits[j]
    inside = j > reading.bounds(j)[0] and scan.words[j - 1] not in "\"'”’»"
    particle = j + 1 < len(scan) and scan.caps[j + 1] and (inside or scan.lows[j] in scan.lexicon.name_particles)
    return hit is not None and not particle and any(kind in hit.senses for kind in NO_NAME)


def _name(reading: Reading, first: int, last: int) -> Mention:
    scan = reading.scan
    name = scan.surface(first, last)
    return Mention(scan, first, last, "name", "unknown", name, first, "name.cue", phrase_last=last)


def _thing(reading: Reading, first: int, last: int) -> Mention | None:
    scan = reading.scan
    before = scan.classes(first - 1) if first > scan.sentences[scan.sentence_of[first]][0] else frozenset[str]()
    if before & PREPOSITIONAL:
        return None
    name = scan.surface(first, last)
    return Mention(scan, first, last, "role", "thing", name, first, "noun.phrase", phrase_last=last, before=before)
