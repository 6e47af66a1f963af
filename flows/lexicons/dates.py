"""flows/lexicons/<language>/dates.toml -> the words of dates, checked on load."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


@cache
def month_numbers() -> dict[str, int]:
    """Month name or abbreviation, lower case -> 1 to 12, of all languages together; ambiguous ones are left out."""
    found: dict[str, set[int]] = {}
    for path in sorted(FOLDER.glob("*/dates.toml")):
        for number, names in tomllib.loads(path.read_text("utf-8"))["months"].items():
            for name in names:
                found.setdefault(name, set()).add(int(number))
    return {name: numbers.pop() for name, numbers in sorted(found.items()) if len(numbers) == 1}
