"""A compiled lexicon, kept in the user's cache folder and good for the files that it was compiled from alone.

It takes a sixth of the time to read it again. It is never needed: where it cannot be written, or read, or is not the
user's own, the lexicon is compiled anew.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, TypeVar

T = TypeVar("T")

NAME: Final = "newsevents"


def kept(name: str, sources: Iterable[Path], versions: str, make: Callable[[], T]) -> T:
    """What `make` gives, read from the cache if that holds what the same sources and versions gave before.

    Processes may do this at the same time: each writes a file of its own and puts it in place in one step.
    """
    digest = _digest(sources, versions)
    with _no_collection():
        with suppress(Exception):  # whatever may be wrong with the file, the sources are there
            found: T = _read(folder() / name, digest)
            return found
        made = make()
    with suppress(OSError, RuntimeError):
        _write(folder() / name, digest + pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    return made


def _read(path: Path, digest: bytes) -> Any:
    content = path.read_bytes()
    if not (content.startswith(digest) and _is_own(path)):
        raise ValueError("made of other sources, or by somebody else")
    return pickle.loads(content[len(digest) :])  # noqa: S301 - of the user's own making


def mark(folder: Path) -> str:
    """What tells apart what is kept of several installations."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:8]


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection while much is made (half of the time), and none of its objects looked at later."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def folder() -> Path:
    """Where the user's programs keep what they can make again.

    Raises:
        RuntimeError: the user has no home.
    """
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path("~/.cache").expanduser()) / NAME


def _digest(sources: Iterable[Path], versions: str) -> bytes:
    found = hashlib.sha256(f"{sys.version} {versions}".encode())
    for path in sorted(sources):
        found.update(f"\n{path}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.digest()


def _is_own(path: Path) -> bool:
    """Whether nobody else can have put the file there: what is read may run code."""
    if not hasattr(os, "getuid"):
        return True
    return path.stat().st_uid == path.parent.stat().st_uid == os.getuid()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as unfinished:
        unfinished.write(content)
    try:
        Path(unfinished.name).replace(path)
    except OSError:
        Path(unfinished.name).unlink(missing_ok=True)
        raise
