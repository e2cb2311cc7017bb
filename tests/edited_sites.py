"""Sites to edit at random, as SQLite databases: the bundled one, and one that a program has made."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from wp_models.sources import open_source

BUNDLED = Path(__file__).resolve().parents[1] / "flows" / "demo" / "northlight.sql.gz"
POSTS = 200
MENU, FIRST_ITEM = 900_001, 900_010


def bundled_site(cache: Path) -> Path:
    """Return the bundled site."""
    return _imported(BUNDLED, cache)


def made_site(maker: Path, mariadb: str, cache: Path) -> Path:
    """Return a site of the maker of large sites, small and in two languages, with a menu added: it makes none."""
    exporter = shutil.which("mariadb-dump") or shutil.which("mysqldump")
    if exporter is None:
        pytest.skip("mariadb-dump is missing: run tests/install_servers.sh")
    url, dump = make_url(mariadb), cache / "made.sql"
    command = [sys.executable, str(maker), "--url", mariadb, "--posts", str(POSTS), "--i18n", "polylang"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    place = [f"--host={url.host}", f"--port={url.port}", f"--user={url.username}", f"--password={url.password}"]
    with dump.open("wb") as output:
        subprocess.run([exporter, "--no-defaults", *place, "--hex-blob", str(url.database)], check=True, stdout=output)
    database = _imported(dump, cache)
    with closing(sqlite3.connect(database)) as connection:
        _add_menu(connection)
        connection.commit()
    return database


def _imported(dump: Path, cache: Path) -> Path:
    with open_source(str(dump), cache=cache).connect() as connection:
        path = connection.exec_driver_sql("PRAGMA database_list").fetchone()
    assert path is not None
    return Path(path[2])


def _add_menu(connection: sqlite3.Connection) -> None:
    """Add a menu that leads to pages, a category and an address."""
    pages = connection.execute(
        "SELECT 'post_type', 'page', ID FROM wp_posts WHERE post_type = 'page' AND post_status = 'publish' LIMIT 3"
    ).fetchall()
    terms = connection.execute(
        "SELECT 'taxonomy', 'category', term_id FROM wp_term_taxonomy WHERE taxonomy = 'category' LIMIT 1"
    ).fetchall()
    connection.execute("INSERT INTO wp_terms (term_id, name, slug, term_group) VALUES (?, 'Main', 'main', 0)", (MENU,))
    connection.execute(
        "INSERT INTO wp_term_taxonomy (term_taxonomy_id, term_id, taxonomy, description, parent, count) "
        "VALUES (?, ?, 'nav_menu', '', 0, 4)", (MENU, MENU),
    )  # fmt: skip
    for number, (kind, name, target) in enumerate([*pages, *terms, ("custom", "custom", 0)], FIRST_ITEM):
        _add_copy(connection, number, number - FIRST_ITEM)
        connection.execute("INSERT INTO wp_term_relationships VALUES (?, ?, 0)", (number, MENU))
        metas = {
            "_menu_item_type": kind, "_menu_item_object": name, "_menu_item_object_id": target or number,
            "_menu_item_menu_item_parent": 0, "_menu_item_url": "" if target else "https://example.com/",
            "_menu_item_target": "", "_menu_item_classes": 'a:1:{i:0;s:0:"";}', "_menu_item_xfn": "",
        }  # fmt: skip
        connection.executemany(
            "INSERT INTO wp_postmeta SELECT max(meta_id) + 1, ?, ?, ? FROM wp_postmeta",
            [(number, key, str(value)) for key, value in metas.items()],
        )


def _add_copy(connection: sqlite3.Connection, number: int, position: int) -> None:
    """Add a menu item, whose many columns are as those of any post."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(wp_posts)")]
    model = connection.execute("SELECT * FROM wp_posts WHERE post_type = 'page' LIMIT 1").fetchone()
    values = dict(zip(columns, model, strict=True)) | {
        "ID": number, "post_type": "nav_menu_item", "post_status": "publish", "post_name": str(number),
        "post_title": "", "post_content": "", "post_parent": 0, "menu_order": position, "guid": f"?p={number}",
    }  # fmt: skip
    marks = ",".join("?" * len(columns))
    connection.execute(f"INSERT INTO wp_posts ({','.join(columns)}) VALUES ({marks})", list(values.values()))
