"""Demonyms that are nouns: "two Russians", "un palestino", "die Polen" name people, as an adjective does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.phrases import make_mention
from flows.lexicons.trie import lower

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.scan import Scan

ENDING: Final = 2  # letters at most by which a plural is longer
BEHIND: Final = ("fn", "cue", "event", "be", "have", "light", "passive_light", "realis")  # no noun that it could modify


def demonym_noun(scan: Scan, i: int, _: list[Mention]) -> tuple[Mention, int] | None:
    """The people, or behind an indefinite article the person, that the demonym at token i names, if it is a noun."""
    hit, sense = scan.hits[i], scan.sense(i, "demonym")
    if hit is None or sense is None or not sense.country:
        return None
    last, country = hit.last, sense.country
    adjective = scan.sense(last, "demonym") if last < len(scan) and not scan.lexicon.head_final else None
    if adjective is not None and adjective.country:  # "kurdos sirios"
        last, country = scan.next_after(last), adjective.country
    if not _stands_alone(scan, last):
        return None
    before = scan.classes(i - 1) if i else frozenset[str]()
    one = "indefinite" in before
    several = "plural" in before or (i > 0 and scan.words[i - 1].isdecimal())
    if not (one or several or (_is_plural(scan, i, sense.country) and _opens(scan, i))):
        return None
    mention = make_mention(scan, hit.first, last, "role", "person" if one else "group", "group.demonym")
    mention.country, mention.number = country, "s" if one else "p"
    return mention, last


def people_inside(scan: Scan, first: int, last: int) -> tuple[Mention, int] | None:
    """The people that end a run of capitals which is no name: "Young Algerians"; "Bosnian Serbs" are of Bosnia."""
    k = last - 1
    sense = scan.sense(k, "demonym")
    if sense is None or not sense.country or not _is_plural(scan, k, sense.country) or not _stands_alone(scan, last):
        return None
    home = next(found for j in range(first, last) if (found := scan.sense(j, "demonym")) is not None)
    mention = make_mention(scan, first, last, "role", "group", "group.demonym")
    mention.country, mention.number = home.country, "p"
    return mention, last


def _stands_alone(scan: Scan, j: int) -> bool:
    if j >= len(scan) or not scan.is_word(j):
        return j >= len(scan) or scan.words[j] not in "-‐‑–" or scan.spaced(j)
    hit = scan.hits[j]
    return hit is not None and any(kind in hit.senses for kind in BEHIND)


def _is_plural(scan: Scan, i: int, country: str) -> bool:
    """Whether a shorter demonym of the country is the singular of this one ("Russian", "Russe")."""
    hit = scan.hits[i]
    if hit is None:
        return False
    words = scan.words[hit.first : hit.last]
    for cut in range(1, ENDING + 1):
        singular = [*words[:-1], words[-1][:-cut]]
        found = scan.lexicon.trie.find([lower(word) for word in singular], singular)[0]
        senses = found.senses.get("demonym", ()) if found is not None and found.last == len(words) else ()
        if any(sense.country == country for sense in senses):
            return True
    return False


def _opens(scan: Scan, i: int) -> bool:
    """Whether no noun stands before token i that the demonym could modify."""
    if i == 0 or not scan.is_word(i - 1) or scan.sentence_of[i - 1] != scan.sentence_of[i]:
        return True
    hit = scan.hits[i - 1]
    return hit is not None and any(kind in hit.senses for kind in BEHIND)
