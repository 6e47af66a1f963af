"""Six sentences in six languages name one actor: its id is the same in all of them."""

from __future__ import annotations

from typing import Any

import pytest

from flows.model import Document
from flows.pipeline import Processed, process

SENTENCES: dict[str, dict[str, str]] = {
    "a president": {
        "de": "Wladimir Putin besuchte am Montag die Region.",
        "en": "Vladimir Putin visited the region on Monday.",
        "es": "Vladímir Putin visitó la región el lunes.",
        "fr": "Vladimir Poutine a visité la région lundi.",
        "it": "Vladimir Putin ha visitato la regione lunedì.",
        "pt": "Vladimir Putin visitou a região na segunda-feira.",
    },
    "a president by surname": {
        "de": "Selenskyj lehnte das Angebot ab.",
        "en": "Zelensky rejected the offer.",
        "es": "Zelenski rechazó la oferta.",
        "fr": "Zelensky a rejeté l'offre.",
        "it": "Zelensky ha respinto l'offerta.",
        "pt": "Zelensky rejeitou a oferta.",
    },
    "a country": {
        "de": "Die USA verurteilten den Angriff.",
        "en": "The United States condemned the attack.",
        "es": "EE. UU. condenó el ataque.",
        "fr": "Les États-Unis ont condamné l'attaque.",
        "it": "Gli Stati Uniti hanno condannato l'attacco.",
        "pt": "Os EUA condenaram o ataque.",
    },
    "an international organization": {
        "de": "Die Vereinten Nationen verurteilten den Angriff.",
        "en": "The UN condemned the attack.",
        "es": "La ONU condenó el ataque.",
        "fr": "Les Nations unies ont condamné l'attaque.",
        "it": "L'Onu ha condannato l'attacco.",
        "pt": "A ONU condenou o ataque.",
    },
    "a court": {
        "de": "Der Internationale Strafgerichtshof leitete Ermittlungen ein.",
        "en": "The International Criminal Court opened an investigation.",
        "es": "La Corte Penal Internacional abrió una investigación.",
        "fr": "La Cour pénale internationale a ouvert une enquête.",
        "it": "La Corte penale internazionale ha aperto un'indagine.",
        "pt": "O Tribunal Penal Internacional abriu uma investigação.",
    },
    "a seat of government": {
        "de": "Der Kreml lehnte das Angebot ab.",
        "en": "The Kremlin rejected the offer.",
        "es": "El Kremlin rechazó la oferta.",
        "fr": "Le Kremlin a rejeté l'offre.",
        "it": "Il Cremlino ha respinto l'offerta.",
        "pt": "O Kremlin rejeitou a oferta.",
    },
    "an official of a bank": {
        "de": "EZB-Präsidentin Christine Lagarde sprach.",
        "en": "ECB president Christine Lagarde spoke.",
        "es": "La presidenta del BCE, Christine Lagarde, habló.",
        "fr": "La présidente de la BCE, Christine Lagarde, a parlé.",
        "it": "La presidente della Bce Christine Lagarde ha parlato.",
        "pt": "A presidente do BCE, Christine Lagarde, falou.",
    },
}


def actors(language: str, text: str, day: str = "2022-06-01") -> dict[str, dict[str, Any]]:
    result = process(Document(text=text, language=language, published_at=day))
    assert isinstance(result, Processed), result
    return {row["actor_id"]: row for row in result.rows["actors"]}


@pytest.mark.parametrize("about", SENTENCES)
def test_one_actor_in_six_languages(about: str) -> None:
    found = {language: set(actors(language, text)) for language, text in SENTENCES[about].items()}
    assert set.intersection(*found.values()), found


def test_a_common_noun_names_one_body_in_each_country() -> None:
    chile, peru = (
        actors("es", f"El Ministerio de Defensa negó la acusación en {city}.") for city in ("Cusco", "Arica")
    )
    assert not chile.keys() & peru.keys()
    again = actors("es", "El Ministerio de Defensa prometió ayuda en Cusco.")
    assert chile.keys() & again.keys()


def test_the_same_government_by_noun_name_and_country() -> None:
    text = "El gobierno peruano negó la acusación en Cusco. El Gobierno de Perú prometió ayuda. El gobierno calló."
    assert len([a for a in actors("es", text).values() if a["kind"] == "organization"]) == 1
