from __future__ import annotations

import io
import json
import re
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
import small

from flows.query import QueryError
from flows.show import CONTEXT, ShowError, Shown, render, show
from flows.store import snapshots
from flows.terminal import printable
from schemas import PREFIXES, model

EVIL = "\x1b[31mRed\x1b[0m \x07bell \u202eright\u202c to \u2066left\u2069 \x9bcsi"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    small.build(folder / "dataset", folder / "staged")
    text = f"{EVIL} said Eve Stone. {'Long words follow. ' * 60}\n\nNext paragraph, never shown."
    draft = small.Draft(text, "https://evil.example/1", "evil.example", small.at("2026-01-09T00:00"), "en")
    draft.quote(EVIL, draft.actor("Eve Stone", "Eve Stone")[0], "Eve Stone")
    reject = {
        "reject_id": small.content_id("rej", 1),
        "stage": "read",
        "table": None,
        "reason_code": "bad_json",
        "reason": f"no JSON {EVIL}",
        "input_uri": None,
        "byte_offset": 0,
        "payload": EVIL,
        "payload_encoding": "utf-8",
        "payload_sha256": "0" * 64,
    }
    draft.rows["rejects"].append(reject)
    small.commit(folder / "dataset", folder / "more", small.tables(draft), documents_in=2, rejected=1)
    return folder / "dataset"


def ids(dataset: Path, table: str) -> list[str]:
    found = snapshots.latest(dataset)
    assert found
    (key,) = model(table).key()
    return sorted(value for path in found.paths(table) for value in pq.read_table(path)[key].to_pylist())


def plain(shown: Shown) -> str:
    out = io.StringIO()
    render(shown, out)
    return out.getvalue()


def test_every_id_of_every_table_is_shown(dataset: Path) -> None:
    for prefix, table in PREFIXES.items():
        found = ids(dataset, table)
        assert found, table
        for row_id in found:
            shown = show(dataset, row_id)
            assert shown.table == table
            assert row_id.startswith(f"{prefix}_")
            assert row_id in plain(shown)
            assert json.loads(msgspec.json.encode(shown))["table"] == table


def test_a_quote_with_its_words_and_speaker_marked(dataset: Path) -> None:
    draft = small.call()
    shown = show(dataset, draft.rows["quotes"][0]["quote_id"])
    text = plain(shown)
    assert "«⟦Vamos a cooperar 👩‍👩‍👧 con respeto y sin prisa⟧», dijo" in text
    assert "rule: marks_then_cue" in text
    assert "(Elena Prado)" in text
    assert "La tarde transcurrió" not in text, "another paragraph is no context"
    [piece] = shown.evidence
    mark = piece.marks[0]
    assert (
        piece.text[mark.start - piece.start : mark.end - piece.start]
        == "Vamos a cooperar 👩‍👩‍👧 con respeto y sin prisa"
    )


def test_an_event_with_all_its_reports(dataset: Path) -> None:
    first = small.march().rows["event_mentions"][0]["event_mention_id"]
    event_id = first.replace("evm_", "evt_")
    text = plain(show(dataset, event_id))
    assert text.count("⟦marched⟧") == 2
    assert "⟦Some 300 dockers ⟦marched⟧ through Port Alder on Monday, the union said.⟧" in text
    assert "⟦Cafe\u0301 news 🇲🇽: the dockers of Port Alder ⟦marched⟧ on Monday.⟧" in text
    assert "actor: dockers of Port Alder" in text
    assert text.count("rule: frame") == 2


def test_a_segment_a_source_and_an_article(dataset: Path) -> None:
    article_id = small.call().article_id
    assert "⟦La tarde transcurrió sin más novedades" in plain(show(dataset, f"{article_id}/2"))
    with pytest.raises(ShowError, match="has no segment 7: they are counted from 0"):
        show(dataset, f"{article_id}/7")
    source_id = small.call().rows["sources"][0]["source_id"]
    assert article_id in plain(show(dataset, source_id))
    article = plain(show(dataset, article_id))
    assert "⟦habló por teléfono⟧" in article
    assert "⟦Vamos a cooperar" in article


def test_a_beginning_of_an_id_is_enough(dataset: Path) -> None:
    row_id = ids(dataset, "quotes")[0]
    assert show(dataset, row_id[:10]).row["quote_id"] == row_id
    assert show(dataset, f" {row_id} ").row["quote_id"] == row_id


@pytest.mark.parametrize(
    "wrong", ["", "x", "quo_12345", "quo_zzzzzz", "xyz_123456", "quo_123456/1", "art", "%", "\x1b[31m"]
)
def test_what_is_no_id_is_said_in_one_line(dataset: Path, wrong: str) -> None:
    with pytest.raises(ShowError, match="is no id: one is src_") as error:
        show(dataset, wrong)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)


def test_an_id_that_nobody_has(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="quotes has no quo_000000"):
        show(dataset, "quo_000000")
    with pytest.raises(QueryError, match="make one with"):
        show(tmp_path, "quo_000000")


def test_a_beginning_that_several_ids_have(tmp_path: Path) -> None:
    draft = small.call()
    quote = draft.rows["quotes"][0]
    twin = quote | {"quote_id": quote["quote_id"][:-1] + ("0" if quote["quote_id"][-1] != "0" else "1")}
    draft.rows["quotes"].append(twin)
    small.commit(tmp_path / "d", tmp_path / "s", small.tables(draft))
    with pytest.raises(ShowError, match=r"begins several ids: quo_.*; give more digits"):
        show(tmp_path / "d", quote["quote_id"][:12])
    assert show(tmp_path / "d", quote["quote_id"]).row["quote_id"] == quote["quote_id"]


@pytest.mark.parametrize("table", ["quotes", "rejects", "articles", "actors"])
def test_nothing_that_a_terminal_obeys_gets_through(dataset: Path, table: str) -> None:
    for row_id in ids(dataset, table):
        shown = show(dataset, row_id)
        for colour in (False, True):
            out = Terminal() if colour else io.StringIO()
            render(shown, out)
            seen = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()) if colour else out.getvalue()
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", seen)
    evil = plain(show(dataset, next(i for i in ids(dataset, "rejects"))))
    assert "\\x1b[31mRed" in evil


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_on_a_terminal(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    render(show(dataset, small.call().rows["quotes"][0]["quote_id"]), out)
    assert re.search(r"\x1b\[1;7mVamos a cooperar", out.getvalue())
    assert "⟦" not in out.getvalue()


def test_a_long_paragraph_is_cut_round_the_words(dataset: Path) -> None:
    quote = next(row for row in ids(dataset, "quotes") if "Eve Stone" in plain(show(dataset, row)))
    [piece] = show(dataset, quote).evidence
    assert len(piece.text) <= len(EVIL) + 2 * CONTEXT
    assert "Next paragraph" not in piece.text
    assert not piece.text.endswith("wor")


def test_printable_keeps_words_and_emoji() -> None:
    words = "Ñandú e\u0301 👩‍👩‍👧 🇲🇽 עברית العربية\tx\ny"
    assert printable(words) == words
    assert printable("\x1b\u202e\u2028\x00\ud800") == "\\x1b\\u202e\\u2028\\x00\\ud800"
