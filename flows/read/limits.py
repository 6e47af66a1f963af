"""What one input may cost: bounds on documents, pages and archives, so that a hostile file ends in a reject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in decompressed bytes, or characters where a page is text already.

    Attributes:
        document_bytes: the longest text file, JSON line or object that is held in memory.
        document_seconds: of the processor that one document may take, to be read and again to be extracted from;
            0 is no limit. An article takes a hundredth of a second, the longest that is no attack some seconds.
        page_characters: the longest HTML page that is parsed.
        page_depth: how deep the elements of a page may nest.
        page_work: the sum of the open elements over all tags of a page; parsing time grows with it
            (the parser walks the open elements for every tag: 200,000 nested tags took it 88 s).
        tag_words: words in one tag, an upper bound of its attributes (parsing compares each with all others).
        xml_depth: how deep the elements of one document in XML may nest.
        xml_elements: how many elements one document in XML may have; each takes about 300 bytes of memory.
        archive_ratio: how many times its size an archive may decompress to while it yields no document.
        archive_depth: how deep archives may stand in archives.
        archive_members: files in one archive.
        archive_directory: bytes of the directory of a zip archive, some 100 for each file; it is held in memory.
        spool_bytes: of a stream that is kept in a temporary file, because its format is read from the end.
    """

    document_bytes: int = 20_000_000
    document_seconds: float = 20.0
    page_characters: int = 10_000_000
    page_depth: int = 500
    page_work: int = 100_000_000
    tag_words: int = 5_000
    xml_depth: int = 200
    xml_elements: int = 100_000
    archive_ratio: int = 200
    archive_depth: int = 3
    archive_members: int = 1_000_000
    archive_directory: int = 20_000_000
    spool_bytes: int = 4_000_000_000


LIMITS: Final = Limits()
