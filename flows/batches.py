"""Inputs -> batches of documents in folders, and a batch -> parts: what the tasks call, here or in a worker process.

Without Prefect, so that a worker process has the pipeline to import and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa

from flows.arrow import to_arrow
from flows.duplicates import fingerprint
from flows.ids import article_id, sha256_hex
from flows.model import Document, Filtered, Reject
from flows.pipeline import process
from flows.read import LIMITS, Candidate, FieldMap, Limits, candidates
from flows.read.candidate import Raw
from flows.read.inputs import STANDARD_INPUT
from flows.store.intake import READ_AGAIN
from flows.store.known import known_articles, known_inputs
from flows.store.open_rejects import BROKEN_OFF, MARK, OpenRejects, Place
from flows.store.open_rejects import write as write_ids
from flows.store.parts import write_part
from flows.tables import Row, Rows, reject_row
from flows.validate import validate

if TYPE_CHECKING:
    from flows.store.snapshots import Snapshot

BATCH_CHARACTERS: Final = 20_000_000  # of text: a batch of long documents has fewer of them
REJECTS_AT_ONCE: Final = 5_000
DOCUMENTS: Final = "documents.msgpack"
READING: Final = "reading"

Parts = dict[str, list[Path]]


@dataclass(slots=True)
class Staged:
    """What was read: a folder per batch, and where every document went that is in none of them."""

    batches: list[Path] = field(default_factory=list)
    documents_in: int = 0
    duplicate: int = 0
    rejected: int = 0
    parts: Parts = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    filters: dict[str, int] = field(default_factory=dict)

    @property
    def filtered(self) -> int:
        """How many a rule left out."""
        return sum(self.filters.values())


@dataclass(slots=True)
class Extracted:
    """What became of one batch: how many of its documents were refused, and the parts of the rest by table."""

    documents: int
    rejected: int
    parts: Parts
    reasons: dict[str, int]


def stage(
    inputs: Sequence[str | Path],
    folder: Path,
    base: Snapshot | None,
    batch_size: int,
    field_map: Iterable[str] = (),
    limits: Limits = LIMITS,
    places: Mapping[str, Place] | None = None,
) -> Staged:
    """Read all inputs, drop the documents that came before, and write the others in batches below `folder`.

    The batches depend on the inputs and on `batch_size`, never on the order in which the inputs are named. A second
    attempt writes over what the first one left. `places` tells of inputs that are the kept payload of a reject where
    that stood.

    Raises:
        InputError: an input does not exist.
        FieldMapError: a pair of `field_map` is none, or names no field.
    """
    staged = Staged()
    rejects: list[Reject] = []
    placed = Placed(places or {})
    found = candidates(inputs, fields=FieldMap.parse(field_map), limits=limits)
    fresh = _fresh(found, base, staged, rejects, folder, limits.document_seconds, placed)
    for number, documents in enumerate(cut(fresh, batch_size)):
        home = folder / f"batch-{number:06}"
        home.mkdir(parents=True, exist_ok=True)
        (home / DOCUMENTS).write_bytes(msgspec.msgpack.encode(documents))
        staged.batches.append(home)
    _flush(rejects, folder, staged)
    again = OpenRejects(base).read_again(placed.files, placed.broken_off, placed.places)
    if again:
        staged.parts[READ_AGAIN] = [write_ids(folder / READING, again)]
    return staged


def cut(documents: Iterable[Document], batch_size: int) -> Iterator[list[Document]]:
    """Lists of at most `batch_size` documents, shorter where the documents are long."""
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) == batch_size or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def extract_batch(
    folder: Path, *, assume_publication_date: bool = False, seconds: float = LIMITS.document_seconds
) -> Extracted:
    """Turn the documents in a batch's folder into checked rows, and write those beside them as parts."""
    documents = msgspec.msgpack.decode((folder / DOCUMENTS).read_bytes(), type=list[Document])
    checked = validate(_processed(documents, seconds, assume_publication_date=assume_publication_date))
    tables = dict(checked.tables)
    refused = to_arrow({"rejects": [reject_row(found) for found in checked.rejects]})["rejects"]
    rejects = tables["rejects"] = pa.concat_tables([tables["rejects"], refused])
    return Extracted(
        documents=len(documents),
        rejected=len(documents) - tables["articles"].num_rows,
        parts=_write_parts(folder, tables),
        reasons=dict(Counter(rejects.column("reason_code").to_pylist())),
    )


def _fresh(
    items: Iterable[Raw],
    base: Snapshot | None,
    staged: Staged,
    rejects: list[Reject],
    folder: Path,
    seconds: float,
    placed: Placed,
) -> Iterator[Document]:
    """The documents that are new, while the books of the others are kept.

    What was read before is known by its bytes and not parsed again; a reject is, it may have been repaired.
    """
    inputs_seen, articles_seen = known_inputs(base), known_articles(base)
    for item in items:
        placed.read(item.input_uri)
        staged.documents_in += 1
        if isinstance(item, Filtered):
            staged.filters[item.rule] = staged.filters.get(item.rule, 0) + 1
            continue
        raw = item.input_sha256 if isinstance(item, Candidate) else None
        if raw is not None and raw in inputs_seen:
            staged.duplicate += 1
            continue
        made = item.document(seconds) if isinstance(item, Candidate) else item
        found = placed.at_home(_encodable(made))
        if isinstance(found, Reject):
            staged.rejected += 1
            rejects.append(found)
            if len(rejects) >= REJECTS_AT_ONCE:
                _flush(rejects, folder, staged)
            continue
        if raw is not None:
            inputs_seen.add(raw)
        if not articles_seen.add(article_id(found.url, found.text)):
            staged.duplicate += 1
            continue
        yield found


@dataclass(slots=True)
class Placed:
    """The files of a run, and where those stand that are the kept payload of a reject."""

    places: Mapping[str, Place]
    files: set[str] = field(default_factory=set)
    broken_off: set[str] = field(default_factory=set)

    def read(self, input_uri: str) -> None:
        """Note that a file was read; what comes through a pipe is another thing each time."""
        if input_uri != STANDARD_INPUT:
            self.files.add(input_uri.partition(MARK)[0])

    def at_home(self, found: Document | Reject) -> Document | Reject:
        """The document or reject with the place that its bytes came from first; who broke a file off is noted."""
        file = found.input_uri.partition(MARK)[0]
        if isinstance(found, Reject) and found.reason_code in BROKEN_OFF:
            self.broken_off.add(file)
        if file in self.places:
            uri, offset = self.places[file]
            return replace(found, input_uri=uri, byte_offset=offset or 0)
        return found


def _encodable(found: Document | Reject) -> Document | Reject:
    """The document, unless it holds half a character: JSON can name one, no table can store it."""
    if isinstance(found, Reject):
        return found
    try:
        msgspec.msgpack.encode(found)
    except UnicodeEncodeError as error:
        reason = f"the text holds half of a surrogate pair at character {error.start}: send valid Unicode"
        payload = found.text[:1000].encode("utf-8", "replace").decode()
        return Reject(
            stage="read",
            reason_code="bad_encoding",
            reason=reason,
            input_uri=found.input_uri,
            byte_offset=found.byte_offset,
            payload=payload,
            payload_sha256=sha256_hex(found.text),
            doc_id=found.doc_id,
        )
    return found


def _flush(rejects: list[Reject], folder: Path, staged: Staged) -> None:
    """Write the rejects held in memory as a part, and let go of them."""
    parts = _write_parts(folder / READING, to_arrow({"rejects": [reject_row(found) for found in rejects]}))
    for table, paths in parts.items():
        staged.parts.setdefault(table, []).extend(paths)
    staged.reasons = dict(Counter(staged.reasons) + Counter(found.reason_code for found in rejects))
    rejects.clear()


def _write_parts(folder: Path, tables: Mapping[str, pa.Table]) -> Parts:
    """A part for each table that has rows."""
    return {name: [write_part(folder, name, table).path] for name, table in tables.items() if table.num_rows}


def _processed(
    documents: Iterable[Document], seconds: float, *, assume_publication_date: bool = False
) -> dict[str, pa.Table]:
    """All rows of a batch as one Arrow table per table; rejects among them, sources and actors once each."""
    collected: Rows = defaultdict(list)
    for document in documents:
        result = process(document, assume_publication_date=assume_publication_date, seconds=seconds)
        if isinstance(result, Reject):
            collected["rejects"].append(reject_row(result))
            continue
        for name, listed in result.rows.items():
            collected[name].extend(listed)
        for article, text in zip(result.rows["articles"], result.rows["texts"], strict=True):
            prints = fingerprint(text["text"], article["title"], article["url"])
            collected["fingerprints"].append({"article_id": article["article_id"], **prints})
    for name, key in (("sources", "source_id"), ("actors", "actor_id")):
        collected[name] = merge(collected[name], key)
    return to_arrow(collected)


def merge(listed: Iterable[Row], key: str) -> list[Row]:
    """One row per key, whatever the order: the longest name, every alias, the smallest of other values that differ."""
    merged: dict[str, Row] = {}
    for row in listed:
        old = merged.get(row[key])
        merged[row[key]] = row if old is None else _joined(old, row)
    return [merged[k] for k in sorted(merged)]


def _joined(a: Row, b: Row) -> Row:
    names = sorted({a["name"], b["name"]}, key=lambda name: (-len(name), name))
    joined = {
        column: min((v for v in (a[column], b[column]) if v is not None), default=None)
        for column in a
        if column not in ("name", "aliases")
    }
    joined["name"] = names[0]
    if "aliases" in a:
        joined["aliases"] = sorted({*a["aliases"], *b["aliases"], *names[1:]} - {names[0]})
    return {column: joined[column] for column in a}
