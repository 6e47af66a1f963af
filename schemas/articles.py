"""An article, its text, and the blocks of its text."""

from typing import Final

import polars as pl

from schemas.base import Table
from schemas.column import LANGUAGE, SHA256, Count, Day, Moment, Number, Offset, Real, Text, TextList, column
from schemas.rules import Rule, span, together

HASH: Final = "^[0-9a-f]{32}$"
LANGUAGE_CONFIDENCE: Final = Rule(
    "confidence_needs_language",
    "language_confidence is null where language is null.",
    ("language", "language_confidence"),
    lambda: pl.col("language").is_not_null() | pl.col("language_confidence").is_null(),
)
ARTICLE_RULES: Final = (
    together("duplicate_of", "duplicate_kind"),
    Rule(
        "duplicate_of_another",
        "An article is no duplicate of itself.",
        ("article_id", "duplicate_of"),
        lambda: pl.col("duplicate_of").is_null() | (pl.col("duplicate_of") != pl.col("article_id")),
    ),
    Rule(
        "similarity_of_duplicate",
        "duplicate_similarity is null where duplicate_of is null.",
        ("duplicate_of", "duplicate_similarity"),
        lambda: pl.col("duplicate_of").is_not_null() | pl.col("duplicate_similarity").is_null(),
    ),
    Rule(
        "date_has_basis",
        "date_basis is none exactly where published_date is null.",
        ("published_date", "date_basis"),
        lambda: (pl.col("date_basis") == "none") == pl.col("published_date").is_null(),
    ),
    Rule(
        "time_has_date",
        "published_date is not null where published_at is not null.",
        ("published_at", "published_date"),
        lambda: pl.col("published_at").is_null() | pl.col("published_date").is_not_null(),
    ),
    Rule(
        "offset_has_time",
        "utc_offset_minutes is null where published_at is null.",
        ("published_at", "utc_offset_minutes"),
        lambda: pl.col("published_at").is_not_null() | pl.col("utc_offset_minutes").is_null(),
    ),
    Rule(
        "date_is_local",
        "published_date is the day of published_at plus utc_offset_minutes.",
        ("published_at", "published_date", "utc_offset_minutes"),
        lambda: (
            (pl.col("published_at") + pl.duration(minutes=pl.col("utc_offset_minutes")))
            .dt.date()
            .eq(pl.col("published_date"))
            .fill_null(value=True)
        ),
    ),
    LANGUAGE_CONFIDENCE,
)


class Articles(Table, order=("published_date", "article_id"), rules=ARTICLE_RULES):
    """One row is an article: a text that a source published, with what is known about its publication."""

    article_id: Text = column(
        "The id of the article, made of its URL and its text.", key=True, prefix="art", references="texts.article_id"
    )
    source_id: Text = column(
        "The source that published the article. Null where none is known.",
        nullable=True,
        prefix="src",
        references="sources.source_id",
    )
    url: Text = column("The address of the article as the input gives it. Null where it gives none.", nullable=True)
    title: Text = column("The headline. Null where the input has none.", nullable=True)
    authors: TextList = column("The names of the authors in printed order; an empty list where none is known.")
    published_at: Moment = column(
        "The time of publication in UTC. Null where only the day or nothing is known.", nullable=True, unit="UTC"
    )
    published_date: Day = column(
        "The day of publication in the calendar of the source. Null where it is not known.", nullable=True
    )
    utc_offset_minutes: Number = column(
        "The offset of the source's clock to UTC, positive to the east. Null where the input gives none.",
        nullable=True,
        unit="minutes",
        at_least=-960,
        at_most=960,
    )
    date_basis: Text = column("Where the day of publication was found.", codes="article_date_basis")
    language: Text = column(
        "The language of most of the text, an ISO 639-1 code, zh-cn or zh-tw. Null where none is certain.",
        nullable=True,
        pattern=LANGUAGE,
    )
    language_confidence: Real = column(
        "How sure the language is, from 0 to 1. Null where the language is null.", nullable=True, at_least=0, at_most=1
    )
    char_count: Count = column("The length of the text.", unit="Unicode code points", at_least=1)
    word_count: Count = column("The number of words of the text.", unit="words", at_least=0)
    text_sha256: Text = column("The SHA-256 of the text as UTF-8, in hex.", pattern=SHA256)
    duplicate_of: Text = column(
        "The original that this article is a copy of: itself no copy, and the one published first (those without a time"
        " last, then by article_id), so that of two versions at one address the newer one refers to the older. Of"
        " several that it resembles, the one it resembles most. Null for an original and for what has no copy.",
        nullable=True,
        prefix="art",
        references="articles.article_id",
    )
    duplicate_kind: Text = column(
        "In which way it is a copy. Null where duplicate_of is null.", nullable=True, codes="duplicate_kinds"
    )
    duplicate_similarity: Real = column(
        "The estimated share of their runs of four words that it and its original have in common (Jaccard, MinHash),"
        " 1 for the same words. Null where duplicate_of is null, or where one has fewer than four words.",
        nullable=True,
        at_least=0,
        at_most=1,
    )
    input_uri: Text = column(
        "The file or address that the article was read from. Null where it came through a pipe.",
        nullable=True,
        public=False,
    )
    input_format: Text = column("The format that the article was read as: text, jsonl, html, warc and so on.")
    input_sha256: Text = column(
        "The SHA-256 of the bytes that the article was read from and of what decided how they were read, in hex: input "
        "that is known by it is not parsed again. Null where it is not known.",
        nullable=True,
        pattern=SHA256,
        public=False,
    )
    pipeline_version: Text = column("The version of the pipeline that made the row.")
    extra: Text = column(
        "The sender's fields that the pipeline does not know, a JSON object. Null where there are none.",
        nullable=True,
        public=False,
    )


class Texts(Table, public=False):
    """One row is the text of an article, exactly as read: every offset of the dataset points into it."""

    article_id: Text = column("The article.", key=True, prefix="art", references="articles.article_id")
    text: Text = column("The whole text.", public=False)


class Fingerprints(Table, public=False):
    """One row is what is kept of an article's words and address to find its copies: under 400 bytes."""

    article_id: Text = column("The article.", key=True, prefix="art", references="articles.article_id")
    words_hash: Text = column(
        "A hash of the text's words and numbers in order, in lower case and without punctuation (NFKC, casefold); with"
        " those of the title where they are fewer than 50. Null where it has none.",
        nullable=True,
        pattern=HASH,
    )
    address_hash: Text = column(
        "A hash of the URL without scheme, www, usual port, tracking parameters, fragment and final slash. Null where"
        " the article has none, or that of a site's front page.",
        nullable=True,
        pattern=HASH,
    )
    word_count: Count = column("How many words and numbers were compared.", unit="words", at_least=0)
    minhash: Text = column(
        "The MinHash of its runs of four words in hex: 126 slots of 16 bits, in bands of three. Null where it has fewer"
        " than four words.",
        nullable=True,
        pattern="^[0-9a-f]{504}$",
    )
    numbers: Text = column(
        "Hashes of its different numbers in hex, 16 bits each, the 32 smallest. Null where it has none.",
        nullable=True,
        pattern="^([0-9a-f]{4}){1,32}$",
    )


class Segments(
    Table,
    order=("article_id", "segment_no"),
    rules=(
        *span("char_start", "char_end"),
        LANGUAGE_CONFIDENCE,
        Rule(
            "source_only_of_post",
            "source_id is null in a segment that is no post.",
            ("kind", "source_id"),
            lambda: (pl.col("kind") == "post") | pl.col("source_id").is_null(),
        ),
        Rule(
            "posted_date_only_of_post",
            "posted_date is null in a segment that is no post.",
            ("kind", "posted_date"),
            lambda: (pl.col("kind") == "post") | pl.col("posted_date").is_null(),
        ),
    ),
):
    """One row is a block of an article's text: a headline, a caption, a paragraph, an embedded post."""

    article_id: Text = column("The article.", key=True, prefix="art", references="articles.article_id")
    segment_no: Number = column("The place of the segment in the article, counted from 0.", key=True, at_least=0)
    kind: Text = column("What the block is.", codes="segment_kinds")
    char_start: Offset = column("Where the block starts in the text.", unit="Unicode code points", at_least=0)
    char_end: Offset = column("Where the block ends in the text, exclusive.", unit="Unicode code points")
    language: Text = column(
        "The language of the block, an ISO 639-1 code. Null where none is certain.", nullable=True, pattern=LANGUAGE
    )
    language_confidence: Real = column(
        "How sure the language is, from 0 to 1. Null where the language is null.", nullable=True, at_least=0, at_most=1
    )
    source_id: Text = column(
        "The account that posted the block. Null for what is no post, or where the post names no account.",
        nullable=True,
        prefix="src",
        references="sources.source_id",
    )
    posted_date: Day = column(
        "The day that a post prints as its own. Null for what is no post, or where it prints none.", nullable=True
    )
