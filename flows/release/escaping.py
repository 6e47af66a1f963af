"""Text of others in YAML and in Markdown: it stays text there."""

from __future__ import annotations

import json
import re
from typing import Final

from flows.terminal import printable

MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#|~>])")


def yaml(value: str) -> str:
    """A YAML scalar in double quotes: JSON's quoting is YAML's too."""
    return json.dumps(printable(value, kept=""), ensure_ascii=False)


def markdown(value: str) -> str:
    """One line of Markdown that shows the text as it is: no markup, no HTML, no link, no table cell of its own."""
    line = " ".join(printable(value, kept="\n\t").split())
    return MARKUP.sub(r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;"))
