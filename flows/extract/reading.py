"""One block as the rules read it: its scan, its mentions and its quoted stretches, by token."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flows.extract.context import spread
from flows.extract.marks import Marked, find_marked, left_open
from flows.extract.mentions import find_mentions
from flows.extract.scan import Scan
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention
    from flows.lexicons import Lexicon, Sense
    from flows.model import Block

FINITE: Final = frozenset({"present", "past", "future", "conditional", "subjunctive"})
VERB_KINDS: Final = ("cue", "event", "light", "passive_light", "be", "have", "realis")
VERBS: Final = bits(*VERB_KINDS)


@dataclass(slots=True)
class Reading:
    """`mention_at[i]` is the mention that covers token i, `quote_at[i]` the number of the quote that does, or -1."""

    scan: Scan
    block: Block
    mentions: list[Mention]
    marked: list[Marked]
    mention_at: list[Mention | None] = field(default_factory=list)
    quote_at: list[int] = field(default_factory=list)
    open_mark: str = ""  # of the quote that this block, or one before it, leaves open

    def cover_quotes(self) -> None:
        """Note for every token the quote that covers it, marks included, and of every mention whether one does."""
        self.quote_at = [-1] * len(self.scan)
        for number in range(len(self.marked)):
            for k in range(*self.quote_tokens(number)):
                self.quote_at[k] = number
        for mention in self.mentions:
            mention.quoted = self.quote_at[mention.first] >= 0

    def quote_tokens(self, number: int) -> tuple[int, int]:
        """The tokens of the quote with that number, its marks included."""
        quote = self.marked[number]
        return self.scan.token_at(quote.outer_start), self.scan.token_before(quote.outer_end) + 1

    def bounds(self, token: int) -> tuple[int, int]:
        """The token range of the sentence that holds the token."""
        return self.scan.sentences[self.scan.sentence_of[token]]

    def finite(self, i: int, kinds: tuple[str, ...] = VERB_KINDS) -> Sense | None:
        """The finite verb sense of token i, or None; a phrase counts at its first token."""
        hit = self.scan.hits[i]
        if hit is None or not hit.kinds & VERBS or hit.first != i or self.mention_at[i] is not None:
            return None
        for kind in kinds:
            for sense in hit.senses.get(kind, ()):
                if sense.tense in FINITE:
                    return None if self._in_name(i) else sense
        return None

    def _in_name(self, i: int) -> bool:
        """Whether a capital within the sentence makes the word a name's first: "the farm *Rise* Valley"."""
        caps, words = self.scan.caps, self.scan.words
        return caps[i] and 0 < i < len(caps) - 1 and caps[i + 1] and words[i - 1].islower() and words[i].istitle()

    def next_mention(self, i: int) -> Mention | None:
        """The mention whose phrase begins at token i, determiners and role included."""
        for k in range(i, min(i + 3, len(self.scan))):
            mention = self.mention_at[k]
            if mention is not None:
                return mention if mention.phrase_first <= i else None
            if not self.scan.classes(k):
                hit = self.scan.hits[k]
                if hit is None or not any(s in hit.senses for s in ("role", "former", "title", "demonym")):
                    return None
        return None


def read_blocks(text: str, blocks: Sequence[tuple[Block, Lexicon]]) -> list[Reading]:
    """Scan the blocks and find their mentions and quoted stretches; a post's signature is not read."""
    scans = [
        Scan(text, lexicon, block.start, block.end if block.body_end is None else block.body_end, number)
        for number, (block, lexicon) in enumerate(blocks)
    ]
    proper = {word for scan in scans for word in scan.proper()}
    readings: list[Reading] = []
    for scan, (block, _) in zip(scans, blocks, strict=True):
        readings.append(_read(scan, block, proper, readings[-1] if readings else None))
    spread(mention for reading in readings for mention in reading.mentions)
    return readings


def _read(scan: Scan, block: Block, proper: set[str], before: Reading | None) -> Reading:
    marked: list[Marked] = []
    carry = before.open_mark if before is not None else ""
    if block.kind != "header":
        marked = find_marked(scan.text, scan.start, scan.end, dialogue=scan.lexicon.dialogue_dashes, carry=carry)
    mentions = find_mentions(scan, proper)
    reading = Reading(scan, block, mentions, marked, [None] * len(scan), open_mark=left_open(marked, scan.start, carry))
    for mention in mentions:
        if mention.nested:
            continue
        for k in range(mention.phrase_first, mention.last):
            if k >= mention.first or (mention.role_text and reading.mention_at[k] is None):
                reading.mention_at[k] = mention
    reading.cover_quotes()
    return reading
