"""Bytes that gave no document -> a Reject that can be read, repaired and replayed."""

from __future__ import annotations

import base64
import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flows.budget import OutOfTimeError, budget
from flows.model import Document, Reject

STAGE: Final = "read"
SLOWER: Final = "give it more with --document-seconds, and report it"
PAYLOAD_CHARACTERS: Final = 4_000
HEAD_BYTES: Final = 4 * PAYLOAD_CHARACTERS  # a character of UTF-8 takes four bytes at most


class UnreadableError(Exception):
    """Why a document cannot be read: a code of the vocabulary and one line for a person."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one document: a line, an object, a file; where `error` is set, only their beginning.

    `byte_offset` counts in the decompressed stream of the file. `context` is what the document takes from outside of
    `data` (its address in the archive, the language of its feed): two pieces with the same data and context give the
    same document.
    """

    data: bytes
    byte_offset: int = 0
    sha256: str | None = None
    error: UnreadableError | None = None
    context: str = ""


def to_reject(error: UnreadableError, piece: Piece, input_uri: str, doc_id: str | None = None) -> Reject:
    """The reject of a piece: the first 4,000 characters as payload and the hash of all bytes seen."""
    payload, encoding = encoded(piece.data)
    return Reject(
        stage=STAGE,
        reason_code=error.reason_code,
        reason=error.reason,
        input_uri=input_uri,
        byte_offset=piece.byte_offset,
        payload=payload,
        payload_encoding=encoding,
        payload_sha256=piece.sha256 or hashlib.sha256(piece.data).hexdigest(),
        doc_id=doc_id,
    )


def encoded(data: bytes) -> tuple[str, str]:
    """The beginning of the bytes as a payload, and its encoding: as text if it is UTF-8, so that none is lost."""
    head = data[:HEAD_BYTES]
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:  # a character that the cut went through is left out
        return decoder.decode(head, final=len(data) <= HEAD_BYTES)[:PAYLOAD_CHARACTERS], "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(head[:PAYLOAD_CHARACTERS]).decode(), "base64"


def decoded(payload: str, encoding: str | None) -> bytes:
    """The bytes that a payload was made of."""
    return base64.b64decode(payload) if encoding == "base64" else payload.encode()


def out_of_time(seconds: float) -> UnreadableError:
    """What is told of a document that took longer than it may."""
    return UnreadableError("timeout", f"it took more than {seconds:g} s to be read: {SLOWER}")


def attempt(
    make: Callable[[], Document],
    piece: Piece,
    input_uri: str,
    find_id: Callable[[], str | None] = lambda: None,
    *,
    seconds: float = 0,
) -> Document | Reject:
    """What `make` returns, or the reject of the piece: the one place where a failing library becomes a row."""
    try:
        if piece.error is not None:
            raise piece.error  # noqa: TRY301 - a piece that broke on the way here is rejected like any other
        with budget(seconds):
            return make()
    except OutOfTimeError:
        return to_reject(out_of_time(seconds), piece, input_uri, find_id())
    except UnreadableError as error:
        return to_reject(error, piece, input_uri, find_id())
    except Exception as error:  # noqa: BLE001 - content must never end a run, whatever a library makes of it
        told = UnreadableError("internal_error", f"{type(error).__name__}: {str(error)[:200]}")
        return to_reject(told, piece, input_uri, find_id())
