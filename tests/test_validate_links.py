"""The split of a batch keeps it whole: references between tables, and spans that hold their words in the text."""

from __future__ import annotations

import pytest
import sample_rows
from sample_rows import ACCOUNT, AMBASSADOR, ARTICLE, MENTION, TEXT, arrow, batch, changed

from flows.ids import content_id
from flows.validate import validate


def told(result) -> list[tuple[str, str]]:
    return [(reject.table, reject.reason_code) for reject in result.rejects]


def test_a_merged_row_stays_alive_while_one_copy_is_good():
    actors = sample_rows.rows()["actors"]
    result = validate(batch(actors=[{**actors[0], "kind": "company"}, *actors]))
    assert told(result) == [("actors", "not_in_list")]


def test_all_that_belongs_to_a_rejected_article_goes_with_it():
    result = validate(changed("articles", language="Spanish"))
    assert told(result)[0] == ("sources", "orphaned")
    assert ("articles", "bad_value") in told(result)
    assert [name for name, table in result.tables.items() if table.num_rows] == [
        "events",
        "event_types",
        "rejects",
        "runs",
    ]
    lost = {
        "sources": 2, "articles": 1, "texts": 1, "segments": 2, "actors": 2, "actor_mentions": 2, "quotes": 1,
        "event_mentions": 1, "event_participants": 2,
    }  # fmt: skip
    assert {table: sum(name == table for name, _ in told(result)) for table in lost} == lost


def test_an_article_does_not_stay_without_its_text():
    result = validate(changed("texts", text=""))
    assert ("articles", "rejected_parent") in told(result)
    assert result.tables["articles"].num_rows == 0


def test_only_the_children_of_a_rejected_row_go_with_it():
    result = validate(changed("actors", 1, kind="company"))
    assert told(result) == [
        ("actors", "not_in_list"),
        ("actor_mentions", "rejected_parent"),
        ("event_participants", "rejected_parent"),
    ]
    assert result.rejects[1].reason == f"actor_mentions.actor_id refers to actors {AMBASSADOR}, which is rejected."
    assert result.tables["actor_mentions"].column("actor_mention_id").to_pylist() == [MENTION]
    assert result.tables["event_mentions"].num_rows == 1


def test_a_row_that_only_rejected_rows_refer_to_goes_with_them():
    result = validate(changed("segments", 1, language="Spanish"))
    assert told(result) == [("sources", "orphaned"), ("segments", "bad_value")]
    assert result.rejects[0].reason == f"sources {ACCOUNT}: all rows that refer to it are rejected."


def test_the_parts_of_an_event_go_with_its_report():
    result = validate(changed("event_mentions", realis="yes"))
    assert told(result) == [
        ("event_mentions", "not_in_list"),
        ("event_participants", "rejected_parent"),
        ("event_participants", "rejected_parent"),
    ]


def test_a_row_that_nobody_ever_referred_to_stays():
    """What is not referred to for another reason than a reject is for the stage that made it."""
    lonely = sample_rows.rows()["actors"][0] | {"actor_id": content_id("act", "lonely")}
    result = validate(
        changed("event_mentions", realis="yes") | {"actors": arrow("actors", [*sample_rows.rows()["actors"], lonely])}
    )
    assert lonely["actor_id"] in result.tables["actors"].column("actor_id").to_pylist()


@pytest.mark.parametrize(
    ("table", "column", "missing"),
    [
        ("articles", "source_id", "src"),
        ("segments", "source_id", "src"),
        ("actor_mentions", "actor_id", "act"),
        ("quotes", "speaker_actor_id", "act"),
        ("quotes", "source_id", "src"),
        ("event_mentions", "quote_id", "quo"),
        ("event_participants", "actor_mention_id", "men"),
        ("event_participants", "event_mention_id", "evm"),
    ],
)
def test_a_row_whose_parent_is_not_there_is_rejected(table, column, missing):
    number = 1 if table == "segments" else 0
    gone = content_id(missing, "gone")
    result = validate(changed(table, number, **{column: gone}))
    (reject,) = [reject for reject in result.rejects if reject.reason_code == "missing_parent"]
    assert reject.table == table
    assert reject.reason == f"{table}.{column} refers to {TABLES_OF[missing]} {gone}, which is not in the batch."


TABLES_OF = {
    "src": "sources",
    "act": "actors",
    "quo": "quotes",
    "men": "actor_mentions",
    "evm": "event_mentions",
}


def test_references_are_not_asked_for_where_the_parents_are_elsewhere():
    tables = sample_rows.tables()
    assert validate({name: tables[name] for name in ("quotes", "actor_mentions")}).rejects == []


def test_what_the_commit_makes_is_not_asked_for():
    """A batch has no events: the commit makes them of all reports."""
    assert validate(batch(events=[])).rejects == []


def test_the_original_of_a_duplicate_may_stand_in_an_earlier_batch():
    earlier = content_id("art", "earlier")
    assert validate(changed("articles", duplicate_of=earlier, duplicate_kind="near")).rejects == []


def test_the_duplicate_of_a_rejected_article_is_rejected():
    rows = sample_rows.rows()
    other = content_id("art", "other")
    copy = {**rows["articles"][0], "article_id": other, "duplicate_of": ARTICLE, "duplicate_kind": "exact"}
    rows["articles"][0]["language"] = "Spanish"
    texts = [*rows["texts"], {"article_id": other, "text": TEXT}]
    result = validate(batch(articles=[*rows["articles"], copy], texts=texts))
    assert {(r.table, r.reason_code) for r in result.rejects} >= {
        ("articles", "bad_value"),
        ("articles", "rejected_parent"),
    }
    assert result.tables["articles"].num_rows == 0


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("actor_mentions", {"surface": "Eva Ruiz Solís"}),
        ("actor_mentions", {"char_start": 13, "char_end": 27}),
        ("quotes", {"text": "El diálogo sigue 🕊️ cerrado"[:27]}),
        ("quotes", {"speaker_start": len(TEXT) - 2, "speaker_end": len(TEXT) + 2}),
        ("event_mentions", {"trigger": "HABLÓ ayer por teléfono"}),
        ("event_mentions", {"char_end": len(TEXT) + 1}),
        ("segments", {"char_end": len(TEXT) + 1}),
    ],
)
def test_a_span_that_does_not_hold_the_words_is_found(table, columns):
    result = validate(changed(table, **columns))
    assert told(result)[[name for name, _ in told(result)].index(table)] == (table, "wrong_span")


def test_a_wrong_span_says_what_the_text_has_there():
    (reject,) = [
        r
        for r in validate(changed("actor_mentions", surface="Eva Ruiz Solís")).rejects
        if r.reason_code == "wrong_span"
    ]
    assert reject.reason == (
        "actor_mentions.char_start+char_end+surface breaks span: the text must hold the words there. "
        "Found char_start=12, char_end=26, surface='Eva Ruiz Solís', the text there='Ana Ruiz Solís'."
    )


def test_spans_count_code_points_not_graphemes_or_bytes():
    # A family of five code points, a combining accent, a letter outside the BMP.
    text = "\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301\U0001d518 fin"
    start = text.index("fin")
    rows = sample_rows.rows()
    rows["texts"] = [{"article_id": ARTICLE, "text": text}]
    mention = rows["actor_mentions"][0] | {"surface": "fin", "char_start": start, "char_end": start + 3}
    tables = {name: arrow(name, rows[name]) for name in ("texts", "actors")}
    assert validate(tables | {"actor_mentions": arrow("actor_mentions", [mention])}).rejects == []
    off = mention | {"char_start": start - 1, "char_end": start + 2}
    assert ("actor_mentions", "wrong_span") in told(
        validate(tables | {"actor_mentions": arrow("actor_mentions", [off])})
    )
