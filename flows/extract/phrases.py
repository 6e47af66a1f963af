"""Noun phrases: the extent of a role with its complements and of an organization's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract import names

if TYPE_CHECKING:
    from flows.extract.scan import Scan

DETERMINERS: Final = frozenset({"article", "demonstrative", "possessive"})
MAX_COMPLEMENTS: Final = 3


@dataclass(frozen=True, slots=True)
class Complement:
    """An of-phrase: tokens up to `last`, and the country and sector that it names."""

    last: int
    country: str | None = None
    sector: str | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A role with demonym and complements: "Mexican foreign secretary", "ministro de Hacienda de Chile"."""

    first: int
    last: int
    head: str
    sector: str | None
    country: str | None
    gender: str
    number: str
    is_role: bool


def article_before(scan: Scan, i: int) -> int:
    """The first of the determiners that stand right before token i (i itself when none does)."""
    j = i
    while j > 0 and scan.sentence_of[j - 1] == scan.sentence_of[i] and scan.classes(j - 1) & DETERMINERS:
        hit = scan.hits[j - 1]
        j = hit.first if hit else j - 1
    return j


def skip_determiners(scan: Scan, i: int) -> int:
    """The first token from i on that is no determiner."""
    while i < len(scan) and scan.classes(i) & DETERMINERS:
        i = scan.next_after(i)
    return i


def org_end(scan: Scan, first: int, last: int) -> int:
    """The token behind an organization's name whose head stands in `first:last`, with its complements."""
    n, j = len(scan), last
    while (
        j < n and scan.caps[j] and scan.sentence_of[j] == scan.sentence_of[first] and not names.breaks(scan, j, first)
    ):
        j = max(scan.next_after(j), j + 1)
    for _ in range(MAX_COMPLEMENTS):
        step = _name_complement(scan, j)
        if step == j:
            break
        j = step
    return j


def _name_complement(scan: Scan, i: int) -> int:
    """Behind "of X" or "and X" where X is capitalized; i when there is none."""
    n = len(scan)
    if i >= n or not scan.classes(i) & {"of", "for", "and"}:
        return i
    joins = "and" in scan.classes(i) and "of" not in scan.classes(i)
    j = skip_determiners(scan, scan.next_after(i))
    if j >= n or not scan.caps[j] or scan.sentence_of[j] != scan.sentence_of[i]:
        return i
    hit = scan.hits[j]
    senses = hit.senses if hit else {}
    if any(k in senses for k in ("role", "title", "given", "pronoun")):
        return i
    if joins and (any(k in senses for k in ("country", "org", "org_head", "surname")) or j > scan.next_after(i)):
        return i
    end = scan.next_after(j)
    while end < n and scan.caps[end] and not names.breaks(scan, end, j) and not scan.sense(end, "given"):
        end = scan.next_after(end)
    return end


def of_complement(scan: Scan, i: int) -> Complement | None:
    """The of-phrase at token i, when it names a country, an organization or a capitalized thing, or is a plain noun."""
    n = len(scan)
    if i >= n or ("of" not in scan.classes(i) and "for" not in scan.classes(i)):
        return None
    j = skip_determiners(scan, scan.next_after(i))
    if j >= n or not scan.is_word(j) or scan.sentence_of[j] != scan.sentence_of[i]:
        return None
    hit = scan.hits[j]
    if hit is not None:
        for kind in ("org", "agency", "country", "region", "government", "capital"):
            if kind in hit.senses and not ("given" in hit.senses and kind == "region"):
                sense = hit.senses[kind][0]
                return Complement(hit.last, sense.country, sense.sector, named=True)
        if "org_head" in hit.senses:
            head = hit.senses["org_head"][0]
            end = org_end(scan, j, hit.last)
            demonym = scan.sense(end, "demonym") if end < n else None
            if demonym is not None:
                return Complement(scan.next_after(end), demonym.country, head.sector, named=True)
            return Complement(end, None, head.sector, named=True)
        if "given" in hit.senses and scan.caps[j]:
            return None
    if scan.caps[j]:
        end = names.name_end(scan, j)
        type_, _, _ = names.classify(scan, j, end)
        while end < n and "and" in scan.classes(end) and end + 1 < n and scan.caps[end + 1] and type_ == "unknown":
            end = names.name_end(scan, end + 1)
        return None if type_ == "person" else Complement(end, named=True)
    if hit is not None and any(k in hit.senses for k in ("fn", "role", "cue", "event", "be", "have", "pronoun")):
        return None
    return Complement(j + 1 if hit is None else hit.last)


def role_phrase(scan: Scan, i: int) -> RolePhrase | None:
    """The role that begins at token i, with the country words before it; a title alone has `is_role` False."""
    first, country = _country_before(scan, i)
    j, gender, number, head, sector, is_role = i, "", "s", "", None, False
    n = len(scan)
    while j < n and scan.sentence_of[j] == scan.sentence_of[i]:
        hit = scan.hits[j]
        if hit is None:
            break
        if (role := scan.sense(j, "role")) is not None:
            is_role, head, sector = True, role.lemma, role.sector
            gender, number = role.gender or gender, role.number
        elif (title := scan.sense(j, "title")) is not None:
            gender = title.gender or gender
        elif (demonym := scan.sense(j, "demonym")) is not None:
            country = demonym.country
        elif "former" not in hit.senses and not (scan.words[j] == "-" and is_role is False and j > i):
            break
        j = hit.last
        if (j < n and scan.words[j] == "-" and not scan.spaced(j) and j + 1 < n and scan.hits[j + 1] is not None) or (
            j < n and scan.words[j] == "." and title_dot(scan, j)
        ):
            j += 1
    if j == i:
        return None
    if is_role:
        for _ in range(MAX_COMPLEMENTS):
            complement = of_complement(scan, j)
            if complement is None:
                break
            j, country = complement.last, complement.country or country
            sector = complement.sector or sector
            if (demonym := scan.sense(j, "demonym") if j < n else None) is not None:
                country, j = demonym.country, scan.next_after(j)
    return RolePhrase(first, j, head, sector, country, gender, number, is_role)


def title_dot(scan: Scan, j: int) -> bool:
    """Whether the full stop at j belongs to a shortened title before it ("Dr.")."""
    return not scan.spaced(j) and scan.lows[j - 1] in scan.lexicon.abbreviations


def _country_before(scan: Scan, i: int) -> tuple[int, str | None]:
    """Where a demonym, or a country with or without 's, before the role begins, and which country it names."""
    j = i
    if j >= 2 and scan.lows[j - 1] == "s" and scan.words[j - 2] == "'":  # noqa: PLR2004 the clitic is two tokens
        j -= 2
    if j == 0 or scan.sentence_of[j - 1] != scan.sentence_of[i]:
        return i, None
    sense = scan.sense(j - 1, "demonym") or scan.sense(j - 1, "country")
    hit = scan.hits[j - 1]
    if sense is None or hit is None:
        return i, None
    if j == i and scan.sense(j - 1, "demonym") is None and not scan.lexicon.head_final:
        return i, None  # "Estados Unidos presidente" is no phrase where adjectives follow
    return hit.first, sense.country
