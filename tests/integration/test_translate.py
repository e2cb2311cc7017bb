"""Translations that wpferry makes: complete, kept apart from people's, in step with their originals."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from flows.plan import plan_site
from flows.progress import Lines
from flows.services.translation.engine import EngineUnreachableError
from flows.services.translation.libretranslate import LibreTranslateEngine
from flows.translation.memory_files import export_memory, import_memory
from tests.engine_servers import Answer, engine_server, said, shouted
from tests.migrations import UNREACHABLE
from tests.translations import TABLES, CountingEngine, copied_database
from tests.translations import TranslatedSite as Site
from transforms.translation.placeholders import without_marks

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}


def test_everything_published_exists_in_all_languages_and_peoples_words_are_as_they_were(site: Site) -> None:
    before = {table: site.rows(table) for table in TABLES}
    site.translate("es", "fr")
    for table in TABLES:
        published = "" if table == "terms" else "AND status = 'published' AND wp_post_id IS NOT NULL"
        lacking = site.query(
            f"""
            SELECT id FROM cms.{table} AS one WHERE deleted_at IS NULL AND language IS NOT NULL {published} AND (
                SELECT count(DISTINCT language) FROM cms.{table} AS twin
                WHERE twin.translation_group_id = one.translation_group_id AND twin.deleted_at IS NULL
            ) < 3
            """
        )
        assert not lacking, table
        after = site.rows(table)
        grouped = site.rows(table, "translation_group_id IS NOT NULL")
        changed = [row_id for row_id, text in before[table].items() if after[row_id] != text]
        originals = {row["translated_from_id"] for row in site.query(f"SELECT translated_from_id FROM cms.{table}")}
        assert all(row_id in grouped and row_id in originals for row_id in changed)  # a group of their own, no more
    [human] = site.query("SELECT count(*) AS number FROM cms.articles WHERE translation_origin = 'human'")
    assert human["number"] > 0


def test_a_second_run_asks_for_nothing_and_writes_nothing(site: Site) -> None:
    site.translate()
    before = {table: site.rows(table) for table in TABLES}
    engine = CountingEngine()
    again = site.translate(engine=engine)
    assert (again.characters, again.rows_written, engine.asked) == (0, 0, [])
    assert {table: site.rows(table) for table in TABLES} == before


def libretranslate_in_any_language(_path: str, request: dict[str, Any], _headers: Mapping[str, str]) -> Answer:
    return said(200, translatedText=[shouted(text) for text in request["q"]])


def test_a_changed_paragraph_is_the_only_one_that_is_sent(site: Site) -> None:
    with engine_server(libretranslate_in_any_language) as server:
        engine = LibreTranslateEngine(server.url)
        site.translate("de", engine=engine)
        assert server.texts
        server.requests.clear()
        added = "Nobody has ever read this paragraph."
        block = f"<!-- wp:paragraph --><p>{added}</p><!-- /wp:paragraph -->"
        site.edit(f"UPDATE wp_posts SET post_content = post_content || '\n\n{block}' WHERE ID = 76")
        site.migrate()
        done = site.translate("de", engine=engine)
    assert server.texts == [added]
    assert done.characters == len(added)
    assert done.rows == {("de", "articles"): 1}
    made = site.one(
        "SELECT content_html FROM cms.articles WHERE language = 'de' AND translated_from_id = "
        "(SELECT id FROM cms.articles WHERE wp_post_id = 76)"
    )
    assert f"<p>{added.upper()}</p>" in made["content_html"]


class ForgetfulEngine(CountingEngine):
    """Loses numbers and tags."""

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        return [without_marks(text).upper() for text in texts]


def test_a_sentence_whose_translation_is_unusable_stays_and_comes_with_the_nearest_one(site: Site) -> None:
    def add(paragraph: str) -> None:
        block = f"<!-- wp:paragraph --><p>{paragraph}</p><!-- /wp:paragraph -->"
        site.edit(f"UPDATE wp_posts SET post_content = post_content || '\n\n{block}' WHERE ID = 76")
        site.migrate()

    add("We have kept 12 chairs from the old house since the fire.")
    site.translate("de")
    add("We have kept 12 chairs from the old house since the flood.")
    site.translate("de", engine=ForgetfulEngine())
    made = site.one(
        "SELECT content_html FROM cms.articles WHERE language = 'de' AND translated_from_id = "
        "(SELECT id FROM cms.articles WHERE wp_post_id = 76)"
    )
    assert "<p>We have kept 12 chairs from the old house since the flood.</p>" in made["content_html"]
    issues = site.query("SELECT code, detail FROM migration.issues WHERE entity = 'articles/de' AND source_id = 76")
    details = {issue["code"]: issue["detail"] for issue in issues}
    assert "since the flood" in details["translation.left_in_source"]
    assert "like “We have kept … chairs from the old house since the fire.”" in details["translation.suggestion"]


def test_a_budget_stops_a_run_and_the_next_one_goes_on_from_there(site: Site) -> None:
    engine = CountingEngine()
    first = site.translate("de", engine=engine, limit_characters=4_000)
    assert 0 < first.characters <= 4_000
    assert not first.is_complete
    rest = site.translate("de", engine=engine)
    assert rest.is_complete
    [known] = site.query("SELECT count(*) AS number FROM migration.translation_memory WHERE origin = 'machine'")
    assert len(engine.asked) == known["number"]  # nothing twice


def test_an_engine_that_goes_away_leaves_what_it_has_said(site: Site) -> None:
    engine = CountingEngine(requests=5)
    with pytest.raises(EngineUnreachableError):
        site.translate("de", engine=engine)
    assert site.one("SELECT outcome FROM migration.runs ORDER BY started_at DESC LIMIT 1") == {"outcome": "failed"}
    rest = CountingEngine()
    assert site.translate("de", engine=rest).is_complete
    [known] = site.query("SELECT count(*) AS number FROM migration.translation_memory WHERE origin = 'machine'")
    assert len(engine.asked) + len(rest.asked) == known["number"]  # nothing twice


def test_killed_at_any_moment_then_run_again_is_as_if_it_had_never_been_killed(
    site: Site, migrated: Site, postgres_server: str, tmp_path: Path
) -> None:
    with copied_database(postgres_server, template=make_url(migrated.cms).database) as url:
        undisturbed = Site(site.wordpress, url, tmp_path)
        undisturbed.translate("de")
        expected = {table: undisturbed.rows(table) for table in (*TABLES, "menus", "term_relationships")}
    for seconds in (2.0, 2.6, 3.2):
        words = ("translate", "--to", "de", "--engine", "pseudo", "--direct", "--quiet", "--site", "site")
        places = ("--source", str(site.wordpress), "--cms", site.cms, "--metrics", UNREACHABLE)
        running = subprocess.Popen((sys.executable, "-m", "flows", *words, *places), cwd=tmp_path, env=ENVIRONMENT)
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
    assert site.translate("de").is_complete
    assert {table: site.rows(table) for table in expected} == expected
    assert site.translate("de").rows_written == 0


def test_a_dry_run_says_what_would_be_sent_and_keeps_nothing(site: Site) -> None:
    before = {table: site.rows(table) for table in TABLES}
    engine = CountingEngine()
    rehearsed = site.translate("de", engine=engine, rehearse=True)
    assert engine.asked == []
    assert {table: site.rows(table) for table in TABLES} == before
    assert not site.query("SELECT * FROM migration.translation_memory")
    assert site.translate("de").characters == rehearsed.characters


def test_links_parents_and_terms_lead_to_translations(site: Site) -> None:
    site.translate("de")
    child = site.one(
        """
        SELECT child.path, parent.path AS above, parent.language FROM cms.pages AS child
        JOIN cms.pages AS parent ON parent.id = child.parent_id
        WHERE child.language = 'de' ORDER BY child.path DESC LIMIT 1
        """
    )
    assert child["language"] == "de"
    assert child["path"].startswith(child["above"])
    strangers = site.query(
        """
        SELECT term.name FROM cms.articles AS article
        JOIN cms.term_relationships AS link ON link.article_id = article.id
        JOIN cms.terms AS term ON term.id = link.term_id
        WHERE article.language = 'de' AND term.language <> 'de'
        """
    )
    assert not strangers
    known = {row["path"] for row in site.query("SELECT path FROM cms.pages WHERE language = 'de'")}
    bodies = [row["content_html"] for row in site.query("SELECT content_html FROM cms.pages WHERE language = 'de'")]
    assert any(f'href="{path}"' in body for path in known for body in bodies)


def test_menus_lead_to_translations_and_go_with_their_originals(site: Site) -> None:
    assert site.translate("de").rows["de", "menus"] == 2
    items = site.query(
        """
        SELECT item.label, coalesce(article.language, page.language, term.language) AS leads_to,
            item.parent_id IS NULL OR EXISTS (
                SELECT FROM cms.menu_items AS above WHERE above.id = item.parent_id AND above.menu_id = item.menu_id
            ) AS has_parent
        FROM cms.menu_items AS item JOIN cms.menus AS menu ON menu.id = item.menu_id
        LEFT JOIN cms.articles AS article ON article.id = item.article_id
        LEFT JOIN cms.pages AS page ON page.id = item.page_id
        LEFT JOIN cms.terms AS term ON term.id = item.term_id
        WHERE menu.language = 'de'
        """
    )
    assert items
    assert {item["leads_to"] for item in items} <= {"de", None}
    assert all(item["has_parent"] for item in items)
    assert any(item["label"].endswith("·") for item in items)
    site.edit("DELETE FROM wp_term_taxonomy WHERE taxonomy = 'nav_menu'")
    site.migrate()
    assert not site.query("SELECT id FROM cms.menus WHERE deleted_at IS NULL")


def test_search_finds_the_translated_words(site: Site) -> None:
    site.translate("de")
    found = site.query(
        "SELECT id FROM cms.articles WHERE language = 'de' AND NOT search @@ plainto_tsquery('simple', title)"
    )
    assert not found


def test_a_plan_says_what_translating_would_take(site: Site) -> None:
    flags = {"translation_languages": ("de",), "translation_engine": "pseudo"}
    planned = plan_site(site.settings(**flags), "site", Lines()).translation
    assert planned is not None
    assert planned.characters == site.translate("de").characters
    assert plan_site(site.settings(), "site", Lines()).translation is None


def test_the_memory_goes_from_one_cms_to_another_as_tmx(site: Site, migrated: Site, tmp_path: Path) -> None:
    site.translate("de")
    file = tmp_path / "memory.tmx"
    written = export_memory(site.settings(), file, to=None)
    assert import_memory(site.settings(), file).changed == 0
    site.query("DELETE FROM migration.translation_memory")
    assert import_memory(site.settings(), file).changed == written.units
    site.query("DELETE FROM cms.articles WHERE language = 'de'")
    assert site.translate("de").characters == 0
