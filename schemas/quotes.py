"""Words that the articles attribute to somebody."""

from schemas.base import Table
from schemas.column import LANGUAGE, Day, Flag, Offset, Real, Text, column
from schemas.rules import span, together


class Quotes(
    Table,
    order=("article_id", "char_start", "char_end"),
    rules=(
        *span("char_start", "char_end", "text"),
        *span("speaker_start", "speaker_end", "speaker_surface"),
        together("speaker_surface", "speaker_start", "speaker_end"),
    ),
):
    """One row is a stretch of an article's text that it attributes to a speaker, an account or nobody by name."""

    quote_id: Text = column(
        "The id of the quote. What a headline or a pull quote repeats of its words has no row of its own.",
        key=True,
        prefix="quo",
    )
    article_id: Text = column("The article.", prefix="art", references="articles.article_id")
    char_start: Offset = column(
        "Where the quoted words start in the text, after the mark.", unit="Unicode code points", at_least=0
    )
    char_end: Offset = column(
        "Where the quoted words end in the text, before the mark, exclusive.", unit="Unicode code points"
    )
    text: Text = column("The quoted words as printed, without the marks.", span=("char_start", "char_end"))
    is_open: Flag = column(
        "Whether no mark closes the quote: the text is cut before its end, or the mark was forgotten."
    )
    utterance_id: Text = column(
        'The id of the first part of the utterance: parts that the speaker\'s clause parts ("…", she said, "…") have'
        " one. Of a quote in one part, its own id.",
        prefix="quo",
        references="quotes.quote_id",
    )
    kind: Text = column("How the words are quoted.", codes="quote_kinds")
    language: Text = column(
        "The language of the words, an ISO 639-1 code. Null where none is certain.", nullable=True, pattern=LANGUAGE
    )
    speaker_actor_id: Text = column(
        "The actor who said it. Null where the text does not tell who.",
        nullable=True,
        prefix="act",
        references="actors.actor_id",
    )
    speaker_surface: Text = column(
        "The words that name the speaker as printed. Null where the text has none.",
        nullable=True,
        span=("speaker_start", "speaker_end"),
    )
    speaker_start: Offset = column(
        "Where those words start in the text. Null where the text has none.",
        nullable=True,
        unit="Unicode code points",
        at_least=0,
    )
    speaker_end: Offset = column(
        "Where those words end in the text, exclusive. Null where the text has none.",
        nullable=True,
        unit="Unicode code points",
    )
    cue: Text = column(
        'The word that introduces the speech as printed ("declaró"). Null where there is none.', nullable=True
    )
    stance_code: Text = column("What the speaker does by saying it.", codes="stances")
    source_id: Text = column(
        "The account that posted the words. Null for what was not posted.",
        nullable=True,
        prefix="src",
        references="sources.source_id",
    )
    said_date: Day = column("The day on which it was said. Null where the text does not tell.", nullable=True)
    rule: Text = column("The name of the rule that made the row.")
    confidence: Real = column("How sure the row is, from 0 to 1.", at_least=0, at_most=1)
