"""How a column is declared, and what can be asked about it."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import polars as pl
import pyarrow as pa
from pandera.polars import Field

# The column types of the models, and the Arrow type of each.
Text = pl.String
TextList = Annotated[pl.List, pl.String]
Offset = pl.Int32
Number = pl.Int32
Count = pl.Int64
Real = pl.Float64
Flag = pl.Boolean
Day = pl.Date
Moment = Annotated[pl.Datetime, "us", None]

ARROW: Final[dict[Any, pa.DataType]] = {
    pl.String: pa.string(),
    pl.List: pa.list_(pa.string()),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float64: pa.float64(),
    pl.Boolean: pa.bool_(),
    pl.Date: pa.date32(),
    pl.Datetime: pa.timestamp("us"),
}

ID_DIGITS: Final = "[0-9a-f]{16}"
SHA256: Final = "^[0-9a-f]{64}$"
LANGUAGE: Final = "^[a-z]{2,3}(-[a-z]{2,4})?$"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: all that Arrow schemas, views, the dictionary and the checks derive from."""

    name: str
    type: pa.DataType
    description: str
    nullable: bool = False
    key: bool = False
    prefix: str | None = None
    codes: str | None = None
    references: str | None = None
    span: tuple[str, str] | None = None
    public: bool = True
    unit: str | None = None
    pattern: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Two columns that hold a stretch of the article's text, and the column with its words if there is one."""

    start: str
    end: str
    words: str | None = None


def column(
    description: str,
    *,
    key: bool = False,
    prefix: str | None = None,
    nullable: bool = False,
    codes: str | None = None,
    references: str | None = None,
    span: tuple[str, str] | None = None,
    public: bool = True,
    unit: str | None = None,
    pattern: str | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    blank: bool = False,
) -> Any:
    """Declare a column: what it means, and what its values must be.

    Args:
        description: full sentences: meaning, and what null means where it may be null.
        key: part of the table's key.
        prefix: of an id: the letters before the 16 hex digits ("art" for art_0123456789abcdef).
        nullable: whether null is a value.
        codes: the closed list that holds the values (schemas/vocab/<codes>.toml); of a list column, its members.
        references: "table.column" whose values these are.
        span: the columns with the start and the end of this text in the article's text.
        public: False where a public release leaves the column out.
        unit: of a number.
        pattern: regular expression for a text.
        at_least: smallest number allowed.
        at_most: largest number allowed.
        blank: whether the empty text is a value; elsewhere a text without a value is null.

    Raises:
        ValueError: the description is no sentence, or does not say what null means in a column that may be null.
    """
    if not description[:1].isupper() or not description.endswith("."):
        raise ValueError(f"a column needs a description in full sentences, not {description!r}")
    if nullable and "null" not in description.casefold():
        raise ValueError(
            f"the description of a nullable column says what null means; this one does not: {description!r}"
        )
    return Field(
        nullable=nullable,
        description=description,
        metadata={
            "nullable": nullable,
            "key": key,
            "prefix": prefix,
            "codes": codes,
            "references": references,
            "span": span,
            "public": public,
            "unit": unit,
            "pattern": rf"^{prefix}_{ID_DIGITS}$" if prefix else pattern,
            "at_least": at_least,
            "at_most": at_most,
            "blank": blank,
        },
    )
