"""Invented articles, as many as a test needs, in files as they come in; and folders that no reader expects."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PEOPLE = ["Marta Ibarra", "Tomás Quiroga", "Helen Ward", "Samuel Okoro", "Lucía Benavides", "Peter Lindqvist"]
PLACES = ["Port Alder", "Villa Serrana", "San Telmo del Río", "Northfield", "Puerto Claro"]
ENGLISH = (
    "{place}, {day} March 2025\n\n"
    "The mayor of {place}, {first}, met with the dock workers on Monday about the new port rules. "
    '"We will open the gates again before the summer, and number {n} on our list comes first," {first} said.\n\n'
    "{second}, who leads the union, rejected the offer. “Nobody asked us,” {second} told reporters. "
    "Police arrested {n} people during a protest in the harbour.\n"
)
SPANISH = (
    "{place}, {day} de marzo de 2025\n\n"
    "La alcaldesa de {place}, {first}, se reunió el lunes con los estibadores por las nuevas reglas del puerto. "
    "«Vamos a abrir las puertas antes del verano, y el punto {n} de la lista va primero», dijo {first}.\n\n"
    "{second}, dirigente del sindicato, rechazó la oferta. “Nadie nos preguntó”, afirmó {second}. "
    "La policía detuvo a {n} personas durante una protesta en el puerto.\n"
)


def article(number: int) -> dict[str, Any]:
    """An article with `id`, `text`, `url` and `published_at`; each number gives another one."""
    chance = random.Random(number)  # noqa: S311 - invented articles, no secrets
    first, second = chance.sample(PEOPLE, 2)
    values = {"place": chance.choice(PLACES), "day": 1 + number % 28, "first": first, "second": second, "n": number + 2}
    return {
        "id": str(number),
        "text": (ENGLISH if number % 2 else SPANISH).format(**values),
        "url": f"https://news.example/{number}",
        "published_at": f"2025-03-{1 + number % 28:02}T12:00:00Z",
    }


def articles(count: int, start: int = 0) -> list[dict[str, Any]]:
    """So many different articles."""
    return [article(number) for number in range(start, start + count)]


def write_lines(path: Path, objects: Iterable[Any]) -> Path:
    """A file of JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(found, ensure_ascii=False) + "\n" for found in objects), encoding="utf-8")
    return path


def newsroom(folder: Path, count: int, files: int = 3) -> list[Path]:
    """A folder with `count` articles in several files."""
    found = articles(count)
    return [write_lines(folder / f"desk-{number}.jsonl", found[number::files]) for number in range(files)]


def hostile(folder: Path, *, long_line: int = 30_000_000) -> int:
    """A folder with three good articles among everything that goes wrong; how many good ones there are."""
    folder.mkdir(parents=True)
    good = articles(3, start=9000)
    write_lines(folder / "good.jsonl", good[:1])
    (folder / "empty.txt").touch()
    (folder / "blank.txt").write_text(" \n\n\t\n", encoding="utf-8")
    (folder / "noise.txt").write_bytes(random.Random(1).randbytes(50_000))  # noqa: S311
    (folder / "noise.jsonl").write_bytes(random.Random(2).randbytes(5_000))  # noqa: S311
    (folder / "noise.html").write_bytes(random.Random(3).randbytes(50_000))  # noqa: S311
    lines = [json.dumps(good[1]), '{"id": "cut", "text": "no end', "[1, 2]", "null", '{"text": 5}', '{"id": 1}']
    (folder / "broken.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "nested.jsonl").write_text('{"text": ' + "[" * 5000 + "]" * 5000 + "}\n", encoding="utf-8")
    packed = gzip.compress(b"".join(json.dumps(found).encode() + b"\n" for found in articles(200, start=9500)))
    (folder / "truncated.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (folder / "not-really.jsonl.gz").write_bytes(b"plain")
    with (folder / "long.jsonl").open("wb") as file:
        file.write(b'{"id": "long", "text": "' + b"word " * (long_line // 5) + b'"}\n')
        file.write(json.dumps(good[2]).encode() + b"\n")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    (folder / "latin.txt").write_bytes("Señal perdida en la montaña: nadie contestó.".encode("latin-1"))
    return len(good)
