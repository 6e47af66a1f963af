"""Inputs that are elsewhere: objects on a real S3 server and files on a real web server, both on loopback."""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs
from test_read_members import zipped

from flows.model import Document, Reject
from flows.read import InputError, discover, read

LINES = b'{"text": "Uno."}\n{"text": "Dos."}\n'


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["Eins.", "Zwei."]}), sink)
    return sink.getvalue()


OBJECTS = {
    "raw/2026/01/a.jsonl": LINES,
    "raw/2026/01/b.jsonl.gz": gzip.compress(LINES),
    "raw/2026/02/c.parquet": parquet(),
    "raw/2026/02/d.zip": zipped({"in/e.txt": b"Drei."}),
    "raw/2026/02/.hidden/f.txt": b"Hidden.",
    "raw/README.md": b"About.",
    "one.csv": b"headline,body\nT,Vier.\n",
}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "planted-key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "planted-secret")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_REGION", "us-east-1")
        system = fs.S3FileSystem(endpoint_override=f"{host}:{port}", scheme="http", allow_bucket_creation=True)
        system.create_dir("news")
        for key, data in OBJECTS.items():
            with system.open_output_stream(f"news/{key}") as stream:
                stream.write(data)
        yield "s3://news"
    server.stop()


def texts(*inputs: str) -> list[str]:
    return [item.text for item in read(inputs) if isinstance(item, Document)]


def test_objects_folders_and_globs_are_read_from_s3(bucket: str) -> None:
    assert texts(f"{bucket}/raw/2026/01/a.jsonl") == ["Uno.", "Dos."]
    assert texts(f"{bucket}/one.csv") == ["Vier."]
    assert texts(f"{bucket}/raw/2026") == ["Uno.", "Dos.", "Uno.", "Dos.", "Eins.", "Zwei.", "Drei."]
    assert texts(f"{bucket}/raw/2026/") == texts(f"{bucket}/raw/2026")
    assert texts(f"{bucket}/raw/*/02/*.parquet") == ["Eins.", "Zwei."]
    assert [file.uri for file in discover([f"{bucket}/raw/**/*.gz", f"{bucket}/raw/2026/0[1]/*"])] == [
        "s3://news/raw/2026/01/a.jsonl",
        "s3://news/raw/2026/01/b.jsonl.gz",
    ]
    assert len(discover([bucket])) == len(OBJECTS) - 1


def test_members_and_rows_say_where_they_are(bucket: str) -> None:
    found = list(read([f"{bucket}/raw/2026/02"]))
    assert [(item.input_uri, item.byte_offset) for item in found] == [
        ("s3://news/raw/2026/02/c.parquet", 0),
        ("s3://news/raw/2026/02/c.parquet", 1),
        ("s3://news/raw/2026/02/d.zip!in/e.txt", 0),
    ]


def test_files_of_a_bucket_that_are_no_articles_are_told(bucket: str) -> None:
    (told,) = (item for item in read([f"{bucket}/raw"]) if isinstance(item, Reject))
    assert (told.input_uri, told.reason_code) == ("s3://news/raw/README.md", "unknown_format")


@pytest.mark.parametrize("path", ["/missing.jsonl", "/raw/*.zip", "/nothing/", "-no-such-bucket/a.jsonl"])
def test_what_is_not_there_is_one_line(bucket: str, path: str) -> None:
    with pytest.raises(InputError) as error:
        discover([bucket + path])
    assert "\n" not in str(error.value)


def test_no_secret_is_shown(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    (file,) = discover(["s3://planted-key:planted-secret@news/one.csv"])
    assert file.uri == "s3://news/one.csv"
    with pytest.raises(InputError) as error:
        discover(["s3://planted-key:planted-secret@news/missing.csv"])
    assert "planted" not in str(error.value)
    (file,) = discover(["https://archive.example/a.jsonl?page=2&X-Amz-Signature=planted&token=planted"])
    assert file.uri == "https://archive.example/a.jsonl?page=2&X-Amz-Signature=...&token=..."
    assert bucket


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("nosuch://a/b", "nosuch"),
        ("simplecache::https://127.0.0.1/a", "chained"),
        ("http://news.example/a.jsonl", "https://"),
    ],
)
def test_addresses_that_nobody_can_read_are_one_line(given: str, word: str) -> None:
    with pytest.raises(InputError) as error:
        discover([given])
    assert word in str(error.value)
    assert "\n" not in str(error.value)


# the web


class Quiet(SimpleHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        type(self).seen.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    for name, data in OBJECTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    Quiet.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_files_are_read_from_the_web(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSEVENTS_ALLOW_LOOPBACK", "1")
    assert texts(f"{site}/raw/2026/01/b.jsonl.gz?x=1.txt") == ["Uno.", "Dos."]
    assert texts(f"{site}/raw/2026/02/c.parquet", f"{site}/raw/2026/02/d.zip") == ["Eins.", "Zwei.", "Drei."]
    (told,) = read([f"{site}/missing.jsonl"])
    assert isinstance(told, Reject)
    assert (told.reason_code, "404" in told.reason) == ("unreadable", True)


def test_an_address_of_this_machine_is_not_connected_to(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = read([site.replace("http://", "https://") + "/one.csv"])
    assert getattr(told, "reason_code", None) == "unreadable"
    with pytest.raises(InputError):
        discover([f"{site}/one.csv"])
    monkeypatch.setattr("flows.read.remote.TRUE", {""})  # whoever lets http:// in is still behind the guard
    (told,) = read([f"{site}/one.csv"])
    assert getattr(told, "reason_code", None) == "unreadable"
    assert Quiet.seen == []
