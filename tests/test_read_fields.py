"""Whose key is whose: what is mapped, what is documented, what others are known to write, and what nobody can know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flows.model import Document, Reject
from flows.read import FieldMap, FieldMapError, parse_line
from flows.read.fields import FIELDS, folded, known_names

BODY = "The mayor said on Monday that the bridge will be open in spring."
PAGE = f"<div><p>{BODY}</p></div>"


def found(record: dict[str, Any], *pairs: str) -> Document | Reject:
    return parse_line(json.dumps(record).encode(), fields=FieldMap.parse(pairs))


def document(record: dict[str, Any], *pairs: str) -> Document:
    item = found(record, *pairs)
    assert isinstance(item, Document), item
    return item


def test_each_known_name_is_of_one_field_and_understood() -> None:
    names = [name for listed in known_names().values() for name in listed]
    assert len(names) == len(set(names))
    assert all(name == ".".join(map(folded, name.split("."))) or name.startswith("_") for name in names)
    values = {"authors": ["Ana Ruiz"], "published_at": "2025-03-01", "html": PAGE}
    attributes = {"id": "doc_id", "html": "text", "authors": "authors"}
    for field, listed in known_names().items():
        for name in listed:
            value: Any = values.get(field, BODY if field == "text" else "Value")
            for part in reversed(name.split(".")):
                value = {part: value}
            item = document({"text": BODY, **value} if field not in ("text", "html") else value)
            expected = {"html": BODY, "text": BODY, "authors": ("Ana Ruiz",), "published_at": "2025-03-01"}
            assert getattr(item, attributes.get(field, field)) == expected.get(field, "Value"), name


@pytest.mark.parametrize(
    "key", ["datePublished", "date_published", "Date Published", "DATE-PUBLISHED", "date.published"]
)
def test_case_and_signs_do_not_matter(key: str) -> None:
    assert document({"text": BODY, key: "2025-03-01"}).published_at == "2025-03-01"


def test_a_documented_key_comes_before_a_known_one_and_a_map_before_both() -> None:
    record = {"body": "Second.", "text": "First.", "headline": "H", "title": "T", "resumen": "Third."}
    item = document(record)
    assert (item.text, item.title, dict(item.extra)) == (
        "First.",
        "T",
        {"body": "Second.", "headline": "H", "resumen": "Third."},
    )
    item = document(record, "text=resumen")
    assert (item.text, item.extra["text"]) == ("Third.", "First.")
    assert document({"text": "First."}, "text=resumen").text == "First."  # of several files only some need the map


def test_known_names_are_taken_in_their_order_whatever_the_order_of_the_keys() -> None:
    record = {"content": "Content.", "body": "Body.", "maintext": "Main."}
    for keys in (sorted(record), sorted(record, reverse=True)):
        assert document({key: record[key] for key in keys}).text == "Main."
    assert document({"maintext": None, "body": "  ", "content": "Content."}).text == "Content."


def test_what_is_not_used_stays_in_extra() -> None:
    item = document({"body": BODY, "Headline": "H", "section": "world", "tags": ["a"], "author": ""})
    assert (item.title, dict(item.extra)) == ("H", {"section": "world", "tags": ["a"], "author": ""})


def test_a_page_under_a_name_for_texts_is_a_page() -> None:
    item = document({"content": {"rendered": PAGE, "protected": False}, "title": {"rendered": "T"}})
    assert (item.text, item.title, item.input_format) == (BODY, "T", "html")
    assert item.extra["content"] == {"protected": False}
    assert "<p>" in document({"text": PAGE}).text  # under the documented name it is what it says
    item = document({"html": PAGE, "content": "A summary."})
    assert (item.text, item.extra["content"]) == (BODY, "A summary.")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("By Ana Ruiz and Luis Paz", ("Ana Ruiz", "Luis Paz")),
        (["Ana Ruiz", "Luis Paz"], ("Ana Ruiz", "Luis Paz")),
        ([{"name": "Ana Ruiz"}, {"name": "Luis Paz", "url": "x"}], ("Ana Ruiz", "Luis Paz")),
        ({"name": "Ana Ruiz"}, ("Ana Ruiz",)),
        ("['Ana Ruiz', 'Luis Paz']", ("Ana Ruiz", "Luis Paz")),
        (17, ()),
    ],
)
def test_authors_come_in_many_shapes(author: object, names: tuple[str, ...]) -> None:
    assert document({"text": BODY, "author": author}).authors == names


def test_a_publisher_and_a_time_come_in_many_shapes() -> None:
    assert document({"text": BODY, "source": {"id": None, "name": "El Faro"}}).source == "El Faro"
    assert document({"text": BODY, "publisher": {"name": "El Faro"}}).source == "El Faro"
    assert document({"text": BODY, "published": 1740830400}).published_at == "1740830400"


def test_a_map_reaches_into_objects() -> None:
    record = {"data": {"cuerpo": BODY, "n": 1}, "meta.fecha": "2025-03-01", "titular": "T"}
    item = document(record, "text=data.cuerpo", "published_at=meta.fecha", "title=titular")
    assert (item.text, item.published_at, item.title) == (BODY, "2025-03-01", "T")
    assert dict(item.extra) == {"data": {"n": 1}}


@pytest.mark.parametrize("pair", ["text", "text=", "=body", "foo=body", "title=a title=b"])
def test_a_map_that_cannot_be_meant_is_one_line(pair: str) -> None:
    with pytest.raises(FieldMapError) as error:
        FieldMap.parse(pair.split())
    assert "\n" not in str(error.value)


def test_a_record_without_a_text_says_what_there_is_and_what_to_do() -> None:
    told = found({"resumen": "R", "cuerpo": BODY})
    assert isinstance(told, Reject)
    assert told.reason_code == "bad_record"
    assert "resumen, cuerpo" in told.reason
    assert "--map text=KEY" in told.reason
    empty = found({"body": None, "x": 1})
    assert isinstance(empty, Reject)
    assert "under body" in empty.reason
    many = found({f"key-{number}" * 20: 1 for number in range(5_000)})
    assert isinstance(many, Reject)
    assert len(many.reason) < 1_000


def test_a_mapped_value_of_the_wrong_type_is_told() -> None:
    told = found({"n": 5}, "text=n")
    assert isinstance(told, Reject)
    assert "`$.text`" in told.reason


def test_the_map_is_part_of_what_is_known_of_a_document() -> None:
    record = {"text": "First.", "resumen": "Third."}
    assert document(record).input_sha256 == document(record).input_sha256
    assert set(FIELDS) == set(known_names())
