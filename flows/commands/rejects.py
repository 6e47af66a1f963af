"""`newsevents rejects`: what was not accepted, by reason; list it, export it, put it through the pipeline again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from cyclopts import App, Parameter

from flows.commands.build import rebuild
from flows.commands.console import put, put_json, put_table, say
from flows.commands.options import DATASET, AsJson, Dataset
from flows.ids import sha256_hex
from flows.query import connect
from flows.store.files import replace_file
from schemas.vocab import entries

BY_REASON: Final = "SELECT reason_code, count(*) FROM rejects GROUP BY ALL ORDER BY count(*) DESC, reason_code"
ROWS: Final = """FROM rejects WHERE $reason IS NULL OR reason_code = $reason
    ORDER BY reason_code, input_uri, byte_offset, reject_id"""
SHOWN: Final = 50

Reason = Annotated[str | None, Parameter(name=["--reason", "-r"], help="Only rejects of this reason_code.")]

app = App(name="rejects", help_epilogue="Example: newsevents rejects --dataset data/dataset")


@dataclass(frozen=True, slots=True)
class Again:
    """What can be read once more: the inputs that are still there, and payloads that are whole without theirs."""

    inputs: list[str]
    payloads: list[str]
    lost: int


@app.default
def rejects(*, dataset: Dataset = DATASET, as_json: AsJson = False) -> None:
    """Show, export and replay what was not accepted: its count by reason, and what to do about each."""
    with connect(dataset) as connection:
        found = connection.execute(BY_REASON).fetchall()
    remedies = {code: entry["remedy"] for code, entry in entries("reject_reasons").items()}
    if as_json:
        put_json([{"reason_code": code, "rejects": count, "remedy": remedies.get(code)} for code, count in found])
    elif found:
        put_table(
            ["reason_code", "rejects", "what to do"], [(code, count, remedies.get(code)) for code, count in found]
        )
        put("\nOne by one: newsevents rejects list. Repaired? newsevents rejects retry")
    else:
        put("Nothing was rejected.")


@app.command(name="list", help_epilogue="Example: newsevents rejects list --reason bad_json")
def list_rejects(
    *,
    dataset: Dataset = DATASET,
    reason: Reason = None,
    limit: Annotated[int, Parameter(name=["--limit", "-n"], help="The most rows to print.")] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """List rejects with the place that each comes from."""
    found = _rows(dataset, reason)
    if as_json:
        put_json(found[:limit])
        return
    columns = ["reject_id", "reason_code", "input_uri", "byte_offset", "reason"]
    put_table(columns, [[row[column] for column in columns] for row in found[:limit]])
    if len(found) > limit:
        put(f"... and {len(found) - limit:,} more; --limit {len(found)} shows all")


@app.command(help_epilogue="Example: newsevents rejects export rejects.jsonl --reason bad_json")
def export(
    file: Annotated[Path, Parameter(help="The file to write.")],
    /,
    *,
    dataset: Dataset = DATASET,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """Write rejects as JSON lines, with all that was kept of each."""
    found = _rows(dataset, reason)
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in found)
    replace_file(file, lambda unfinished: _write(unfinished, lines))
    if as_json:
        put_json({"file": str(file), "rejects": len(found)})
    else:
        say(f"{len(found):,} rejects in {file}")


@app.command(help_epilogue="Example: newsevents rejects retry --reason internal_error")
def retry(*, dataset: Dataset = DATASET, reason: Reason = None, as_json: AsJson = False) -> None:
    """Put what was rejected through the pipeline again: its input where that is still there, else its kept payload."""
    again = _again(_rows(dataset, reason))
    if again.lost:
        say(f"{again.lost:,} rejects cannot be replayed: their input is gone and only its beginning was kept")
    if not again.inputs and not again.payloads:
        put_json({"replayed": 0}) if as_json else put("Nothing to replay.")
        return
    with tempfile.TemporaryDirectory(prefix="newsevents-") as folder:
        kept = [_kept(Path(folder), number, payload) for number, payload in enumerate(again.payloads)]
        rebuild([*again.inputs, *kept], dataset, as_json=as_json)


def _rows(dataset: Path, reason: str | None) -> list[dict[str, Any]]:
    with connect(dataset) as connection:
        result = connection.execute(ROWS, {"reason": reason})
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _again(rows: list[dict[str, Any]]) -> Again:
    """Rows of tables have no input of their own: they come again with their article."""
    inputs, payloads, lost = set(), set(), 0
    for row in rows:
        payload = row["payload"]
        if (there := _there(row["input_uri"])) is not None:
            inputs.add(there)
        elif row["table"] is None and payload and sha256_hex(payload) == row["payload_sha256"]:
            payloads.add(payload)
        else:
            lost += 1
    return Again(sorted(inputs), sorted(payloads), lost)


def _there(uri: str | None) -> str | None:
    """The input that can be read again: the file, the archive around a member, or an address."""
    if not uri or uri.startswith("-"):
        return None
    if "://" in uri:
        return uri.partition("!")[0]
    marks = [at for at, character in enumerate(uri) if character == "!"]
    return next((uri[:at] for at in (len(uri), *marks) if Path(uri[:at]).is_file()), None)


def _kept(folder: Path, number: int, payload: str) -> str:
    path = folder / f"{number:06}{'.jsonl' if payload.lstrip().startswith('{') else '.txt'}"
    path.write_text(payload, encoding="utf-8", newline="")
    return str(path)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
