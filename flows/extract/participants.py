"""An event word and its frame -> who does it and to whom, from the word's own clause or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.extract import nations, verb_last
from flows.extract.clauses import (
    begins_clause,
    left_of_verb_group,
    reported_subject,
    subject,
    subject_before,
    subject_behind,
    with_coordinated,
)
from flows.extract.complements import asked_to, behind
from flows.extract.nouns import PREPOSITIONAL
from flows.extract.phrases import DETERMINERS, article_before
from flows.extract.reading import VERBS
from flows.extract.voice import has_auxiliary, is_participle, is_passive
from flows.lexicons import traits

if TYPE_CHECKING:
    from flows.extract.mention import Mention
    from flows.extract.reading import Reading
    from flows.lexicons import Sense

Parties = tuple[list["Mention"], list["Mention"]]

DIRECT: Final[frozenset[str]] = frozenset()
RECIPIENT: Final = frozenset({"to", "against", "on"})
# PLOVER sectors of those who protest; the state's own and armed groups do other things to protests.
CIVILIANS: Final = frozenset({"AGR", "CVL", "EDU", "LAB", "MED", "OPP", "PTY", "REF", "REL", "SOC"})
THIRD_PARTY: Final = "third-party"  # who mediates is beside the two between whom it is
NOMINAL: Final = DETERMINERS | PREPOSITIONAL  # behind these no finite verb stands
PERSONAL: Final = frozenset({"abduct", "arrest", "deport", "targeted"})  # modes of what is done to people
CLITICS: Final = frozenset({"adverb", "article"})  # what an object pronoun before a verb can be taken for
OPENERS: Final = frozenset({"and", "but", "that"})
GOAL: Final = frozenset({"to", "against"})
FROM: Final = frozenset({"from"})
WITH: Final = frozenset({"with", "between"})
COMPLEMENTS: Final = (frozenset({"between"}), frozenset({"by"}), frozenset({"of"}), RECIPIENT, WITH)
TRAITS: Final = traits()
NOUN_REACH: Final = 4  # tokens between an event noun and its complement
LIGHT_REACH: Final = 6  # tokens between a light verb and its noun


def of_verb(reading: Reading, verb: int, sense: Sense, low: int, high: int) -> Parties:
    """The parties of an event verb, active or passive."""
    if reading.scan.lexicon.verb_last:
        return _of_verb_last(reading, verb, sense, low, high)
    perfect = has_auxiliary(reading, verb, low, "have") and not has_auxiliary(reading, verb, low, "be")
    if not perfect and (is_participle(reading, verb, sense) or is_passive(reading, verb, low)):
        doers = behind(reading, verb, high, frozenset({"by"}))
        first = _passive_subject(reading, verb, low)
        undergoers = [first] if first is not None and first not in doers else []
        if first is None or "in" in first.before:
            undergoers = _inverted_passive(reading, verb, doers, low, high) or undergoers
        if doers or has_auxiliary(reading, verb, low, "be") or sense.frame.type not in TRAITS.mutual:
            return doers, undergoers
    fronted = _fronted(reading, verb, low)
    if fronted is not None:
        first = subject_behind(reading, verb, high)
    else:
        first = _accused(reading, verb, low) or reported_subject(reading, verb, low)
        first = first or _of_adjunct(reading, verb, sense, low) or subject(reading, verb, low, high)
    doers = nations.subject_of(reading, verb, low) if first is None else with_coordinated(reading, first)
    others = _others(reading, verb, sense, high) if fronted is None else [fronted]
    others = [m for m in others if m not in doers]
    if not others and not perfect and _takes_people(sense) and _is_either(reading, verb, sense):
        return [], doers  # "Opposition leader detained in Kampala"
    if sense.frame.type in TRAITS.together:
        return doers + others, []
    return doers, others


def _passive_subject(reading: Reading, verb: int, low: int) -> Mention | None:
    """Whom a participle is said of: the noun right before it ("freed the *students* arrested"), else its subject."""
    noun = reading.mention_at[verb - 1] if verb > low else None
    if noun is not None and noun.last == verb and noun.kind in ("role", "name") and "as" not in noun.before:
        return noun
    return reported_subject(reading, verb, low) or subject_before(reading, verb, low)


def _inverted_passive(reading: Reading, verb: int, doers: list[Mention], low: int, high: int) -> list[Mention]:
    """The subject behind a passive without one before it: "Fueron asesinados por sicarios dos *campesinos*"."""
    if not has_auxiliary(reading, verb, low, "be"):
        return []
    begins = doers[-1].last - 1 if doers else verb
    found = behind(reading, begins, high, DIRECT, NOUN_REACH)
    apart = bool(found) and "," in reading.scan.words[begins : found[0].phrase_first]
    return [] if apart else found


def _accused(reading: Reading, verb: int, low: int) -> Mention | None:
    """Of whom an accusation says what stands behind "of": "acusó a *X* de matar", "el *hombre* acusado de matar"."""
    scan, k = reading.scan, left_of_verb_group(reading, verb, low)
    if k > low and "of" in scan.classes(k):
        k -= 1
        accused = reading.mention_at[k]
        if accused is not None:
            word = accused.phrase_first - 1 - bool(accused.before & PREPOSITIONAL)
            return accused if _accuses(reading, word, low) else None
    hit = scan.hits[k] if _accuses(reading, k, low) else None
    return reading.mention_at[hit.first - 1] if hit is not None and hit.first > low else None


def _accuses(reading: Reading, k: int, low: int) -> bool:
    """Whether a verb of accusation ends at token k."""
    hit = reading.scan.hits[k] if k >= low and reading.mention_at[k] is None else None
    senses = hit.senses.get("event", ()) if hit is not None else ()
    return bool(senses) and all(sense.frame.type in TRAITS.accusing for sense in senses)


def _of_adjunct(reading: Reading, verb: int, sense: Sense, low: int) -> Mention | None:
    """The subject of a gerund behind a comma: that of the clause before it ("*police* killed one, arresting ten")."""
    comma = left_of_verb_group(reading, verb, low)
    if sense.tense != "gerund" or comma <= low or reading.scan.words[comma] != ",":
        return None
    verbs = (k for k in reversed(reading.scan.having(VERBS, low, comma)) if reading.finite(k) is not None)
    main = next(verbs, None)
    return None if main is None else subject_before(reading, main, low)


def _fronted(reading: Reading, verb: int, low: int) -> Mention | None:
    """The object with "to" that opens the clause of a verb without a subject before it: "A Ruiz lo mataron"."""
    scan, k = reading.scan, left_of_verb_group(reading, verb, low)
    while k > low and reading.mention_at[k] is None and scan.classes(k) & CLITICS:
        k -= 1
    mention = reading.mention_at[k] if k > low and scan.lexicon.pro_drop else None
    if mention is None or mention.type == "place" or "to" not in mention.before:
        return None
    k = mention.phrase_first - 2  # before the preposition
    opens = k < low or scan.words[k] in ",;:" or bool(scan.classes(k) & OPENERS)
    return mention if opens else None


def _takes_people(sense: Sense) -> bool:
    """Whether nobody does it without somebody that it is done to."""
    return sense.frame.needs == "object" or sense.frame.mode in PERSONAL


def _is_either(reading: Reading, verb: int, sense: Sense) -> bool:
    """Whether the form can be the past and the participle."""
    hit = reading.scan.hits[verb]
    tenses = {s.tense for s in hit.senses.get("event", ()) if s.frame is sense.frame} if hit is not None else set[str]()
    alone = hit is not None and hit.last == verb + 1  # "managed to arrest" is no participle
    return alone and {"past", "participle"} <= tenses and sense.tense in {"past", "participle"}


def _of_verb_last(reading: Reading, verb: int, sense: Sense, low: int, high: int) -> Parties:
    doers, others = verb_last.parties(reading, verb, sense, low, high)
    if sense.frame.type in TRAITS.asking and (asked := asked_to(reading, verb, high)) is not None:
        others = [asked]
    doers = doers or nations.subject_of(reading, verb, low)
    others = others or nations.object_of(reading, verb, high)
    if sense.frame.type in TRAITS.together:
        return [*doers, *(m for m in others if m not in doers)], []
    return doers, others


def _others(reading: Reading, verb: int, sense: Sense, high: int) -> list[Mention]:
    """Whom the verb acts on: its object, else whoever is with it or behind its preposition."""
    asked = asked_to(reading, verb, high) if sense.frame.type in TRAITS.asking else None
    if asked is not None:
        return [asked]
    if sense.frame.type in TRAITS.sent and (goal := behind(reading, verb, high, GOAL)) and goal[0].type != "group":
        return goal  # "sent its troops to Mali"
    for classes in (DIRECT, WITH, RECIPIENT, *([FROM] if sense.frame.type in TRAITS.refusing else [])):
        if others := behind(reading, verb, high, classes):
            return others
    return nations.object_of(reading, verb, high)


def somewhere_behind(reading: Reading, word: int, sense: Sense, high: int) -> list[Mention]:
    """Whoever the rest of the clause names first, whatever the preposition; of a threat also its condition."""
    scan, k = reading.scan, reading.scan.next_after(word)
    ends = {"relative"} if sense.frame.type in TRAITS.conditional else {"relative", "subordinator", "that", "after"}
    while k < high:
        mention = reading.mention_at[k]
        if mention is not None and begins_clause(reading, mention):
            return []
        if mention is not None and mention.kind != "pronoun" and mention.type not in ("place", "unknown"):
            return [mention]
        if found := nations.adjective_at(reading, k):
            return found
        if mention is None and (scan.words[k] in ",;:" or scan.classes(k) & ends or _goes_on(reading, k, word)):
            return []
        k = mention.last if mention is not None else scan.next_after(k)
    return []


def _goes_on(reading: Reading, k: int, word: int) -> bool:
    """Whether a verb of speech of another clause stands there: no infinitive, no noun and not right behind the word."""
    inside = k == reading.scan.next_after(word) or bool(reading.scan.classes(k - 1) & NOMINAL)
    return not inside and reading.finite(k, ("cue",)) is not None


def of_noun(reading: Reading, noun: int, sense: Sense, low: int, high: int) -> Parties:
    """The parties of an event noun: its own complements, then the subject of the verb that carries it."""
    kind = sense.frame.type
    both, by, of, against, others = _complements(reading, noun, high)
    if both and sense.frame.mode != THIRD_PARTY:
        return (both, []) if kind in TRAITS.mutual else (both[:1], both[1:])
    carried = _carrier(reading, noun, low)
    doers, undergoers = list(by), list(against)
    if carried is not None:
        verb, passive = carried
        first = reported_subject(reading, verb, low) or subject_before(reading, verb, low)
        if first is not None:
            (undergoers if passive else doers).extend(with_coordinated(reading, first))
    if of and of[0] not in doers:
        befalls = not TRAITS.undergone.isdisjoint((kind, f"{kind}/{sense.frame.mode}"))  # "detention of X"
        undergoes = befalls if sense.frame.of is None else sense.frame.of == "recipient"
        if undergoes and not undergoers:
            undergoers.extend(of)
        elif not doers:
            doers.extend(of)
    doers = doers or _implied(reading, noun, kind, low, high)
    if kind in TRAITS.mutual:
        return [*doers, *(m for m in (*both, *others, *undergoers) if m not in doers)], []
    return doers, undergoers or [m for m in others if m not in doers]


def _complements(reading: Reading, noun: int, high: int) -> list[list[Mention]]:
    """The mentions behind an event noun by their prepositions, in the order of COMPLEMENTS."""
    begins = reading.scan.next_after(noun)
    if not any(reading.mention_at[begins : min(high, begins + 2 * NOUN_REACH)]):
        return [[] for _ in COMPLEMENTS]
    return [behind(reading, noun, high, classes, NOUN_REACH) for classes in COMPLEMENTS]


def _implied(reading: Reading, noun: int, kind: str, low: int, high: int) -> list[Mention]:
    """Who does it where no verb carries the noun: its owner, its nationality, the civilians whose protest it is."""
    owner = reading.mention_at[noun - 1] if noun > low and reading.scan.lexicon.head_final else None
    if owner is not None:
        return [owner]
    if found := nations.beside_noun(reading, noun, low, high):
        return found
    return _protesters(reading, noun, low) if kind in TRAITS.public else []


def _protesters(reading: Reading, noun: int, low: int) -> list[Mention]:
    """The last free mention before a protest, if those are civilians: "Los médicos, en huelga desde mayo"."""
    for k in range(noun - 1, low - 1, -1):
        mention = reading.mention_at[k]
        if reading.scan.words[k] in ";:" or reading.quote_at[k] != reading.quote_at[noun]:
            break
        if mention is not None and not mention.before & PREPOSITIONAL and mention.kind != "pronoun":
            acts = mention.sector in CIVILIANS and not _is_object(reading, mention)
            return with_coordinated(reading, mention) if acts else []
    behind_it = reading.next_mention(reading.scan.next_after(noun)) if noun <= low + 1 else None
    return [behind_it] if behind_it is not None and behind_it.sector in CIVILIANS else []  # "En huelga los mineros"


def _is_object(reading: Reading, mention: Mention) -> bool:
    """Whether a finite verb stands right before the mention, but for figures: "arrested 13 people"."""
    k = mention.phrase_first - 1
    while k >= 0 and not reading.scan.words[k].isalpha():
        k -= 1
    hit = reading.scan.hits[k] if k >= 0 else None
    return hit is not None and reading.finite(hit.first) is not None


def _carrier(reading: Reading, noun: int, low: int) -> tuple[int, bool] | None:
    """The light verb before an event noun and whether its subject undergoes the event; none across a preposition."""
    begins = article_before(reading.scan, noun)
    if begins > low and reading.scan.classes(begins - 1) & PREPOSITIONAL:
        agent = "by" in reading.scan.classes(begins - 1) and reading.scan.sense(begins - 2, "event") is not None
        return (begins - 2, True) if agent else None  # "were killed by a car bomb"
    k, quiet = noun - 1, 0
    while k >= low and quiet < LIGHT_REACH:
        for kind in ("light", "passive_light"):
            if reading.finite(k, (kind,)) is not None or _nonfinite(reading, k, kind):
                return k, kind == "passive_light"
        mention = reading.mention_at[k]
        if (mention is not None and "in" not in mention.before) or reading.scan.words[k] in ",;:":
            return None
        quiet += mention is None and reading.scan.sense(k, "calendar") is None
        k = (mention.phrase_first if mention is not None else k) - 1
    return None


def _nonfinite(reading: Reading, k: int, kind: str) -> bool:
    sense = reading.scan.sense(k, kind)
    return sense is not None and reading.mention_at[k] is None
