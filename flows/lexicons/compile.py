"""One language's lexicon files -> senses in a trie; each `add_*` function does one file."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from msgspec.structs import replace

from flows.ids import strip_accents
from flows.lexicons import files, named
from flows.lexicons.dates import DatesFile
from flows.lexicons.files import TENSES
from flows.lexicons.morphology import Conjugator
from flows.lexicons.senses import Sense
from flows.lexicons.trie import Trie
from schemas.vocab import codes, entries


def add_language(trie: Trie, file: files.LanguageFile, verbs: Conjugator) -> None:
    """Function words, pronouns and the auxiliaries "be" and "have"."""
    classes: dict[str, set[str]] = {}
    for name, members in file.words.items():
        for word in members:
            classes.setdefault(word, set()).add(name)
    for word, names in classes.items():
        trie.add(word, Sense("fn", classes=frozenset(names)))
    for pronoun in file.pronoun:
        for form in pronoun.forms:
            sense = Sense("pronoun", gender=pronoun.gender, number=pronoun.number, person=pronoun.person)
            trie.add(form, sense)
    for kind, lemmas in (("be", file.be.lemmas), ("have", file.have.lemmas)):
        add_verbs(trie, verbs, lemmas, Sense(kind))


def add_verbs(trie: Trie, verbs: Conjugator, lemmas: Iterable[str], like: Sense) -> None:
    """All forms of the lemmas, each with the sense `like`, its tense, and the verb's lemma where `like` has none."""
    for lemma in lemmas:
        by_tense = {tense: replace(like, lemma=like.lemma or lemma, tense=tense) for tense in TENSES}
        for form, tense in verbs.forms(lemma):
            trie.add(form, by_tense[tense])


def add_reporting(trie: Trie, file: files.ReportingFile, verbs: Conjugator) -> None:
    """Cue verbs and the formulas and nouns that introduce speech."""
    for row in file.verb:
        add_verbs(trie, verbs, row.lemmas, Sense("cue", stance=row.stance, flag=row.weak))
    for kind, rows in (("according", file.according), ("after_name", file.after_name), ("speech_noun", file.noun)):
        for forms in rows:
            for form in forms.forms:
                trie.add(form, Sense(kind, lemma=form, stance=forms.stance, flag=forms.weak, gender=forms.owner))
    for form in (form for row in file.work for form in row.forms):
        trie.add(form, Sense("work"))


def add_roles(trie: Trie, file: named.RolesFile) -> None:
    """Role nouns, titles, groups and unnamed speakers."""
    for role in file.role:
        for gender in ("m", "f", "mf"):
            for form in getattr(role, gender):
                trie.add(form, Sense("role", lemma=form, sector=role.sector, gender=gender, number="s"))
        for form in role.plural:
            trie.add(form, Sense("role", lemma=form, sector=role.sector, gender="mf", number="p"))
    for title, gender in ((title, gender) for title in file.title for gender in ("m", "f", "mf")):
        for form in getattr(title, gender):
            trie.add(form, Sense("title", lemma=form, gender=gender))
    for kind, rows in (("group", file.group), ("unnamed", file.unnamed)):
        _add_forms(trie, ((form, row.sector) for row in rows for form in row.forms), kind)
    for form in (form for former in file.former for form in former.forms):
        trie.add(form, Sense("former", lemma=form))


def _add_forms(trie: Trie, forms: Iterable[tuple[str, str]], kind: str) -> None:
    for form, sector in forms:
        trie.add(form, Sense(kind, lemma=form, sector=sector, number="p"))


def add_organizations(trie: Trie, file: named.OrganizationsFile) -> None:
    """Heads of organization names, known organizations, and the other words that names hold."""
    for head in file.head:
        for form in head.forms:
            trie.add(form, Sense("org_head", lemma=form, sector=head.sector, flag=head.generic))
    for known in file.known:
        sense = Sense("org", key=known.key, name=known.name, country=known.country, sector=known.sector)
        for form in dict.fromkeys((known.name, *known.forms)):
            trie.add(form, sense)
    for kind, rows in (("org_prefix", file.prefix), ("org_suffix", file.suffix)):
        for sector, form in ((row.sector, form) for row in rows for form in row.forms):
            trie.add(form, Sense(kind, sector=sector))
    words = {
        "thing": file.thing,
        "thing_suffix": file.thing_suffix,
        "org_adjective": file.adjective,
        "sport": file.sport,
        "abbreviation": file.abbreviation,
    }
    for kind, plain in words.items():
        for form in (form for row in plain for form in row.forms):
            trie.add(form, Sense(kind))


def add_places(trie: Trie, file: named.PlacesFile, language: str) -> None:
    """Countries (CLDR's names and the file's), demonyms, capitals, seats of government, regions and areas."""
    display = country_names(language)
    for row in file.country:
        name = display.get(row.code) or next(iter(row.names), row.code)
        for form in dict.fromkeys((*row.names, *([display[row.code]] if row.code in display else []))):
            trie.add(form, Sense("country", country=row.code, name=name, key=row.code))
        for kind, forms in (("demonym", row.demonyms), ("capital", row.capital), ("government", row.government)):
            for form in forms:
                trie.add(form, Sense(kind, country=row.code, name=name, key=row.code, lemma=form))
    for code in sorted(display.keys() - {row.code for row in file.country}):
        trie.add(display[code], Sense("country", country=code, name=display[code], key=code))
    for region in file.region:
        for form in region.names:
            trie.add(form, Sense("region", country=region.code, name=form, lemma=display.get(region.code, "")))
    for area in file.area:
        for form in area.names:
            trie.add(form, Sense("area", name=form))


def country_names(language: str) -> dict[str, str]:
    """ISO alpha-3 -> the country's name in the language, from CLDR (Babel); empty for a language CLDR lacks."""
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    known = ((code, territories.get(entry["alpha2"])) for code, entry in entries("countries").items())
    return {code: name for code, name in known if name}


def add_events(trie: Trie, file: files.EventsFile, verbs: Conjugator) -> None:
    """Event verbs and nouns with their frames, light verbs, and phrases that only look like events."""
    for event in file.event:
        frame = replace(event, objects=event.objects | {strip_accents(word) for word in event.objects})
        add_verbs(trie, verbs, frame.verbs, Sense("event", frame=frame))
        for noun in frame.nouns:
            trie.add(noun, Sense("event_noun", lemma=noun, frame=frame))
    for operator in file.operator:
        like = Sense("operator", lemma=operator.kind)
        add_verbs(trie, verbs, operator.verbs, like)
        for form in operator.forms:
            trie.add(form, like)
    for kind, rows in (("light", file.light), ("passive_light", file.passive_light)):
        for row in rows:
            add_verbs(trie, verbs, row.lemmas, Sense(kind))
    not_event = Sense("not_event")
    for form in (form for forms in file.not_event for form in forms.forms):
        trie.add(form, not_event)


def add_realis(trie: Trie, file: files.RealisFile, verbs: Conjugator) -> None:
    """Words that make an event behind them future, hypothetical, negated or historical, or an infinitive actual."""
    for realis in sorted(codes("realis")):
        row: files.RealisWords = getattr(file, realis)
        add_verbs(trie, verbs, row.lemmas, Sense("realis", lemma=realis))
        for form in row.forms:
            trie.add(form, Sense("realis", lemma=realis))


def add_names(trie: Trie, file: named.NamesFile) -> None:
    """Given names (with gender) and surnames."""
    for given in file.given:
        sense = Sense("given", gender=given.gender, flag=given.ambiguous)
        for form in given.forms:
            trie.add(form, sense)
    surname = Sense("surname")
    for form in (form for row in file.surname for form in row.forms):
        trie.add(form, surname)


def add_agencies(trie: Trie, file: named.AgenciesFile) -> None:
    """News agencies and outlets; both can speak, so both are organizations too."""
    for agency in file.agency:
        sense = Sense("agency", key=agency.key, name=agency.name, country=agency.country, sector="JRN")
        for form in dict.fromkeys((agency.name, *agency.forms)):
            trie.add(form, sense)
    for outlet in file.outlet:
        sense = Sense("outlet", name=outlet.name, country=outlet.country, sector="JRN")
        for form in dict.fromkeys((outlet.name, *outlet.forms)):
            trie.add(form, sense)


def add_calendar(trie: Trie, file: DatesFile) -> None:
    """Names of months and weekdays: capitalized in some languages, and never names of somebody."""
    for table in (file.months, file.month_abbreviations, file.weekdays, file.weekday_abbreviations):
        for words in table.values():
            for word in words:
                trie.add(word, Sense("calendar"))
