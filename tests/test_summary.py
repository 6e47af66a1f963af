"""The report's Markdown shows values from outside as text, whatever they hold."""

import re

import pytest

from flows.summary import Report, escaped, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://example.org/pixel)",
    "a | b | c",
    "# heading\n\n- item",
    "`code` *bold* _it_",
    "https://example.org/track",
    "\x1b[31mred\x1b[0m",
    "\u202eright to left",
    "---\ntitle: x",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_escaped_is_one_inert_line(value):
    line = escaped(value)
    assert line.isprintable()
    assert "<" not in line
    assert not re.search(r"(?<!\\)[\[\]()|`*_#!:]", line)


def test_escaped_keeps_plain_words():
    assert escaped("Ministerio de Relaciones Exteriores") == "Ministerio de Relaciones Exteriores"


def test_markdown_has_the_books_and_every_table():
    report = Report(
        run_id="run_0",
        dataset="<b>data</b>",
        snapshot=3,
        documents_in=1234,
        accepted=1200,
        duplicate=20,
        rejected=4,
        filtered=10,
        rows={"articles": 1200, "quotes": 5},
        reasons={"bad_json": 4},
        filters={"media_type": 10},
        seconds=1.0,
    )
    page = markdown(report)
    assert "<b>" not in page
    for cell in (
        "| 1,234 |",
        "| articles | 1,200 |",
        "| quotes | 5 |",
        "| bad\\_json | 4 |",
        "| media\\_type | 10 |",
        "Snapshot 3",
    ):
        assert cell in page
    assert report.books() == {"documents_in": 1234, "accepted": 1200, "duplicate": 20, "rejected": 4, "filtered": 10}
