"""An article with blocks and languages in, everything found in it out; an engine is one function of that shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flows.extract import rules
from flows.extract.results import Extraction
from flows.model import Article

__all__ = ["ENGINES", "Engine", "Extraction", "extract"]

Engine = Callable[[Article], Extraction]

ENGINES: Final[dict[str, Engine]] = {"rules": rules.extract}


def extract(article: Article, engine: str = "rules") -> Extraction:
    """Extract with the engine of that name.

    Raises:
        KeyError: when there is no such engine.
    """
    return ENGINES[engine](article)
