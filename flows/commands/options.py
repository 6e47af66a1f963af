"""The options that several commands share, and the errors that end a command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

DATASET: Final = Path("data/dataset")

Dataset = Annotated[Path, Parameter(name=["--dataset", "-d"], help="Folder of the dataset.")]


def _is_value(_: object, value: object) -> None:
    """Refuse what is meant as an option; cyclopts would refuse a lone - too, so it is told to let all of them in."""
    for found in value if isinstance(value, tuple) else (value,):
        if isinstance(found, str) and found.startswith("-") and found != "-":
            raise ValueError(f"there is no option {found}")


# For a place on the command line where - means standard input.
MAY_BE_DASH: Final = Parameter(allow_leading_hyphen=True, validator=_is_value)
FieldMapping = Annotated[
    tuple[str, ...],
    Parameter(
        name=["--map", "-m"],
        negative=(),
        help="Which key or column holds a field: --map text=contenido; a dot reaches into an object.",
    ),
]
AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON, for programs.")]


class UsageError(Exception):
    """What was asked cannot be done whatever the state of things: exit status 2."""


class FailedError(Exception):
    """The work was not done; the message says what to do: exit status 1."""
