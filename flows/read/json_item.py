"""A JSON object of somebody else's making -> its values, each only where it has the expected type."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from flows.read.rejects import UnreadableError

Values = Mapping[str, Any]


def keyed(*patterns: bytes) -> re.Pattern[bytes]:
    """The beginning of JSON in which each pattern soon stands where a key may."""
    return re.compile(rb"\A(?=[\[{])" + b"".join(rb"(?=.{0,4000}?\"" + key + rb")" for key in patterns), re.DOTALL)


def parsed(data: bytes) -> Values:
    """The object in the bytes.

    Raises:
        UnreadableError: `bad_json`, `bad_encoding`, `nesting`.
    """
    try:
        values = msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except UnicodeDecodeError as error:
        raise UnreadableError("bad_encoding", f"no UTF-8: {error.reason} at byte {error.start}: send UTF-8") from None
    except RecursionError:
        raise UnreadableError("nesting", "nested too deep to be read") from None
    except msgspec.DecodeError as error:
        raise UnreadableError("bad_json", f"no JSON: {error}") from None
    if not isinstance(values, dict):
        raise UnreadableError("bad_json", "a JSON object is expected")
    return values


def text(values: Values, key: str) -> str | None:
    """The text under a key."""
    value = values.get(key)
    return value if isinstance(value, str) and value.strip() else None


def identity(values: Values, key: str) -> str | None:
    """The text under a key, which may be a number."""
    value = values.get(key)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(values, key)


def objects(values: Values, key: str) -> list[Values]:
    """The objects in the list under a key, or the one that stands there without a list."""
    value = values.get(key)
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)]


def texts(values: Values, key: str) -> list[str]:
    """The texts in the list under a key, or the one that stands there without a list."""
    value = values.get(key)
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, str) and item.strip()]
