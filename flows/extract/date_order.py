"""A text, its language, its outlet's country -> whether its dates in figures begin with the day or the month."""

from __future__ import annotations

import re
from typing import Final, Literal

from flows.extract.date_numbers import MONTHS
from flows.lexicons.dates import date_languages, dates_file

Order = Literal["day", "month"]
IN_FIGURES: Final = re.compile(r"(?<![\d./-])([0-3]?\d)([./-])([0-3]?\d)\2(?:[12]\d{3}|(?<=/)\d\d)(?![\d/-]|\.\d)")
IN_PARTS: Final = re.compile(r"\d[./-]\d\d?[./-]\d")  # quick to say that there are none
LAST_DAY: Final = 31


def order_of(text: str, code: str | None, country: str | None) -> Order | None:
    """What the text shows ("25/12/2026" can be read in one way only), else the custom of the outlet's country.

    None, that of the language, where the text shows neither or both, and the country is unknown or the language's
    countries agree. `country`: ISO 3166-1 alpha-3.
    """
    dates = IN_FIGURES.finditer(text) if IN_PARTS.search(text) else ()
    shown = {order for found in dates if (order := _shown(int(found[1]), int(found[3])))}
    if len(shown) == 1:
        return shown.pop()
    month_first = dates_file(code).month_first if code in date_languages() and code else ()
    if country is None or not month_first:
        return None
    return "month" if country in month_first else "day"


def _shown(a: int, b: int) -> Order | None:
    if a in MONTHS and LAST_DAY >= b > MONTHS[-1]:
        return "month"
    return "day" if b in MONTHS and LAST_DAY >= a > MONTHS[-1] else None
