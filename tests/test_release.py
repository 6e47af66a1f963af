from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small

from flows.release import ReleaseError, make_release
from flows.release.database import write_database
from flows.release.escaping import markdown, yaml
from flows.release.tables import public_schema, public_tables
from schemas import TABLES, columns, model
from schemas.views import views

LONG = " ".join(f"word{number}" for number in range(120))
CLOSING = "The harbour cafe"
SENTENCE = f"Marchers {LONG} gathered at the port on Monday after {LONG} without an end."


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    small.build(folder / "dataset", folder / "staged")
    text = f'{SENTENCE} "{LONG}" said Ivo Grant.\n\nA last sentence that proves nothing at all.'
    url = "https://reader:hunter2@long.example/1?page=2"
    draft = small.Draft(text, url, "long.example", small.at("2026-01-14T09:00"), "en")
    draft.quote(LONG, draft.actor("Ivo Grant", "Ivo Grant")[0], "Ivo Grant")
    draft.event("gathered at the port", SENTENCE, ("PROTEST", "demo"), small.at("2026-01-12T00:00").date(), actors=[])
    draft.rows["sources"][0]["name"] = "Ltd: [x](javascript:alert(1)) <script>| `a`"
    draft.rows["rejects"].append(
        {
            "reject_id": small.content_id("rej", 1),
            "stage": "read",
            "table": None,
            "reason_code": "bad_json",
            "reason": "no JSON",
            "input_uri": "raw/secret-folder/a.jsonl",
            "byte_offset": 0,
            "payload": "{ a refused and secret-folder document",
            "payload_encoding": "utf-8",
            "payload_sha256": None,
        }
    )
    small.commit(folder / "dataset", folder / "more", small.tables(draft), documents_in=2, rejected=1)
    return folder / "dataset"


@pytest.fixture(scope="module")
def release(dataset: Path) -> Path:
    return make_release(dataset, dataset.parent / "release").path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_checksums_hold(release: Path) -> None:
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=release, capture_output=True, text=True, check=True)
    listed = {line.split(":")[0] for line in done.stdout.splitlines()}
    assert listed == set(files(release)) - {"SHA256SUMS"}
    assert {"README.md", "DATA_DICTIONARY.md", "LICENSE", "datapackage.json", "newsevents.duckdb"} < listed


def test_twice_the_same_bytes(dataset: Path, release: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(dataset, tmp_path / "elsewhere")
    code = (
        "import sys; from pathlib import Path; from flows.release import make_release;"
        "make_release(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(moved), str(tmp_path / "again")]
    subprocess.run(
        command, cwd=Path(__file__).parent.parent, check=True, env={"PYTHONHASHSEED": "5", "TZ": "Asia/Tokyo"}
    )
    assert files(tmp_path / "again") == files(release)


def test_the_database_is_the_same_each_time_also_when_large(tmp_path: Path) -> None:
    """Two things made it differ: a compression that samples at random, and memory that was never set."""
    number = 100_000
    ids = pa.array([f"evm_{i:016x}" for i in range(number)])
    words = pa.array([f"{i * i} said «{'long word ' * (i % 7)}» {i % 11}" for i in range(number)])
    for name in ("1", "2"):
        (tmp_path / name / "data").mkdir(parents=True)
        pq.write_table(
            pa.table({"event_mention_id": ids, "evidence": words}), tmp_path / name / "data/snippets.parquet"
        )
        for table in public_tables():
            if table != "snippets":
                pq.write_table(public_schema(table).empty_table(), tmp_path / name / f"data/{table}.parquet")
        write_database(tmp_path / name, public_tables())
    first, second = ((tmp_path / name / "newsevents.duckdb").read_bytes() for name in ("1", "2"))
    assert len(first) > 4_000_000
    assert first == second


def test_no_private_table_or_column_is_in_it(release: Path) -> None:
    tables = {path.stem for path in (release / "data").iterdir()}
    assert tables == {t for t in TABLES if model(t).is_public()} - {"runs"} | {"snippets"} == set(public_tables())
    assert not tables & {"texts", "rejects", "runs"}
    with duckdb.connect(str(release / "newsevents.duckdb"), read_only=True) as connection:
        for table in tables:
            names = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            assert names == pq.read_schema(release / "data" / f"{table}.parquet").names
            private = {column.name for column in columns(table) if not column.public}
            assert not private & set(names)
    everything = b"".join(files(release).values()) + b"".join(
        str(pq.read_table(path).to_pylist()).encode() for path in (release / "data").iterdir()
    )
    for secret in (b"secret-folder", b'"desk"', b"hunter2"):
        assert secret not in everything


def test_no_sentence_of_a_body_is_in_it_beyond_the_bounds(release: Path) -> None:
    texts = [small.CALL, small.MARCH, small.ECHO, SENTENCE]
    with duckdb.connect(str(release / "newsevents.duckdb"), read_only=True) as connection:
        held = [
            str(value)
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for row in connection.execute(f"FROM {table}").fetchall()
            for value in row
        ]
    longest = max(len(value) for value in held if any(value.rstrip("…") in text for text in texts))
    assert longest <= 300
    words = "\n".join(held)
    for unproven in ("La tarde transcurrió", CLOSING, "Nobody was hurt", "A last sentence"):
        assert unproven not in words
    assert "gathered at the port" in words


def test_long_quotes_are_cut_after_a_word_and_say_so(release: Path) -> None:
    quotes = pq.read_table(release / "data" / "quotes.parquet").to_pylist()
    assert sorted(quote["is_cut"] for quote in quotes) == [False, False, True]
    cut = next(quote for quote in quotes if quote["is_cut"])
    assert len(cut["text"]) <= 300
    assert cut["text"].endswith("…")
    assert LONG.startswith(cut["text"][:-1] + " ")
    assert cut["char_end"] - cut["char_start"] == len(LONG)


@pytest.mark.parametrize("length", [40, 200])
def test_snippets_are_a_window_of_whole_words_round_the_trigger(dataset: Path, tmp_path: Path, length: int) -> None:
    made = make_release(dataset, tmp_path / "r", snippet_length=length)
    snippets = [row["evidence"] for row in pq.read_table(made.path / "data" / "snippets.parquet").to_pylist()]
    assert max(map(len, snippets)) <= length
    [window] = [snippet for snippet in snippets if "gathered" in snippet]
    assert "gathered at the port" in window
    assert window.startswith("…")
    assert window.endswith("…")
    assert f" {window[1:-1]} " in SENTENCE
    if length == 200:
        assert len(window) > 170
        assert "Some 300 dockers marched through Port Alder on Monday, the union said." in snippets


def test_a_private_source_gives_no_snippets(tmp_path: Path) -> None:
    for policy in ("private", "snippet"):
        draft = small.Draft(
            f"{SENTENCE} The end.", "https://p.example/1", "p.example", small.at("2026-01-14T09:00"), "en", policy
        )
        draft.event(
            "gathered at the port", SENTENCE, ("PROTEST", "demo"), small.at("2026-01-12T00:00").date(), actors=[]
        )
        small.commit(tmp_path / policy, tmp_path / f"{policy}-staged", small.tables(draft), documents_in=1)
    assert make_release(tmp_path / "private", tmp_path / "r1").rows["snippets"] == 0
    assert make_release(tmp_path / "snippet", tmp_path / "r2").rows["snippets"] == 1


def test_snippets_can_be_left_out(dataset: Path, tmp_path: Path) -> None:
    assert make_release(dataset, tmp_path / "none", snippet_length=0).rows["snippets"] == 0


def test_a_fresh_process_opens_the_database(release: Path, tmp_path: Path) -> None:
    code = (
        "import duckdb, json, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(json.dumps([c.execute(q).fetchall() for q in sys.argv[2:]]))"
    )
    queries = [
        "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal",
        "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1",
        "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL",
        "SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL",
        "SELECT count(*) FROM event_reports WHERE evidence IS NOT NULL",
        "SELECT count(*) FROM timeline",
        "SELECT count(*) FROM who_spoke_about_what",
        "SELECT count(*) FROM quotes_with_speakers",
    ]
    command = [sys.executable, "-c", code, str(release / "newsevents.duckdb"), *queries]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found == [
        [["v1.0.0+"]],
        [[name] for name in sorted(views(public=True))],
        [[0]],
        [[0]],
        [[4]],
        [[3]],
        [[3]],
        [[3]],
    ]


def test_old_readers_can_open_the_database(release: Path) -> None:
    """The header's storage version is 64, the one of DuckDB 0.10 to 1.x and of DuckDB-Wasm."""
    header = (release / "newsevents.duckdb").read_bytes()[:64]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64


def test_the_card_is_yaml_and_markdown(release: Path) -> None:
    card = (release / "README.md").read_text("utf-8")
    _, front, body = card.split("---\n", 2)
    for line in front.splitlines():  # every scalar is JSON, so YAML reads it as it is meant
        value = line.split(": ", 1)[-1].removeprefix("- ")
        assert line.endswith(":") or value == "true" or json.loads(value)
    assert re.findall(r'config_name: "(\w+)"', front) == public_tables()
    assert front.count("default: true") == 1
    assert '"articles"\n  data_files: "data/articles.parquet"\n  default: true' in front
    assert '- "en"\n- "es"' in front
    for table, rows in (("articles", 4), ("quotes", 3), ("events", 3)):
        assert f"| `{table}` | {rows} |" in body
    assert "4 documents were accepted and are the articles here; refused: 1 (`bad_json` 1)." in body
    assert "more than 300 characters is cut" in body
    assert "up to 200 characters" in body
    assert "<script" not in card
    assert not re.search(r"20\d\d-\d\d-\d\d", card), "no times, or two editions would differ"


def test_the_scorecard_is_shipped_and_told(dataset: Path, release: Path, tmp_path: Path) -> None:
    assert not (release / "scorecard.json").exists()
    figures = {"right": 1, "found": 2, "wanted": 1, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    nothing = dict.fromkeys(figures, 0) | {"f1": None}
    scores = {"en": {"quotes": figures, "dates": nothing}, "all": {"quotes": figures, "dates": figures}}
    measured = {"articles": {"en": 3, "all": 3}, "gold": {"en": "d"}, "scores": scores}
    made = make_release(dataset, tmp_path / "scored", scorecard=measured).path
    assert json.loads((made / "scorecard.json").read_text("utf-8")) == measured
    assert "scorecard.json" in (made / "SHA256SUMS").read_text("utf-8")
    told = (made / "README.md").read_text("utf-8")
    assert "| `quotes` | 0.67 | 0.67 |\n| `dates` |  | 0.67 |" in told
    assert "Measured on 3 articles" in told


def test_the_queries_of_the_card_run(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = (release / "README.md").read_text("utf-8")
    monkeypatch.chdir(release)
    [block] = re.findall(r"```sql\n(.*?)```", card, re.DOTALL)
    with duckdb.connect("newsevents.duckdb", read_only=True) as connection:
        for statement in connection.extract_statements(block):
            assert connection.execute(statement).fetchall()
    [block] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102 - our own words
    assert len(names["mentions"]) == 4  # type: ignore[arg-type]


def test_the_package_describes_every_file(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert package["$schema"].endswith("/2.0/datapackage.json")
    held = files(release)
    for resource in package["resources"]:
        content = held[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{small.sha256_hex(content)}"
    tables = {resource["name"]: resource for resource in package["resources"] if "schema" in resource}
    assert list(tables) == public_tables()
    for name, table in tables.items():
        schema = pq.read_schema(release / table["path"])
        assert [field["name"] for field in table["schema"]["fields"]] == schema.names
        assert all(field["description"] for field in table["schema"]["fields"])
        for key in table["schema"]["foreignKeys"]:
            assert (key["reference"]["resource"] or name) in tables
    assert tables["events"]["schema"]["primaryKey"] == ["event_id"]
    assert tables["event_mentions"]["rows"] == 4


def test_a_former_release_is_replaced_and_nothing_else_is(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    first = make_release(dataset, out, version="1")
    assert make_release(dataset, out, version="2").version == "2"
    assert "Version 2." in (first.path / "README.md").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (out / "mine.txt").write_text("keep me")
    with pytest.raises(ReleaseError, match=r"holds mine\.txt, which is not of the release"):
        make_release(dataset, out)
    assert (out / "mine.txt").read_text() == "keep me"
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("keep me")
    with pytest.raises(ReleaseError, match="is there and is no release"):
        make_release(dataset, other)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReleaseError, match="is there and is no release"):
        make_release(dataset, tmp_path / "file")
    with pytest.raises(ReleaseError, match="make one with `newsevents build"):
        make_release(tmp_path / "nowhere", tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "other", "out"]


def test_a_failed_release_leaves_the_old_one(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_release(dataset, tmp_path / "out", version="1")
    before = files(tmp_path / "out")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.release.write_database", full)
    with pytest.raises(OSError, match="No space left"):
        make_release(dataset, tmp_path / "out", version="2")
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_text_of_others_stays_text() -> None:
    evil = "a|b [x](javascript:1) <script>*_`#\n---\nkey: value \x1b\u202e"
    assert json.loads(yaml(evil)) == "a|b [x](javascript:1) <script>*_`#\\n---\\nkey: value \\x1b\\u202e"
    assert "\n" not in yaml(evil)
    shown = markdown(evil)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)[|\[\]`*_#]", shown)
    assert "<script" not in shown


def test_a_version_is_made_of_the_rows(dataset: Path, release: Path, tmp_path: Path) -> None:
    version = json.loads((release / "datapackage.json").read_text("utf-8"))["version"]
    assert re.fullmatch(r"0\.1\.0\+[0-9a-f]{8}", version)
    grown = shutil.copytree(dataset, tmp_path / "grown")
    small.build(grown, tmp_path / "s")  # a run that brings nothing new changes nothing that is published
    assert files(make_release(grown, tmp_path / "same").path) == files(release)
    more = small.Draft("One more.", "https://more.example/", "more.example", small.at("2026-01-01T00:00"), "en")
    small.commit(grown, tmp_path / "s2", small.tables(more))
    assert make_release(grown, tmp_path / "other").version != version
