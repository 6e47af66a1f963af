"""The default engine: lexicons and grammar, no model; block by block, then actors over the whole article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.extract import sources
from flows.extract.actors import Cast
from flows.extract.date_finder import Around
from flows.extract.date_order import order_of
from flows.extract.datelines import find_dateline
from flows.extract.dates import DateMention, find_dates
from flows.extract.events import find_events
from flows.extract.home import settle_countries
from flows.extract.insertions import cut_insertions
from flows.extract.quotes import find_quotes
from flows.extract.reading import Reading, read_blocks
from flows.extract.results import Extraction, Source
from flows.extract.scan import Scan
from flows.extract.whereabouts import settle_places
from flows.lexicons import Lexicon, languages, load, people

if TYPE_CHECKING:
    from flows.extract.date_values import Meaning
    from flows.model import Article


def extract(article: Article) -> Extraction:
    """Quotes, actors, sources, dates and events of one article."""
    readings = read_blocks(
        article.text, [(block, lexicon_of(block.language or article.language)) for block in article.blocks]
    )
    for reading in readings:
        cut_insertions(reading)
    dateline = find_dateline(readings)
    if dateline is not None:
        dateline.set_apart()
    mentions = [m for reading in readings for m in reading.mentions]
    particles = frozenset[str]().union(*(r.scan.lexicon.name_particles for r in readings))
    cast = Cast(mentions, particles, people(), article.published_date)
    publisher = sources.outlet(article)
    home = lexicon_of(article.language).countries
    settle_countries(cast, readings, home, publisher.country if publisher else None)
    cast.gather()
    accounts = {
        n: sources.account(block.account) for n, block in enumerate(article.blocks) if block.account is not None
    }
    dates = _dates(article, readings, publisher.country if publisher else None)
    quotes = find_quotes(readings, cast, accounts, dates)
    events = find_events(readings, cast, dates, quotes, article)
    settle_places(events, readings, dateline, publisher.country if publisher else None, home)
    listed = [*([publisher] if publisher else []), *accounts.values(), *sources.agencies(readings)]
    known = {s.source_id for s in listed}
    listed += [s for s in sources.mentioned_accounts(mentions) if s.source_id not in known]
    return Extraction(
        article_source=publisher,
        sources=_unique(listed),
        block_sources=accounts,
        actors=cast.actors,
        mentions=[m for m in cast.mentions if m.actor >= 0],
        quotes=quotes,
        events=events,
        dates=dates,
    )


def lexicon_of(language: str | None) -> Lexicon:
    """The language's lexicon, or the one that all languages share where it has none."""
    return load(language if language in languages() else None)


def _dates(article: Article, readings: list[Reading], country: str | None) -> list[DateMention]:
    first = order_of(article.text, article.language, country)
    found: list[DateMention] = []
    named: Meaning | None = None
    for reading in readings:
        is_post = reading.block.kind == "post"
        anchor = reading.block.posted or article.published_date
        here = find_dates(reading.scan, Around(anchor, first, None if is_post else named))
        found.extend(here)
        if not is_post:
            named = next((d.meaning for d in reversed(here) if d.last), named)
        elif reading.block.body_end is not None:
            found.extend(_signature_date(article, reading))
    return sorted(found, key=lambda d: (d.char_start, d.char_end))


def _signature_date(article: Article, reading: Reading) -> list[DateMention]:
    """The date that signs a post, which may be in the article's language and not in the post's."""
    block = reading.block
    start = block.body_end if block.body_end is not None else block.end
    scan = Scan(article.text, lexicon_of(article.language), start, block.end)
    return find_dates(scan, Around(block.posted))


def _unique(found: list[Source]) -> list[Source]:
    """One row per source; the first one's name stands."""
    by_id: dict[str, Source] = {}
    for source in found:
        by_id.setdefault(source.source_id, source)
    return list(by_id.values())
