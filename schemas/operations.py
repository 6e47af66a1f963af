"""What the pipeline says about its own work: what it did not accept, and the books of each run."""

from typing import Final

import polars as pl

from schemas.base import Table
from schemas.column import SHA256, Count, Moment, Text, column
from schemas.rules import Rule

BALANCE: Final = Rule(
    "books_balance",
    "documents_in is accepted + duplicate + rejected + filtered.",
    ("documents_in", "accepted", "duplicate", "rejected", "filtered"),
    lambda: pl.col("documents_in") == pl.sum_horizontal("accepted", "duplicate", "rejected", "filtered"),
)
FILTERS: Final = Rule(
    "filters_add_up",
    "filtered is the sum of the counts in filters.",
    ("filtered", "filters"),
    lambda: (
        pl.col("filters").str.extract_all(r"\d+").list.eval(pl.element().cast(pl.Int64)).list.sum()
        == pl.col("filtered")
    ),
)
FINISHED: Final = Rule(
    "started_before_finished",
    "started_at is not later than finished_at.",
    ("started_at", "finished_at"),
    lambda: pl.col("started_at") <= pl.col("finished_at"),
)


class Rejects(Table, order=("stage", "table", "reason_code"), public=False):
    """One row is a document or a row that was not accepted, with the reason and what is needed to try again."""

    reject_id: Text = column(
        "The id of the reject, made of its stage, its reason and its content.", key=True, prefix="rej"
    )
    stage: Text = column("The stage that refused it.", codes="stages")
    table: Text = column("The table of a refused row. Null for a document.", nullable=True)
    reason_code: Text = column("Why it was refused.", codes="reject_reasons")
    reason: Text = column("Why it was refused, in a sentence with the column, the check and the bad value.")
    input_uri: Text = column(
        "The file or address that it was read from. Null where it came through a pipe.", nullable=True, public=False
    )
    byte_offset: Count = column(
        "Where the document starts in its file; in Parquet the number of its row. Null where there is no such place.",
        nullable=True,
        unit="bytes",
        at_least=0,
    )
    payload: Text = column(
        "The document or the row as JSON, or its beginning. Null where nothing could be read.",
        nullable=True,
        public=False,
        blank=True,
    )
    payload_encoding: Text = column(
        "How the bytes became the payload's text. Null where nothing could be read.",
        nullable=True,
        codes="payload_encodings",
    )
    payload_sha256: Text = column(
        "The SHA-256 of the whole payload, in hex. Null where nothing could be read.", nullable=True, pattern=SHA256
    )


class Runs(Table, order=("started_at",), derived=True, rules=(BALANCE, FILTERS, FINISHED)):
    """One row is a run of the pipeline with its books: the only table that holds times of the pipeline itself."""

    run_id: Text = column("The id of the run.", key=True, prefix="run")
    started_at: Moment = column("When the run started.", unit="UTC")
    finished_at: Moment = column("When the run finished.", unit="UTC")
    documents_in: Count = column("How many documents were read.", unit="documents", at_least=0)
    accepted: Count = column("How many became articles.", unit="documents", at_least=0)
    duplicate: Count = column("How many were in the dataset already.", unit="documents", at_least=0)
    rejected: Count = column("How many were refused, each with a row in rejects.", unit="documents", at_least=0)
    refused_again: Count = column(
        "How many of those were refused before for the same reason, so that their rows are older.",
        unit="documents",
        at_least=0,
    )
    resolved: Count = column(
        "How many rejects of earlier runs came through this time, so that rejects has them no longer.",
        unit="rows",
        at_least=0,
    )
    filtered: Count = column("How many a rule left out because they are no articles.", unit="documents", at_least=0)
    filters: Text = column("How many each rule of filter_rules left out, a JSON object of rule and count.")
    rows: Text = column("How many rows the run added to each table, a JSON object of table and count.")
    versions: Text = column("The versions of the pipeline, its codebook and its libraries, a JSON object.")
    settings_sha256: Text = column("The SHA-256 of the settings as JSON with sorted keys, in hex.", pattern=SHA256)
