"""A dataset in; a folder out that is safe to share: tables, one DuckDB file, card, dictionary and checksums."""

from __future__ import annotations

import glob
import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.release.card import Facts, card
from flows.release.database import write_database
from flows.release.package import datapackage
from flows.release.tables import IS_CUT, Limits, public_rows, public_schema, public_tables
from flows.store import snapshots
from flows.store.files import TEMPORARY, sync_file, sync_folder
from flows.store.parts import file_sha256, row_group, sort_order, write_parquet
from flows.store.sql import join, sql
from flows.store.workbench import add_view, rows_of, workbench
from schemas import TABLES, dictionary

__all__ = ["Limits", "Release", "ReleaseError", "make_release"]

SUMS: Final = "SHA256SUMS"
PACKAGE: Final = "datapackage.json"
SCORECARD: Final = "scorecard.json"
DAY: Final = 86_400  # seconds
LICENCE: Final = "CC-BY-4.0"
LICENCE_NOTE: Final = """The tables of this release - the selection, the codes, the links between rows, the
descriptions - are offered under the licence {licence}:

    https://spdx.org/licenses/{licence}.html

Titles, quoted words and short extracts of articles are in it as evidence, no longer than the README says, and remain
the property of their authors and publishers; the licence above does not cover them. Each has the address of its article
in the table articles. The facts themselves - who did what, where and when - belong to nobody.
"""
EDITION: Final = f"""
## This edition

`quotes` has one more column, `is_cut` (boolean): {IS_CUT.metadata[b"description"].decode()} `runs` is not in it, since
the times of the pipeline would make two editions of the same data differ; its sums are in README.md.
"""


class ReleaseError(Exception):
    """The release cannot be made; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was made: its folder, version, and rows by table."""

    path: Path
    version: str
    rows: Mapping[str, int]


def make_release(
    dataset: Path,
    out: Path,
    *,
    max_quote_length: int = 300,
    snippet_length: int = 200,
    version: str | None = None,
    licence: str = LICENCE,
    scorecard: Mapping[str, Any] | None = None,
) -> Release:
    """Write the public edition of the latest snapshot; the same rows give the same bytes.

    Args:
        dataset: the dataset's folder.
        out: the folder to make; a former release there is replaced in one step once the new one is whole.
        max_quote_length: characters of a quote; a longer one is cut after a word and marked in `is_cut`.
        snippet_length: characters round the trigger of an event, 0 for none.
        version: of the data; None for the pipeline's version and a hash of the rows.
        licence: SPDX identifier of the licence of the tables.
        scorecard: how good the rules are, as measured with `newsevents score`; None where nobody measured.

    Raises:
        ReleaseError: there is no dataset, or `out` holds something else than a release.
    """
    snapshot = snapshots.latest(dataset)
    if snapshot is None:
        raise ReleaseError(f"no dataset at {dataset}: make one with `newsevents build --dataset {dataset}`")
    out = out.absolute()
    _check_replaceable(out)
    limits = Limits(max_quote_length, snippet_length)
    folder = out.parent / f"{TEMPORARY}{out.name}-{secrets.token_hex(6)}"
    try:
        (folder / "data").mkdir(parents=True)
        with workbench(folder) as connection:
            for table in TABLES:
                add_view(connection, "main", table, rows_of(table, snapshot.paths(table)))
            rows = {table: _write_table(connection, folder, table, limits) for table in public_tables()}
            version = version or _version(folder, snapshot.pipeline_version, rows)
            facts = _facts(connection, version, snapshot.pipeline_version, licence, rows)
        facts = replace(facts, scorecard=scorecard)
        shutil.rmtree(folder / "spill", ignore_errors=True)
        write_database(folder, list(rows))
        _write(folder / "README.md", card(facts, limits))
        _write(folder / "DATA_DICTIONARY.md", dictionary.markdown(public=True) + EDITION)
        _write(folder / "LICENSE", LICENCE_NOTE.format(licence=licence))
        if scorecard is not None:
            _write(folder / SCORECARD, json.dumps(scorecard, ensure_ascii=False, indent=1) + "\n")
        _write(folder / PACKAGE, datapackage(folder, list(rows), version=version, licence=licence, rows=rows))
        _write(folder / SUMS, _sums(folder))
        _put_in_place(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Release(out, version, rows)


def _write_table(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, limits: Limits) -> int:
    """Write the public rows of a table, sorted as in the dataset; their number."""
    schema = public_schema(table)
    terms = join(", ", (sql("{c} ASC NULLS LAST", c=column) for column in sort_order(table) if column in schema.names))
    query = sql("FROM ({rows}) ORDER BY {terms}", rows=public_rows(table, limits), terms=terms)
    batches = connection.sql(query).to_arrow_reader(row_group(table))
    return write_parquet(folder / "data" / f"{table}.parquet", schema, batches, row_group(table))


def _version(folder: Path, pipeline_version: str, rows: Mapping[str, int]) -> str:
    """A version that the rows decide: the same for the same data, on whatever day."""
    digest = hashlib.sha256("".join(file_sha256(folder / "data" / f"{table}.parquet") for table in rows).encode())
    return f"{pipeline_version}+{digest.hexdigest()[:8]}"


def _facts(
    connection: duckdb.DuckDBPyConnection, version: str, pipeline_version: str, licence: str, rows: Mapping[str, int]
) -> Facts:
    counts = "SELECT language, count(*) FROM articles WHERE language IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1"
    languages = connection.execute(counts).fetchall()
    refused = connection.execute(
        'SELECT reason_code, count(*) FROM rejects WHERE "table" IS NULL GROUP BY ALL ORDER BY 2 DESC, 1'
    ).fetchall()
    return Facts(version, pipeline_version, licence, rows, languages, refused)


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _files(folder: Path) -> list[str]:
    """The files of a release but the checksums, as they stand in the checksums."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != SUMS)


def _sums(folder: Path) -> str:
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in _files(folder))


def _check_replaceable(out: Path) -> None:
    """Let only a release, an empty folder or nothing be replaced."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    sums = out / SUMS
    listed = {line.split("  ", 1)[-1] for line in sums.read_text("utf-8").splitlines()} if sums.is_file() else set()
    if PACKAGE not in listed:
        raise ReleaseError(f"{out} is there and is no release: give another folder, or empty it")
    if strangers := sorted(set(_files(out)) - listed):
        raise ReleaseError(f"{out} holds {strangers[0]}, which is not of the release: move it away first")


def _put_in_place(folder: Path, out: Path) -> None:
    """Make the new release durable and let it take the place of the old one, which goes last."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync_file(path)
    sync_folder(folder / "data")
    sync_folder(folder)
    old = folder.with_name(f"{folder.name}-old")
    if out.exists():
        out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    sync_folder(out.parent)
    for left in (old, *_left_by_killed(out)):
        shutil.rmtree(left, ignore_errors=True)


def _left_by_killed(out: Path) -> list[Path]:
    """Folders that killed releases to the same place left; a young one may belong to a release that is being made."""
    found = out.parent.glob(f"{TEMPORARY}{glob.escape(out.name)}-*")
    return [folder for folder in found if time.time() - folder.stat().st_mtime > DAY]
