"""Small WordPress databases in a SQLite file: name what a test is about, the rest is an ordinary site."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from wp_models.tables import COLUMNS, CORE_TABLES

NOON = "2024-05-01 12:00:00"
PLAIN_TABLES = (*CORE_TABLES, "termmeta", "comments", "users", "usermeta")
NETWORK_WIDE = ("users", "usermeta")
OPTIONS = {
    "siteurl": "https://example.test",
    "home": "https://example.test",
    "blogname": "Example",
    "permalink_structure": "/%postname%/",
}


class SmallSite:
    """One blog of a SQLite file; rows are added by table and column."""

    def __init__(self, connection: sqlite3.Connection, prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix

    def run(self, statement: str, *values: object) -> None:
        """Run one statement; `{p}` stands for the prefix."""
        self._connection.execute(statement.replace("{p}", self._prefix), values)

    def add(self, table: str, **values: object) -> None:
        """Add one row."""
        columns, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        self.run(f"INSERT INTO {{p}}{table} ({columns}) VALUES ({marks})", *values.values())

    def post(self, number: int, title: str, content: str = "", *, meta: Mapping[str, str] | None = None, **fields: Any):
        """Add a published post of 1 May 2024."""
        ordinary = {
            "post_author": 0, "post_type": "post", "post_status": "publish", "post_name": f"post-{number}",
            "post_parent": 0, "menu_order": 0, "post_excerpt": "", "post_mime_type": "", "guid": "",
            "post_password": "", "comment_status": "open", "post_date": NOON, "post_date_gmt": NOON,
            "post_modified": NOON, "post_modified_gmt": NOON, "comment_count": 0,
        }  # fmt: skip
        self.add("posts", ID=number, post_title=title, post_content=content, **(ordinary | fields))
        for key, value in (meta or {}).items():
            self.add("postmeta", post_id=number, meta_key=key, meta_value=value)

    def term(self, number: int, taxonomy: str, name: str, slug: str, *, posts: Sequence[int] = (), **fields: Any):
        """Add a term whose term_id is 1000 above its term_taxonomy_id, and put posts into it."""
        self.add("terms", term_id=number + 1000, name=name, slug=slug, term_group=0)
        ordinary = {"description": "", "parent": 0, "count": len(posts)}
        self.add(
            "term_taxonomy", term_taxonomy_id=number, term_id=number + 1000, taxonomy=taxonomy, **(ordinary | fields)
        )
        for post in posts:
            self.add("term_relationships", object_id=post, term_taxonomy_id=number, term_order=0)

    def menu_item(self, number: int, menu: int, label: str, *, order: int, **meta: str) -> None:
        """Add an item to a menu; metas are named without `_menu_item_`."""
        metas = {f"_menu_item_{name}": value for name, value in meta.items()}
        self.post(number, label, post_type="nav_menu_item", menu_order=order, meta=metas)
        self.add("term_relationships", object_id=number, term_taxonomy_id=menu, term_order=0)

    def option(self, name: str, value: str) -> None:
        """Set an option."""
        self.run("DELETE FROM {p}options WHERE option_name = ?", name)
        self.add("options", option_name=name, option_value=value, autoload="yes")


@contextmanager
def small_site(path: Path, *, prefix: str = "wp_", tables: Sequence[str] = ()) -> Iterator[SmallSite]:
    """Make or open a SQLite file with WordPress's tables and some of plugins' under a prefix; yield the site to fill.

    Rows are there for others when the block ends.
    """
    with closing(sqlite3.connect(path)) as connection:
        site = SmallSite(connection, prefix)
        for name in (*PLAIN_TABLES, *tables):
            if not (name in NETWORK_WIDE and prefix != "wp_"):
                first, *columns = COLUMNS[name].split()
                site.run(f'CREATE TABLE IF NOT EXISTS {{p}}{name} ("{first}" INTEGER, {", ".join(columns)})')
        if not connection.execute(f"SELECT count(*) FROM {prefix}options").fetchone()[0]:
            for name, value in OPTIONS.items():
                site.option(name, value)
        _number_rows(connection, prefix)
        yield site
        _number_rows(connection, prefix)
        connection.commit()


def _number_rows(connection: sqlite3.Connection, prefix: str) -> None:
    for table, key in (("postmeta", "meta_id"), ("termmeta", "meta_id"), ("options", "option_id")):
        connection.execute(f"UPDATE {prefix}{table} SET {key} = rowid WHERE {key} IS NULL")


def php(value: Any) -> str:
    """A value as PHP serialises it."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{value:d};"
        case int():
            return f"i:{value};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
        case list():
            return php(dict(enumerate(value)))
        case dict():
            return f"a:{len(value)}:{{{''.join(php(key) + php(item) for key, item in value.items())}}}"
    raise TypeError(value)
