"""An article -> the same article with its language, and that of each of its blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from babel.core import get_global

from flows.language_profiles import profiles
from flows.lexicons import language_file, languages

if TYPE_CHECKING:
    from flows.model import Article, Block

PREFIX: Final = 1500  # characters that decide an article's language
ENOUGH: Final = 600  # characters that decide it where the words leave no doubt
PROFILES_PREFIX: Final = 600  # characters that the profiles see, where the vote leaves a doubt
BLOCK_PREFIX: Final = 300  # characters that decide a block's
GLANCE: Final = 80  # characters that are enough where they are in the language of the article
WORD: Final = re.compile(r"[^\W\d_]+")
NOISE: Final = re.compile(r"https?://\S+|pic\.twitter\.com/\S+|[@#]\w+")
CODE: Final = re.compile("[a-z]{2,3}")
SHORT_CODE: Final = 2  # letters, of ISO 639-1
NO_LANGUAGE: Final = frozenset({"mis", "mul", "und", "zxx"})  # codes of ISO 639 for any, several and none

VOTE_WORDS: Final = 40  # fewer words decide nothing
VOTE_SHARE: Final = 0.3  # of the words of a text that are stop words of its language
VOTE_LEAD: Final = 1.5  # times the hits of the second language
SHORT_SHARE: Final = (
    0.85  # of the words of two and three letters: in a sister language without a lexicon most are others
)
SHORT: Final = range(2, 4)  # letters
HINT_SHARE: Final = 0.15  # enough when the sender or the article says so already
HINT_ODDS: Final = 50.0
BLOCK_WORDS: Final = 6  # a shorter block has the language of the article
OTHER_CERTAINTY: Final = 0.9  # what it takes to call a block's language another than the article's
UNPROVEN: Final = 0.5  # the confidence in a hint that the words cannot confirm
ASIDE: Final = frozenset({"header", "byline", "post"})  # blocks that say little about the article's own language


@dataclass(frozen=True, slots=True)
class Detected:
    """A language code of ISO 639-1 (None: no words to tell by) and the confidence, 0 to 1."""

    code: str | None
    confidence: float


@dataclass(slots=True)
class Vote:
    """The words of a text, and how many of them are stop words of each language."""

    listed: list[str]
    hits: dict[str, int]

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.listed)

    def share(self, code: str) -> float:
        """The part of the words that are stop words of the language."""
        return self.hits.get(code, 0) / max(1, self.words)

    def winner(self) -> Detected | None:
        """The language, where so many stop words leave no doubt."""
        ranked = sorted(self.hits.items(), key=lambda item: (-item[1], item[0]))
        code, most = ranked[0]
        second = ranked[1][1] if len(ranked) > 1 else 0
        if self.words < VOTE_WORDS or most < max(VOTE_LEAD * second, VOTE_SHARE * self.words):
            return None
        table = _stopwords()
        short = [word for word in self.listed if len(word) in SHORT and word.islower()]
        if sum(code in table.get(word, ()) for word in short) < SHORT_SHARE * len(short):
            return None
        return Detected(code, round(1 - second / (most * VOTE_LEAD * 10), 3))

    def supports(self, code: str | None) -> bool:
        """Whether the words are such as the language has, and no other language has more of them."""
        return code is not None and self.share(code) >= HINT_SHARE and self.hits[code] == max(self.hits.values())


@cache
def _stopwords() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in languages():
        for word in sorted(set(language_file(code).stopwords)):
            found.setdefault(word.lower(), []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def vote(text: str) -> Vote:
    """Count the stop words of each language that has a lexicon."""
    words, found = WORD.findall(text), _stopwords().get
    hits = dict.fromkeys(languages(), 0)
    for codes in filter(None, map(found, map(str.lower, words))):
        for code in codes:
            hits[code] += 1
    return Vote(words, hits)


def normal_code(declared: str | None) -> str | None:
    """The base language of a declared code: "es-MX", "ES" and "spa" are es; None when it is no language code."""
    base = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    if not CODE.fullmatch(base) or base in NO_LANGUAGE:
        return None
    alias = get_global("language_aliases").get(base) if len(base) > SHORT_CODE or base in {"iw", "in", "ji"} else None
    return {"nb": "no", "nn": "no"}.get(alias or base, alias or base)


def detect(text: str, hint: str | None = None) -> Detected:
    """The language of a text by its first 1,500 characters; never raises.

    A `hint` (what the sender or the article around says) wins unless the words speak against it, which a mere name does
    not. A hint that is no language of the profiles cannot be held against them, and is believed.
    """
    text = NOISE.sub(" ", text[:PREFIX])
    hint = normal_code(hint)
    counted = vote(text[:ENOUGH])
    if counted.supports(hint):
        return Detected(hint, 1.0)
    if (found := counted.winner()) is not None and hint is None:
        return found
    counted = vote(text)
    if hint and counted.words < BLOCK_WORDS and not any(counted.hits.values()):
        return Detected(hint, UNPROVEN)
    return counted.winner() or _by_profiles(text, hint)


def _by_profiles(text: str, hint: str | None) -> Detected:
    known = profiles()
    if hint and hint not in known.codes:
        return Detected(hint, UNPROVEN)
    scores = known.scores(text[:PROFILES_PREFIX])
    if not scores:
        return Detected(hint, UNPROVEN if hint else 0.0)
    if hint in scores:
        scores[hint] *= HINT_ODDS
    code = max(sorted(scores), key=scores.__getitem__)
    return Detected(code, round(scores[code] / sum(scores.values()), 3))


def annotate(article: Article) -> Article:
    """Give the article and each block a language; a block too short to tell has that of the article."""
    bodies = [article.text[b.start : b.end] for b in article.blocks if b.kind not in ASIDE]
    main = detect("\n".join(bodies) or article.text, article.language)
    blocks = tuple(_annotated(article.text, block, main) for block in article.blocks)
    return replace(
        article, blocks=blocks, language=main.code, language_confidence=main.confidence if main.code else None
    )


def _annotated(text: str, block: Block, main: Detected) -> Block:
    words = text[block.start : block.body_end or block.end][:BLOCK_PREFIX]
    at_a_glance = vote(words[:GLANCE]).supports(main.code) and block.kind != "post"
    found = main if at_a_glance else _of_block(NOISE.sub(" ", words), main, is_post=block.kind == "post")
    return replace(block, language=found.code, language_confidence=found.confidence if found.code else None)


def _of_block(text: str, main: Detected, *, is_post: bool) -> Detected:
    counted = vote(text)
    if counted.words < BLOCK_WORDS or counted.supports(main.code):
        return main
    if main.code in counted.hits or is_post or counted.winner():
        found = _by_profiles(text, main.code)
        return found if found.confidence >= OTHER_CERTAINTY else main
    return main
