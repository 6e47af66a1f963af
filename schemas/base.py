"""What every table model shares: its name, its columns, its key, its order and its checks."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import polars as pl
from pandera.polars import Check, DataFrameModel, DataFrameSchema

from schemas.column import ARROW, Column, Span
from schemas.rules import UNIQUE_KEY, Rule, implied


class Table(DataFrameModel):
    """A table: its columns are class attributes made by `column()`, its layout is told by class keywords.

    Class keywords: `order` (the columns that sort the rows; with the key a total order), `rules`, `merged` (True: one
    row per key over all runs, rewritten at each commit; False: rows are only appended), `derived` (True: the commit
    makes the rows, so that a batch has none), `public` (False: no public release holds the table).
    """

    class Config:
        """Pandera's settings: no column may be missing or unknown."""

        strict = True

    _columns: ClassVar[tuple[Column, ...]] = ()
    _order: ClassVar[tuple[str, ...]] = ()
    _merged: ClassVar[bool] = False
    _derived: ClassVar[bool] = False
    _public: ClassVar[bool] = True
    _rules: ClassVar[tuple[Rule, ...]] = ()

    def __init_subclass__(
        cls,
        *,
        order: Sequence[str] = (),
        merged: bool = False,
        derived: bool = False,
        public: bool = True,
        rules: Iterable[Rule] = (),
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call]
        cls._columns = tuple(
            Column(name=name, type=ARROW[annotation.arg], description=field.description or "", **(field.metadata or {}))
            for name, (annotation, field) in cls.__fields__.items()
        )
        cls._merged, cls._derived, cls._public = merged, derived, public
        cls._order = (*order, *(name for name in cls.key() if name not in order))
        cls._rules = (*implied(cls._columns), *rules)

    @classmethod
    def table_name(cls) -> str:
        """The name of the table: the class name in snake case."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def columns(cls) -> list[Column]:
        """The columns in order."""
        return list(cls._columns)

    @classmethod
    def key(cls) -> tuple[str, ...]:
        """The columns that together are unique."""
        return tuple(column.name for column in cls._columns if column.key)

    @classmethod
    def order(cls) -> tuple[str, ...]:
        """The columns that sort the rows, the key among them: a total order."""
        return cls._order

    @classmethod
    def spans(cls) -> list[Span]:
        """The stretches of the article's text that a row proves or is about."""
        offsets = [column.name for column in cls._columns if column.type == ARROW[pl.Int32]]
        words = {column.span: column.name for column in cls._columns if column.span}
        pairs = [(name, name.removesuffix("_start") + "_end") for name in offsets if name.endswith("_start")]
        return [Span(*pair, words.get(pair)) for pair in pairs]

    @classmethod
    def is_merged(cls) -> bool:
        """Whether the rows of several runs with the same key become one row."""
        return cls._merged

    @classmethod
    def is_derived(cls) -> bool:
        """Whether the commit makes the rows, from other tables or from the run."""
        return cls._derived

    @classmethod
    def is_public(cls) -> bool:
        """Whether a public release may hold the table."""
        return cls._public

    @classmethod
    def rules(cls) -> tuple[Rule, ...]:
        """All checks of the table but the not-null ones, which Pandera makes of `nullable`."""
        return cls._rules

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> DataFrameSchema:
        """Pandera's schema of the model: a rule over one column is a check of that column, others of the frame."""
        schema = super().build_schema_(**kwargs)
        for rule in cls._rules:
            owner = schema.columns[rule.columns[0]] if len(rule.columns) == 1 else schema
            owner.checks = [*owner.checks, rule.check()]
        return schema

    @classmethod
    def gate(cls) -> DataFrameSchema:
        """The same checks as a single one, for the usual case that all rows are good and all types are right.

        Pandera runs every check as a query of its own, which takes half a millisecond however few the rows; this runs
        them as one query. A merged table may hold several rows with one key here: the commit makes one row of them.
        """
        present = [pl.col(column.name).is_not_null() for column in cls._columns if not column.nullable]
        rules = [rule.holds() for rule in cls._rules if not (cls._merged and rule.name == UNIQUE_KEY)]
        check = Check(lambda data: data.lazyframe.select(pl.all_horizontal(*present, *rules)), name="gate")
        return DataFrameSchema(checks=[check], name=cls.table_name())
