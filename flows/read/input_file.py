"""A file to read, wherever it is, and the error for one that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from flows.read.fields import NO_MAP, FieldMap


class InputError(Exception):
    """An input that cannot be read at all; the message is one line that says what to do."""


class Remote(Protocol):
    """A file that is elsewhere."""

    def chunks(self) -> AbstractContextManager[Iterator[bytes]]:
        """Its bytes, as they arrive."""

    def seekable(self) -> AbstractContextManager[BinaryIO] | None:
        """The same with every place of it at hand; None where it can only be read forward."""


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read: `uri` as reported in every row, `is_named` when the user named it and no folder gave it.

    Attributes:
        path: where it is on this machine.
        name: its own name, where the uri does not end with it: of a file in an archive, or behind an address.
        remote: where it is elsewhere. Without a path too it is standard input, or what is read is given.
        fields: the user's map of its keys.
    """

    uri: str
    path: Path | None = None
    is_named: bool = True
    name: str | None = None
    remote: Remote | None = field(default=None, compare=False)
    fields: FieldMap = field(default=NO_MAP, compare=False)
