"""The journalist's words inside quotation marks or a line of dialogue -> the quote cut into its parts.

«The bridge – the mayor explained – is safe.»  “The state, said the prefect, cannot do it all.”
— You are leaving? asked the judge.  - What time is it? - asked Marta.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flows.extract.clauses import inverted_subject
from flows.extract.cues import find_cue
from flows.extract.marks import DASHES, DIALOGUE_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.extract.marks import Marked
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

CUE_REACH: Final = 4  # tokens from the mark that opens an insertion to its verb
LONGEST: Final = 25  # tokens of an insertion
ENDS_SPEECH: Final = "?!…"
HYPHENS: Final = frozenset(DASHES + "-")
OPENING: Final = HYPHENS | frozenset("," + ENDS_SPEECH)
ACTORS: Final = ("person", "organization", "group", "country")


def cut_insertions(reading: Reading) -> None:
    """Replace every quoted stretch that holds a verb of speech with its subject by the parts around them."""
    parts: list[Marked] = []
    for marked in reading.marked:
        spoken = list(_parts(reading, marked))
        if marked.mark == "-" and spoken == [marked]:  # a hyphen begins speech only where a narrator says so
            continue
        parts.extend(spoken)
    if parts == reading.marked:
        return
    reading.marked = parts
    reading.cover_quotes()


def _parts(reading: Reading, marked: Marked) -> Iterator[Marked]:
    """The stretches of speech of one quote, each with the bounds that its own marks or insertions give it."""
    scan = reading.scan
    low = first = scan.token_at(marked.start)
    high = scan.token_before(marked.end) + 1
    start, outer = marked.start, marked.outer_start
    while first < high:
        found = _insertion(reading, first, high, dialogue=marked.mark in DIALOGUE_MARKS)
        if found is None:
            break
        begin, end = found
        stop = scan.ends[begin - 1]
        if begin > low and stop > start:
            yield replace(marked, start=start, end=stop, outer_start=outer, outer_end=stop)
        if end >= high:
            return
        low = first = end
        start = outer = scan.starts[end]
    yield marked if start == marked.start else replace(marked, start=start, outer_start=outer)


def _insertion(reading: Reading, first: int, high: int, *, dialogue: bool) -> tuple[int, int] | None:
    """The tokens of the next insertion in the range, its own marks included."""
    scan = reading.scan
    for k in range(first + 1, high - 1):
        if scan.words[k] not in OPENING:
            continue
        dash = scan.words[k] in HYPHENS and scan.spaced(k)
        opens = dash or scan.words[k] == "," or (dialogue and scan.words[k] in ENDS_SPEECH)
        cue = _cue(reading, k + 1, high, dash=dash) if opens and scan.spaced(k + 1) else None
        if cue is None:
            continue
        who = _subject(reading, k, cue, high, dash=dash)
        alone = dash and dialogue and scan.lexicon.pro_drop and not scan.is_word(cue + 1)  # "— decreta. —"
        if not alone and (who is None or not (dash or dialogue or who.type in ACTORS)):
            continue
        begin = cue + 1 if alone or who is None else max(cue + 1, who.last, who.phrase_last)
        end = _end(reading, begin, high, dash=dash, dialogue=dialogue)
        if end is not None:
            return k + (not dash and dialogue), end
    return None


def _subject(reading: Reading, opening: int, cue: int, high: int, *, dash: bool) -> Mention | None:
    before = reading.mention_at[cue - 1] if dash and cue - 1 > opening else None
    who = before or inverted_subject(reading, cue, high)
    return None if who is not None and who.kind == "pronoun" and who.rule != "pronoun.3" else who


def _cue(reading: Reading, low: int, high: int, *, dash: bool) -> int | None:
    """The verb of speech that begins the insertion; between dashes its subject may stand first."""
    for k in range(low, min(low + CUE_REACH, high)):
        if not reading.scan.is_word(k) or (reading.mention_at[k] is not None and not dash):
            return None
        cue = find_cue(reading, k)
        if cue is not None:
            return k if cue.tense in ("past", "present", "participle") else None
    return None


def _end(reading: Reading, low: int, high: int, *, dash: bool, dialogue: bool) -> int | None:
    """The token behind the insertion: behind the mark that closes it; a line of dialogue may end with its narrator."""
    scan = reading.scan
    for k in range(low, min(low + LONGEST, high)):
        word = scan.words[k]
        if dash and word in HYPHENS and (scan.spaced(k) or not scan.spaced(k - 1)):
            return next((j for j in range(k + 1, high) if scan.words[j] not in ",.;:"), high)
        if not dash and word == ",":
            return k + 1
        ends = word in ".!?" and k + 1 < high and scan.sentence_of[k + 1] != scan.sentence_of[k]
        if ends and not (dash and dialogue):  # the narrator who began with a dash goes on until the next one
            return k + 1 if dialogue else None
    return high if dialogue else None
