"""A parsed page -> what it says of itself: title, authors, time, address, language, publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flows.read.page import fields
from flows.read.page.blocks import beside_word, class_words
from flows.read.page.linked_data import LinkedData, text_of
from flows.read.page.vocabulary import vocabulary

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

LINKED_DATA: Final = 'script[type="application/ld+json" i]'
SITE_SUFFIX: Final = re.compile(r" [|\u2013\u2014\u00b7\u2022:»-]{1,2} ")
NOT_WORD: Final = re.compile(r"[\W_]+")
MOST_TAGS: Final = 1_000
LONGEST_NAME: Final = 80
LONGEST_BYLINE: Final = 120
MOST_BYLINES: Final = 5
SHORTEST_SITE: Final = 3  # letters: "br" is in too many names
PUBLISHER: Final = '[itemprop="publisher"] [itemprop="name"]'
BYLINE: Final = '[class*="author" i], [class*="byline" i], [class*="autor" i], [class*="auteur" i], [class*="autore" i]'
BYLINE_WORDS: Final = ("byline",)  # beside the body, and just what is looked for
NOT_IN_NAME: Final = re.compile(r"[\d:;!?\"()]")
FULL_NAME_WORDS: Final = range(2, 6)
LONGEST_PARTICLE: Final = 3  # "de", "van", "bin"
ADDRESS_OR_MAIL: Final = re.compile(r"https?://|www\.|@|/")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page declares; `body` is the text in its metadata, often without paragraphs or cut off."""

    title: str | None = None
    description: str = ""
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    url: str | None = None
    language: str | None = None
    source: str | None = None
    body: str = ""
    section: str | None = None
    modified_at: str | None = None


def metadata_of(tree: LexborHTMLParser, base: str | None = None) -> Metadata:
    """JSON-LD first, then meta tags, then what the page shows; addresses as seen from `base`."""
    meta = _meta(tree)
    words = vocabulary().meta
    canonical = _attribute(tree, 'link[rel~="canonical" i]', "href")
    addresses = [found for found in (canonical, *_each(meta, words.url)) if found]
    linked = LinkedData(node.text() for node in tree.css(LINKED_DATA))
    article = linked.article(addresses)
    publishers = [*linked.names(article.get("publisher")), *_each(meta, words.source), *_marked(tree, PUBLISHER)]
    source = fields.line(next(iter(publishers), None))
    url = fields.address([*addresses, text_of(article, "url")], base)
    sites = _sites(publishers, url)
    return Metadata(
        title=_title(tree, text_of(article, "headline"), _each(meta, words.title), source),
        description=max(_each(meta, words.description), key=len, default=""),
        authors=_authors(tree, linked.names(article.get("author")), _each(meta, words.authors), sites),
        published_at=_published(tree, text_of(article, "datePublished"), _each(meta, words.published_at)),
        url=url,
        language=_language(tree, [text_of(article, "inLanguage") or "", *_each(meta, words.language)]),
        source=source,
        body=fields.plain(text_of(article, "articleBody") or ""),
        section=_section([*linked.names(article.get("articleSection")), *_each(meta, words.section)], tree),
        modified_at=_modified(tree, text_of(article, "dateModified"), _each(meta, words.modified_at)),
    )


def _meta(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """The contents of meta tags by name, property or itemprop, in lower case."""
    found: dict[str, list[str]] = {}
    for node in tree.css("meta")[:MOST_TAGS]:
        attributes = node.attributes
        content = (attributes.get("content") or "")[: fields.LONGEST_FIELD].strip()
        if content:
            for key in ("name", "property", "itemprop", "http-equiv"):
                name = attributes.get(key)
                if name:
                    found.setdefault(name.strip().lower(), []).append(content)
    return found


def _marked(tree: LexborHTMLParser, selector: str) -> Iterator[str]:
    """What microdata say: in an attribute, or what is shown."""
    for node in tree.css(selector)[:MOST_BYLINES]:
        yield node.attributes.get("content") or _text(node) or ""


def _each(meta: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from meta.get(name, ())


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return node.attributes.get(name) if node is not None else None


def _key(text: str) -> str:
    return NOT_WORD.sub("", text).casefold()


def _title(tree: LexborHTMLParser, headline: str | None, declared: Iterator[str], source: str | None) -> str | None:
    shown = fields.line(_text(tree.css_first("h1")))
    titles = (fields.line(title) for title in (headline, *declared, shown, _text(tree.css_first("title"))))
    title = next((title for title in titles if title), None)
    return _without_site(title, source, shown) if title else None


def _without_site(title: str, source: str | None, shown: str | None) -> str:
    """The title without the name of the site behind it."""
    marks = list(SITE_SUFFIX.finditer(title))
    for mark in marks:
        head, tail = title[: mark.start()], _key(title[mark.end() :])
        if (source and tail and (tail in _key(source) or _key(source) in tail)) or (
            shown and _key(head) == _key(shown)
        ):
            return head
    return title


def _text(node: LexborNode | None) -> str | None:
    return node.text(separator=" ") if node is not None else None


def _language(tree: LexborHTMLParser, declared: Iterable[str]) -> str | None:
    return fields.language((_attribute(tree, "html", "lang"), _attribute(tree, "html", "xml:lang"), *declared))


def _section(declared: Iterable[str], tree: LexborHTMLParser) -> str | None:
    marked = _text(tree.css_first('[itemprop="articleSection"]'))
    return next((section for section in map(fields.line, (*declared, marked)) if section), None)


def _published(tree: LexborHTMLParser, linked: str | None, declared: Iterator[str]) -> str | None:
    return fields.moment((linked, *declared, *_times(tree)))


def _modified(tree: LexborHTMLParser, linked: str | None, declared: Iterator[str]) -> str | None:
    return fields.moment((linked, *declared, *map(_time, tree.css('[itemprop="dateModified"]'))))


def _times(tree: LexborHTMLParser) -> Iterator[str]:
    """What is marked as the time of publication, then the first <time> below the headline."""
    for node in tree.css('[itemprop="datePublished"], time[pubdate]'):
        yield _time(node)
    is_below = False
    for node in tree.css("h1, time"):
        is_below = is_below or node.tag == "h1"
        if is_below and node.tag == "time":
            yield _time(node)
            return


def _time(node: LexborNode) -> str:
    return node.attributes.get("datetime") or node.attributes.get("content") or _text(node) or ""


def _authors(
    tree: LexborHTMLParser, linked: Sequence[str], declared: Iterator[str], sites: set[str]
) -> tuple[str, ...]:
    """From the first place that names somebody else than the site; the site where none does."""
    fallback: tuple[str, ...] = ()
    for names in (linked, declared, _marked_authors(tree), _bylines(tree)):
        found = tuple(dict.fromkeys(name for text in names for name in split_names(text)))
        if any(not _is_site(name, sites) for name in found):
            return found
        fallback = fallback or found
    return fallback


def _is_site(name: str, sites: set[str]) -> bool:
    key = _key(name)
    return any(site in key or key in site for site in sites)


def _sites(names: Iterable[str | None], url: str | None) -> set[str]:
    """How the site calls itself, and the name in its address."""
    host = (urlsplit(url).hostname or "") if url else ""
    labels = host.removeprefix("www.").split(".")[:-1]
    return {key for key in map(_key, (*(name for name in names if name), *labels)) if len(key) >= SHORTEST_SITE}


def _marked_authors(tree: LexborHTMLParser) -> Iterator[str]:
    for selector in ('[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', '[rel~="author"]'):
        found = [_text(node) or "" for node in tree.css(selector)[:MOST_BYLINES]]
        if any(name.strip() for name in found):
            return iter(found)
    return iter(())


def _bylines(tree: LexborHTMLParser) -> Iterator[str]:
    """The first element that a class calls a byline and that holds full names."""
    unless = vocabulary().authors.unless
    for node in tree.css(BYLINE)[:MOST_TAGS]:
        classes = node.attributes.get("class") or ""
        if beside_word(classes) in {None, *BYLINE_WORDS} and unless.isdisjoint(class_words(classes)):
            text = fields.line(_text(node)) or ""
            names = [name for name in split_names(text) if _is_full_name(name)]
            if len(text) <= LONGEST_BYLINE and names:
                yield from names
                return


def _is_full_name(text: str) -> bool:
    """Two to five words, none of them in lower case but particles."""
    words = text.split()
    is_named = all(not word[0].islower() or len(word) <= LONGEST_PARTICLE for word in words)
    return len(words) in FULL_NAME_WORDS and is_named and not words[0][0].islower() and not NOT_IN_NAME.search(text)


def _name_in_address(line: str) -> str | None:
    """A. Ruiz, where a publisher declares "a.ruiz@..." as its author."""
    first, _, last = line.partition("@")[0].partition(".")
    if "@" not in line or not (first.isalpha() and last.replace("-", "").isalpha()):
        return None
    return f"{first.title()}{'.' if len(first) == 1 else ''} {last.title()}"


@cache
def _prefix() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(vocabulary().authors.prefixes, key=len, reverse=True))
    return re.compile(rf"(?:{words})(?::\s*|\s+)", re.IGNORECASE)


@cache
def _joiner() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in vocabulary().authors.joiners)
    return re.compile(rf" ?[,;|/·•] | ?[;|] ?| (?:{words}|&) ", re.IGNORECASE)


def split_names(byline: str) -> Iterator[str]:
    """The names in "By Ana Ruiz and Juan Paz": without the word before them, apart, and no addresses."""
    line = fields.line(byline) or ""
    line = _name_in_address(line) or line
    prefix = _prefix().match(line)
    for name in _joiner().split(line[prefix.end() :] if prefix else line):
        tidy = name.strip(" .,:;-")
        if tidy and len(tidy) <= LONGEST_NAME and not ADDRESS_OR_MAIL.search(tidy) and not tidy.isdigit():
            yield tidy
