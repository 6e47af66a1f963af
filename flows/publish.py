"""The flow that makes a public release: the latest snapshot in, a folder that is legal to share out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from prefect import flow
from pydantic import Field

from flows.build import DATASET
from flows.release import Release
from flows.settings import Settings
from flows.tasks import release

RELEASE: Final = Path("data/releases/latest")


@flow(
    name="publish",
    description="Make a public release folder of the latest snapshot: legal to share, documented, checksummed.",
    flow_run_name="publish {out}",
    persist_result=False,
)
def publish(
    dataset: Annotated[Path, Field(description="The folder of the dataset.")] = DATASET,
    out: Annotated[Path, Field(description="The folder to make; a former release there is replaced.")] = RELEASE,
    settings: Annotated[Settings | None, Field(description="Default: the environment's NEWSEVENTS_*.")] = None,
) -> Release:
    """Publish a dataset.

    Args:
        dataset: the folder of the dataset.
        out: the folder to make; a former release there is replaced in one step.
        settings: how much of the articles' own words the release shows.
    """
    chosen = settings or Settings.from_environment()
    return release(dataset, out, chosen.max_quote_length)
