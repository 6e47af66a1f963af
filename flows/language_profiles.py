"""A text -> how likely each of langdetect's 55 languages is, by the n-grams of its profiles.

langdetect itself draws n-grams at random until one language stands out. Here every n-gram counts once: the answer is
the same each time without a seed, a little more often right, and found in a quarter of the time.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram

from flows.lexicons import languages
from flows.lexicons.kept import kept, mark

Grams = dict[str, list[tuple[int, float]]]  # n-gram -> places of the languages that have it, with its weight there

LONGEST: Final = 3  # letters in an n-gram of the profiles
SHARPNESS: Final = 20_000.0  # inverse of the frequency that langdetect gives an unseen n-gram
OVERLAP: Final = 3.0  # each letter is in three n-grams, so the evidence is counted three times
OWN_PRIOR: Final = 4.0  # in favour of languages that have a lexicon
FOREIGN_SHARE: Final = 3  # Latin letters may be so many times the others and still be names and links only
REMEMBERED_WORDS: Final = 20_000  # words whose scores are remembered

LINK: Final = re.compile(r"https?://\S++|(?<!\S)@*+[^\s@]++@\S++")
LATIN: Final = re.compile("[A-Za-z]+")
HAN: Final = re.compile("[\u4e00-\u9fff]")
KANA_OR_HANGUL: Final = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
HAN_IN_JAPANESE: Final = 0.1  # a headline of Han characters alone
FIRST_FOREIGN: Final = "\u0300"

_loading: Final = threading.Lock()


class _Normalized(dict[int, str]):
    """langdetect's normal form of a letter, for str.translate."""

    def __missing__(self, code: int) -> str:
        self[code] = NGram.normalize(chr(code))
        return self[code]


class Profiles:
    """The loaded profiles; create with `profiles()`."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.iterdir() if path.is_file())
        self.codes: tuple[str, ...]
        self.codes, self._grams = kept(
            f"{mark(folder)}.profiles", [*files, Path(__file__)], "", lambda: _compiled(files)
        )
        self._prior: Final = [OWN_PRIOR * (code in languages()) for code in self.codes]
        self._normalized: Final = _Normalized()
        self._word = lru_cache(maxsize=REMEMBERED_WORDS)(self._word_scores)

    def scores(self, text: str) -> dict[str, float]:
        """Code -> probability, 0 to 1; empty when the text has no letter of any of the languages."""
        text = NGram.normalize_vi(LINK.sub(" ", text))
        if sum(map(str.isupper, text)) > sum(map(str.islower, text)):  # runs of capitals are in no profile
            text = text.lower()
        if HAN.search(text) and not KANA_OR_HANGUL.search(text):
            return {"ja": HAN_IN_JAPANESE, "zh": 1.0 - HAN_IN_JAPANESE}
        foreign = sum(c >= FIRST_FOREIGN and c.isalpha() for c in text)
        if foreign and sum(map(len, LATIN.findall(text))) < foreign * FOREIGN_SHARE:
            text = LATIN.sub(" ", text)
        vectors = [self._word(word) for word in text.translate(self._normalized).split()]
        sums = [sum(column) for column in zip(*vectors, strict=True)]
        if not any(sums):
            return {}
        return self._probabilities([a + b for a, b in zip(sums, self._prior, strict=True)])

    def _probabilities(self, scores: list[float]) -> dict[str, float]:
        best = max(scores)
        odds = [math.exp((score - best) / OVERLAP) for score in scores]
        total = sum(odds)
        merged: dict[str, float] = {}
        for code, odd in zip(self.codes, odds, strict=True):
            merged[code] = merged.get(code, 0.0) + odd / total
        return merged

    def _word_scores(self, word: str) -> list[float]:
        """Log weights per profile; n-grams that end inside a run of capitals say nothing, as in langdetect."""
        scores = [0.0] * len(self.codes)
        padded = f" {word} "
        for end in range(1, len(padded)):
            if padded[end].isupper() and padded[end - 1].isupper():
                continue
            for start in range(max(0, end - LONGEST + 1), end + 1):
                for at, weight in self._grams.get(padded[start : end + 1], ()):
                    scores[at] += weight
        return scores


def _compiled(files: Sequence[Path]) -> tuple[tuple[str, ...], Grams]:
    """The codes of langdetect's profiles, and for each n-gram its weight in those that have it."""
    read = [json.loads(path.read_text("utf-8")) for path in files]
    grams: Grams = {}
    for at, profile in enumerate(read):
        totals = profile["n_words"]
        for gram, count in profile["freq"].items():
            weight = math.log1p(count / totals[len(gram) - 1] * SHARPNESS)
            grams.setdefault(gram, []).append((at, weight))
    return tuple(profile["name"].split("-")[0] for profile in read), grams


_profiles: list[Profiles] = []


def profiles() -> Profiles:
    """The profiles, loaded once per process (0.2 s) whichever thread asks first."""
    with _loading:
        if not _profiles:
            _profiles.append(Profiles(Path(PROFILES_DIRECTORY)))
    return _profiles[0]
