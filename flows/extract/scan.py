"""A block of text -> its tokens, the lexicon's hits on them, and its sentences: the one pass all rules share."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate, chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from flows.lexicons.senses import Hit, Leaf, Sense, bits
from flows.lexicons.trie import TOKEN, lower, straight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.lexicons import Lexicon

STOPS: Final = frozenset(".!?…")
CLOSERS: Final = frozenset("\"'”’»›“‘«)]")
TOKENS: Final = re.compile(f"({TOKEN.pattern})")
ACCENTED: Final = re.compile("[À-ÖØ-öø-ÿ]")
ACCENTLESS: Final = 100  # characters; a shorter text may have no accents by chance
LONGEST_SENTENCE: Final = 200  # tokens: no reader follows a longer one, and rules look through all of it at each verb
SHOUT_WINDOW: Final = 4  # tokens on either side
GRAMMAR: Final = bits("fn")
CLASSES_NONE: Final[frozenset[str]] = frozenset()


class Scan:
    """Parallel lists over the tokens of `text[start:end]`; offsets are code points into the whole text.

    `words` are the tokens as printed (typographic apostrophes straight), `lows` in lower case, `hits[i]` the phrase
    that covers token i, `caps[i]` whether it begins with a capital, `sentence_of[i]` the number of its sentence,
    `sentences` the token ranges (end exclusive).
    """

    __slots__ = (
        "_beginning", "_having", "block", "caps", "end", "ends", "hits", "lexicon", "lows", "sentence_of", "sentences",
        "start", "starts", "text", "words",
    )  # fmt: skip

    def __init__(self, text: str, lexicon: Lexicon, start: int = 0, end: int | None = None, block: int = 0) -> None:
        self.text, self.lexicon, self.block = text, lexicon, block
        self.start, self.end = start, len(text) if end is None else end
        offset = self.start
        part = straight(text[offset : self.end])
        pieces = TOKENS.split(part)  # what stands between the tokens, and the tokens, by turns
        bounds = list(accumulate(map(len, pieces), initial=offset))
        self.words = pieces[1::2]
        self.starts, self.ends = bounds[1:-1:2], bounds[2::2]
        self.lows = list(map(str.lower if len(part.lower()) == len(part) else lower, self.words))
        self.caps = list(map(str.isupper, map(itemgetter(0), self.words)))
        accented = len(part) < ACCENTLESS or ACCENTED.search(part) is not None
        self.hits: list[Hit | None] = lexicon.trie.find(self.lows, self.words, accented=accented)
        self.sentences = self._sentences()
        self.sentence_of: list[int] = []
        for number, (first, last) in enumerate(self.sentences):
            self.sentence_of += [number] * (last - first)
        if lexicon.verb_particles:
            self._join_verbs()
        self._having: dict[int, list[int]] = {}
        self._beginning: dict[int, list[int]] = defaultdict(list)  # the first tokens of phrases by what these can be
        for k, hit in enumerate(self.hits):
            if hit is not None and hit.kinds != GRAMMAR and hit.first == k:
                self._beginning[hit.kinds].append(k)

    def __len__(self) -> int:
        return len(self.words)

    def _sentences(self) -> list[tuple[int, int]]:
        bounds, first, n = [], 0, len(self.words)
        for i in list(compress(range(n), map(STOPS.__contains__, self.lows))):
            if i >= first and self._ends_sentence(i):
                last = i + 1
                while last < n and self.words[last] in CLOSERS and self.starts[last] == self.ends[last - 1]:
                    last += 1
                bounds.append((first, last))
                first = last
        if first < n:
            bounds.append((first, n))
        return [part for low, high in bounds for part in self._cut(low, high)]

    def _cut(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The sentence; in parts, each up to a comma or else a word, where it has no end worth the name."""
        while last - first > LONGEST_SENTENCE:
            latest, earliest = first + LONGEST_SENTENCE, first + LONGEST_SENTENCE // 2
            places = range(latest, earliest, -1)
            cut = next((i for i in places if self.words[i - 1] in ",;:" and self._begins(i)), None)
            cut = cut or next((i for i in places if self._begins(i)), latest)
            yield first, cut
            first = cut
        yield first, last

    def _begins(self, i: int) -> bool:
        """Whether no phrase of the lexicon holds both token i and the one before it."""
        hit = self.hits[i]
        return hit is None or hit.first == i

    def _join_verbs(self) -> None:
        """Give verbs whose particle stands at the end of their clause the senses of both ("teilte am Montag mit")."""
        words, lows, particles = self.words, self.lows, self.lexicon.verb_particles
        for i, low in enumerate(lows):
            if low not in particles or not self._ends_clause(i):
                continue
            first, _ = self.sentences[self.sentence_of[i]]
            for k in range(i - 1, first - 1, -1):
                if words[k] in ";:":
                    break
                leaf = self.lexicon.trie.phrase(lows[k], low)
                if leaf is not None and self._alone(k):
                    self.hits[k] = Hit(k, k + 1, leaf.senses, leaf.classes, leaf.kinds)
                    break

    def _ends_clause(self, i: int) -> bool:
        behind = i + 1
        return behind >= len(self.words) or not self.is_word(behind) or bool(self.classes(behind) & {"and", "or"})

    def _alone(self, k: int) -> bool:
        hit = self.hits[k]
        return hit is None or hit.last == hit.first + 1

    def _ends_sentence(self, i: int) -> bool:
        j = i + 1
        while j < len(self.words) and self.words[j] in CLOSERS and self.starts[j] == self.ends[j - 1]:
            j += 1
        if j >= len(self.words):
            return True
        if self.starts[j] == self.ends[j - 1] or self.words[j] in STOPS:
            return False
        if self.words[j][0].islower():
            return False
        if self.words[i] != "." or j > i + 1 or i == 0:
            return True
        before = self.words[i - 1]
        is_initial = len(before) == 1 and before.isupper() and self.caps[j]
        hit = self.hits[i]
        inside_phrase = hit is not None and hit.last > i + 1
        return not (is_initial or inside_phrase or self.lows[i - 1] in self.lexicon.abbreviations)

    def shouted(self, i: int) -> bool:
        """Whether the sentence of token i is set in capitals, so that a capital says nothing."""
        first, last = self.sentences[self.sentence_of[i]]
        if i - first > SHOUT_WINDOW:  # the headline that an agency runs into its first sentence
            first = i - SHOUT_WINDOW
        words = [w for w in self.words[first : min(last, i + SHOUT_WINDOW)] if len(w) > 2 and w.isalpha()]  # noqa: PLR2004
        return len(words) > 2 and 2 * sum(w.isupper() for w in words) > len(words)  # noqa: PLR2004

    def proper(self) -> set[str]:
        """Words, in lower case, that have a capital within a sentence; one at a sentence's start proves nothing."""
        starts = {first for first, _ in self.sentences}
        return {
            self.lows[i]
            for i in compress(range(len(self)), self.caps)
            if i not in starts and (i - 1 not in starts or self.words[i - 1][0].isalnum())
        }

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Character span of the tokens `first` to `last` (exclusive)."""
        return self.starts[first], self.ends[last - 1]

    def surface(self, first: int, last: int) -> str:
        """The text of the tokens `first` to `last` (exclusive), as printed."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def token_at(self, char: int) -> int:
        """Index of the first token that ends after the character offset; `len(self)` when none does."""
        return bisect_right(self.ends, char)

    def token_before(self, char: int) -> int:
        """Index of the last token that starts before the character offset; -1 when none does."""
        return bisect_left(self.starts, char) - 1

    def having(self, kinds: int, first: int = 0, last: int | None = None) -> list[int]:
        """The tokens of the range at which a phrase with a sense of these kinds (`trie.bits`) begins, but for "fn"."""
        stop = len(self.hits) if last is None else last
        found = self._having.get(kinds)
        if found is None:
            lists = [tokens for held, tokens in self._beginning.items() if held & kinds]
            found = self._having[kinds] = sorted(chain.from_iterable(lists))
        return found[bisect_left(found, first) : bisect_left(found, stop)]

    def sense(self, i: int, kind: str) -> Sense | None:
        """The first sense of that kind of the phrase that covers token i."""
        hit = self.hits[i]
        if hit is None:
            return None
        found = hit.senses.get(kind)
        return found[0] if found else None

    def classes(self, i: int) -> frozenset[str]:
        """The closed word classes of the phrase that covers token i ("of", "relative" ...)."""
        hit = self.hits[i]
        return CLASSES_NONE if hit is None else hit.classes

    def alone(self, i: int) -> Leaf | None:
        """What the word at token i is by itself, also inside a phrase ("contra" in "disparar contra")."""
        return self.lexicon.trie.phrase(self.lows[i])

    def next_after(self, i: int) -> int:
        """The token behind the phrase that covers token i."""
        hit = self.hits[i]
        return hit.last if hit else i + 1

    def is_word(self, i: int) -> bool:
        """Whether token i is a word or number, not a mark."""
        return self.words[i][0].isalnum()

    def spaced(self, i: int) -> bool:
        """Whether white space stands before token i."""
        return i > 0 and self.starts[i] > self.ends[i - 1]
