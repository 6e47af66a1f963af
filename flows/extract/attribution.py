"""Who says a quote, by the words around it that are no verb with its subject: formulas, nouns, colons, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract.clauses import first_free, inverted_subject
from flows.extract.complements import behind
from flows.extract.cues import find_cue
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

REACH_NOUN: Final = 6
REACH_FORMULA: Final = 5  # tokens from a formula to the speaker
LONGEST_REFERENCE: Final = 20  # tokens of a sentence that only says whose words those are
REACH_ADVERBS: Final = 4  # tokens before the verb of a sentence that only names the speaker
COLON_GAP: Final = 14  # a colon alone counts less than any verb of speech
FORMULAS: Final = bits("according", "after_name")
OPENS_REFERENCE: Final = frozenset({"article", "demonstrative", "adverb", "that"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker (None: nobody is named), the cue's token, stance, and the rule that found it."""

    speaker: Mention | None
    cue: int | None
    stance: str | None
    rule: str


NOBODY: Final = Attribution(None, None, None, "quote.no_speaker")


def according(reading: Reading, first: int, last: int, low: int, high: int) -> tuple[float, Attribution] | None:
    """According to X, "…"  and  "…", according to X."""
    scan = reading.scan
    for k in (*scan.having(FORMULAS, last, high), *reversed(scan.having(FORMULAS, low, first))):
        formula = scan.sense(k, "according") or scan.sense(k, "after_name")
        hit = scan.hits[k]
        if formula is None or hit is None or reading.quote_at[k] >= 0:
            continue
        if formula.kind == "after_name":  # "X dixit"; a verb of speech has its own rules
            who = reading.mention_at[k - 1] if k > low else None
            if who is None or "cue" in hit.senses:
                continue
        else:
            who = formula_speaker(reading, k)
        if who is None and formula.gender:  # "in her view": whose it is, the sentences before say
            return 0, Attribution(None, k, formula.stance, "quote.according")
        gap = k - last if k >= last else first - k
        if who is None or (formula.flag and (gap if k >= last else first - who.last) > REACH_NOUN):
            continue
        return gap / 2, Attribution(who, k, formula.stance, "quote.according")
    return None


def formula_speaker(reading: Reading, k: int) -> Mention | None:
    """Whom the formula at token k names: itself ("from police sources"), or who stands behind it and is not told."""
    hit = reading.scan.hits[k]
    if reading.mention_at[k] is not None or hit is None:
        return reading.mention_at[k]
    for j in range(hit.last, min(hit.last + REACH_FORMULA, reading.bounds(k)[1])):
        who = reading.mention_at[j]
        if who is not None and not ("to" in who.before and who.phrase_first > hit.last):
            return who
        if reading.scan.words[j] in ",:;":
            return None
    return None


def speech_noun(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
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
            return first - k, Attribution(owner, k, hit.senses[kind][0].stance, "quote.speech_noun")
    return None


def colon(reading: Reading, first: int, low: int) -> tuple[float, Attribution] | None:
    """X goes further: "…": a colon introduces speech whatever the verb."""
    scan = reading.scan
    if first - 1 <= low or scan.words[first - 1] != ":":
        return None
    who = first_free(reading, low, first)
    return None if who is None else (COLON_GAP, Attribution(who, None, "neutral", "quote.colon"))


def sentence_behind(reading: Reading, last: int) -> Attribution | None:
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
        return Attribution(who, low, formula.stance, "quote.sentence_behind") if who is not None else None
    if not scan.classes(low) & OPENS_REFERENCE or reading.mention_at[low] is not None:
        return None
    if (who := _is_of(reading, low, high)) is not None:
        return Attribution(who, None, "neutral", "quote.sentence_behind")
    for k in range(low, min(low + REACH_ADVERBS, high)):
        cue = find_cue(reading, k)
        if cue is not None and k > low:
            who = inverted_subject(reading, k, high)
            return Attribution(who, k, cue.stance, "quote.sentence_behind") if who is not None else None
        if not scan.classes(k) and cue is None and scan.sense(k, "have") is None:
            return None
    return None


def _is_of(reading: Reading, low: int, high: int) -> Mention | None:
    """The warning is X's: a noun of speech, "be" and whose it is."""
    scan = reading.scan
    if high - low > LONGEST_REFERENCE or not any(scan.sense(k, "speech_noun") for k in range(low, min(low + 3, high))):
        return None
    for k in range(low + 1, min(low + REACH_FORMULA, high)):
        if scan.sense(k, "be") is not None:
            found = behind(reading, k, high, frozenset({"of", "by"}))
            return found[0] if found else None
    return None


def signed(reading: Reading, last: int) -> tuple[float, Attribution] | None:
    """Finds "…" — X at the end of a block."""
    scan = reading.scan
    if last + 1 >= len(scan) or scan.words[last] not in "—–―-":
        return None
    who = reading.mention_at[last + 1]
    if who is None or who.last < len(scan) - 1:
        return None
    return 0, Attribution(who, None, "neutral", "quote.signed")
