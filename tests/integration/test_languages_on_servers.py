"""What plugins for languages keep is read from a live MariaDB as it is from a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.integration.test_language_versions import make_qtranslate, make_translatepress
from tests.integration.test_site_texts import STRINGS, polylang_language
from tests.integration.test_wpml import NEW_JOBS, NEW_STATUS, make, state
from tests.small_sites import SmallSite, small_site
from wp_models.fingerprints import read_fingerprints
from wp_models.queries import MenuQuery, OptionQuery, PostQuery, TermQuery
from wp_models.reader import read_batch, read_keys, read_site
from wp_models.records import Record, WpSite
from wp_models.sources import open_source

QUERIES = (PostQuery(), TermQuery(), MenuQuery(), OptionQuery())


def make_wpml(site: SmallSite) -> None:
    make(site, NEW_STATUS, NEW_JOBS, *STRINGS)
    state(site, 11, 9)
    state(site, 12, 10, needs_update=1)
    site.add("icl_translate_job", job_id=1, rid=12, automatic=1)
    site.add("icl_strings", id=1, language="en", context="WordPress", name="URL slug: event", value="event")
    site.add("icl_string_translations", string_id=1, language="es", status=10, value="evento")


def make_polylang(site: SmallSite) -> None:
    site.post(1, "Words")
    polylang_language(site, 1, "en", [])
    polylang_language(site, 2, "es", [["Example", "Ejemplo"]])


def copy_to_server(path: Path, url: str) -> None:
    """Make the tables of a SQLite file on a server, numbers as numbers, and fill them."""
    with closing(sqlite3.connect(path)) as file, create_engine(url).begin() as server:
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = file.execute(f"SELECT * FROM {table}")
            names, found = [column[0] for column in rows.description], rows.fetchall()
            kinds = {
                name: "bigint" if any(isinstance(row[place], int) for row in found) else "longtext"
                for place, name in enumerate(names)
            }
            columns = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
            server.execute(text(f"CREATE TABLE `{table}` ({columns})"))
            marks = ", ".join(f":{name}" for name in names)
            for row in found:
                server.execute(text(f"INSERT INTO `{table}` VALUES ({marks})"), dict(zip(names, row, strict=True)))


def read(location: str, cache: Path) -> tuple[WpSite, list[Record]]:
    """The site and its records with all versions, whose fingerprints are each engine's own."""
    source = open_source(location, cache=cache)
    with source.connect() as connection:
        site = read_site(connection, source)
        records: list[Record] = []
        for query in QUERIES:
            keys = sorted(site.posts) if isinstance(query, PostQuery) else read_keys(connection, source, query)
            assert read_fingerprints(connection, source, query).keys() >= {key for key in keys if key < 1 << 32}
            records += (replace(one, fingerprint="") for one in read_batch(connection, source, query, keys))
    return site, records


@pytest.mark.parametrize("fill", [make_wpml, make_polylang, make_qtranslate, make_translatepress])
def test_a_server_and_a_file_say_the_same(fill: Callable[[SmallSite], None], mariadb: str, tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite"
    with small_site(path) as site:
        fill(site)
    copy_to_server(path, mariadb)
    on_server, in_file = read(mariadb, tmp_path), read(str(path), tmp_path)
    assert on_server[0] == in_file[0]
    assert on_server[1] == in_file[1]
