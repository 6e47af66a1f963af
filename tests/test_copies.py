"""Which articles are copies of which: the same whatever the order and the split of the builds, and never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.duplicates import BAND, LONG, Print, fingerprint, is_near, similarity
from flows.ids import content_id
from flows.store import copies, originals

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - naive UTC, like all of ours
SCHEMA = """CREATE SCHEMA base; CREATE SCHEMA fresh; CREATE SCHEMA known;
CREATE TABLE base.articles (article_id VARCHAR, published_at TIMESTAMP, published_date DATE, duplicate_of VARCHAR,
    duplicate_kind VARCHAR, duplicate_similarity DOUBLE);
CREATE TABLE base.fingerprints (article_id VARCHAR, words_hash VARCHAR, address_hash VARCHAR, word_count BIGINT,
    minhash VARCHAR, numbers VARCHAR)"""
TABLES = ("articles", "fingerprints")


def paragraph(number: int) -> str:
    """Thirty words that no other paragraph has."""
    chance = Random(number)  # noqa: S311 - invented words
    return " ".join("".join(chance.choices("abdefgilmnoprstu", k=6)) for _ in range(30)) + "."


PARAGRAPHS = [paragraph(number) for number in range(12)]


@dataclass(frozen=True)
class Piece:
    """An article of some paragraphs."""

    paragraphs: tuple[int, ...]
    url: str | None = None
    days: float | None = 0
    name: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(PARAGRAPHS[number] for number in self.paragraphs)

    @property
    def article_id(self) -> str:
        return content_id("art", self.name, self.url, self.text)

    @property
    def published(self) -> datetime | None:
        return None if self.days is None else NOON + timedelta(self.days)


Links = dict[str, tuple[str | None, str | None, float | None]]


class Dataset:
    """Builds as a commit makes them, without the files."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(SCHEMA)

    def build(self, *pieces: Piece) -> None:
        run = self.connection.execute
        for table in TABLES:
            run(f"CREATE OR REPLACE TABLE fresh.{table} AS FROM base.{table} LIMIT 0")
        for piece in pieces:
            row: dict[str, Any] = fingerprint(piece.text, None, piece.url)
            run("INSERT INTO fresh.articles VALUES (?, ?, NULL, NULL, NULL, NULL)", [piece.article_id, piece.published])
            run("INSERT INTO fresh.fingerprints VALUES (?, ?, ?, ?, ?, ?)", [piece.article_id, *row.values()])
        for table in TABLES:
            run(f"CREATE OR REPLACE VIEW known.{table} AS FROM fresh.{table} UNION ALL FROM base.{table}")
        copies.settle(self.connection)
        before = self.links()
        for table in TABLES:
            run(f"INSERT INTO base.{table} FROM fresh.{table}")
        run("""UPDATE base.articles AS a SET duplicate_of = l.duplicate_of, duplicate_kind = l.duplicate_kind,
            duplicate_similarity = l.duplicate_similarity FROM linked AS l WHERE a.article_id = l.article_id""")
        told = {article for (article,) in run("FROM relinked").fetchall()}
        assert told == {article for article, link in before.items() if self.links()[article] != link}

    def links(self) -> Links:
        found = "SELECT article_id, duplicate_of, duplicate_kind, duplicate_similarity FROM base.articles"
        return {article: tuple(link) for article, *link in self.connection.execute(found).fetchall()}  # type: ignore[misc]


def built(*builds: list[Piece]) -> Dataset:
    dataset = Dataset()
    for pieces in builds:
        dataset.build(*pieces)
    return dataset


def kinds(*pieces: Piece) -> list[tuple[int, str] | None]:
    """Of which piece each is a copy, and how."""
    links = built(list(pieces)).links()
    number = {piece.article_id: place for place, piece in enumerate(pieces)}
    found = [links[piece.article_id] for piece in pieces]
    return [None if of is None else (number[of], kind or "") for of, kind, _ in found]


WIRE = Piece((0, 1, 2, 3, 4))


def test_the_earliest_is_the_original_whatever_its_id() -> None:
    later = [Piece((0, 1, 2, 3, 4), f"https://{n}.example/x", n) for n in (1, 2, 3)]
    assert kinds(*later, WIRE) == [(3, "exact")] * 3 + [None]
    assert kinds(Piece(WIRE.paragraphs, "https://a.example/x", None), WIRE) == [(1, "exact"), None]
    first, second = sorted([Piece(WIRE.paragraphs, name=n) for n in "ab"], key=lambda p: p.article_id)
    assert kinds(second, first) == [(1, "exact"), None]


def test_a_copy_of_a_copy_is_a_copy_of_its_original_or_none() -> None:
    """A chain of small changes does not join its ends."""
    chain = [Piece((0, 1, 2, 3), days=0), Piece((1, 2, 3, 4), days=1), Piece((2, 3, 4, 5), days=2)]
    assert kinds(*chain) == [None, (0, "near"), None]
    assert kinds(*reversed(chain)) == [None, (2, "near"), None]


def test_of_two_originals_the_more_similar() -> None:
    one, other = Piece((0, 1, 2, 3), days=0), Piece((2, 3, 4, 5), days=1)
    assert kinds(one, other, Piece((1, 2, 3, 4, 5), days=2)) == [None, None, (1, "near")]


def test_a_new_text_at_an_address_is_a_version() -> None:
    old, new = Piece((0, 1, 2), "https://a.example/x", 0), Piece((2, 6, 7, 8), "http://www.a.example/x/?utm_id=1", 2)
    assert kinds(old, new) == [None, (0, "version")]
    assert kinds(new, old) == [(1, "version"), None]
    assert kinds(old, Piece((0, 6, 7, 8), "https://b.example/x", 2)) == [None, None]


def test_an_address_that_shows_something_new_every_day_has_no_versions() -> None:
    daily = [Piece((n, n + 1), "https://a.example/weather", n) for n in (0, 3, 6)]
    assert kinds(*daily) == [None, None, None]
    assert kinds(Piece((0, 1), "https://a.example/x"), Piece((5, 6), "https://a.example/x")).count(None) == 1


def test_a_version_of_a_copy_is_a_copy_of_its_original() -> None:
    copy = Piece((0, 1, 2, 3), "https://a.example/x", 1)
    assert kinds(WIRE, copy, Piece((3, 8, 9, 10), "https://a.example/x", 2)) == [None, (0, "near"), (0, "version")]


def test_the_same_words_long_after_are_a_copy_and_near_ones_are_not() -> None:
    assert kinds(WIRE, Piece(WIRE.paragraphs, "https://a.example/x", 400)) == [None, (0, "exact")]
    assert kinds(WIRE, Piece((0, 1, 2, 3), days=400)) == [None, None]
    assert kinds(WIRE, Piece((0, 1, 2, 3), days=20)) == [None, (0, "near")]
    assert kinds(WIRE, Piece((0, 1, 2, 3), days=None)) == [None, (0, "near")]


def test_a_short_text_is_near_to_none() -> None:
    assert len(PARAGRAPHS[0].split()) < LONG
    assert kinds(Piece((0,)), Piece((0,), days=1, name="b")) == [None, (0, "exact")]


@pytest.mark.parametrize("order", [[[0], [1], [2]], [[2], [1], [0]], [[1, 2], [0]], [[1], [0, 2]]])
def test_an_original_that_comes_late(order: list[list[int]]) -> None:
    told = [Piece((0, 1, 2, 3), days=0), Piece((1, 2, 3, 4), days=1), Piece((2, 3, 4, 5), days=2)]
    assert built(*([told[n] for n in batch] for batch in order)).links() == built(told).links()


def test_a_commit_looks_at_what_hangs_on_its_articles_alone() -> None:
    dataset = built([Piece((n, n + 1, n + 2), days=n) for n in (0, 3, 6)])
    dataset.build(Piece((0, 1, 2, 9), days=9))
    assert dataset.connection.execute("SELECT count(*) FROM linked").fetchone() == (1,)


pieces = st.lists(
    st.builds(
        Piece,
        paragraphs=st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True).map(tuple),
        url=st.sampled_from([None, None, *(f"https://a.example/{n}" for n in range(3))]),
        days=st.sampled_from([None, 0, 0, 1, 2, 29, 45]),
        name=st.sampled_from("ab"),
    ),
    min_size=2,
    max_size=14,
    unique_by=lambda piece: piece.article_id,
)


@settings(max_examples=12, deadline=None)
@given(pieces, st.randoms(use_true_random=False))
def test_order_and_split_of_the_builds_leave_no_trace(told: list[Piece], random: Random) -> None:
    one = built(told).links()
    shuffled = sorted(told, key=lambda _: random.random())
    cut = random.randint(0, len(told))
    assert built(shuffled[:cut], shuffled[cut:]).links() == one
    assert built(*([piece] for piece in shuffled)).links() == one


@settings(max_examples=12, deadline=None)
@given(pieces)
def test_it_is_what_comparing_each_with_all_gives(told: list[Piece]) -> None:
    """Without addresses: each text in order of age against every original before it."""
    told = [Piece(piece.paragraphs, None, piece.days, piece.name) for piece in told]
    told = list({piece.article_id: piece for piece in told}.values())
    ordered = sorted(told, key=lambda p: (p.published is None, p.published or NOON, p.article_id))
    texts: dict[str, tuple[Piece, str | None]] = {}  # the words, their first article, its original
    expected: dict[str, str | None] = {}
    for piece in ordered:
        if piece.text not in texts:
            best = max(
                ((alike, -place, of.article_id) for place, (of, its) in enumerate(texts.values())
                 if its is None and (alike := _alike(piece, of))),
                default=None,
            )  # fmt: skip
            texts[piece.text] = piece, best[2] if best else None
        head, original = texts[piece.text]
        expected[piece.article_id] = original or (None if head is piece else head.article_id)
    assert {article: of for article, (of, _, _) in built(told).links().items()} == expected


def _alike(one: Piece, other: Piece) -> float:
    """The similarity of near copies that share a band, 0 for others."""
    rows = [fingerprint(piece.text, None, None) for piece in (one, other)]
    prints = [Print.of(row["minhash"], row["word_count"], row["numbers"]) for row in rows]
    bands = [{(n, row["minhash"][n : n + BAND]) for n in range(0, len(row["minhash"]), BAND)} for row in rows]
    if one.published and other.published and abs(one.published - other.published) > originals.APART:
        return 0.0
    return (similarity(*prints) or 0.0) if is_near(*prints) and bands[0] & bands[1] else 0.0


@settings(max_examples=12, deadline=None)
@given(pieces)
def test_an_original_is_no_copy_and_the_earlier_one(told: list[Piece]) -> None:
    links = built(told).links()
    ages = {p.article_id: (p.published is None, p.published or NOON, p.article_id) for p in told}
    for article, (of, kind, alike) in links.items():
        assert (of is None) == (kind is None)
        if of is not None:
            assert links[of] == (None, None, None)
            assert ages[of] < ages[article]
            assert (alike == 1.0) or kind != "exact"
