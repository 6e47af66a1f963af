"""The closed lists: schemas/vocab/*.toml read once and checked; codes with their descriptions come out."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "vocab"
CODEBOOK: Final = "event_types"
# What an entry may say beside its description, by list.
EXTRAS: Final[Mapping[str, Mapping[str, type]]] = {
    "cameo": {"type": str, "mode": str},
    "countries": {"alpha2": str},
    "filter_rules": {"remedy": str},
    "reject_reasons": {"stages": list, "remedy": str},
}
LIST_KEYS: Final = ("description", "source", "includes", "codes")
TYPE_KEYS: Final = ("code", "quad_class", "intensity", "cameo", "definition", "note", "mode")
MODE_KEYS: Final = ("intensity", "cameo", "definition", "note")


class VocabError(ValueError):
    """A vocab file breaks its format; the message names the file and the key."""


def names() -> list[str]:
    """The closed lists in alphabetical order; `modes` is made of the modes of event_types."""
    return sorted([*(path.stem for path in FOLDER.glob("*.toml")), "modes"])


@cache
def codes(name: str) -> dict[str, str]:
    """The codes of a closed list with their descriptions, in the order of the file.

    Raises:
        VocabError: there is no such list, or its file breaks the format.
    """
    if name == CODEBOOK:
        return {row["type"]: row["definition"] for row in event_types() if row["mode"] is None}
    if name == "modes":
        found: dict[str, list[str]] = {}
        for row in event_types():
            if row["mode"] is not None:
                found.setdefault(row["mode"], []).append(f"{row['type']}: {row['definition']}")
        return {mode: " ".join(texts) for mode, texts in found.items()}
    return {code: entry["description"] for code, entry in entries(name).items()}


@cache
def description(name: str) -> str:
    """What a closed list is about, in a sentence."""
    if name == "modes":
        return "The modes of the event types; some modes belong to several types."
    return str(_read(name)["description"])


@cache
def entries(name: str) -> dict[str, dict[str, Any]]:
    """The codes of a list with all that its file says of them: `description`, and the keys of `EXTRAS`.

    Raises:
        VocabError: there is no such list, or its file breaks the format.
    """
    content = _read(name)
    file = f"{name}.toml"
    _only(content, LIST_KEYS, file)
    found: dict[str, dict[str, Any]] = {}
    for included in content.get("includes", []):
        found |= entries(included)
    for code, entry in content.get("codes", {}).items():
        where = f"{file}: {code}"
        if code in found:
            raise VocabError(f"{where}: is in an included list already")
        found[code] = _entry(entry, EXTRAS.get(name, {}), where)
    if not found:
        raise VocabError(f"{file}: codes: has no codes")
    return found


@cache
def event_types() -> tuple[dict[str, Any], ...]:
    """The codebook as rows of the table event_types: each type, then its modes.

    Raises:
        VocabError: the file breaks the format, or names an unknown CAMEO code.
    """
    content = _read(CODEBOOK)
    file = f"{CODEBOOK}.toml"
    _only(content, ("description", "source", "codebook", "version", "type"), file)
    shared = {"codebook": _need(content, "codebook", str, file), "version": _need(content, "version", str, file)}
    rows: list[dict[str, Any]] = []
    for number, entry in enumerate(content.get("type", []), 1):
        code = _need(entry, "code", str, f"{file}: type {number}")
        where = f"{file}: {code}"
        _only(entry, TYPE_KEYS, where)
        if any(row["type"] == code for row in rows):
            raise VocabError(f"{where}: is there twice")
        quad_class = _need(entry, "quad_class", int, where)
        if quad_class not in range(1, 5):
            raise VocabError(f"{where}: quad_class: must be 1, 2, 3 or 4, not {quad_class}")
        for mode, told in [(None, entry), *entry.get("mode", {}).items()]:
            place = f"{where}/{mode}" if mode else where
            if mode:
                _only(told, MODE_KEYS, place)
            rows.append({"type": code, "mode": mode, "quad_class": quad_class, **_scored(told, place), **shared})
    return tuple(rows)


def _scored(told: Mapping[str, Any], where: str) -> dict[str, Any]:
    cameo = _need(told, "cameo", str, where)
    if cameo not in entries("cameo"):
        raise VocabError(f"{where}: cameo: {cameo!r} is no code of cameo.toml")
    return {
        "intensity": _need(told, "intensity", float, where),
        "cameo_code": cameo,
        "definition": _need(told, "definition", str, where),
        "note": told.get("note"),
    }


def _entry(entry: object, extras: Mapping[str, type], where: str) -> dict[str, Any]:
    told = {"description": entry} if isinstance(entry, str) else entry
    if not isinstance(told, dict):
        raise VocabError(f"{where}: must be a description or a table, not {entry!r}")
    _only(told, ("description", *extras), where)
    for key, kind in extras.items():
        if key in told:
            _need(told, key, kind, where)
    return {"description": _need(told, "description", str, where), **{key: told.get(key) for key in extras}}


def _read(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise VocabError(f"no closed list {name!r}; there are {', '.join(names())}") from error
    except tomllib.TOMLDecodeError as error:
        raise VocabError(f"{path.name}: {error}") from error
    _need(content, "description", str, path.name)
    return content


def _need(table: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    value = table.get(key)
    if type(value) is not kind or value in ("", []):
        raise VocabError(f"{where}: {key}: must be a {kind.__name__}, not {value!r}")
    return value


def _only(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise VocabError(f"{where}: {key}: is no key here; there are {', '.join(known)}")
