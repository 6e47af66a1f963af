"""A text and its address in, a fingerprint of under 400 bytes out; two fingerprints in, how alike the texts are out.

Two texts have the same words where they differ in case, white space and punctuation alone, and in characters that
Unicode's NFKC takes for one. How alike two others are is the Jaccard similarity of their shingles (runs of four words),
estimated with MinHash: the share of slots in which two signatures agree. A slot keeps 16 of its 32 bits (b-bit MinHash,
Li and König 2010: slots that differ agree by chance once in 65,536); the standard error is .035 at a similarity of .5.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize
from urllib.parse import parse_qsl, urlencode, urlsplit

from rensa import RMinHash

from flows.ids import sha256_hex

# The thresholds lie where tests/duplicates parts copies from other pairs; tests/test_duplicates.py prints how far.
SHINGLE: Final = 4  # words: two weather reports of one template share a fourth of such runs, of single words 60 %
ALIKE: Final = 0.5  # similarity of a copy: those of a wire text with another headline, lead and end have .59
PART_ALIKE: Final = 1 / 3  # or so much, if it stands in the other
CONTAINED: Final = 0.75  # with that share of it: an outlet prints the first half of a wire text
REVISED: Final = 0.05  # of two texts at one address, one of which is a version of the other
LONG: Final = 50  # words from which on shingles tell a text; a post of 20 words is like many others
ENOUGH_NUMBERS: Final = 6  # different ones in each of two texts: fewer may be told in words by one of them
SAME_NUMBERS: Final = 0.5  # share of its numbers that a copy has; reports of one template have other numbers

SLOTS: Final = 126  # of a signature: 42 bands of 3, so that of pairs with a similarity of .5 all but .4 % share a band
SLOT: Final = 16  # bits
BAND: Final = 12  # hex digits of a band
SEED: Final = 1
AT_ONCE: Final = 10_000  # words whose shingles are in memory
NUMBER: Final = 4  # hex digits of a number's hash
NUMBERS: Final = 32  # of a text that are kept, those with the smallest hashes
HASH: Final = 32  # hex digits of the hash of words or of an address
ONES: Final = sum(1 << (SLOT * n) for n in range(SLOTS))
HIGHEST: Final = ONES << (SLOT - 1)  # the highest bit of each slot,
OTHERS: Final = HIGHEST - ONES  # and all others

PACKED: Final = struct.Struct(f">{SLOTS}H")

# Letters and digits; han and kana one by one, since no space parts them; what changes a number.
WORD: Final = re.compile(r"[^\W_぀-ヿ㐀-鿿]+|[぀-ヿ㐀-鿿]|[%‰$€£¥]|(?<!\w)[-+](?=\d)")
SAME: Final = (("\u2212", "-"), ("\u2013", "-"), ("\u00ad", ""), ("\u200b", ""), ("\u2060", ""), ("\ufeff", ""))
TRACKING: Final = re.compile(r"utm_\w+|mc_[ce]id|(fb|g|dc|y|ms)clid|[gw]braid|igshid|cmpid|ocid", re.IGNORECASE)
FIGURES: Final = re.compile("[0-9]+")
PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of a text to compare it: its MinHash as one number, None where it has too few words for any."""

    signature: int | None
    words: int
    numbers: frozenset[str]

    @classmethod
    def of(cls, minhash: str | None, word_count: int, numbers: str | None) -> Print:
        """The print of a row of `fingerprints`."""
        found = numbers or ""
        parts = frozenset(found[start : start + NUMBER] for start in range(0, len(found), NUMBER))
        return cls(None if minhash is None else int(minhash, 16), word_count, parts)


def fingerprint(text: str, title: str | None, url: str | None) -> dict[str, Any]:
    """The columns of a row of `fingerprints` but the article's id.

    A short text has the same words as another only under the same headline: "Subscribe to read on" is no copy.
    """
    found = words(text)
    joined = " ".join(found)
    whole = joined if len(found) >= LONG else " ".join([joined, *words(title or "")])
    return {
        "words_hash": sha256_hex(whole)[:HASH] if found else None,
        "address_hash": sha256_hex(place)[:HASH] if (place := address(url)) else None,
        "word_count": len(found),
        "minhash": _minhash(found) if len(found) >= SHINGLE else None,
        "numbers": _numbers(joined),
    }


def words(text: str) -> list[str]:
    """The words and numbers of a text in order, each as NFKC in lower case (casefold), without punctuation.

    A sign before a number, a currency and a percentage sign are words too.
    """
    plain = normalize("NFKC", text)
    if not plain.isascii():
        for variant, usual in SAME:
            plain = plain.replace(variant, usual)
    return WORD.findall(plain.casefold())


def address(url: str | None) -> str | None:
    """The address that a URL stands for: without scheme, www, usual port, tracking parameters, fragment, final slash.

    None for what is no web address, and for the front page of a site, which has another text every day.
    """
    try:
        parts = urlsplit((url or "").strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in PORTS:
        return None
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0]))
    path = parts.path.rstrip("/")
    if not path and not query:
        return None
    home = host.removeprefix("www.") + (f":{port}" if port not in (None, PORTS[parts.scheme]) else "")
    return home + path + (f"?{urlencode(query, errors='surrogatepass')}" if query else "")


def similarity(one: Print, other: Print) -> float | None:
    """The estimated Jaccard similarity of two texts, a multiple of 1/126; None where one has too few words for any."""
    if one.signature is None or other.signature is None:
        return None
    differing = one.signature ^ other.signature
    # A slot's highest bit is set after this where any bit of it was.
    return (SLOTS - ((((differing & OTHERS) + OTHERS) | differing) & HIGHEST).bit_count()) / SLOTS


def is_near(one: Print, other: Print) -> bool:
    """Whether one text is a copy of the other with some words changed, added or cut, so far as their words tell."""
    fewer = min(one.words, other.words)
    alike = similarity(one, other) if fewer >= LONG else None
    if alike is None or alike < PART_ALIKE:
        return False
    # Of two sets of a and b members, j / (1 + j) of a + b are common.
    if alike < ALIKE and alike / (1 + alike) * (one.words + other.words) < CONTAINED * fewer:
        return False
    return _same_numbers(one.numbers, other.numbers)


def _same_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the text with fewer numbers has enough of the other's, where both have some.

    Of a text with many numbers the smallest hashes are kept, so only hashes up to the last one of each are compared.
    """
    last = min((max(found) for found in (one, other) if len(found) == NUMBERS), default="g")
    one, other = (frozenset(number for number in found if number <= last) for found in (one, other))
    fewer = min(len(one), len(other))
    return fewer < ENOUGH_NUMBERS or len(one & other) >= SAME_NUMBERS * fewer


def _minhash(found: list[str]) -> str:
    """The signature in hex: 16 bits of each slot."""
    sketch = RMinHash(SLOTS, SEED)
    for first in range(0, len(found), AT_ONCE):
        runs = (found[start : start + AT_ONCE] for start in range(first, first + SHINGLE))
        sketch.update(list(map(" ".join, zip(*runs, strict=False))))
    return PACKED.pack(*[slot & 0xFFFF for slot in sketch.digest()]).hex()


def _numbers(joined: str) -> str | None:
    """The hashes of the different numbers in hex, the smallest first; None where there is none."""
    hashes = sorted({zlib.crc32(number.encode()) & 0xFFFF for number in set(FIGURES.findall(joined))})
    return "".join([f"{number:04x}" for number in hashes[:NUMBERS]]) or None
