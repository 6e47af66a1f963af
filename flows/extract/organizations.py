"""Organizations: known ones, those that a head noun names, and the country that the words around them give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract import names
from flows.extract.phrases import NONE, article_before, make_mention, of_complement, org_end, same_sentence
from flows.ids import fold

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.scan import Scan
    from flows.lexicons import Sense

OPENING: Final = frozenset("\"“«„‘'")
CLOSING: Final = frozenset("\"”»“’'")
STATE: Final = frozenset({"COP", "GOV", "JUD", "LEG", "MIL", "SPY"})


def known(scan: Scan, i: int) -> Mention:
    """The organization, agency or outlet of the lexicon at token i."""
    hit = scan.hits[i]
    if hit is None:
        raise ValueError(f"no known organization at token {i}")
    sense = next(hit.senses[kind][0] for kind in ("org", "agency", "outlet") if kind in hit.senses)
    last = hit.last
    if scan.lexicon.head_final and last < len(scan) and scan.caps[last] and scan.sense(last, "org_head"):
        last = org_end(scan, i, scan.next_after(last))  # "Politico Magazine", "UN Security Council"
        mention = make_mention(scan, hit.first, last, "name", "organization", "organization.head_final")
        mention.country, mention.sector = sense.country, sense.sector
        return mention
    if (end := _known_end(scan, hit.first, last)) > last:
        mention = make_mention(scan, hit.first, end, "name", "organization", "organization.known_part")
        mention.country, mention.sector = sense.country, sense.sector
        return mention
    surface = scan.surface(hit.first, hit.last)
    kind = "acronym" if surface.isupper() and " " not in surface else "name"
    mention = make_mention(scan, hit.first, hit.last, kind, "organization", "organization.known")
    mention.country, mention.sector = sense.country, sense.sector
    if (other := _namesake(scan, mention, sense)) is not None:
        mention.country = other
    else:
        mention.name, mention.key = sense.name, sense.key or sense.name
    return mention


def _namesake(scan: Scan, mention: Mention, sense: Sense) -> str | None:
    """Another country that the words behind name, whose body of the same name is meant ("o Congresso do Peru")."""
    if sense.sector not in STATE or sense.country in (None, "IGO"):
        return None
    last = mention.last
    demonym = scan.sense(last, "demonym") if last < len(scan) and not scan.lexicon.head_final else None
    complement = of_complement(scan, last)
    country = demonym.country if demonym is not None else complement.country if complement is not None else None
    if country in (None, "IGO", "NGO", "MNC", sense.country):
        return None
    mention.phrase_last = scan.next_after(last) if demonym is not None or complement is None else complement.last
    return country


def _known_end(scan: Scan, first: int, last: int) -> int:
    """Behind the capitals that make another organization of a known one: "Telefónica Holding"."""
    j = last
    while j < len(scan) and scan.caps[j] and scan.spaced(j) and same_sentence(scan, j, first):
        hit = scan.hits[j]
        if hit is None or not any(kind in hit.senses for kind in ("org_suffix", "org_head", "thing_suffix")):
            break
        j = hit.last
    return j if not scan.shouted(first) else last


def organization(scan: Scan, i: int) -> Mention | None:
    """Head noun with its complement ("Ministerio de Hacienda"), or a generic one alone ("el gobierno")."""
    hit = scan.hits[i]
    head = scan.sense(i, "org_head")
    if hit is None or head is None:
        return None
    if (titled := _titled(scan, i, head)) is not None:
        return titled
    end = org_end(scan, i, hit.last)
    named = end > hit.last and any(scan.caps[k] for k in range(hit.last, end))
    if not named and not head.flag and not (scan.caps[i] and article_before(scan, i) < i):
        return None
    capital = _capital_within(scan, i)
    first = hit.last if named and not scan.caps[i] and scan.caps[hit.last] else i  # "la cadena Norte"
    common = named and not scan.caps[i] and _common_complement(scan, hit.last, end)
    kind = "name" if (named or capital) and not common else "role"
    mention = make_mention(scan, i, end, kind, "organization", "organization.head")
    if first > i:
        mention.first, mention.name = first, scan.surface(first, end)
    mention.sector, mention.head = head.sector, head.lemma
    give_country(scan, mention, i, end)
    if common:
        mention.key = fold(mention.name)
    if capital and not named:
        mention.key = f"{fold(head.lemma)}/{mention.country or ''}"  # as in lower case: "el Gobierno", "el gobierno"
    return mention


def _titled(scan: Scan, i: int, head: Sense) -> Mention | None:
    """The name behind a lower-case head and its adjective, or in quotation marks: "la firma suiza «Norvia»"."""
    hit = scan.hits[i]
    if hit is None or scan.caps[i] or head.flag:
        return None
    demonym = scan.sense(hit.last, "demonym") if hit.last < len(scan) else None
    j = scan.next_after(hit.last) if demonym is not None else hit.last
    quoted = j < len(scan) and scan.words[j] in OPENING
    first = j + 1 if quoted else j
    if first == hit.last or first >= len(scan) or not scan.caps[first] or not same_sentence(scan, first, i):
        return None
    if any(scan.sense(first, kind) is not None for kind in ("given", "role", "title", "org", "country", "fn")):
        return None
    last = names.name_end(scan, first)
    if quoted and (last >= len(scan) or scan.words[last] not in CLOSING):
        return None
    mention = make_mention(scan, i, last, "name", "organization", "organization.titled")
    mention.first, mention.name = first, scan.surface(first, last)
    mention.sector, mention.head = head.sector, head.lemma
    mention.country = demonym.country if demonym is not None else None
    return mention


def _common_complement(scan: Scan, j: int, end: int) -> bool:
    """Whether a lower-case head has but a place or another organization behind it: "la selección de Brasil"."""
    while j < end and not scan.caps[j]:
        j += 1
    kinds = ("country", "org") if scan.lexicon.lower_adjectives else ("country", "region", "org", "thing", "surname")
    return scan.classes(j - 1) != NONE and any(scan.sense(j, kind) is not None for kind in kinds)


def _capital_within(scan: Scan, i: int) -> bool:
    """Whether token i has a capital that neither the sentence's start nor the language's spelling gives it."""
    first, _ = scan.sentences[scan.sentence_of[i]]
    return scan.caps[i] and i > first and not scan.lexicon.noun_capitals


def head_final(scan: Scan, first: int, last: int) -> Mention | None:
    """A run of capitals that ends in, or holds, the head of an organization ("State Department")."""
    for j in range(last - 1, first - 1, -1):
        head = scan.sense(j, "org_head")
        if head is not None and scan.caps[j] and last > first + 1:
            end = org_end(scan, first, max(last, j + 1))
            mention = make_mention(scan, first, end, "name", "organization", "organization.head_final")
            mention.sector, mention.head = head.sector, head.lemma
            give_country(scan, mention, first, end)
            return mention
    return None


def give_country(scan: Scan, mention: Mention, first: int, end: int) -> None:
    """Give the mention the country that the words before, in or right behind `first:end` name."""
    for k in range(first, end):
        sense = scan.sense(k, "country") or scan.sense(k, "demonym") or scan.sense(k, "org") or _within(scan, k)
        if sense is not None and sense.country is not None:
            mention.country = sense.country
            return
    demonym = scan.sense(end, "demonym") if end < len(scan) else None
    if demonym is not None and not (first and scan.caps[first - 1] and not scan.classes(first - 1)):
        mention.country = demonym.country
        if mention.kind == "role" or scan.lexicon.lower_adjectives:
            _extend(scan, mention, scan.next_after(end))
        return
    before = scan.sense(first - 1, "demonym") or scan.sense(first - 1, "country") if first else None
    if before is not None:
        if same_sentence(scan, first - 1, first):
            mention.country = before.country
        return
    complement = of_complement(scan, end)
    if complement is not None and complement.country:
        mention.country, mention.phrase_last = complement.country, complement.last
        if mention.kind == "role":
            _extend(scan, mention, complement.last)


def _within(scan: Scan, k: int) -> Sense | None:
    """What a word alone says of a nation that stands inside a phrase of the lexicon ("tropas rusas")."""
    hit = scan.hits[k]
    if hit is None or hit.last == hit.first + 1:
        return None
    word = scan.lexicon.trie.find([scan.lows[k]], [scan.words[k]])[0]
    found = word.senses.get("demonym", ()) if word is not None else ()
    return found[0] if found else None


def _extend(scan: Scan, mention: Mention, last: int) -> None:
    mention.last = mention.phrase_last = last
    mention.name = scan.surface(mention.first, last)
