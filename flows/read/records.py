"""A record of keys and values, from whatever format, -> a document: its fields, and every other key as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from flows.model import Document
from flows.read import html, text
from flows.read.fields import NO_MAP, FieldMap, Fields, Path_, folded, plan, told, value_at
from flows.read.limits import LIMITS, Limits
from flows.read.page.metadata import split_names
from flows.read.rejects import Piece, UnreadableError

# a text under somebody else's name that is a page, or a part of one
MARKUP: Final = re.compile(
    r"<(?:!doctype|html|body|article|section|div|p|br|h[1-6]|ul|figure|blockquote)\b[^<>]{0,500}>", re.IGNORECASE
)
BEGINNING: Final = 2_000  # characters in which markup shows
NAME_KEYS: Final = ("name", "title", "full_name", "label")  # of an author or a publisher that is an object
LONGEST_LIST: Final = 2_000  # characters of a list of authors written as text


def to_document(
    values: Mapping[str, Any],
    piece: Piece,
    input_uri: str,
    input_format: str,
    *,
    fields: FieldMap = NO_MAP,
    limits: Limits = LIMITS,
) -> Document:
    """The document that a record tells of.

    Raises:
        UnreadableError: `bad_record` for a field of the wrong type, or where neither text nor page is there; and what
            the text or the page is refused for.
    """
    found, used = _found(values, fields)
    document = Document(
        text=found.text or "",
        input_uri=input_uri,
        input_format=input_format,
        byte_offset=piece.byte_offset,
        doc_id=None if found.id is None else str(found.id),
        title=found.title or None,
        url=found.url or None,
        published_at=found.published_at or None,
        language=found.language or None,
        authors=_authors(found.authors),
        source=found.source or None,
        extra=_rest(values, used),
    )
    if not document.text and found.html:
        return html.completed(document, found.html, limits)
    if found.text is None:
        raise UnreadableError("bad_record", _missing([*values], fields))
    text.checked(document.text)
    return document


def _missing(keys: list[str], fields: FieldMap) -> str:
    """Why a record has no text: what should hold it holds nothing, or nothing is known to."""
    planned = plan(keys, fields)
    names = [".".join(place.path) for field in ("text", "html") for place in planned[field]]
    if names:
        return f"there is no text under {', '.join(names)}"
    return f"the object has neither `text` nor `html`; {told(keys, 'key')}"


def _found(values: Mapping[str, Any], fields: FieldMap) -> tuple[Fields, set[Path_]]:
    """The fields of a record, and the paths that are used up by them."""
    chosen: dict[str, Any] = {}
    used: set[Path_] = set()
    planned = plan([*values], fields)
    has_page = any(value_at(values, place.path) for place in planned["html"] if not place.is_guess)
    for field, places in planned.items():
        for place in places:
            if place.is_guess and field == "text" and has_page:
                break  # `html` is the article; what is called `content` beside it may be its summary
            value = value_at(values, place.path)
            is_right = _is_right(field, value)
            found = value if is_right and place.path == (field,) else _fitting(field, value)
            if not place.is_guess:
                chosen.setdefault(field, value)  # even if it is wrong: it is told, unless there is a better one
            if (is_right and found) or (not place.is_guess and (is_right or value is None)):
                used.add(place.path)
            if found:
                chosen[field] = found
                if place.is_guess and field == "text" and _is_markup(found):
                    chosen["html"] = chosen.pop("text")
                break
    return _checked(chosen), used


def _is_right(field: str, value: Any) -> bool:
    """Whether a value is of the field's own type, so that nothing is lost when it is used up."""
    if isinstance(value, list):
        return field == "authors" and all(isinstance(found, str) for found in value)
    return isinstance(value, (str, int) if field == "id" else str) and not isinstance(value, bool)


def _rest(values: Mapping[str, Any], used: Collection[Path_]) -> dict[str, Any]:
    """What is left of a record without the values at some paths, also within its objects."""
    rest: dict[str, Any] = {}
    for key, value in values.items():
        if (key,) in used:
            continue
        inside = {path[1:] for path in used if path[0] == key}
        if inside and isinstance(value, dict):
            left = _rest({folded(name) if (folded(name),) in inside else name: v for name, v in value.items()}, inside)
            if left:
                rest[key] = left
        else:
            rest[key] = value
    return rest


def _checked(chosen: dict[str, Any]) -> Fields:
    try:
        return msgspec.convert(chosen, Fields)
    except msgspec.ValidationError as error:
        raise UnreadableError("bad_record", str(error)) from None


def _fitting(field: str, value: Any) -> Any:
    """What a value that was not written for us says of a field; None where it says nothing."""
    match value:
        case bool() | None:
            return None
        case str():
            return _names(value) if field == "authors" else value if value.strip() else None
        case int() | float() if field in ("id", "published_at"):
            return str(value)
        case list() if field == "authors":
            names = [_name(found) for found in value]
            return names if all(names) else None
        case list() if field == "text" and all(isinstance(found, str) for found in value):
            return "\n\n".join(value)
        case dict() if field in ("authors", "source"):
            name = _name(value)
            return [name] if name and field == "authors" else name
    return None


def _name(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next((value[key] for key in NAME_KEYS if isinstance(value.get(key), str)), None)
    return value if isinstance(value, str) else None


def _names(line: str) -> list[str]:
    """The names in a byline, or in a list that was written as text."""
    if line.startswith("[") and len(line) <= LONGEST_LIST:
        try:
            listed = ast.literal_eval(line)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return [found for found in listed if isinstance(found, str)]
    return list(split_names(line))


def _is_markup(found: str) -> bool:
    return MARKUP.search(found, 0, BEGINNING) is not None


def _authors(given: str | list[str] | None) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given or []
    return tuple(name.strip() for name in names if name.strip())
