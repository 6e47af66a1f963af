"""What a row is: the tables in writing order, their columns, and the ids that lead to them.

The models load when one is asked for first: Pandera and polars take a third of a second, and whoever only reads the
closed lists (`schemas.vocab`) has no use for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas.base import Table
    from schemas.column import Column
    from schemas.tables import PREFIXES, RELEASE_TABLES, TABLES, columns, model

__all__ = ["PREFIXES", "RELEASE_TABLES", "TABLES", "Column", "Table", "columns", "model"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("schemas.tables"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
