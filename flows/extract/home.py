"""The words of an article -> its home country, which its ministers, policemen and protesters have without saying so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.extract.actors import Actor
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

STATE_SECTORS: Final = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY"})
SUPRANATIONAL: Final = frozenset({"IGO", "NGO", "MNC"})
# Votes of a word for its country: a country named as such is as often abroad as at home, its cities seldom are.
EVIDENCE: Final = {"country": 1, "demonym": 1, "capital": 2, "government": 1, "region": 3, "org": 3}
PUBLISHER: Final = 10  # votes of the publisher's country
HOME_LANGUAGE: Final = 4  # weight of a country whose press writes in the article's language
LIKELY: Final = 0.5  # share of the votes that makes a state's servants the home country's
CERTAIN: Final = 0.75  # and groups of people too, where there are as many votes as
ENOUGH: Final = 3


def settle_countries(
    actors: Sequence[Actor], readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None
) -> None:
    """Give the home country to state actors without a country, and where it is certain to groups too."""
    votes = home_votes(readings, language_countries, publisher)
    if not votes:
        return
    home, most = min(votes.items(), key=lambda item: (-item[1], item[0]))
    share = most / votes.total()
    for actor in actors:
        if actor.country is not None or actor.kind == "country":
            continue
        serves = actor.sector in STATE_SECTORS and share >= LIKELY
        if serves or (actor.kind == "group" and share >= CERTAIN and most >= ENOUGH):
            actor.country = home


def home_votes(
    readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None
) -> Counter[str]:
    """The votes for each country that the words speak for."""
    votes: Counter[str] = Counter()
    if publisher:
        votes[publisher] += PUBLISHER
    for country, weight in _votes(readings):
        votes[country] += weight * (HOME_LANGUAGE if country in language_countries else 1)
    return votes


def _votes(readings: Sequence[Reading]) -> Iterable[tuple[str, int]]:
    for reading in readings:
        for i, hit in enumerate(reading.scan.hits):
            if hit is None or hit.first != i:
                continue
            for kind, weight in EVIDENCE.items():
                found = hit.senses.get(kind)
                if found and found[0].country and found[0].country not in SUPRANATIONAL:
                    if _speaks(reading, i, found[0]):
                        yield found[0].country, weight
                    break


def _speaks(reading: Reading, i: int, sense: Sense) -> bool:
    """Whether the word tells where the article is at home: "his German counterpart" is from abroad, firms are anywhere."""
    if sense.kind == "org":
        return sense.sector in STATE_SECTORS
    mention = reading.mention_at[i]
    if sense.kind == "demonym" and mention is None and i + 1 < len(reading.scan):
        mention = reading.mention_at[i + 1] or (reading.mention_at[i - 1] if i else None)
    return sense.kind != "demonym" or mention is None or mention.type != "person"
