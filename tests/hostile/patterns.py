"""Every regular expression of the project, where it stands and how it is called; `python -m tests.hostile.patterns`.

The calls of `re` are found in the syntax trees of the sources. What they compile is recorded while the modules are
imported and the sample articles are processed, so that patterns made of words from TOML files are whole. A call that
never ran counts only where its pattern is a literal; any other is told as missed.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = ("flows", "schemas")
METHODS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"})
ENOUGH = 3  # patterns of one place, which differ by the words that are in them
UNKNOWN_USE = ("fullmatch", "match", "search")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `re`: its file and line, the names that its pattern goes by, its method, and a literal pattern."""

    place: str
    names: tuple[str, ...]
    method: str
    literal: str | None


@dataclass(slots=True)
class Found:
    """Patterns as (pattern, flags, is it bytes, places, methods), and the calls whose pattern nobody knows."""

    patterns: list[dict[str, Any]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def calls(tree: ast.AST, path: str) -> Iterator[Call]:
    """The calls of `re` in a syntax tree."""
    names: dict[ast.AST, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names[node.value] |= {_last_name(target) for target in targets}
        elif isinstance(node, ast.keyword) and node.arg:
            names[node.value].add(node.arg)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (method := _of_re(node.func)):
            first = node.args[0] if node.args else None
            literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            yield Call(f"{path}:{node.lineno}", tuple(sorted(names[node])), method, literal)


def uses(trees: list[ast.AST]) -> dict[str, set[str]]:
    """By the last name of what they are called on: the methods of patterns that the sources call."""
    found: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                found[_last_name(node.value)].add(node.attr)
    return found


def _of_re(function: ast.expr) -> str | None:
    is_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"
    return function.attr if is_re and function.attr in METHODS | {"compile"} else None  # type: ignore[union-attr]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def collect() -> Found:
    """All patterns; the modules that call `re` must not be imported yet."""
    paths = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    trees = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    used = uses(list(trees.values()))
    known = [call for path, tree in trees.items() for call in calls(tree, path)]
    named = {name for call in known for name in call.names} | {"re"}
    recorded = _recorded({call.place.rpartition(":")[0] for call in known})
    merged: dict[tuple[str, int, bool], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    found = Found()
    for call in known:
        compiled = recorded.get(call.place, set())
        if not compiled and call.literal is not None:
            compiled = {(call.literal, 0, False)}
        if not compiled:
            found.missed.append(call.place)
        methods = {call.method} if call.method != "compile" else set[str]().union(*(used[name] for name in call.names))
        if not methods:  # handed on under another name: as its module calls what it does not name
            own = uses([trees[call.place.rpartition(":")[0]]])
            methods = set[str]().union(*(own[name] for name in own.keys() - named))
        for key in compiled:
            merged[key][0].add(call.place)
            merged[key][1].update(methods or UNKNOWN_USE)
    for (pattern, flags, is_bytes), (places, methods) in sorted(merged.items(), key=lambda item: sorted(item[1][0])):
        found.patterns.append(
            {
                "pattern": pattern,
                "flags": flags,
                "is_bytes": is_bytes,
                "places": sorted(places),
                "methods": sorted(methods),
            }
        )
    return found


def _recorded(modules: set[str]) -> dict[str, set[tuple[str, int, bool]]]:
    """By place: what was compiled there while the modules were imported and the samples processed."""
    places: dict[str, set[tuple[str, int, bool]]] = defaultdict(set)

    def recording(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(pattern: Any, *arguments: Any, **named: Any) -> Any:
            frame = sys._getframe(1)
            if frame.f_code.co_filename.startswith(str(ROOT)):
                whole = pattern if isinstance(pattern, re.Pattern) else original(pattern, _flags(function, arguments))
                is_bytes = isinstance(whole.pattern, bytes)
                text = whole.pattern.decode("latin-1") if is_bytes else whole.pattern
                path = Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()
                made = places[f"{path}:{frame.f_lineno}"]
                if len(made) < ENOUGH:
                    made.add((text, whole.flags & ~re.UNICODE, is_bytes))
            return function(pattern, *arguments, **named)

        return call

    original = re.compile
    for name in sorted(METHODS | {"compile"}):
        setattr(re, name, recording(getattr(re, name)))
    for path in sorted(modules):
        importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    _work()
    return places


def _flags(function: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    return arguments[0] if function.__name__ == "compile" and arguments else 0


def _work() -> None:
    """Do once what makes patterns when it is first called."""
    from flows.model import Document  # noqa: PLC0415 - only after the calls of `re` are recorded
    from flows.pipeline import process  # noqa: PLC0415
    from flows.read import read  # noqa: PLC0415
    from flows.score import gold  # noqa: PLC0415

    for document in read([ROOT / "data" / "raw"]):
        if isinstance(document, Document):
            process(document)
    gold.read(min(gold.FOLDER.rglob("*.toml")))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(collect())))
