"""Files, folders, globs and standard input -> raw documents, and a reject for whatever holds none.

Readers load when one is asked for first: pyarrow, and what unpacks archives, take a quarter of a second, and whoever
reads single lines of JSON has no use for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flows.read.candidate import Candidate
    from flows.read.fields import FieldMap, FieldMapError
    from flows.read.files import NO_DOCUMENT, candidates, read, read_file
    from flows.read.inputs import InputError, InputFile, discover
    from flows.read.jsonl import parse_line
    from flows.read.limits import LIMITS, Limits
    from flows.read.registry import READERS, Reader

__all__ = [
    "LIMITS",
    "NO_DOCUMENT",
    "READERS",
    "Candidate",
    "FieldMap",
    "FieldMapError",
    "InputError",
    "InputFile",
    "Limits",
    "Reader",
    "candidates",
    "discover",
    "parse_line",
    "read",
    "read_file",
]

MODULES: Final = {
    "candidate": ("Candidate",),
    "fields": ("FieldMap", "FieldMapError"),
    "files": ("NO_DOCUMENT", "candidates", "read", "read_file"),
    "inputs": ("InputError", "InputFile", "discover"),
    "jsonl": ("parse_line",),
    "limits": ("LIMITS", "Limits"),
    "registry": ("READERS", "Reader"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in MODULES.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"flows.read.{module}"), name)
