"""Jumbled words and marks of the sample articles: whatever the order, the engine answers with rows."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from flows.lexicons import languages
from flows.model import Document
from flows.pipeline import Processed, process

RAW = Path(__file__).parents[1] / "data" / "raw"
MARKS = ["“", "”", "«", "»", '"', "—", ",", ".", "…", "(", ")", ":", ";", "?", "\n\n", "’", "-", "12", "3.5", "@"]
TEXTS = 120
LONGEST = 60  # words


@pytest.mark.parametrize("language", languages())
def test_no_order_of_words_is_too_much(language: str) -> None:
    words = re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in sorted((RAW / language).glob("*.txt"))))
    draw = random.Random(language)  # noqa: S311 - the same jumble each time
    for _ in range(TEXTS):
        pool = [*draw.choices(words, k=draw.randint(1, LONGEST)), *draw.choices(MARKS, k=draw.randint(0, LONGEST // 3))]
        draw.shuffle(pool)
        text = " ".join(pool)
        assert isinstance(process(Document(text=text, language=language)), Processed), text
