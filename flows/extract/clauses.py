"""Who does it: the subject and the complements of a verb, found in its own clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract.nouns import PREPOSITIONAL, phrase_before, phrase_behind
from flows.extract.phrases import DETERMINERS
from flows.extract.reading import VERBS
from flows.lexicons.senses import bits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading

JOINS: Final = frozenset({"and", "but"})
MAX_JOINED: Final = 3
MAX_INVERTED: Final = 22  # tokens from an inverted verb to its subject
SPEAKING: Final = ("organization", "group", "country")
BESIDE: Final = bits("calendar", "pronoun")  # what may stand between a verb of speech and the clause that it reports
SKIPPED: Final = frozenset({"adverb"})
MAX_BEHIND: Final = 4  # tokens between an inverted verb and its subject


def subject(
    reading: Reading, verb: int, low: int, high: int, *, inverted: bool = False, depth: int = 0
) -> Mention | None:
    """The mention that is the subject of the verb at that token, looked for between the tokens `low` and `high`.

    Before the verb first, or behind it first where the clause is `inverted` ("…", said X).
    """
    if inverted:
        return inverted_subject(reading, verb, high) or subject_before(reading, verb, low, depth)
    return subject_before(reading, verb, low, depth) or subject_behind(reading, verb, high)


def subject_before(reading: Reading, verb: int, low: int, depth: int = 0) -> Mention | None:
    """The nearest mention before the verb that no preposition governs; one that it does as a last resort."""
    k = left_of_verb_group(reading, verb, low)
    if k >= low and reading.scan.classes(k) & JOINS and depth < MAX_JOINED:  # coordinated verbs share their subject
        return _shared_subject(reading, k, low, depth, speaks=reading.finite(verb, ("cue",)) is not None)
    return _owner_of_relative(reading, k, low) or _nearest_free(reading, verb, k, low)


def _nearest_free(reading: Reading, verb: int, k: int, low: int) -> Mention | None:
    """The nearest mention up to token k, left of the verb, that no preposition governs, or else one that it does."""
    scan, fallback, left = reading.scan, None, k
    beside = True  # nothing but insertions between the verb and token k
    while k >= low:
        if beside and (outer := _before_relative(reading, k, low)) is not None:
            return outer
        if beside and (thing := phrase_before(reading, k, low)) is not None:
            return thing
        mention = reading.mention_at[k]
        beside = False
        if reading.quote_at[k] >= 0 and reading.quote_at[k] != reading.quote_at[verb]:
            k, beside = reading.quote_tokens(reading.quote_at[k])[0] - 1, True
        elif mention is not None:
            opens = k == left and "subordinator" in mention.before  # "after *police* arrested two"
            if opens or not mention.before & PREPOSITIONAL:
                return mention
            fallback = fallback or mention
            k = mention.phrase_first - 1
        elif scan.words[k] in (",", ")", "—", "–"):
            inserted, k = k, _before_parenthesis(reading, k, low)
            beside = k < inserted - 1
        elif scan.words[k] == ";" or (k < verb - 1 and "that" in scan.classes(k) and reading.finite(k - 1, ("cue",))):
            break
        else:
            hit = scan.hits[k]
            k = (hit.first if hit else k) - 1
    return fallback


def reported_subject(reading: Reading, verb: int, low: int) -> Mention | None:
    """The speaker, where the verb's own subject is nobody else: "X said (that) it would", "X dijo que hará"."""
    scan, k = reading.scan, left_of_verb_group(reading, verb, low)
    while k >= low:
        hit, mention = scan.hits[k], reading.mention_at[k]
        if mention is not None and (mention.kind != "pronoun" or mention.actor >= 0):
            return None
        if hit is None or reading.quote_at[k] != reading.quote_at[verb]:
            return None
        if reading.finite(hit.first, ("cue",)) is not None:
            return subject_before(reading, hit.first, low) or subject_behind(reading, hit.first, verb)
        if not hit.kinds & BESIDE and not hit.classes & (SKIPPED | {"that", "preposition", "on"}):
            return None
        k = hit.first - 1
    return None


def _owner_of_relative(reading: Reading, k: int, low: int) -> Mention | None:
    """The mention that the relative pronoun at token k stands for, whatever governs it: "visas to rebels *who*".

    What may be a conjunction too is none behind whoever is spoken to: "told the police that".
    """
    scan = reading.scan
    if k <= low or "relative" not in scan.classes(k):
        return None
    owner = reading.mention_at[k - 1]
    if owner is None or not owner.before & PREPOSITIONAL or owner.type in ("place", "country"):
        return None
    verbs = scan.having(VERBS, low, owner.phrase_first) if "that" in scan.classes(k) else []
    return None if any(reading.finite(u, ("cue",)) is not None for u in verbs) else owner


def _before_relative(reading: Reading, k: int, low: int) -> Mention | None:
    """The mention whose relative clause without commas ends at token k ("the man who hit X said")."""
    scan = reading.scan
    for j in range(k, low, -1):
        if not scan.is_word(j) and scan.words[j] not in "-'":
            return None
        if "relative" in scan.classes(j):
            # "a European diplomat who", in other orders of words; "the police said that" has no owner there
            adjective = not scan.classes(j - 1) and j - 2 >= low and reading.finite(j - 1) is None
            owner = reading.mention_at[j - 1] or (reading.mention_at[j - 2] if adjective else None)
            if owner is None or owner.before & PREPOSITIONAL or j == k:
                return None
            return owner if any(reading.finite(u) is not None for u in scan.having(VERBS, j + 1, k + 1)) else None
    return None


def _shared_subject(reading: Reading, k: int, low: int, depth: int, *, speaks: bool) -> Mention | None:
    """The subject of the verb before the conjunction at token k; where no verb is known, the sentence's first one.

    A verb that `speaks` goes on with the sentence's own verb of speech ("said the plan would fail and called it").
    """
    before = reversed(reading.scan.having(VERBS, low, k))
    verbs = [u for u in before if reading.finite(u) is not None and reading.quote_at[u] < 0]
    if speaks:
        cues = [(cue.flag, n, u) for n, u in enumerate(verbs) if (cue := reading.finite(u, ("cue",))) is not None]
        if cues:
            return subject_before(reading, min(cues)[2], low, depth + 1)
    shared = subject_before(reading, verbs[0], low, depth + 1) if verbs else None
    return shared or first_free(reading, low, k)


def first_free(reading: Reading, low: int, high: int, type_: str = "") -> Mention | None:
    """The first mention of the range (of that type) that no preposition governs, outside quotes."""
    for k in range(low, high):
        mention = reading.mention_at[k]
        if mention is None or mention.before & PREPOSITIONAL or reading.quote_at[k] >= 0:
            continue
        if type_ in ("", mention.type):
            return mention
    return None


def left_of_verb_group(reading: Reading, verb: int, low: int) -> int:
    """The token left of the verb with its auxiliaries, clitics, adverbs and negation."""
    scan, k = reading.scan, verb - 1
    while k >= low:
        hit = scan.hits[k]
        if hit is None or reading.mention_at[k] is not None:
            break
        light = any(s in hit.senses for s in ("be", "have", "realis"))
        if not (light or scan.classes(k) & SKIPPED or "pronoun" in hit.senses):
            break
        k = hit.first - 1
    return k


def _before_parenthesis(reading: Reading, k: int, low: int) -> int:
    """From a comma, the token before the insertion that it closes; else the token before the comma."""
    scan = reading.scan
    opener = "(" if scan.words[k] == ")" else scan.words[k]
    for j in range(k - 1, low, -1):
        if scan.words[j] == opener:
            return j - 1
    return k - 1


def inverted_subject(reading: Reading, verb: int, high: int) -> Mention | None:
    """The subject of a verb that certainly stands before it: any noun phrase or capital behind the verb's adjuncts.

    Adjuncts have a preposition, and maybe commas round them; as a last resort whoever is behind "from" is meant.
    """
    scan, fallback, governed = reading.scan, None, False
    k, limit = scan.next_after(verb), min(high, verb + MAX_INVERTED)
    while k < limit:
        if reading.quote_at[k] != reading.quote_at[verb]:
            _, k = reading.quote_tokens(reading.quote_at[k])
            continue
        mention = reading.next_mention(k)
        if mention is not None:
            if not mention.before & PREPOSITIONAL:
                return mention
            if "from" in mention.before and "of" not in mention.before and mention.type in SPEAKING:
                fallback = fallback or mention
            k, governed = max(mention.last, mention.phrase_last, k + 1), False
            continue
        classes = scan.classes(k)
        governed = bool(classes & PREPOSITIONAL) or (governed and not classes & DETERMINERS)
        if not governed and scan.is_word(k) and (thing := phrase_behind(reading, k, high)) is not None:
            return thing
        stops = (not scan.is_word(k) and scan.words[k] not in ",-'") or "relative" in classes
        if stops or (not governed and not _light(reading, k) and scan.words[k] != ","):
            break
        k = scan.next_after(k)
    return fallback


def _light(reading: Reading, k: int) -> bool:
    """Whether the token may stand between a verb and its subject: an adverb, or the rest of the verb group."""
    scan = reading.scan
    hit = scan.hits[k]
    if hit is None:
        return False
    verbal = any(
        s.tense in ("participle", "infinitive", "past")
        for kind in ("cue", "event", "light")
        for s in hit.senses.get(kind, ())
    )
    return verbal or "have" in hit.senses or "be" in hit.senses or bool(scan.classes(k) & (SKIPPED | {"to"}))


def subject_behind(reading: Reading, verb: int, high: int) -> Mention | None:
    """The mention right behind a verb, adverbs and the rest of the verb group skipped."""
    scan = reading.scan
    k = scan.next_after(verb)
    if _ends_in_preposition(reading, verb):
        return None
    limit = min(high, k + MAX_BEHIND)
    while k < limit:
        if reading.quote_at[k] >= 0 and reading.quote_at[k] != reading.quote_at[verb]:
            return None
        mention = reading.next_mention(k)
        if mention is not None and not mention.before & PREPOSITIONAL:
            return mention
        if mention is not None:  # "told reporters", "afirmó a los periodistas": those are spoken to
            k = max(mention.last, mention.phrase_last)
            limit = min(high, k + MAX_BEHIND)
            continue
        if not _light(reading, k):
            return None
        k = scan.next_after(k)
    return None


def _ends_in_preposition(reading: Reading, verb: int) -> bool:
    """Whether the verb's phrase governs what follows: "detener a", "disparar contra"."""
    last = reading.scan.next_after(verb) - 1
    leaf = reading.scan.alone(last) if last > verb else None
    return leaf is not None and bool(leaf.classes & PREPOSITIONAL)


def begins_clause(reading: Reading, mention: Mention, *, joined: bool = True) -> bool:
    """Whether a mention behind a comma, or `joined` by "and", is the subject of another clause.

    "attacks X, *Y* will defend it"; behind "and" a form that can be a participle too shows it by its object alone
    ("X and Y accused of murder").
    """
    scan, k, before = reading.scan, mention.last, mention.phrase_first - 1
    if before < 0 or mention.before & PREPOSITIONAL:
        return False
    comma = scan.words[before] == ","
    if not comma and not (joined and scan.classes(before) & JOINS):
        return False
    while k < len(scan) and "adverb" in scan.classes(k):
        k = scan.next_after(k)
    if k >= len(scan) or scan.sentence_of[k] != scan.sentence_of[mention.first] or reading.finite(k) is None:
        return False
    hit = scan.hits[k]
    if comma or hit is None or all(sense.tense != "participle" for found in hit.senses.values() for sense in found):
        return True
    k = hit.last
    thing = reading.next_mention(k) if k < len(scan) else None
    return thing is not None and not thing.before & PREPOSITIONAL


def with_coordinated(reading: Reading, first: Mention) -> list[Mention]:
    """The mention and those before it that "and" or a comma joins to it ("X and Y met")."""
    scan, found = reading.scan, [first]
    k = first.phrase_first - 1
    while (
        k > 0 and "and" in scan.classes(k) and (before := reading.mention_at[k - 1]) is not None and before not in found
    ):
        found.insert(0, before)
        k = before.phrase_first - 1
    return found
