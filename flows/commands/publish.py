"""`newsevents publish`: run the Prefect flow that makes a public release, and say what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, Parameter

from flows.commands.console import put, put_json, put_table, working
from flows.commands.options import DATASET, AsJson, Dataset, UsageError
from flows.server import Server

if TYPE_CHECKING:
    from flows.release import Release

RELEASE: Final = Path("data/releases/latest")


app = App(name="publish", help_epilogue="Example: newsevents publish --out data/releases/latest --dataset data/dataset")


@app.default
def publish(
    out: Annotated[
        Path, Parameter(name=["--out", "-o"], help="Folder to make; a former release there is replaced.")
    ] = RELEASE,
    *,
    dataset: Dataset = DATASET,
    as_json: AsJson = False,
) -> None:
    """Make a public release folder: legal to share, documented, checksummed."""
    if not (dataset / "manifests").is_dir():
        raise UsageError(f"there is no dataset in {dataset}: make one with newsevents build --dataset {dataset}")
    server = Server.start()
    with working(f"Publishing {dataset}, starting Prefect …"):
        release = _run(server, dataset, out)
    if as_json:
        put_json({"path": str(release.path), "version": release.version, "rows": release.rows})
    else:
        put_table(["table", "rows"], release.rows.items())
        put(f"\nRelease {release.version} in {release.path}: share the folder, begin with README.md")


def _run(server: Server | None, dataset: Path, out: Path) -> Release:
    # Imported here, not above: Prefect's server starts at the same time, and a wrong option is answered at once.
    from flows.connection import connected  # noqa: PLC0415
    from flows.publish import publish as publish_flow  # noqa: PLC0415

    with connected(server):
        return publish_flow(dataset=dataset, out=out)
