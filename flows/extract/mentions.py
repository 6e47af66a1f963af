"""A scanned block -> its mentions of people, organizations, groups and countries, left to right, by grammar."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from flows.extract import names
from flows.extract.mention import Mention
from flows.extract.phrases import article_before, of_complement, org_end, role_phrase
from flows.extract.scan import Scan

NONE: Final[frozenset[str]] = frozenset()
AGES: Final = range(12, 110)


def find_mentions(scan: Scan, proper: Collection[str]) -> list[Mention]:
    """All mentions of the block in order of position; `proper` as in `names.starts_name`."""
    found: list[Mention] = []
    i, n = 0, len(scan)
    while i < n:
        mention, i = _next(scan, i, found, proper)
        if mention is not None:
            found.append(mention)
    for k, mention in enumerate(found):
        _settle(scan, mention, found[k - 1] if k else None)
    return sorted([*found, *(inner for mention in found for inner in _nested(scan, mention))], key=lambda m: m.order)


def _nested(scan: Scan, mention: Mention) -> list[Mention]:
    """Organizations inside a role's or another organization's phrase ("minister of the Ministry of …")."""
    inner: list[Mention] = []
    i = mention.phrase_first if mention.role_text else mention.first + 1
    end = max(mention.last, mention.phrase_last)
    while i < end:
        hit = scan.hits[i]
        known = hit is not None and ("org" in hit.senses or "agency" in hit.senses) and hit.first == i
        head = hit is not None and "org_head" in hit.senses and i > mention.first
        if mention.first <= i < mention.last and mention.kind == "name" and mention.type == "person":
            i = mention.last
            continue
        found = _known(scan, i)[0] if known else _organization(scan, i) if head else None
        if found is not None and found.last <= end and found.kind != "role" and (found.first, found.last) != (mention.first, mention.last):
            found.nested = True
            inner.append(found)
            i = found.last
        else:
            i = scan.next_after(i)
    return inner


def _next(scan: Scan, i: int, found: list[Mention], proper: Collection[str]) -> tuple[Mention | None, int]:
    """The mention that begins at token i (or None) and the token to go on from."""
    if scan.words[i] == "@" and i + 1 < len(scan) and not scan.spaced(i + 1) and scan.is_word(i + 1):
        handle = scan.words[i + 1]
        return Mention(scan, i, i + 2, "handle", "unknown", handle, i, "handle.at"), i + 2
    hit = scan.hits[i]
    if hit is None:
        if scan.caps[i] and names.starts_name(scan, i, proper):
            return _name(scan, i)
        return None, i + 1
    senses = hit.senses
    if "org" in senses or "agency" in senses or "outlet" in senses:
        return _known(scan, i)
    if "org_head" in senses and (mention := _organization(scan, i)):
        return mention, mention.last
    if ("role" in senses or "former" in senses or "title" in senses) and (pair := _role(scan, i, found)):
        return pair
    for kind in ("group", "unnamed"):
        if kind in senses and ("fn" not in senses):
            return _group(scan, i, kind)
    if "country" in senses or "government" in senses or "capital" in senses:
        return _country(scan, i)
    if "pronoun" in senses and "fn" not in senses:
        return _pronoun(scan, i)
    if scan.caps[i] and "region" not in senses and names.starts_name(scan, i, proper):
        return _name(scan, i)
    return None, hit.last


def _make(scan: Scan, first: int, last: int, kind: str, type_: str, rule: str) -> Mention:
    begins = article_before(scan, first)
    before = scan.classes(begins - 1) if begins > 0 and _same_sentence(scan, begins - 1, first) else NONE
    name = scan.surface(first, last)
    return Mention(scan, first, last, kind, type_, name, begins, rule, phrase_last=last, before=before)


def _same_sentence(scan: Scan, a: int, b: int) -> bool:
    return scan.sentence_of[a] == scan.sentence_of[b]


def _name(scan: Scan, i: int) -> tuple[Mention | None, int]:
    last = names.name_end(scan, i)
    if scan.lexicon.head_final and (org := _head_final(scan, i, last)):
        return org, org.last
    type_, gender, rule = names.classify(scan, i, last)
    mention = _make(scan, i, last, "acronym" if rule == "name.acronym" else "name", type_, rule)
    mention.gender = gender
    return mention, last


def _head_final(scan: Scan, first: int, last: int) -> Mention | None:
    """A run of capitals that ends in, or holds, the head of an organization ("State Department")."""
    for j in range(last - 1, first - 1, -1):
        head = scan.sense(j, "org_head")
        if head is not None and scan.caps[j]:
            end = org_end(scan, first, max(last, j + 1))
            mention = _make(scan, first, end, "name", "organization", "organization.head_final")
            mention.sector, mention.head = head.sector, head.lemma
            return mention
    return None


def _known(scan: Scan, i: int) -> tuple[Mention | None, int]:
    hit = scan.hits[i]
    assert hit is not None  # noqa: S101 the caller has looked
    sense = next(hit.senses[kind][0] for kind in ("org", "agency", "outlet") if kind in hit.senses)
    surface = scan.surface(hit.first, hit.last)
    kind = "acronym" if surface.isupper() and " " not in surface else "name"
    mention = _make(scan, hit.first, hit.last, kind, "organization", "organization.known")
    mention.name, mention.key = sense.name, sense.key or sense.name
    mention.country, mention.sector = sense.country, sense.sector
    return mention, hit.last


def _organization(scan: Scan, i: int) -> Mention | None:
    """Head noun with its complement ("Ministerio de Hacienda"), or a generic one alone ("el gobierno")."""
    hit = scan.hits[i]
    head = scan.sense(i, "org_head")
    if hit is None or head is None:
        return None
    end = org_end(scan, i, hit.last)
    named = end > hit.last and any(scan.caps[k] for k in range(hit.last, end))
    if not named and not head.flag and not (scan.caps[i] and article_before(scan, i) < i):
        return None
    mention = _make(scan, i, end, "name" if named else "role", "organization", "organization.head")
    mention.sector, mention.head = head.sector, head.lemma
    _place(scan, mention, i, end)
    return mention


def _place(scan: Scan, mention: Mention, first: int, end: int) -> None:
    """The country that the words before, in or right behind the phrase give."""
    for k in range(first, end):
        sense = scan.sense(k, "country") or scan.sense(k, "demonym")
        if sense is not None:
            mention.country = sense.country
            return
    if (
        end < len(scan)
        and (sense := scan.sense(end, "demonym")) is not None
        and not scan.caps[first - 1 if first else 0]
    ):
        hit = scan.hits[end]
        mention.country, mention.last = sense.country, hit.last if hit else end + 1
        mention.phrase_last, mention.name = mention.last, scan.surface(mention.first, mention.last)
        return
    if first > 0 and (sense := scan.sense(first - 1, "demonym") or scan.sense(first - 1, "country")) is not None:
        if _same_sentence(scan, first - 1, first):
            mention.country = sense.country
        return
    complement = of_complement(scan, end)
    if complement is not None and complement.country:
        mention.country = complement.country
        mention.phrase_last = complement.last
        if mention.kind == "role":
            mention.last = complement.last
            mention.name = scan.surface(mention.first, mention.last)


def _role(scan: Scan, i: int, found: list[Mention]) -> tuple[Mention | None, int] | None:
    """A role, alone or with the name that it stands before or behind."""
    phrase = role_phrase(scan, i)
    if phrase is None:
        return None
    begins = phrase.first
    if found and found[-1].last > begins:
        if found[-1].type == "country" and found[-1].first >= begins:
            found.pop()
        else:
            begins = i
    role_text = scan.surface(begins, phrase.last)
    named = _adjacent_name(scan, phrase.last)
    if named is not None:
        first, last = named
        mention = _make(scan, first, last, "name", "person", "name.role_before")
        mention.phrase_first = article_before(scan, begins)
        outer = mention.phrase_first - 1
        mention.before = scan.classes(outer) if outer >= 0 and _same_sentence(scan, outer, i) else NONE
        given = scan.sense(first, "given")
        mention.gender = phrase.gender if phrase.gender in ("m", "f") else (given.gender if given else "")
    elif not phrase.is_role:
        return None
    elif (owner := _apposed_to(scan, begins, found)) is not None:
        _give_role(owner, phrase.sector, phrase.country, phrase.gender, phrase.head, role_text)
        owner.phrase_last = phrase.last
        return None, phrase.last
    else:
        plural = phrase.number == "p"
        mention = _make(scan, begins, phrase.last, "role", "group" if plural else "person", "role.noun")
        mention.gender, mention.number = phrase.gender, phrase.number
    if phrase.is_role:
        _give_role(mention, phrase.sector, phrase.country, phrase.gender, phrase.head, role_text)
    return mention, mention.last


def _give_role(mention: Mention, sector: str | None, country: str | None, gender: str, head: str, text: str) -> None:
    mention.sector = sector or mention.sector
    mention.country = country or mention.country
    mention.gender = mention.gender or gender
    mention.head, mention.role_text = head, text
    if mention.type == "unknown":
        mention.type, mention.rule = "person", "name.role_behind"


def _adjacent_name(scan: Scan, i: int) -> tuple[int, int] | None:
    """The name right behind a role, also behind a comma when the sentence or another comma closes it."""
    n = len(scan)
    comma = i < n and scan.words[i] == ","
    j = first = i + 1 if comma else i
    while not comma and j < n - 1 and j - first < 2 and not scan.caps[j] and scan.lows[j] in scan.lexicon.name_particles:  # noqa: PLR2004
        j += 1
    if j >= n or not scan.caps[j] or not _same_sentence(scan, j, i - 1):
        return None
    if j > first and "of" in scan.classes(first) and j - first == 1:
        return None  # "ministra de Hacienda" is a role; "de la Fuente" has two particles
    hit = scan.hits[j]
    if hit is not None and not any(k in hit.senses for k in ("given", "surname")):
        blocked = ("org", "org_head", "country", "fn", "role", "demonym", "agency", "outlet", "cue", "region", "title")
        if any(k in hit.senses for k in blocked):
            return None
    last = names.name_end(scan, j)
    type_, _, _ = names.classify(scan, j, last)
    if type_ == "organization":
        return None
    if comma and not _closes(scan, last):
        return None
    if last - j == 1 and comma and type_ != "person":
        return None
    return first, last


def _closes(scan: Scan, j: int) -> bool:
    """Whether an apposition ends before token j: punctuation, a verb, a handle or the end."""
    if j >= len(scan) or not scan.is_word(j):
        return True
    hit = scan.hits[j]
    return hit is not None and any(k in hit.senses for k in ("cue", "be", "have", "light", "event", "fn"))


def _apposed_to(scan: Scan, first: int, found: list[Mention]) -> Mention | None:
    """The name that this role explains: "Name, role," or "Name (role)"."""
    if not found or first < 2:  # noqa: PLR2004 a name and a comma need two tokens
        return None
    begins = article_before(scan, first)
    owner = found[-1]
    between = scan.words[owner.last : begins]
    if owner.type in ("person", "unknown") and owner.kind == "name" and between in ([","], ["("]):
        return owner if _same_sentence(scan, owner.first, first) else None
    return None


def _group(scan: Scan, i: int, kind: str) -> tuple[Mention | None, int]:
    hit, sense = scan.hits[i], scan.sense(i, kind)
    assert hit is not None and sense is not None  # noqa: S101, PT018 the caller has looked
    mention = _make(scan, hit.first, hit.last, "role", "group", f"group.{kind}")
    mention.sector, mention.number, mention.head = sense.sector, "p", sense.lemma
    _place(scan, mention, hit.first, hit.last)
    return mention, mention.last


def _country(scan: Scan, i: int) -> tuple[Mention | None, int]:
    hit = scan.hits[i]
    assert hit is not None  # noqa: S101 the caller has looked
    kind = next(k for k in ("country", "government", "capital") if k in hit.senses)
    sense = hit.senses[kind][0]
    if kind == "country" and (scan.sense(i, "given") or scan.sense(i, "surname")) and not scan.caps[i]:
        return None, hit.last
    mention = _make(scan, hit.first, hit.last, "name", "country", f"country.{kind}")
    mention.country, mention.key = sense.country, sense.key
    mention.name = sense.name
    if kind == "government":
        mention.type, mention.sector, mention.key = "organization", "GOV", ""
        mention.name = scan.surface(hit.first, hit.last)
    mention.metonym = kind == "capital"
    return mention, hit.last


def _pronoun(scan: Scan, i: int) -> tuple[Mention | None, int]:
    hit, sense = scan.hits[i], scan.sense(i, "pronoun")
    assert hit is not None and sense is not None  # noqa: S101, PT018 the caller has looked
    mention = _make(scan, hit.first, hit.last, "pronoun", "unknown", f"pronoun.{sense.person}")
    mention.gender, mention.number, mention.phrase_first = sense.gender, sense.number, hit.first
    return mention, hit.last


def _settle(scan: Scan, mention: Mention, previous: Mention | None) -> None:
    """Decide an unknown name by what stands around it."""
    if mention.type != "unknown" or mention.kind != "name":
        return
    if _in_region(scan, mention.last):
        mention.type, mention.rule = "place", "name.in_region"
    elif _age_behind(scan, mention.last):
        mention.type, mention.rule = "person", "name.age"
    elif "in" in mention.before or scan.sense(mention.first, "region"):
        mention.type, mention.rule = "place", "name.place"
    elif mention.phrase_first == mention.first and _cue_beside(scan, mention):
        mention.type, mention.rule = "person", "name.cue"
    elif previous is not None and previous.type == "organization" and previous.last == mention.first:
        mention.type = "place"


def _in_region(scan: Scan, j: int) -> bool:
    """Whether a comma and a region or country follow: "Springfield, Illinois"."""
    if j + 1 >= len(scan) or scan.words[j] != ",":
        return False
    return scan.sense(j + 1, "region") is not None or scan.sense(j + 1, "country") is not None


def _age_behind(scan: Scan, j: int) -> bool:
    if j + 2 >= len(scan) or scan.words[j] not in (",", "(") or scan.words[j + 2] not in (",", ")"):
        return False
    return scan.words[j + 1].isdecimal() and int(scan.words[j + 1]) in AGES


def _cue_beside(scan: Scan, mention: Mention) -> bool:
    """A strong verb of speech right before or behind the name."""
    for k in (mention.first - 1, mention.last):
        if 0 <= k < len(scan) and (cue := scan.sense(k, "cue")) is not None:
            if cue.tense in ("past", "present") and not cue.flag:
                return True
    return False
