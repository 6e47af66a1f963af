"""Addresses (`s3://`, `gs://`, `https://`, whatever fsspec knows) -> the files behind them, streamed."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flows.fetch.errors import FetchError
from flows.read.input_file import InputError, InputFile
from flows.read.rejects import UnreadableError
from flows.settings import TRUE

ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]{1,60}://.")
WEB: Final = frozenset({"http", "https"})
BUILT_IN: Final = frozenset({"s3", "gs", "gcs", "abfs", "abfss", "file"})  # in pyarrow: a newcomer has them
SECRET: Final = re.compile("sig|token|key|credential|secret|passw|auth", re.IGNORECASE)  # in the name of a parameter
LOOPBACK: Final = "NEWSEVENTS_ALLOW_LOOPBACK"
CHUNK: Final = 256 * 1024
WILD: Final = re.compile(r"[*?\[]")


def is_address(given: str) -> bool:
    """Whether an input is an address and no path."""
    return ADDRESS.match(given) is not None


def remote_files(given: str) -> Iterator[InputFile]:
    """The files behind an address: the one that it names, all below a folder, or those that match a glob.

    Raises:
        InputError: there is none, or nobody here can read such addresses.
    """
    scheme = given.partition("://")[0].lower()
    if "::" in given:
        raise InputError(f"{_shown(given)}: chained addresses are not read; give the address of the file itself")
    if scheme in WEB:
        yield _web(given, scheme)
        return
    try:
        system, path = _system(given, scheme)
        yield from _found(system, path.rstrip("/"), scheme, given)
    except ImportError as error:
        raise InputError(f"{scheme}:// needs one more package: {_line(error)}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{_shown(given)} cannot be read: {_line(error)}") from None


def _web(url: str, scheme: str) -> InputFile:
    if scheme == "http" and os.environ.get(LOOPBACK, "").lower() not in TRUE:
        raise InputError(f"{_shown(url)}: only https:// is read; give that address, or fetch the file yourself")
    name = PurePosixPath(urlsplit(url).path).name
    return InputFile(_shown(url), name=name or "index.html", remote=_Web(url))


@dataclass(frozen=True, slots=True)
class _Web:
    """A file behind an address of the web, fetched from the public internet only."""

    url: str

    @contextmanager
    def chunks(self) -> Iterator[Iterator[bytes]]:
        from flows.fetch.client import download  # noqa: PLC0415 - an HTTP client, for those alone who read from the web

        try:
            with download(self.url) as found:
                yield _unbroken(found)
        except FetchError as error:
            raise UnreadableError("unreadable", str(error)) from None

    def seekable(self) -> None:
        """Nothing: it is kept in a temporary file."""


def _unbroken(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks; where the connection breaks the readers keep what came before."""
    try:
        yield from chunks
    except FetchError as error:
        raise UnreadableError("unreadable", str(error)) from None


@dataclass(frozen=True, slots=True)
class _Object:
    """A file in a file system of pyarrow."""

    system: Any
    path: str

    @contextmanager
    def chunks(self) -> Iterator[Iterator[bytes]]:
        try:
            stream = self.system.open_input_stream(self.path, compression=None)
        except OSError as error:
            raise UnreadableError("unreadable", _line(error)) from None
        with stream:
            yield _read(stream)

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        with self.system.open_input_file(self.path) as stream:
            yield stream


def _read(stream: Any) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except OSError as error:
        raise UnreadableError("unreadable", f"{_line(error)}; what came before was read") from None


def _system(given: str, scheme: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    from pyarrow import fs  # noqa: PLC0415 - 0.2 s, for those alone who read from elsewhere

    if scheme in BUILT_IN:
        wild = WILD.search(given.partition("?")[0])  # a glob is no address
        base = given[: wild.start()].rpartition("/")[0] if wild else given
        system, path = fs.FileSystem.from_uri(_with_environment(base) if scheme == "s3" else base)
        return system, path + given[len(base) :] if wild else path
    import fsspec  # noqa: PLC0415 - for those alone who read from elsewhere

    system, path = fsspec.core.url_to_fs(given)
    return fs.PyFileSystem(fs.FSSpecHandler(system)), path


def _with_environment(url: str) -> str:
    """The address with what the usual variables say of the region and the endpoint, unless it says so itself."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "")
    if region:
        asked.setdefault("region", region)
    if endpoint.netloc and "endpoint_override" not in asked:
        asked |= {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme}
    return parts._replace(query=urlencode(asked)).geturl()


def _found(system: Any, path: str, scheme: str, given: str) -> Iterator[InputFile]:
    from pyarrow import fs  # noqa: PLC0415

    wild = WILD.search(path)
    if wild is None:
        info = system.get_file_info(path)
        if info.type == fs.FileType.File:
            yield _file(system, path, scheme, is_named=True)
            return
        if info.type == fs.FileType.NotFound:
            raise InputError(f"there is nothing at {_shown(given)}: check the address, and your access to it")
    folder = path[: wild.start()].rpartition("/")[0] if wild else path
    listed = system.get_file_info(fs.FileSelector(folder, recursive=True))
    paths = sorted(info.path for info in listed if info.type == fs.FileType.File)
    if wild:
        paths = [found for found in paths if _matches(found.split("/"), path.split("/"))]
    paths = [found for found in paths if not _is_hidden(found[len(folder) :])]
    if not paths:
        raise InputError(f"no files at {_shown(given)}: check the address (** reaches into folders)")
    for found in paths:
        yield _file(system, found, scheme, is_named=wild is not None and "**" not in path)


def _file(system: Any, path: str, scheme: str, *, is_named: bool) -> InputFile:
    return InputFile(f"{scheme}://{path}", is_named=is_named, remote=_Object(system, path))


def _matches(path: Sequence[str], glob: Sequence[str]) -> bool:
    """Whether the parts of a path are those of a glob: `*` stays within a folder, `**` does not."""
    if not glob:
        return not path
    if glob[0] == "**":
        rest = glob[1:] or ["*"]
        return any(_matches(path[at:], rest) for at in range(len(path)))
    return bool(path) and fnmatch.fnmatchcase(path[0], glob[0]) and _matches(path[1:], glob[1:])


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _shown(url: str) -> str:
    """An address without what is nobody else's business: the user's name and password, signatures, tokens."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    path, mark, query = path.partition("?")
    parameters = (part.partition("=") for part in query.split("&"))
    told = "&".join(f"{key}={'...' if SECRET.search(key) else value}" if is_ else key for key, is_, value in parameters)
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}{mark}{told}"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
