"""A quoted stretch -> who says it and by which words: cue before, behind or inside, formula, or the quote before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flows.extract.clauses import JOINS, PREPOSITIONAL, first_free, subject, subject_before, subject_behind
from flows.extract.nouns import first_thing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

REACH_BEHIND: Final = 14  # tokens behind a quote in which its cue stands
REACH_APPOSITION: Final = 32  # the same where the speaker stands first, with an apposition: "…", X, head of Y, said
REACH_NEXT: Final = 3
SHORT_QUOTE: Final = 6  # tokens of a quoted nickname or title inside an apposition
ASKING: Final = "?!…"
REACH_NOUN: Final = 6
EMBEDDED: Final = 8  # how much farther a cue behind counts when the quote stands inside a clause
TOPIC_BLOCKS: Final = 2  # paragraphs over which the topic of a text without subjects holds
NOUN_BEFORE: Final = frozenset({"article", "possessive", "demonstrative"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker (None: nobody is named), the cue's token, stance, the rule that found it and its confidence."""

    speaker: Mention | None
    cue: int | None
    stance: str | None
    rule: str
    confidence: float


NOBODY: Final = Attribution(None, None, None, "quote.no_speaker", 0.3)


def attribute(reading: Reading, number: int) -> Attribution | None:
    """The attribution of the block's quote with that number, by the words of its own sentence; None without any."""
    first, last = quote_tokens(reading, number)
    if first >= last:
        return None
    low, high = _window(reading, first, last)
    found = [
        rule
        for rule in (
            _cue_behind(reading, first, last, high),
            _cue_before(reading, first, low),
            _according(reading, first, last, low, high),
            _speech_noun(reading, first, low),
            _colon(reading, first, low),
            _signed(reading, last),
        )
        if rule is not None
    ]
    if found:
        return min(found, key=lambda item: (item[1].speaker is None, item[0]))[1]
    return _sentence_behind(reading, last)


def quote_tokens(reading: Reading, number: int) -> tuple[int, int]:
    """The tokens of the quote, its marks included."""
    quote = reading.marked[number]
    return reading.scan.token_at(quote.outer_start), reading.scan.token_before(quote.outer_end) + 1


def _window(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """From the end of the quote before it to the start of the quote behind it, within its sentences."""
    scan = reading.scan
    low = scan.sentences[scan.sentence_of[first]][0]
    high = scan.sentences[scan.sentence_of[last - 1]][1]
    if last < len(scan) and high == last and (scan.words[last][0] in ",—–-" or _asks(reading, last)):
        high = scan.sentences[scan.sentence_of[last]][1]
    return low, high


def _asks(reading: Reading, last: int) -> bool:
    """Whether the quote ends in a question or exclamation mark, which does not end the sentence that holds it."""
    scan = reading.scan
    k = last - 1
    while k > 0 and not scan.is_word(k) and scan.words[k] not in ASKING:
        k -= 1
    return scan.words[k] in ASKING


def _cue_behind(reading: Reading, first: int, last: int, high: int) -> tuple[float, Attribution] | None:
    """Finds "…", said X  and  "…", X said."""
    scan = reading.scan
    if last >= len(scan):
        return None
    embedded = first > reading.bounds(first)[0] and (
        "," not in (scan.words[last - 2], scan.words[last]) or scan.words[first + 1][0].islower()
    )
    for k in _behind(reading, last, high):
        cue = find_cue(reading, k) or _infinitive_cue(reading, k)
        if cue is None:
            continue
        gap = k - last
        if gap > REACH_BEHIND and scan.is_word(k - 1) and reading.mention_at[k - 1] is None:
            return None
        if cue.tense == "gerund":
            if gap and scan.is_word(k - 1):
                continue
            who = main_subject(reading, k, reading.bounds(first)[0])
        else:
            free = first_free(reading, last, k)
            beside = free is not None and free.phrase_first <= last + 1
            inverted = not beside and (
                (free is None and (gap <= REACH_NEXT or cue.tense == "infinitive")) or scan.words[k - 1] == ","
            )
            who = subject(reading, k, last, reading.bounds(k)[1], inverted=inverted)
        if who is None and (gap > REACH_NEXT or embedded):
            return None
        confidence = 0.95 if who is not None and gap <= REACH_NEXT else 0.8
        found = Attribution(who, k, cue.stance, "quote.cue_behind", confidence if who else 0.3)
        return gap + (EMBEDDED if embedded else 0), found
    return None


def _behind(reading: Reading, last: int, high: int) -> Iterator[int]:
    """The tokens behind the quote in which its cue may stand, a speaker's long apposition included."""
    scan = reading.scan
    start = last + 1 if last < high and scan.words[last] == "," else last
    named = start < high and reading.next_mention(start) is not None
    k, stop, joins = last, min(high, last + (REACH_APPOSITION if named else REACH_BEHIND)), False
    while k < stop:
        if reading.quote_at[k] >= 0:
            inner_first, inner_last = quote_tokens(reading, reading.quote_at[k])
            if not named or k == start or inner_last - inner_first > SHORT_QUOTE + 2:
                return
            k = inner_last
            continue
        if scan.words[k] in ";:":
            return
        shared = k > last and reading.mention_at[k - 1] and reading.next_mention(k + 1)
        joins = joins or bool(scan.classes(k) & JOINS and scan.spaced(k) and not shared)
        if not joins or scan.words[k - 1] == ",":  # behind another clause only the sentence's ", said X"
            yield k
        k += 1


def main_subject(reading: Reading, verb: int, low: int) -> Mention | None:
    """The subject of the sentence's main clause, for a gerund that goes on with it ("…, adding that")."""
    return first_free(reading, low, verb) or first_thing(reading, low, verb) or subject_before(reading, verb, low)


def _cue_before(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """X said: "…",  X said that "…"  and  X said … that she "…"."""
    scan = reading.scan
    for k in range(first - 1, low - 1, -1):
        if reading.quote_at[k] >= 0:
            continue
        cue = find_cue(reading, k)
        if cue is None:
            continue
        gap = first - scan.next_after(k)
        colon = scan.words[first - 1] == ":"
        if cue.tense == "gerund":
            who = main_subject(reading, k, reading.bounds(k)[0])
        else:
            inverted = k > low and scan.words[k - 1] == "," and _closed(reading, k, first)
            who = subject(reading, k, low, first, inverted=inverted)
        rule = "quote.cue_colon" if colon else "quote.cue_before"
        confidence = 0.9 if gap <= REACH_NEXT or colon else 0.75
        return (0.5 if colon else gap + 1), Attribution(who, k, cue.stance, rule, confidence if who else 0.3)
    return None


def _closed(reading: Reading, cue: int, first: int) -> bool:
    """Whether the cue with its subject is an insertion: …, said X, "…"."""
    scan = reading.scan
    who = reading.next_mention(scan.next_after(cue))
    end = max(who.last, who.phrase_last) if who is not None else first
    return end < first and scan.words[end] == ","


def find_cue(reading: Reading, k: int) -> Sense | None:
    """The finite (or, in English fashion, participial "adding") cue at token k outside any quote."""
    scan = reading.scan
    hit = scan.hits[k]
    if hit is None or hit.first != k or reading.mention_at[k] is not None or _is_noun(reading, k):
        return None
    cue = reading.finite(k, ("cue",))
    if cue is None and "cue" in hit.senses:
        first = hit.senses["cue"][0]
        auxiliary = k > 0 and (scan.sense(k - 1, "have") or scan.sense(k - 1, "be"))
        cue = first if first.tense == "gerund" or auxiliary else None
    if cue is None:
        return None
    if cue.flag and k and scan.sense(k - 1, "realis") is not None:  # "will continue to be"
        return None
    return cue if not cue.flag or _verbal(reading, k) else None


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
    determined = bool(classes & NOUN_BEFORE) and "adverb" not in classes  # a clitic ("lo ha detto") proves nothing
    return determined or capital or owned or compound


def _infinitive_cue(reading: Reading, k: int) -> Sense | None:
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


def _according(reading: Reading, first: int, last: int, low: int, high: int) -> tuple[float, Attribution] | None:
    """According to X, "…"  and  "…", according to X."""
    scan = reading.scan
    for k in (*range(last, high), *range(first - 1, low - 1, -1)):
        formula = scan.sense(k, "according") or scan.sense(k, "after_name")
        hit = scan.hits[k]
        if formula is None or hit is None or hit.first != k or reading.quote_at[k] >= 0:
            continue
        if formula.kind == "after_name":  # "X dixit"; a verb of speech has its own rules
            who = reading.mention_at[k - 1] if k > low else None
            if who is None or "cue" in hit.senses:
                continue
        else:
            who = next((m for j in range(hit.last, min(hit.last + 4, len(scan))) if (m := reading.mention_at[j])), None)
        gap = k - last if k >= last else first - k
        if formula.flag and gap > REACH_NOUN:
            continue
        return gap / 2, Attribution(who, k, formula.stance, "quote.according", 0.85 if who else 0.3)
    return None


def with_topic(found: Attribution, readings: Sequence[Reading], reading: Reading, first: int) -> Attribution:
    """A verb of speech without a subject of its own: the person whom the sentences before it are about."""
    if not reading.scan.lexicon.pro_drop or found.speaker is not None:
        return found
    number, (low, _) = readings.index(reading), reading.bounds(first)
    for earlier in reversed(readings[max(0, number - TOPIC_BLOCKS) : number + 1]):
        if earlier.block.kind != "paragraph":
            continue
        bounds = [b for b in earlier.scan.sentences if earlier is not reading or b[1] <= low]
        for start, end in reversed(bounds):
            who = first_free(earlier, start, end, "person")
            if who is not None:
                return replace(found, speaker=who, rule="quote.topic", confidence=0.6)
    return found


def _speech_noun(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """Finds X's claim that "…"  and  the words of X: "…"."""
    scan = reading.scan
    for k in range(first - 1, max(low, first - REACH_NOUN) - 1, -1):
        hit = scan.hits[k]
        if hit is None or reading.quote_at[k] >= 0 or not ("speech_noun" in hit.senses or "cue" in hit.senses):
            continue
        owner = None
        if k - low > 2 and scan.lows[k - 1] == "s" and scan.words[k - 2] == "'":  # noqa: PLR2004 name, apostrophe, s
            owner = reading.mention_at[k - 3]
        elif "speech_noun" in hit.senses and hit.last < first and "of" in scan.classes(hit.last):
            owner = reading.mention_at[scan.next_after(hit.last)] or reading.next_mention(scan.next_after(hit.last))
        if owner is not None:
            kind = "speech_noun" if "speech_noun" in hit.senses else "cue"
            return first - k, Attribution(owner, k, hit.senses[kind][0].stance, "quote.speech_noun", 0.5)
    return None


def _colon(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """X goes further: "…": a colon introduces speech whatever the verb."""
    scan = reading.scan
    if first - 1 <= low or scan.words[first - 1] != ":":
        return None
    who = first_free(reading, low, first)
    return None if who is None else (REACH_BEHIND, Attribution(who, None, "neutral", "quote.colon", 0.7))


def told(reading: Reading, low: int, high: int) -> Mention | None:
    """Whom a sentence without quotes lets speak, else the person that it is about."""
    for k in range(low, high):
        if find_cue(reading, k) is not None:
            inverted = k > low and reading.scan.words[k - 1] == ","
            who = subject(reading, k, low, high, inverted=inverted)
            if who is not None and who.type != "thing":
                return who
    return first_free(reading, low, high, "person")


def sentence_before(reading: Reading, first: int, found: Attribution | None) -> Attribution | None:
    """Who speaks or is spoken of in the sentence before a quote that is a sentence of its own, within its block.

    `found` is the quote's own verb of speech, if it has one without a subject.
    """
    number = reading.scan.sentence_of[first]
    if number == 0:
        return None
    low, high = reading.scan.sentences[number - 1]
    if any(reading.quote_at[k] >= 0 for k in range(low, high)):
        return None
    who = told(reading, low, high)
    if who is None:
        return None
    own = found or Attribution(None, None, "neutral", "", 0)
    return replace(own, speaker=who, rule="quote.sentence_before", confidence=0.7)


def _sentence_behind(reading: Reading, last: int) -> Attribution | None:
    """A sentence behind the quote that only names its speaker: "…". So X.  and  "…". Lo ha detto X."""
    scan = reading.scan
    low = reading.bounds(last - 1)[1]
    if low >= len(scan) or any(scan.is_word(k) for k in range(last, low)):
        return None
    low, high = reading.bounds(low)
    if any(reading.quote_at[k] >= 0 for k in range(low, high)):
        return None
    formula = scan.sense(low, "according")
    if formula is not None and formula.flag:
        who = reading.next_mention(scan.next_after(low))
        return Attribution(who, low, formula.stance, "quote.sentence_behind", 0.8) if who is not None else None
    if not scan.classes(low) & {"article", "demonstrative", "adverb", "that"} or reading.mention_at[low] is not None:
        return None
    for k in range(low, min(low + REACH_NEXT + 1, high)):
        cue = find_cue(reading, k)
        if cue is not None and k > low:
            who = subject_behind(reading, k, high, inverted=True)
            return Attribution(who, k, cue.stance, "quote.sentence_behind", 0.8) if who is not None else None
        if not scan.classes(k) and cue is None and scan.sense(k, "have") is None:
            return None
    return None


def _signed(reading: Reading, last: int) -> tuple[float, Attribution] | None:
    """Finds "…" — X at the end of a block."""
    scan = reading.scan
    if last + 1 >= len(scan) or scan.words[last] not in "—–―-":
        return None
    who = reading.mention_at[last + 1]
    if who is None or who.last < len(scan) - 1:
        return None
    return 0, Attribution(who, None, "neutral", "quote.signed", 0.9)


def by_subject(reading: Reading, number: int) -> Attribution:
    """The subject of the sentence that holds a partial quote: X "stressed the need", or of its main verb."""
    scan = reading.scan
    first, _ = quote_tokens(reading, number)
    low, _ = reading.bounds(first)
    before = reading.mention_at[first - 1] if first > low else None
    inside = first + 1 < len(scan) and reading.finite(first + 1) is not None
    if before is not None and inside and not before.before & PREPOSITIONAL:
        return Attribution(before, None, "neutral", "quote.subject_beside", 0.8)
    who = first_free(reading, low, first)
    return Attribution(who, None, "neutral", "quote.sentence_subject", 0.4) if who is not None else NOBODY
