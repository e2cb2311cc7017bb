"""Translations stay in step with their originals, and never in the way of people."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from cms_models import db
from cms_models.errors import RowsEditedError
from cms_models.language_queries import read_stored_languages
from flows.rollback import roll_back
from tests.translations import TABLES
from tests.translations import TranslatedSite as Site


def translated(site: Site) -> dict[str, Any]:
    """Translate a site into German, and return one of the articles made, with its original's id in WordPress."""
    site.translate("de")
    return site.one(
        """
        SELECT made.id, original.wp_post_id FROM cms.articles AS made
        JOIN cms.articles AS original ON original.id = made.translated_from_id
        WHERE made.language = 'de' ORDER BY made.path LIMIT 1
        """
    )


def edit_original(site: Site, made: dict[str, Any], values: str) -> None:
    """Set values of the post that a translation was made of, and carry them over."""
    site.edit(f"UPDATE wp_posts SET {values} WHERE ID = {made['wp_post_id']}")
    site.migrate()


def test_verify_finds_nothing_to_say_about_translations(site: Site) -> None:
    before = site.differences()
    site.translate("es", "fr", "de")
    assert site.differences() == before


def test_a_resync_leaves_translations_and_their_groups_alone(site: Site) -> None:
    site.translate("de")
    before = {table: site.rows(table) for table in TABLES}
    again = site.migrate()
    assert again["rows_written"] == 0
    site.edit("UPDATE wp_posts SET post_modified_gmt = '2026-01-01 00:00:00' WHERE post_type IN ('post', 'page')")
    site.migrate()
    after = {table: site.rows(table) for table in TABLES}
    assert {table: rows.keys() for table, rows in after.items()} == {t: rows.keys() for t, rows in before.items()}
    assert not site.query("SELECT id FROM cms.articles WHERE translation_group_id IS NULL AND status = 'published'")
    assert not site.query("SELECT * FROM migration.conflicts")


def test_a_person_who_edits_a_translation_keeps_it(site: Site) -> None:
    made = translated(site)
    site.query("UPDATE cms.articles SET title = 'Von Menschenhand' WHERE id = %s", made["id"])
    edit_original(site, made, "post_title = 'Another title'")
    site.translate("de")
    row = site.one("SELECT title, translation_origin::text AS origin FROM cms.articles WHERE id = %s", made["id"])
    assert row == {"title": "Von Menschenhand", "origin": "human"}


def test_what_a_person_has_edited_is_what_the_memory_says_from_then_on(site: Site) -> None:
    site.translate("de")
    site.query(
        "UPDATE cms.articles SET title = 'Wie man Nordlicht liest' WHERE language = 'de' AND path LIKE '%%how-to%%'"
    )
    site.translate("de")
    [learnt] = site.query(
        "SELECT target_text FROM migration.translation_memory"
        " WHERE source_text = 'How to read north light' AND target_language = 'de' AND origin = 'human'"
    )
    assert learnt == {"target_text": "Wie man Nordlicht liest"}


def test_a_translation_that_was_published_stays_so_when_its_words_change(site: Site) -> None:
    made = translated(site)
    site.query("UPDATE cms.articles SET status = 'published' WHERE id = %s", made["id"])
    edit_original(site, made, "post_title = 'ZZZ'")
    site.translate("de")
    row = site.one("SELECT left(title, 3) AS title, status::text FROM cms.articles WHERE id = %s", made["id"])
    assert row == {"title": "ŽŽŽ", "status": "published"}
    assert not site.query("SELECT * FROM migration.conflicts")


def test_what_is_gone_from_wordpress_takes_its_machine_translations_along(site: Site) -> None:
    made = translated(site)
    edit_original(site, made, "post_status = 'trash'")
    is_alive = "SELECT deleted_at IS NULL AS is_alive FROM cms.articles WHERE id = %s"
    assert site.one(is_alive, made["id"]) == {"is_alive": False}
    edit_original(site, made, "post_status = 'publish'")
    again = site.translate("de")
    assert (again.characters, site.one(is_alive, made["id"])) == (0, {"is_alive": True})


def test_a_human_translation_takes_the_place_of_a_machines(site: Site) -> None:
    """The twin of a Spanish article is written in WordPress after a machine has made one."""
    before = site.differences()
    site.translate("fr")
    made = site.one(
        """
        SELECT made.id, made.translation_group_id, original.wp_post_id FROM cms.articles AS made
        JOIN cms.articles AS original ON original.id = made.translated_from_id AND original.language = 'en'
        WHERE made.language = 'fr' AND made.wp_post_id IS NULL ORDER BY made.path LIMIT 1
        """
    )
    term = site_group(site, made["wp_post_id"])
    french = site_language(site, "fr")
    site.edit(
        "INSERT INTO wp_posts SELECT 99001, post_author, post_date, post_date_gmt, post_content, 'Par une personne',"
        " post_excerpt, post_status, comment_status, ping_status, post_password, 'par-une-personne', to_ping, pinged,"
        " post_modified, post_modified_gmt, post_content_filtered, 0, guid || 'fr', menu_order, post_type,"
        f" post_mime_type, 0 FROM wp_posts WHERE ID = {made['wp_post_id']}",
        f"INSERT INTO wp_term_relationships VALUES (99001, {french}, 0), (99001, {term}, 0)",
    )
    with closing(sqlite3.connect(site.wordpress)) as connection:
        [(description,)] = connection.execute(
            f"SELECT description FROM wp_term_taxonomy WHERE term_taxonomy_id = {term}"
        )
        count = int(description.split(":")[1])
        grown = description.replace(f"a:{count}:", f"a:{count + 1}:", 1)[:-1] + 's:2:"fr";i:99001;}'
        connection.execute("UPDATE wp_term_taxonomy SET description = ? WHERE term_taxonomy_id = ?", (grown, term))
        connection.commit()
    site.migrate()
    [person] = site.query("SELECT translation_group_id FROM cms.articles WHERE wp_post_id = 99001")
    assert person["translation_group_id"] == made["translation_group_id"]
    row = site.one("SELECT deleted_at IS NULL AS is_alive FROM cms.articles WHERE id = %s", made["id"])
    assert row == {"is_alive": False}
    assert site.translate("fr").characters == 0
    assert site.differences() == before


def site_group(site: Site, post: int) -> int:
    """The term that holds a post's translations in Polylang."""
    return _term(site, post, "post_translations")


def site_language(site: Site, slug: str) -> int:
    with closing(sqlite3.connect(site.wordpress)) as connection:
        [(found,)] = connection.execute(
            "SELECT term_taxonomy_id FROM wp_term_taxonomy JOIN wp_terms USING (term_id)"
            " WHERE taxonomy = 'language' AND slug = ?",
            (slug,),
        )
    return int(found)


def _term(site: Site, post: int, taxonomy: str) -> int:
    with closing(sqlite3.connect(site.wordpress)) as connection:
        [(found,)] = connection.execute(
            "SELECT term_taxonomy_id FROM wp_term_relationships JOIN wp_term_taxonomy USING (term_taxonomy_id)"
            " WHERE object_id = ? AND taxonomy = ?",
            (post, taxonomy),
        )
    return int(found)


def test_a_rollback_takes_a_translation_run_back(site: Site) -> None:
    before = {table: site.rows(table) for table in (*TABLES, "term_relationships", "translation_groups")}
    states = site.query("SELECT s::text FROM migration.entity_state s ORDER BY 1")
    done = site.translate("de", "es")
    roll_back(site.settings(), done.run_id, chain=False, discard_edits=False, rehearse=False)
    assert {table: site.rows(table) for table in before} == before
    assert site.query("SELECT s::text FROM migration.entity_state s ORDER BY 1") == states


def test_a_rollback_does_not_lose_what_a_person_has_edited(site: Site) -> None:
    done = site.translate("de")
    site.query("UPDATE cms.articles SET title = 'Von Hand' WHERE language = 'de'")
    with pytest.raises(RowsEditedError, match="were edited in the CMS since"):
        roll_back(site.settings(), done.run_id, chain=False, discard_edits=False, rehearse=False)


def test_a_changed_original_makes_its_machine_translations_stale_until_the_next_run(site: Site) -> None:
    def stale() -> dict[str, int]:
        with db.connect(site.cms) as connection:
            found = read_stored_languages(connection, site.one("SELECT id FROM cms.sites")["id"])
        return {one.entity: one.stale for one in found if one.language == "de" and one.stale}

    site.translate("de")
    site.edit("UPDATE wp_posts SET post_title = 'Another title' WHERE ID = 76")
    site.edit("UPDATE wp_posts SET comment_status = 'closed' WHERE ID = 81")  # no words
    assert stale() == {}
    site.migrate()
    assert stale() == {"articles": 1}
    site.translate("de")
    assert stale() == {}
