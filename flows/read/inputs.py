"""Inputs as a user names them (files, folders, globs, addresses, `-`) -> the files to read, sorted, each once."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from flows.read.input_file import InputError, InputFile
from flows.read.remote import is_address, remote_files

__all__ = ["InputError", "InputFile", "discover"]

STANDARD_INPUT: Final = "-"


def discover(inputs: Sequence[str | Path]) -> list[InputFile]:
    """The files behind the inputs, sorted by uri, each once.

    A folder gives every file below it except hidden ones (a name that starts with a dot, also of a folder).

    Raises:
        InputError: a path that does not exist, a glob that matches nothing, a folder without files.
    """
    if not inputs:
        raise InputError("no input: name files, folders, globs, or - for standard input")
    found: dict[str, InputFile] = {}
    for given in inputs:
        for file in _files(str(given)):
            known = found.get(file.uri)
            if known is None or file.is_named:
                found[file.uri] = file
    return sorted(found.values())


def _files(given: str) -> Iterator[InputFile]:
    if given == STANDARD_INPUT:
        yield InputFile(STANDARD_INPUT)
        return
    if is_address(given):
        yield from remote_files(given)
        return
    path = Path(given).expanduser()
    if path.is_dir():
        yield from _folder(path)
    elif path.exists():
        yield _input_file(path, is_named=True)
    elif glob.has_magic(given):
        yield from _matches(str(path))
    else:
        raise InputError(f"no such file or folder: {given} (check the path, or quote a glob)")


def _folder(folder: Path) -> Iterator[InputFile]:
    files = [path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder))]
    if not files:
        raise InputError(
            f"no files in the folder {folder}: put articles there (.txt, .jsonl, .csv, .parquet, .html, .zip ...)"
        )
    for path in files:
        yield _input_file(path, is_named=False)


def _matches(pattern: str) -> Iterator[InputFile]:
    paths = [Path(match) for match in glob.glob(pattern, recursive=True)]  # noqa: PTH207 - absolute patterns too
    files = [path for path in paths if path.is_file()]
    # "**" matches folders and their files alike: folders count only where they are all that matched
    if not files and not any(path.is_dir() for path in paths):
        raise InputError(f"nothing matches the glob {pattern} (** reaches into folders, hidden files are left out)")
    for path in files:
        yield _input_file(path, is_named="**" not in pattern)
    if not files:
        for path in paths:
            yield from _folder(path)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _input_file(path: Path, *, is_named: bool) -> InputFile:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - without following links: the name given is the name reported
    here = Path.cwd()
    uri = whole.relative_to(here) if whole.is_relative_to(here) else whole
    return InputFile(uri.as_posix(), path, is_named)
