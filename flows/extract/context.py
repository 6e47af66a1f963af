"""Names of unknown kind -> persons, organizations or places, by what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.phrases import has_article, same_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.extract.mention import Mention
    from flows.extract.scan import Scan

MINUTE: Final = 2  # digits of a score, letters of the abbreviation before a minute
AGES: Final = range(12, 110)
FINITE: Final = frozenset({"past", "present", "future", "conditional"})
HUMAN: Final = frozenset({"relative", "subordinator", "that"})
PLACES: Final = ("region", "country", "area")
ACTORS: Final = ("person", "organization")
LIST_MARKS: Final = frozenset({",", ";", "/"})
MAX_BRACKET: Final = 6  # tokens of the bracket that may stand behind a member of a list
MAX_UNKNOWN: Final = 5  # times as many names of a list may be unknown as known
SQUAD: Final = 3  # members of a list that no verb and no place explain


def settle(scan: Scan, found: Sequence[Mention]) -> None:
    """Decide the unknown names among the mentions of a block, in order of position."""
    for k, mention in enumerate(found):
        if mention.rule == "name.role_before" and _is_headline_word(scan, mention):
            mention.type = "place"
        if _is_open(mention):
            _alone(scan, mention, found[k - 1] if k else None)
    for chain in _chains(scan, found):
        _agree(scan, chain)


def _is_headline_word(scan: Scan, mention: Mention) -> bool:
    """Whether the name behind a role is any other word of a headline in capitals: "VECINOS PIDEN OBRAS"."""
    i, last = mention.first, mention.last
    known = any(scan.sense(k, kind) is not None for k in range(i, last) for kind in ("given", "surname"))
    return not known and scan.words[i].isupper() and scan.shouted(i)


def _is_open(mention: Mention) -> bool:
    return mention.type == "unknown" and mention.kind == "name"


def _decide(mention: Mention, type_: str, rule: str) -> None:
    mention.type, mention.rule = type_, rule


def _alone(scan: Scan, mention: Mention, previous: Mention | None) -> None:
    """Decide a name by its own neighbours."""
    article = has_article(scan, mention.first)
    if _in_region(scan, mention.last):
        _decide(mention, "place", "name.in_region")
    elif _age_behind(scan, mention.last):
        _decide(mention, "person", "name.age")
    elif scan.lexicon.noun_capitals and article and _two_foreign_words(scan, mention):
        _decide(mention, "organization", "name.article")  # the names of people and places bear none
    elif "in" in mention.before or scan.sense(mention.first, "region"):
        _decide(mention, "place", "name.place")
    elif article and (end := _seat_end(scan, mention.last)) > mention.last:
        mention.last = mention.phrase_last = end
        mention.name = mention.surface
        _decide(mention, "organization", "name.seat")
    elif _affiliation(scan, mention, previous):
        _decide(mention, "organization", "name.affiliation")
    elif scan.shouted(mention.first):
        if mention.last > mention.first + 1 or not _is_cue(scan, mention.last):
            mention.type = "place"  # or any other word of a headline: nobody
    elif not article and (
        _is_cue(scan, mention.last) or _is_cue(scan, mention.first - 1) or _opens_clause(scan, mention)
    ):
        _decide(mention, "person", "name.cue")
    elif _score_behind(scan, mention.last) or _minute_before(scan, mention):
        _decide(mention, "person", "name.score")
    elif not article and mention.before & HUMAN and _is_governed(scan, mention):
        _decide(mention, "person", "name.governed")
    elif article and _bears_article(scan, mention):
        _decide(mention, "organization", "name.article")
    elif previous is not None and previous.type == "organization" and previous.last == mention.first:
        mention.type = "place"


def _in_region(scan: Scan, j: int) -> bool:
    """Whether a comma and a region or country follow: "Springfield, Illinois"."""
    if j + 1 >= len(scan) or scan.words[j] != ",":
        return False
    return scan.sense(j + 1, "region") is not None or scan.sense(j + 1, "country") is not None


def _age_behind(scan: Scan, j: int) -> bool:
    """Whether an age follows: "Ruiz, 48,", "Ruiz (48)", "Ruiz, de 48 años"."""
    if j + 2 < len(scan) and scan.words[j] == "," and "of" in scan.classes(j + 1) and scan.words[j + 2].isdecimal():
        return int(scan.words[j + 2]) in AGES
    if j + 2 >= len(scan) or scan.words[j] not in (",", "(") or scan.words[j + 2] not in (",", ")"):
        return False
    return scan.words[j + 1].isdecimal() and int(scan.words[j + 1]) in AGES


def _is_cue(scan: Scan, k: int) -> bool:
    """Whether token k is a strong verb of speech."""
    cue = scan.sense(k, "cue") if 0 <= k < len(scan) else None
    return cue is not None and cue.tense in ("past", "present") and not cue.flag


def _opens_clause(scan: Scan, mention: Mention) -> bool:
    """Whether the sentence begins with the name and a relative clause explains it: "Ruiz, que llegó ayer"."""
    first, _ = scan.sentences[scan.sentence_of[mention.first]]
    j = mention.last
    return mention.first == first and j + 1 < len(scan) and scan.words[j] == "," and "relative" in scan.classes(j + 1)


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


def _is_governed(scan: Scan, mention: Mention) -> bool:
    """Whether the word before begins a clause, whose subject without an article is a person."""
    shouted = scan.lexicon.noun_capitals or scan.shouted(mention.first)
    return not shouted and "preposition" not in mention.before


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


def _bears_article(scan: Scan, mention: Mention) -> bool:
    """Whether one capitalized word bears a definite article as clubs and companies do: "el Numancia", "o Renova"."""
    i, j, lexicon = mention.first, mention.last, scan.lexicon
    single = j == i + 1 and not lexicon.noun_capitals and not scan.shouted(i)
    if not single or not _is_definite(scan, i - 1) or (j < len(scan) and "of" in scan.classes(j)):
        return False
    outer = i - 1 if scan.lows[i - 1] in lexicon.contracted else i - 2
    return outer < 1 or not scan.classes(outer) or not scan.caps[outer - 1]  # "Consejo por la Paz" is one name


def _is_definite(scan: Scan, k: int) -> bool:
    """Whether token k is a definite article or holds one, in a language whose names seldom bear it."""
    return bool(scan.lexicon.definite) and (
        scan.words[k] in scan.lexicon.definite or scan.lows[k] in scan.lexicon.contracted
    )


def _two_foreign_words(scan: Scan, mention: Mention) -> bool:
    """Whether words of no common shape bear the article, which people and places do not: "die Tampa Comets"."""
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


# ------------------------------------------------------------ lists
def _chains(scan: Scan, found: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Runs of names that only commas and conjunctions part, with a bracket behind a name or not."""
    chain: list[Mention] = []
    for mention in found:
        if mention.kind not in ("name", "acronym") or _in_bracket(scan, mention):
            continue
        if chain and not _linked(scan, chain[-1], mention):
            yield chain
            chain = []
        chain.append(mention)
    if chain:
        yield chain


def _in_bracket(scan: Scan, mention: Mention) -> bool:
    """Whether the name alone fills a bracket, or is the first of its words."""
    return mention.phrase_first > 0 and scan.words[mention.phrase_first - 1] == "("


def _linked(scan: Scan, left: Mention, right: Mention) -> bool:
    if not same_sentence(scan, left.first, right.first):
        return False
    if right.role_text and scan.words[right.phrase_first - 1] == ",":  # explains the name before
        return False
    j = _behind_bracket(scan, max(left.last, left.phrase_last))
    between = range(j, right.phrase_first)
    return 0 < len(between) < 3 and all(  # noqa: PLR2004 ", and"
        scan.words[k] in LIST_MARKS or scan.classes(k) & {"and", "or"} for k in between
    )


def _behind_bracket(scan: Scan, j: int) -> int:
    if j < len(scan) and scan.words[j] == "(":
        for k in range(j + 1, min(j + MAX_BRACKET, len(scan))):
            if scan.words[k] == ")":
                return k + 1
    return j


def _agree(scan: Scan, chain: Sequence[Mention]) -> None:
    """Members of a list are of one kind: those that are known decide the others."""
    unknown = [m for m in chain if _is_open(m)]
    if not unknown or len(chain) == 1:
        return
    known = {m.type for m in chain if m.type != "unknown"}
    colon = chain[0].first > 0 and scan.words[chain[0].first - 1] == ":"
    if line_up := colon and len(chain) >= SQUAD and known <= {"person"}:
        known = {"person"}
    elif "person" not in known and _place_beside(scan, chain):
        known.add("place")
    if len(unknown) > MAX_UNKNOWN * (len(chain) - len(unknown)) + 1 and not line_up:
        return
    if len(known) == 1 and (kind := next(iter(known))) in (*ACTORS, "place"):
        for mention in unknown:
            if kind != "person" or not has_article(scan, mention.first):
                _decide(mention, kind, "name.list")


def _place_beside(scan: Scan, chain: Sequence[Mention]) -> bool:
    """Whether the list goes on with a place before its first or behind its last name."""
    before, behind = chain[0].phrase_first - 1, chain[-1].last
    if before > 0 and _is_joint(scan, before) and _is_place(scan, before - 1):
        return True
    behind = _behind_bracket(scan, behind)
    return behind + 1 < len(scan) and _is_joint(scan, behind) and _is_place(scan, behind + 1)


def _is_joint(scan: Scan, k: int) -> bool:
    return scan.words[k] in LIST_MARKS or "and" in scan.classes(k)


def _is_place(scan: Scan, k: int) -> bool:
    hit = scan.hits[k]
    return hit is not None and any(kind in hit.senses for kind in PLACES) and "given" not in hit.senses
