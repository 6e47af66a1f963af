"""Roles: how far "the former Mexican minister of finance" reaches, and the name that it stands beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from flows.extract import names
from flows.extract.phrases import MAX_COMPLEMENTS, NONE, article_before, make_mention, of_complement, same_sentence
from flows.lexicons.people import FORMER

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.scan import Scan
    from flows.lexicons import Hit

NO_NAME: Final = (
    "org", "org_head", "country", "fn", "role", "demonym", "agency", "outlet", "cue", "region", "title",
)  # fmt: skip
MAX_PARTICLES: Final = 2
OWNERS: Final = ("demonym", "country", "government", "capital", "region")
HYPHENS: Final = "-‐‑"
SERVING: Final = frozenset({"BUS", "GOV", "UNK"})  # presidents, chiefs and spokesmen are of what they serve
OFFICIAL: Final = frozenset({"COP", "GOV", "JUD", "LEG", "MIL", "PTY", "SPY"})  # whose former holders are elites
RANKS: Final = frozenset({"COP", "MIL"})  # but former soldiers and policemen, several of them, are none
VERBS: Final = ("cue", "be", "have", "light", "event")
CLOSING: Final = ("cue", "be", "have", "light", "event", "fn")


class RolePhrase(msgspec.Struct, frozen=True, gc=False):
    """A role with demonym and complements: "Mexican foreign secretary", "ministro de Hacienda de Chile"."""

    first: int
    last: int
    head: str = ""
    sector: str | None = None
    country: str | None = None
    gender: str = ""
    number: str = "s"
    is_role: bool = False
    is_former: bool = False


def role_phrase(scan: Scan, i: int) -> RolePhrase | None:
    """The role that begins at token i, with the country words before it; a title alone has `is_role` False."""
    first, country = _country_before(scan, i)
    phrase = _role_words(scan, RolePhrase(first, i, country=country))
    if phrase.last == i:
        return None
    if not phrase.is_role:
        return phrase
    phrase = _with_complements(scan, phrase)
    if phrase.is_former and phrase.sector in OFFICIAL and (phrase.number == "s" or phrase.sector not in RANKS):
        return replace(phrase, sector=FORMER)
    return phrase


def _role_words(scan: Scan, phrase: RolePhrase) -> RolePhrase:
    """The phrase with the roles, titles, demonyms and marks of a former office from its end on."""
    begin, j, n = phrase.last, phrase.last, len(scan)
    while j < n and same_sentence(scan, j, begin):
        hit = scan.hits[j]
        if hit is None:
            break
        if (role := scan.sense(j, "role")) is not None:
            gender, country = role.gender or phrase.gender, phrase.country or _country_inside(scan, hit)
            phrase = replace(
                phrase,
                is_role=True,
                head=role.lemma,
                sector=role.sector,
                gender=gender,
                number=role.number,
                country=country,
            )
        elif (title := scan.sense(j, "title")) is not None:
            phrase = replace(phrase, gender=title.gender or phrase.gender)
        elif (demonym := scan.sense(j, "demonym")) is not None:
            phrase = replace(phrase, country=demonym.country)
        elif "former" in hit.senses:
            phrase = replace(phrase, is_former=True)
        else:
            break
        j = _behind_joint(scan, hit.last)
        phrase = replace(phrase, last=j)
    return phrase


def _country_inside(scan: Scan, hit: Hit) -> str | None:
    """The country that the first words of a role of several words name ("US-Präsident", "Hamas leader")."""
    if hit.last - hit.first == 1:
        return None
    first, last = hit.first, hit.last - 1
    inner = scan.lexicon.trie.find(scan.lows[first:last], scan.words[first:last])[0]
    if inner is None:
        return None
    kinds = (kind for kind in ("org", *OWNERS) if kind in inner.senses)
    return next((inner.senses[kind][0].country for kind in kinds), None)


def _behind_joint(scan: Scan, j: int) -> int:
    """Behind the hyphen of a compound or the full stop of a shortened title at token j; else j."""
    if j + 1 < len(scan) and scan.words[j] == "-" and not scan.spaced(j) and scan.hits[j + 1] is not None:
        return j + 1
    if j < len(scan) and scan.words[j] == "." and not scan.spaced(j) and scan.lows[j - 1] in scan.lexicon.abbreviations:
        return j + 1
    return j


def _with_complements(scan: Scan, phrase: RolePhrase) -> RolePhrase:
    if phrase.last < len(scan) and scan.sense(phrase.last, "org_adjective") is not None:
        phrase = replace(phrase, last=scan.next_after(phrase.last))  # "président de l'Assemblée nationale"
    for _ in range(MAX_COMPLEMENTS):
        complement = of_complement(scan, phrase.last)
        if complement is None:
            break
        j, country = complement.last, complement.country or phrase.country
        if j < len(scan) and (demonym := scan.sense(j, "demonym")) is not None:
            j, country = scan.next_after(j), demonym.country
        sector = _serving(phrase.sector, complement.sector)
        phrase = replace(phrase, last=j, country=country, sector=sector)
    return phrase


def _country_before(scan: Scan, i: int) -> tuple[int, str | None]:
    """Where a demonym or place before the role begins, with or without 's or a hyphen, and which country it names."""
    j = _behind_owner(scan, i)
    if j == 0 or scan.sentence_of[j - 1] != scan.sentence_of[i]:
        return i, None
    hit = scan.hits[j - 1]
    if hit is None or hit.last != j:
        return i, None
    # "Estados Unidos presidente" is no phrase where adjectives follow
    kinds = OWNERS if j < i or scan.lexicon.head_final else ("demonym",)
    sense = next((scan.sense(j - 1, kind) for kind in kinds if kind in hit.senses), None)
    if sense is None or (sense.kind in ("capital", "region") and ("given" in hit.senses or not scan.caps[j - 1])):
        return i, None
    return hit.first, sense.country


def _behind_owner(scan: Scan, i: int) -> int:
    """The token behind which an owner before the role at token i ends: before 's or a hyphen, else i."""
    if i >= 2 and scan.lows[i - 1] == "s" and scan.words[i - 2] == "'":  # noqa: PLR2004 the clitic is two tokens
        return i - 2
    if i >= 1 and scan.words[i - 1] in HYPHENS and not scan.spaced(i) and not scan.spaced(i - 1):
        return i - 1
    return i


def _serve(scan: Scan, phrase: RolePhrase, found: list[Mention], i: int) -> RolePhrase:
    """The phrase with the country, and where it serves the sector, of the organization right before it ("UN envoy")."""
    j = _behind_owner(scan, i)
    owner = found[-1] if found else None
    if owner is None or owner.type != "organization" or owner.last != j or not same_sentence(scan, j - 1, i):
        return phrase
    if j == i and not scan.lexicon.head_final:
        return phrase
    return replace(phrase, country=phrase.country or owner.country, sector=_serving(phrase.sector, owner.sector))


def _serving(role: str | None, body: str | None) -> str | None:
    """The sector of a role in a body: a union's secretary is of labour, a candidate for parliament of a party."""
    serves = role in SERVING or (role == "PTY" and body not in OFFICIAL)
    return body if body and serves else role


def role_mention(scan: Scan, i: int, found: list[Mention]) -> tuple[Mention | None, int] | None:
    """A role, alone or with the name that it stands before or behind."""
    phrase = role_phrase(scan, i)
    if phrase is None:
        return None
    if phrase.is_role:
        phrase = _serve(scan, phrase, found, i)
    begins = phrase.first
    if found and found[-1].last > begins:
        if found[-1].type == "country" and found[-1].first >= begins:
            found.pop()
        else:
            begins = i
    role_text = scan.surface(begins, phrase.last)
    named = _adjacent_name(scan, phrase.last)
    if named is not None and not _is_headline(scan, *named):
        first, last = named
        mention = make_mention(scan, first, last, "name", "person", "name.role_before")
        mention.phrase_first = article_before(scan, begins)
        outer = mention.phrase_first - 1
        mention.before = scan.classes(outer) if outer >= 0 and same_sentence(scan, outer, i) else NONE
        given = scan.sense(first, "given")
        mention.gender = phrase.gender if phrase.gender in ("m", "f") else (given.gender if given else "")
    elif not phrase.is_role:
        return None
    elif (owner := _apposed_to(scan, begins, phrase.last, found)) is not None:
        give_role(owner, phrase.sector, phrase.country, phrase.gender, phrase.head, role_text)
        owner.phrase_last = phrase.last
        return None, phrase.last
    else:
        plural = phrase.number == "p"
        mention = make_mention(scan, begins, phrase.last, "role", "group" if plural else "person", "role.noun")
        mention.gender, mention.number = phrase.gender, phrase.number
    if phrase.is_role:
        give_role(mention, phrase.sector, phrase.country, phrase.gender, phrase.head, role_text)
    return mention, mention.last


def _is_headline(scan: Scan, first: int, last: int) -> bool:
    """Whether the name behind a role is any other word of a headline in capitals: "VECINOS PIDEN OBRAS"."""
    known = any(scan.sense(k, kind) is not None for k in range(first, last) for kind in ("given", "surname"))
    return not known and scan.words[first].isupper() and scan.shouted(first)


def give_role(mention: Mention, sector: str | None, country: str | None, gender: str, head: str, text: str) -> None:
    """Give the mention what its role says; a name of unknown kind becomes a person's."""
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
    while not comma and j < n - 1 and j - first < MAX_PARTICLES and _is_particle(scan, j):
        j += 1
    if j >= n or not scan.caps[j] or not same_sentence(scan, j, i - 1):
        return None
    if j > first and "of" in scan.classes(first) and j - first == 1:
        return None  # "ministra de Hacienda" is a role; "de la Fuente" has two particles
    hit = scan.hits[j]
    named = hit is not None and ("given" in hit.senses or "surname" in hit.senses)
    if j > first and "article" in scan.classes(first) and not named:
        return None  # "lehnte der Sprecher den Vorschlag ab"
    if hit is not None and not named and any(kind in hit.senses for kind in NO_NAME):
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


def _verb_at(scan: Scan, j: int) -> bool:
    """Whether a verb stands at token j, or behind an adverb there."""
    while j < len(scan) and "adverb" in scan.classes(j):
        j = scan.next_after(j)
    return j < len(scan) and is_verb(scan, j)


def is_verb(scan: Scan, j: int) -> bool:
    """Whether the phrase that covers token j can be a verb."""
    hit = scan.hits[j]
    return hit is not None and any(kind in hit.senses for kind in VERBS)


def _begins_clause(scan: Scan, i: int) -> bool:
    """Whether no verb stands before token i in its sentence, so that what is there may be the subject."""
    return not any(is_verb(scan, k) for k in range(scan.sentences[scan.sentence_of[i]][0], i))


def _is_particle(scan: Scan, j: int) -> bool:
    return not scan.caps[j] and scan.lows[j] in scan.lexicon.name_particles


def _closes(scan: Scan, j: int) -> bool:
    """Whether an apposition ends before token j: punctuation, a verb, a handle or the end."""
    if j >= len(scan) or not scan.is_word(j):
        return True
    hit = scan.hits[j]
    return hit is not None and any(kind in hit.senses for kind in CLOSING)


def _apposed_to(scan: Scan, first: int, last: int, found: list[Mention]) -> Mention | None:
    """The name that this role explains: "Name, role," or "Name (role)"; not "asked Name, the mayor refused"."""
    if not found or first < 2:  # noqa: PLR2004 a name and a comma need two tokens
        return None
    begins = article_before(scan, first)
    owner = found[-1]
    between = scan.words[owner.last : begins]
    if begins < first and _verb_at(scan, last) and not _begins_clause(scan, owner.phrase_first):
        return None
    if owner.type in ("person", "unknown") and owner.kind == "name" and between in ([","], ["("]):
        return owner if same_sentence(scan, owner.first, first) else None
    return None
