"""Reported speech without marks: X said that …, according to X …, …, said X, X promised to … .

Only with a speaker who is an actor of the article, and only one stretch of a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.attribution import FORMULAS, formula_speaker
from flows.extract.clauses import JOINS, inverted_subject, subject, subject_before
from flows.extract.cues import CUES, find_cue, is_told
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERB_KINDS, VERBS
from flows.extract.results import Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.extract.actors import Cast
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.extract.scan import Scan
    from flows.lexicons import Sense

NEAR_THAT: Final = 4
FAR_THAT: Final = 10
PARTICLE: Final = 2  # letters of the particle that stands inside a separable infinitive
MINIMUM: Final = 3  # words of reported speech
LONGEST_SUBJECT: Final = 9  # tokens of a subject with its verb
LONGEST_TAIL: Final = 20  # tokens of a clause behind that only says who spoke, when and where
BEFORE_INFINITIVE: Final = frozenset({"of", "to", "from", "for", "negation"})


def find_reported(reading: Reading, cast: Cast, quotes: Sequence[Quote], used: set[int]) -> list[Quote]:
    """The reported speech of the block's sentences, given its quotes and the tokens of their cues.

    A sentence may hold some words in quotation marks, but what a direct quote says is reported only once.
    """
    found: list[Quote] = []
    last: Quote | None = None
    starts = {q.start for q in quotes if q.kind == "direct"}
    direct = [reading.quote_tokens(n) for n, marked in enumerate(reading.marked) if marked.start in starts]
    for low, high in reading.scan.sentences:
        before, last = last, None
        end = next((max(low, first) for first, behind in direct if first < high and behind > low), high)
        if end == low:
            continue
        for quote in _candidates(reading, low, end, used if end < high else set()):
            if last is not None and quote.start < last.end:
                continue
            quote.actor = cast.promote(quote.speaker) if quote.speaker is not None else -1
            if quote.actor >= 0 and _says_more(reading, quote):
                last = quote
                found.append(quote)
        if last is None and (last := _going_on(reading, low, end, before)) is not None:
            found.append(last)
    return found


def _says_more(reading: Reading, quote: Quote) -> bool:
    """Whether enough words of it stand outside quotation marks."""
    scan = reading.scan
    first, last = scan.token_at(quote.start), scan.token_before(quote.end) + 1
    return sum(scan.is_word(k) and reading.quote_at[k] < 0 for k in range(first, last)) >= MINIMUM


def _going_on(reading: Reading, low: int, high: int, before: Quote | None) -> Quote | None:
    """A whole sentence in the mood of reported speech, behind one of it: the same speaker goes on."""
    if before is None or not is_told(reading, low, high):
        return None
    for quote in _quote(reading, low, high, low, before.speaker, before.stance or "", "reported.going_on", 0.75):
        quote.actor, quote.cue = before.actor, None
        return quote
    return None


def _candidates(reading: Reading, low: int, high: int, barred: set[int]) -> Iterator[Quote]:
    scan = reading.scan
    tokens = (k for k in scan.having(CUES, low, high) if reading.quote_at[k] < 0 and k not in barred)
    cues = [(k, cue) for k in tokens if (cue := find_cue(reading, k)) is not None]
    for k, cue in cues:
        if cue.tense != "gerund":
            yield from _clause_behind(reading, low, high, k, cue)
        yield from _as_told(reading, low, high, k, cue)
    formulas = scan.having(FORMULAS, low, high)
    if formulas and not any(reading.quote_at[k] >= 0 for k in range(low, high)):
        yield from _according(reading, formulas, low, high)
        yield from _after_name(reading, formulas, low, high)
    for k, cue in cues:
        if not cue.flag:
            yield from _clause_before(reading, low, high, k, cue)


def _clause_behind(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """X said that …; X promised to …; X said, it be …."""
    scan = reading.scan
    behind = scan.next_after(k)
    near = range(behind, min(behind + NEAR_THAT, high))
    that = next((j for j in near if "that" in scan.classes(j)), None) or _far_that(reading, behind, high)
    if cue.flag and that != behind:
        return
    if that is not None:
        who = subject(reading, k, low, that)
        begin = scan.next_after(that)
        yield from _quote(
            reading, begin, _end_of_clause(reading, begin, high), k, who, cue.stance, "reported.that", 0.85
        )
        return
    comma = next((j for j in near if scan.words[j] == ","), None)
    if comma is not None and (is_told(reading, comma + 1, high) or _ends_in_infinitive(reading, comma + 1, high)):
        who = subject(reading, k, low, comma)
        yield from _quote(reading, comma + 1, high, k, who, cue.stance, "reported.mood", 0.85)
        return
    begin = next((j for j in near if not scan.classes(j) & BEFORE_INFINITIVE), high)
    if begin < high and _is_infinitive(reading, begin):
        who = subject(reading, k, low, begin)
        yield from _quote(reading, behind, high, k, who, cue.stance, "reported.infinitive", 0.8)
    elif scan.lexicon.bare_clauses and (start := _bare_clause(reading, behind, high)) is not None:
        who = subject_before(reading, k, low)
        yield from _quote(reading, start, high, k, who, cue.stance, "reported.bare", 0.8)


def _bare_clause(reading: Reading, behind: int, high: int) -> int | None:
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


def _end_of_clause(reading: Reading, begin: int, high: int) -> int:
    """Where the speaker goes on with another verb of speech ("…, and said"), else the sentence's end."""
    for k in range(begin + 1, high):
        if reading.scan.classes(k - 1) & JOINS and reading.quote_at[k] < 0:
            cue = find_cue(reading, k)
            if cue is not None and not cue.flag and cue.tense != "gerund":
                return k - 1
    return high


def _far_that(reading: Reading, behind: int, high: int) -> int | None:
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


def _ends_in_infinitive(reading: Reading, low: int, high: int) -> bool:
    """Whether the clause has no verb but an infinitive at its end ("forderte ihn auf, den Ort zu verlassen")."""
    last = next((k for k in range(high - 1, low, -1) if reading.scan.is_word(k)), low)
    if last - low < MINIMUM - 1 or not _is_infinitive(reading, last):
        return False
    return not any(reading.finite(k) is not None for k in reading.scan.having(VERBS, low, last))


def _is_infinitive(reading: Reading, k: int) -> bool:
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


def _clause_before(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """…, said X.  and  …, X said."""
    scan = reading.scan
    if cue.tense == "gerund" or any("that" in scan.classes(j) for j in range(k, min(k + NEAR_THAT, high))):
        return
    begin = k
    while begin > low and (scan.classes(begin - 1) & {"adverb", "negation"} or scan.sense(begin - 1, "have")):
        begin -= 1
    who = None
    if begin > low and scan.words[begin - 1] == ",":
        who = inverted_subject(reading, k, high)
        end = who.last if who is not None else high
    elif (before := reading.mention_at[begin - 1] if begin > low else None) is not None:
        begin = before.phrase_first
        who = before if begin > low and scan.words[begin - 1] == "," else None
        end = scan.next_after(k)
    if who is None or high - end > LONGEST_TAIL or not _closes(reading, end, high):
        return
    verbs = scan.having(VERBS, low, begin - 1)
    if reading.mention_at[begin - 2] and not any(reading.finite(j) is not None for j in verbs):
        return  # what stands before the comma is the verb's own subject
    yield from _quote(reading, low, begin - 1, k, who, cue.stance, "reported.behind", 0.8)


def _as_told(reading: Reading, low: int, high: int, k: int, cue: Sense) -> Iterator[Quote]:
    """As X said, …  and  …, as X said."""
    scan = reading.scan
    commas = [j for j in range(low, high) if scan.words[j] == ","]
    begin = max((j + 1 for j in commas if j < k), default=low)
    if "as" not in scan.classes(begin) or cue.tense == "gerund":
        return
    end = min((j for j in commas if j > k), default=high)
    who = subject_before(reading, k, begin) or inverted_subject(reading, k, end)
    first, last = (end + 1, high) if begin == low else (low, begin - 1)
    yield from _quote(reading, first, last, k, who, cue.stance, "reported.as", 0.8)


def _closes(reading: Reading, end: int, high: int) -> bool:
    """Whether nothing but adjuncts and appositions follows: no object, and no other verb in a clause of its own."""
    scan = reading.scan
    if end < high and scan.classes(end) & DETERMINERS and not scan.classes(end) & PREPOSITIONAL:
        return False
    return not any(
        reading.finite(j) is not None and (reading.mention_at[j - 1] is not None or scan.sense(j - 1, "pronoun"))
        for j in scan.having(VERBS, end + 1, high)
    )


def _according(reading: Reading, formulas: Sequence[int], low: int, high: int) -> Iterator[Quote]:
    """According to X, …  and  …, according to X; without a comma where the verb comes second."""
    scan = reading.scan
    for k in formulas:
        formula = scan.sense(k, "according")
        if formula is None or formula.flag:
            continue
        who = formula_speaker(reading, k)
        if who is None:
            continue
        first, last = low, k - (scan.words[k - 1] == ",")
        if k == low:
            end = max(who.last, who.phrase_last)
            first = next((j + 1 for j in range(end, high) if scan.words[j] == ","), end)
            first, last = (end if _verb_second(reading, end, first) else first), high
        yield from _quote(reading, first, last, k, who, formula.stance, "reported.according", 0.8)
        return


def _verb_second(reading: Reading, end: int, comma: int) -> bool:
    """Whether the clause begins right behind the speaker, with its verb."""
    return end == comma or (end < len(reading.scan) and reading.finite(end) is not None)


def _after_name(reading: Reading, formulas: Sequence[int], low: int, high: int) -> Iterator[Quote]:
    """By X's account …, with the formula behind the name."""
    scan = reading.scan
    for k in formulas:
        formula = scan.sense(k, "after_name")
        who = reading.mention_at[k - 1] if k > low else None
        if formula is None or who is None or scan.sense(k, "cue") is not None:
            continue
        first, last = (scan.next_after(k), high) if who.phrase_first <= low + 1 else (low, who.phrase_first)
        yield from _quote(reading, first, last, k, who, formula.stance, "reported.according", 0.8)
        return


def _quote(
    reading: Reading, first: int, last: int, cue: int, who: Mention | None, stance: str, rule: str, confidence: float
) -> Iterator[Quote]:
    """The tokens as an indirect quote, unless nobody says it or it is too short to say anything."""
    scan = reading.scan
    while last > first and not scan.is_word(last - 1):
        last -= 1
    while first < last and not scan.is_word(first):
        first += 1
    if who is None or sum(scan.is_word(k) for k in range(first, last)) < MINIMUM:
        return
    start, end = scan.span(first, last)
    hit = scan.hits[cue]
    quote = Quote(start, end, "indirect", reading.block.language, rule, confidence, speaker=who, stance=stance)
    quote.cue = scan.surface(cue, hit.last if hit else cue + 1)
    yield quote
