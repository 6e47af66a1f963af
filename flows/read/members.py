"""What all archives share: a member is a file of its own, `archive.zip!folder/member`, unless its name is unsafe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from flows.model import Reject
from flows.read.inputs import InputFile
from flows.read.rejects import Piece, UnreadableError, to_reject

MARK: Final = "!"  # between an archive and its member, as in jar:file.zip!/member and in many tools since
HIDDEN: Final = "__MACOSX"  # a folder that macOS adds to zip archives: no files of the user's
UNSAFE: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; its bytes are to be read before the next member is asked for."""

    file: InputFile
    chunks: Iterator[bytes]


def member_of(
    archive: InputFile, name: str, place: int, chunks: Callable[[], Iterator[bytes]], refused: str | None = None
) -> Iterator[Member | Reject]:
    """The member, the reject of one that is not safe, or nothing for a hidden file.

    Args:
        archive: the file that it is in.
        name: its path in the archive, as written there.
        place: where it begins in the archive.
        chunks: its bytes; asked for only if it is read.
        refused: why it cannot be read whatever its name, or None.
    """
    shown = name.encode("utf-8", "backslashreplace").decode()
    file = InputFile(f"{archive.uri}{MARK}{shown}", is_named=False, name=shown, fields=archive.fields)
    told = "its path leads out of the archive: rename it" if UNSAFE.search(name) else refused
    if told is not None:
        printable = UNSAFE.sub("?", shown) if not shown.isprintable() else shown
        error = UnreadableError("bad_archive", f"{printable[:200]}: {told}; the other members were read")
        yield to_reject(error, Piece(shown.encode(), place), archive.uri)
    elif not any(part.startswith(".") or part == HIDDEN for part in re.split(r"[\\/]", name) if part != "."):
        yield Member(file, chunks())
