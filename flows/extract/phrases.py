"""What noun phrases are made of: determiners, of-complements, and the mention of a stretch of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flows.extract import names
from flows.extract.mention import Mention
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.scan import Scan
    from flows.lexicons import Hit

DETERMINERS: Final = frozenset({"article", "demonstrative", "possessive"})
NONE: Final[frozenset[str]] = frozenset()
EVENTS: Final = bits("event", "event_noun")
BEFORE_MODIFIERS: Final = frozenset(
    {"against", "between", "by", "with"}
)  # "of" and "to" count: "up to 20", "más de 20"
GOVERNS: Final = frozenset({"of", "to"})  # "des", "aux" hold a preposition
MAX_MODIFIERS: Final = 2  # words that no lexicon knows between a preposition and its noun
MAX_COMPLEMENTS: Final = 3
NAMED: Final = ("org", "agency", "country", "region", "government", "capital")
NO_COMPLEMENT: Final = ("fn", "role", "cue", "event", "be", "have", "pronoun")


@dataclass(frozen=True, slots=True)
class Complement:
    """An of-phrase: tokens up to `last`, and the country and sector that it names."""

    last: int
    country: str | None = None
    sector: str | None = None
    named: bool = False


def make_mention(scan: Scan, first: int, last: int, kind: str, type_: str, rule: str) -> Mention:
    """A mention of the tokens, with the determiners before it and the word classes of what governs it."""
    begins = article_before(scan, first)
    before = _governor(scan, begins - 1) if begins > 0 and same_sentence(scan, begins - 1, first) else NONE
    inner = _before_modifiers(scan, begins)
    if 0 < inner < begins and same_sentence(scan, inner - 1, first):
        before = before | (scan.classes(inner - 1) & BEFORE_MODIFIERS)
    name = scan.surface(first, last)
    return Mention(scan, first, last, kind, type_, name, begins, rule, phrase_last=last, before=before)


def _governor(scan: Scan, i: int) -> frozenset[str]:
    """The word classes of token i, also where it ends a phrase of another kind ("disparar contra")."""
    hit = scan.hits[i]
    if hit is None or hit.classes or hit.last == hit.first + 1 or not hit.kinds & EVENTS:
        return scan.classes(i)
    leaf = scan.alone(i)
    return leaf.classes if leaf is not None else NONE


def _before_modifiers(scan: Scan, i: int) -> int:
    """The first of the figures, numerals and unknown words right before token i: "against 1,200 masked soldiers"."""
    unknown = 0
    while i > 0:
        if _counts(scan, i - 1) or (i > 1 and scan.words[i - 1] in ",." and _grouped(scan, i - 1)):
            i -= 1
        elif (
            unknown < MAX_MODIFIERS and scan.hits[i - 1] is None and scan.lows[i - 1].isalpha() and not scan.caps[i - 1]
        ):
            i, unknown = i - 1, unknown + 1
        else:
            break
    return i


def _counts(scan: Scan, i: int) -> bool:
    classes = scan.classes(i)
    return scan.words[i].isdecimal() or ("plural" in classes and not classes & GOVERNS)


def _grouped(scan: Scan, i: int) -> bool:
    """Whether the mark at token i stands inside a number."""
    return scan.words[i - 1].isdecimal() and scan.ends[i - 1] == scan.starts[i] and scan.ends[i] == scan.starts[i + 1]


def same_sentence(scan: Scan, a: int, b: int) -> bool:
    """Whether two tokens stand in one sentence."""
    return scan.sentence_of[a] == scan.sentence_of[b]


def article_before(scan: Scan, i: int) -> int:
    """The first of the determiners that stand right before token i (i itself when none does)."""
    j = i
    while j > 0 and scan.sentence_of[j - 1] == scan.sentence_of[i] and scan.classes(j - 1) & DETERMINERS:
        hit = scan.hits[j - 1]
        j = hit.first if hit else j - 1
    return j


def has_article(scan: Scan, i: int) -> bool:
    """Whether a determiner, or a preposition that holds an article, stands right before token i."""
    if i == 0 or not same_sentence(scan, i - 1, i):
        return False
    j = i - 2 if i > 1 and scan.words[i - 1] == "'" else i - 1
    return bool(scan.classes(i - 1) & DETERMINERS) or scan.lows[j] in scan.lexicon.contracted


def skip_determiners(scan: Scan, i: int) -> int:
    """The first token from i on that is no determiner."""
    while i < len(scan) and scan.classes(i) & DETERMINERS:
        i = scan.next_after(i)
    return i


def org_end(scan: Scan, first: int, last: int) -> int:
    """The token behind an organization's name whose head stands in `first:last`, with its complements."""
    n, j, title = len(scan), last, scan.caps[first]
    if title and scan.words[first].isupper() and scan.shouted(first):
        return j  # in a headline of capitals nothing shows where a name ends
    while (
        j < n
        and scan.caps[j]
        and scan.sentence_of[j] == scan.sentence_of[first]
        and not names.breaks(scan, j, first)
        and not names.changes_case(scan, j)
    ):
        j = max(scan.next_after(j), j + 1)
    if title and scan.lexicon.lower_adjectives:
        j = _adjectives_end(scan, j)
    for _ in range(MAX_COMPLEMENTS):
        step = _name_complement(scan, j, title=title)
        if step == j:
            break
        j = step
    return _series_end(scan, j) if title and j > last else j


def _series_end(scan: Scan, j: int) -> int:
    """Behind the other fields of a ministry: "de Salud*, Pesca y Deporte*"; j where no conjunction closes."""
    k, n = j, len(scan)
    for _ in range(MAX_COMPLEMENTS):
        if k + 1 >= n or scan.words[k] != "," or not _is_field(scan, k + 1):
            break
        k += 2
    closes = j < k < n - 1 and "and" in scan.classes(k) and _is_field(scan, k + 1)
    return k + 2 if closes else j


def _is_field(scan: Scan, k: int) -> bool:
    """Whether token k is a capitalized word that begins nobody's name."""
    return scan.caps[k] and not scan.words[k].isupper() and scan.hits[k] is None


def _adjectives_end(scan: Scan, i: int) -> int:
    """Behind the lower-case adjectives of a name and the noun they may govern: "Fédération *française de judo*"."""
    j, n = i, len(scan)
    while j < n and not scan.caps[j] and (scan.sense(j, "org_adjective") or (j > i and scan.sense(j, "demonym"))):
        j = scan.next_after(j)
    k = scan.next_after(j) if j < n and j > i and "of" in scan.classes(j) else n
    plain = k < n and not scan.caps[k] and scan.is_word(k) and scan.hits[k] is None
    return k + 1 if plain else j


def _name_complement(scan: Scan, i: int, *, title: bool) -> int:
    """Behind "of X" or "and X" with a capital, "for the X" where the head has one (`title`); i when there is none."""
    n = len(scan)
    if i >= n or not scan.classes(i) & {"of", "for", "and", "within_name"}:
        return i
    joins = "and" in scan.classes(i) and "of" not in scan.classes(i)
    j = skip_determiners(scan, scan.next_after(i))
    if j >= n or not scan.caps[j] or scan.sentence_of[j] != scan.sentence_of[i]:
        return i
    if not scan.classes(i) & {"of", "for", "and"} and not (title and has_article(scan, j)):
        return i
    hit = scan.hits[j]
    senses = hit.senses if hit else {}
    role = scan.sense(j, "role")
    if any(k in senses for k in ("title", "given", "pronoun")) or (role is not None and role.number == "s"):
        return i
    if joins and (any(k in senses for k in ("country", "org", "org_head", "surname")) or j > scan.next_after(i)):
        return i
    end = scan.next_after(j)
    while end < n and _goes_on(scan, end, j):
        end = scan.next_after(end)
    return end


def _goes_on(scan: Scan, end: int, first: int) -> bool:
    if not scan.caps[end] or scan.sense(end, "given") or names.changes_case(scan, end):
        return False
    return scan.sense(end, "org_adjective") is not None or not names.breaks(scan, end, first)


def of_complement(scan: Scan, i: int) -> Complement | None:
    """The of-phrase at token i: a country, an organization or another capitalized thing, or a plain noun."""
    n = len(scan)
    if i >= n or not scan.classes(i) & {"of", "for"}:
        return None
    j = skip_determiners(scan, scan.next_after(i))
    if j >= n or not scan.is_word(j) or not same_sentence(scan, j, i):
        return None
    hit = scan.hits[j]
    if hit is not None and (found := _named_complement(scan, j, hit) or _national_complement(scan, hit)) is not None:
        return found
    if scan.caps[j]:
        return _capital_complement(scan, j)
    if hit is not None and any(kind in hit.senses for kind in NO_COMPLEMENT):
        return None
    return Complement(j + 1 if hit is None else hit.last)


def _named_complement(scan: Scan, j: int, hit: Hit) -> Complement | None:
    for kind in NAMED:
        if kind in hit.senses and not ("given" in hit.senses and kind == "region"):
            sense = hit.senses[kind][0]
            return Complement(hit.last, sense.country, sense.sector, named=True)
    if "org_head" not in hit.senses:
        return None
    head = hit.senses["org_head"][0]
    end = org_end(scan, j, hit.last)
    demonym = scan.sense(end, "demonym") if end < len(scan) else None
    if demonym is not None:
        return Complement(scan.next_after(end), demonym.country, head.sector, named=True)
    return Complement(end, None, head.sector, named=True)


def _national_complement(scan: Scan, hit: Hit) -> Complement | None:
    """A demonym and the organization or group that it stands before: "of the Algerian government"."""
    j = hit.last
    if "demonym" not in hit.senses or j >= len(scan):
        return None
    noun = next((sense for kind in ("org_head", "group") if (sense := scan.sense(j, kind)) is not None), None)
    if noun is None:
        return None
    return Complement(org_end(scan, j, scan.next_after(j)), hit.senses["demonym"][0].country, noun.sector, named=True)


def _capital_complement(scan: Scan, j: int) -> Complement | None:
    if scan.sense(j, "given") is not None:
        return None
    end, n = names.name_end(scan, j), len(scan)
    end = next((k for k in range(j + 1, end) if scan.sense(k, "given") is not None), end)
    type_, _, _ = names.classify(scan, j, end)
    while end + 1 < n and "and" in scan.classes(end) and scan.caps[end + 1] and type_ == "unknown":
        end = names.name_end(scan, end + 1)
    if type_ == "person":
        return None
    heads = [head for k in range(j, end) if (head := scan.sense(k, "org_head")) is not None]
    return Complement(end, None, heads[-1].sector if heads else None, named=True)
