"""Names of unknown kind -> persons, organizations or places, by what stands around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from flows.extract.lists import settle_lists
from flows.extract.phrases import has_article, same_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.extract.mention import Mention
    from flows.extract.scan import Scan

MINUTE: Final = 2  # digits of a score, letters of the abbreviation before a minute
AGES: Final = range(12, 110)
CLAUSE: Final = frozenset({"relative", "subordinator", "that"})
Test = Callable[["Scan", "Mention", "Mention | None"], bool]


def settle(scan: Scan, found: Sequence[Mention]) -> None:
    """Decide the unknown names among the mentions of a block, in order of position."""
    for k, mention in enumerate(found):
        if mention.type == "unknown" and mention.kind == "name":
            _decide(scan, mention, found[k - 1] if k else None)
        if mention.type == "person" and mention.role_text and mention.country is None:
            mention.country = _realm(scan, mention)
    settle_lists(scan, found)


def spread(mentions: Iterable[Mention]) -> None:
    """Give one word's kind, where the article shows it somewhere, to its mentions that nothing explains."""
    kinds: dict[str, set[str]] = {}
    open_: list[Mention] = []
    for mention in mentions:
        if mention.kind != "name" or mention.last > mention.first + 1:
            continue
        if mention.type == "unknown":
            open_.append(mention)
        elif mention.type in ("person", "organization"):
            kinds.setdefault(mention.surface, set()).add(mention.type)
    for mention in open_:
        found = kinds.get(mention.surface, ())
        if len(found) == 1:
            mention.type, mention.rule = next(iter(found)), "name.elsewhere"


def _decide(scan: Scan, mention: Mention, previous: Mention | None) -> None:
    """The first test that holds gives the name its type; a club's name takes its city along."""
    for holds, type_, rule in TESTS:
        if holds(scan, mention, previous):
            mention.type, mention.rule = type_, rule
            if rule == "name.seat":
                mention.last = mention.phrase_last = _seat_end(scan, mention.last)
                mention.name = mention.surface
            return


def _realm(scan: Scan, mention: Mention) -> str | None:
    """The country behind a person with a role: "King Samir of Jordan"."""
    k = mention.last + 1
    if k >= len(scan) or "of" not in scan.classes(mention.last) or not same_sentence(scan, k, mention.last):
        return None
    country = scan.sense(k, "country")
    return country.country if country is not None else None


def _in_region(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether a comma and a region or country follow: "Springfield, Illinois"."""
    j = mention.last
    if j + 1 >= len(scan) or scan.words[j] != ",":
        return False
    return scan.sense(j + 1, "region") is not None or scan.sense(j + 1, "country") is not None


def _age_behind(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether an age follows: "Ruiz, 48,", "Ruiz (48)", "Ruiz, de 48 años"."""
    j = mention.last
    if j + 2 < len(scan) and scan.words[j] == "," and "of" in scan.classes(j + 1) and scan.words[j + 2].isdecimal():
        return int(scan.words[j + 2]) in AGES
    if j + 2 >= len(scan) or scan.words[j] not in (",", "(") or scan.words[j + 2] not in (",", ")"):
        return False
    return scan.words[j + 1].isdecimal() and int(scan.words[j + 1]) in AGES


def _is_cue(scan: Scan, k: int) -> bool:
    """Whether token k is a strong verb of speech."""
    cue = scan.sense(k, "cue") if 0 <= k < len(scan) else None
    return cue is not None and cue.tense in ("past", "present") and not cue.flag


def _governed_by_place(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    return "in" in mention.before or scan.sense(mention.first, "region") is not None


def _in_headline(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether it is any word of a headline in capitals, and nobody that a verb of speech follows."""
    return scan.shouted(mention.first) and (mention.last > mention.first + 1 or not _is_cue(scan, mention.last))


def _speaks(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether a verb of speech stands beside the name, or it opens a sentence and ", who" follows."""
    if has_article(scan, mention.first):
        return False
    first, j = scan.sentences[scan.sentence_of[mention.first]][0], mention.last
    if _is_cue(scan, j) or _is_cue(scan, mention.first - 1):
        return True
    return mention.first == first and j + 1 < len(scan) and scan.words[j] == "," and "relative" in scan.classes(j + 1)


def _plays(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    return _score_behind(scan, mention.last) or _minute_before(scan, mention)


def _minute_before(scan: Scan, mention: Mention) -> bool:
    """Whether a number and a colon, or a bracket that a minute closes, stand before: "M.63: Ruiz", "(Ruiz, m.63)"."""
    i, j = mention.first, mention.last
    if i < 2 or j + 1 >= len(scan):  # noqa: PLR2004 a number and a colon
        return False
    if scan.words[i - 1] == ":":
        return _is_minute(scan.words[i - 2])
    return scan.words[i - 1] == "(" and scan.words[j] == "," and _is_minute(scan.words[j + 1])


def _is_minute(word: str) -> bool:
    return len(word) <= MINUTE and (word.isdecimal() or word.islower())


def _score_behind(scan: Scan, j: int) -> bool:
    """Whether a bracket with a small number or a lower-case abbreviation follows: "Ruiz (12)", "Ruiz (m.73)"."""
    if j + 2 >= len(scan) or scan.words[j] != "(":
        return False
    return scan.sense(j - 1, "thing") is None and _is_minute(scan.words[j + 1]) and scan.words[j + 2] in ".)':"


def _begins_clause(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether the word before begins a clause, whose subject without an article is a person."""
    if not mention.before & CLAUSE or "preposition" in mention.before or scan.lexicon.noun_capitals:
        return False
    return not has_article(scan, mention.first)


def _has_seat(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    return has_article(scan, mention.first) and _seat_end(scan, mention.last) > mention.last


def _seat_end(scan: Scan, j: int) -> int:
    """Behind the place that a club bears in its name at token j ("les Faucons de Nantes"); j when there is none."""
    k = scan.next_after(j) if j < len(scan) and "of" in scan.classes(j) else j
    while j < k < len(scan) and "article" in scan.classes(k):
        k = scan.next_after(k)
    place = (
        k > j
        and k < len(scan)
        and scan.caps[k]
        and any(scan.sense(k, kind) for kind in ("region", "country", "capital"))
    )
    return scan.next_after(k) if place else j


def _bears_article(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether one capitalized word bears a definite article as clubs and companies do: "el Numancia", "o Renova"."""
    i, j, lexicon = mention.first, mention.last, scan.lexicon
    single = j == i + 1 and not lexicon.noun_capitals
    if i == 0 or not single or not _is_definite(scan, i - 1) or (j < len(scan) and "of" in scan.classes(j)):
        return False
    outer = i - 1 if scan.lows[i - 1] in lexicon.contracted else i - 2
    return outer < 1 or not scan.classes(outer) or not scan.caps[outer - 1]  # "Consejo por la Paz" is one name


def _is_definite(scan: Scan, k: int) -> bool:
    """Whether token k is a definite article or holds one, in a language whose names seldom bear it."""
    return bool(scan.lexicon.definite) and (
        scan.words[k] in scan.lexicon.definite or scan.lows[k] in scan.lexicon.contracted
    )


def _two_foreign_words(scan: Scan, mention: Mention, _: Mention | None) -> bool:
    """Whether words of no common shape bear the article, which people and places do not: "die Tampa Comets"."""
    if (
        not scan.lexicon.noun_capitals
        or mention.first == 0
        or not same_sentence(scan, mention.first - 1, mention.first)
    ):
        return False
    words = scan.words[mention.first : mention.last]
    plain = all(word.isalpha() and not word.lower().endswith(scan.lexicon.noun_endings) for word in words)
    return len(words) > 1 and plain and _is_definite(scan, mention.first - 1)


def _affiliation(scan: Scan, mention: Mention, previous: Mention | None) -> bool:
    """Whether the name alone fills the bracket behind a person's name: "Marta Ruiz (Comisiones)"."""
    i, j = mention.phrase_first - 1, mention.last
    if previous is None or i < 1 or j >= len(scan) or scan.words[i] != "(" or scan.words[j] != ")":
        return False
    if previous.last != i or previous.kind != "name":
        return False
    first, _ = scan.sentences[scan.sentence_of[i]]
    return previous.type == "person" or (previous.type == "unknown" and previous.first > first)  # no dateline


def _behind_organization(_: Scan, mention: Mention, previous: Mention | None) -> bool:
    return previous is not None and previous.type == "organization" and previous.last == mention.first


TESTS: Final[tuple[tuple[Test, str, str], ...]] = (
    (_in_region, "place", "name.in_region"),
    (_age_behind, "person", "name.age"),
    (_two_foreign_words, "organization", "name.article"),
    (_governed_by_place, "place", "name.place"),
    (_has_seat, "organization", "name.seat"),
    (_affiliation, "organization", "name.affiliation"),
    (_in_headline, "place", "name.headline"),
    (_speaks, "person", "name.cue"),
    (_plays, "person", "name.score"),
    (_begins_clause, "person", "name.clause"),
    (_bears_article, "organization", "name.article"),
    (_behind_organization, "place", "name.behind_organization"),
)
