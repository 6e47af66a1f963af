"""The command line: which commands there are, and what happens to their errors."""

from __future__ import annotations

import difflib
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cyclopts import App, CycloptsError, UnknownCommandError

from flows.commands.console import say
from flows.commands.options import UsageError
from flows.settings import PACKAGE, pipeline_version

OK, FAILED, WRONG_USAGE = 0, 1, 2
DEBUG: Final = "NEWSEVENTS_DEBUG"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: where it is, what it does, and an example to copy."""

    name: str
    target: str
    help: str
    example: str


# The modules load only when their command is called: Prefect takes a second, and most commands have no use for it.
COMMANDS: Final = (
    Command(
        "build",
        "flows.commands.build:build",
        "Read articles, run the Prefect flow, commit a snapshot of the dataset.",
        "newsevents build data/raw --dataset data/dataset",
    ),
    Command(
        "extract",
        "flows.commands.extract:extract",
        "Turn JSON lines of articles into JSON lines of their rows; no files, no Prefect.",
        """echo '{"id": "1", "text": "The minister said: \\"We agree.\\""}' | newsevents extract""",
    ),
    Command(
        "query",
        "flows.commands.query:query",
        "Run SQL on the dataset in DuckDB, read-only; without SQL, list tables and views.",
        'newsevents query "SELECT text FROM quotes LIMIT 5" --format csv',
    ),
    Command(
        "show",
        "flows.commands.show:show",
        "Show a row by its id, with its evidence highlighted in the text and the rule that made it.",
        "newsevents show quo_0123456789abcdef",
    ),
    Command(
        "check",
        "flows.commands.check:check",
        "Validate a dataset: schemas, keys between tables, spans against texts, the books.",
        "newsevents check --dataset data/dataset",
    ),
    Command(
        "rejects",
        "flows.commands.rejects:app",
        "List, export and replay what was not accepted.",
        "newsevents rejects retry --dataset data/dataset",
    ),
    Command(
        "publish",
        "flows.commands.publish:publish",
        "Make a public release folder: legal to share, documented, checksummed.",
        "newsevents publish data/releases/latest --dataset data/dataset",
    ),
)


def make_app() -> App:
    """The command line with every command, none of them imported."""
    app = App(
        name=PACKAGE,
        help="Raw news articles in, a dataset of events, actors, quotes and sources out.",
        help_epilogue="Begin with: newsevents build data/raw",
        version=pipeline_version,
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for command in COMMANDS:
        app.command(command.target, name=command.name, help=command.help, help_epilogue=f"Example: {command.example}")
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 the work failed, 2 wrong usage."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit status."""
    try:
        make_app()(list(arguments), exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        say(f"{PACKAGE}: {_wrong_usage(error)}")
        return WRONG_USAGE
    except UsageError as error:
        say(f"{PACKAGE}: {error}")
        return WRONG_USAGE
    except BrokenPipeError:
        _forget_stdout()
        return OK
    except KeyboardInterrupt:
        say(f"{PACKAGE}: interrupted")
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place where an error can become a line
        if os.environ.get(DEBUG):
            traceback.print_exc()
        say(f"{PACKAGE}: {_failure(error)}")
        return FAILED
    return OK


def _wrong_usage(error: CycloptsError) -> str:
    """What is wrong with the arguments; an unknown command is looked up here, where no command need be imported."""
    if not isinstance(error, UnknownCommandError):
        return f"{error} See --help."
    wrong = (error.unused_tokens or ["?"])[0]
    names = [command.name for command in COMMANDS]
    near = difflib.get_close_matches(wrong, names, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"there is no command {wrong}: {guess}There are {', '.join(names)}."


def _failure(error: Exception) -> str:
    """The message of an error that was foreseen; of any other the name too, and how to see more."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: {error.filename}" if error.filename else error.strerror.lower()
    if type(error).__module__.startswith("flows.") and str(error):
        return str(error)
    return f"unexpected {type(error).__name__}: {error} (set {DEBUG}=1 to see where)"


def _forget_stdout() -> None:
    """Whoever read our output has gone; keep Python from complaining about it at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
