"""Forms of a name as they are compared: "La Alcaldesa" and "alcaldesa" are one."""

from __future__ import annotations

from functools import cache

from flows.lexicons import language_file, languages
from flows.lexicons.trie import tokens_of

LONGEST_ARTICLE = 2  # tokens: "l'" has two


def normal(form: str, language: str) -> str:
    """The form's tokens, without capitals and without an article of the language before them."""
    tokens = tokens_of(form.casefold())
    for length in range(LONGEST_ARTICLE, 0, -1):
        if len(tokens) > length and "".join(tokens[:length]) in _articles(language):
            return " ".join(tokens[length:])
    return " ".join(tokens)


@cache
def _articles(language: str) -> frozenset[str]:
    if language not in languages():
        return frozenset()
    return frozenset(word.casefold() for word in language_file(language).words.get("article", ()))
