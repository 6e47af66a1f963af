"""A block's quotation marks -> the stretches they enclose; apostrophes told apart, unclosed marks kept and said so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKS: Final = re.compile("[\"“”„‟«»‹›‘’‚']")
CLOSES: Final = {
    "“": '”“"',
    "„": '“”"',
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
    '"': '"”',
}
SINGLE: Final = frozenset("‘’'‚‹›")
DOUBLE: Final = frozenset('"“„')
DEEPEST: Final = 6  # marks in one another; more are slips
DOUBLED: Final = ("’’", "''")  # two single marks in place of a double one
BEFORE_NESTED: Final = frozenset(" \t\n\u00a0([—–")
STOPS: Final = ".,:;!?…"
DASHES: Final = "—–―"
DIALOGUE_MARKS: Final = "—-"
DASH: Final = re.compile(rf"[{DASHES}]")
DIALOGUE: Final = re.compile(rf"[{DASHES}][ \t]?(?=\S)|-[ \t](?=\S)")  # blocks begin without white space
TURN: Final = re.compile(rf"(?<![ \t])[ \t]++[{DASHES}](?=\w)|(?<=[.!?…,])[ \t]*+[{DASHES}](?=[ \t]*+\w)")
SPACED: Final = re.compile(rf"(?<=[ \t])[{DASHES}](?=[ \t])")
LONGEST_SINGLE: Final = 400  # characters between single marks; more is two apostrophes


@dataclass(frozen=True, slots=True)
class Marked:
    """Quoted words `start:end` (marks outside), the whole with marks `outer_start:outer_end`.

    One that is not `complete` has no closing mark in its block; one that is `carried` goes on with the block before.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    complete: bool
    mark: str
    carried: bool = False


def find_marked(text: str, start: int, end: int, *, dialogue: bool = True, carry: str = "") -> list[Marked]:
    """The outermost quoted stretches of `text[start:end]`, in order; a mark never closed runs to the block's end.

    Without marks, a dash that begins the block opens speech where the language's press writes `dialogue` so. `carry` is
    the mark of a quote that the block before left open: its paragraphs begin with that mark or the closing one.
    """
    found: list[Marked] = []
    i = start
    if carry and text[start] in carry + CLOSES[carry] and (going_on := _stretch(text, start, end, carry)) is not None:
        found.append(replace(going_on, carried=True))
        i = going_on.outer_end
    while (match := MARKS.search(text, i, end)) is not None:
        at = match.start()
        if not _opens(text, at, start, end):
            i = at + 1
            continue
        marked = _stretch(text, at, end, text[at])
        if marked is None:
            i = at + 1
            continue
        found.append(marked)
        i = marked.outer_end
    return found or (_dialogue(text, start, end) if dialogue else [])


def left_open(marked: Sequence[Marked], start: int, carry: str) -> str:
    """The mark of the quote that the block at `start` leaves open: its own last one, or the one `carry` from before it.

    A block that begins with other marks is speech within that quote.
    """
    if not marked:
        return ""
    if not marked[-1].complete:
        return marked[-1].mark
    within = carry and marked[0].outer_start == start and not marked[0].carried
    return carry if within and marked[0].mark in DOUBLE else ""


def _opens(text: str, at: int, start: int, end: int) -> bool:
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if mark in "”’›" or before == "=":  # the attribute of a tag
        return False
    if mark == "»":  # »this way round« in some countries
        return not before.isalnum() and before not in ".!?…," and after.isalnum()
    if mark in "“„‟«‚":
        return not (mark == "“" and before.isalnum() and not after.isalnum())
    return not before.isalnum() and before not in ".!?…%)" and not after.isspace() and after not in ",.;:)"


def _stretch(text: str, at: int, end: int, mark: str) -> Marked | None:
    """From the mark at `at`, read as the opening `mark`, to its closing one, over the marks nested in it.

    Without a closing one it runs to the end, or to the next opening mark of its shape: speech that begins anew.
    """
    opened, inner, closed, i = [mark], -1, -1, at + 1
    while (match := MARKS.search(text, i, end)) is not None:
        k = match.start()
        if (mark in SINGLE and k - at >= LONGEST_SINGLE) or len(opened) > DEEPEST:
            break
        is_doubled = text[k : k + 2] in DOUBLED and opened[-1] in DOUBLE
        if is_doubled or (text[k] in CLOSES.get(opened[-1], opened[-1]) and _closes(text, k, at, end)):
            opened.pop()
            if not opened:
                return _trimmed(text, at, k, k + 1 + is_doubled, mark) if k > at + 1 else None
            closed = k
        elif _nests(text, k, opened[-1]):
            opened.append(text[k])
            inner = k if inner < 0 else inner
        i = k + 1 + is_doubled
    if mark in SINGLE or mark == "»":
        return None
    if inner < 0 or (text[inner] != mark and len(opened) == 1):
        return _trimmed(text, at, end, end, mark, complete=False)
    if closed < 0 or text[:inner].rstrip()[-1] in STOPS:
        return _trimmed(text, at, inner, inner, mark, complete=False)
    return _trimmed(text, at, closed, closed + 1, mark)


def _nests(text: str, k: int, outer: str) -> bool:
    """Whether the mark at `k` opens a stretch within `outer` whose closing mark could be taken for the outer one."""
    if text[k] == "«":
        return outer == "«"
    return text[k] in DOUBLE and not set(CLOSES[text[k]]).isdisjoint(CLOSES[outer]) and text[k - 1] in BEFORE_NESTED


def _closes(text: str, k: int, at: int, end: int) -> bool:
    char = text[k]
    if char in SINGLE:
        inside_word = text[k - 1].isalnum() and k + 1 < end and text[k + 1].isalnum()
        return not inside_word and not text[k - 1].isspace() and k - at < LONGEST_SINGLE
    if char == "“" and text[at] == "“":
        return text[k - 1] in ".,!?…" or text[k - 1].isalnum()
    if char == '"':
        return not text[k - 1].isspace() or k + 1 >= end or not text[k + 1].isalnum()
    return True


def _trimmed(text: str, at: int, close: int, outer_end: int, mark: str, *, complete: bool = True) -> Marked | None:
    first, last = at + 1, close
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Marked(first, last, at, outer_end, complete, mark) if last > first else None


def _turn(text: str, start: int, end: int) -> re.Match[str] | None:
    """The dash that opens the narrator's clause: none that closes one ("— No — said Ana. — It is over.")."""
    dashes, counted = 0, start
    for turn in TURN.finditer(text, start, end):
        dashes += len(SPACED.findall(text, counted, turn.start()))
        counted = turn.start()
        if dashes % 2 == 0:
            return turn
    return None


def _dialogue(text: str, start: int, end: int) -> list[Marked]:
    """Speech behind a dialogue dash at the block's start, without the narrator's clauses between later dashes."""
    opening = DIALOGUE.match(text, start, end)
    if opening is None:
        return []
    if text[start] == "-":
        marked = _trimmed(text, start, end, end, "-")
        return [marked] if marked is not None else []
    found, i = [], opening.end()
    while i < end:
        turn = _turn(text, i, end)
        stop = turn.start() if turn else end
        marked = _trimmed(text, i - 1, stop, stop, "—")
        if marked is not None:
            found.append(replace(marked, outer_start=i))
        if turn is None:
            break
        back = DASH.search(text, turn.end(), end)
        if back is None:
            break
        i = back.end()
        while i < end and (text[i].isspace() or text[i] in ".,;:"):
            i += 1
    return found
