"""Which organization of an article an acronym means: the one that the text defines it for, or whose initials it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.extract.identity import initials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.mention import Mention


def defined(bodies: Sequence[Mention]) -> dict[str, Mention]:
    """Acronyms that the text defines -> the organization right before the bracket that holds them."""
    found: dict[str, Mention] = {}
    named = {(id(m.scan), max(m.last, m.phrase_last)): m for m in bodies if m.kind == "name"}
    for m in bodies:
        if m.kind == "acronym" and m.first > 0 and m.scan.words[m.first - 1] == "(":
            owner = named.get((id(m.scan), m.first - 1))
            if owner is not None and (not m.key or owner.key != m.key):
                found.setdefault(m.surface, owner)
    return found


def by_initials(bodies: Sequence[Mention]) -> dict[str, list[Mention]]:
    """The organizations by their initials, in order of position."""
    found: dict[str, list[Mention]] = {}
    for m in bodies:
        found.setdefault(initials(m.surface), []).append(m)
    return found
