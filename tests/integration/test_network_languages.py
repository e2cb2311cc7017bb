"""Networks with a blog for each language: what belongs together has one group in all of their sites."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.migrations import migrate
from tests.small_sites import SmallSite, php, small_site
from transforms.contract import SiteRules
from transforms.languages import read_languages
from transforms.site import Site
from transforms.site_data import SiteData, build_site_data
from wp_models.reader import read_site
from wp_models.sources import open_source

VERSION_3 = (
    "CREATE TABLE wp_mlp_relationships (id INTEGER PRIMARY KEY, type TEXT)",
    "CREATE TABLE wp_mlp_content_relations (relationship_id INTEGER, site_id INTEGER, content_id INTEGER)",
)
VERSION_2 = (
    "CREATE TABLE wp_multilingual_linked (ml_id INTEGER PRIMARY KEY, ml_source_blogid INTEGER, "
    "ml_source_elementid INTEGER, ml_blogid INTEGER, ml_elementid INTEGER, ml_type TEXT)"
)


def fill(site: SmallSite, first: int, title: str) -> None:
    """Three posts and a category."""
    for number in range(first, first + 3):
        site.post(number, f"{title} {number}")
    site.term(first, "category", title, title.lower())


def network(path: Path, statements: tuple[str, ...], settings: str, locales: dict[int, str]) -> None:
    """Two blogs: posts 1 to 3 of the first are 11 to 13 in the second."""
    with small_site(path) as main:
        fill(main, 1, "Post")
        main.run("CREATE TABLE wp_blogs (blog_id INTEGER, domain TEXT, path TEXT, archived, spam, deleted)")
        main.run(
            "CREATE TABLE wp_sitemeta (meta_id INTEGER PRIMARY KEY, site_id INTEGER, meta_key TEXT, meta_value TEXT)"
        )
        main.add("sitemeta", meta_key="siteurl", meta_value="https://example.test/")
        main.add(
            "sitemeta", meta_key=settings, meta_value=php({blog: {"lang": code} for blog, code in locales.items()})
        )
        for statement in statements:
            main.run(statement)
    with small_site(path, prefix="wp_2_") as other:
        fill(other, 11, "Beitrag")
        other.option("siteurl", "https://example.test/de")


def blog(path: Path, blog_id: int) -> SiteData:
    """What one blog says of itself, as a site with a key of its own."""
    source = open_source(str(path), blog_id=blog_id, cache=path.parent)
    with source.connect() as connection:
        wordpress = read_site(connection, source)
    return build_site_data(wordpress, SiteRules(), site_id=blog_id, site_key=f"blog{blog_id}", media={})


def test_groups_of_version_3_have_one_id_in_all_blogs(tmp_path: Path) -> None:
    path = tmp_path / "network.sqlite"
    network(path, VERSION_3, "multilingualpress_site_settings", {1: "en-US", 2: "de-DE"})
    with small_site(path) as main:
        for group, kind, members in ((5, "post", (1, 11)), (6, "post", (2,)), (7, "term", (1, 11))):
            main.add("mlp_relationships", id=group, type=kind)
            for blog_id, member in enumerate(members, 1):
                main.add("mlp_content_relations", relationship_id=group, site_id=blog_id, content_id=member)
    one, two = blog(path, 1), blog(path, 2)
    assert (one.languages.default, two.languages.default) == ("en", "de")
    assert Site(one).group_of_post(1) == Site(two).group_of_post(11) is not None
    assert Site(one).group_of_term(1) == Site(two).group_of_term(11) != Site(one).group_of_post(1)
    assert [Site(one).group_of_post(2), Site(two).group_of_post(12)] == [None, None]
    assert Site(two).language_of_post(12) == "de"


def test_sites_of_a_network_share_groups_in_the_cms_and_leave_each_other_alone(postgres: str, tmp_path: Path) -> None:
    path = tmp_path / "network.sqlite"
    network(path, VERSION_3, "multilingualpress_site_settings", {1: "en-US", 2: "de-DE"})
    with small_site(path) as main:
        main.add("mlp_relationships", id=5, type="post")
        main.add("mlp_content_relations", relationship_id=5, site_id=1, content_id=1)
        main.add("mlp_content_relations", relationship_id=5, site_id=2, content_id=11)
    for blog_id in (1, 2):
        migrate(path, cms=postgres, home=tmp_path, key=f"blog{blog_id}", blog=blog_id)
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        together = connection.execute(
            "SELECT s.key, a.language, a.title FROM cms.articles a JOIN cms.sites s ON s.id = a.site_id "
            "JOIN cms.translation_groups g ON g.id = a.translation_group_id ORDER BY 1"
        ).fetchall()
    assert together == [("blog1", "en", "Post 1"), ("blog2", "de", "Beitrag 11")]
    for blog_id in (1, 2):
        again = migrate(path, cms=postgres, home=tmp_path, key=f"blog{blog_id}", blog=blog_id).document
        assert all(not counts["loaded"] for counts in again["entities"].values())


def test_pairs_of_version_2_are_groups_around_their_source(tmp_path: Path) -> None:
    path = tmp_path / "network.sqlite"
    network(path, (VERSION_2,), "inpsyde_multilingual", {1: "en_US", 2: "de_DE"})
    with small_site(path) as main:
        links = ((1, 1, 1, 1, "post"), (1, 1, 2, 11, "post"), (1, 1, 2, 11, "term"), (1, 2, 1, 2, "post"))
        for number, (source_blog, source, blog_id, element, kind) in enumerate(links):
            main.add(
                "multilingual_linked", ml_id=number, ml_source_blogid=source_blog, ml_source_elementid=source,
                ml_blogid=blog_id, ml_elementid=element, ml_type=kind,
            )  # fmt: skip
    one, two = blog(path, 1), blog(path, 2)
    assert Site(one).group_of_post(1) == Site(two).group_of_post(11) is not None
    assert Site(one).group_of_term(1) == Site(two).group_of_term(11) is not None
    assert Site(one).group_of_post(2) is None


def test_two_blogs_of_one_language_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "network.sqlite"
    network(path, VERSION_3, "multilingualpress_site_settings", {1: "de-DE", 2: "de-AT"})
    assert [blog(path, number).languages.codes for number in (1, 2)] == [("de-de",), ("de-at",)]


def test_options_of_the_language_switcher_name_the_same_group_in_all_blogs(tmp_path: Path) -> None:
    path = tmp_path / "network.sqlite"
    network(path, (), "none", {})
    with small_site(path) as main:
        main.option("msls_1", php({"de_DE": 11, "fr_FR": 21}))
        main.option("msls_2", php({}))
        main.option("msls_term_1001", php({"de_DE": "1011"}))
    with small_site(path, prefix="wp_2_") as other:
        other.option("WPLANG", "de_DE")
        other.option("msls_11", php({"us": 1, "fr_FR": 21}))  # as old versions call American English
        other.option("msls_term_1011", php({"en_US": 1001}))
    one, two = blog(path, 1), blog(path, 2)
    assert (one.languages.default, two.languages.default) == ("en", "de")
    assert Site(one).group_of_post(1) == Site(two).group_of_post(11) is not None
    assert Site(one).group_of_term(1) == Site(two).group_of_term(11) is not None
    assert Site(one).group_of_post(2) is None


def test_a_network_without_the_plugin_has_the_language_of_each_blog(tmp_path: Path, fixture_site) -> None:
    for number in (1, 2, 3):
        source = open_source(str(fixture_site("network").dump), blog_id=number, cache=tmp_path)
        with source.connect() as connection:
            wordpress = read_site(connection, source)
        assert wordpress.network is None
        assert read_languages(wordpress).network == ""
