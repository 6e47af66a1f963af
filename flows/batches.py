"""Inputs -> staged batches of documents, and a batch -> staged parts: what the tasks call, here or in a worker process.

Without Prefect, so that a worker process has the pipeline to import and nothing else.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow.parquet as pq

from flows.ids import content_id
from flows.model import Document, Reject
from flows.pipeline import process_batch
from flows.read import read
from flows.store.parts import write_part
from flows.tables import reject_row, to_arrow
from flows.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from flows.store.snapshots import Snapshot

BATCH_CHARACTERS: Final = 20_000_000  # of text: a batch of long documents is a smaller one
DOCUMENTS: Final = "documents.msgpack"
INTAKE: Final = "intake"


@dataclass(frozen=True, slots=True)
class Staged:
    """What was read: the folders of the batches, each with its documents, and where every other document went."""

    batches: tuple[Path, ...] = ()
    documents_in: int = 0
    duplicate: int = 0
    rejected: int = 0
    parts: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of one batch: how many documents were refused, and the parts of the others by table."""

    documents: int
    rejected: int
    parts: Mapping[str, tuple[Path, ...]]
    rows: Mapping[str, int]


def stage(inputs: Sequence[str | Path], folder: Path, base: Snapshot | None, batch_size: int) -> Staged:
    """Read everything, drop what is there already, and write batches of documents into folders of their own.

    The batches depend on the inputs and on the batch size, not on the order in which the inputs are given. What a
    former attempt left is overwritten.
    """
    documents_in, duplicate = 0, 0
    rejects: list[Reject] = []
    seen = known_articles(base)
    fresh: list[Document] = []

    def accepted() -> Iterator[Document]:
        nonlocal documents_in, duplicate
        for found in read(inputs):
            documents_in += 1
            if isinstance(found, Reject):
                rejects.append(found)
                continue
            article_id = content_id("art", found.url, found.text)
            if article_id in seen:
                duplicate += 1
                continue
            seen.add(article_id)
            yield found

    batches: list[Path] = []
    characters = 0
    for document in accepted():
        fresh.append(document)
        characters += len(document.text)
        if len(fresh) == batch_size or characters >= BATCH_CHARACTERS:
            batches.append(_write_documents(folder, len(batches), fresh))
            fresh, characters = [], 0
    if fresh:
        batches.append(_write_documents(folder, len(batches), fresh))
    tables = to_arrow({"rejects": _distinct(map(reject_row, rejects), "reject_id")})
    return Staged(tuple(batches), documents_in, duplicate, len(rejects), _write_parts(folder / INTAKE, tables))
