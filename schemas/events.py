"""Events: what one article reports, who takes part, the happening behind the reports, and the codebook."""

from typing import Final

import polars as pl

from schemas import vocab
from schemas.base import Table
from schemas.column import Count, Day, Moment, Number, Offset, Real, Text, TextList, column
from schemas.rules import Rule, span, together

QUAD_CLASSES: Final = (
    "The quad class: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict."
)
QUAD_CLASS: Final = {row["type"]: row["quad_class"] for row in vocab.event_types()}
INTENSITY: Final = {f"{row['type']}/{row['mode'] or ''}": row["intensity"] for row in vocab.event_types()}


def _type_and_mode() -> pl.Expr:
    return pl.concat_str(pl.col("type"), pl.lit("/"), pl.col("mode").fill_null(""))


MODE_OF_TYPE: Final = Rule(
    "mode_of_type",
    "mode is a mode of type in the codebook, or null.",
    ("type", "mode"),
    lambda: _type_and_mode().is_in(list(INTENSITY)),
)
ENDS_AFTER_START: Final = Rule(
    "date_start_before_date_end",
    "date_start is not later than date_end.",
    ("date_start", "date_end"),
    lambda: pl.col("date_start") <= pl.col("date_end"),
)
MENTION_RULES: Final = (
    *span("char_start", "char_end"),
    *span("trigger_start", "trigger_end", "trigger"),
    Rule(
        "trigger_in_evidence",
        "The trigger stands inside the evidence.",
        ("trigger_start", "trigger_end", "char_start", "char_end"),
        lambda: (pl.col("char_start") <= pl.col("trigger_start")) & (pl.col("trigger_end") <= pl.col("char_end")),
    ),
    MODE_OF_TYPE,
    Rule(
        "quad_class_of_type",
        "quad_class is that of type in the codebook.",
        ("type", "quad_class"),
        lambda: pl.col("type").replace_strict(QUAD_CLASS, default=None, return_dtype=pl.Int32) == pl.col("quad_class"),
    ),
    Rule(
        "intensity_of_mode",
        "intensity is that of type and mode in the codebook.",
        ("type", "mode", "intensity"),
        lambda: (
            _type_and_mode().replace_strict(INTENSITY, default=None, return_dtype=pl.Float64) == pl.col("intensity")
        ),
    ),
    together("date_start", "date_end", "date_granularity"),
    ENDS_AFTER_START,
    Rule(
        "date_has_basis",
        "date_basis is none exactly where date_start is null.",
        ("date_start", "date_basis"),
        lambda: (pl.col("date_basis") == "none") == pl.col("date_start").is_null(),
    ),
    Rule(
        "basis_has_expression",
        "date_expression is not null where date_basis is explicit or relative.",
        ("date_basis", "date_expression"),
        lambda: ~pl.col("date_basis").is_in(["explicit", "relative"]) | pl.col("date_expression").is_not_null(),
    ),
    Rule(
        "place_has_basis",
        "place_basis is none or statement exactly where place_name is null.",
        ("place_name", "place_basis"),
        lambda: pl.col("place_basis").is_in(["none", "statement"]) == pl.col("place_name").is_null(),
    ),
    Rule(
        "country_of_place",
        "place_country_code is null where place_name is null.",
        ("place_name", "place_country_code"),
        lambda: pl.col("place_name").is_not_null() | pl.col("place_country_code").is_null(),
    ),
    together("latitude", "longitude"),
    Rule(
        "coordinates_of_place",
        "latitude is null where place_name is null.",
        ("place_name", "latitude"),
        lambda: pl.col("place_name").is_not_null() | pl.col("latitude").is_null(),
    ),
)


class EventMentions(Table, order=("article_id", "trigger_start", "trigger_end"), rules=MENTION_RULES):
    """One row is one article's report of an event: the words that say so, and what they say."""

    event_mention_id: Text = column("The id of the report.", key=True, prefix="evm")
    event_id: Text = column("The happening that is reported.", prefix="evt", references="events.event_id")
    article_id: Text = column("The article.", prefix="art", references="articles.article_id")
    quote_id: Text = column(
        "The quote that reports the event. Null where the article does so in its own voice.",
        nullable=True,
        prefix="quo",
        references="quotes.quote_id",
    )
    char_start: Offset = column(
        "Where the evidence, the sentence that reports the event, starts in the text.",
        unit="Unicode code points",
        at_least=0,
    )
    char_end: Offset = column("Where the evidence ends in the text, exclusive.", unit="Unicode code points")
    trigger: Text = column("The words that name the event as printed.", span=("trigger_start", "trigger_end"))
    trigger_start: Offset = column("Where the trigger starts in the text.", unit="Unicode code points", at_least=0)
    trigger_end: Offset = column("Where the trigger ends in the text, exclusive.", unit="Unicode code points")
    type: Text = column("The PLOVER event type.", codes="event_types")
    mode: Text = column(
        "The PLOVER mode of the type. Null where none applies or the text does not tell.", nullable=True, codes="modes"
    )
    contexts: TextList = column(
        "The PLOVER contexts that the words themselves name, sorted; an empty list where they name none.",
        codes="contexts",
    )
    cameo_code: Text = column("The nearest CAMEO code.", codes="cameo")
    quad_class: Number = column(
        QUAD_CLASSES,
        at_least=1,
        at_most=4,
    )
    intensity: Real = column(
        "The PLOVER score of type and mode, from -10 (most hostile) to 10 (most friendly).", at_least=-10, at_most=10
    )
    realis: Text = column("Whether the text reports the event as having happened.", codes="realis")
    date_start: Day = column("The first day of the event. Null where the text gives no date for it.", nullable=True)
    date_end: Day = column(
        "The last day of the event, date_start for a single day. Null where date_start is null.", nullable=True
    )
    date_granularity: Text = column(
        "How exact the date is. Null where date_start is null.", nullable=True, codes="granularity"
    )
    date_expression: Text = column(
        'The words that give the date as printed ("este domingo"). Null where no words give it.', nullable=True
    )
    date_basis: Text = column("How the date was found.", codes="date_basis")
    place_name: Text = column(
        "The place of the event as printed. Null where the text gives none for this event.", nullable=True
    )
    place_country_code: Text = column(
        "The country of the place. Null where place_name is null or its country is not certain, as for a name that"
        " cities of several countries bear.",
        nullable=True,
        codes="countries",
    )
    latitude: Real = column(
        "The latitude of the place (WGS 84), a city of GeoNames (CC BY 4.0). Null for a country, a province or an"
        " area, and where it is not certain which city is meant.",
        nullable=True,
        unit="degrees",
        at_least=-90,
        at_most=90,
    )
    longitude: Real = column(
        "The longitude of the place (WGS 84). Null where latitude is null.",
        nullable=True,
        unit="degrees",
        at_least=-180,
        at_most=180,
    )
    place_basis: Text = column("Where the text gives the place, or why there is none.", codes="place_basis")
    rule: Text = column("The name of the rule that made the row.")
    confidence: Real = column("How sure the row is, from 0 to 1.", at_least=0, at_most=1)


class EventParticipants(Table, order=("event_mention_id", "role", "actor_id")):
    """One row is an actor's part in a reported event; a meeting has all its parties as actors and no recipient."""

    event_mention_id: Text = column("The report.", key=True, prefix="evm", references="event_mentions.event_mention_id")
    actor_id: Text = column("The actor that takes part.", key=True, prefix="act", references="actors.actor_id")
    actor_mention_id: Text = column(
        "The place where the text names the actor in this part. Null where it is only implied.",
        nullable=True,
        prefix="men",
        references="actor_mentions.actor_mention_id",
    )
    role: Text = column("The part that the actor has.", key=True, codes="roles")


class Events(
    Table,
    order=("date_start", "type", "mode"),
    merged=True,
    derived=True,
    rules=(
        MODE_OF_TYPE,
        together("date_start", "date_end"),
        ENDS_AFTER_START,
        Rule(
            "articles_within_mentions",
            "article_count is not greater than mention_count.",
            ("article_count", "mention_count"),
            lambda: pl.col("article_count") <= pl.col("mention_count"),
        ),
        Rule(
            "sources_within_articles",
            "source_count is not greater than article_count.",
            ("source_count", "article_count"),
            lambda: pl.col("source_count") <= pl.col("article_count"),
        ),
    ),
):
    """One row is a happening, however many articles report it."""

    event_id: Text = column("The id of the event, made of its first report's.", key=True, prefix="evt")
    type: Text = column("The PLOVER event type.", codes="event_types")
    mode: Text = column(
        "The PLOVER mode of the type. Null where none applies or no report tells.", nullable=True, codes="modes"
    )
    date_start: Day = column(
        "The first day of the event, as narrow as its articles agree on. Null where no report dates it.", nullable=True
    )
    date_end: Day = column("The last day of the event. Null where date_start is null.", nullable=True)
    place_country_code: Text = column(
        "The country where it happened. Null where no report tells.", nullable=True, codes="countries"
    )
    mention_count: Count = column(
        "How many reports the event has, in copies of an article too.", unit="reports", at_least=1
    )
    article_count: Count = column(
        "How many articles report it, an article and its copies counted once.", unit="articles", at_least=1
    )
    source_count: Count = column(
        "How many publishers those articles have, without the publishers of copies.", unit="sources", at_least=0
    )
    first_reported_at: Moment = column(
        "The time in UTC of the earliest article that reports it, midnight where only its day is known. Null where none"
        " is dated.",
        nullable=True,
        unit="UTC",
    )
    cluster_rule: Text = column("The rule that made one event of these reports.", codes="cluster_rules")


class EventTypes(Table, order=("type", "mode"), merged=True, derived=True, rules=(MODE_OF_TYPE,)):
    """One row is a type of event, or one of its modes, in the codebook that the dataset was made with."""

    type: Text = column("The PLOVER event type.", key=True, codes="event_types")
    mode: Text = column("The mode. Null in the row of the type itself.", key=True, nullable=True, codes="modes")
    quad_class: Number = column(
        QUAD_CLASSES,
        at_least=1,
        at_most=4,
    )
    intensity: Real = column("The score, from -10 (most hostile) to 10 (most friendly).", at_least=-10, at_most=10)
    cameo_code: Text = column("The nearest CAMEO code.", codes="cameo")
    definition: Text = column("What counts as this type or mode.")
    codebook: Text = column("The codebook that the type comes from.")
    version: Text = column("The version of our edition of the codebook.")
    note: Text = column("Where our edition departs from the published one, and why. Null where not.", nullable=True)
