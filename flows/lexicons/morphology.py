"""Forms of a verb from its lemma, by the paradigms and irregular verbs of a language's verbs.toml."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from flows.lexicons.files import TENSES, Irregular, LexiconError, Paradigm, VerbsFile

# Of a lemma of several words the first forms of each tense, which are the third persons': thousands of phrases in the
# first person or with a clitic would fill the memory for texts that hardly ever have them.
PHRASE_FORMS: Final = {
    "present": 2,
    "past": 4,
    "future": 2,
    "conditional": 2,
    "subjunctive": 4,
    "infinitive": 2,
    "gerund": 2,
    "participle": 4,
    "imperative": 0,
}


class Form(NamedTuple):
    """A surface form and its tense (one of TENSES)."""

    surface: str
    tense: str


class Conjugator:
    """Lemma -> forms; a lemma of several words inflects its first word."""

    def __init__(self, verbs: VerbsFile, source: str) -> None:
        self._paradigms = sorted(verbs.paradigm, key=lambda p: (-len(p.suffix), p.suffix))
        self._irregular = verbs.irregular
        self._source = source
        self.forms = lru_cache(maxsize=None)(self._forms)

    @property
    def infinitives(self) -> tuple[str, ...]:
        """The endings of regular infinitives, sorted."""
        return tuple(sorted({ending for paradigm in self._paradigms for ending in paradigm.infinitive}))

    def _forms(self, lemma: str) -> tuple[Form, ...]:
        head, _, rest = lemma.partition(" ")
        tail = f" {rest}" if rest else ""
        by_tense = self._word(head, ())
        kept = PHRASE_FORMS if tail else {}
        return tuple(
            Form(word + tail, tense) for tense in TENSES for word in dict.fromkeys(by_tense[tense][: kept.get(tense)])
        )

    def _word(self, lemma: str, seen: tuple[str, ...]) -> dict[str, list[str]]:
        irregular = self._irregular.get(lemma)
        if irregular is not None and irregular.like is not None:
            forms = self._like(lemma, irregular, seen)
        else:
            forms = self._regular(lemma)
        if irregular is not None:
            for tense in TENSES:
                own = getattr(irregular, tense)
                if own is not None:
                    forms[tense] = list(own)
        return forms

    def _regular(self, lemma: str) -> dict[str, list[str]]:
        paradigm = self._paradigm(lemma)
        if paradigm is None:
            return {tense: [lemma] if tense == "infinitive" else [] for tense in TENSES}
        stem = lemma.removesuffix(paradigm.suffix)
        return {tense: [stem + ending for ending in getattr(paradigm, tense)] for tense in TENSES}

    def _paradigm(self, lemma: str) -> Paradigm | None:
        return next((p for p in self._paradigms if lemma.endswith(p.suffix)), None)

    def _like(self, lemma: str, irregular: Irregular, seen: tuple[str, ...]) -> dict[str, list[str]]:
        model = irregular.like or ""
        if not lemma.endswith(model) or lemma in seen:
            raise LexiconError(f"{self._source}: irregular.{lemma}: `like` must name another lemma that ends this one")
        prefix = lemma.removesuffix(model)
        return {tense: [prefix + form for form in forms] for tense, forms in self._word(model, (*seen, lemma)).items()}
