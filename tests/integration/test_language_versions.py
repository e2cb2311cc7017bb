"""Sites that hold all languages of a post in that post, from their tables to rows of the CMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from flows.settings import read_settings
from flows.verification.steps import verify_site
from flows.wiring import open_site
from tests.migrations import UNREACHABLE, live_content, migrate
from tests.small_sites import SmallSite, php, small_site
from tests.translations import TranslatedSite, copied_database


@dataclass(frozen=True)
class Moved:
    """A site that was migrated, for tests that only look."""

    path: Path
    cms: str
    home: Path


@contextmanager
def moved(make: Callable[[SmallSite], None], server: str, home: Path) -> Iterator[Moved]:
    """Fill a site and migrate it into a database of its own."""
    with copied_database(server) as cms:
        with small_site(home / "site.sqlite") as site:
            make(site)
        assert migrate(home / "site.sqlite", cms=cms, home=home).document["outcome"] == "complete"
        yield Moved(home / "site.sqlite", cms, home)


@pytest.fixture(scope="module")
def qtranslate(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    """A site with qTranslate-XT."""
    with moved(make_qtranslate, postgres_server, tmp_path_factory.mktemp("qtranslate")) as site:
        yield site


@pytest.fixture(scope="module")
def translatepress(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    """A site with TranslatePress, whose Portuguese is not ready yet."""
    with moved(make_translatepress, postgres_server, tmp_path_factory.mktemp("translatepress")) as site:
        yield site


def rows(cms: str, table: str, columns: str = "*") -> list[dict[str, Any]]:
    """The living rows of a table."""
    with psycopg.connect(cms.replace("+psycopg", ""), row_factory=dict_row) as connection:
        query = f"SELECT {columns} FROM cms.{table} WHERE deleted_at IS NULL ORDER BY 1, 2"
        return connection.execute(query.encode()).fetchall()


def make_qtranslate(site: SmallSite) -> None:
    site.option("active_plugins", php(["qtranslate-xt/qtranslate.php"]))
    site.option("qtranslate_default_language", "en")
    site.option("qtranslate_enabled_languages", php(["en", "fr", "de"]))
    site.option("qtranslate_url_mode", "2")
    site.option("qtranslate_hide_default_language", "1")
    site.option("qtranslate_term_name", php({"News": {"en": "News", "fr": "Actualités"}}))
    site.option("blogname", "[:en]Our house[:fr]Notre maison[:]")
    site.option("widget_text", php({"2": {"title": "[:en]Hours[:fr]Heures d’été[:]"}}))
    site.post(
        1,
        "[:en]Welcome[:fr]Bienvenue[:]",
        '<p>[:en]See <a href="https://example.test/second/">this</a>.[:fr]Voir '
        '<a href="https://example.test/second/">ceci</a>.[:]</p><p>[:en]Two[:fr]Deux[:]</p>',
        post_name="welcome",
        meta={"_yoast_wpseo_metadesc": "[:en]A greeting[:fr]Un salut[:]", "qtranslate_slug_fr": "bienvenue"},
    )
    site.post(
        2,
        "<!--:en-->Second<!--:--><!--:fr-->Deuxième<!--:-->",
        "<!--:en--><p>One</p><!--:--><!--:fr--><p>Un</p><!--:-->",
        post_name="second",
    )
    site.post(3, "Plain", "<p>The same [:] for all</p>", post_name="plain")
    site.post(4, "[:fr]Seulement[:]", "[:fr]<p>Rien d'autre</p>[:]", post_name="seulement")
    site.post(5, "[:en]Parent[:de]Eltern[:]", "[:en]a[:de]b[:]", post_type="page", post_name="parent")
    site.post(
        6, "[:en]Child[:de]Kind[:]", "[:en]a[:de]b[:]", post_type="page", post_name="child", post_parent=5,
        meta={"qtranslate_slug_de": "kind"},
    )  # fmt: skip
    site.post(7, "[:en]Late[:de]Spät[:]", "[:en]Only in English[:]", post_name="late", post_type="page")
    site.post(8, "[:en]Door[:fr]Porte[:]", post_type="attachment", post_status="inherit", post_name="door")
    site.term(10, "category", "News", "news", posts=[1], description="[:en]What is new[:fr]Du nouveau[:]")
    site.term(11, "nav_menu", "Main", "main")
    site.menu_item(20, 11, "", order=1, type="post_type", object="post", object_id="1")
    site.menu_item(21, 11, "[:en]Archive[:fr]Archives[:]", order=2, type="custom", url="https://example.test/second/")
    site.menu_item(23, 11, "[:en]Language[:fr]Langue[:]", order=4, type="custom", url="#qtransLangSw?current=hidden")
    site.menu_item(22, 11, "", order=3, type="taxonomy", object="category", object_id="1010")


def test_texts_between_tags_become_rows_of_their_languages(qtranslate: Moved) -> None:
    found = rows(qtranslate.cms, "articles", "coalesce(wp_post_id, 0) AS wp, language, title, path, content_html, seo")
    assert [(row["wp"], row["language"], row["title"], row["path"]) for row in found] == [
        (0, "fr", "Bienvenue", "/fr/bienvenue/"),
        (0, "fr", "Deuxième", "/fr/second/"),
        (1, "en", "Welcome", "/welcome/"),
        (2, "en", "Second", "/second/"),
        (3, "en", "Plain", "/plain/"),
        (4, "fr", "Seulement", "/fr/seulement/"),
    ]
    french, english = found[0], found[2]
    assert french["content_html"] == '<p>Voir <a href="/fr/second/">ceci</a>.</p>\n<p>Deux</p>'
    assert english["content_html"] == '<p>See <a href="/second/">this</a>.</p>\n<p>Two</p>'
    assert french["seo"]["description"] == "Un salut"
    assert found[4]["content_html"] == "<p>The same [:] for all</p>"


def test_groups_join_an_object_with_its_versions(qtranslate: Moved) -> None:
    with psycopg.connect(qtranslate.cms.replace("+psycopg", "")) as connection:
        pairs = connection.execute(
            "SELECT o.title, t.title, t.translation_origin::text FROM cms.articles t "
            "JOIN cms.articles o ON o.id = t.translated_from_id AND o.translation_group_id = t.translation_group_id "
            "ORDER BY 1"
        ).fetchall()
        pages = connection.execute(
            "SELECT t.title, p.title, t.path FROM cms.pages t JOIN cms.pages p ON p.id = t.parent_id ORDER BY 1"
        ).fetchall()
        terms = connection.execute(
            "SELECT language, name, description, path, wp_term_id FROM cms.terms WHERE taxonomy = 'category' ORDER BY 1"
        ).fetchall()
        filed = connection.execute(
            "SELECT a.title, t.name FROM cms.term_relationships r JOIN cms.articles a ON a.id = r.article_id "
            "JOIN cms.terms t ON t.id = r.term_id ORDER BY 1"
        ).fetchall()
    assert pairs == [("Second", "Deuxième", "human"), ("Welcome", "Bienvenue", "human")]
    assert pages == [("Child", "Parent", "/parent/child/"), ("Kind", "Eltern", "/de/parent/kind/")]
    assert terms == [
        ("en", "News", "What is new", "/category/news/", 1010),
        ("fr", "Actualités", "Du nouveau", "/fr/category/news/", None),
    ]
    assert filed == [("Bienvenue", "Actualités"), ("Welcome", "News")]


def test_a_menu_and_the_settings_speak_their_language(qtranslate: Moved) -> None:
    with psycopg.connect(qtranslate.cms.replace("+psycopg", "")) as connection:
        items = connection.execute(
            "SELECT m.language, i.label, i.url FROM cms.menu_items i JOIN cms.menus m ON m.id = i.menu_id "
            "ORDER BY m.language, i.position"
        ).fetchall()
        settings = dict(connection.execute("SELECT key, value FROM cms.settings").fetchall())
    assert [item for item in items if item[0] in ("en", "fr")] == [
        ("en", "Welcome", "/welcome/"),
        ("en", "Archive", "/second/"),
        ("en", "News", "/category/news/"),
        ("en", "Language", None),
        ("en", "fr", "/fr/"),
        ("en", "de", "/de/"),
        ("fr", "Bienvenue", "/fr/bienvenue/"),
        ("fr", "Archives", "/fr/second/"),
        ("fr", "Actualités", "/fr/category/news/"),
        ("fr", "Langue", None),
        ("fr", "en", "/"),
        ("fr", "de", "/de/"),
    ]
    assert settings["blogname"] == "Our house"
    assert settings["widget_text"] == {"2": {"title": "Hours"}}


def test_a_resync_ends_where_a_first_migration_of_the_new_texts_would(
    postgres: str, postgres_database: Any, tmp_path: Path
) -> None:
    path = tmp_path / "site.sqlite"
    with small_site(path) as site:
        make_qtranslate(site)
    migrate(path, cms=postgres, home=tmp_path / "one")
    again = migrate(path, cms=postgres, home=tmp_path / "one").document
    assert all(not counts["loaded"] for counts in again["entities"].values())
    with small_site(path) as site:
        site.run("UPDATE {p}posts SET post_title = ? WHERE ID = 2", "[:en]Second[:fr]Encore[:de]Zweite[:]")
        site.run("UPDATE {p}posts SET post_content = ? WHERE ID = 2", "[:en]One[:fr]Un[:de]Eins[:]")
        site.run("UPDATE {p}posts SET post_title = 'Welcome', post_content = '<p>Two</p>' WHERE ID = 1")
    migrate(path, cms=postgres, home=tmp_path / "one")
    with postgres_database() as fresh:
        migrate(path, cms=fresh, home=tmp_path / "two")
        assert live_content(postgres) == live_content(fresh)


DICTIONARY = """
    CREATE TABLE {p}trp_dictionary_en_us_%s (
        id INTEGER PRIMARY KEY, original TEXT, translated TEXT, status INTEGER DEFAULT 0,
        block_type INTEGER DEFAULT 0, original_id INTEGER)
"""
OTHER_TABLES = (
    "CREATE TABLE {p}trp_original_meta (meta_id INTEGER, original_id INTEGER, meta_key TEXT, meta_value TEXT)",
    "CREATE TABLE {p}trp_slug_originals (id INTEGER PRIMARY KEY, original TEXT, type TEXT)",
    "CREATE TABLE {p}trp_slug_translations (id INTEGER, original_id INTEGER, translated TEXT, language TEXT)",
)
FRENCH = (  # original, translated, status, block_type
    ("Our house – really", "Notre maison", 2, 0),
    ("Tom &amp; Ann", "Tom et Ann", 2, 0),
    ("A <strong>bold</strong> claim", "Une affirmation <strong>audacieuse</strong>", 2, 1),
    ("A red door", "Une porte rouge", 2, 0),
    ("Nobody’s words", "", 0, 0),
    ("Contact", "Contactez-nous", 1, 0),
    ("News", "Actualités", 2, 0),
    ("Where we live", "Où nous vivons", 2, 0),
    ("Old block", "Vieux", 2, 2),
)


def make_translatepress(site: SmallSite) -> None:
    site.option("active_plugins", php(["translatepress-multilingual/index.php"]))
    settings = {
        "default-language": "en_US",
        "translation-languages": ["en_US", "fr_FR", "pt_BR", "pt_PT"],
        "publish-languages": ["en_US", "fr_FR"],
        "url-slugs": {"en_US": "en", "fr_FR": "fr", "pt_BR": "pt-br", "pt_PT": "pt"},
        "add-subdirectory-to-default-language": "no",
    }
    site.option("trp_settings", php(settings))
    for statement in (DICTIONARY % "fr_fr", DICTIONARY % "pt_br", *OTHER_TABLES):
        site.run(statement)
    for number, (original, translated, status, block_type) in enumerate(FRENCH, 1):
        site.add(
            "trp_dictionary_en_us_fr_fr", id=number, original=original, translated=translated, status=status,
            block_type=block_type, original_id=number,
        )  # fmt: skip
    site.add("trp_dictionary_en_us_pt_br", original="Contact", translated="Contato", status=2, block_type=0)
    site.add("trp_slug_originals", id=1, original="our-house", type="post")
    site.add("trp_slug_translations", id=1, original_id=1, translated="notre-maison", language="fr_FR")
    site.post(
        1,
        "Our house - really",
        "<p>Tom & Ann</p>\n<p>A <strong>bold</strong> claim</p>\n"
        '<p><img src="x.jpg" alt="A red door"> <a href="/contact/">Contact</a><br>Nobody’s words</p>',
        post_name="our-house",
        post_type="page",
        meta={"_yoast_wpseo_metadesc": "Where we live", "colour": "News"},
    )
    site.post(2, "Contact", "<p>Nobody’s words</p>", post_name="contact", post_type="page")
    site.post(3, "Untitled", "<p>A red door</p>", post_name="untitled")
    site.post(4, "Not translated", "<p>At all</p>", post_name="not-translated")
    site.add("trp_original_meta", original_id=4, meta_key="post_parent_id", meta_value="3")
    site.add("trp_original_meta", original_id=5, meta_key="post_parent_id", meta_value="4")  # has no words yet
    site.term(10, "category", "News", "news", posts=[3])


def test_dictionaries_become_rows_of_their_languages(translatepress: Moved) -> None:
    columns = (
        "language, path, title, translation_origin::text AS origin, status::text AS status, content_html, "
        "content_text, seo, custom_fields"
    )
    pages, articles = rows(translatepress.cms, "pages", columns), rows(translatepress.cms, "articles", columns)
    assert [(row["language"], row["path"], row["title"], row["origin"]) for row in (*pages, *articles)] == [
        ("en", "/contact/", "Contact", "source"),
        ("en", "/our-house/", "Our house - really", "source"),
        ("fr", "/fr/contact/", "Contactez-nous", "machine"),
        ("fr", "/fr/notre-maison/", "Notre maison", "machine"),
        ("pt-br", None, "Contato", "human"),
        ("en", "/not-translated/", "Not translated", "source"),
        ("en", "/untitled/", "Untitled", "source"),
        ("fr", "/fr/untitled/", "Untitled", "human"),
    ]
    assert [row["language"] for row in pages if row["status"] == "draft"] == ["pt-br"]  # visitors do not see it yet
    house = pages[3]
    assert house["content_html"] == (
        "<p>Tom et Ann</p>\n<p>Une affirmation <strong>audacieuse</strong></p>\n"
        '<p><img src="x.jpg" alt="Une porte rouge" loading="lazy" decoding="async"> '
        '<a href="/fr/contact/">Contactez-nous</a><br>Nobody’s words</p>'
    )
    assert house["content_text"].startswith("Tom et Ann Une affirmation audacieuse")
    assert house["seo"]["description"] == "Où nous vivons"
    assert house["custom_fields"]["colour"] == "News"
    assert articles[2]["content_html"] == "<p>Une porte rouge</p>"
    terms = rows(translatepress.cms, "terms", "language, name, path, translation_origin::text AS origin")
    assert [tuple(row.values()) for row in terms] == [
        ("en", "News", "/category/news/", "source"),
        ("fr", "Actualités", "/fr/category/news/", "human"),
    ]
    with psycopg.connect(translatepress.cms.replace("+psycopg", "")) as connection:
        partial = connection.execute("SELECT detail FROM migration.issues WHERE code = 'languages.partial'").fetchall()
    assert any("Nobody’s words" in detail for (detail,) in partial)


def test_a_text_that_is_translated_later_reaches_the_rows_that_show_it(
    postgres: str, postgres_database: Any, tmp_path: Path
) -> None:
    path = tmp_path / "site.sqlite"
    with small_site(path) as site:
        make_translatepress(site)
    migrate(path, cms=postgres, home=tmp_path / "one")
    with small_site(path) as site:
        site.run(
            "UPDATE {p}trp_dictionary_en_us_fr_fr SET translated = 'Les mots de personne', status = 2 WHERE id = 5"
        )
        site.run("DELETE FROM {p}trp_dictionary_en_us_pt_br")
        site.run("UPDATE {p}trp_slug_translations SET translated = 'chez-nous'")
    again = migrate(path, cms=postgres, home=tmp_path / "one").document["entities"]
    assert again["pages"]["deleted"] == 1
    assert again["articles"]["loaded"] == 2  # the post that had no words before, and its first translation
    [house] = [row for row in rows(postgres, "pages", "path, content_html") if "Tom et Ann" in row["content_html"]]
    assert (house["path"], "Les mots de personne" in house["content_html"]) == ("/fr/chez-nous/", True)
    with postgres_database() as fresh:
        migrate(path, cms=fresh, home=tmp_path / "two")
        assert live_content(postgres) == live_content(fresh)


@pytest.mark.parametrize("name", ["qtranslate", "translatepress"])
def test_verification_finds_nothing_to_say_of_a_fresh_migration(name: str, request: pytest.FixtureRequest) -> None:
    site: Moved = request.getfixturevalue(name)
    given = {"source": str(site.path), "cms": site.cms, "metrics": UNREACHABLE, "media": str(site.home / "media")}
    settings = read_settings(None, ("site",), given).model_copy(update={"home": site.home})
    with open_site(settings, "site") as opened:
        found = verify_site(opened, workers=1)
    assert found.differences == ()
    for entity, counts in found.counts.items():
        assert counts["source"] == counts["cms"] + counts["skipped"] + counts["rejected"], entity


def test_words_without_a_row_of_their_language_are_reported(qtranslate: Moved) -> None:
    with psycopg.connect(qtranslate.cms.replace("+psycopg", "")) as connection:
        query = "SELECT source_id, detail FROM migration.issues WHERE code = 'languages.left_out' ORDER BY 1"
        found = dict(connection.execute(query).fetchall())
    assert found.keys() == {7, 8}
    assert "Its words in de were left out" in found[7]
    assert "files have one language" in found[8]
    assert [row["title"] for row in rows(qtranslate.cms, "media", "title, kind")] == ["Door"]


def test_words_of_the_site_take_the_place_of_a_machines(postgres: str, tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite"
    with small_site(path) as site:
        make_qtranslate(site)
    translated = TranslatedSite(path, postgres, tmp_path)

    def beside_plain() -> list[str]:
        """Who wrote the translations of the post that says the same in all languages."""
        made = translated.query(
            "SELECT other.translation_origin::text AS origin FROM cms.articles AS plain JOIN cms.articles AS other "
            "ON other.translation_group_id = plain.translation_group_id AND other.id <> plain.id "
            "WHERE plain.wp_post_id = 3 AND other.deleted_at IS NULL"
        )
        return [row["origin"] for row in made]

    translated.migrate()
    translated.translate("fr")
    assert beside_plain() == ["machine"]
    with small_site(path) as site:
        change = "UPDATE {p}posts SET post_title = ?, post_content = ? WHERE ID = 3"
        site.run(change, "[:en]Plain[:fr]Nu[:]", "[:en]a[:fr]b[:]")
    translated.migrate()
    assert beside_plain() == ["human"]
