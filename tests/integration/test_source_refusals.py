"""What is wrong with a source is said in one sentence that names it and the next step."""

from __future__ import annotations

import gzip
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from wp_models.errors import DumpDamagedError, NotWordPressError, SourceRefusedError, SourceUnavailableError
from wp_models.queries import PostQuery
from wp_models.reader import read_keys
from wp_models.sources import open_source


def refusal(location: object, tmp_path: Path, **options: Any) -> str:
    with pytest.raises((SourceRefusedError, SourceUnavailableError)) as raised:
        open_source(str(location), cache=tmp_path / "cache", **options)
    message = str(raised.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert "s3cret" not in message
    assert not list((tmp_path / "cache").glob("dumps/*")), "something half-written was left"
    return message


def test_wrong_databases_are_refused_in_one_sentence(mariadb: str, tmp_path: Path) -> None:
    url = make_url(mariadb)

    def shown(**changes: Any) -> str:
        return refusal(url.set(**changes).render_as_string(hide_password=False), tmp_path)

    assert "user name or password" in shown(password="s3cret")
    assert "no database of that name" in shown(database="nowhere")
    assert "names no database" in shown(database="")
    assert "no such host" in shown(host="db.invalid")
    assert "nothing answers" in shown(port=1)
    assert "holds no WordPress" in shown()
    assert "no WordPress tables with the prefix 'x_'. Prefixes found: none" in refusal(mariadb, tmp_path, prefix="x_")
    assert "cannot be opened by postgresql://" in refusal("postgresql://u:s3cret@h/db", tmp_path)
    assert "cannot be read" in refusal("mysql+pymysql://u:s3cret@h:port/db", tmp_path)


def test_a_server_that_is_not_there_may_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="run again"):
        open_source("mysql+pymysql://u:p@127.0.0.1:1/db", cache=tmp_path)


def test_wrong_files_are_refused_in_one_sentence(fixture_site: Any, tmp_path: Path) -> None:
    dump = fixture_site("studio").dump.read_bytes()
    sql = gzip.decompress(dump)
    cases = {
        "cut.sql.gz": (dump[:-2000], "gzip data end too early"),
        "corrupt.sql.gz": (dump[:5000] + bytes(3000) + dump[8000:], "cut or corrupt"),
        "cut.sql": (sql[: len(sql) // 2], "cut"),
        "at-a-statement.sql": (sql[: sql.rindex(b"INSERT INTO")], "'-- Dump completed'"),
        "utf16.sql": (sql.decode().encode("utf-16"), "UTF-16"),
        "empty.sql": (b"", "is empty"),
        "archive.sql": (b"PK\x03\x04....", "zip archive"),
        "picture.sql": (b"\xff\xd8\xff\xe0\0\x10JFIF", "neither a dump"),
        "site.sqlite": (b"hello", "is no SQLite database"),
        "torn.sqlite": (fixture_site("sqlite").sqlite.read_bytes()[:5000], "Copy it again, or repair it"),
        "export.xml": (b'<?xml version="1.0"?><rss>', "WXR"),
    }
    for name, (content, reason) in cases.items():
        (tmp_path / name).write_bytes(content)
        assert reason in refusal(tmp_path / name, tmp_path), name
    assert "There is no file" in refusal(tmp_path / "missing.sql", tmp_path)
    assert "is a folder" in refusal(tmp_path, tmp_path)


def test_files_without_wordpress_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.sql").write_text("CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n")
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    for name in ("other.sql", "other.sqlite"):
        with pytest.raises(NotWordPressError, match="holds no WordPress"):
            open_source(str(tmp_path / name), cache=tmp_path)


def test_several_installations_must_be_told_apart(fixture_site: Any, tmp_path: Path) -> None:
    one = gzip.decompress(fixture_site("studio").dump.read_bytes())
    both = tmp_path / "both.sql"
    both.write_bytes(one + one.replace(b"`wp_", b"`shop_"))
    with pytest.raises(SourceRefusedError, match=r"--prefix shop_ \(https://studio.example\), --prefix wp_ "):
        open_source(str(both), cache=tmp_path)
    assert open_source(str(both), prefix="shop_", cache=tmp_path).prefix == "shop_"
    both.write_bytes(one + one)
    with pytest.raises(DumpDamagedError, match="twice"):
        open_source(str(both), cache=tmp_path)


def test_a_lost_connection_may_be_tried_again(restored: Any, tmp_path: Path) -> None:
    url = restored("studio")
    source = open_source(url, cache=tmp_path)

    def lose_it() -> None:
        with source.connect() as connection, create_engine(url).connect() as other:
            other.exec_driver_sql(f"KILL {connection.exec_driver_sql('SELECT CONNECTION_ID()').scalar_one()}")
            read_keys(connection, source, PostQuery())

    with pytest.raises(SourceUnavailableError, match="run again"):
        lose_it()


def test_a_user_without_the_right_to_read_is_told_so(restored: Any, mariadb_server: Any, tmp_path: Path) -> None:
    url = make_url(restored("studio"))
    name = f"poor{os.getpid()}"
    mariadb_server.execute(f"CREATE USER {name}@'%' IDENTIFIED BY 's3cret'")
    try:
        poor = url.set(username=name, password="s3cret")
        assert "SELECT" in refusal(poor.render_as_string(hide_password=False), tmp_path)
    finally:
        mariadb_server.execute(f"DROP USER {name}@'%'")


def test_an_unexpected_error_of_the_driver_is_a_sentence_too(restored: Any, tmp_path: Path) -> None:
    source = open_source(restored("studio"), cache=tmp_path)
    with pytest.raises(SourceRefusedError, match="a table is missing") as raised, source.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM wp_nothing")
    assert isinstance(raised.value.__cause__, DBAPIError)
