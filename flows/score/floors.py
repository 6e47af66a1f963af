"""floors.toml: under which figure no measure of a language may fall, for the gold that it was taken with."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.score import ALL, Scorecard
from flows.score.counts import MEASURES

FILE: Final = Path(__file__).parent / "floors.toml"
UPDATE: Final = "newsevents score --update-floors"
HEAD: Final = f"""\
# Kept by `{UPDATE}`: F1 of each table, and the right share of values, rounded down.
# `gold` is a hash of the gold articles that the floors were taken with.
"""
ROUNDING: Final = 1e-9  # 0.29 * 100 is a little less than 29

Floors = dict[str, dict[str, float]]


class FloorsError(Exception):
    """A figure is under its floor, or the floors are not of this gold; the message names them and says what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The floors by language and measure, and of which gold each language's are."""

    floors: Floors
    digests: dict[str, str]


def read(path: Path) -> Kept:
    """The floors; none where there is no file.

    Raises:
        FloorsError: the file breaks its format.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        digests = {language: str(table.pop("gold")) for language, table in content.items()}
        floors = {
            language: {name: float(floor) for name, floor in table.items()} for language, table in content.items()
        }
    except (ValueError, KeyError, AttributeError) as error:
        raise FloorsError(f"{path}: {error!r}: mend it, or remove it and run {UPDATE}") from error
    for language, table in floors.items():
        for name in table.keys() - set(MEASURES):
            raise FloorsError(f"{path}: {language}.{name}: there is no such measure; there are {', '.join(MEASURES)}")
    return Kept(floors, digests)


def problems(card: Scorecard, kept: Kept) -> list[str]:
    """What is under its floor, and which floors are of other gold: nothing when all is well."""
    found = []
    for language, digest in _digests(card).items():
        if kept.digests.get(language) != digest:
            found.append(f"the gold of {language} is not the one its floors were taken with: run {UPDATE}")
            continue
        figures = measured(card)[language]
        found += [
            f"{language}: {name} is {figures.get(name, 0.0):.4f}, its floor {floor:.2f}"
            for name, floor in kept.floors[language].items()
            if figures.get(name, 0.0) < floor - ROUNDING
        ]
    return found


def updated(card: Scorecard, kept: Kept, *, allow_lower: bool = False) -> Kept:
    """The floors raised to the figures of the languages that were scored; the others stay.

    Raises:
        FloorsError: a floor would be lower than it is, and `allow_lower` was not said.
    """
    new = {
        language: {name: math.floor(figure * 100 + ROUNDING) / 100 for name, figure in figures.items()}
        for language, figures in measured(card).items()
    }
    lower = [
        f"{language}: {name} {floor:.2f} to {new[language].get(name, 0.0):.2f}"
        for language in new
        for name, floor in kept.floors.get(language, {}).items()
        if new[language].get(name, 0.0) < floor
    ]
    if lower and not allow_lower:
        raise FloorsError(f"floors would fall, give --allow-lower to let them: {'; '.join(lower)}")
    return Kept(kept.floors | new, kept.digests | _digests(card))


def write(kept: Kept, path: Path) -> None:
    """Write floors.toml: languages in order, measures in the scorecard's, all languages together last."""
    lines = [HEAD]
    for language in sorted(kept.floors, key=lambda code: (code == ALL, code)):
        floors = kept.floors[language]
        lines += [f"\n[{language}]\n", f'gold = "{kept.digests[language]}"\n']
        lines += [f"{name} = {floors[name]:.2f}\n" for name in MEASURES if name in floors]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def measured(card: Scorecard) -> Mapping[str, Mapping[str, float]]:
    """The figure of each language and measure that a floor is held against: F1, or the share of right values."""
    return {
        language: {name: figure for name in MEASURES if (figure := marks.counts[name].f1) is not None}
        for language, marks in card.marks.items()
    }


def _digests(card: Scorecard) -> dict[str, str]:
    """Of which gold the marks are, also those of all languages together."""
    if ALL not in card.marks:
        return card.digests
    joined = "".join(f"{language} {digest}\n" for language, digest in sorted(card.digests.items()))
    return card.digests | {ALL: hashlib.sha256(joined.encode()).hexdigest()[:16]}
