"""How sure a quote's speaker is: the share of such speakers that is right, measured on the annotated articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flows.extract.results import Quote

NOBODY: Final = 0.35  # the text leaves the speaker out, or words of another kind hide him
# Shares of a speaker who is named, by the rule that found him.
BY_RULE: Final = {
    "quote.according": 0.95,
    "quote.colon": 0.8,
    "quote.continued": 0.85,
    "quote.cue_before": 0.95,
    "quote.cue_behind": 0.95,
    "quote.cue_colon": 0.95,
    "quote.post": 0.95,
    "quote.sentence_before": 0.8,
    "quote.sentence_behind": 0.85,
    "quote.sentence_subject": 0.55,
    "quote.signed": 0.95,
    "quote.speech_noun": 0.5,
    "quote.subject_beside": 0.6,
    "quote.topic": 0.85,
    "quote.topic_before": 0.5,
    "reported.according": 0.95,
    "reported.as": 0.95,
    "reported.bare": 0.95,
    "reported.behind": 0.95,
    "reported.going_on": 0.9,
    "reported.infinitive": 0.95,
    "reported.mood": 0.95,
    "reported.that": 0.95,
}
# What is left of that where the text does not name the speaker: who is meant is a second question.
BY_KIND: Final = {"name": 1.0, "acronym": 1.0, "handle": 1.0, "role": 0.8, "pronoun": 0.75}
THING: Final = 0.6  # "the report", which makes no actor


def certainty(quote: Quote) -> float:
    """The expected share of right speakers among quotes of the same rule, named in the same way.

    Raises:
        KeyError: the rule is not in BY_RULE.
    """
    if quote.speaker is None and quote.actor < 0 and quote.kind != "post":
        return NOBODY
    share = BY_RULE[quote.rule]
    if quote.speaker is None:
        return share
    kept = THING if quote.speaker.type == "thing" else BY_KIND[quote.speaker.kind]
    return round(share * kept, 2)
