"""A batch of Arrow tables in; the rows that keep every rule out, and a reject with its reason for every other row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import msgspec
import polars as pl
import pyarrow as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from flows.ids import sha256_hex
from flows.model import Reject
from schemas import TABLES, Table
from schemas.arrow import arrow_schema
from schemas.rules import UNIQUE_KEY

OWN_TABLES: Final = ("event_types", "rejects", "runs")  # the pipeline's own words: a bad row there is a bug
WHOLE_TEXT: Final = "whole text"  # the column beside a row's own while spans are checked
SHOWN_CHARS: Final = 80  # of a bad value, in a reason


class ContractError(ValueError):
    """The tables are not what the schemas say: a mistake of the program, not of a row."""


@dataclass(frozen=True, slots=True)
class Validated:
    """The accepted rows of each table, and one reject for every other row."""

    tables: dict[str, pa.Table]
    rejects: list[Reject]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row."""

    reason_code: str
    reason: str


Findings: TypeAlias = dict[str, dict[int, list[Finding]]]  # table -> row number -> what is wrong


def validate(tables: Mapping[str, pa.Table]) -> Validated:
    """Split the rows of a batch into accepted ones and rejects.

    A row is rejected when it breaks a rule of its table, when the text does not hold its words at its span, or when a
    row that it refers to is missing or rejected; an actor or a source whose every mention is rejected goes with them.
    References and spans are checked where the batch holds the other table. Of several rows with one key the first good
    one stays; merged tables may hold several, of which the commit makes one.

    Args:
        tables: Arrow tables by name, each with its table's columns and types.

    Raises:
        ContractError: a table has no model, other columns or other types; or a row about the pipeline itself is bad.
    """
    ordered = {name: _in_contract(name, table) for name, table in tables.items()}
    frames = {name: _frame(table) for name, table in ordered.items()}
    findings: Findings = {name: _broken_rules(TABLES[name], frame) for name, frame in frames.items()}
    _find_wrong_spans(frames, findings)
    _find_broken_references(frames, findings)
    if not any(findings.values()):
        return Validated(ordered, [])
    _find_orphans(frames, findings)
    for name in OWN_TABLES:
        for found in findings.get(name, {}).values():
            raise ContractError(f"{found[0].reason} Correct the code that writes {name}.")
    kept = {
        name: table.filter(pa.array(_kept(frames[name], findings[name]).to_list(), pa.bool_()))
        for name, table in ordered.items()
    }
    return Validated(kept, list(_rejects(frames, findings)))


def _in_contract(name: str, table: pa.Table) -> pa.Table:
    """The table with its columns in order."""
    if name not in TABLES:
        raise ContractError(f"no table {name!r}; there are {', '.join(TABLES)}")
    schema = arrow_schema(name)
    if set(table.column_names) != set(schema.names):
        odd = sorted(set(table.column_names) ^ set(schema.names))
        raise ContractError(f"{name}: these columns are missing or unknown: {', '.join(odd)}")
    table = table.select(schema.names)
    for field, wanted in zip(table.schema, schema, strict=True):
        if field.type != wanted.type:
            raise ContractError(f"{name}.{field.name} is {field.type}; make it {wanted.type}")
    return table


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - of a table, from_arrow makes a frame
    return frame


def _broken_rules(model: type[Table], frame: pl.DataFrame) -> dict[int, list[Finding]]:
    """What Pandera finds in each bad row; the rows without findings have passed Pandera together."""
    found: dict[int, list[Finding]] = {}
    left, numbers = frame, pl.int_range(frame.height, eager=True)
    while errors := _errors(model, left):
        bad: dict[int, list[Finding]] = defaultdict(list)
        copies: dict[int, list[Finding]] = defaultdict(list)
        for error in errors:
            for row, finding in _read_error(model, error, left):
                (copies if finding.reason_code == "duplicate_key" else bad)[row].append(finding)
        out = bad or copies  # copies last: when the first copy is bad, the next one takes its place
        found |= {numbers[row]: list(reasons) for row, reasons in out.items()}
        kept = ~pl.int_range(left.height, eager=True).is_in(list(out))
        left, numbers = left.filter(kept), numbers.filter(kept)
    return found


@cache
def _gate(model: type[Table]) -> Any:
    return model.gate()


def _errors(model: type[Table], frame: pl.DataFrame) -> list[SchemaError]:
    """Pandera's errors; first all checks in one query, and each by itself only where that fails."""
    # The depth is set here because an environment variable could turn all checks of data off.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            _gate(model).validate(frame, lazy=True)
        except SchemaErrors:
            try:
                model.validate(frame, lazy=True)
            except SchemaErrors as report:
                return [error for error in report.schema_errors if not _merged_copy(model, error)]
            raise
        return []


def _merged_copy(model: type[Table], error: SchemaError) -> bool:
    return model.is_merged() and getattr(error.check, "name", None) == UNIQUE_KEY


def _read_error(model: type[Table], error: SchemaError, frame: pl.DataFrame) -> Iterator[tuple[int, Finding]]:
    """The rows that fail one check, each with its finding."""
    if error.check_output is None or error.reason_code is SchemaErrorReason.CHECK_ERROR:
        raise ContractError(f"{model.table_name()}: a check cannot run: {error}")
    rows = (~error.check_output.to_series()).arg_true()
    table = model.table_name()
    rule = next((rule for rule in model.rules() if rule.name == getattr(error.check, "name", None)), None)
    if rule is None:
        column = error.schema.name
        for row in rows:
            yield row, Finding("null_value", f"{table}.{column} breaks not_null: it must have a value. Found null.")
        return
    place = f"{table}.{'+'.join(rule.columns)} breaks {rule.name}: {rule.description}"
    for row, values in zip(rows, frame[rows, list(rule.columns)].rows(named=True), strict=True):
        yield row, Finding(rule.reason, f"{place} Found {_shown(values)}.")


def _find_wrong_spans(frames: Mapping[str, pl.DataFrame], findings: Findings) -> None:
    """Add a finding to each row whose span does not hold its words, or does not lie in its article's text."""
    if "texts" not in frames:
        return
    texts = frames["texts"].unique("article_id", keep="first").rename({"text": WHOLE_TEXT})
    for name, frame in frames.items():
        for span in TABLES[name].spans():
            columns = [column for column in (span.start, span.end, span.words) if column]
            held = frame.select("article_id", *columns).join(texts, on="article_id", how="left", maintain_order="left")
            there = pl.col(WHOLE_TEXT).str.slice(span.start, pl.col(span.end) - pl.col(span.start))
            inside = pl.col(span.end) <= pl.col(WHOLE_TEXT).str.len_chars()
            holds = held.select(there == pl.col(span.words) if span.words else inside).to_series()
            for row in (~holds & _kept(frame, findings[name])).arg_true():
                values = held.select(*columns, there.alias("the text there")).row(row, named=True)
                reason = f"{name}.{'+'.join(columns)} breaks span: the text must hold the words there."
                findings[name][row] = [Finding("wrong_span", f"{reason} Found {_shown(values)}.")]


def _links(frames: Mapping[str, pl.DataFrame]) -> list[tuple[str, str, str, str]]:
    """The references between tables of the batch: child, its column, parent, its column.

    Those to a derived table are left out: the commit makes it of these very rows.
    """
    return [
        (name, column.name, *column.references.split("."))  # type: ignore[misc]
        for name in frames
        for column in TABLES[name].columns()
        if column.references and (parent := column.references.split(".")[0]) in frames
        if not TABLES[parent].is_derived()
    ]


def _find_broken_references(frames: Mapping[str, pl.DataFrame], findings: Findings) -> None:
    """Add a finding to each row whose parent is missing or rejected, until no more rows fall."""
    links = _links(frames)
    while any([_break_link(link, frames, findings) for link in links]):  # noqa: C419 - a list: all links, each time
        pass


def _break_link(link: tuple[str, str, str, str], frames: Mapping[str, pl.DataFrame], findings: Findings) -> bool:
    child, column, parent, key = link
    values, keys = frames[child][column], frames[parent][key]
    alive = keys.filter(_kept(frames[parent], findings[parent]))
    lost = values.is_not_null() & ~values.is_in(alive.implode())
    if child == parent:  # the other row may stand in an earlier batch
        lost &= values.is_in(keys.implode())
    if findings[child]:
        lost &= _kept(frames[child], findings[child])
    for row in (rows := lost.arg_true()):
        place = f"{child}.{column} refers to {parent} {values[row]}, which is"
        if (values[row] == keys).any():
            findings[child][row] = [Finding("rejected_parent", f"{place} rejected.")]
        else:
            findings[child][row] = [Finding("missing_parent", f"{place} not in the batch.")]
    return len(rows) > 0


def _find_orphans(frames: Mapping[str, pl.DataFrame], findings: Findings) -> None:
    """Add a finding to each row of a merged table that only rejected rows refer to."""
    links = [link for link in _links(frames) if TABLES[link[2]].is_merged()]
    for parent, key in sorted({(parent, key) for _, _, parent, key in links}):
        used, lost = [], []
        for child, column in ((child, column) for child, column, other, _ in links if other == parent):
            kept = _kept(frames[child], findings[child])
            used.append(frames[child][column].filter(kept))
            lost.append(frames[child][column].filter(~kept))
        keys = frames[parent][key]
        orphan = keys.is_in(pl.concat(lost).implode()) & ~keys.is_in(pl.concat(used).implode())
        for row in (orphan & _kept(frames[parent], findings[parent])).arg_true():
            reason = f"{parent} {keys[row]}: all rows that refer to it are rejected."
            findings[parent][row] = [Finding("orphaned", reason)]


def _kept(frame: pl.DataFrame, found: Mapping[int, list[Finding]]) -> pl.Series:
    """True for each row without findings."""
    if not found:
        return pl.repeat(value=True, n=frame.height, eager=True)
    return ~pl.int_range(frame.height, eager=True).is_in(list(found))


def _rejects(frames: Mapping[str, pl.DataFrame], findings: Findings) -> Iterator[Reject]:
    """One reject per row with findings, in the order of tables and rows."""
    inputs: dict[str, str] = {}
    if "articles" in frames:
        inputs = {key: uri or "" for key, uri in frames["articles"].select("article_id", "input_uri").iter_rows()}
    for name in (name for name in TABLES if findings.get(name)):
        rows = sorted(findings[name])
        for row, values in zip(rows, frames[name][rows].iter_rows(named=True), strict=True):
            payload = msgspec.json.encode(values).decode()
            yield Reject(
                stage="validate",
                table=name,
                reason_code=findings[name][row][0].reason_code,
                reason=" ".join(finding.reason for finding in findings[name][row]),
                input_uri=inputs.get(values.get("article_id", ""), ""),
                payload=payload,
                payload_sha256=sha256_hex(payload),
            )


def _shown(values: Mapping[str, Any]) -> str:
    """Column and value of each, cut to a length that fits a line."""
    return ", ".join(
        f"{name}={_cut(repr(value) if isinstance(value, str) else str(value))}" for name, value in values.items()
    )


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
