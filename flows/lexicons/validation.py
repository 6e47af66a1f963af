"""A language's lexicon files -> what is wrong with them beyond their shape, a line each: duplicates and dead words.

Too slow for every load (a second per language); the tests run it over all folders.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from flows.lexicons import ANY, FOLDER, files, fill, language_file, languages, named
from flows.lexicons.morphology import Conjugator
from flows.lexicons.senses import Sense
from flows.lexicons.trie import Trie, lower, tokens_of

SHAPES: Final[dict[str, type[files.Row]]] = {
    "agencies": named.AgenciesFile,
    "events": files.EventsFile,
    "gazetteer": named.GazetteerFile,
    "names": named.NamesFile,
    "organizations": named.OrganizationsFile,
    "places": named.PlacesFile,
    "realis": files.RealisFile,
    "reporting": files.ReportingFile,
    "roles": named.RolesFile,
}
SINGULAR: Final = frozenset({"m", "f", "mf"})  # one column: a noun of both genders is `mf`
LEMMAS: Final = frozenset({"lemmas", "verbs"})
NAMED: Final = frozenset({"known", "agency", "outlet"})  # rows whose name is a form too


class Form(NamedTuple):
    """A form as a file holds it: the column that it is a word of, and what its row says of it."""

    column: str
    form: str
    meaning: tuple[Any, ...]


def problems(code: str) -> list[str]:
    """Everything that is wrong in the folder of a language, or in `_any`; each line names the file and the word."""
    folder = FOLDER / code
    found: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem in SHAPES:
            forms = list(forms_of(files.decode(path, SHAPES[path.stem])))
            found += [f"{code}/{path.name}: {wrong}" for wrong in (*odd(forms), *duplicates(forms))]
    if code != ANY:
        found += [f"{code}/language.toml: {wrong}" for wrong in _of_language(language_file(code))]
        found += [f"{code}: {wrong}" for wrong in (*_without_forms(folder), *dead_words(code))]
    return found


def disagreements() -> list[str]:
    """Organizations that have one key and are said to be of different countries or sectors by different files."""
    said: dict[str, dict[tuple[str | None, str | None], list[str]]] = defaultdict(lambda: defaultdict(list))
    for code in (ANY, *languages()):
        for known in files.decode(FOLDER / code / "organizations.toml", named.OrganizationsFile).known:
            said[known.key][known.country, known.sector].append(code)
    return [
        f"organizations.toml: {key}: " + ", ".join(f"{c} {s} in {' '.join(where)}" for (c, s), where in facts.items())
        for key, facts in sorted(said.items())
        if len(facts) > 1
    ]


def duplicates(forms: Iterable[Form]) -> Iterator[str]:
    """Words that stand twice in a column: once too often, or with two meanings of which only the first can count."""
    seen: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for column, form, meaning in forms:
        for other in seen[column, form]:
            if other == meaning:
                yield f"{column}: {form!r} is there twice"
            elif _hides(column, other, meaning):
                yield f"{column}: {form!r} is {_told(other)} and {_told(meaning)}"
        seen[column, form].append(meaning)


def _hides(column: str, first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    """Whether a word with the first meaning never has the second.

    An event's words may, where they need less, and provinces of several countries may have one name.
    """
    if column == "province.names":
        return False
    if not column.startswith("event."):
        return True
    if dict(first)["objects"]:
        return False
    needs, later = (dict(meaning)["needs"] for meaning in (first, second))
    if column == "event.nouns":  # the party of a noun may be left unsaid, unless it needs two
        needs, later = (found if found in ("pair", "party") else None for found in (needs, later))
    return needs in (None, later)


def _told(meaning: tuple[Any, ...]) -> str:
    return " ".join(str(value) for _, value in meaning if value not in (None, False, ())) or "nothing else"


def forms_of(file: files.Row) -> Iterator[Form]:
    """All words of a file: the lists of its rows, each with the row's other values as its meaning."""
    for kind in file.__struct_fields__:
        found = getattr(file, kind)
        for row in found if isinstance(found, list) else [found]:
            values = {name: getattr(row, name) for name in row.__struct_fields__}
            lists = {name: value for name, value in values.items() if isinstance(value, list)}
            contexts = lists.pop("contexts", None)
            meaning = tuple((name, value) for name, value in values.items() if not isinstance(value, list | files.Row))
            meaning += (("contexts", tuple(contexts)),) if contexts else ()
            for name, words in lists.items():
                column = f"{kind}.{'singular' if name in SINGULAR else name}"
                for word in words:
                    yield Form(column, word, (*meaning, ("column", name)))
            if kind in NAMED and values["name"] not in lists["forms"]:
                yield Form(f"{kind}.forms", values["name"], (*meaning, ("column", "forms")))


def odd(forms: Iterable[Form]) -> Iterator[str]:
    """Words that no text holds in this spelling."""
    for column, form, _ in forms:
        if not tokens_of(form):
            yield f"{column}: {form!r} has no letter"
        elif form != " ".join(form.split()):
            yield f"{column}: {form!r} has a blank too many"
        elif form != unicodedata.normalize("NFC", form) or any(unicodedata.category(c) == "Cf" for c in form):
            yield f"{column}: {form!r} has a letter in two pieces, or an invisible one"


def _of_language(file: files.LanguageFile) -> Iterator[str]:
    lists = (*file.words.items(), ("stopwords", file.stopwords), ("abbreviations", file.abbreviations))
    yield from duplicates(Form(name, word, ()) for name, words in lists for word in words)


def _without_forms(folder: Path) -> Iterator[str]:
    """Verbs that no paradigm inflects: only their infinitive would be found."""
    path = folder / "verbs.toml"
    verbs = Conjugator(files.decode(path, files.VerbsFile), str(path))
    for name in ("events", "realis", "reporting"):
        for column, lemma, _ in forms_of(files.decode(folder / f"{name}.toml", SHAPES[name])):
            if column.split(".")[1] in LEMMAS and {form.surface for form in verbs.forms(lemma)} <= {lemma}:
                yield f"{name}.toml: {column}: the verb {lemma!r} has no forms: add a paradigm or an irregular"


def dead_words(code: str) -> Iterator[str]:
    """Phrases of a language that are not found in a text that is nothing but them, with all that they can be."""
    recorded = _Recorder()
    fill(recorded, code)
    yield from unfound(recorded.freeze(), recorded.added)


def unfound(trie: Trie, phrases: Iterable[tuple[str, Sense]]) -> Iterator[str]:
    """Those phrases that the trie does not find as a whole and with their sense."""
    for phrase, sense in phrases:
        words = tokens_of(phrase)
        hit = trie.find([lower(word) for word in words], words)[0] if words else None
        if hit is None or hit.last != len(words) or sense not in hit.senses.get(sense.kind, ()):
            yield f"{sense.kind}: {phrase!r} is never found"


class _Recorder(Trie):
    """A trie that remembers what was added to it."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[tuple[str, Sense]] = []

    def add(self, phrase: str, sense: Sense) -> None:
        self.added.append((phrase, sense))
        super().add(phrase, sense)
