"""Names, taglines and labels in other languages become a setting for each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from tests.migrations import migrate
from tests.small_sites import SmallSite, php, small_site

STRINGS = (
    "CREATE TABLE {p}icl_strings (id INTEGER PRIMARY KEY, language TEXT, context TEXT, name TEXT, value TEXT)",
    "CREATE TABLE {p}icl_string_translations (id INTEGER PRIMARY KEY, string_id, language TEXT, status, value TEXT)",
)


def settings(cms: str) -> dict[str, Any]:
    """What the CMS holds of translated texts."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        query = "SELECT key, value FROM cms.settings WHERE key LIKE 'translations.%' ORDER BY key"
        return dict(connection.execute(query).fetchall())


def polylang_language(site: SmallSite, number: int, slug: str, texts: list[list[str]]) -> None:
    site.term(number, "language", slug.upper(), slug)
    site.add("termmeta", term_id=number + 1000, meta_key="_pll_strings_translations", meta_value=php(texts))


def test_texts_of_polylang_wpml_and_qtranslate_are_settings_of_their_language(postgres: str, tmp_path: Path) -> None:
    with small_site(tmp_path / "site.sqlite") as site:
        polylang_language(site, 1, "en", [["Example", "Example"]])
        polylang_language(site, 2, "es", [["Example", "Ejemplo"], ["Read more", "Leer más"], ["Empty", ""]])
        site.term(3, "language", "Deutsch", "de")  # of a version that kept them in a post
        site.post(9, "polylang_mo_1003", post_type="polylang_mo", post_status="private")
        site.add("postmeta", post_id=9, meta_key="_pll_strings_translations", meta_value=php([["Example", "Beispiel"]]))
        for statement in STRINGS:
            site.run(statement)
        site.add("icl_strings", id=1, language="en", context="WP", name="Blog Title", value="Example")
        for language, status, value in (("fr", 10, "Exemple"), ("pt", 0, "Exemplo"), ("it", 10, None)):
            site.add("icl_string_translations", string_id=1, language=language, status=status, value=value)
    migrate(tmp_path / "site.sqlite", cms=postgres, home=tmp_path)
    assert settings(postgres) == {
        "translations.de": [{"source": "Example", "translation": "Beispiel"}],
        "translations.es": [
            {"source": "Example", "translation": "Ejemplo"},
            {"source": "Read more", "translation": "Leer más"},
        ],
        "translations.fr": [
            {"source": "Example", "translation": "Exemple", "context": "WP", "name": "Blog Title"},
        ],
    }


def test_a_changed_text_changes_its_language_only_and_a_lost_one_goes(postgres: str, tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite"
    with small_site(path) as site:
        polylang_language(site, 1, "en", [])
        polylang_language(site, 2, "es", [["Example", "Ejemplo"]])
        polylang_language(site, 3, "fr", [["Example", "Exemple"]])
        polylang_language(site, 4, "de", [["Example", "Beispiel"]])
    migrate(path, cms=postgres, home=tmp_path)
    assert migrate(path, cms=postgres, home=tmp_path).document["entities"]["settings"]["loaded"] == 0
    with small_site(path) as site:
        site.run("UPDATE {p}termmeta SET meta_value = ? WHERE term_id = 1002", php([["Example", "El ejemplo"]]))
        site.run("DELETE FROM {p}termmeta WHERE term_id = 1003")
    done = migrate(path, cms=postgres, home=tmp_path).document["entities"]["settings"]
    assert (done["loaded"], done["deleted"]) == (1, 1)
    assert settings(postgres) == {
        "translations.de": [{"source": "Example", "translation": "Beispiel"}],
        "translations.es": [{"source": "Example", "translation": "El ejemplo"}],
    }


def test_options_of_qtranslate_keep_their_other_languages(postgres: str, tmp_path: Path) -> None:
    with small_site(tmp_path / "site.sqlite") as site:
        site.option("qtranslate_default_language", "en")
        site.option("qtranslate_enabled_languages", php(["en", "fr"]))
        site.option("blogname", "[:en]Our house[:fr]Notre maison[:]")
        site.option("widget_text", php({"2": {"title": "[:en]Hours[:fr]Heures[:]", "n": 3}}))
        site.option("auth_key", "[:en]secret[:fr]secret[:]")
    migrate(tmp_path / "site.sqlite", cms=postgres, home=tmp_path)
    assert settings(postgres) == {
        "translations.fr": [
            {"source": "Our house", "translation": "Notre maison", "context": "option", "name": "blogname"},
            {
                "source": {"2": {"title": "Hours", "n": 3}},
                "translation": {"2": {"title": "Heures", "n": 3}},
                "context": "option",
                "name": "widget_text",
            },
        ]
    }
