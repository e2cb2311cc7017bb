"""A fingerprint changes with every edit that changes its record, and with nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from wp_models.fingerprints import read_fingerprints
from wp_models.queries import CommentQuery, MenuQuery, OptionQuery, PostQuery, TermQuery, UserQuery
from wp_models.reader import read_batch
from wp_models.records import WpMenu
from wp_models.sources import open_source

QUERIES = (PostQuery(), TermQuery(), UserQuery(), CommentQuery(), MenuQuery(), OptionQuery())

EDITS = {
    "title": "UPDATE wp_posts SET post_title = CONCAT(post_title, 'x') WHERE ID = {post}",
    "title moved to the excerpt": "UPDATE wp_posts SET post_excerpt = post_title, post_title = '' WHERE ID = {post}",
    "parent": "UPDATE wp_posts SET post_parent = 1 WHERE ID = {post}",
    "meta value": "UPDATE wp_postmeta SET meta_value = 'other' WHERE post_id = {post} AND meta_key = 'b'",
    "meta null": "UPDATE wp_postmeta SET meta_value = NULL WHERE post_id = {post} AND meta_key = 'empty'",
    "metas swapped": "UPDATE wp_postmeta SET meta_value = IF(meta_key = 'a', 'two', 'one') "
    "WHERE post_id = {post} AND meta_key IN ('a', 'b')",
    "a pair of metas more": "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) "
    "VALUES ({post}, 'a', 'one'), ({post}, 'a', 'one')",
    "separator moved": "UPDATE wp_postmeta SET meta_key = 'k,', meta_value = 'v' "
    "WHERE post_id = {post} AND meta_key = 'k'",
    "term": "DELETE FROM wp_term_relationships WHERE object_id = {post} LIMIT 1",
    "term order": "UPDATE wp_term_relationships SET term_order = 5 WHERE object_id = {post} LIMIT 1",
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_its_own_fingerprint_and_no_other(edit: str, restored: Any, tmp_path: Path) -> None:
    url = restored("studio")
    source = open_source(url, cache=tmp_path)
    engine = create_engine(url)
    with engine.begin() as connection:
        post = connection.execute(
            text("SELECT MIN(ID) FROM wp_posts JOIN wp_term_relationships ON object_id = ID WHERE post_type = 'post'")
        ).scalar_one()
        metas = "('a', 'one'), ('b', 'two'), ('k', ',v'), ('empty', '')".replace("('", f"({post}, '")
        connection.exec_driver_sql(f"INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES {metas}")
    with source.connect() as connection:
        before = read_fingerprints(connection, source, PostQuery())
    with engine.begin() as connection:
        assert connection.execute(text(EDITS[edit].format(post=post))).rowcount > 0
    with source.connect() as connection:
        after = read_fingerprints(connection, source, PostQuery())
        some = read_fingerprints(connection, source, PostQuery(), keys=[post, 10**9])
    assert {key for key in before if before[key] != after.get(key)} == {post}
    assert some == {post: after[post]}


def test_what_reaches_no_row_changes_no_fingerprint(restored: Any, tmp_path: Path) -> None:
    url = restored("studio")
    source = open_source(url, cache=tmp_path)
    with source.connect() as connection:
        before = [read_fingerprints(connection, source, query) for query in QUERIES]
    with create_engine(url).begin() as connection:
        for statement in (
            "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) SELECT ID, '_edit_lock', '1:1' FROM wp_posts",
            "INSERT INTO wp_usermeta (user_id, meta_key, meta_value) SELECT ID, 'session_tokens', 'x' FROM wp_users",
            "UPDATE wp_posts SET comment_count = comment_count + 1, pinged = 'x', to_ping = 'y'",
            "UPDATE wp_term_taxonomy SET count = count + 1",
            "UPDATE wp_options SET option_value = 'x' WHERE option_name IN ('cron', 'rewrite_rules')",
            "INSERT INTO wp_options (option_name, option_value) VALUES ('_transient_x', '1'), ('some_api_key', '2')",
        ):
            connection.exec_driver_sql(statement)
    with source.connect() as connection:
        assert [read_fingerprints(connection, source, query) for query in QUERIES] == before


def test_a_renamed_page_changes_the_menu_that_shows_its_title(restored: Any, tmp_path: Path) -> None:
    url = restored("theme-test")
    source = open_source(url, cache=tmp_path)
    with source.connect() as connection:
        before = {menu.id: menu for menu in read_batch(connection, source, MenuQuery(), range(10_000))}
    menu = next(menu for menu in before.values() if isinstance(menu, WpMenu) and menu.post_titles)
    page = next(iter(menu.post_titles))
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE wp_posts SET post_title = 'Renamed' WHERE ID = :page"), {"page": page})
    with source.connect() as connection:
        after = read_fingerprints(connection, source, MenuQuery())
    shown = {key for key, value in before.items() if isinstance(value, WpMenu) and page in value.post_titles}
    assert {key for key, value in after.items() if value != before[key].fingerprint} == shown
