"""Table prefixes and networks as they occur: the right blog is found, or the choice is put to the person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from wp_models.errors import NotWordPressError, SourceRefusedError
from wp_models.reader import read_site
from wp_models.sources import open_source
from wp_models.tables import COLUMNS, CORE_TABLES, list_blogs

GLOBAL = ("users", "usermeta")


def database(path: Path, **tables: tuple[str, ...]) -> str:
    """Make a database with the named tables under each prefix; `p` before a prefix is not part of it."""
    connection = sqlite3.connect(path)
    for prefix, names in tables.items():
        own = prefix.removeprefix("p")
        for name in names:
            connection.execute(f'CREATE TABLE "{own}{name}" ({", ".join(COLUMNS[name].split())})')
        if "options" in names:
            row = (1, "siteurl", f"https://{own}.example", "yes")
            connection.execute(f'INSERT INTO "{own}options" VALUES (?, ?, ?, ?)', row)
    connection.commit()
    connection.close()
    return str(path)


@pytest.mark.parametrize("prefix", ["wp_", "", "wp_2_", "blog7_", "a-b_", "WP_"])
def test_any_prefix_is_found(prefix: str, tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", **{f"p{prefix}": (*CORE_TABLES, *GLOBAL)})
    source = open_source(location, cache=tmp_path)
    assert (source.prefix, source.blog_id, source.installation.base_prefix) == (prefix, 1, prefix)
    with source.connect() as connection:
        assert read_site(connection, source).tables == {*CORE_TABLES, *GLOBAL}
        assert list_blogs(connection) == ()


def test_a_blog_shares_its_networks_users(tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", pwp_=(*CORE_TABLES, *GLOBAL, "blogs"), pwp_3_=(*CORE_TABLES, "comments"))
    source = open_source(location, blog_id=3, cache=tmp_path)
    assert (source.prefix, source.installation.base_prefix) == ("wp_3_", "wp_")
    assert source.installation.tables == {*CORE_TABLES, *GLOBAL, "comments"}
    assert open_source(location, prefix="wp_", cache=tmp_path).installation.tables == {*CORE_TABLES, *GLOBAL, "blogs"}


def test_one_blog_exported_from_its_network_keeps_its_number(tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", pwp_=GLOBAL, pwp_5_=CORE_TABLES)
    source = open_source(location, cache=tmp_path)
    assert (source.prefix, source.blog_id, source.installation.base_prefix) == ("wp_5_", 5, "wp_")


def test_the_main_blog_of_an_old_network_is_numbered(tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", pwp_=(*GLOBAL, "blogs"), pwp_1_=CORE_TABLES, pwp_2_=CORE_TABLES)
    source = open_source(location, cache=tmp_path)
    assert (source.prefix, source.blog_id) == ("wp_1_", 1)


def test_a_site_without_users_is_still_read(tmp_path: Path) -> None:
    source = open_source(database(tmp_path / "x.sqlite", pwp_=CORE_TABLES), cache=tmp_path)
    with source.connect() as connection:
        assert read_site(connection, source).users == {}


def test_tables_of_a_site_that_was_never_set_up_are_no_choice(tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", pwp_=(*CORE_TABLES, *GLOBAL), pold_=(*CORE_TABLES, *GLOBAL))
    with pytest.raises(SourceRefusedError, match="holds 2 WordPress sites"):
        open_source(location, cache=tmp_path)
    with sqlite3.connect(location) as connection:
        connection.execute("DELETE FROM old_options")
    assert open_source(location, cache=tmp_path).prefix == "wp_"
    with pytest.raises(NotWordPressError, match="no option siteurl"):
        open_source(location, prefix="old_", cache=tmp_path)


def test_a_network_lists_its_blogs_and_which_are_closed(tmp_path: Path) -> None:
    location = database(tmp_path / "x.sqlite", pwp_=(*CORE_TABLES, *GLOBAL, "blogs"))
    with sqlite3.connect(location) as connection:
        rows = [(2, "b.example", "/es/", 0, 1, 0), (1, "a.example", "/", 0, 0, 0), (3, "c.example", "/", "0", "0", "0")]
        connection.executemany("INSERT INTO wp_blogs VALUES (?, ?, ?, ?, ?, ?)", rows)
    source = open_source(location, cache=tmp_path)
    with source.connect() as connection:
        found = list_blogs(connection)
    assert [(blog.id, blog.path, blog.is_public) for blog in found] == [
        (1, "/", True),
        (2, "/es/", False),
        (3, "/", True),
    ]
