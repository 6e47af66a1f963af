"""Why something was not fetched."""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "bad_url",  # no address that can be fetched, whoever answers there
    "refused",  # an address that is not of the public internet
    "unreachable",  # no such name, no answer, a connection that broke
    "too_slow",
    "too_large",
    "too_many_redirects",
    "bad_encoding",  # a body that does not decompress
    "bad_status",
    "robots",  # the site's robots.txt asks not to
]


class FetchError(Exception):
    """A fetch that did not succeed: `code` says why to a program, the message, one line, to a person."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
