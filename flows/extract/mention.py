"""The working record of one place where a block names somebody, as the grammar finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flows.extract.scan import Scan
    from flows.lexicons import Figure

SUPRANATIONAL: Final = frozenset({"IGO", "NGO", "MNC"})  # codes of actors that stand where a country's does
STATE_SECTORS: Final = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY"})


@dataclass(slots=True)
class Mention:
    """Tokens `first` to `last` (exclusive) of a scan; `phrase_first` also takes in the role or article before them.

    `kind` is the mention's (name, acronym, role, pronoun, handle), `type` the actor's (person, organization, group,
    country, or "place" and "unknown", which make no row of their own unless they act). `actor` is the index of the
    actor once resolved.
    """

    scan: Scan
    first: int
    last: int
    kind: str
    type: str
    name: str
    phrase_first: int
    rule: str
    phrase_last: int = 0
    key: str = ""
    sector: str | None = None
    country: str | None = None
    gender: str = ""
    number: str = "s"
    role_text: str | None = None
    head: str = ""
    before: frozenset[str] = frozenset()
    metonym: bool = False
    nested: bool = False  # inside another mention's phrase: never a subject
    quoted: bool = False  # inside a quote
    figure: Figure | None = None  # the public figure that the name means
    actor: int = -1

    @property
    def start(self) -> int:
        """Character offset of the first token."""
        return self.scan.starts[self.first]

    @property
    def end(self) -> int:
        """Character offset behind the last token."""
        return self.scan.ends[self.last - 1]

    @property
    def surface(self) -> str:
        """The words as printed."""
        return self.scan.surface(self.first, self.last)

    @property
    def order(self) -> tuple[int, int]:
        """Position in the article."""
        return self.scan.starts[self.first], self.scan.ends[self.last - 1]
