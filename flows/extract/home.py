"""The words of an article -> its home country, which its ministers, policemen and protesters have without saying so."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from flows.extract.mention import STATE_SECTORS, SUPRANATIONAL
from flows.extract.phrases import same_sentence, skip_determiners
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.extract.actors import Cast
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

# Votes of a word for its country: a country named as such is as often abroad as at home, its cities seldom are.
EVIDENCE: Final = {"country": 1, "demonym": 1, "capital": 2, "government": 1, "region": 3, "org": 3}
EVIDENCED: Final = bits(*EVIDENCE)
PUBLISHER: Final = 10  # votes of the publisher's country
HOME_LANGUAGE: Final = 4  # weight of a country whose press writes in the article's language
LIKELY: Final = 0.5  # share of the votes that makes a state's servants the home country's
CERTAIN: Final = 0.75  # and everybody of whom nothing else is said, where there are as many votes as
ENOUGH: Final = 2
ABROAD: Final = frozenset({"MIL", "REB", "PRM", "UAF"})  # fighters are often not from where they fight


def settle_countries(
    cast: Cast, readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None
) -> None:
    """Give actors without a country the one they are in, else home: a state's servants, where certain the rest too."""
    roles = [mention for mention in cast.mentions if mention.actor >= 0 and mention.kind == "role"]
    for mention in roles:
        if mention.sector not in ABROAD:
            actor = cast.actors[mention.actor]
            actor.country = actor.country or _located(mention)
    for first, second in pairwise(roles):
        if _joined(first, second):
            one, other = cast.actors[first.actor], cast.actors[second.actor]
            one.country = one.country or other.country
            other.country = other.country or one.country
    votes = home_votes(readings, language_countries, publisher)
    if not votes:
        return
    home, most = max(votes.items(), key=lambda item: item[1])
    if list(votes.values()).count(most) > 1:
        return
    share = most / votes.total()
    for actor in cast.actors:
        if actor.country is not None or actor.kind == "country":
            continue
        serves = actor.sector in STATE_SECTORS and share >= LIKELY
        settled = actor.kind == "group" or actor.sector not in ABROAD
        if serves or (settled and share >= CERTAIN and most >= ENOUGH):
            actor.country = home


def _joined(first: Mention, second: Mention) -> bool:
    """Whether two groups share their adjectives: "farmers and students", "campesinos e indígenas ecuatorianos"."""
    scan, joint = first.scan, first.last
    if first.type != "group" or second.type != "group" or second.scan is not scan:
        return False
    return joint + 1 == second.phrase_first == second.first and "and" in scan.classes(joint)


def _located(mention: Mention) -> str | None:
    """The country of the place that an in-phrase right behind the mention names ("students in Chile")."""
    scan, last = mention.scan, max(mention.last, mention.phrase_last)
    if last >= len(scan) or "in" not in scan.classes(last):
        return None
    j = skip_determiners(scan, scan.next_after(last))
    if j >= len(scan) or not scan.caps[j] or not same_sentence(scan, j, mention.first):
        return None
    places = (scan.sense(j, kind) for kind in ("country", "capital", "region"))
    return next((place.country for place in places if place is not None), None)


def home_votes(readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None) -> Counter[str]:
    """The votes for each country that the words speak for."""
    votes: Counter[str] = Counter()
    if publisher:
        votes[publisher] += PUBLISHER
    for country, weight in _votes(readings):
        votes[country] += weight * (HOME_LANGUAGE if country in language_countries else 1)
    return votes


def _votes(readings: Sequence[Reading]) -> Iterable[tuple[str, int]]:
    for reading in readings:
        for i in reading.scan.having(EVIDENCED):
            hit = reading.scan.hits[i]
            if hit is None or _in_name(reading.mention_at[i], i):
                continue
            for kind, weight in EVIDENCE.items():
                found = hit.senses.get(kind)
                if found and found[0].country and found[0].country not in SUPRANATIONAL:
                    if says := _says(reading, i, found[0]):
                        yield found[0].country, weight * says
                    break


def _in_name(mention: Mention | None, i: int) -> bool:
    """Whether token i is part of a person's name: "Ivo Lima" says nothing of Lima."""
    return mention is not None and mention.type == "person" and mention.kind == "name" and i >= mention.first


def _says(reading: Reading, i: int, sense: Sense) -> int:
    """How much the word tells of home: "his Danish counterpart" is from abroad, "the Danish army" is not."""
    if sense.kind == "org":
        return sense.sector in STATE_SECTORS
    if sense.kind != "demonym":
        return 1
    mention = reading.mention_at[i]
    if mention is None and i + 1 < len(reading.scan):
        mention = reading.mention_at[i + 1] or (reading.mention_at[i - 1] if i else None)
    if mention is None:
        return 1
    return 2 if mention.type == "organization" else mention.type != "person"
