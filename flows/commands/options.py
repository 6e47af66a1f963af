"""The options that several commands share, and the errors that end a command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

DATASET: Final = Path("data/dataset")

Dataset = Annotated[Path, Parameter(name=["--dataset", "-d"], help="Folder of the dataset.")]
AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON, for programs.")]


class UsageError(Exception):
    """What was asked cannot be done whatever the state of things: exit status 2."""


class FailedError(Exception):
    """The work was not done; the message says what to do: exit status 1."""
