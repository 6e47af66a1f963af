import time

import pytest

from flows.extract.marks import find_marked


def quoted(text: str) -> list[str]:
    return [text[m.start : m.end] for m in find_marked(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dijo: “No habrá acuerdo”.", ["No habrá acuerdo"]),
        ("Il a dit : « Nous partons demain ».", ["Nous partons demain"]),
        ("Sie sagte: „Wir gehen heute“ und ging.", ["Wir gehen heute"]),
        ("Er sagte: »Wir bleiben hier«, und blieb.", ["Wir bleiben hier"]),
        ('She said, "It is over." He left.', ["It is over."]),
        ("He called it ‘a sad day’ for us.", ["a sad day"]),
        ("The workers' union and the drivers' union met.", []),
        ("It’s the company’s fault, they’d say.", []),
        ("“He told me ‘never again’ twice,” she said.", ["He told me ‘never again’ twice,"]),
        ("«El “gran día” llegó», dijo.", ["El “gran día” llegó"]),
        ("“First,” he said, “second.”", ["First,", "second."]),
        ('"We said “no” and “never,” and left," she wrote.', ["We said “no” and “never,” and left,"]),
        ('“We said "no" and left,” she wrote.', ['We said "no" and left,']),
        ("“She asked “why” and left,” he said.", ["She asked “why” and left,"]),
        ("“She told us “why and left,” he said.", ["She told us “why and left,"]),
        ("“A word’’ or two “more.”", ["A word", "more."]),
        ('"It rained, he added, "and it was cold."', ["It rained, he added,", "and it was cold."]),
        ("“It rained. “It was cold,” he said. “Very.”", ["It rained.", "It was cold,", "Very."]),
        ("The wall is 5' tall and 6'2\" wide.", []),
        ("—Nos vamos —dijo Ana—. Ya es tarde.", ["Nos vamos", "Ya es tarde."]),
    ],
)
def test_marks_of_six_languages(text: str, expected: list[str]):
    assert quoted(text) == expected


def test_a_mark_never_closed_is_kept_and_said_so():
    text = "“We will go on"
    (only,) = find_marked(text, 0, len(text))
    assert (text[only.start : only.end], only.complete) == ("We will go on", False)


@pytest.mark.parametrize(
    "unit", ["“a ", "‘a ", '"a ', "«a ", "“a. ", "'a ", '“a "b" ', '"a. "b" ', "— a — b. ", '" a. ']
)
def test_marks_that_nothing_closes_cost_no_more_than_their_share(unit: str):
    begin = time.process_time()
    find_marked(unit * 2_000, 0, 2_000 * len(unit))
    short = time.process_time() - begin
    begin = time.process_time()
    find_marked(unit * 20_000, 0, 20_000 * len(unit))
    assert time.process_time() - begin < 30 * short + 0.3
