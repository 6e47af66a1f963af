"""The readings of an article -> its quotes: marked speech, embedded posts and reported speech, with speakers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract import topics
from flows.extract.certainty import certainty
from flows.extract.marks import DIALOGUE_MARKS
from flows.extract.repeats import without_repeats
from flows.extract.reported import find_reported
from flows.extract.results import Quote
from flows.extract.speakers import attribute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flows.extract.actors import Cast
    from flows.extract.attribution import Attribution
    from flows.extract.dates import DateMention
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.extract.results import Source
    from flows.extract.scan import Scan

SHORT: Final = 3  # words; shorter quotes need a cue of their own
DIRECT: Final = 5  # words of a stretch that counts as a sentence of its own
NAMING: Final = ("name", "acronym")  # the kinds of mention that say who it is
ENDS_SENTENCE: Final = (".", "!", "?", "…")
COLON_RULES: Final = ("quote.cue_colon", "quote.colon")
ENDS_CLAUSE: Final = (".", ",", "!", "?", "…")
MAX_LEAD: Final = 3  # tokens, the colon included
LONGEST_TITLE: Final = 10  # words


@dataclass(slots=True)
class Before:
    """What the quotes before say of the next: the last one, else whom the text just spoke of, and one left open."""

    last: Quote | None = None
    topic: Mention | None = None
    left: Quote | None = None


def find_quotes(
    readings: Sequence[Reading], cast: Cast, sources: Mapping[int, Source], dates: Sequence[DateMention]
) -> list[Quote]:
    """All quotes of the article in order of position, with speakers resolved to actors."""
    found: list[Quote] = []
    state = Before()
    for reading in readings:
        if reading.block.kind == "header":
            continue
        if reading.block.kind == "post":
            found.append(_post(reading, cast, sources.get(reading.scan.block)))
            continue
        cues: set[int] = set()
        here = (bisect_left(dates, at, key=lambda d: d.char_start) for at in (reading.scan.start, reading.scan.end))
        days = [d for d in dates[slice(*here)] if d.granularity == "day"]
        own = _marked_quotes(readings, reading, state, cues, cast)
        for quote in own:
            quote.said_date = _said_date(reading, quote, days)
        found.extend([*own, *find_reported(reading, cast, own, cues)])
    found = without_repeats(readings, found)
    for quote in found:
        quote.confidence = certainty(quote)
    return sorted(found, key=lambda q: (q.start, q.end, q.kind))


def _marked_quotes(
    readings: Sequence[Reading], reading: Reading, state: Before, cues: set[int], cast: Cast
) -> list[Quote]:
    """The quotes that the block's marks enclose; what goes on with one left open becomes part of that one."""
    own: list[Quote] = []
    is_silent = True
    for number, marked in enumerate(reading.marked):
        quote = _marked(readings, reading, number, state, cues)
        if quote is None:
            continue
        _cast(quote, cast)
        is_silent = False
        if marked.carried and state.left is not None and not _is_anothers(quote, state.left):
            _go_on(state.left, quote)
            state.last, state.left = state.left, state.left if quote.is_open else None
            continue
        if own and state.last is not None and _is_part(quote, state.last):
            quote.kind, quote.first = state.last.kind, state.last.first or state.last
        own.append(quote)
        state.last = quote
        state.left = quote if quote.is_open else state.left
    state.left = state.left if reading.open_mark else None
    state.topic = None
    if reading.scan.sentences and (is_silent or reading.scan.words[-1] == ":"):
        state.last, state.topic = None, topics.told(reading, *reading.scan.sentences[-1])
    return own


def _cast(quote: Quote, cast: Cast) -> None:
    """Make the speaker an actor, if it is none yet."""
    if quote.speaker is not None and quote.actor < 0:
        quote.actor = cast.promote(quote.speaker)


def _is_part(quote: Quote, last: Quote) -> bool:
    """Whether the quote goes on with the one before it in its paragraph, broken by nothing but its speaker's clause."""
    if last.kind != "direct" or quote.speaker is None or quote.speaker is not last.speaker:
        return False
    return quote.rule == "quote.continued" or quote.cue == last.cue


def _is_anothers(quote: Quote, last: Quote) -> bool:
    """Whether the quote names another speaker than the one before it, whose closing mark is then a slip."""
    named = quote.cue is not None and quote.speaker is not None and quote.speaker.kind in NAMING
    return named and min(quote.actor, last.actor) >= 0 and quote.actor != last.actor


def _go_on(first: Quote, paragraph: Quote) -> None:
    """Make the next paragraph of a quote part of it; only the last one's sentence may name the speaker."""
    first.end, first.is_open = paragraph.end, paragraph.is_open
    if first.speaker is None and first.actor < 0:
        first.speaker, first.actor, first.cue = paragraph.speaker, paragraph.actor, paragraph.cue
        first.rule, first.stance = paragraph.rule, paragraph.stance


def _post(reading: Reading, cast: Cast, source: Source | None) -> Quote:
    block = reading.block
    end = block.body_end if block.body_end is not None else block.end
    text = reading.scan.text
    while end > block.start and text[end - 1].isspace():
        end -= 1
    quote = Quote(block.start, end, "post", block.language, "quote.post", said_date=block.posted)
    quote.source_id = source.source_id if source else None
    if block.account is not None:
        quote.actor = cast.account_actor(block.account.name)
    quote.stance = "neutral"
    return quote


def _marked(readings: Sequence[Reading], reading: Reading, number: int, state: Before, cues: set[int]) -> Quote | None:
    """A quote of the marked stretch, or None when it is a title, a nickname or a scare quote."""
    marked = reading.marked[number]
    text = reading.scan.text[marked.start : marked.end]
    words = text.split()
    first, behind = reading.quote_tokens(number)
    found = attribute(reading, number)
    if found is not None and found.cue is not None:
        cues.add(found.cue)
    if not (marked.carried and state.left is not None):
        if not any(c.isalpha() for c in text) or _is_stray(readings, reading, number):
            return None
        answers = state.last is not None and text.endswith(ENDS_SENTENCE) and first == reading.bounds(first)[0]
        if found is None and len(words) < SHORT and marked.mark not in DIALOGUE_MARKS and not answers:
            return None
        if _is_title(reading, first, behind, words, found):
            return None
    kind = _kind(reading, first, text, words, found)
    quote = Quote(marked.start, marked.end, kind, reading.block.language, "quote.no_speaker")
    quote.is_open = not marked.complete
    if found is not None and found.speaker is not None:
        return _attributed(reading, quote, found)
    return _by_context(readings, reading, number, quote, found, state.last or state.topic)


def _by_context(
    readings: Sequence[Reading],
    reading: Reading,
    number: int,
    quote: Quote,
    found: Attribution | None,
    last: Quote | Mention | None,
) -> Quote:
    """The quote with the speaker of the sentences around it; `found` is its own verb of speech without a subject."""
    first, _ = reading.quote_tokens(number)
    if quote.kind == "direct" and _opens(reading, first):
        before = topics.sentence_before(reading, first, found)
        if before is not None:
            return _attributed(reading, quote, before)
        if last is not None and not (found is not None and isinstance(last, Quote) and last.speaker is None):
            return _continued(quote if found is None else _attributed(reading, quote, found), last)
    is_same_turn = reading.marked[number].mark in DIALOGUE_MARKS and number > 0
    if found is None and is_same_turn and isinstance(last, Quote):
        return _continued(quote, last)
    if found is None and quote.kind == "partial":
        return _attributed(reading, quote, topics.by_subject(reading, number))
    if found is not None and isinstance(last, Quote) and _is_broken_off(reading, first, last):
        return _continued(_attributed(reading, quote, found), last)
    if found is not None:
        return _attributed(reading, quote, topics.with_topic(found, readings, reading, first))
    return quote


def _is_broken_off(reading: Reading, first: int, last: Quote) -> bool:
    """Whether only a verb without a subject of its own stands between the parts of a quote ("…", added, "…")."""
    return reading.scan.lexicon.pro_drop and last.start >= reading.scan.starts[reading.bounds(first)[0]]


def _opens(reading: Reading, first: int) -> bool:
    """Whether the quote opens its sentence, or stands behind an adverb and a colon alone ("Then: …")."""
    low, _ = reading.bounds(first)
    return first == low or (reading.scan.words[first - 1] == ":" and first - low <= MAX_LEAD)


def _attributed(reading: Reading, quote: Quote, found: Attribution) -> Quote:
    quote.speaker, quote.rule = found.speaker, found.rule
    quote.stance = found.stance
    if found.cue is not None:
        hit = reading.scan.hits[found.cue]
        quote.cue = reading.scan.surface(found.cue, hit.last if hit else found.cue + 1)
    return quote


def _said_date(reading: Reading, quote: Quote, days: Sequence[DateMention]) -> date | None:
    """The day beside the cue ("said on Sunday"), outside quotes and in the sentence that holds the cue."""
    if quote.cue is None or not days:
        return None
    scan = reading.scan
    first, last = scan.token_at(quote.start), scan.token_before(quote.end)
    start = scan.starts[reading.bounds(first)[0]]
    end = scan.ends[reading.bounds(last)[1] - 1]
    free = [
        d
        for d in days
        if start <= d.char_start
        and d.char_end <= end
        and d.first is not None
        and not any(m.outer_start <= d.char_start < m.outer_end for m in reading.marked)
    ]
    nearest = min(free, key=lambda d: max(quote.start - d.char_end, d.char_start - quote.end), default=None)
    return nearest.first if nearest is not None else None


def _kind(reading: Reading, first: int, text: str, words: list[str], found: Attribution | None) -> str:
    opens_sentence = first == reading.bounds(first)[0]
    begins = text.lstrip("¿¡…(\"'“‘[")[:1]
    whole = begins.isupper() or begins.isdigit()
    marked = reading.marked[reading.quote_at[first]]
    if marked.mark in DIALOGUE_MARKS or (found is not None and found.rule in COLON_RULES and whole):
        return "direct"
    ends = text.endswith(ENDS_CLAUSE) or reading.scan.text.startswith(ENDS_CLAUSE, marked.outer_end)
    if whole and (opens_sentence or len(words) >= DIRECT) and (ends or len(words) >= DIRECT):
        return "direct"
    if found is not None and found.rule == "quote.cue_behind" and opens_sentence and (whole or len(words) >= DIRECT):
        return "direct"
    return "partial"


def _is_stray(readings: Sequence[Reading], reading: Reading, number: int) -> bool:
    """Whether a mark that nothing closes is a slip: it opens no paragraph, goes on in none, and the text goes on."""
    marked = reading.marked[number]
    if marked.complete or marked.outer_start == reading.scan.start:
        return False
    behind = readings[readings.index(reading) + 1 :]
    return bool(behind) and not any(m.carried for m in behind[0].marked)


def _is_title(reading: Reading, first: int, behind: int, words: list[str], found: Attribution | None) -> bool:
    """A work's title or a nickname, and no answer to a verb of speech.

    The word before it says so ("the film"), or every word of it is capitalized but the function words.
    """
    scan = reading.scan
    rule = found.rule if found is not None else ""
    inner = range(first + 1, behind - 1)
    if rule == "quote.cue_colon" or reading.marked[reading.quote_at[first]].mark in DIALOGUE_MARKS:
        return False
    noun = first - 1 - (first > 1 and scan.words[first - 1] == ",")  # "the film “…”", "The film, “…,” is"
    work = noun >= 0 and scan.sense(noun, "work") and len(words) <= LONGEST_TITLE
    opens = scan.caps[first + 1] or scan.words[first + 1][:1].isdigit()
    if work and opens and not any(scan.words[k] in ".;!?" for k in inner):
        return True
    if scan.lexicon.noun_capitals:
        return len(words) < SHORT and rule != "quote.cue_behind" and all(scan.caps[k] for k in inner)
    if any(not scan.caps[k] and _is_content(scan, k) for k in inner):  # most quotes end here, at their second word
        return False
    content = [k for k in inner if _is_content(scan, k)]
    stops = [k for k in inner if scan.words[k] in ".;!?"]
    if not content or stops[:-1] or (stops and stops[-1] != behind - 2):
        return False
    if found is not None and found.cue is not None and scan.next_after(found.cue) == first:
        return not any(scan.words[k] in ",!?" for k in inner[:-1]) and scan.words[behind - 2] not in "!?"
    if first == reading.bounds(first)[0] and (stops or rule == "quote.cue_behind"):
        return len(content) > 1 and not stops and "," not in (scan.words[behind - 2], scan.words[behind])
    return sum(scan.caps[k] for k in inner) > 1 or len(words) < SHORT


def _is_content(scan: Scan, k: int) -> bool:
    """Whether token k is a word that titles write with a capital: no function word and no short one."""
    word = scan.words[k]
    return scan.is_word(k) and not scan.classes(k) and not (len(word) <= SHORT and word.islower())


def _continued(quote: Quote, last: Quote | Mention) -> Quote:
    """A quote that opens a sentence goes on with the speaker of the one before, or with whom the text just spoke of."""
    if isinstance(last, Quote):
        quote.speaker, quote.actor, quote.stance = last.speaker, last.actor, quote.stance or last.stance
        if last.speaker is not None or last.actor >= 0:
            quote.rule = "quote.continued"
    else:
        quote.speaker, quote.rule = last, "quote.topic_before"
    return quote
