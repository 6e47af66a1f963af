"""`newsevents show`: a row by its id, with the words in the text that prove it."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import App, Parameter

from flows import show as engine
from flows.commands.console import put_json
from flows.commands.options import DATASET, AsJson, Dataset

app = App(name="show", help_epilogue="Example: newsevents show quo_0123456789abcdef")


@app.default
def show(
    row_id: Annotated[str, Parameter(help="Any id of the dataset, or a beginning of it that only one has.")],
    /,
    *,
    dataset: Dataset = DATASET,
    as_json: AsJson = False,
) -> None:
    """Show a row, its evidence highlighted in the text, and the rule that made it."""
    shown = engine.show(dataset, row_id)
    if as_json:
        put_json(shown)
    else:
        engine.render(shown, sys.stdout)
