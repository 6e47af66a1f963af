"""The tables in writing order, their columns, and the ids that lead to them: what `schemas` hands on."""

from typing import Final

from schemas.actors import ActorMentions, Actors
from schemas.articles import Articles, Fingerprints, Segments, Texts
from schemas.base import Table
from schemas.column import Column
from schemas.events import EventMentions, EventParticipants, Events, EventTypes
from schemas.operations import Rejects, Runs
from schemas.quotes import Quotes
from schemas.releases import Snippets
from schemas.sources import Sources

TABLES: Final[dict[str, type[Table]]] = {
    table.table_name(): table
    for table in (
        Sources,
        Articles,
        Texts,
        Fingerprints,
        Segments,
        Actors,
        ActorMentions,
        Quotes,
        EventMentions,
        EventParticipants,
        Events,
        EventTypes,
        Rejects,
        Runs,
    )
}
RELEASE_TABLES: Final[dict[str, type[Table]]] = {Snippets.table_name(): Snippets}
# Id prefix -> the table where that id is the key: "art" -> "articles".
PREFIXES: Final[dict[str, str]] = {
    column.prefix: name
    for name, table in TABLES.items()
    for column in table.columns()
    if column.prefix and table.key() == (column.name,) and name not in ("texts", "fingerprints")
}


def model(table: str | type[Table]) -> type[Table]:
    """The model of a table by its name.

    Raises:
        KeyError: there is no such table.
    """
    if not isinstance(table, str):
        return table
    found = TABLES.get(table) or RELEASE_TABLES.get(table)
    if found is None:
        raise KeyError(f"no table {table!r}; there are {', '.join(TABLES)}")
    return found


def columns(table: str | type[Table]) -> list[Column]:
    """The columns of a table in order."""
    return model(table).columns()
