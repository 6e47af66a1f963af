"""Files that are whole or absent: fsync, rename, exclusive creation, and a lock that dies with its process."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows: no advisory locks; exclusive creation alone keeps commits apart there
    fcntl = None  # type: ignore[assignment]

TEMPORARY: Final = ".tmp-"  # the start of every name that is not data yet
NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS})


class FolderBusyError(OSError):
    """Another process holds the lock."""


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; a no-op where folders cannot be opened (Windows)."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def temporary(folder: Path, suffix: str = "") -> Iterator[Path]:
    """A new name in `folder` for something unfinished, removed at the end if it is still there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(6)}{suffix}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file, make it durable, and put it in the place of `path` in one step."""
    with temporary(path.parent, path.suffix) as unfinished:
        write(unfinished)
        sync_file(unfinished)
        unfinished.replace(path)
    sync_folder(path.parent)


def create_exclusively(path: Path, content: bytes) -> None:
    """Create `path` with `content`, whole and durable, or fail.

    A hard link of a finished file is the one creation that is both exclusive and whole; the temporary file is never
    used again, since writing to it would write to the published one.

    Raises:
        FileExistsError: `path` is there already; it is left as it was.
    """
    with temporary(path.parent, path.suffix) as unfinished:
        unfinished.write_bytes(content)
        sync_file(unfinished)
        try:
            os.link(unfinished, path)
        except OSError as error:
            if error.errno in NO_LINKS:
                raise OSError(
                    f"{path.parent}: this file system has no hard links, put the dataset on another"
                ) from None
            raise
    sync_folder(path.parent)


@contextmanager
def lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock file `path`; the system lets go of it when the process ends, however it ends.

    Raises:
        FolderBusyError: `wait` is false and another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderBusyError(f"{path.parent} is in use by another process") from None
        yield
