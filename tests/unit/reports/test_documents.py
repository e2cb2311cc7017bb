from __future__ import annotations

import pytest

from reports.documents import HIDDEN, MAX_DOCUMENT_BYTES, mongo_document, without_secrets


@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "api_key", "apikey", "auth_token", "AUTH_SALT", "client_secret"]
)
def test_values_of_secret_names_are_hidden(name: str) -> None:
    assert without_secrets({"outer": [{name: "hunter2"}]}) == {"outer": [{name: HIDDEN}]}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql+pymysql://reader:hunter2@db/wp", "mysql+pymysql://db/wp"),
        ("postgresql://cms:p%40ss@db/cms?sslmode=require", "postgresql://db/cms?sslmode=require"),
        ("https://s3.test/x?access_token=hunter2&part=1", f"https://s3.test/x?access_token={HIDDEN}&part=1"),
        ("cannot reach mongodb://root:hunter2@m:27017/ today", "cannot reach mongodb://m:27017/ today"),
        ("write to studio@example.test", "write to studio@example.test"),
    ],
)
def test_urls_lose_their_user_and_their_secret_parameters(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_settings_that_are_no_secret_stay_as_they_are() -> None:
    settings = {"batch_size": 1000, "types": {"event": "entries"}, "langs": ["en"], "dry": False, "password": ""}
    assert without_secrets(settings) == settings


def test_a_document_that_no_cut_makes_small_enough_is_replaced_by_a_word_about_it() -> None:
    document = mongo_document({"_id": "run-1", "deep": [["x" * 90] * 200] * 1000})
    assert document["_id"] == "run-1"
    assert "too large" in document["dropped"]


def test_long_texts_are_cut_further_until_the_document_fits() -> None:
    document = mongo_document({"_id": "run-1", "errors": ["x" * 20_000] * 1000})
    assert len(str(document)) < MAX_DOCUMENT_BYTES
    assert "characters cut" in document["errors"][0]
    assert len(document["errors"]) == 1000
