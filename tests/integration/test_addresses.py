"""Addresses and redirects of real sites, held against what WordPress says: every one leads to the right object."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection, create_engine, text

from cms_models.rows import RedirectRow, row_id
from transforms.contract import Media, SiteRules, Skipped
from transforms.entities.redirects import transform_redirect
from transforms.places import path_key
from transforms.site import Site
from transforms.site_data import SiteData, build_site_data
from transforms.values.slugs import decode_path
from wp_models.fingerprints import read_fingerprints
from wp_models.queries import RedirectQuery
from wp_models.reader import read_batch, read_keys, read_site
from wp_models.records import WpRedirect
from wp_models.sources import open_source

GENERATOR = Path(__file__).resolve().parents[2] / ".." / "shared" / "bench" / "make_wordpress_db.py"
INTERNAL = frozenset({"language", "term_language", "post_translations", "term_translations", "nav_menu", "wp_theme"})
BLOGS = [
    ("studio", None), ("theme-test", None), ("messy", None), ("sqlite", None), ("demo", None),
    ("network", 1), ("network", 2), ("network", 3),
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A site, its redirects and WordPress's word."""

    data: SiteData
    redirects: tuple[WpRedirect, ...]
    oracle: dict[str, Any]

    def posts(self) -> Iterator[dict[str, Any]]:
        """The posts that visitors may see and that WordPress gives an address."""
        public = {name for name, post_type in self.oracle["post_types"].items() if post_type.get("public")}
        for post in self.oracle["posts"]:
            statuses = ("inherit",) if post["type"] == "attachment" else ("publish",)
            if post["type"] in public and post["status"] in statuses and isinstance(post["permalink"], str):
                yield post

    def rows(self) -> list[RedirectRow]:
        made = [transform_redirect(redirect, Site(self.data)) for redirect in self.redirects]
        return [row for one in made if not isinstance(one, Skipped) for row in one.rows if isinstance(row, RedirectRow)]


def read_known(location: str | Path, cache: Path, blog_id: int | None = None, oracle: Any = None) -> Known:
    """A site with a file for each of its attachments."""
    source = open_source(str(location), cache=cache, blog_id=blog_id)
    with source.connect() as connection:
        wordpress, keys = read_site(connection, source), read_keys(connection, source, RedirectQuery())
        records = read_batch(connection, source, RedirectQuery(), keys)
        assert [record.id for record in records] == keys
        prints = read_fingerprints(connection, source, RedirectQuery())
        assert {record.id: record.fingerprint for record in records} == prints
    media = {
        post.id: Media(id=post.id, row_id=row_id("site", "media", post.id), kind="image", store_key=f"{post.id}.webp")
        for post in wordpress.posts.values()
        if post.type == "attachment"
    }
    data = build_site_data(wordpress, SiteRules(), site_id=1, site_key="site", media=media)
    return Known(data, tuple(record for record in records if isinstance(record, WpRedirect)), oracle)


@pytest.fixture(params=BLOGS, ids=lambda blog: f"{blog[0]}-{blog[1] or 1}")
def known(request: pytest.FixtureRequest, fixture_site: Any, tmp_path: Path) -> Known:
    name, blog_id = request.param
    files = fixture_site(name)
    opener = gzip.open if files.oracle.suffix == ".gz" else open
    with opener(files.oracle, "rt", encoding="utf-8") as file:
        oracle = json.load(file)
    location = files.sqlite if name == "sqlite" else files.dump
    return read_known(location, tmp_path, blog_id, oracle["blogs"][str(blog_id)] if blog_id else oracle)


def test_objects_stand_where_wordpress_put_them_and_their_links_lead_there(known: Known) -> None:
    book, wrong = known.data.addresses, []
    for post in known.posts():
        link = post["permalink"]
        expected = None if "?" in link else decode_path(urlsplit(link).path) or "/"
        found = book.resolve(link)
        if book.post_path(post["id"]) != expected or found is None or found.source_id != post["id"]:
            wrong.append((post["type"], post["id"], link, book.post_path(post["id"]), found))
    for term in known.oracle["terms"]:
        link, number = term["link"], term["term_taxonomy_id"]
        if term["taxonomy"] in INTERNAL or not isinstance(link, str) or "?" in link:
            continue
        found = book.resolve(link)
        if book.term_path(number) != decode_path(urlsplit(link).path) or found is None or found.source_id != number:
            wrong.append((term["taxonomy"], number, link, book.term_path(number), found))
    for user in known.oracle["users"]:
        found = book.resolve(user["author_link"])
        if found is None or (found.kind, found.path) != ("author", urlsplit(user["author_link"]).path):
            wrong.append(("author", user["id"], user["author_link"], None, found))
    assert not wrong


def test_every_other_link_to_a_post_leads_to_it(known: Known) -> None:
    book, home = known.data.addresses, known.oracle["options"]["home"]
    for post in known.posts():
        parameters = {"attachment": ["attachment_id"], "page": ["page_id", "p"]}.get(post["type"], ["p"])
        links = [f"{home}/?{parameter}={post['id']}" for parameter in parameters]
        for link in links:
            found = book.resolve(link)
            assert found is not None, link
            assert found.source_id == post["id"], link


def test_files_lead_to_their_attachments(known: Known) -> None:
    book, posts = known.data.addresses, list(known.posts())
    urls = Counter(post["attachment"]["url"] for post in posts if post["type"] == "attachment" and post["attachment"])
    for post in posts:
        url = str(post["attachment"]["url"]) if post["type"] == "attachment" else ""
        # Without a file of its own WordPress shows what the guid says, which a link may not name.
        has_file = "/wp-content/uploads/" in url and ".." not in url and post["attachment"]["file"]
        if has_file and urls[url] == 1:
            found = book.resolve(url)
            assert found is not None, url
            assert found.source_id == post["id"], url


def test_redirects_are_one_for_each_address_and_end_where_something_stands(known: Known) -> None:
    rows, book = known.rows(), known.data.addresses
    sources = Counter(row.from_path for row in rows)
    assert max(sources.values()) == 1
    live = {
        path_key(path)
        for post in known.posts()
        if post["type"] != "attachment" and (path := book.post_path(post["id"]))
    }
    assert not live & {path_key(row.from_path) for row in rows}
    for row in rows:
        assert row.to_path is None or row.to_path not in sources
        if not row.is_regex and row.to_path is not None and not row.to_path.startswith("/media/"):
            assert path_key(row.to_path) in live | {""} or book.resolve(row.to_path)


def test_all_that_wordpress_redirected_is_there(known: Known) -> None:
    rows, book = {row.from_path: row for row in known.rows()}, known.data.addresses
    home = book.permalinks.home_path
    for post in known.posts():
        if post["type"] == "attachment":
            assert f"{home}/?attachment_id={post['id']}" in rows
            if "?" not in post["permalink"]:
                assert rows[decode_path(urlsplit(post["permalink"]).path)].origin == "attachment"
            continue
        parameter = "page_id" if post["type"] == "page" else "p"
        assert rows[f"{home}/?{parameter}={post['id']}"].to_path == book.post_path(post["id"]) or not book.post_path(
            post["id"]
        )
        for slug in post["meta"].get("_wp_old_slug", ()) if post["meta"] else ():
            old = decode_path(urlsplit(post["permalink"]).path).replace(f"/{post['slug_decoded']}/", f"/{slug}/")
            assert rows[old].to_path == book.post_path(post["id"])
            found = book.resolve(old)
            assert found is not None
            assert found.source_id == post["id"]


RANK_MATH = (
    "CREATE TABLE wp_rank_math_redirections (id bigint PRIMARY KEY, sources text, url_to text, header_code smallint, "
    "hits bigint, status varchar(25), created datetime, updated datetime, last_accessed datetime)"
)
RANK_MATH_RULES = [
    (1, [("rm-exact", "exact"), ("rm-start", "start")], "https://studio.example/es/", 301, "active"),
    (2, [("rm-off", "exact")], "https://studio.example/", 301, "inactive"),
    (3, [("rm-gone", "exact")], "", 410, "active"),
    (4, [], "https://studio.example/", 301, "active"),
]
EPS = (
    "CREATE TABLE wp_redirects (id int PRIMARY KEY, url_from varchar(256), url_to varchar(256), status varchar(12), "
    "type varchar(12), count mediumint)"
)
EPS_RULES = [
    (1, "eps-old", "https://studio.example/es/", "302", "url"),
    (2, "eps/door", "89", "301", "post"),
    (3, "eps-off", "https://studio.example/es/", "inactive", "url"),
    (4, "eps-nothing", "", "404", "url"),
]
OPTIONS = {
    "wpseo-premium-redirects-base": [
        {"origin": "yoast-one", "url": "gallery", "type": 301, "format": "plain"},
        {"origin": "yoast-(.+)", "url": "/x", "type": 307, "format": "regex"},
    ],
    "301_redirects": {"/simple/": "/old-home/", "/star/*": "/es/*"},
    "301_redirects_wildcard": "true",
}
POSTS = {90001: ("redirect_rule", "srm"), 90002: ("seopress_404", "seopress-old")}
METAS = [
    (90001, "_redirect_rule_from", "/srm-old"),
    (90001, "_redirect_rule_to", "/simple"),
    (90001, "_redirect_rule_status_code", "302"),
    (90002, "_seopress_redirections_enabled", "yes"),
    (90002, "_seopress_redirections_type", "301"),
    (90002, "_seopress_redirections_value", "https://elsewhere.example/"),
    (89, "_yoast_wpseo_redirect", "https://studio.example/es/"),
]


def serialized(value: Any) -> str:
    """A value as PHP's serialize() writes it."""
    if isinstance(value, list):
        return serialized(dict(enumerate(value)))
    if isinstance(value, dict):
        return f"a:{len(value)}:{{{''.join(serialized(part) for pair in value.items() for part in pair)}}}"
    return f"i:{value};" if isinstance(value, int) else f's:{len(value.encode())}:"{value}";'


def insert(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    connection.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values
    )


@pytest.fixture
def with_plugins(restored: Any, tmp_path: Path) -> Known:
    """The studio's site with rules of other redirect plugins, as they store them."""
    url = restored("studio")
    with create_engine(url).begin() as connection:
        connection.execute(text(RANK_MATH))
        for number, patterns, target, code, status in RANK_MATH_RULES:
            sources = [{"ignore": "", "pattern": pattern, "comparison": how} for pattern, how in patterns]
            insert(
                connection, "wp_rank_math_redirections", id=number, sources=serialized(sources), url_to=target,
                header_code=code, status=status,
            )  # fmt: skip
        connection.execute(text(EPS))
        for number, source, target, status, kind in EPS_RULES:
            insert(
                connection, "wp_redirects", id=number, url_from=source, url_to=target, status=status, type=kind, count=0
            )
        for name, value in OPTIONS.items():
            stored = value if isinstance(value, str) else serialized(value)
            insert(connection, "wp_options", option_name=name, option_value=stored)
        for number, (post_type, title) in POSTS.items():
            insert(
                connection, "wp_posts", ID=number, post_title=title, post_type=post_type, post_content="",
                post_excerpt="", to_ping="", pinged="", post_content_filtered="",
            )  # fmt: skip
        for post, key, value in METAS:
            insert(connection, "wp_postmeta", post_id=post, meta_key=key, meta_value=value)
    return read_known(url, tmp_path)


def test_rules_of_every_plugin_become_redirects(with_plugins: Known) -> None:
    rows = {row.from_path: (row.to_path, row.status_code, row.is_regex) for row in with_plugins.rows()}
    plugin = {row.from_path for row in with_plugins.rows() if row.origin == "plugin"}
    assert {source: rows[source] for source in sorted(plugin)} == {
        "/antiguo/?p=1": ("/es/", 301, False),
        "/blog/the-door/": ("/journal/the-door-from-the-brewery/", 301, False),
        "/eps-old": ("/es/", 302, False),
        "/eps/door": (with_plugins.data.addresses.post_path(89), 301, False),
        "/gone/": (None, 410, False),
        "/old-home/": ("/", 301, False),
        "/rm-exact": ("/es/", 301, False),
        "/rm-gone": (None, 410, False),
        "/seopress-old": ("https://elsewhere.example/", 301, False),
        "/simple/": ("/", 301, False),  # through /old-home/
        "/srm-old": ("/", 302, False),  # through /simple and /old-home/, for the time being
        "/yoast-one": ("/gallery", 301, False),
        "^/rm-start": ("/es/", 301, True),
        "^/star/(.*)$": ("/es/$1", 301, True),
        "^/work/(.*)$": ("/portfolio-items/$1", 302, True),
        "yoast-(.+)": ("/x", 307, True),
    }
    refused = {
        redirect.place: result.reason
        for redirect in with_plugins.redirects
        if isinstance(result := transform_redirect(redirect, Site(with_plugins.data)), Skipped)
        and redirect.kind == "rule"
    }
    assert refused == {
        "301 Redirects, rule 3": "it is turned off in its plugin",
        "301 Redirects, rule 4": "it answers with an error, which an address without content does by itself",
        "Rank Math, redirection 2": "it is turned off in its plugin",
        "Rank Math, redirection 4": "it has no address, or one that cannot be read",
        "Yoast SEO, the redirect of post 89": "content stands at its address",
    }


@pytest.mark.parametrize("negotiation", [1, 2, 3], ids=["directory", "domain", "query"])
def test_each_language_of_wpml_keeps_its_addresses(mariadb: str, tmp_path: Path, negotiation: int) -> None:
    if not GENERATOR.is_file():
        pytest.skip("the generator of large databases is not there")
    command = [sys.executable, str(GENERATOR), "--url", mariadb, "--posts", "300", "--seed", "3"]
    subprocess.run(command, check=True, capture_output=True)
    domains = {"es": "es.example.org", "fr": "fr.example.org"}
    settings = serialized(
        {"default_language": "en", "language_negotiation_type": negotiation, "language_domains": domains}
    )
    with create_engine(mariadb).begin() as connection:
        connection.execute(text("DELETE FROM wp_options WHERE option_name = 'icl_sitepress_settings'"))
        statement = "INSERT INTO wp_options (option_name, option_value) VALUES ('icl_sitepress_settings', :value)"
        connection.execute(text(statement), {"value": settings})
    known = read_known(mariadb, tmp_path)
    book, languages = known.data.addresses, known.data.languages
    homes = dict.fromkeys(languages.codes, "https://www.example.org")
    if negotiation == 2:
        homes |= {code: f"https://{domain}" for code, domain in domains.items()}
    checked: Counter[str] = Counter()
    for post in known.data.wordpress.posts.values():
        path, code = book.post_path(post.id), languages.of_post.get(post.id, "en")
        if path is None or post.status != "publish" or code not in homes:
            continue
        found = book.resolve(f"{homes[code]}{path}{f'?lang={code}' if negotiation == 3 else ''}")
        assert found is not None
        assert found.source_id is not None
        twin = known.data.wordpress.posts[found.source_id]
        assert (languages.of_post.get(twin.id, "en"), book.post_path(twin.id)) == (code, path)
        checked[code] += 1
    assert len(checked) > 1
    rows = known.rows()
    assert len({row.from_path for row in rows}) == len(rows)
    assert Counter(row.origin for row in rows)["old_slug"] > 0
