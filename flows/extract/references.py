"""Whom a role or a pronoun means: the person that an apposition names, or who was spoken of last."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from flows.extract.cues import speaks_beside
from flows.extract.phrases import same_sentence
from flows.extract.roles import is_verb
from flows.ids import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.extract.identity import Actor
    from flows.extract.mention import Mention

MAX_APPOSED: Final = 6  # words between a role and the comma before its name
FAR: Final = 4  # paragraphs over which a pronoun means the last person spoken of
FAR_MENTIONS: Final = 500  # mentions over which a role can mean somebody


def apposed(role: Mention, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Mention | None:
    """The person whose name explains the role behind more words: "the party's leader in the House, Ann Poe,"."""
    scan, begin = role.scan, max(role.last, role.phrase_last)
    j = begin
    while j < min(begin + MAX_APPOSED, len(scan)) and scan.is_word(j) and not is_verb(scan, j):
        j += 1
    if j == begin or j >= len(scan) or scan.words[j] != "," or not same_sentence(scan, j, role.first):
        return None
    next_one = bisect_right(mentions, role.order, key=lambda o: o.order)
    for m in mentions[next_one : next_one + FAR_MENTIONS]:
        if m.scan is not scan or m.phrase_first > j + 1:
            return None
        end = max(m.last, m.phrase_last)
        closes = end >= len(scan) or not scan.is_word(end) or is_verb(scan, end)
        if m.phrase_first == j + 1 and m.kind == "name" and m.actor >= 0 and closes:
            return m if actors[m.actor].kind == "person" else None
    return None


def spoken_of(role: Mention, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Mention | None:
    """Whom "the teacher", who says something, must be: the last person named before, if no role contradicts."""
    scan = role.scan
    if not speaks_beside(role) or role.number != "s" or "article" not in scan.classes(role.phrase_first):
        return None
    if fold(role.name) != fold(role.head) or " " in role.head:  # "the president of the Republic" is somebody else
        return None
    last = bisect_left(mentions, role.order, key=lambda o: o.order)
    for m in reversed(mentions[max(0, last - FAR_MENTIONS) : last]):
        if m.actor < 0 or m.kind != "name" or actors[m.actor].kind != "person":
            continue
        if scan.block - m.scan.block > 1 or (m.scan is scan and same_sentence(scan, m.first, role.first)):
            return None
        actor = actors[m.actor]
        genders = {actor.gender, role.gender} <= {"m", "f"} and actor.gender != role.gender
        return m if not genders and (not actor.heads or actor.sector == role.sector) else None
    return None


def antecedent(pronoun: Mention, recent: Sequence[Mention], actors: Sequence[Actor]) -> Mention | None:
    """The last of the recent people or groups that agrees with the pronoun in number and gender."""
    for m in reversed(recent):
        actor = actors[m.actor]
        if pronoun.scan.block - m.scan.block > FAR:
            return None
        if pronoun.number != m.number or (actor.kind == "group") != (pronoun.number == "p"):
            continue
        if pronoun.gender == "mf" or not actor.gender or actor.gender == pronoun.gender:
            return m
    return None
