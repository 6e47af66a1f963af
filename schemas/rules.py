"""The checks of a table: each a condition on the columns of a row, with the reason it gives when it fails."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa
from pandera.polars import Check

from schemas import vocab
from schemas.column import ARROW, Column

FAILURES_SHOWN: Final = 10  # rows in Pandera's own report; the split of a batch uses the whole check output
UNIQUE_KEY: Final = "unique_key"


@dataclass(frozen=True, slots=True)
class Rule:
    """A check over `columns` of a row: `holds()` is false in a row that breaks it, and null where it cannot tell.

    `reason` is the code that a row is rejected with (schemas/vocab/reject_reasons.toml).
    """

    name: str
    description: str
    columns: tuple[str, ...]
    holds: Callable[[], pl.Expr]
    reason: str = "broken_rule"

    def check(self) -> Check:
        """The rule as a Pandera check."""
        holds = self.holds
        return Check(
            lambda data: data.lazyframe.select(holds()),
            name=self.name,
            error=self.name,
            description=self.description,
            n_failure_cases=FAILURES_SHOWN,
        )


def span(start: str, end: str, text: str | None = None) -> tuple[Rule, ...]:
    """The rules of a span: it runs forward, and is as long as the text it holds, in code points."""
    forward = Rule(
        f"{start}_before_{end}",
        f"{end} is greater than {start}.",
        (start, end),
        lambda: pl.col(start) < pl.col(end),
    )
    if text is None:
        return (forward,)
    length = Rule(
        f"{text}_fills_span",
        f"{text} is {end} - {start} code points long.",
        (text, start, end),
        lambda: pl.col(text).str.len_chars() == pl.col(end) - pl.col(start),
    )
    return forward, length


def together(*names: str) -> Rule:
    """The rule that columns are null in the same rows."""
    first, *others = names
    return Rule(
        f"{'_'.join(names)}_together",
        f"{', '.join(names)} are null in the same rows.",
        names,
        lambda: pl.all_horizontal(pl.col(first).is_null() == pl.col(name).is_null() for name in others),
    )


def implied(columns: Sequence[Column]) -> Iterable[Rule]:
    """The rules that follow from how the columns are declared."""
    key = tuple(column.name for column in columns if column.key)
    if key:
        yield Rule(
            UNIQUE_KEY,
            f"No earlier row has the same {', '.join(key)}.",
            key,
            lambda: pl.struct(key).is_first_distinct(),
            "duplicate_key",
        )
    for column in columns:
        if column.pattern:
            yield _matches(column, column.pattern)
        if column.codes:
            yield _listed(column, column.codes)
        elif not column.pattern and not column.blank and column.type in (pa.string(), ARROW[pl.List]):
            yield _not_empty(column)
        if column.at_least is not None or column.at_most is not None:
            yield _within(column, column.at_least, column.at_most)


def _matches(column: Column, pattern: str) -> Rule:
    return Rule(
        f"{column.name}_matches",
        f"{column.name} matches {pattern}",
        (column.name,),
        lambda: pl.col(column.name).str.contains(pattern),
        "bad_value",
    )


def _listed(column: Column, codes: str) -> Rule:
    allowed = pl.Series(list(vocab.codes(codes))).implode()
    return Rule(
        f"{column.name}_in_{codes}",
        f"{column.name} is a code of the closed list {codes}.",
        (column.name,),
        lambda: _of_each(column, lambda value: value.is_in(allowed)),
        "not_in_list",
    )


def _not_empty(column: Column) -> Rule:
    return Rule(
        f"{column.name}_not_empty",
        f"{column.name} holds no empty text.",
        (column.name,),
        lambda: _of_each(column, lambda value: value != ""),
        "bad_value",
    )


def _within(column: Column, low: float | None, high: float | None) -> Rule:
    limits = [f"at least {low}"] * (low is not None) + [f"at most {high}"] * (high is not None)

    def holds() -> pl.Expr:
        value = pl.col(column.name)
        return pl.all_horizontal(
            *([value >= low] if low is not None else []), *([value <= high] if high is not None else [])
        )

    return Rule(
        f"{column.name}_within_limits",
        f"{column.name} is {' and '.join(limits)}.",
        (column.name,),
        holds,
        "bad_value",
    )


def _of_each(column: Column, holds: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """A condition on the value of a column, or on every member of a list (where null is no member)."""
    if column.type != ARROW[pl.List]:
        return holds(pl.col(column.name))
    return pl.col(column.name).list.eval(holds(pl.element()).fill_null(value=False)).list.all()
