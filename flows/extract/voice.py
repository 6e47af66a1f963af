"""A verb in its clause -> whether it is active or passive, by its auxiliaries, its form and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.lexicons import traits

if TYPE_CHECKING:
    from flows.extract.reading import Reading
    from flows.lexicons import Sense


def has_auxiliary(reading: Reading, verb: int, low: int, kind: str) -> bool:
    """Whether an auxiliary stands before the verb with nothing but adverbs between."""
    scan, k = reading.scan, verb - 1
    while k >= low:
        if scan.sense(k, kind) is not None or _ends_in(reading, k, kind):
            return True
        if not ("adverb" in scan.classes(k) or scan.sense(k, "have") or scan.sense(k, "be")):
            return False
        k -= 1
    return False


def _ends_in(reading: Reading, k: int, kind: str) -> bool:
    """Whether the phrase that ends at token k ends in such a word: "nié avoir"."""
    hit = reading.scan.hits[k]
    if hit is None or hit.last - hit.first == 1:
        return False
    leaf = reading.scan.alone(k)
    return leaf is not None and kind in leaf.senses


def is_participle(reading: Reading, verb: int, sense: Sense) -> bool:
    """Whether a form that can be nothing but a participle of the verb stands there: "donated" may be the past too."""
    hit = reading.scan.hits[verb]
    others = {s.tense for s in hit.senses.get("event", ()) if s.frame is sense.frame} if hit else set()
    return sense.tense == "participle" and "past" not in others


def is_passive(reading: Reading, verb: int, low: int) -> bool:
    """Whether a form that may be a participle is one: behind "be", right before "by", or before what it accuses of."""
    hit = reading.scan.hits[verb]
    senses = hit.senses.get("event", ()) if hit else ()
    if not any(s.tense == "participle" for s in senses):
        return False
    if has_auxiliary(reading, verb, low, "be"):
        return True
    if any(s.frame.type in traits().accusing for s in senses) and _is_of(reading, verb + 1):
        return True
    k = reading.scan.next_after(verb)
    return k < len(reading.scan) and "by" in reading.scan.classes(k)


def _is_of(reading: Reading, k: int) -> bool:
    """Whether token k is "of", by itself or inside a phrase ("accused of murder")."""
    leaf = reading.scan.alone(k) if k < len(reading.scan) else None
    return leaf is not None and "of" in leaf.classes
