"""Forms of a name as they are compared: "The Mayor", "his mayor" and "mayor" are one."""

from __future__ import annotations

from functools import cache
from typing import Final

from flows.lexicons import language_file, languages
from flows.lexicons.trie import tokens_of

LONGEST: Final = 2  # tokens of a determiner: "l'" has two
DETERMINERS: Final = ("article", "demonstrative", "possessive")


def normal(form: str, language: str) -> str:
    """The form's tokens, without capitals and without an article or other determiner of the language before them."""
    tokens = tokens_of(form.casefold())
    for length in range(LONGEST, 0, -1):
        if len(tokens) > length and "".join(tokens[:length]) in _determiners(language):
            return " ".join(tokens[length:])
    return " ".join(tokens)


@cache
def _determiners(language: str) -> frozenset[str]:
    if language not in languages():
        return frozenset()
    words = language_file(language).words
    return frozenset(word.casefold() for name in DETERMINERS for word in words.get(name, ()))
