"""The closed lists are complete, agree with one another, and a mistake in one is named with its file and key."""

from __future__ import annotations

import re

import pytest

from schemas import TABLES, columns, vocab


def words(text: str) -> list[str]:
    return text.split()


TYPES = words(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE "
    "COERCE ASSAULT"
)
# Scores as the PLOVER 2.0 manual prints them; vandalize has none there, and ACCUSE has a plus sign.
SCORES = {
    "AGREE": 2.5, "CONSULT": 2.5, "CONSULT/visit": 4, "CONSULT/third-party": 1, "CONSULT/multilateral": 4,
    "CONSULT/phone": 1.5, "SUPPORT": 5, "CONCEDE": 4.5, "COOPERATE": 9.5, "AID": 10, "RETREAT": 6.5,
    "RETREAT/withdraw": 8, "RETREAT/release": 6.5, "RETREAT/disarm": 10, "RETREAT/ceasefire": 7.5,
    "RETREAT/access": 6.5, "RETREAT/resign": 4.5, "REQUEST": 0, "REQUEST/assist": 0.5, "REQUEST/change": -1,
    "REQUEST/yield": -1, "REQUEST/meet": 0, "ACCUSE": -3, "ACCUSE/disapprove": -2, "ACCUSE/investigate": -3.5,
    "ACCUSE/allege": -3.5, "REJECT": -2, "REJECT/assist": -1.5, "REJECT/change": -2, "REJECT/yield": -2,
    "REJECT/meet": -2, "THREATEN": -3.5, "THREATEN/restrict": -3, "THREATEN/arrest": -3.5, "THREATEN/relations": -3.5,
    "THREATEN/expel": -3.5, "THREATEN/territory": -4, "THREATEN/violence": -3.5, "PROTEST": -5, "PROTEST/demo": -5,
    "PROTEST/riot": -7, "PROTEST/strike": -5, "PROTEST/hunger": -4.5, "PROTEST/boycott": -4.5,
    "PROTEST/obstruct": -4.5, "PROTEST/vandalize": -5, "SANCTION": -6, "SANCTION/convict": -6, "SANCTION/expel": -5.5,
    "SANCTION/withdraw": -6, "SANCTION/discontinue": -6, "MOBILIZE": -5.5, "MOBILIZE/troops": -6.5,
    "MOBILIZE/weapons": -6.5, "MOBILIZE/police": -5.5, "MOBILIZE/militia": -6, "COERCE": -7, "COERCE/seize": -7,
    "COERCE/restrict": -7, "COERCE/censor": -6.5, "COERCE/curfew": -6.5, "COERCE/martial-law": -7.5,
    "COERCE/arrest": -7, "COERCE/deport": -7, "COERCE/withhold": -7, "COERCE/misinformation": -6.5,
    "COERCE/cyber": -7, "ASSAULT": -9, "ASSAULT/abduct": -8.5, "ASSAULT/beat": -7.5, "ASSAULT/torture": -8.5,
    "ASSAULT/sexual": -8.5, "ASSAULT/targeted": -9.5, "ASSAULT/destroy": -8.5, "ASSAULT/primitive": -8,
    "ASSAULT/firearms": -9, "ASSAULT/explosives": -9, "ASSAULT/suicide-attack": -9.5, "ASSAULT/aerial": -9.5,
    "ASSAULT/drone": -9.5, "ASSAULT/heavy-weapons": -9.5, "ASSAULT/crowd-control": -7.5,
    "ASSAULT/unconventional": -10,
}  # fmt: skip
QUAD_CLASSES = {1: TYPES[:4], 2: TYPES[4:7], 3: TYPES[7:11], 4: TYPES[11:]}


def name_of(row: dict) -> str:
    return f"{row['type']}/{row['mode']}" if row["mode"] else row["type"]


@pytest.mark.parametrize("name", vocab.names())
def test_every_list_explains_itself_and_its_codes(name):
    assert vocab.description(name).endswith(".")
    assert vocab.codes(name)
    for code, description in vocab.codes(name).items():
        assert re.fullmatch(r"[A-Za-z0-9_-]+", code), code
        assert len(description) >= 3, code
        assert description[0].isupper() or name in ("modes", "countries"), f"{code}: {description}"


def test_every_list_is_used_by_a_column_or_by_a_list():
    keys = {"filter_rules"}  # of a JSON object in runs
    used = {c.codes for table in TABLES for c in columns(table)} | {"countries", "bodies"} | keys
    assert used - {None} == set(vocab.names())


def test_the_types_and_their_scores_are_the_manuals():
    rows = vocab.event_types()
    assert {name_of(row): row["intensity"] for row in rows} == SCORES
    assert list(vocab.codes("event_types")) == TYPES
    for quad_class, types in QUAD_CLASSES.items():
        assert {row["type"] for row in rows if row["quad_class"] == quad_class} == set(types)


def test_a_note_stands_where_our_codebook_departs_from_the_manual():
    assert {name_of(row) for row in vocab.event_types() if row["note"]} == {"ACCUSE", "SANCTION", "PROTEST/vandalize"}


def test_a_phone_call_between_ministers():
    call = next(row for row in vocab.event_types() if name_of(row) == "CONSULT/phone")
    assert (call["cameo_code"], call["quad_class"], call["intensity"]) == ("041", 1, 1.5)


def test_the_nearest_cameo_code_of_a_type_belongs_to_it():
    cameo = vocab.entries("cameo")
    # CAMEO has no code of its own for these; the nearest belongs to a neighbour.
    neighbours = {"RETREAT/resign": "CONCEDE"}
    for row in vocab.event_types():
        assert cameo[row["cameo_code"]]["type"] == neighbours.get(name_of(row), row["type"]), name_of(row)


def test_every_cameo_code_but_statements_and_appeals_leads_to_a_type_and_mode_of_the_codebook():
    known = {(row["type"], row["mode"]) for row in vocab.event_types()}
    for code, entry in vocab.entries("cameo").items():
        if code[:2] in ("01", "02"):
            assert entry["type"] is entry["mode"] is None
        else:
            assert (entry["type"], entry["mode"]) in known, code


def test_cameo_has_20_roots_and_every_leaf_has_its_parent():
    codes = set(vocab.codes("cameo"))
    assert {code for code in codes if len(code) == 2} == {f"{root:02}" for root in range(1, 21)}
    assert all(code[:-1] in codes for code in codes if len(code) > 2)


def test_every_mode_that_the_codebook_has_stands_in_the_list_of_modes():
    assert set(vocab.codes("modes")) == {row["mode"] for row in vocab.event_types()} - {None}
    assert vocab.codes("modes")["withdraw"].startswith("RETREAT: ")
    assert " SANCTION: " in vocab.codes("modes")["withdraw"]


def test_countries_are_iso_3166_and_kosovo():
    countries = vocab.entries("countries")
    assert len(countries) == 250
    assert all(re.fullmatch("[A-Z]{3}", code) for code in countries)
    two_letters = [entry["alpha2"] for entry in countries.values()]
    assert len(set(two_letters)) == 250
    assert all(re.fullmatch("[A-Z]{2}", code) for code in two_letters)
    assert {"KOS", "SSD", "ROU", "TLS", "MNE", "PSE", "TWN", "HKG"} <= set(countries)
    assert not {"ROM", "TMP", "ANT", "IGO"} & set(countries)
    assert set(vocab.codes("actor_countries")) == {*countries, "IGO", "NGO", "MNC"}


def test_plover_has_37_contexts_and_25_sectors():
    assert len(vocab.codes("contexts")) == 37
    assert list(vocab.codes("contexts")) == words(
        "military intelligence executive legislative election political_institutions pro_democracy pro_autocracy "
        "economic legal reparations human_rights rights_freedoms repression human_security gender lgbt "
        "religion_ethnicity inequality diplomatic territory peacekeeping health asylum migration disasters "
        "natural_resource environment technology terrorism cbrn cyber misinformation crime corruption "
        "illegal_drugs trafficking"
    )
    assert set(vocab.codes("sectors")) == set(
        words("GOV MIL COP JUD LEG PTY REB OPP PRM SPY UAF CRM CVL SOC BUS EDU LAB MED JRN REL AGR ELI REF PRE UNK")
    )
    assert vocab.codes("sectors")["MED"].startswith("Health")


def test_lists_named_by_the_design():
    assert set(vocab.codes("realis")) == {"actual", "future", "hypothetical", "negated", "historical"}
    assert set(vocab.codes("stances")) == {"neutral", "claim", "denial", "accusation", "promise", "question", "order"}
    assert set(vocab.codes("quote_kinds")) == {"direct", "partial", "post", "indirect"}
    assert set(vocab.codes("source_kinds")) == {"outlet", "agency", "social_account", "unknown"}
    assert set(vocab.codes("actor_kinds")) == {"person", "organization", "group", "country"}
    assert set(vocab.codes("mention_kinds")) == {"name", "acronym", "role", "pronoun", "handle"}
    assert set(vocab.codes("roles")) == {"actor", "recipient"}
    assert {"explicit", "relative", "publication", "none"} <= set(vocab.codes("date_basis"))


def test_a_reject_reason_says_who_refuses_and_what_to_do():
    for code, entry in vocab.entries("reject_reasons").items():
        assert set(entry["stages"]) <= set(vocab.codes("stages")), code
        assert entry["remedy"].endswith("."), code


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A vocab folder of its own, with the real CAMEO codes."""
    real = vocab.FOLDER
    (tmp_path / "cameo.toml").write_text((real / "cameo.toml").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(vocab, "FOLDER", tmp_path)
    cached = (vocab.codes, vocab.entries, vocab.event_types, vocab.description)
    for function in cached:
        function.cache_clear()
    yield tmp_path
    for function in cached:
        function.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('description = "A."\n[codes]\na = "A."\na = "B."', "colours.toml: "),
        ('description = "A."\nnotes = "x"\n[codes]\na = "A."', "colours.toml: notes: is no key here"),
        ('[codes]\na = "A."', "colours.toml: description: must be a str, not None"),
        ('description = "A."', "colours.toml: codes: has no codes"),
        ('description = "A."\n[codes]\na = ""', "colours.toml: a: description: must be a str, not ''"),
        ('description = "A."\n[codes]\na = 3', "colours.toml: a: must be a description or a table, not 3"),
        ('description = "A."\n[codes.a]\ndescription = "A."\nmode = "x"', "colours.toml: a: mode: is no key here"),
        ('description = "A."\nincludes = ["greys"]', "no closed list 'greys'"),
        ('description = "A."\nincludes = ["cameo"]\n[codes]\n041 = "A."', "colours.toml: 041: is in an included list"),
    ],
)
def test_a_mistake_in_a_list_is_named(folder, text, message):
    (folder / "colours.toml").write_text(text, "utf-8")
    with pytest.raises(vocab.VocabError, match=f"^{re.escape(message)}"):
        vocab.codes("colours")


TYPE = '[[type]]\ncode = "AID"\nquad_class = 2\nintensity = 10.0\ncameo = "070"\ndefinition = "Help."\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TYPE + TYPE, "event_types.toml: AID: is there twice"),
        (TYPE.replace("= 2", "= 5"), "event_types.toml: AID: quad_class: must be 1, 2, 3 or 4, not 5"),
        (TYPE.replace("070", "079"), "event_types.toml: AID: cameo: '079' is no code of cameo.toml"),
        (TYPE.replace("10.0", "10"), "event_types.toml: AID: intensity: must be a float, not 10"),
        (TYPE.replace('"Help."', '""'), "event_types.toml: AID: definition: must be a str, not ''"),
        (TYPE.replace("code", "name"), "event_types.toml: type 1: code: must be a str, not None"),
        (TYPE + "score = 1.0\n", "event_types.toml: AID: score: is no key here"),
        (TYPE + "mode.food = { intensity = 1.0 }\n", "event_types.toml: AID/food: cameo: must be a str, not None"),
        (TYPE + "mode.food = { quad_class = 2 }\n", "event_types.toml: AID/food: quad_class: is no key here"),
    ],
)
def test_a_mistake_in_the_codebook_is_named(folder, text, message):
    head = 'description = "A."\ncodebook = "P"\nversion = "1"\n'
    (folder / "event_types.toml").write_text(head + text, "utf-8")
    with pytest.raises(vocab.VocabError, match=f"^{re.escape(message)}"):
        vocab.event_types()


def test_a_good_codebook_of_ones_own_loads(folder):
    mode = 'mode.food = { intensity = 9.0, cameo = "073", definition = "Food.", note = "Ours." }\n'
    (folder / "event_types.toml").write_text(
        f'description = "A."\ncodebook = "P"\nversion = "1"\n{TYPE}{mode}', "utf-8"
    )
    rows = vocab.event_types()
    assert [(row["type"], row["mode"], row["note"]) for row in rows] == [("AID", None, None), ("AID", "food", "Ours.")]
    assert vocab.codes("modes") == {"food": "AID: Food."}


def test_an_unknown_list_is_named_with_the_known_ones():
    with pytest.raises(vocab.VocabError, match=r"no closed list 'colour'; there are .*actor_kinds"):
        vocab.codes("colour")
