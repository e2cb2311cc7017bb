"""Addresses of databases in words that hold no secret."""

import psycopg
import pytest
from psycopg import errors as pg

from cms_models.db import explained, libpq_url, sqlalchemy_url, where
from cms_models.errors import TargetFullError, TargetRefusedError, TargetUnavailableError

URL = "postgresql+psycopg://cms:s3cret@db.internal:5433/site"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_every_form_of_the_url_reaches_both_libraries(scheme: str) -> None:
    url = f"{scheme}://cms:s3cret@db.internal/site"
    assert libpq_url(url) == "postgresql://cms:s3cret@db.internal/site"
    assert sqlalchemy_url(url) == "postgresql+psycopg://cms:s3cret@db.internal/site"


def test_a_database_is_named_without_user_and_password() -> None:
    assert where(URL) == "The database site on db.internal:5433"


@pytest.mark.parametrize(
    "url", ["mysql://a:s3cret@b/c", "db.internal/site", "postgresql://a:s3cret@[b/c", "postgresql://a:s3@cret@b/c"]
)
def test_an_unreadable_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(TargetRefusedError) as refused:
        where(url)
    assert "s3cret" not in str(refused.value)
    assert "postgresql://user@host/database" in str(refused.value)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (pg.DeadlockDetected("deadlock detected"), TargetUnavailableError, "broke off"),
        (pg.DiskFull("could not extend file"), TargetFullError, "out of space"),
        (pg.ReadOnlySqlTransaction("cannot execute"), TargetRefusedError, "primary"),
        (pg.InsufficientPrivilege("permission denied"), TargetRefusedError, "grant"),
        (pg.UndefinedTable('relation "cms.sites" does not exist'), TargetRefusedError, "wpferry db up"),
        (
            psycopg.OperationalError("server closed the connection unexpectedly"),
            TargetUnavailableError,
            "does not answer",
        ),
        (
            psycopg.OperationalError('FATAL:  password authentication failed for user "cms"'),
            TargetRefusedError,
            "the user name or the password",
        ),
    ],
)
def test_an_error_says_whether_to_try_again_and_what_to_do(error: psycopg.Error, kind: type, words: str) -> None:
    told = explained(error, "The database site")
    assert type(told) is kind
    assert words in str(told)


def test_a_bug_of_ours_stays_what_it_is() -> None:
    error = pg.SyntaxError("syntax error")
    assert explained(error, "The database site") is error
