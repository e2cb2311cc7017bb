"""Every way in reads every fixture completely, gives the same records, and refuses what is wrong in one sentence."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from wp_models.errors import NotWordPressError, SourceRefusedError
from wp_models.fingerprints import read_fingerprints
from wp_models.queries import CommentQuery, MenuQuery, OptionQuery, PostQuery, TermQuery, UserQuery
from wp_models.reader import read_batch, read_keys, read_site
from wp_models.records import Record, WpMenu, WpPost, WpSite
from wp_models.sources import Source, open_source
from wp_models.tables import list_blogs

QUERIES = (PostQuery(), TermQuery(), UserQuery(), CommentQuery(), MenuQuery(), OptionQuery())
GENERATOR = Path(__file__).resolve().parents[2] / ".." / "shared" / "bench" / "make_wordpress_db.py"

Read = dict[str, tuple[Record, ...]]


def read_all(source: Source) -> tuple[WpSite, Read]:
    """Read everything; the keys, records and fingerprints must agree with each other."""
    with source.connect() as connection:
        site, records = read_site(connection, source), {}
        for query in QUERIES:
            keys = read_keys(connection, source, query)
            found = read_batch(connection, source, query, [*keys, 10**9])
            assert [record.id for record in found] == keys
            assert {record.id: record.fingerprint for record in found} == read_fingerprints(connection, source, query)
            records[type(query).__name__] = found
    return site, records


def counts_like_the_oracle(site: WpSite, records: Read) -> dict[str, Any]:
    statuses: dict[str, Counter[str]] = {}
    for post in records["PostQuery"]:
        assert isinstance(post, WpPost)
        statuses.setdefault(post.type, Counter())[post.status] += 1
    if site.skipped_counts["revision"]:
        statuses["revision"] = Counter(inherit=site.skipped_counts["revision"])
    return {
        "posts_by_type_status": statuses,
        "terms_by_taxonomy": Counter(term.taxonomy for term in records["TermQuery"]),
        "comments_by_approved": Counter(comment.approved for comment in records["CommentQuery"]),
        "users": len(records["UserQuery"]),
    }


def oracle_counts(oracle: dict[str, Any]) -> dict[str, Any]:
    names = ("posts_by_type_status", "terms_by_taxonomy", "comments_by_approved", "users")
    return {name: oracle["counts"][name] for name in names}


@pytest.mark.parametrize("name", ["theme-test", "studio", "messy", "sqlite"])
def test_a_site_is_read_completely(name: str, fixture_site: Any, tmp_path: Path) -> None:
    fixture = fixture_site(name)
    oracle = json.loads(fixture.oracle.read_text())
    source = open_source(str(fixture.sqlite if name == "sqlite" else fixture.dump), cache=tmp_path)
    site, records = read_all(source)
    assert counts_like_the_oracle(site, records) == oracle_counts(oracle)
    posts = {post.id: post for post in records["PostQuery"]}
    for expected in oracle["posts"]:
        if expected["type"] == "revision":
            continue
        post = posts[expected["id"]]
        assert isinstance(post, WpPost)
        assert (post.type, post.slug, post.guid) == (expected["type"], expected["slug"], expected["guid"])
        assert len(post.content.encode()) == expected["content_bytes"] or expected["content_has_nul"]
        for key, values in (expected["meta"] or {}).items():
            if key != "_edit_lock" and not any(isinstance(value, dict) for value in values):
                assert list(post.meta[key]) == [(value or "").replace("\0", "") for value in values]
    menus = {menu.term.slug: menu for menu in records["MenuQuery"] if isinstance(menu, WpMenu)}
    assert sum(len(menu.items) for menu in menus.values()) == sum(
        count for kinds in oracle["counts"]["term_relationships_by_post_type_taxonomy"].values()
        for taxonomy, count in kinds.items() if taxonomy == "nav_menu"
    )  # fmt: skip


@pytest.mark.parametrize("name", ["theme-test", "studio", "messy"])
def test_a_dump_and_its_live_database_are_the_same_to_us(
    name: str, fixture_site: Any, restored: Any, tmp_path: Path
) -> None:
    dump = open_source(str(fixture_site(name).dump), cache=tmp_path)
    live = open_source(restored(name), cache=tmp_path)
    assert read_all(dump) == read_all(live)


def test_both_forms_of_a_dump_give_the_same(fixture_site: Any, tmp_path: Path) -> None:
    dump = fixture_site("messy").dump
    other = dump.with_name("dump.complete-insert.sql.gz")
    assert read_all(open_source(str(dump), cache=tmp_path)) == read_all(open_source(str(other), cache=tmp_path))


def test_each_blog_of_a_network_is_a_site(fixture_site: Any, restored: Any, tmp_path: Path) -> None:
    oracle = json.loads(fixture_site("network").oracle.read_text())
    location, live = str(fixture_site("network").dump), restored("network")
    for number, blog in oracle["blogs"].items():
        source = open_source(location, blog_id=int(number), cache=tmp_path)
        site, records = read_all(source)
        assert counts_like_the_oracle(site, records) == oracle_counts(blog)
        assert site.options["siteurl"] == blog["options"]["siteurl"]
        assert (site.prefix, site.blog_id) == (source.prefix, int(number))
        assert (site, records) == read_all(open_source(live, blog_id=int(number), cache=tmp_path))
    with source.connect() as connection:
        assert [(blog.id, blog.domain, blog.path) for blog in list_blogs(connection)] == [
            (1, "network.example", "/"), (2, "network.example", "/es/"), (3, "annex.example", "/"),
        ]  # fmt: skip
    assert open_source(location, cache=tmp_path).blog_id == 1
    assert open_source(location, prefix="wp_3_", cache=tmp_path).blog_id == 3
    with pytest.raises(NotWordPressError, match=r"no blog 9\. It has 1, 2, 3"):
        open_source(location, blog_id=9, cache=tmp_path)


def test_the_site_index_knows_languages_and_fields(fixture_site: Any, tmp_path: Path) -> None:
    site, _ = read_all(open_source(str(fixture_site("studio").dump), cache=tmp_path))
    taxonomies = Counter(site.terms[term].taxonomy for _, term in site.language_links)
    assert taxonomies == {"language": 61, "post_translations": 49, "term_language": 195, "term_translations": 195}
    assert len(site.field_definitions) == 31
    assert not [name for name in site.options if "transient" in name or name in ("auth_key", "nonce_salt")]
    assert set(site.attached_files) == {post.id for post in site.posts.values() if post.type == "attachment"}
    assert max(site.guid_hosts, key=site.guid_hosts.__getitem__) == "studio.example"


def test_a_source_travels_to_another_process(fixture_site: Any, tmp_path: Path) -> None:
    source = open_source(str(fixture_site("studio").dump), cache=tmp_path)
    there = "import pickle, sys; s = pickle.load(sys.stdin.buffer)\nwith s.connect() as c: print(s.prefix, s.blog_id)"
    done = subprocess.run([sys.executable, "-c", there], input=pickle.dumps(source), capture_output=True, check=True)
    assert done.stdout.decode().strip() == "wp_ 1"


def test_a_dump_is_parsed_once_for_each_content(fixture_site: Any, tmp_path: Path) -> None:
    dump, cache = tmp_path / "dump.sql", tmp_path / "cache"
    content = gzip.decompress(fixture_site("studio").dump.read_bytes())
    dump.write_bytes(content)
    open_source(str(dump), cache=cache)
    (first,) = (cache / "dumps").iterdir()
    written = first.stat().st_mtime_ns
    os.utime(dump)
    open_source(str(dump), cache=cache)
    assert [path.stat().st_mtime_ns for path in (cache / "dumps").iterdir()] == [written]
    dump.write_bytes(content.replace(b"Studio", b"Atelier"))
    open_source(str(dump), cache=cache)
    (second,) = (cache / "dumps").iterdir()
    assert second != first


def test_tables_in_another_charset_give_the_same_fingerprints_as_their_dump(
    mariadb: str, mariadb_server: Any, fixture_site: Any, tmp_path: Path
) -> None:
    sql = gzip.decompress(fixture_site("sqlite").folder.parent.joinpath("studio/dump.sql.gz").read_bytes())
    dump = tmp_path / "latin1.sql"
    dump.write_bytes(sql.replace(b"CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci", b"CHARSET=latin1"))
    mariadb_server.restore(dump, make_url(mariadb).database)
    live = open_source(mariadb, cache=tmp_path)
    exported = tmp_path / "exported.sql"
    exporter = shutil.which("mariadb-dump") or shutil.which("mysqldump")
    assert exporter
    command = [exporter, "--no-defaults", f"--socket={mariadb_server.socket}", "-uwpferry", "-pwpferry"]
    exported.write_bytes(
        subprocess.run([*command, str(make_url(mariadb).database)], capture_output=True, check=True).stdout
    )
    assert read_all(live) == read_all(open_source(str(exported), cache=tmp_path))
    in_latin1 = subprocess.run(
        [*command, "--default-character-set=latin1", str(make_url(mariadb).database)], capture_output=True, check=True
    )
    exported.write_bytes(in_latin1.stdout)
    assert read_all(live) == read_all(open_source(str(exported), cache=tmp_path))


def test_the_source_cannot_be_written_to(restored: Any, fixture_site: Any, tmp_path: Path) -> None:
    sqlite = shutil.copy(fixture_site("sqlite").sqlite, tmp_path / "site.sqlite")
    for location in (restored("studio"), str(sqlite), str(fixture_site("studio").dump)):
        source = open_source(location, cache=tmp_path)
        with pytest.raises(SourceRefusedError), source.connect() as connection:
            connection.exec_driver_sql("UPDATE wp_posts SET post_title = 'x'")


def test_a_connection_sees_one_moment(restored: Any, tmp_path: Path) -> None:
    url = restored("studio")
    source = open_source(url, cache=tmp_path)
    with source.connect() as connection:
        before = read_keys(connection, source, PostQuery())
        with create_engine(url).begin() as editor:
            editor.exec_driver_sql("DELETE FROM wp_posts WHERE post_type = 'post'")
        assert read_keys(connection, source, PostQuery()) == before
        assert len(read_batch(connection, source, PostQuery(), before)) == len(before)
    with source.connect() as connection:
        assert len(read_keys(connection, source, PostQuery())) < len(before)


def test_a_wal_database_is_read_with_its_pending_writes_from_a_folder_that_is_not_writable(
    fixture_site: Any, tmp_path: Path
) -> None:
    live = tmp_path / "live.sqlite"
    shutil.copy(fixture_site("sqlite").sqlite, live)
    live.chmod(0o644)
    writer = sqlite3.connect(live)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("UPDATE wp_options SET option_value = 'Pending' WHERE option_name = 'blogname'")
    writer.commit()
    folder = tmp_path / "copied"
    folder.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(f"{live}{ending}", folder / f"site.sqlite{ending}")
    writer.close()
    folder.chmod(0o555)
    try:
        site, _ = read_all(open_source(str(folder / "site.sqlite"), cache=tmp_path / "cache"))
    finally:
        folder.chmod(0o755)
    assert site.options["blogname"] == "Pending"


def test_a_large_site_is_read_in_little_time(mariadb: str, tmp_path: Path) -> None:
    if not GENERATOR.is_file():
        pytest.skip("the generator of large databases is not there")
    command = [sys.executable, str(GENERATOR), "--url", mariadb, "--posts", "10000", "--seed", "1"]
    subprocess.run(command, check=True, capture_output=True)
    source = open_source(mariadb, cache=tmp_path)
    with source.connect() as connection:
        started = time.process_time()
        site = read_site(connection, source)
        index_s = time.process_time() - started
        prints = read_fingerprints(connection, source, PostQuery())
        keys = read_keys(connection, source, PostQuery())
    assert len(site.posts) == len(prints) == len(keys) == 10_000
    assert len(site.wpml) > 10_000
    assert index_s < 2, "about 0.3 s of one quiet core"
