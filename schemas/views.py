"""The DuckDB views that answer the first questions without a join."""

from typing import Final

import duckdb

from schemas.happening_views import COUNTRY_DAY, EVENTS_BETWEEN, TIMELINE
from schemas.sql import identifier
from schemas.viewing import ARTICLE, FROM_ARTICLE, PARTIES, PARTY, View, view


def views(*, public: bool = False) -> dict[str, View]:
    """The views by name.

    Args:
        public: of a release, which has `snippets` in place of `texts`.
    """
    return {
        "quotes_with_speakers": QUOTES_WITH_SPEAKERS,
        "utterances": UTTERANCES,
        "event_reports": _event_reports(public=public),
        "timeline": TIMELINE,
        "country_day": COUNTRY_DAY,
        "who_spoke_about_what": WHO_SPOKE_ABOUT_WHAT,
        "copies": COPIES,
    }


def macros() -> dict[str, View]:
    """The table macros by name: views that are called with arguments."""
    return {"events_between": EVENTS_BETWEEN}


def create_views(con: duckdb.DuckDBPyConnection, *, public: bool = False) -> None:
    """Create the views and macros over the tables that the connection has, or replace them."""
    for name, made in views(public=public).items():
        con.execute(f"CREATE OR REPLACE VIEW {identifier(name)} AS {made.sql}")
    for name, made in macros().items():
        parameters = ", ".join(made.parameters)
        con.execute(f"CREATE OR REPLACE MACRO {identifier(name)}({parameters}) AS TABLE {made.sql}")


QUOTES_WITH_SPEAKERS: Final = view(
    "One row is a quote with its speaker, the speaker's role as printed, and the article that has it; copies of an"
    " article have its quotes again, so count WHERE NOT is_copy.",
    {
        "quote": "q.text",
        "speaker": ("speaker.name", "The name of the speaker. Null where the text does not tell who said it."),
        "speaker_kind": "speaker.kind",
        "speaker_country_code": "speaker.country_code",
        "speaker_sector_code": "speaker.sector_code",
        "speaker_role_text": (
            "role.role_text",
            'The first role that the article prints beside the name ("el canciller"). Null where it prints none.',
        ),
        "speaker_surface": "q.speaker_surface",
        "cue": "q.cue",
        "kind": "q.kind",
        "stance_code": "q.stance_code",
        "language": "q.language",
        "said_date": "q.said_date",
        "account": (
            "account.handle",
            "The handle of the account that posted the words. Null for what was not posted.",
        ),
        **ARTICLE,
        "confidence": "q.confidence",
        "quote_id": "q.quote_id",
        "speaker_actor_id": "q.speaker_actor_id",
    },
    f"""FROM quotes q
{FROM_ARTICLE}
LEFT JOIN actors speaker ON speaker.actor_id = q.speaker_actor_id
LEFT JOIN sources account ON account.source_id = q.source_id
LEFT JOIN (
    SELECT article_id, actor_id, first(role_text ORDER BY char_start, char_end) AS role_text
    FROM actor_mentions WHERE role_text IS NOT NULL GROUP BY article_id, actor_id
) role ON role.article_id = q.article_id AND role.actor_id = q.speaker_actor_id
ORDER BY a.published_date, q.article_id, q.char_start, q.quote_id""",  # noqa: S608 - no value from outside
)


UTTERANCES: Final = view(
    "One row is what somebody said in one go: the parts of a quote that its own speaker's clause breaks are joined."
    " Count WHERE NOT is_copy.",
    {
        "utterance": (
            "string_agg(q.text, ' … ' ORDER BY q.char_start)",
            "The words of all parts in order, with … for what stands between them.",
        ),
        "parts": ("count(*)", "How many parts it has in the text."),
        "speaker": (
            "any_value(speaker.name)",
            "The name of the speaker. Null where the text does not tell who said it.",
        ),
        "kind": ("any_value(q.kind)", "How the words are quoted."),
        "stance_code": ("any_value(q.stance_code)", "What the speaker does by saying it."),
        "char_start": ("min(q.char_start)", "Where the first part starts in the text, in Unicode code points."),
        "char_end": ("max(q.char_end)", "Where the last part ends in the text, exclusive, in Unicode code points."),
        "article_id": "q.article_id",
        "is_copy": ("bool_or(a.duplicate_of IS NOT NULL)", ARTICLE["is_copy"][1]),
        "speaker_actor_id": "q.speaker_actor_id",
        "utterance_id": "q.utterance_id",
    },
    """FROM quotes q
JOIN articles a USING (article_id)
LEFT JOIN actors speaker ON speaker.actor_id = q.speaker_actor_id
GROUP BY q.article_id, q.speaker_actor_id, q.utterance_id
ORDER BY q.article_id, char_start, q.utterance_id""",
)


def _event_reports(*, public: bool) -> View:
    sentence = "substr(t.text, m.char_start + 1, m.char_end - m.char_start)"  # substr counts code points, as we do
    held = "LEFT JOIN snippets snippet USING (event_mention_id)" if public else "LEFT JOIN texts t USING (article_id)"
    return view(
        "One row is one article's report of an event, with those who take part and the sentence that says so; copies of"
        " an article report it again, so count WHERE NOT is_copy.",
        {
            "type": "m.type",
            "mode": "m.mode",
            "realis": "m.realis",
            "date_start": "m.date_start",
            "date_end": "m.date_end",
            "date_granularity": "m.date_granularity",
            "date_expression": "m.date_expression",
            "date_basis": "m.date_basis",
            **PARTY,
            "place_name": "m.place_name",
            "place_country_code": "m.place_country_code",
            "contexts": "m.contexts",
            "cameo_code": "m.cameo_code",
            "quad_class": "m.quad_class",
            "intensity": "m.intensity",
            "trigger": "m.trigger",
            "evidence": (
                "snippet.evidence" if public else sentence,
                "The sentence that reports the event as printed. Null where it may not be shared."
                if public
                else "The sentence that reports the event as printed.",
            ),
            "language": "a.language",
            **ARTICLE,
            "confidence": "m.confidence",
            "event_mention_id": "m.event_mention_id",
            "event_id": "m.event_id",
            "quote_id": "m.quote_id",
        },
        f"""FROM event_mentions m
{FROM_ARTICLE}
{held}
{PARTIES.format(key="event_mention_id", joined="")}
ORDER BY a.published_date, m.article_id, m.trigger_start, m.event_mention_id""",
    )


LINK: Final = """CASE WHEN m.quote_id = q.quote_id THEN 'quote'
        WHEN m.char_start < q.char_end AND q.char_start < m.char_end THEN 'sentence' ELSE 'article' END"""
WHO_SPOKE_ABOUT_WHAT: Final = view(
    "One row is a quote with a known speaker beside an event that the same article reports. `link` says how near they"
    " are; nothing here claims that the speaker meant that event: only `quote` is certain, `article` is mere company."
    " Count WHERE NOT is_copy.",
    {
        "speaker": "speaker.name",
        "speaker_country_code": "speaker.country_code",
        "speaker_part": (
            "part.role",
            "The speaker's own part in the event, actor or recipient; actor where both. Null for none.",
        ),
        "quote": "q.text",
        "stance_code": "q.stance_code",
        "said_date": "q.said_date",
        "link": (
            LINK,
            "quote: the quoted words report it; sentence: in the sentence that does; article: elsewhere in it.",
        ),
        "event_type": "m.type",
        "event_mode": "m.mode",
        "realis": "m.realis",
        "event_date": "m.date_start",
        "trigger": "m.trigger",
        **ARTICLE,
        "quote_id": "q.quote_id",
        "speaker_actor_id": "q.speaker_actor_id",
        "event_mention_id": "m.event_mention_id",
        "event_id": "m.event_id",
    },
    f"""FROM quotes q
{FROM_ARTICLE}
JOIN actors speaker ON speaker.actor_id = q.speaker_actor_id
JOIN event_mentions m ON m.article_id = q.article_id
LEFT JOIN (
    SELECT event_mention_id, actor_id, min(role) AS role FROM event_participants GROUP BY event_mention_id, actor_id
) part ON part.event_mention_id = m.event_mention_id AND part.actor_id = q.speaker_actor_id
ORDER BY a.published_date, q.article_id, q.char_start, q.quote_id, m.trigger_start, m.event_mention_id""",  # noqa: S608 - no value from outside
)


COPIES: Final = view(
    "One row is an article that is a copy of another, beside its original: the same words, another version at the same"
    " address, or nearly the same text.",
    {
        "duplicate_kind": "c.duplicate_kind",
        "duplicate_similarity": "c.duplicate_similarity",
        "outlet": ("publisher.name", "The name of the source that published the copy. Null where none is known."),
        "title": "c.title",
        "url": "c.url",
        "published_at": "c.published_at",
        "published_date": "c.published_date",
        "original_outlet": (
            "outlet.name",
            "The name of the source that published the original. Null where none is known.",
        ),
        "original_title": "a.title",
        "original_url": "a.url",
        "original_published_at": "a.published_at",
        "original_published_date": "a.published_date",
        "article_id": "c.article_id",
        "original_id": "a.article_id",
    },
    """FROM articles c
JOIN articles a ON a.article_id = c.duplicate_of
LEFT JOIN sources outlet ON outlet.source_id = a.source_id
LEFT JOIN sources publisher ON publisher.source_id = c.source_id
ORDER BY a.published_date, a.article_id, c.published_date, c.article_id""",
)
