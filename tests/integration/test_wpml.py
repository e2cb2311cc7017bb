"""WPML's tables as they are in small sites of several versions."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from cms_models.rows import TranslationOrigin
from tests.migrations import migrate
from tests.small_sites import SmallSite, small_site
from transforms.contract import Languages
from transforms.languages import read_languages
from wp_models.reader import read_site
from wp_models.sources import open_source

SETTINGS = (
    'a:3:{s:16:"default_language";s:2:"en";s:25:"language_negotiation_type";s:1:"1";s:16:"active_languages";'
    'a:2:{i:0;s:2:"en";i:1;s:2:"es";}}'
)
TRANSLATIONS = """
    CREATE TABLE {p}icl_translations (
        translation_id INTEGER PRIMARY KEY, element_type TEXT, element_id INTEGER, trid INTEGER,
        language_code TEXT, source_language_code TEXT)
"""
OLD_STATUS = """
    CREATE TABLE {p}icl_translation_status (
        rid INTEGER PRIMARY KEY, translation_id INTEGER, status INTEGER, translator_id INTEGER, needs_update INTEGER,
        md5 TEXT)
"""
OLD_JOBS = """
    CREATE TABLE {p}icl_translate_job (
        job_id INTEGER PRIMARY KEY, rid INTEGER, translator_id INTEGER, translated INTEGER, manager_id INTEGER,
        revision INTEGER)
"""
NEW_STATUS = OLD_STATUS.replace("md5 TEXT", "md5 TEXT, review_status TEXT")
NEW_JOBS = OLD_JOBS.replace("revision INTEGER", "revision INTEGER, editor TEXT, automatic INTEGER")


def make(site: SmallSite, *tables: str) -> None:
    """Five posts, each with a Spanish translation whose id is 10 above."""
    for statement in (TRANSLATIONS, *tables):
        site.run(statement)
    site.option("icl_sitepress_settings", SETTINGS)
    for number in range(1, 6):
        site.post(number, f"Post {number}", "Words")
        site.post(number + 10, f"Entrada {number}", "Palabras")
        for element, code, source in ((number, "en", None), (number + 10, "es", "en")):
            site.add(
                "icl_translations", translation_id=element, element_type="post_post", element_id=element, trid=number,
                language_code=code, source_language_code=source,
            )  # fmt: skip


def state(site: SmallSite, post: int, status: int, **fields: object) -> None:
    """The state of one translation, which has the number of its post as `rid`."""
    ordinary = {"rid": post, "translation_id": post, "status": status, "needs_update": 0}
    site.add("icl_translation_status", **(ordinary | fields))


def read(path: Path, cache: Path) -> Languages:
    """What the site says of its languages."""
    source = open_source(str(path), cache=cache)
    with source.connect() as connection:
        return read_languages(read_site(connection, source))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.sqlite"


def origins(languages: Languages) -> dict[int, str]:
    return {post: languages.origin_of_post(post).value for post in sorted(languages.original_of_post)}


def test_a_job_says_who_translated_and_the_last_one_counts(path: Path, tmp_path: Path) -> None:
    with small_site(path) as site:
        make(site, NEW_STATUS, NEW_JOBS)
        for post in (11, 12, 13, 14):
            state(site, post, 10, review_status="ACCEPTED" if post == 13 else None)
        for job, (post, automatic) in enumerate(((11, 1), (12, 1), (12, 0), (13, 1), (14, 0), (14, 1))):
            site.add("icl_translate_job", job_id=job, rid=post, automatic=automatic)
    assert origins(read(path, tmp_path)) == {11: "machine", 12: "human", 13: "human", 14: "machine", 15: "human"}


def test_copies_and_old_translations_are_known(path: Path, tmp_path: Path) -> None:
    with small_site(path) as site:
        make(site, NEW_STATUS, NEW_JOBS)
        state(site, 11, 9, needs_update=1)
        state(site, 12, 10, needs_update=1)
        site.add("postmeta", post_id=13, meta_key="_icl_lang_duplicate_of", meta_value="3")
        state(site, 14, 10)  # a copy that was translated since, whose meta stayed
        site.add("postmeta", post_id=14, meta_key="_icl_lang_duplicate_of", meta_value="4")
    languages = read(path, tmp_path)
    assert languages.copies == {11, 13}
    assert languages.origin_of_post(11) == TranslationOrigin.SOURCE
    found = {post: [issue.code for issue in issues] for post, issues in languages.issues.items()}
    assert found == {12: ["languages.outdated"]}


def test_the_cms_tells_copies_old_translations_and_machines_apart(path: Path, tmp_path: Path, postgres: str) -> None:
    with small_site(path) as site:
        make(site, NEW_STATUS, NEW_JOBS)
        state(site, 11, 9)
        state(site, 12, 10, needs_update=1)
        state(site, 13, 10)
        site.add("icl_translate_job", job_id=1, rid=13, automatic=1)
    migrate(path, cms=postgres, home=tmp_path)
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        found = connection.execute(
            "SELECT a.wp_post_id, a.translation_origin::text, o.wp_post_id, i.code FROM cms.articles a "
            "JOIN cms.articles o ON o.id = a.translated_from_id "
            "LEFT JOIN migration.issues i ON i.source_id = a.wp_post_id AND i.code LIKE 'languages.%' ORDER BY 1"
        ).fetchall()
    assert found == [
        (11, "source", 1, "languages.copy"),
        (12, "human", 2, "languages.outdated"),
        (13, "machine", 3, None),
        (14, "human", 4, None),
        (15, "human", 5, None),
    ]


def test_tables_of_old_versions_lack_columns_and_are_read_all_the_same(path: Path, tmp_path: Path) -> None:
    with small_site(path) as site:
        make(site, OLD_STATUS, OLD_JOBS)
        state(site, 11, 9)
        site.add("icl_translate_job", job_id=1, rid=12)
    languages = read(path, tmp_path)
    assert origins(languages) == {11: "source"} | dict.fromkeys((12, 13, 14, 15), "human")
