"""Texts in the order of their publication -> which of them are originals, and of which original each other is a copy.

A text is a copy if it resembles an original that was published before it, of several the one that it resembles most;
else it is an original itself. So a copy never has copies, no chain of small changes joins two texts that are not alike,
and the result depends on the texts alone. Articles with the same words are one text: its first article stands for it.
What stands at one address are versions: there the text before may be a copy, of whose original this is one as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flows.duplicates import REVISED, Print, is_near, similarity

APART: Final = timedelta(days=30)  # near copies are printed within days, while a template is filled for years
DIGITS: Final = 3  # of a similarity as it is shown
KINDS: Final = ("near", "version")  # the stronger one last
Place = tuple[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Copy:
    """Of which article a text is a copy, why, and how alike the two are (None where one is too short to tell)."""

    original: str
    kind: str
    similarity: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text that resembles others perhaps: `bands` and `places` (address, time) are what it has in common with some.

    `head` is its first article. `is_open` means that it is to be settled. The former values are those of the dataset:
    the head, None for a new text, and the article that it was a copy of.
    """

    number: int
    head: str
    reported: datetime | None
    print: Print
    bands: Sequence[int]
    places: Sequence[Place]
    is_open: bool
    former_head: str | None
    former_original: str | None

    @property
    def was_original(self) -> bool:
        """Whether the dataset has it as an original."""
        return self.former_head is not None and self.former_original is None


@dataclass(slots=True)
class Settled:
    """The open texts that are copies, by number, and the texts that must be opened since what they hang on changed."""

    copies: dict[int, Copy] = field(default_factory=dict)
    stale: list[int] = field(default_factory=list)


class Originals:
    """The originals so far, to be found by a band of the signature or by an address."""

    def __init__(self) -> None:
        self._by_band: dict[int, list[Text]] = {}
        self._by_address: dict[str, list[tuple[datetime | None, Text, Text]]] = {}

    def add(self, text: Text, original: Text) -> None:
        """Take a text in that is an original or a copy of one; they come in order of age."""
        if text is original:
            for band in text.bands:
                self._by_band.setdefault(band, []).append(text)
        for address, reported in text.places:
            self._by_address.setdefault(address, []).append((reported, text, original))

    def closest(self, text: Text) -> tuple[str, float | None, Text] | None:
        """The original that a later text resembles most, why, and how alike they are.

        That of which it is a version comes before a near one, the more similar before the less, the older before the
        younger.
        """
        found = {other.number: (0, other) for other in self._with_its_bands(text) if is_near(text.print, other.print)}
        found |= {other.number: (1, other) for other in self._at_its_addresses(text)}
        best: tuple[tuple[int, float], float | None, Text] | None = None
        for kind, other in sorted(found.values(), key=lambda pair: age(pair[1])):
            alike = similarity(text.print, other.print)
            weight = kind, alike or 0.0
            if best is None or weight > best[0]:
                best = weight, alike, other
        return (KINDS[best[0][0]], *best[1:]) if best else None

    def _with_its_bands(self, text: Text) -> Iterable[Text]:
        seen: dict[int, Text] = {}
        for band in text.bands:
            for other in reversed(self._by_band.get(band, ())):
                if text.reported and other.reported and text.reported - other.reported > APART:
                    break  # those before it are older still
                seen[other.number] = other
        return seen.values()

    def _at_its_addresses(self, text: Text) -> Iterable[Text]:
        """Those of the texts with the same address: of the same time or alike, for at some there is something new."""
        for address, reported in text.places:
            for told, other, original in self._by_address.get(address, ()):
                if told == reported or (similarity(text.print, other.print) or 0.0) >= REVISED:
                    yield original


def age(text: Text) -> tuple[bool, datetime, str]:
    """What the texts are ordered by: the time of publication, none last, then the id of the article."""
    return text.reported is None, text.reported or datetime.min, text.head  # noqa: DTZ901 - naive UTC, like all of ours


def settle(texts: Iterable[Text]) -> Settled:
    """Settle the open texts among texts that come in order of age; the others are as the dataset has them.

    Of those the ones that resemble, or hang on, what has changed are stale, and all at the address of an open text.
    """
    settled = Settled()
    originals, changed = Originals(), Originals()
    gone: set[str | None] = set()  # heads of originals that are none any more
    for text in texts:
        if not text.is_open:
            if text.places or text.former_original in gone or changed.closest(text):
                settled.stale.append(text.number)
            if text.was_original:
                originals.add(text, text)
            continue
        found = originals.closest(text)
        is_kept = found is None and text.was_original and text.head == text.former_head
        if text.was_original and not is_kept:
            gone.add(text.former_head)
        if found:
            kind, alike, original = found
            settled.copies[text.number] = Copy(original.head, kind, None if alike is None else round(alike, DIGITS))
        originals.add(text, found[2] if found else text)
        if found is None and not is_kept:
            changed.add(text, text)
    return settled
