"""`newsevents rejects`: what was not accepted, by reason; list it, export it, put it through the pipeline again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final

import msgspec
from cyclopts import App, Parameter

from flows.commands.build import rebuild
from flows.commands.console import put, put_json, put_table, say
from flows.commands.options import DATASET, AsJson, Dataset, UsageError
from flows.ids import sha256_hex
from flows.query import connect
from flows.read import READERS
from flows.read.inputs import STANDARD_INPUT
from flows.read.rejects import decoded
from flows.store.files import replace_file
from flows.store.open_rejects import MARK
from schemas.vocab import entries

BY_REASON: Final = "SELECT reason_code, count(*) FROM rejects GROUP BY ALL ORDER BY count(*) DESC, reason_code"
ROWS: Final = """FROM rejects WHERE $reason IS NULL OR reason_code = $reason
    ORDER BY reason_code, input_uri, byte_offset, reject_id"""
SHOWN: Final = 50
BEGINNING: Final = 600  # bytes of a payload that are shown

Reason = Annotated[str | None, Parameter(name=["--reason", "-r"], help="Only rejects of this reason_code.")]

app = App(name="rejects", help_epilogue="Example: newsevents rejects --dataset data/dataset")


@dataclass(frozen=True, slots=True)
class Again:
    """What can be read once more: the inputs that are still there, and the rejects whose payload is all there was."""

    inputs: list[str]
    kept: list[dict[str, Any]]
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
    if not again.inputs and not again.kept:
        put_json({"replayed": 0}) if as_json else put("Nothing to replay.")
        return
    with tempfile.TemporaryDirectory(prefix="newsevents-") as folder:
        kept = {_kept(Path(folder), row): (row["input_uri"] or "-", row["byte_offset"]) for row in again.kept}
        rebuild([*again.inputs, *kept], dataset, places=kept, as_json=as_json)


@app.command(help_epilogue="Example: newsevents rejects explain rej_0123456789abcdef")
def explain(
    reject_id: Annotated[str, Parameter(help="The id of a reject, or its beginning.")],
    /,
    *,
    dataset: Dataset = DATASET,
    as_json: AsJson = False,
) -> None:
    """Say of a reject why it was refused, where it stands, how it begins, and what to do about it."""
    found = [row for row in _rows(dataset, None) if row["reject_id"].startswith(reject_id)]
    if len(found) != 1:
        told = f"{len(found):,} rejects have" if found else "no reject has"
        raise UsageError(f"{told} the id {reject_id!r}: look it up with `newsevents rejects list`")
    explained = _explained(found[0])
    if as_json:
        put_json(explained)
    else:
        put_table(["", ""], [(name, value) for name, value in explained.items() if value is not None])


def _explained(row: dict[str, Any]) -> dict[str, Any]:
    """All that helps to understand and repair a reject."""
    entry = entries("reject_reasons").get(row["reason_code"], {})
    beginning = decoded(row["payload"] or "", row["payload_encoding"])[:BEGINNING]
    replayed = "from its payload" if row["table"] is None and _is_whole(row) else "no: its input is gone"
    return {
        "reject_id": row["reject_id"],
        "why": row["reason"],
        "reason_code": row["reason_code"],
        "means": entry.get("description"),
        "what to do": entry.get("remedy"),
        "stage": row["stage"],
        "table": row["table"],
        "where": _where(row),
        "begins": beginning.decode("utf-8", "replace"),
        "retry": "from its input" if _container(row["input_uri"]) is not None else replayed,
    }


def _rows(dataset: Path, reason: str | None) -> list[dict[str, Any]]:
    with connect(dataset) as connection:
        result = connection.execute(ROWS, {"reason": reason})
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _again(rows: list[dict[str, Any]]) -> Again:
    """Rows of tables have no input of their own: they come again with their article."""
    inputs, kept, lost = set(), [], 0
    for row in rows:
        if (container := _container(row["input_uri"])) is not None:
            inputs.add(container)
        elif row["table"] is None and _is_whole(row):
            kept.append(row)
        else:
            lost += 1
    return Again(sorted(inputs), kept, lost)


def _container(uri: str | None) -> str | None:
    """What is to be read again: the file, the archive around a member, or the address; None if the file is gone."""
    if not uri or uri.startswith(STANDARD_INPUT):
        return None
    if "://" in uri:
        return uri.partition(MARK)[0]
    marks = [at for at, character in enumerate(uri) if character == MARK]
    return next((uri[:at] for at in (len(uri), *marks) if Path(uri[:at]).is_file()), None)


def _is_whole(row: dict[str, Any]) -> bool:
    """Whether the payload is all there was."""
    data = decoded(row["payload"] or "", row["payload_encoding"])
    return bool(data) and sha256_hex(data) == row["payload_sha256"]


def _where(row: dict[str, Any]) -> str:
    place = f", byte {row['byte_offset']:,}" if row["byte_offset"] is not None else ""
    return f"{row['input_uri'] or 'standard input'}{place}"


def _kept(folder: Path, row: dict[str, Any]) -> str:
    """The payload as a file of its own, with the ending of its input."""
    data = decoded(row["payload"], row["payload_encoding"])
    ending = PurePosixPath(row["input_uri"] or "").suffix
    if ending not in {name for reader in READERS.values() for name in reader.endings}:
        ending = ".jsonl" if data.lstrip().startswith(b"{") else ".txt"
    path = folder / f"{row['reject_id']}{ending}"
    path.write_bytes(data)
    return path.as_posix()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
