"""`newsevents score`: the extractor on the project's own annotated articles, and whether it is as good as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from flows.commands.console import put, put_json, put_table, working
from flows.commands.options import AsJson, FailedError, UsageError
from flows.score import Band, Scorecard, bands, by_rule, floors, gold
from flows.score import score as engine
from flows.score.counts import MEASURES, SHARES, Count
from flows.score.marking import Miss
from flows.terminal import cell

app = App(name="score", help_epilogue="Example: newsevents score --language es --misses 5")


@app.default
def score(
    *,
    language: Annotated[list[str] | None, Parameter(negative=(), help="Only these languages.")] = None,
    misses: Annotated[int, Parameter(help="Print so many misses of each measure, with file and words.")] = 0,
    rules: Annotated[bool, Parameter(negative=(), help="Say of each rule how many speakers it gets right.")] = False,
    other: Annotated[
        Path | None, Parameter(name="--gold", help="Annotated articles of your own, <language>/<name>.toml; no floors.")
    ] = None,
    update_floors: Annotated[bool, Parameter(negative=(), help="Raise the floors to the figures measured.")] = False,
    allow_lower: Annotated[bool, Parameter(negative=(), help="With --update-floors: let floors fall, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Score the extractor on annotated articles: precision and recall per table and language."""
    folder = other or gold.FOLDER
    _check(language or [], folder)
    if update_floors and other:
        raise UsageError("floors are those of the project's own articles: give --update-floors without --gold")
    if allow_lower and not update_floors:
        raise UsageError("--allow-lower says how to update floors: give it with --update-floors")
    with working(f"Extracting from the articles in {folder} …"):
        card = engine(language or [], folder)
    kept = floors.read(floors.FILE) if other is None else floors.Kept({}, {})
    if update_floors:
        kept = floors.updated(card, kept, allow_lower=allow_lower)
        floors.write(kept, floors.FILE)
    wrong = floors.problems(card, kept) if other is None else []
    if as_json:
        put_json(_json(card, wrong, misses, rules=rules))
    else:
        _print(card, kept, misses, rules=rules)
    if wrong:
        raise FailedError("; ".join(wrong))


def _check(languages: Sequence[str], folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}: give one with <language>/<name>.toml in it")
    known = gold.languages(folder)
    for code in languages:
        if code not in known:
            raise UsageError(f"there are no gold articles in {code!r}: there are some in {', '.join(known)}")


def _json(card: Scorecard, wrong: list[str], misses: int, *, rules: bool) -> dict[str, Any]:
    found: dict[str, Any] = {**card.summary(), "under_floor": wrong}
    if rules:
        found["rules"] = [
            {"rule": band.name, "quotes": band.quotes, "share": round(band.share, 4)}
            for band in by_rule(card.total.attributions)
        ]
    if misses:
        found["misses"] = list(_first(card.misses, misses))
    return found


def _print(card: Scorecard, kept: floors.Kept, misses: int, *, rules: bool) -> None:
    headings = ("", "wanted", "found", "right", "precision", "recall", "F1 or share", "floor")
    for language, marks in card.marks.items():
        known = kept.floors.get(language, {})
        rows = [(*_figures(name, marks.counts[name]), _decimals(known.get(name), 2)) for name in MEASURES]
        put_table(headings, rows, title=f"{language} (articles: {card.articles[language]})")
        put("")
    put_table(("confidence", "quotes", "right speaker", "mean confidence"), _rows(bands(card.total.attributions)))
    if rules:
        put("")
        put_table(("rule", "quotes", "right speaker", "mean confidence"), _rows(by_rule(card.total.attributions)))
    if misses:
        put("")
        for miss in _first(card.misses, misses):
            put(cell(f"{miss.measure}, {miss.file}: {_told(miss)}"))


def _told(miss: Miss) -> str:
    """What is wrong, in words."""
    if miss.measure in SHARES:
        return f"{miss.text}: {miss.wanted or 'nothing'}, not {miss.found or 'nothing'}"
    about = "" if miss.text in (miss.wanted, miss.found) else f"{miss.text}: "
    return f"{about}missed {miss.wanted}" if miss.wanted else f"{about}found {miss.found}, which is not there"


def _rows(found: Sequence[Band]) -> list[tuple[object, ...]]:
    return [(band.name, band.quotes, _decimals(band.share), _decimals(band.confidence)) for band in found]


def _figures(name: str, count: Count) -> tuple[object, ...]:
    """The line of a measure; a share has no precision and recall of its own."""
    numbers = (count.wanted, count.found, count.right)
    if name in SHARES:
        return (f"  {name}", *numbers, "", "", _decimals(count.f1))
    return (name, *numbers, _decimals(count.precision), _decimals(count.recall), _decimals(count.f1))


def _decimals(figure: float | None, places: int = 3) -> str:
    return "" if figure is None else f"{figure:.{places}f}"


def _first(misses: Sequence[Miss], number: int) -> Iterator[Miss]:
    """The first misses of each measure."""
    for _, group in groupby(misses, key=lambda miss: miss.measure):
        yield from list(group)[:number]
