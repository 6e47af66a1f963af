"""A piece of an input that may be a document: its raw bytes are at hand, and nothing is parsed until that is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flows.ids import SEPARATOR
from flows.model import Document, Filtered, Reject
from flows.read.limits import LIMITS
from flows.read.rejects import Piece, attempt


@dataclass(slots=True)
class Candidate:
    """What a reader yields for each piece of its input.

    Attributes:
        make: makes the document; it may raise anything.
        piece: the bytes that the document is made of, and what it takes from elsewhere.
        input_uri: where the piece stands.
        find_id: the sender's id, for a piece that gives no document.
        context: what else decides the document: its format, the user's names for its fields. Set by `flows.read`.
        was_refused: whether `document` gave a reject.
    """

    make: Callable[[], Document]
    piece: Piece
    input_uri: str
    find_id: Callable[[], str | None] = lambda: None
    context: str = ""
    was_refused: bool = False
    _sha256: str | None = field(default=None, init=False, repr=False)

    @property
    def input_sha256(self) -> str | None:
        """SHA-256 of all that decides the document, in hex; None for a piece that broke on its way here.

        Two pieces that share it give the same document, so that a second one need not be parsed.
        """
        if self._sha256 is None and self.piece.error is None:
            found = hashlib.sha256(SEPARATOR.join((self.context, self.piece.context, "")).encode("utf-8", "replace"))
            found.update(self.piece.data)
            self._sha256 = found.hexdigest()
        return self._sha256

    def document(self, seconds: float = LIMITS.document_seconds) -> Document | Reject:
        """The document, or the reject of the piece; `timeout` where it takes more than so many seconds."""
        found = attempt(self.make, self.piece, self.input_uri, self.find_id, seconds=seconds)
        self.was_refused = isinstance(found, Reject)
        return replace(found, input_sha256=self.input_sha256) if isinstance(found, Document) else found


Raw = Candidate | Reject | Filtered  # what a reader makes of each document that comes in
