"""The cache of compiled lexicons: never stale, never half a file, never somebody else's, never needed."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from processes import ROOT, clean_environment

from flows.lexicons.kept import kept


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "newsevents"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.toml"
    path.write_text("one", "utf-8")
    return path


class Compiler:
    """Gives the words of a file, and counts how often it was asked."""

    def __init__(self, path: Path) -> None:
        self.path, self.times = path, 0

    def __call__(self) -> str:
        self.times += 1
        return self.path.read_text("utf-8")


def read(words: Path, make: Compiler, versions: str = "1") -> str:
    return kept("xx.lexicon", [words], versions, make)


def test_it_is_made_once(words: Path, cache: Path) -> None:
    make = Compiler(words)
    assert [read(words, make), read(words, make)] == ["one", "one"]
    assert make.times == 1
    assert [path.name for path in cache.iterdir()] == ["xx.lexicon"]
    assert cache.stat().st_mode & 0o077 == 0


def test_other_sources_and_versions_make_it_anew(words: Path) -> None:
    make = Compiler(words)
    read(words, make)
    before = words.stat()
    words.write_text("two", "utf-8")
    os.utime(words, ns=(before.st_atime_ns, before.st_mtime_ns))  # the words count, not the clock
    assert read(words, make) == "two"
    read(words, make, versions="2")
    assert make.times == 3
    more = words.with_name("more.toml")
    more.write_text("", "utf-8")
    kept("xx.lexicon", [words, more], "2", make)
    assert make.times == 4


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:32] + b"junk", lambda _: b""])
def test_a_damaged_file_is_replaced(words: Path, cache: Path, damage) -> None:
    make = Compiler(words)
    read(words, make)
    path = cache / "xx.lexicon"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert read(words, make) == "one"
    assert path.read_bytes() == whole


def test_somebody_elses_file_is_not_read(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Compiler(words)
    read(words, make)
    monkeypatch.setattr("os.getuid", lambda: words.stat().st_uid + 1)
    assert read(words, make) == "one"
    assert make.times == 2


def homeless(path: Path) -> Path:
    raise RuntimeError(f"no home for {path}")


def test_without_a_place_to_write_it_works_too(words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert read(words, Compiler(words)) == "one"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("pathlib.Path.expanduser", homeless)
    assert read(words, Compiler(words)) == "one"


def test_what_goes_wrong_in_the_making_is_told(words: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(words, Compiler(words.with_name("gone.toml")))


def test_many_at_once_leave_one_whole_file(words: Path, cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: read(words, Compiler(words)), range(64))) == {"one"}
    assert [path.name for path in cache.iterdir()] == ["xx.lexicon"]
    make = Compiler(words)
    assert read(words, make) == "one"
    assert make.times == 0


def test_a_lexicon_from_the_cache_finds_the_same(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\n"
        "from flows.lexicons import languages, load\n"
        "from flows.extract.scan import Scan\n"
        "scan = Scan(Path('README.md').read_text('utf-8'), load(languages()[0]))\n"
        "print([hit and (hit.first, hit.last, hit.senses) for hit in scan.hits])\n"
    )
    environment = clean_environment(tmp_path, XDG_CACHE_HOME=str(tmp_path / "other"), PYTHONHASHSEED="0")
    said = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 1000
    assert len(list((tmp_path / "other" / "newsevents").iterdir())) == 1
