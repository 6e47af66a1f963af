"""The settings of a run: defaults, what `NEWSEVENTS_*` variables change, and a hash of what decides the rows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import msgspec

from flows.ids import sha256_hex

PACKAGE: Final = "newsevents"
PREFIX: Final = "NEWSEVENTS_"
TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"0", "false", "no", "off"})


class SettingError(ValueError):
    """A setting with a value that it cannot have."""


def setting(default: Any, description: str, *, decides_rows: bool, least: int = 0, most: int | None = None) -> Any:
    """Declare a setting.

    Args:
        default: its value unless somebody says otherwise; its type is the type of the setting.
        description: what it does, in full sentences.
        decides_rows: whether the rows of a dataset depend on it, so that the hash must.
        least: smallest number allowed.
        most: largest number allowed.
    """
    metadata = {"description": description, "decides_rows": decides_rows, "least": least, "most": most}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run can be told beside its inputs.

    Raises:
        SettingError: a number is out of its limits.
    """

    batch_size: int = setting(
        500,
        "Documents that one task takes: more of them need more memory, fewer of them more time.",
        decides_rows=False,
        least=1,
        most=1000,
    )
    workers: int = setting(
        0,
        "Processes that extract at the same time. 0 is one per core.",
        decides_rows=False,
        most=256,
    )
    document_seconds: int = setting(
        20,
        "Seconds of the processor that one document may take to be read, and again to be extracted from; a document "
        "that takes more is rejected. 0 is no limit.",
        decides_rows=False,
        most=86_400,
    )
    assume_publication_date: bool = setting(
        False,  # noqa: FBT003 - the default is the argument
        "Date a past-tense sentence without a date of its own by its publication, with a lower confidence.",
        decides_rows=True,
    )
    contact: str = setting(
        "",
        "Where to reach you, a page or a mail address: told to the sites that `watch` fetches from.",
        decides_rows=False,
    )
    request_pause: int = setting(
        1000,
        "Milliseconds between two requests to one host. robots.txt may ask for more.",
        decides_rows=False,
        most=60_000,
    )
    field_map: tuple[str, ...] = setting(
        (),
        "Which key of the input holds a field, where nobody can guess: text=contenido,title=titular.",
        decides_rows=True,
    )
    max_quote_length: int = setting(
        300,
        "Characters of a quote that a public release shows.",
        decides_rows=False,
        least=1,
    )

    def __post_init__(self) -> None:
        if not (self.contact.isascii() and self.contact.isprintable()):
            raise SettingError(f"contact is {self.contact!r}: give a page or a mail address in ASCII")
        for found in (found for found in fields(self) if isinstance(found.default, int)):
            value, least, most = getattr(self, found.name), found.metadata["least"], found.metadata["most"]
            if value < least or (most is not None and value > most):
                limits = f"at least {least}" if most is None else f"{least} to {most}"
                raise SettingError(f"{found.name} is {value}: give a number of {limits}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The defaults, with what the environment overrides: `NEWSEVENTS_BATCH_SIZE=200`.

        Raises:
            SettingError: a variable's value is of the wrong kind or out of its limits.
        """
        given = {found.name: environment.get(PREFIX + found.name.upper()) for found in fields(cls)}
        types = {found.name: type(found.default) for found in fields(cls)}
        return cls(**{name: _parsed(name, text, types[name]) for name, text in given.items() if text})

    def sha256(self) -> str:
        """SHA-256 of the settings that decide the rows, as JSON with sorted keys."""
        deciding = {found.name: getattr(self, found.name) for found in fields(self) if found.metadata["decides_rows"]}
        return sha256_hex(msgspec.json.encode(deciding, order="sorted"))

    def worker_count(self, batches: int) -> int:
        """How many processes to use for so many batches."""
        return max(1, min(batches, self.workers or os.cpu_count() or 1))


@cache
def pipeline_version() -> str:
    """The version of the installed package; "0" in a source tree that is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "0"


def _parsed(name: str, text: str, kind: type) -> Any:
    if kind is str:
        return text
    if kind is bool:
        if text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        raise SettingError(f"{PREFIX}{name.upper()} is {text!r}: give true or false")
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return int(text)
    except ValueError:
        raise SettingError(f"{PREFIX}{name.upper()} is {text!r}: give a whole number") from None
