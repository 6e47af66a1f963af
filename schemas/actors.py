"""Actors, and the places where the texts name them."""

from typing import Final

import polars as pl

from schemas.base import Table
from schemas.column import Offset, Text, TextList, column
from schemas.rules import Rule, span

COUNTRY: Final = Rule(
    "country_has_code",
    "An actor of kind country has a country_code.",
    ("kind", "country_code"),
    lambda: (pl.col("kind") != "country") | pl.col("country_code").is_not_null(),
)


class Actors(Table, order=("name",), merged=True, rules=(COUNTRY,)):
    """One row is a person, an organization, a group of people or a country that the articles name."""

    actor_id: Text = column("The id of the actor.", key=True, prefix="act")
    name: Text = column("The usual name of a well-known actor, else the fullest that the articles give.")
    kind: Text = column("What the actor is.", codes="actor_kinds")
    country_code: Text = column(
        "The country that the actor belongs to, or IGO, NGO or MNC. Null where the articles do not tell.",
        nullable=True,
        codes="actor_countries",
    )
    sector_code: Text = column(
        "The PLOVER sector of the actor. Null where the articles do not tell.", nullable=True, codes="sectors"
    )
    aliases: TextList = column("The other names that the articles use, sorted; an empty list where there are none.")


class ActorMentions(
    Table, order=("article_id", "char_start", "char_end"), rules=span("char_start", "char_end", "surface")
):
    """One row is one place where the text of an article names an actor."""

    actor_mention_id: Text = column("The id of the mention.", key=True, prefix="men")
    article_id: Text = column("The article.", prefix="art", references="articles.article_id")
    actor_id: Text = column("The actor that is meant.", prefix="act", references="actors.actor_id")
    char_start: Offset = column("Where the mention starts in the text.", unit="Unicode code points", at_least=0)
    char_end: Offset = column("Where the mention ends in the text, exclusive.", unit="Unicode code points")
    surface: Text = column("The words of the mention as printed.", span=("char_start", "char_end"))
    kind: Text = column("How the text names the actor.", codes="mention_kinds")
    role_text: Text = column(
        'The role or office as printed beside the name ("el canciller"). Null where there is none.', nullable=True
    )
    rule: Text = column("The name of the rule that made the row.")
