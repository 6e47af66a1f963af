"""The command line: which commands there are, and what happens to their errors."""

from __future__ import annotations

import atexit
import difflib
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import Final

from cyclopts import App, CycloptsError, UnknownCommandError, ValidationError

from flows.commands.console import say
from flows.commands.options import UsageError
from flows.settings import PACKAGE, pipeline_version

OK, FAILED, WRONG_USAGE = 0, 1, 2
DEBUG: Final = "NEWSEVENTS_DEBUG"


# Name -> what it does. The modules, `flows.commands.<name>`, load only when their command is called: Prefect takes a
# second to import, and most commands have no use for it.
COMMANDS: Final = {
    "build": "Read articles, run the Prefect flow, commit a snapshot of the dataset.",
    "extract": "Turn JSON lines of articles into JSON lines of their rows; no files, no Prefect.",
    "query": "Run SQL on the dataset in DuckDB, read-only; without SQL, list tables, views and macros.",
    "show": "Show a row, its evidence highlighted in the text, and the rule that made it.",
    "check": "Validate a dataset: schemas, keys between tables, spans against texts, the books.",
    "rejects": "Show, export and replay what was not accepted: its count by reason, and what to do about each.",
    "score": "Score the extractor on annotated articles: precision and recall per table and language.",
    "watch": "Poll feeds and news sitemaps into the raw folder, politely.",
    "publish": "Make a public release folder: legal to share, documented, checksummed.",
}


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
    for name, does in COMMANDS.items():
        app.command(f"flows.commands.{name}:app", name=name, help=does)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 the work failed, 2 wrong usage."""
    atexit.register(_hush)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # the words of articles, whatever the terminal was set up for
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
    if isinstance(error, ValidationError):
        return f"{error.exception_message}: see --help"
    if not isinstance(error, UnknownCommandError):
        return f"{error} See --help."
    wrong = (error.unused_tokens or ["?"])[0]
    near = difflib.get_close_matches(wrong, COMMANDS, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"there is no command {wrong}: {guess}There are {', '.join(COMMANDS)}."


def _failure(error: Exception) -> str:
    """The message of an error that was foreseen; of any other the name too, and how to see more."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: {error.filename}" if error.filename else error.strerror.lower()
    if type(error).__module__.startswith("flows.") and str(error):
        return str(error)
    cause = f": {error.__cause__}" if error.__cause__ else ""
    return f"unexpected {type(error).__name__}: {error}{cause} (set {DEBUG}=1 to see where)"


def _forget_stdout() -> None:
    """Whoever read our output has gone; keep Python from complaining about it at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _hush() -> None:
    """Let the interpreter's last words go unheard: DuckDB's binding tells of objects that Prefect still holds then.

    Registered first, so it runs after everything else that runs at exit.
    """
    if not os.environ.get(DEBUG):
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
