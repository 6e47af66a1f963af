"""The views in a real DuckDB file: their rows, their comments, and the edition without texts."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import sample_rows
from sample_rows import ACCOUNT, AMBASSADOR, ARTICLE, EVENT, MENTION, MINISTER, QUOTE, REPORT, TEXT

from flows.ids import content_id
from schemas import TABLES, columns
from schemas.arrow import arrow_schema
from schemas.comments import comments
from schemas.sql import identifier, literal
from schemas.views import create_views, views

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def database(tmp_path):
    """Builds a file of the given rows, with the views, and opens it for reading."""
    opened = []

    def build(rows: Rows, *, public: bool = False) -> duckdb.DuckDBPyConnection:
        path = tmp_path / f"{len(opened)}.duckdb"
        with duckdb.connect(str(path)) as con:
            for name, content in rows.items():
                schema = arrow_schema(name)
                if public:
                    schema = pa.schema([schema.field(c.name) for c in columns(name) if c.public])
                con.register("given", pa.Table.from_pylist(content, schema=schema))
                con.execute(f"CREATE TABLE {identifier(name)} AS FROM given")
                con.unregister("given")
            create_views(con, public=public)
            comments(con, public=public)
        opened.append(duckdb.connect(str(path), read_only=True))
        return opened[-1]

    yield build
    for con in opened:
        con.close()


def fetch(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = con.execute(sql)
    names = [told[0] for told in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_an_utterance_joins_its_parts(database):
    rows = sample_rows.rows()
    first = rows["quotes"][0]
    start = first["char_end"] + 1
    rows["quotes"].append(
        first | {"quote_id": content_id("quo", "part"), "char_start": start, "char_end": start + 1, "text": TEXT[start]}
    )
    (row,) = fetch(database(rows), "SELECT utterance, parts, speaker, char_start, char_end FROM utterances")
    assert row == {
        "utterance": f"{first['text']} … {TEXT[start]}",
        "parts": 2,
        "speaker": "Ana Ruiz Solís",
        "char_start": first["char_start"],
        "char_end": start + 1,
    }


def test_a_quote_has_its_speaker_role_and_article(database):
    (row,) = fetch(database(sample_rows.rows()), "FROM quotes_with_speakers")
    assert row == {
        "quote": "El diálogo sigue 🕊️ abierto",
        "speaker": "Ana Ruiz Solís",
        "speaker_kind": "person",
        "speaker_country_code": "PER",
        "speaker_sector_code": "GOV",
        "speaker_role_text": "La ministra",
        "speaker_surface": "Ruiz",
        "cue": "dijo",
        "kind": "direct",
        "stance_code": "neutral",
        "language": "es",
        "said_date": date(2024, 3, 4),
        "account": None,
        "title": "Llamada",
        "url": "https://eldiario.example/1",
        "published_date": date(2024, 3, 4),
        "outlet": "El Diario",
        "article_id": ARTICLE,
        "is_copy": False,
        "confidence": 0.9,
        "quote_id": QUOTE,
        "speaker_actor_id": MINISTER,
    }


def test_a_quote_without_speaker_and_a_post_stay_in_the_view(database):
    rows = sample_rows.rows()
    start = TEXT.index("Gracias")
    rows["quotes"].append(
        rows["quotes"][0]
        | {
            "quote_id": content_id("quo", "post"), "kind": "post", "text": "Gracias", "char_start": start,
            "char_end": start + 7, "speaker_actor_id": None, "source_id": ACCOUNT, "speaker_surface": None,
        }
    )  # fmt: skip
    rows["articles"][0]["source_id"] = None
    first, post = fetch(database(rows), "FROM quotes_with_speakers")
    assert (first["speaker"], first["outlet"]) == ("Ana Ruiz Solís", None)
    assert (post["quote"], post["speaker"], post["speaker_role_text"], post["account"]) == (
        "Gracias",
        None,
        None,
        "canci_xx",
    )


def test_the_first_role_printed_for_the_speaker_is_shown(database):
    rows = sample_rows.rows()
    first = rows["actor_mentions"][0]
    rows["actor_mentions"] = [
        first | {"actor_mention_id": content_id("men", "3"), "char_start": 90, "role_text": "la diplomática"},
        first | {"actor_mention_id": content_id("men", "4"), "char_start": 5, "role_text": None},
        first,
        first
        | {"actor_mention_id": content_id("men", "5"), "actor_id": AMBASSADOR, "char_start": 1, "role_text": "él"},
    ]
    (row,) = fetch(database(rows), "FROM quotes_with_speakers")
    assert row["speaker_role_text"] == "La ministra"


def test_an_event_report_has_its_parties_and_its_sentence(database):
    (row,) = fetch(database(sample_rows.rows()), "FROM event_reports")
    assert row["evidence"] == "La ministra Ana Ruiz Solís habló ayer por teléfono con el embajador Tom Hill en Lima."
    assert (row["actors"], row["actor_countries"]) == (["Ana Ruiz Solís", "Tom Hill"], ["PER", "USA"])
    assert (row["recipients"], row["recipient_countries"]) == ([], [])
    assert (row["type"], row["mode"], row["cameo_code"], row["quad_class"]) == ("CONSULT", "phone", "041", 1)
    assert (row["date_start"], row["date_expression"], row["place_name"]) == (date(2024, 3, 3), "ayer", "Lima")
    assert (row["outlet"], row["event_mention_id"], row["event_id"]) == ("El Diario", REPORT, EVENT)


def test_the_evidence_counts_code_points(database):
    # Outside the BMP, a family of five code points joined to one sign, an accent that combines, a flag of two.
    before = "\U0001d518 \U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301 \U0001f1f2\U0001f1fd "
    rows = sample_rows.rows()
    rows["texts"][0]["text"] = f"{before}Cayó la nieve\u0301 \U0001f328\ufe0f hoy. Fin."
    rows["event_mentions"][0] |= {"char_start": len(before), "char_end": len(before) + 21}
    (row,) = fetch(database(rows), "SELECT evidence FROM event_reports")
    assert row["evidence"] == rows["texts"][0]["text"][len(before) : len(before) + 21]
    assert row["evidence"].startswith("Cayó la nieve\u0301 \U0001f328\ufe0f ho")


def test_every_span_of_the_sample_is_what_duckdb_cuts_out(database):
    con = database(sample_rows.rows())
    for name, table in TABLES.items():
        for span in table.spans():
            if span.words:
                cut = f"substr(t.text, x.{span.start} + 1, x.{span.end} - x.{span.start})"
                sql = f"SELECT {cut}, x.{span.words} FROM {name} x JOIN texts t USING (article_id)"  # noqa: S608 - ours
                rows = con.execute(sql).fetchall()
                assert rows
                assert all(found == words for found, words in rows)


def test_countries_stand_in_the_order_of_their_names(database):
    rows = sample_rows.rows()
    rows["actors"] = [
        {**rows["actors"][0], "actor_id": content_id("act", name), "name": name, "country_code": code}
        for name, code in [("Zoe", "ZWE"), ("Abel", None), ("Mia", "MEX")]
    ]
    rows["event_participants"] = [
        {"event_mention_id": REPORT, "actor_id": actor["actor_id"], "actor_mention_id": MENTION, "role": role}
        for actor in rows["actors"]
        for role in ("actor", "recipient")
    ]
    (row,) = fetch(database(rows), "FROM event_reports")
    assert row["actors"] == row["recipients"] == ["Abel", "Mia", "Zoe"]
    assert row["actor_countries"] == row["recipient_countries"] == [None, "MEX", "ZWE"]


def second_report() -> Rows:
    """The sample with a second, earlier article that reports the same event as future, by the same minister alone."""
    rows = sample_rows.rows()
    other, report = content_id("art", "other"), content_id("evm", "other")
    rows["articles"].append(
        rows["articles"][0]
        | {"article_id": other, "title": None, "url": "https://b.example/2", "published_date": date(2024, 3, 1)}
    )
    rows["texts"].append({"article_id": other, "text": TEXT})
    rows["event_mentions"].append(
        rows["event_mentions"][0] | {"article_id": other, "event_mention_id": report, "realis": "future"}
    )
    rows["event_participants"].append(rows["event_participants"][0] | {"event_mention_id": report})
    return rows


def test_the_timeline_has_a_row_per_happening(database):
    (row,) = fetch(database(second_report()), "FROM timeline")
    assert row["realis"] == ["actual", "future"]
    assert row["actors"] == ["Ana Ruiz Solís", "Tom Hill"]
    assert (row["title"], row["url"]) == (None, "https://b.example/2"), "both of the earliest article"


def test_the_timeline_is_in_order_and_leaves_out_what_has_no_date(database):
    rows = sample_rows.rows()
    for number, start in enumerate([date(2024, 5, 1), None, date(2023, 5, 1)]):
        event = content_id("evt", number)
        rows["events"].append(rows["events"][0] | {"event_id": event, "date_start": start, "date_end": start})
        rows["event_mentions"].append(
            rows["event_mentions"][0] | {"event_id": event, "event_mention_id": content_id("evm", number)}
        )
    found = fetch(database(rows), "FROM timeline")
    assert [row["date_start"] for row in found] == [date(2023, 5, 1), date(2024, 3, 3), date(2024, 5, 1)]


@pytest.mark.parametrize(
    ("mention", "link"),
    [
        ({}, "article"),
        ({"quote_id": QUOTE}, "quote"),
        ({"char_start": 80, "char_end": 100}, "sentence"),
        ({"char_start": 20, "char_end": TEXT.index("El diálogo")}, "article"),
    ],
)
def test_how_near_a_quote_stands_to_an_event(database, mention, link):
    rows = sample_rows.rows()
    rows["event_mentions"][0] |= mention
    (row,) = fetch(database(rows), "FROM who_spoke_about_what")
    assert (row["link"], row["speaker"], row["speaker_part"]) == (link, "Ana Ruiz Solís", "actor")
    assert (row["event_type"], row["event_mode"], row["event_date"]) == ("CONSULT", "phone", date(2024, 3, 3))


def test_only_known_speakers_spoke_and_part_is_their_own(database):
    rows = sample_rows.rows()
    rows["event_participants"] = rows["event_participants"][1:]
    (row,) = fetch(database(rows), "FROM who_spoke_about_what")
    assert row["speaker_part"] is None
    rows["quotes"][0]["speaker_actor_id"] = None
    assert fetch(database(rows), "FROM who_spoke_about_what") == []


def test_events_of_another_article_are_not_joined(database):
    found = fetch(database(second_report()), "SELECT article_id FROM who_spoke_about_what")
    assert found == [{"article_id": ARTICLE}]


def test_views_over_typed_empty_tables_work(database):
    con = database({name: [] for name in TABLES})
    for name in views():
        assert fetch(con, f"FROM {name}") == []


def test_the_public_edition_needs_no_texts(database):
    rows = sample_rows.rows()
    public = {name: rows[name] for name, table in TABLES.items() if table.is_public()}
    shown = [{"event_mention_id": REPORT, "evidence": "La ministra Ana Ruiz Solís habló ayer…"}]
    con = database(public | {"snippets": shown}, public=True)
    (row,) = fetch(con, "FROM event_reports")
    assert row["evidence"] == "La ministra Ana Ruiz Solís habló ayer…"
    for name in views():
        assert len(fetch(con, f"FROM {name}")) == {"country_day": 2, "copies": 0}.get(name, 1), name
    assert not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'texts'").fetchall()
    private = {c.name for table in public for c in columns(table) if not c.public}
    seen = {name for (name,) in con.execute("SELECT column_name FROM duckdb_columns()").fetchall()}
    assert private
    assert not private & seen


def test_a_report_without_a_snippet_stays(database):
    rows = sample_rows.rows()
    public = {name: rows[name] for name, table in TABLES.items() if table.is_public()}
    (row,) = fetch(database(public | {"snippets": []}, public=True), "FROM event_reports")
    assert row["evidence"] is None


@pytest.mark.parametrize("public", [False, True])
def test_public_and_private_views_have_the_same_columns(public):
    assert {name: list(view.columns) for name, view in views(public=public).items()} == {
        name: list(view.columns) for name, view in views().items()
    }


def test_every_table_view_and_column_is_commented(database):
    con = database(sample_rows.rows())
    said = dict(con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    said |= dict(con.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
    assert set(said) == set(TABLES) | set(views())
    assert all(comment.startswith("One row is ") for comment in said.values())
    told = con.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    assert [(table, column) for table, column, comment in told if not comment] == []
    assert {(table, column) for table, column, _ in told} == {
        *((name, c.name) for name in TABLES for c in columns(name)),
        *((name, column) for name, view in views().items() for column in view.columns),
    }
    assert {f"{t}.{c}": x for t, c, x in told}["quotes_with_speakers.said_date"].startswith("The day on which")


def test_comments_reach_tables_that_are_views(tmp_path):
    """A catalog shows Parquet parts as views: they are commented like tables."""
    con = duckdb.connect()
    for name in TABLES:
        con.register("given", arrow_schema(name).empty_table())
        con.execute(f"COPY (FROM given) TO {literal(str(tmp_path / name))} (FORMAT parquet)")
        con.execute(f"CREATE VIEW {identifier(name)} AS FROM read_parquet({literal(str(tmp_path / name))})")
        con.unregister("given")
    create_views(con)
    comments(con)
    said = dict(con.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
    assert said["quotes"].startswith("One row is ")
    (comment,) = con.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'quotes' AND column_name = 'cue'"
    ).fetchone()
    assert comment.startswith("The word that introduces")


def test_views_can_be_made_again():
    con = duckdb.connect()
    for name in TABLES:
        con.register("given", arrow_schema(name).empty_table())
        con.execute(f"CREATE TABLE {identifier(name)} AS FROM given")
        con.unregister("given")
    create_views(con)
    create_views(con)
    assert con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (len(views()),)


def test_other_tables_are_left_alone():
    con = duckdb.connect()
    con.execute("CREATE TABLE notes (a INTEGER)")
    comments(con)
    assert con.execute("SELECT comment FROM duckdb_tables()").fetchall() == [(None,)]


def test_names_and_texts_are_quoted():
    con = duckdb.connect()
    odd = "a\"b'; DROP TABLE x; --"
    con.execute(f"CREATE TABLE {identifier(odd)} AS SELECT {literal(odd)} AS {identifier(odd)}")
    assert con.sql(f"FROM {identifier(odd)}").select(identifier(odd)).fetchall() == [(odd,)]
