"""Public figures among the people of an article: who a name means on the day of publication, and what that tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.mention import SUPRANATIONAL
from flows.lexicons.people import FORMER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from flows.extract.identity import Actor
    from flows.extract.mention import Mention
    from flows.lexicons import Figure, People

PRIVATE: Final = frozenset({"AGR", "CVL", "LAB", "REF"})  # roles that no public figure is introduced by
OFFICES: Final = frozenset({"COP", "GOV", "JUD", "LEG", "MIL"})


def recognize(mentions: Sequence[Mention], people: People, day: date | None) -> None:
    """Mark the names that mean a public figure; one of unknown kind becomes a person's."""
    countries = {mention.country for mention in mentions if mention.country}
    for mention in mentions:
        if not _may_be_person(mention):
            continue
        figure = _figure(mention, people, day, countries)
        if figure is None or contradicts(mention, figure):
            continue
        mention.figure = figure
        if mention.type != "person" or mention.kind != "name":
            mention.type, mention.kind, mention.rule = "person", "name", "name.public"


def _may_be_person(mention: Mention) -> bool:
    if mention.kind == "acronym":
        return mention.type == "organization" and not mention.key
    return mention.kind == "name" and (mention.type in ("person", "unknown") or mention.rule == "name.place")


def _figure(mention: Mention, people: People, day: date | None, countries: set[str]) -> Figure | None:
    figure = people.find(mention.name, day)
    if figure is None and mention.head and mention.sector:
        named = {mention.country} if mention.country else countries
        figure = people.find_titled(mention.name, mention.sector, named, day)
    bare = mention.phrase_first == mention.first  # no "the Obamas"
    if figure is None and bare and mention.name[-1] == "s" and mention.scan.lexicon.noun_capitals:
        figure = people.find(mention.name[:-1], day)  # a genitive
    if figure is not None and mention.kind == "acronym" and mention.name not in figure.row:
        return None
    return figure


def contradicts(mention: Mention, figure: Figure) -> bool:
    """Whether the mention's own role is another person's: a private one, or another sector of another country."""
    if not mention.head or mention.sector in (None, FORMER):
        return False
    if mention.sector in {office.sector for office in figure.offices}:
        return False
    if mention.sector in PRIVATE:
        return True
    return mention.country is not None and mention.country not in figure.countries | SUPRANATIONAL


def differ(mention: Mention, actor: Actor) -> bool:
    """Whether the name's own role is a private one and the actor's an office, or the other way round."""
    if not mention.head or not mention.sector or not actor.heads or not actor.sector:
        return False
    pair = (mention.sector in PRIVATE, actor.sector in PRIVATE)
    return pair in ((True, False), (False, True)) and bool({mention.sector, actor.sector} & OFFICES)


def date_bodies(actors: Iterable[Actor], people: People, day: date | None) -> None:
    """Give organizations that were in arms, a party or the government by turns the sector of the day."""
    for actor in actors:
        if (body := people.bodies.get(actor.key)) is not None and actor.kind == "organization":
            actor.sector = body.standing(day)[0] or actor.sector


def introduce(actor: Actor, figure: Figure, day: date | None) -> None:
    """Give the actor the figure's key and name, and the standing of the day where the article's words give none."""
    sector, country = figure.standing(day)
    actor.key, actor.name, actor.gender = figure.key, figure.name, figure.gender
    if actor.country not in figure.countries | SUPRANATIONAL:
        actor.country = country
    actor.sector = actor.sector or sector
