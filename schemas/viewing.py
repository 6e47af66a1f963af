"""What views are made of: columns with their descriptions, the article behind a row, the parties of an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.sql import identifier
from schemas.tables import columns

# The table behind each alias of the queries: a column shown as it stands has the description that its table gives.
ALIASES: Final[Mapping[str, str]] = {
    "q": "quotes",
    "m": "event_mentions",
    "e": "events",
    "a": "articles",
    "speaker": "actors",
    "c": "articles",
    "snippet": "snippets",
}
Shown = Mapping[str, str | tuple[str, str]]  # name -> "alias.column", or an expression and its description


@dataclass(frozen=True, slots=True)
class View:
    """A view: its query, and what the view and its columns mean; with parameters it is a table macro."""

    comment: str
    sql: str
    columns: dict[str, str]
    parameters: tuple[str, ...] = ()


ARTICLE: Final[Shown] = {
    "title": "a.title",
    "url": "a.url",
    "published_date": "a.published_date",
    "outlet": ("outlet.name", "The name of the source that published the article. Null where none is known."),
    "article_id": "a.article_id",
    "is_copy": (
        "a.duplicate_of IS NOT NULL",
        "Whether the article is a copy of another one. Where not is_copy, what several outlets print counts once.",
    ),
}
FROM_ARTICLE: Final = """JOIN articles a USING (article_id)
LEFT JOIN sources outlet ON outlet.source_id = a.source_id"""

# One list of structs per part, sorted by name: twice as fast as a sorted list for each column.
PARTIES: Final = """LEFT JOIN (
    SELECT {key},
        list_sort(list(DISTINCT party) FILTER (role = 'actor')) AS actors,
        list_sort(list(DISTINCT party) FILTER (role = 'recipient')) AS recipients
    FROM (
        SELECT {key}, role, {{'name': name, 'actor_id': actor_id, 'country_code': country_code}} AS party
        FROM event_participants JOIN actors USING (actor_id){joined}
    )
    GROUP BY {key}
) party USING ({key})"""
PARTY: Final[Shown] = {
    "actors": (
        "coalesce([p.name FOR p IN party.actors], [])",
        "The names of those who did it; all the parties of a meeting.",
    ),
    "actor_countries": (
        "coalesce([p.country_code FOR p IN party.actors], [])",
        "The countries of the actors in the same order, null where one has none.",
    ),
    "recipients": (
        "coalesce([p.name FOR p IN party.recipients], [])",
        "The names of those it was done to or for.",
    ),
    "recipient_countries": (
        "coalesce([p.country_code FOR p IN party.recipients], [])",
        "The countries of the recipients in the same order, null where one has none.",
    ),
}


def view(comment: str, shown: Shown, body: str, *, before: str = "", parameters: tuple[str, ...] = ()) -> View:
    """A view of columns over the body of a query (FROM ... ORDER BY).

    Args:
        comment: what a row is.
        shown: the columns.
        body: the query without its columns.
        before: the WITH clause of the query.
        parameters: the names of a table macro's parameters.
    """
    parts, described = [], {}
    for name, told in shown.items():
        if isinstance(told, str):
            alias, column = told.split(".")
            described[name] = next(c.description for c in columns(ALIASES[alias]) if c.name == column)
            expression = told
        else:
            expression, described[name] = told
        parts.append(f"    {expression} AS {identifier(name)}")
    return View(comment, f"{before}SELECT\n" + ",\n".join(parts) + "\n" + body, described, parameters)
