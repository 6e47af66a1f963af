"""One bad row per check: what to change in a good row so that it breaks this check, in the row it is planted in."""

from __future__ import annotations

from datetime import date
from typing import Any

import sample_rows
from sample_rows import ARTICLE, EVENT, REPORT, TEXT

from flows.ids import content_id
from schemas import RELEASE_TABLES, TABLES, Table

MODELS: dict[str, type[Table]] = TABLES | RELEASE_TABLES
EARLIER, LATER = date(2024, 1, 1), date(2024, 1, 2)

# What makes a copy of a table's first row another row.
NEW_KEY: dict[str, dict[str, Any]] = {
    "segments": {"segment_no": 7},
    "event_participants": {"role": "recipient"},
    "event_types": {"type": "CONSULT", "mode": "visit"},
}

# table -> check -> the columns to change.
PLANTED: dict[str, dict[str, dict[str, Any]]] = {
    "sources": {
        "source_id_matches": {"source_id": "src_12"},
        "kind_in_source_kinds": {"kind": "blog"},
        "name_not_empty": {"name": ""},
        "domain_matches": {"domain": "https://eldiario.example/"},
        "platform_in_platforms": {"kind": "social_account", "platform": "myspace", "handle": "a"},
        "handle_matches": {"kind": "social_account", "platform": "x", "handle": "@a"},
        "country_code_in_countries": {"country_code": "IGO"},
        "text_policy_in_text_policies": {"text_policy": "some"},
        "licence_not_empty": {"licence": ""},
        "account_has_handle": {"platform": "x", "handle": "a"},
        "handle_platform_together": {"platform": "x"},
    },
    "articles": {
        "article_id_matches": {"article_id": "art_0123456789ABCDEF"},
        "source_id_matches": {"source_id": "act_0123456789abcdef"},
        "url_not_empty": {"url": ""},
        "title_not_empty": {"title": ""},
        "authors_not_empty": {"authors": ["Eva Paz", ""]},
        "utc_offset_minutes_within_limits": {"utc_offset_minutes": 961, "published_date": date(2024, 3, 5)},
        "date_basis_in_article_date_basis": {"date_basis": "explicit"},
        "language_matches": {"language": "ES"},
        "language_confidence_within_limits": {"language_confidence": 1.01},
        "char_count_within_limits": {"char_count": 0},
        "word_count_within_limits": {"word_count": -1},
        "text_sha256_matches": {"text_sha256": "abc"},
        "input_sha256_matches": {"input_sha256": "abc"},
        "duplicate_of_matches": {"duplicate_of": "1", "duplicate_kind": "exact"},
        "duplicate_kind_in_duplicate_kinds": {"duplicate_of": ARTICLE, "duplicate_kind": "same"},
        "input_uri_not_empty": {"input_uri": ""},
        "input_format_not_empty": {"input_format": ""},
        "pipeline_version_not_empty": {"pipeline_version": ""},
        "extra_not_empty": {"extra": ""},
        "duplicate_similarity_within_limits": {
            "duplicate_of": content_id("art", "before"),
            "duplicate_kind": "near",
            "duplicate_similarity": 1.2,
        },
        "similarity_of_duplicate": {"duplicate_similarity": 0.7},
        "duplicate_of_duplicate_kind_together": {"duplicate_of": ARTICLE},
        "duplicate_of_another": {"duplicate_of": content_id("art", "new"), "duplicate_kind": "exact"},
        "date_has_basis": {"date_basis": "none"},
        "time_has_date": {"published_date": None, "date_basis": "none"},
        "offset_has_time": {"published_at": None},
        "date_is_local": {"published_date": date(2024, 3, 5)},
        "confidence_needs_language": {"language": None},
    },
    "texts": {"article_id_matches": {"article_id": "art-1"}, "text_not_empty": {"text": ""}},
    "fingerprints": {
        "article_id_matches": {"article_id": "art-1"},
        "words_hash_matches": {"words_hash": "0123"},
        "address_hash_matches": {"address_hash": "https://a.example"},
        "word_count_within_limits": {"word_count": -1},
        "minhash_matches": {"minhash": "00"},
        "numbers_matches": {"numbers": "123"},
    },
    "segments": {
        "article_id_matches": {"article_id": ""},
        "segment_no_within_limits": {"segment_no": -1},
        "kind_in_segment_kinds": {"kind": "tweet"},
        "char_start_within_limits": {"char_start": -1},
        "language_matches": {"language": "Spanish"},
        "language_confidence_within_limits": {"language_confidence": -0.1},
        "source_id_matches": {"kind": "post", "source_id": "canci_xx"},
        "char_start_before_char_end": {"char_start": 5, "char_end": 5},
        "confidence_needs_language": {"language": None},
        "source_only_of_post": {"source_id": sample_rows.ACCOUNT},
        "posted_date_only_of_post": {"posted_date": EARLIER},
    },
    "actors": {
        "actor_id_matches": {"actor_id": "act_0123456789abcde"},
        "name_not_empty": {"name": ""},
        "kind_in_actor_kinds": {"kind": "company"},
        "country_code_in_actor_countries": {"country_code": "PE"},
        "sector_code_in_sectors": {"sector_code": "HLH"},
        "aliases_not_empty": {"aliases": [""]},
        "country_has_code": {"kind": "country", "country_code": None},
    },
    "actor_mentions": {
        "actor_mention_id_matches": {"actor_mention_id": "men_"},
        "article_id_matches": {"article_id": "x"},
        "actor_id_matches": {"actor_id": "x"},
        "char_start_within_limits": {"char_start": -1, "char_end": 13},
        "surface_not_empty": {"surface": ""},
        "kind_in_mention_kinds": {"kind": "noun"},
        "role_text_not_empty": {"role_text": ""},
        "rule_not_empty": {"rule": ""},
        "char_start_before_char_end": {"char_start": 9, "char_end": 8},
        "surface_fills_span": {"surface": "Ana Ruiz"},
    },
    "quotes": {
        "quote_id_matches": {"quote_id": "quo_1"},
        "article_id_matches": {"article_id": "x"},
        "char_start_within_limits": {"char_start": -3},
        "text_not_empty": {"text": ""},
        "utterance_id_matches": {"utterance_id": "quo_1"},
        "kind_in_quote_kinds": {"kind": "full"},
        "language_matches": {"language": "spa-Latn"},
        "speaker_actor_id_matches": {"speaker_actor_id": "Ruiz"},
        "speaker_surface_not_empty": {"speaker_surface": ""},
        "speaker_start_within_limits": {"speaker_start": -1},
        "cue_not_empty": {"cue": ""},
        "stance_code_in_stances": {"stance_code": "praise"},
        "source_id_matches": {"source_id": "x"},
        "rule_not_empty": {"rule": ""},
        "confidence_within_limits": {"confidence": 1.5},
        "char_start_before_char_end": {"char_start": 100, "char_end": 90},
        "text_fills_span": {"text": "El diálogo sigue 🕊 abierto"},  # the variation selector is a code point of its own
        "speaker_start_before_speaker_end": {"speaker_end": 3},
        "speaker_surface_fills_span": {"speaker_surface": "Ruiz "},
        "speaker_surface_speaker_start_speaker_end_together": {"speaker_surface": None},
    },
    "event_mentions": {
        "event_mention_id_matches": {"event_mention_id": "evt_0123456789abcdef"},
        "event_id_matches": {"event_id": "evm_0123456789abcdef"},
        "article_id_matches": {"article_id": "x"},
        "quote_id_matches": {"quote_id": "x"},
        "char_start_within_limits": {"char_start": -1},
        "trigger_not_empty": {"trigger": ""},
        "trigger_start_within_limits": {"trigger_start": -1},
        "type_in_event_types": {"type": "DEMAND"},
        "mode_in_modes": {"mode": "telephone"},
        "contexts_in_contexts": {"contexts": ["diplomatic", "humanitarian"]},
        "cameo_code_in_cameo": {"cameo_code": "41"},
        "quad_class_within_limits": {"quad_class": 0},
        "intensity_within_limits": {"intensity": -10.5},
        "realis_in_realis": {"realis": "yes"},
        "date_granularity_in_granularity": {"date_granularity": "days"},
        "date_expression_not_empty": {"date_expression": ""},
        "date_basis_in_date_basis": {"date_basis": "header"},
        "place_name_not_empty": {"place_name": ""},
        "place_country_code_in_countries": {"place_country_code": "ROM"},
        "latitude_within_limits": {"latitude": 90.5},
        "longitude_within_limits": {"longitude": -181.0},
        "place_basis_in_place_basis": {"place_basis": "guess"},
        "rule_not_empty": {"rule": ""},
        "confidence_within_limits": {"confidence": float("nan")},
        "char_start_before_char_end": {"char_start": 60, "char_end": 20},
        "trigger_start_before_trigger_end": {"trigger_start": 50, "trigger_end": 27},
        "trigger_fills_span": {"trigger": "habló"},
        "trigger_in_evidence": {"char_end": 49},
        "mode_of_type": {"mode": "riot"},
        "quad_class_of_type": {"quad_class": 2},
        "intensity_of_mode": {"intensity": 2.5},
        "date_start_date_end_date_granularity_together": {"date_end": None},
        "date_start_before_date_end": {"date_start": LATER, "date_end": EARLIER},
        "date_has_basis": {"date_basis": "none"},
        "basis_has_expression": {"date_expression": None},
        "place_has_basis": {"place_basis": "none"},
        "country_of_place": {"place_name": None, "place_basis": "none"},
        "latitude_longitude_together": {"longitude": None},
        "coordinates_of_place": {"place_name": None, "place_country_code": None, "place_basis": "none"},
    },
    "event_participants": {
        "event_mention_id_matches": {"event_mention_id": "x"},
        "actor_id_matches": {"actor_id": "x"},
        "actor_mention_id_matches": {"actor_mention_id": "x"},
        "role_in_roles": {"role": "target"},
    },
    "events": {
        "event_id_matches": {"event_id": "x"},
        "type_in_event_types": {"type": "FIGHT"},
        "mode_in_modes": {"mode": ""},
        "place_country_code_in_countries": {"place_country_code": "per"},
        "mention_count_within_limits": {"mention_count": 0},
        "article_count_within_limits": {"article_count": 0},
        "source_count_within_limits": {"source_count": -1},
        "cluster_rule_in_cluster_rules": {"cluster_rule": "none"},
        "mode_of_type": {"type": "PROTEST"},
        "date_start_date_end_together": {"date_start": None},
        "date_start_before_date_end": {"date_end": EARLIER},
        "articles_within_mentions": {"article_count": 2},
        "sources_within_articles": {"source_count": 2},
    },
    "event_types": {
        "type_in_event_types": {"type": "DISAPPROVE"},
        "mode_in_modes": {"mode": "host"},
        "quad_class_within_limits": {"quad_class": 5},
        "intensity_within_limits": {"intensity": 11.0},
        "cameo_code_in_cameo": {"cameo_code": ""},
        "definition_not_empty": {"definition": ""},
        "codebook_not_empty": {"codebook": ""},
        "version_not_empty": {"version": ""},
        "note_not_empty": {"note": ""},
        "mode_of_type": {"mode": "strike"},
    },
    "rejects": {
        "reject_id_matches": {"reject_id": "1"},
        "stage_in_stages": {"stage": "publish"},
        "table_not_empty": {"table": ""},
        "reason_code_in_reject_reasons": {"reason_code": "oops"},
        "reason_not_empty": {"reason": ""},
        "input_uri_not_empty": {"input_uri": ""},
        "byte_offset_within_limits": {"byte_offset": -1},
        "payload_encoding_in_payload_encodings": {"payload_encoding": "hex"},
        "payload_sha256_matches": {"payload_sha256": ""},
    },
    "runs": {
        "run_id_matches": {"run_id": "1"},
        "documents_in_within_limits": {"documents_in": -1},
        "accepted_within_limits": {"accepted": -1},
        "duplicate_within_limits": {"duplicate": -1},
        "rejected_within_limits": {"rejected": -1},
        "refused_again_within_limits": {"refused_again": -1},
        "resolved_within_limits": {"resolved": -1},
        "filtered_within_limits": {"filtered": -1},
        "filters_not_empty": {"filters": ""},
        "rows_not_empty": {"rows": ""},
        "versions_not_empty": {"versions": ""},
        "settings_sha256_matches": {"settings_sha256": "0" * 63},
        "books_balance": {"documents_in": 3},
        "filters_add_up": {"filters": '{"media_type":1}'},
        "started_before_finished": {"started_at": sample_rows.PUBLISHED.replace(year=2025)},
    },
    "snippets": {"event_mention_id_matches": {"event_mention_id": "x"}, "evidence_not_empty": {"evidence": ""}},
}


def good(table: str) -> list[dict[str, Any]]:
    """Two or fewer good rows of a table."""
    if table == "snippets":
        return [{"event_mention_id": REPORT, "evidence": TEXT[:85]}]
    return sample_rows.rows()[table][:2]


def bad(table: str, change: dict[str, Any]) -> dict[str, Any]:
    """Another row than the good ones, good but for the change."""
    first = good(table)[0]
    key = MODELS[table].key()
    new = NEW_KEY.get(table) or {key[0]: content_id(next(iter(first.values()))[:3], "new")}
    return {**first, **new, **change}


def violations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every planted violation: table, check, bad row; for each column that must have a value, one that has none."""
    planted = [
        (table, check, bad(table, change)) for table, checks in PLANTED.items() for check, change in checks.items()
    ]
    for table, model in MODELS.items():
        planted += [
            (table, f"{column.name} not_null", bad(table, {column.name: None}))
            for column in model.columns()
            if not column.nullable
        ]
        planted.append(
            (table, "unique_key", {**bad(table, {}), **{name: good(table)[0][name] for name in model.key()}})
        )
    return planted


__all__ = ["EVENT", "MODELS", "PLANTED", "bad", "good", "violations"]
