"""What is remembered between polls: a small JSON file per feed and per site, and raw files that appear whole, once.

New items are written in three steps: a finished file under a name that nobody reads, then the feed's state, which names
that file and the items in it, then the rename into the raw folder. A poll that is killed after the second step is
completed by the next one, and one that is killed before it has done nothing: no item is lost, and none comes twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from flows.fetch.robots import Robots
from flows.ids import sha256_hex
from flows.store.files import lock, replace_file, sync_file, sync_folder

HOME: Final = ".watch"  # in the raw folder, where both move together; what is hidden is not read as an article
FEEDS, PARTS, ROBOTS, LOCK = "feeds", "parts", "robots", "lock"
Kept = TypeVar("Kept", bound=msgspec.Struct)
GONE_KEPT: Final = 20_000  # items that a feed no longer holds are known that long: some feeds drop and bring them back


class ShelfError(Exception):
    """What is remembered cannot be read."""


class FeedState(msgspec.Struct, omit_defaults=True):
    """What is known of a feed.

    Attributes:
        feed: its address.
        etag, last_modified: what its last whole answer said, to be asked whether there is anything newer.
        failures: how often in a row it did not answer with a feed.
        retry_at: seconds since 1970 before which it is not asked again.
        seen: key of an item -> hash of its words, those of the last answer at the end.
        tries: key of an item whose page does not answer -> how often it was asked for.
        written: the raw file of its last new items, below the raw folder.
    """

    feed: str
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    retry_at: float = 0.0
    seen: dict[str, str] = {}
    tries: dict[str, int] = {}
    written: str = ""


class Shelf:
    """The folder of all this, `<raw folder>/.watch`."""

    def __init__(self, into: Path) -> None:
        self.into = into
        self.home = into / HOME
        self._turn = threading.Lock()
        self._is_over = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep it for this poll alone; whichever thread comes late finds it closed.

        Raises:
            FolderBusyError: another process polls into the same folder.
        """
        with lock(self.home / LOCK, wait=False):
            try:
                yield
            finally:
                with self._turn:
                    self._is_over = True

    def load(self, feed: str) -> FeedState:
        """What is known of a feed; what a killed poll had begun is completed, or taken away."""
        state = _read(self._state_path(feed), FeedState) or FeedState(feed)
        for part in sorted((self.home / PARTS).glob(f"{_name(feed)}-*")):
            if state.written and part.name == self._part_path(feed, state.written).name:
                self._publish(part, state.written)
            else:
                part.unlink()
        return state

    def save(self, state: FeedState) -> None:
        """Remember a feed."""
        with self._open():
            _write(self._state_path(state.feed), state)

    def write(self, state: FeedState, lines: Iterable[Any], host: str, now: float) -> Path:
        """Add a raw file with an object on each line, and remember the state: both or neither."""
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        state.written = f"{_folder_name(host)}/{stamp}-{sha256_hex(data)[:16]}.jsonl"
        part = self._part_path(state.feed, state.written)
        with self._open():
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            sync_file(part)
            sync_folder(part.parent)
            _write(self._state_path(state.feed), state)
            return self._publish(part, state.written)

    def load_robots(self, origin: str) -> Robots | None:
        """What a site's robots.txt said when it was last asked for."""
        with suppress(ShelfError):
            return _read(self._robots_path(origin), Robots)
        return None

    def save_robots(self, robots: Robots) -> None:
        """Remember a robots.txt."""
        _write(self._robots_path(robots.origin), robots)

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self._turn:
            if self._is_over:
                raise ShelfError("the poll was ended")
            yield

    def _publish(self, part: Path, name: str) -> Path:
        path = self.into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
        sync_folder(path.parent)
        return path

    def _state_path(self, feed: str) -> Path:
        return self.home / FEEDS / f"{_name(feed)}.json"

    def _part_path(self, feed: str, written: str) -> Path:
        return self.home / PARTS / f"{_name(feed)}-{Path(written).name}"

    def _robots_path(self, origin: str) -> Path:
        return self.home / ROBOTS / f"{_name(origin)}.json"


def remembered(seen: dict[str, str], now_held: dict[str, str]) -> dict[str, str]:
    """The items of the last answer at the end of those before, the oldest forgotten."""
    gone = {key: mark for key, mark in seen.items() if key not in now_held}
    kept = list(gone.items())[-GONE_KEPT:]
    return dict(kept) | now_held


def _read(path: Path, kind: type[Kept]) -> Kept | None:
    """What the file holds; None where there is none.

    Raises:
        ShelfError: something else wrote it.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ShelfError(f"{path} is damaged ({error}): remove it, and what it remembers comes once more") from None


def _write(path: Path, value: msgspec.Struct) -> None:
    data = msgspec.json.encode(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, lambda unfinished: _fill(unfinished, data))


def _fill(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _name(address: str) -> str:
    return sha256_hex(address)[:16]


def _folder_name(host: str) -> str:
    """A host as the name of a folder, on every system."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in host).strip(".") or "feed"
