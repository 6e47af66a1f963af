"""Capitalized runs: where a name begins and ends, and whether a person, an organization or a place bears it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flows.extract.scan import Scan

ROMAN: Final = re.compile("[IVXL]{2,}|[MDCLXVI]{4,}")
HAPPENING: Final = bits("event", "event_noun", "cue")  # what in a line of capitals is no part of a name
MAX_NAME: Final = 9  # tokens; a longer run of capitals is a headline or a list
ACRONYM: Final = 4  # letters; in a longer word capitals are rather a headline's
ACRONYM_LETTERS: Final = range(2, 8)
BREAKING: Final = ("calendar", "role", "title", "former", "group", "fn", "pronoun", "cue", "have", "be", "light")
MAX_PARTICLE: Final = 3  # tokens
MAX_COMPLEMENTS: Final = 3
PERSONAL: Final = ("given", "surname")
NO_THING: Final = (*BREAKING, "org", "org_head", "agency", "country", "demonym", "government")
LEXICAL: Final = (
    "calendar",
    "fn",
    "pronoun",
    "cue",
    "be",
    "have",
    "light",
    "event",
    "realis",
    "according",
    "speech_noun",
    "title",
)


def name_end(scan: Scan, first: int) -> int:
    """The token behind the name that begins at `first`, which must be capitalized; at least `first + 1`."""
    words, caps, n = scan.words, scan.caps, len(scan)
    j = first + 1
    while j < n and j - first < MAX_NAME and scan.sentence_of[j] == scan.sentence_of[first]:
        word = words[j]
        if caps[j]:
            if breaks(scan, j, first) or changes_case(scan, j) or _headline_goes_on(scan, j, first):
                break
            j += 1
        elif j + 1 < n and (step := _joiner(scan, first, j)):
            j += step
        elif word == "." and len(words[j - 1]) == 1 and caps[j - 1] and j + 1 < n and caps[j + 1]:
            j += 1
        else:
            break
    return j


def changes_case(scan: Scan, j: int) -> bool:
    """Whether a headline in capitals ends before token j: what follows is the dateline or the text."""
    word, before = scan.words[j], scan.words[j - 1]
    return before.isupper() and len(before) > ACRONYM and not word.isupper() and scan.shouted(j - 1)


def _headline_goes_on(scan: Scan, j: int, first: int) -> bool:
    """Whether token j, in a headline of capitals, is no part of the person's name that began it."""
    if j == first + 1 or not scan.words[first].isupper() or scan.sense(first, "given") is None:
        return False
    return not any(scan.sense(j, kind) for kind in PERSONAL) and scan.shouted(first)


def breaks(scan: Scan, j: int, first: int) -> bool:
    """Whether the capitalized token j begins something else than the rest of the name."""
    hit = scan.hits[j]
    if hit is None:
        return False
    senses = hit.senses
    if any(kind in senses for kind in ("given", "surname", "org_suffix")):
        return False
    if scan.lexicon.noun_capitals and "role" in senses and scan.sense(j - 1, "given") and hit.last == j + 1:
        return j + 1 < len(scan) and scan.caps[j + 1]  # "Karl Maurer" is a name, "Papst Karl Bischof Holl" are two
    if scan.words[j].isupper() and scan.words[first].isupper():
        return "fn" in senses or (bool(hit.kinds & HAPPENING) and scan.shouted(j))
    return any(kind in senses for kind in BREAKING)


def _joiner(scan: Scan, first: int, j: int) -> int:
    """How many tokens of a joint (hyphen, apostrophe, particle, ampersand) stand at j before the name goes on."""
    words, caps, n = scan.words, scan.caps, len(scan)
    word, tight = words[j], not scan.spaced(j) and not scan.spaced(j + 1)
    if word in "-‐‑–" and tight and scan.is_word(j + 1):
        return 0 if scan.sense(j + 1, "role") and j + 2 < n and caps[j + 2] else 2
    if word == "'" and tight and caps[j + 1] and len(words[j - 1]) <= 2:  # noqa: PLR2004 O', D', L', dell' has more
        return 2
    if word == "&" and caps[j + 1]:
        return 2
    if "and" in scan.classes(j):
        return 0
    return _particles(scan, first, j)


def _particles(scan: Scan, first: int, j: int) -> int:
    """How many tokens of particles ("de la", "van der", "d'") at j join the name to the capital behind them."""
    n, k = len(scan), 0
    for length in range(min(MAX_PARTICLE, n - 1 - j), 0, -1):
        if " ".join(scan.lows[j : j + length]) in scan.lexicon.particle_phrases:
            k = j + length
            break
    if not k or not scan.caps[k] or any(scan.caps[j:k]) or _is_grammar(scan, j):
        return 0
    single, of = k == scan.next_after(j), "of" in scan.classes(j)
    if scan.sense(k, "role") or (single and of and scan.sense(k, "country")):
        return 0
    if not single or not of or scan.sense(j - 1, "given") or scan.sense(first, "given"):
        return k - j
    return k - j if scan.sense(j - 1, "surname") and not scan.sense(k, "region") else 0


def _is_grammar(scan: Scan, j: int) -> bool:
    """Whether the particle is an article or holds one, and is no "of": "al", "la" part names."""
    classes = scan.classes(j)
    return "of" not in classes and ("article" in classes or scan.lows[j] in scan.lexicon.contracted)


def starts_name(scan: Scan, i: int, proper: Collection[str]) -> bool:
    """Whether the capitalized token i can begin a name: not a common word that merely begins a sentence.

    `proper` are the words that the article capitalizes within sentences too.
    """
    if len(scan.words[i]) == 1 and (i + 1 == len(scan) or scan.words[i + 1] not in ".'&-"):
        return False
    first, _ = scan.sentences[scan.sentence_of[i]]
    opens = i == first or (not scan.is_word(i - 1) and scan.words[i - 1] not in ",-'(;" and not _in_list(scan, i))
    hit = scan.hits[i]
    if hit is not None:
        common = any(kind in hit.senses for kind in LEXICAL)
        if "given" in hit.senses or "surname" in hit.senses:
            return not (opens and common) or name_end(scan, i) > i + 1
        if not common and hit.kinds & HAPPENING:
            common = scan.shouted(i)
        if common or ("demonym" in hit.senses and not _named_after(scan, hit.last)):
            return False
    if scan.lexicon.noun_capitals:  # a capital alone says no more than that the word is a noun
        cue = scan.sense(i - 1, "cue") is not None if i else False
        return scan.words[i].isupper() or name_end(scan, i) > i + 1 or cue or _verb_behind(scan, i + 1)
    if not opens or scan.lows[i] in proper:
        return True
    return name_end(scan, i) > i + 1 or _verb_behind(scan, i + 1)


def _named_after(scan: Scan, j: int) -> bool:
    """Whether a name goes on at token j behind a demonym ("American Airlines"): a capital that begins no role."""
    if j >= len(scan) or not scan.caps[j] or scan.spaced(j) is False:
        return False
    hit = scan.hits[j]
    return hit is None or not any(kind in hit.senses for kind in BREAKING)


def _verb_behind(scan: Scan, j: int) -> bool:
    """Whether a verb that people are subjects of stands at token j, or what explains a person behind a comma."""
    hit = scan.hits[j] if j < len(scan) else None
    if hit is None:
        return j + 1 < len(scan) and scan.words[j] == "," and _explains(scan, j + 1)
    if "and" in scan.classes(j) and j + 1 < len(scan):
        return scan.caps[j + 1] and not scan.lexicon.noun_capitals and scan.hits[j + 1] is None
    return any(kind in hit.senses for kind in ("cue", "have"))


def _explains(scan: Scan, k: int) -> bool:
    """Whether a relative clause or a role begins at token k, behind the comma that follows a name."""
    if "relative" in scan.classes(k):
        return True
    role = scan.sense(k, "role")
    return role is not None and role.number == "s" and not scan.caps[k]


def _in_list(scan: Scan, i: int) -> bool:
    """Whether the word behind a colon is the first of a list, or all that follows: "Goals: Ruiz, Sanz"."""
    return scan.words[i - 1] == ":" and i + 1 < len(scan) and scan.words[i + 1] in ",;(."


def thing_end(scan: Scan, i: int) -> int | None:
    """Behind the name of a place, event or work whose noun is token i ("Plaza de Armas", "río Nilo"), or None."""
    hit = scan.hits[i]
    if hit is None or hit.first != i:
        return None
    j, n = hit.last, len(scan)
    if any(kind in hit.senses for kind in (PERSONAL if scan.caps[i] else ("cue", "event", "event_noun"))):
        return None
    if j < n and _begins_apposed(scan, j) and (scan.caps[i] or scan.sense(j, "given") is None or _definite(scan, i)):
        return name_end(scan, j)
    if scan.caps[i] != ("org_head" in hit.senses) or scan.lexicon.noun_capitals:
        j = _complements_end(scan, j)
    return j if scan.caps[i] and "org_head" not in hit.senses else j if j > hit.last else None


def _definite(scan: Scan, i: int) -> bool:
    return i > 0 and ("article" in scan.classes(i - 1) or scan.lows[i - 1] in scan.lexicon.contracted)


def _begins_apposed(scan: Scan, j: int) -> bool:
    """Whether the name of the thing before token j begins there: a capital that begins no actor's name or role."""
    hit = scan.hits[j]
    if not scan.caps[j] or not scan.spaced(j) or scan.sentence_of[j] != scan.sentence_of[j - 1]:
        return False
    return hit is None or not any(kind in hit.senses for kind in NO_THING)


def _complements_end(scan: Scan, j: int) -> int:
    """Behind the of-phrases with a capital at token j; j itself where there are none."""
    n = len(scan)
    for _ in range(MAX_COMPLEMENTS):
        k = j
        while k < n and k - j < MAX_COMPLEMENTS and scan.classes(k) & {"of", "article"}:
            k = scan.next_after(k)
        if k == j or k >= n or not scan.caps[k] or scan.sentence_of[k] != scan.sentence_of[j]:
            break
        j = max(name_end(scan, k), scan.next_after(k))
    return j


def ends_in_thing(scan: Scan, first: int, last: int) -> bool:
    """Whether the run of capitals is a place, an event or a work by its last word ("Elm Street"), not by a surname."""
    hit = scan.hits[last - 1]
    if hit is None or hit.first == first:
        return False
    if "thing_suffix" in hit.senses:
        return "surname" not in hit.senses or scan.sense(first, "given") is None
    head_final = scan.lexicon.head_final or scan.lexicon.noun_capitals
    return head_final and "thing" in hit.senses and scan.sense(first, "given") is None


def bearer_within(scan: Scan, first: int, last: int) -> int | None:
    """Where a name begins behind the common noun that opens a run of capitals ("Landsmann Erik Moe")."""
    if any(scan.sense(first, kind) is not None for kind in (*PERSONAL, "org", "org_head", "region", "country")):
        return None
    for k in range(first + 1, last - 1):
        given = scan.sense(k, "given")
        begins = (given is not None and not given.flag) or (_is_acronym(scan.words[k]) and scan.caps[k + 1])
        if begins and scan.spaced(k):
            return k
    return None


def classify(scan: Scan, first: int, last: int) -> tuple[str, str, str]:
    """(type, gender, rule) of the name in these tokens: person, organization or unknown."""
    words = scan.words[first:last]
    given = scan.sense(first, "given")
    if given is None and words[0].isupper() and len(words[0]) > 1 and scan.shouted(first):
        return "unknown", "", "name.shouted"
    if len(words) == 1:
        return _classify_word(scan, first)
    if scan.sense(last - 1, "org_suffix") is not None:
        return "organization", "", "name.org_suffix"
    if scan.sense(first, "org_prefix") is not None and given is None:
        return "organization", "", "name.org_prefix"
    if given is not None:
        return "person", given.gender, "name.given"
    if scan.sense(last - 1, "surname") is not None:
        return "person", "", "name.surname"
    if "&" in words:
        return "organization", "", "name.ampersand"
    if len(words[0]) == 1 and words[1] == ".":
        return "person", "", "name.initial"
    if _has_acronym(words) and not scan.shouted(first):
        return "organization", "", "name.with_acronym"
    return "unknown", "", "name.capital"


def _has_acronym(words: Sequence[str]) -> bool:
    """Whether an acronym begins or ends the name, as clubs and stations have it: "HJK Turku", "Radio RTV"."""
    if not all(word.isalpha() and word[0].isupper() for word in words):
        return False
    first, last = words[0], words[-1]
    return (_is_acronym(first) and last[1:].islower()) or (_is_acronym(last) and first[1:].islower())


def _is_acronym(word: str) -> bool:
    return word.isupper() and word.isalpha() and len(word) in ACRONYM_LETTERS and not ROMAN.fullmatch(word)


def _classify_word(scan: Scan, i: int) -> tuple[str, str, str]:
    word, given = scan.words[i], scan.sense(i, "given")
    if ROMAN.fullmatch(word):
        return "place", "", "name.number"
    if scan.sense(i, "abbreviation") is not None:
        return "place", "", "name.abbreviation"
    if _is_acronym(word) and given is None:
        return "organization", "", "name.acronym"
    if given is not None and not given.flag:
        return "person", given.gender, "name.given"
    if scan.sense(i, "surname") is not None:
        return "person", "", "name.surname"
    return "unknown", "", "name.capital"
