"""Languages, custom fields and search data of real sites, held against what WordPress says about them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cms_models.rows import Json
from transforms.contract import SiteRules
from transforms.fields import read_custom_fields
from transforms.languages import read_languages
from transforms.seo import read_seo
from transforms.site import Site
from transforms.site_data import build_site_data
from wp_models.queries import PostQuery
from wp_models.reader import read_batch, read_keys, read_site
from wp_models.records import WpPost, WpSite
from wp_models.sources.opening import open_source


@pytest.fixture(params=["studio", "demo"])
def known(
    request: pytest.FixtureRequest, fixture_site: Any, tmp_path: Path
) -> tuple[dict[str, Any], WpSite, list[WpPost]]:
    """WordPress's word, the site and its posts."""
    files = fixture_site(request.param)
    opener = gzip.open if files.oracle.suffix == ".gz" else open
    with opener(files.oracle, "rt", encoding="utf-8") as file:
        oracle = json.load(file)
    source = open_source(str(files.dump), cache=tmp_path)
    with source.connect() as connection:
        keys = read_keys(connection, source, PostQuery())
        posts = [post for post in read_batch(connection, source, PostQuery(), keys) if isinstance(post, WpPost)]
        return oracle, read_site(connection, source), posts


def together(groups: Any, one: int) -> set[int]:
    """The other members of an object's group."""
    return {other for other, group in groups.items() if group == groups.get(one) and other != one}


def test_posts_have_the_language_and_the_translations_that_polylang_gives_them(known: Any) -> None:
    oracle, site, _ = known
    languages = read_languages(site)
    assert languages.codes == tuple(language["slug"] for language in oracle["languages"]["list"])
    assert languages.issues == {}
    for post in oracle["posts"]:
        if post.get("language"):
            assert languages.of_post[post["id"]] == post["language"]
            assert together(languages.group_of_post, post["id"]) == set(post["translations"].values()) - {post["id"]}


def test_terms_have_the_language_and_the_translations_that_polylang_gives_them(known: Any) -> None:
    oracle, site, _ = known
    languages = read_languages(site)
    for term in oracle["terms"]:
        if term.get("language"):
            one = term["term_taxonomy_id"]
            assert languages.of_term[one] == term["language"]
            others = {site.terms[other].term_id for other in together(languages.group_of_term, one)}
            assert others == set(term["translations"].values()) - {term["term_id"]}


def leaves(value: Json) -> Counter[str]:
    """The single values in a field, numbers as texts; how groups name their parts does not count."""
    if isinstance(value, dict):
        return sum((leaves(item) for item in value.values()), Counter())
    if isinstance(value, list):
        return sum((leaves(item) for item in value), Counter())
    return Counter() if value in (None, False, "", "0", 0) else Counter([str(value)])


@pytest.mark.parametrize("has_definitions", [True, False], ids=["defined", "inferred"])
def test_custom_fields_hold_what_acf_reads_from_them(known: Any, has_definitions: bool) -> None:
    oracle, wordpress, posts = known
    if not has_definitions:
        wordpress = replace(wordpress, field_definitions={})
    data = build_site_data(wordpress, SiteRules(), site_id=1, site_key="test", media={})
    by_id = {post.id: post for post in posts}
    asked = [post for post in oracle["posts"] if post.get("acf")]
    assert asked
    for post in asked:
        fields, _ = read_custom_fields(by_id[post["id"]], Site(data))
        assert isinstance(fields, dict)
        for name, value in post["acf"]["raw"].items():
            assert leaves(fields[name]) == leaves(value), f"{name} of post {post['id']}"


def test_no_variable_is_left_in_search_data(known: Any) -> None:
    _, wordpress, posts = known
    data = build_site_data(wordpress, SiteRules(), site_id=1, site_key="test", media={})
    all_seo = [read_seo(post, Site(data))[0] for post in posts]
    assert any(all_seo)
    assert "%%" not in json.dumps(all_seo)


def test_wpml_of_a_generated_site_groups_originals_and_translations(mariadb: str, shared: Path, tmp_path: Path) -> None:
    maker = shared / "bench" / "make_wordpress_db.py"
    subprocess.run([sys.executable, maker, "--url", mariadb, "--posts", "200"], check=True, capture_output=True)
    source = open_source(mariadb, cache=tmp_path)
    with source.connect() as connection:
        site = read_site(connection, source)
    languages = read_languages(site)
    assert (languages.default, set(languages.codes)) == ("en", {"en", "fr"})
    translations = {row.element_id: row for row in site.wpml if row.source_language and row.element_id in site.posts}
    assert translations
    assert languages.original_of_post.keys() == translations.keys()
    for post, original in languages.original_of_post.items():
        assert (languages.of_post[post], languages.of_post[original]) == ("fr", "en")
        assert together(languages.group_of_post, post) == {original}
    assert languages.issues == {}
