"""A scanned block -> its mentions of people, organizations, groups and countries, left to right, by grammar."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final

from flows.extract import names
from flows.extract.context import settle
from flows.extract.demonyms import demonym_noun, people_inside
from flows.extract.mention import Mention
from flows.extract.organizations import give_country, head_final, known, organization
from flows.extract.phrases import make_mention
from flows.extract.roles import HYPHENS, role_mention
from flows.extract.scan import Scan
from flows.lexicons.senses import bits

GOVERNING: Final = frozenset({"of", "article"})
EMPLOYED: Final = frozenset({"BUS", "LEG", "PTY", "UNK"})  # sectors of roles: "director de Norvia"
SPORT: Final = bits("sport")
PLACES: Final = bits("country", "capital", "region")
Found = tuple[Mention | None, int]


def find_mentions(scan: Scan, proper: Collection[str]) -> list[Mention]:
    """All mentions of the block in order of position; `proper` as in `names.starts_name`."""
    found: list[Mention] = []
    i, n = 0, len(scan)
    hits, caps, words = scan.hits, scan.caps, scan.words
    while i < n:
        hit = hits[i]
        if hit is None:
            if not caps[i] and words[i] != "@":
                i += 1
                continue
        elif not (hit.kinds & MENTIONS or caps[i]):
            i = hit.last
            continue
        mention, i = _next(scan, i, found, proper)
        if mention is not None:
            found.append(mention)
    settle(scan, found)
    for owner, held in pairwise(found):
        owner.nested = owner.type != "person" and _is_owner(scan, owner, held)
    return sorted([*found, *(inner for mention in found for inner in _nested(scan, mention))], key=lambda m: m.order)


def _is_owner(scan: Scan, owner: Mention, held: Mention) -> bool:
    """Whether a compound's hyphen joins the name to the role behind it: the "BDI" of "BDI-Chef", which does nothing."""
    joint = owner.last
    is_joint = joint + 1 == held.phrase_first and scan.words[joint] in HYPHENS and not scan.spaced(joint)
    return is_joint and not scan.spaced(joint + 1) and bool(held.role_text or held.kind == "role")


def _nested(scan: Scan, mention: Mention) -> list[Mention]:
    """Organizations inside a role's or another organization's phrase ("minister of the Ministry of …")."""
    inner: list[Mention] = []
    i = mention.phrase_first if mention.role_text else mention.first + 1
    end = max(mention.last, mention.phrase_last)
    while i < end:
        if mention.first <= i < mention.last and mention.kind == "name" and mention.type == "person":
            i = mention.last
            continue
        apposed = mention.first < i < mention.last and scan.caps[i - 1] and not scan.lexicon.noun_capitals
        found = None if apposed else _inner(scan, i, mention) or _within_role(scan, i, end)
        if found is not None and found.last <= end and not _is_tail(scan, found, mention):
            found.nested = True
            inner.append(found)
        i = found.last if found is not None else scan.next_after(i)
    return inner


def _is_tail(scan: Scan, inner: Mention, mention: Mention) -> bool:
    """Whether the inner name is but the end of an organization's: the "Werft AG" of "Nordmeer-Werft AG"."""
    joined = scan.caps[inner.first - 1] or not scan.is_word(inner.first - 1)
    return mention.type == "organization" and mention.first < inner.first and inner.last == mention.last and joined


def _within_role(scan: Scan, i: int, end: int) -> Mention | None:
    """The organization with a capital inside a role of several words ("presidente del *Gobierno*")."""
    hit = scan.hits[i]
    if hit is None or hit.first != i or hit.last == i + 1 or scan.caps[i] or "role" not in hit.senses:
        return None
    for k in range(i + 1, hit.last):
        if scan.caps[k]:
            part = Scan(scan.text, scan.lexicon, scan.starts[k], scan.ends[end - 1], scan.block)
            made = known(part, 0) if part.sense(0, "org") else organization(part, 0)
            if made is not None and made.first == 0:
                inner = make_mention(scan, k, k + made.last, "name", "organization", "organization.in_role")
                inner.key, inner.country, inner.sector, inner.head = made.key, made.country, made.sector, made.head
                return inner
            return None
    return None


def _employer(scan: Scan, i: int, mention: Mention) -> Mention | None:
    """An unknown acronym that a role governs, or another name where such roles are held in organizations."""
    if not mention.role_text or not scan.caps[i] or scan.shouted(i) or not scan.classes(i - 1) & GOVERNING:
        return None
    last = names.name_end(scan, i)
    type_, _, rule = names.classify(scan, i, last)
    if type_ == "organization" or (type_ == "unknown" and mention.sector in EMPLOYED):
        kind = "acronym" if rule == "name.acronym" else "name"
        return make_mention(scan, i, last, kind, "organization", "organization.of_role")
    return None


def _inner(scan: Scan, i: int, mention: Mention) -> Mention | None:
    hit = scan.hits[i]
    if hit is None:
        return _employer(scan, i, mention)
    if hit.first == i and ("org" in hit.senses or "agency" in hit.senses):
        found = known(scan, i)
    elif hit.first == i and "org_head" in hit.senses:
        made = organization(scan, i)
        if made is None or made.kind == "role":
            return None
        found = made
    else:
        return None
    return None if (found.first, found.last) == (mention.first, mention.last) else found


def _next(scan: Scan, i: int, found: list[Mention], proper: Collection[str]) -> Found:
    """The mention that begins at token i (or None) and the token to go on from."""
    if _is_handle(scan, i):
        return Mention(scan, i, i + 2, "handle", "unknown", scan.words[i + 1], i, "handle.at"), i + 2
    hit = scan.hits[i]
    if hit is not None and scan.caps[i] and hit.kinds & PLACES and _goes_on(scan, hit.last):
        mention, last = _name(scan, i)
        if mention is not None and (mention.type == "person" or mention.head):
            return mention, last  # "Jordan Henderson", "Austin Police Department"
    if hit is not None and hit.kinds & MENTIONS:
        for kinds, rule in RULES:
            if hit.kinds & kinds and (pair := rule(scan, i, found)) is not None:
                return pair
    capital = scan.caps[i] and (hit is None or not ("region" in hit.senses or "area" in hit.senses))
    if capital and names.starts_name(scan, i, proper):
        return _name(scan, i)
    return None, scan.next_after(i)


def _goes_on(scan: Scan, j: int) -> bool:
    return j < len(scan) and scan.caps[j] and scan.spaced(j) and scan.sentence_of[j] == scan.sentence_of[j - 1]


def _is_handle(scan: Scan, i: int) -> bool:
    return scan.words[i] == "@" and i + 1 < len(scan) and not scan.spaced(i + 1) and scan.is_word(i + 1)


def _known(scan: Scan, i: int, _: list[Mention]) -> Found:
    mention = known(scan, i)
    return mention, mention.last


def _thing(scan: Scan, i: int, _: list[Mention]) -> Found | None:
    """No mention, and the token behind the name of a place, an event or a work, which may hold a person's."""
    last = names.thing_end(scan, i)
    return None if last is None else (None, last)


def _organization(scan: Scan, i: int, _: list[Mention]) -> Found | None:
    mention = organization(scan, i)
    return None if mention is None else (mention, mention.last)


def _name(scan: Scan, i: int) -> Found:
    last = names.name_end(scan, i)
    if scan.lexicon.noun_capitals and (start := names.bearer_within(scan, i, last)) is not None:
        return None, start
    if scan.lexicon.head_final and (org := head_final(scan, i, last)) is not None:
        return org, org.last
    if names.ends_in_thing(scan, i, last):
        return None, last
    type_, gender, rule = names.classify(scan, i, last)
    if type_ == "unknown" and last > i + 1 and (people := people_inside(scan, i, last)) is not None:
        return people
    mention = make_mention(scan, i, last, "acronym" if rule == "name.acronym" else "name", type_, rule)
    mention.gender = gender
    return mention, last


def _group(scan: Scan, i: int, _: list[Mention]) -> Found | None:
    """A group by its noun; None for a word that is a function word too."""
    hit = scan.hits[i]
    kind = "group" if scan.sense(i, "group") is not None else "unnamed"
    sense = scan.sense(i, kind)
    if hit is None or sense is None or "fn" in hit.senses:
        return None
    behind_it = scan.hits[hit.last] if scan.lexicon.head_final and hit.last < len(scan) else None
    if kind == "unnamed" and behind_it is not None and behind_it.kinds & NOUN_ONLY:
        return None, hit.last  # "an official *visit*"
    mention = make_mention(scan, hit.first, hit.last, "role", "group", f"group.{kind}")
    mention.sector, mention.number, mention.head = sense.sector, "p", sense.lemma
    give_country(scan, mention, hit.first, hit.last)
    return mention, mention.last


def _country(scan: Scan, i: int, _: list[Mention]) -> Found | None:
    """A country by its name; a government by its seat; a capital, which stands for its country only if it acts."""
    hit = scan.hits[i]
    if hit is None:
        return None
    kind = next(k for k in ("country", "government", "capital") if k in hit.senses)
    sense = hit.senses[kind][0]
    mention = make_mention(scan, hit.first, hit.last, "name", "country", f"country.{kind}")
    mention.country, mention.key, mention.name = sense.country, sense.key, sense.name
    if kind == "government":
        mention.type, mention.sector, mention.key = "organization", "GOV", ""
        mention.name = mention.surface
    mention.metonym = kind == "capital"
    return mention, hit.last


def _club(scan: Scan, i: int, found: list[Mention]) -> Found | None:
    """A city for its club: with an article among words of sport, or as the bracket behind a player's name."""
    hit = scan.hits[i]
    if hit is None or not scan.caps[i] or i == 0:
        return None
    fills = scan.words[i - 1] == "(" and hit.last < len(scan) and scan.words[hit.last] == ")"
    bears = scan.words[i - 1] in scan.lexicon.club_article
    player = fills and bool(found) and found[-1].last == i - 1 and found[-1].type in ("person", "unknown")
    if not (player or bears) or not _in_sport(scan, i):
        return None
    return make_mention(scan, i, hit.last, "name", "organization", "organization.club"), hit.last


def _in_sport(scan: Scan, i: int) -> bool:
    first, last = scan.sentences[scan.sentence_of[i]]
    return bool(scan.having(SPORT, first, last))


def _pronoun(scan: Scan, i: int, _: list[Mention]) -> Found | None:
    hit, sense = scan.hits[i], scan.sense(i, "pronoun")
    if hit is None or sense is None or "fn" in hit.senses:
        return None
    mention = make_mention(scan, hit.first, hit.last, "pronoun", "unknown", f"pronoun.{sense.person}")
    mention.gender, mention.number, mention.phrase_first = sense.gender, sense.number, hit.first
    return mention, hit.last


Rule = Callable[["Scan", int, list[Mention]], Found | None]
NOUN_ONLY: Final = bits("event_noun", "thing")
RULES: Final[tuple[tuple[int, Rule], ...]] = (
    (bits("org", "agency", "outlet"), _known),
    (bits("thing"), _thing),
    (bits("org_head"), _organization),
    (bits("role", "former", "title"), role_mention),
    (bits("group", "unnamed"), _group),
    (bits("region", "capital"), _club),
    (bits("country", "government", "capital"), _country),
    (bits("demonym"), demonym_noun),
    (bits("pronoun"), _pronoun),
)
MENTIONS: Final = reduce(or_, (kinds for kinds, _ in RULES))
