"""The words of an article -> its home country, which its ministers, policemen and protesters have without saying so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.extract.actors import Actor
    from flows.extract.reading import Reading

STATE_SECTORS: Final = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY"})
SUPRANATIONAL: Final = frozenset({"IGO", "NGO", "MNC"})
# Votes of a word for its country: a country named as such is as often abroad as at home, its cities seldom are.
EVIDENCE: Final = {"country": 1, "demonym": 1, "capital": 2, "government": 2, "region": 3, "org": 3}
VOTING: Final = frozenset(EVIDENCE)
PUBLISHER: Final = 10  # votes of the publisher's country
HOME_LANGUAGE: Final = 4  # weight of a country whose press writes in the article's language
CERTAIN: Final = 0.6  # share of the votes that makes groups of people without a country the home country's


def settle_countries(
    actors: Sequence[Actor], readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None
) -> None:
    """Give the home country to state actors without a country, and where it is certain to groups too."""
    home, share = home_country(readings, language_countries, publisher)
    if home is None:
        return
    for actor in actors:
        if actor.country is None and (
            (actor.sector in STATE_SECTORS and actor.kind != "country") or (actor.kind == "group" and share >= CERTAIN)
        ):
            actor.country = home


def home_country(
    readings: Sequence[Reading], language_countries: frozenset[str], publisher: str | None
) -> tuple[str | None, float]:
    """The country with the most votes and its share of them; None without any."""
    votes: Counter[str] = Counter()
    if publisher:
        votes[publisher] += PUBLISHER
    for country, weight in _votes(readings):
        votes[country] += weight * (HOME_LANGUAGE if country in language_countries else 1)
    if not votes:
        return None, 0.0
    country, most = min(votes.items(), key=lambda item: (-item[1], item[0]))
    return country, most / votes.total()


def _votes(readings: Sequence[Reading]) -> Iterable[tuple[str, int]]:
    for reading in readings:
        for i, hit in enumerate(reading.scan.hits):
            if hit is None or hit.first != i or VOTING.isdisjoint(hit.senses):
                continue
            for kind, weight in EVIDENCE.items():
                found = hit.senses.get(kind)
                if found and found[0].country and found[0].country not in SUPRANATIONAL:
                    yield found[0].country, weight
                    break
