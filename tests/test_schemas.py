"""Every table is complete and explains itself, and every check of it catches the violation that is planted for it."""

from __future__ import annotations

from typing import Any

import pandera.polars as pandera
import planted
import polars as pl
import pyarrow as pa
import pytest
import sample_rows
from planted import MODELS

import schemas
from flows.ids import content_id
from schemas import RELEASE_TABLES, TABLES, vocab
from schemas.arrow import arrow_schema
from schemas.base import Table
from schemas.column import Text, column
from schemas.rules import Rule

VIOLATIONS = planted.violations()


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    made = pl.from_arrow(pa.Table.from_pylist(rows, schema=arrow_schema(table)))
    assert isinstance(made, pl.DataFrame)
    return made


def failures(model: type[Table], rows: pl.DataFrame) -> dict[str, list[int]]:
    """The rows that each check refuses, by the name of the check."""
    try:
        model.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as report:
        return {
            error.check if isinstance(error.check, str) else error.check.name: (~error.check_output.to_series())
            .arg_true()
            .to_list()
            for error in report.schema_errors
        }
    return {}


def test_tables_are_those_of_the_design_in_writing_order():
    assert list(TABLES) == [
        "sources", "articles", "texts", "fingerprints", "segments", "actors", "actor_mentions", "quotes",
        "event_mentions", "event_participants", "events", "event_types", "rejects", "runs",
    ]  # fmt: skip
    assert list(RELEASE_TABLES) == ["snippets"]


def test_merged_and_private_tables():
    assert [name for name, table in TABLES.items() if table.is_merged()] == [
        "sources",
        "actors",
        "events",
        "event_types",
    ]
    assert [name for name, table in TABLES.items() if not table.is_public()] == ["texts", "fingerprints", "rejects"]


def test_private_columns():
    private = {f"{name}.{c.name}" for name in TABLES for c in schemas.columns(name) if not c.public}
    assert private == {
        "articles.input_sha256", "articles.input_uri", "articles.extra",
        "texts.text", "rejects.input_uri", "rejects.payload",
    }  # fmt: skip


@pytest.mark.parametrize("table", MODELS)
def test_a_table_explains_itself(table):
    assert (MODELS[table].__doc__ or "").startswith("One row is ")
    for told in schemas.columns(table):
        assert told.description.endswith("."), told.name
        assert not told.description.startswith(told.name), told.name


@pytest.mark.parametrize("table", MODELS)
def test_the_order_is_total_and_the_key_exists(table):
    model = MODELS[table]
    assert model.key()
    assert set(model.key()) <= set(model.order()) <= {c.name for c in model.columns()}


@pytest.mark.parametrize("table", MODELS)
def test_references_lead_to_keys_with_the_same_prefix(table):
    for told in schemas.columns(table):
        if told.references:
            parent, name = told.references.split(".")
            target = {c.name: c for c in schemas.columns(parent)}[name]
            assert target.key
            assert target.prefix == told.prefix


def test_prefixes_lead_to_the_table_of_an_id():
    assert schemas.PREFIXES == {
        "src": "sources", "art": "articles", "act": "actors", "men": "actor_mentions", "quo": "quotes",
        "evm": "event_mentions", "evt": "events", "rej": "rejects", "run": "runs",
    }  # fmt: skip


def test_only_runs_holds_times_of_the_pipeline():
    times = {f"{name}.{c.name}" for name in TABLES for c in schemas.columns(name) if pa.types.is_timestamp(c.type)}
    assert times == {"articles.published_at", "events.first_reported_at", "runs.started_at", "runs.finished_at"}


def test_spans_are_pairs_of_offsets_with_their_words():
    found = {(name, s.start, s.end, s.words) for name, table in TABLES.items() for s in table.spans()}
    assert found == {
        ("segments", "char_start", "char_end", None),
        ("actor_mentions", "char_start", "char_end", "surface"),
        ("quotes", "char_start", "char_end", "text"),
        ("quotes", "speaker_start", "speaker_end", "speaker_surface"),
        ("event_mentions", "char_start", "char_end", None),
        ("event_mentions", "trigger_start", "trigger_end", "trigger"),
    }


def test_a_column_without_a_description_cannot_exist():
    for description in ("", "the id", "The id"):
        with pytest.raises(ValueError, match="description"):
            column(description)


def test_a_nullable_column_says_what_null_means():
    with pytest.raises(ValueError, match="what null means"):
        column("The title.", nullable=True)
    assert column("The title. Null where there is none.", nullable=True).nullable


def test_an_unknown_table_is_named_with_the_known_ones():
    with pytest.raises(KeyError, match=r"no table 'quote'.*quotes"):
        schemas.model("quote")


@pytest.mark.parametrize("table", MODELS)
def test_arrow_keeps_types_and_descriptions(table):
    schema = arrow_schema(table)
    empty = pl.from_arrow(schema.empty_table())
    MODELS[table].validate(empty)  # Pandera agrees with every derived type
    assert schema.metadata[b"description"].decode() == (MODELS[table].__doc__ or "").strip()
    for told, field in zip(schemas.columns(table), schema, strict=True):
        assert field.metadata[b"description"].decode() == told.description
        assert field.nullable == told.nullable


def test_types_follow_the_design():
    types = {f"{name}.{c.name}": str(c.type) for name in TABLES for c in schemas.columns(name)}
    assert types["quotes.char_start"] == "int32"
    assert types["articles.published_at"] == "timestamp[us]"
    assert types["articles.published_date"] == "date32[day]"
    assert types["articles.char_count"] == "int64"
    assert types["actors.aliases"] == "list<element: string>" or types["actors.aliases"] == "list<item: string>"


@pytest.mark.parametrize("table", MODELS)
def test_good_rows_pass(table):
    rows = frame(table, planted.good(table))
    assert failures(MODELS[table], rows) == {}
    MODELS[table].gate().validate(rows, lazy=True)


def test_every_check_has_a_planted_violation():
    for table, model in MODELS.items():
        checks = {rule.name for rule in model.rules()}
        schema = model.to_schema()
        seen = [*schema.checks, *(check for c in schema.columns.values() for check in c.checks)]
        assert {check.name for check in seen} == checks, f"{table}: Pandera runs other checks than the rules"
        missing = checks ^ {check for name, check, _ in VIOLATIONS if name == table and " " not in check}
        assert not missing, f"{table}: plant a violation in tests/planted.py for {', '.join(sorted(missing))}"


@pytest.mark.parametrize(("table", "check", "row"), VIOLATIONS, ids=[f"{t}-{c}" for t, c, _ in VIOLATIONS])
def test_a_planted_violation_is_caught_in_its_row(table, check, row):
    good = planted.good(table)
    number = len(good) if check == "unique_key" else 1  # of two rows with one key the second is the bad one
    rows = frame(table, [*good[:number], row, *good[number:]])
    found = failures(MODELS[table], rows)
    name = check.split()[-1].replace("not_null", "not_nullable")
    assert found.get(name) == [number]
    assert {bad for numbers in found.values() for bad in numbers} == {number}
    if not (MODELS[table].is_merged() and check == "unique_key"):
        with pytest.raises(pandera.errors.SchemaErrors):
            MODELS[table].gate().validate(rows, lazy=True)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("articles", {"utc_offset_minutes": -961, "published_date": None, "published_at": None}),
        ("articles", {"language_confidence": -0.01}),
        ("event_mentions", {"latitude": -90.01}),
        ("event_mentions", {"longitude": 180.01}),
        ("event_mentions", {"confidence": -0.5}),
        ("event_mentions", {"intensity": 10.5}),
        ("event_mentions", {"quad_class": 5}),
        ("event_types", {"quad_class": 0}),
        ("segments", {"language_confidence": 1.5}),
        ("quotes", {"confidence": -1.0}),
    ],
)
def test_the_other_limit_holds_too(table, change):
    name = f"{next(iter(change))}_within_limits"
    assert failures(MODELS[table], frame(table, [planted.bad(table, change)]))[name] == [0]


def test_null_members_of_lists_are_caught():
    actor = failures(MODELS["actors"], frame("actors", [planted.bad("actors", {"aliases": [None]})]))
    assert actor["aliases_not_empty"] == [0]
    report = failures(
        MODELS["event_mentions"], frame("event_mentions", [planted.bad("event_mentions", {"contexts": [None]})])
    )
    assert report["contexts_in_contexts"] == [0]


def test_what_the_design_allows_passes():
    """Rows at the edge: no mode, date or place, an unknown speaker, a publication of which only the day is known."""
    report = {
        "mode": None, "intensity": 2.5, "cameo_code": "040", "contexts": [], "date_start": None, "date_end": None,
        "date_granularity": None, "date_expression": "hace poco", "date_basis": "none", "place_name": None,
        "place_country_code": None, "latitude": None, "longitude": None, "place_basis": "statement",
    }  # fmt: skip
    quote = dict.fromkeys(["speaker_actor_id", "speaker_surface", "speaker_start", "speaker_end", "cue", "said_date"])
    article = {
        "published_at": None, "utc_offset_minutes": None, "language": "zh-cn", "authors": [], "source_id": None,
        "duplicate_of": ARTICLE_BEFORE, "duplicate_kind": "near", "duplicate_similarity": 0.62,
    }  # fmt: skip
    for table, change in (("event_mentions", report), ("quotes", quote), ("articles", article)):
        assert failures(MODELS[table], frame(table, [planted.bad(table, change)])) == {}


ARTICLE_BEFORE = content_id("art", "before")


def test_unknown_and_missing_columns_and_wrong_types_are_refused():
    rows = frame("texts", planted.good("texts"))
    for wrong in (rows.with_columns(a=1), rows.drop("text"), rows.with_columns(pl.col("text").cast(pl.Categorical))):
        with pytest.raises(pandera.errors.SchemaErrors):
            TABLES["texts"].validate(wrong, lazy=True)


def test_pandera_still_skips_the_checks_of_a_lazy_frame():
    """Why validate() works on frames: should this fail, Pandera has mended it."""
    broken = frame("texts", [planted.bad("texts", {"text": ""})])
    TABLES["texts"].validate(broken.lazy(), lazy=True)
    with pytest.raises(pandera.errors.SchemaErrors):
        TABLES["texts"].validate(broken, lazy=True)


def test_reasons_of_rules_are_reject_reasons_of_validate():
    reasons = vocab.entries("reject_reasons")
    for model in MODELS.values():
        for rule in model.rules():
            assert "validate" in reasons[rule.reason]["stages"]


def test_a_rule_names_columns_of_its_table():
    for model in MODELS.values():
        names = {c.name for c in model.columns()}
        for rule in model.rules():
            assert isinstance(rule, Rule)
            assert rule.columns
            assert set(rule.columns) <= names


def test_the_name_of_a_table_is_its_class_in_snake_case():
    class ManyWords(Table):
        """One row is a word."""

        word: Text = column("The word.", key=True)

    assert ManyWords.table_name() == "many_words"
    assert [rule.name for rule in ManyWords.rules()] == ["unique_key", "word_not_empty"]


def test_the_sample_covers_every_table():
    assert sorted(sample_rows.rows()) == sorted(TABLES)
