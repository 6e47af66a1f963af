"""An article's metadata, bylines and posts -> its sources: outlet, agencies and social accounts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flows.extract.results import Source
from flows.ids import content_id, fold
from flows.lexicons import shared
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons.named import Outlet
    from flows.model import Account, Article

CREDIT_BLOCKS: Final = frozenset({"byline", "header", "caption"})
AGENCIES: Final = bits("agency")


def outlet(article: Article) -> Source | None:
    """The publisher by the sender's word or the address; None when neither is given."""
    domain = _domain(article.url)
    if article.source is None and domain is None:
        return None
    by_name, by_domain = _outlets()
    known = by_name.get(fold(article.source)) if article.source else None
    known = known or (by_domain.get(domain) if domain else None)
    name = article.source or (known.name if known else domain) or ""
    domain = domain or (known.domain if known else None)
    kind = "outlet" if known or article.source else "unknown"
    key = domain or fold(name)
    return Source(content_id("src", "outlet", key), kind, name, domain=domain, country=known.country if known else None)


def account(found: Account) -> Source:
    """A social account: platform and handle make it, whatever name it shows."""
    source_id = content_id("src", "social_account", found.platform, found.handle.casefold())
    return Source(source_id, "social_account", found.name, platform=found.platform, handle=found.handle)


def agencies(readings: Sequence[Reading]) -> list[Source]:
    """News agencies that a byline, a caption or a bracket at the beginning or end of a paragraph credits."""
    found: dict[str, Source] = {}
    for reading in readings:
        scan = reading.scan
        credit = reading.block.kind in CREDIT_BLOCKS
        for k in scan.having(AGENCIES):
            hit = scan.hits[k]
            if hit is None:
                continue
            sense = hit.senses["agency"][0]
            bracketed = k > 0 and scan.words[k - 1] == "(" and hit.last < len(scan) and scan.words[hit.last] == ")"
            if credit or bracketed:
                source_id = content_id("src", "agency", sense.key)
                domain = _agency_domains().get(sense.key)
                found[source_id] = Source(source_id, "agency", sense.name, domain=domain, country=sense.country)
    return list(found.values())


def mentioned_accounts(mentions: Sequence[Mention], platform: str = "x") -> list[Source]:
    """Accounts named by their handle in the text; the handle stands for the name."""
    names: dict[str, Source] = {}
    for mention in mentions:
        if mention.kind == "handle":
            source_id = content_id("src", "social_account", platform, mention.name.casefold())
            source = Source(source_id, "social_account", mention.name, platform=platform, handle=mention.name)
            names.setdefault(source_id, source)
    return list(names.values())


def _domain(url: str | None) -> str | None:
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


@lru_cache(maxsize=1)
def _outlets() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    """The known outlets by folded name and by domain."""
    by_name: dict[str, Outlet] = {}
    by_domain: dict[str, Outlet] = {}
    for row in shared().agencies.outlet:
        for form in (row.name, *row.forms):
            by_name.setdefault(fold(form), row)
        if row.domain:
            by_domain.setdefault(row.domain, row)
    return by_name, by_domain


@lru_cache(maxsize=1)
def _agency_domains() -> dict[str, str | None]:
    return {row.key: row.domain for row in shared().agencies.agency}
