"""Settings: what the environment may say, and which of them the hash is about."""

from dataclasses import fields, replace

import pytest

from flows.settings import SettingError, Settings


def test_environment_overrides_defaults():
    found = Settings.from_environment({"NEWSEVENTS_BATCH_SIZE": "7", "NEWSEVENTS_ASSUME_PUBLICATION_DATE": "yes"})
    assert (found.batch_size, found.assume_publication_date) == (7, True)
    assert found.workers == Settings().workers


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("NEWSEVENTS_BATCH_SIZE", "many", "whole number"),
        ("NEWSEVENTS_BATCH_SIZE", "1001", "1 to 1000"),
        ("NEWSEVENTS_WORKERS", "-1", "0 to 256"),
        ("NEWSEVENTS_ASSUME_PUBLICATION_DATE", "perhaps", "true or false"),
        ("NEWSEVENTS_MAX_QUOTE_LENGTH", "0", "at least 1"),
        ("NEWSEVENTS_REQUEST_PAUSE", "-1", "0 to 60000"),
        ("NEWSEVENTS_CONTACT", "me\r\nX-Forged: 1", "a page or a mail address"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value, hint):
    with pytest.raises(SettingError) as error:
        Settings.from_environment({name: value})
    assert hint in str(error.value)
    assert name.removeprefix("NEWSEVENTS_").lower() in str(error.value).lower()


def test_the_hash_is_about_the_settings_that_decide_rows():
    assert replace(Settings(), batch_size=3, workers=9).sha256() == Settings().sha256()
    assert replace(Settings(), assume_publication_date=True).sha256() != Settings().sha256()


def test_every_setting_says_what_it_does():
    assert all(found.metadata["description"].endswith(".") for found in fields(Settings))


@pytest.mark.parametrize(("workers", "batches", "expected"), [(4, 2, 2), (4, 9, 4), (3, 0, 1), (1, 50, 1)])
def test_no_more_workers_than_batches(workers, batches, expected):
    assert replace(Settings(), workers=workers).worker_count(batches) == expected
