"""Quotes over paragraphs and in parts, marks that nothing closes, and headlines, in texts of several languages."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from flows.model import Document
from flows.pipeline import Processed, process


class Shown(NamedTuple):
    """A quote as the tests compare it; `part` is the number of the quote that its utterance begins with."""

    text: str
    speaker: str | None
    is_open: bool = False
    part: int = 0


def quotes(language: str, text: str) -> list[Shown]:
    rows = rows_of(language, text)
    names = {row["actor_id"]: row["name"] for row in rows["actors"]}
    numbers = {row["quote_id"]: number for number, row in enumerate(rows["quotes"])}
    return [
        Shown(row["text"], names.get(row["speaker_actor_id"]), row["is_open"], numbers[row["utterance_id"]])
        for row in rows["quotes"]
    ]


def rows_of(language: str, text: str) -> dict[str, list[dict[str, Any]]]:
    result = process(Document(text=text, language=language))
    assert isinstance(result, Processed), result
    return result.rows


BROKEN = [
    ("es", "“Lo abriremos el lunes”, dijo la alcaldesa Marta Olmedo, “si deja de llover”.", "Marta Olmedo"),
    ("en", "“We will open it on Monday,” said Mayor Martha Elwood, “if the rain stops.”", "Martha Elwood"),
    ("de", "„Wir öffnen am Montag“, sagte Bürgermeisterin Heike Landau, „wenn der Regen aufhört“.", "Heike Landau"),
    ("it", "«Lo riapriremo lunedì», ha detto la sindaca Marta Berneri, «se smette di piovere».", "Marta Berneri"),
    ("pt", "“Vamos reabrir na segunda”, disse o prefeito Rui Salvaterra, “se a chuva parar”.", "Rui Salvaterra"),
    ("fr", "« Nous rouvrirons lundi », a déclaré la maire Claire Vautrin, « si la pluie cesse ».", "Claire Vautrin"),
]


@pytest.mark.parametrize(("language", "text", "name"), BROKEN)
def test_the_parts_of_an_utterance_have_the_id_of_its_first(language: str, text: str, name: str) -> None:
    assert [(quote.speaker, quote.part) for quote in quotes(language, text)] == [(name, 0), (name, 0)]


LED = [
    ("es", "dijo la alcaldesa Marta Olmedo ante el pleno. “Lo abriremos el lunes”, añadió, “si deja de llover”."),
    ("it", "ha detto la sindaca Marta Olmedo in aula. «Lo riapriremo lunedì», ha aggiunto, «se smette di piovere»."),
    ("pt", "disse a prefeita Marta Olmedo na câmara. “Vamos reabrir na segunda”, acrescentou, “se a chuva parar”."),
    ("en", "said Mayor Marta Olmedo on Friday. “We will open it on Monday,” she added, “if the rain stops.”"),
    (
        "de",
        "sagte Bürgermeisterin Marta Olmedo im Rat. „Wir öffnen am Montag“, fügte sie hinzu, „wenn es trocken ist“.",
    ),
    ("fr", "a déclaré la maire Marta Olmedo. « Nous rouvrirons lundi », a-t-elle ajouté, « si la pluie cesse »."),
]
FIRST = {
    "es": "“El puente está cerrado”",
    "it": "«Il ponte è chiuso»",
    "pt": "“A ponte está fechada”",
    "en": "“The bridge is closed”",
    "de": "„Die Brücke ist gesperrt“",
    "fr": "« Le pont est fermé »",
}


@pytest.mark.parametrize(("language", "behind"), LED)
def test_a_verb_without_a_named_subject_breaks_no_utterance(language: str, behind: str) -> None:
    found = quotes(language, f"{FIRST[language]}, {behind}")[-2:]
    assert [quote.speaker for quote in found] == ["Marta Olmedo", "Marta Olmedo"]
    assert found[0].part == found[1].part


def test_each_speaker_has_an_utterance() -> None:
    text = "„Die Brücke ist gesperrt“, sagte Bürgermeisterin Heike Landau. „Das ist falsch“, sagte Anwohner Jens Rohde."
    assert quotes("de", text) == [
        Shown("Die Brücke ist gesperrt", "Heike Landau", part=0),
        Shown("Das ist falsch", "Jens Rohde", part=1),
    ]


def test_a_new_paragraph_begins_an_utterance() -> None:
    text = (
        "“The bridge is closed,” said Mayor Martha Elwood.\n\n"
        "“We will open it on Monday,” she told reporters at the town hall."
    )
    assert [quote.part for quote in quotes("en", text)] == [0, 1]


@pytest.mark.parametrize(
    ("language", "lead", "first", "second"),
    [
        ("en", "Mayor Joan Elwood said: ", "“We closed the bridge.", "“Nobody was hurt.”"),
        ("es", "El alcalde Joan Elwood dijo: ", "«Cerramos el puente.", "»Nadie resultó herido»."),
        ("es", "El alcalde Joan Elwood dijo: ", "“Cerramos el puente.", "”Nadie resultó herido”."),
        ("de", "Bürgermeisterin Joan Elwood sagte: ", "„Wir sperren die Brücke.", "„Niemand ist verletzt“."),
        ("fr", "La maire Joan Elwood a déclaré : ", "« Le pont est fermé.", "« Personne n'est blessé »."),
        ("it", "Il sindaco Joan Elwood ha detto: ", "«Il ponte è chiuso.", "«Nessuno è ferito»."),
        ("pt", "A prefeita Joan Elwood disse: ", "“Fechamos a ponte.", "“Ninguém ficou ferido”."),
    ],
)
def test_a_quote_of_two_paragraphs_is_one(language: str, lead: str, first: str, second: str) -> None:
    (quote,) = quotes(language, f"{lead}{first}\n\n{second}")
    words = f"{first}\n\n{second}".strip("“”„«» .")
    assert quote == Shown(words + "." * (language == "en"), "Joan Elwood")


def test_the_last_paragraph_may_name_the_speaker() -> None:
    text = "“We closed the bridge at noon.\n\n“Nobody was hurt,” said Mayor Martha Elwood.\n\nThe council meets."
    assert quotes("en", text) == [Shown("We closed the bridge at noon.\n\n“Nobody was hurt,", "Martha Elwood")]


@pytest.mark.parametrize(
    ("language", "lead", "paragraphs"),
    [
        ("en", "Mayor Joan Elwood said: ", ("“We closed it.", "“Yes.", "“Nobody was hurt.", "“It is over.”")),
        ("en", "Mayor Joan Elwood said: ", ('"We closed it.', '"We asked “why” twice.', '"It is over."')),
        (
            "es",
            "El alcalde Joan Elwood dijo: ",
            ("«Cerramos el puente.", "»Sí.", "»Nadie resultó herido.", "»Es todo»."),
        ),
        ("fr", "La maire Joan Elwood a déclaré : ", ("« Le pont est fermé.", "« Oui.", "« Personne n'est blessé ».")),
    ],
)
def test_a_quote_goes_on_over_any_number_of_paragraphs(language: str, lead: str, paragraphs: tuple[str, ...]) -> None:
    (quote,) = quotes(language, lead + "\n\n".join(paragraphs))
    assert (quote.speaker, quote.is_open) == ("Joan Elwood", False)
    assert quote.text == "\n\n".join(paragraphs).strip('"“”«» .') + "." * (language == "en")


def test_a_passage_goes_on_behind_the_speech_that_it_tells() -> None:
    text = (
        'Pia Loreti writes in the Harwick Courier:\n\n"The mayor came late and in a hurry.\n\n'
        '“I was held up,” she said.\n\n"Nobody believed her."'
    )
    passage, speech = quotes("en", text)
    assert (passage.speaker, passage.text[:9], passage.text[-20:]) == (
        "Pia Loreti",
        "The mayor",
        "Nobody believed her.",
    )
    assert speech.text == "I was held up,"


def test_a_paragraph_with_a_speaker_of_its_own_goes_on_with_no_quote_before_it() -> None:
    text = (
        "“The bridge is closed,” said Mayor Martha Elwood. “Nobody was hurt.\n\n"
        "“It was never safe,” said the engineer Paul Dray. “We told them.”"
    )
    assert [q.speaker for q in quotes("en", text)] == ["Martha Elwood", "Martha Elwood", "Paul Dray", "Paul Dray"]


def test_another_quote_in_the_next_paragraph_is_another_quote() -> None:
    text = (
        "Il sindaco Aldo Berneri ha detto: «Il ponte è chiuso».\n\n"
        "«Nessuno ci ha avvisati», ha replicato la negoziante Pia Loreti."
    )
    assert quotes("it", text) == [
        Shown("Il ponte è chiuso", "Aldo Berneri", part=0),
        Shown("Nessuno ci ha avvisati", "Pia Loreti", part=1),
    ]


@pytest.mark.parametrize(
    ("language", "lead", "said", "name"),
    [
        ("it", "Il sindaco Aldo Berneri ha detto: «", "Il ponte è chiuso fino a lunedì", "Aldo Berneri"),
        ("en", "Mayor Martha Elwood said: “", "The bridge is closed until Monday", "Martha Elwood"),
    ],
)
def test_a_quote_that_nothing_closes_is_open(language: str, lead: str, said: str, name: str) -> None:
    assert quotes(language, lead + said) == [Shown(said, name, is_open=True)]


def test_a_quote_whose_last_paragraph_nothing_closes_is_open() -> None:
    text = "La maire Claire Vautrin a déclaré : « Le pont est fermé.\n\n« Personne n'est blessé."
    (quote,) = quotes("fr", text)
    assert quote == Shown("Le pont est fermé.\n\n« Personne n'est blessé.", "Claire Vautrin", is_open=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor called it “a long night.\n\nMore than two hundred people came to the hall."),
        ("es", "El pleno fue «una noche larga.\n\nMás de doscientas personas llenaron el salón."),
        ("de", "Die Sitzung war „eine lange Nacht.\n\nMehr als zweihundert Menschen kamen in den Saal."),
    ],
)
def test_a_stray_mark_opens_no_quote(language: str, text: str) -> None:
    assert [quote for quote in quotes(language, text) if quote.is_open] == []


@pytest.mark.parametrize(
    ("language", "headline", "body", "name"),
    [
        (
            "pt",
            "“A ponte vai reabrir na segunda-feira”",
            "“A ponte vai reabrir na segunda-feira e ninguém ficou ferido”, disse o prefeito Rui Salvaterra.",
            "Rui Salvaterra",
        ),
        (
            "fr",
            "« Nous rouvrirons le pont lundi »",
            "« Nous rouvrirons le pont lundi, si la pluie cesse », a promis la maire, Claire Vautrin.",
            "Claire Vautrin",
        ),
        (
            "en",
            "‘The bridge will open on Monday’",
            "“The bridge will open on Monday,” Mayor Martha Elwood said.",
            "Martha Elwood",
        ),
    ],
)
def test_what_a_headline_repeats_has_one_row(language: str, headline: str, body: str, name: str) -> None:
    assert [quote.speaker for quote in quotes(language, f"{headline}\n\n{body}")] == [name]
    (row,) = rows_of(language, f"{headline}\n\n{body}")["quotes"]
    assert row["char_start"] > len(headline)


def test_what_a_pull_quote_or_a_line_between_repeats_has_one_row() -> None:
    text = (
        "The council of Harwick has closed the old bridge over the river after the flood of last week, and nobody "
        "knows yet when it will open again.\n\n"
        "“The bridge was never safe, and we said so for years,” Mayor Martha Elwood told reporters on Monday.\n\n"
        "“The bridge was never safe”\n\n‘We said so for years.’\n\nThe river fell on Tuesday."
    )
    assert [q.text for q in quotes("en", text)] == ["The bridge was never safe, and we said so for years,"]


def test_a_part_whose_first_part_a_headline_repeats_begins_an_utterance() -> None:
    text = (
        "“We will open it,” says Mayor Martha Elwood, “if the rain stops.”\n\n"
        "“We will open it on Monday,” Mayor Martha Elwood said."
    )
    assert [(q.text, q.part) for q in quotes("en", text)] == [
        ("if the rain stops.", 0),
        ("We will open it on Monday,", 1),
    ]


def test_a_headline_of_other_words_has_no_speaker() -> None:
    text = "«El puente se queda»\n\n«Cerramos la calle al mediodía», dijo el alcalde Julián Cestero."
    assert [quote.speaker for quote in quotes("es", text)] == [None, "Julián Cestero"]
