"""What was translated in WPML is not paid for again."""

from __future__ import annotations

import zlib
from base64 import b64encode
from pathlib import Path

import pytest

from tests.integration.test_languages_on_servers import copy_to_server
from tests.integration.test_wpml import NEW_JOBS, NEW_STATUS, SETTINGS, TRANSLATIONS
from tests.small_sites import SmallSite, small_site
from tests.translations import CountingEngine, TranslatedSite
from transforms.translation.contract import Provenance
from wp_models.languages.wpml_jobs import read_translated_fields
from wp_models.records import TranslatedField
from wp_models.sources import open_source

FIELDS = """
    CREATE TABLE {p}icl_translate (
        tid INTEGER PRIMARY KEY, job_id INTEGER, field_type TEXT, field_format TEXT, field_translate INTEGER,
        field_data TEXT, field_data_translated TEXT, field_finished INTEGER)
"""
ROOMS, ROOMS_IN_SPANISH = "We have many rooms.", "Tenemos muchas habitaciones."
BREAKFAST, BREAKFAST_IN_SPANISH = "Breakfast is at eight.", "El desayuno es a las ocho."
GARDEN, GARDEN_IN_SPANISH = "The garden is open.", "El jardín está abierto."
POOL = "The pool is new."


def packed(words: str) -> str:
    return b64encode(zlib.compress(words.encode())).decode()


def field(site: SmallSite, job: int, source: str, target: str, *, name: str = "package-string-1-1", **fields: int):
    site.add(
        "icl_translate", job_id=job, field_type=name, field_format="base64",
        field_data=packed(source), field_data_translated=packed(target),
        **({"field_translate": 1, "field_finished": 1} | fields),
    )  # fmt: skip


def job(site: SmallSite, number: int, rid: int, *, automatic: int = 0, translated: int = 1) -> None:
    site.add("icl_translate_job", job_id=number, rid=rid, automatic=automatic, translated=translated)


def make(site: SmallSite) -> None:
    """A house in two languages, two rooms whose translations are gone, and a page that was never translated."""
    for statement in (TRANSLATIONS, NEW_STATUS, NEW_JOBS, FIELDS):
        site.run(statement)
    site.option("icl_sitepress_settings", SETTINGS)
    site.post(1, "Our house", f"<ul><li>{ROOMS}</li></ul>")
    site.post(11, "Nuestra casa", "<p>Todo es distinto.</p>")
    site.post(2, "Good to know", f"{ROOMS}\n\n{BREAKFAST}\n\n{GARDEN}\n\n{POOL}")
    for number, (element, group, code, source) in enumerate(
        ((1, 1, "en", None), (11, 1, "es", "en"), (2, 2, "en", None), (None, 3, "es", "en"), (None, 4, "es", "en")), 1
    ):
        site.add(
            "icl_translations", translation_id=number, element_type="post_post", element_id=element, trid=group,
            language_code=code, source_language_code=source,
        )  # fmt: skip
    for translation in (2, 4, 5):
        site.add("icl_translation_status", rid=translation * 10, translation_id=translation, status=10, needs_update=0)
    job(site, 1, 20)
    field(site, 1, ROOMS, "Una traducción anterior.")
    job(site, 2, 20)
    field(site, 2, "1", "11", name="original_id", field_translate=0)
    field(site, 2, ROOMS, ROOMS_IN_SPANISH)
    field(site, 2, POOL, "Sin terminar.", field_finished=0)
    site.run("INSERT INTO {p}icl_translate VALUES (NULL, 2, 'title', 'base64', 1, '?', NULL, 1)")
    job(site, 3, 20, translated=0)
    job(site, 4, 40, automatic=1)
    field(site, 4, BREAKFAST, BREAKFAST_IN_SPANISH, name="body")
    field(site, 4, ROOMS, "Nosotros tener cuartos.")


def memory(site: TranslatedSite) -> set[tuple[str, str, str, str | None]]:
    return {
        (row["source_text"], row["target_text"], row["origin"], row["engine"])
        for row in site.query("SELECT * FROM migration.translation_memory WHERE engine IS DISTINCT FROM 'counting'")
    }


LEARNT = {
    ("Our house", "Nuestra casa", "human", None),  # from the posts themselves
    ("Nuestra casa", "Our house", "human", None),
    (ROOMS, ROOMS_IN_SPANISH, "human", None),
    (BREAKFAST, BREAKFAST_IN_SPANISH, "machine", "wpml"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with small_site(path := tmp_path / "site.sqlite") as site:
        make(site)
    return path


@pytest.fixture
def site(path: Path, tmp_path: Path, postgres: str) -> TranslatedSite:
    migrated = TranslatedSite(path, postgres, tmp_path)
    migrated.migrate()
    return migrated


def test_finished_jobs_teach_once_what_people_and_machines_said(site: TranslatedSite, path: Path) -> None:
    rehearsed = site.translate("es", rehearse=True)
    assert memory(site) == set()
    engine = CountingEngine()
    first = site.translate("es", engine=engine)
    assert memory(site) == LEARNT
    assert first.harvested == rehearsed.harvested == len(LEARNT)
    assert set(engine.asked) == {"Good to know", GARDEN, POOL}
    assert first.segments[Provenance.HUMAN] == 1
    made = site.one("SELECT content_html FROM cms.articles WHERE language = 'es' AND wp_post_id IS NULL")
    assert f"<p>{ROOMS_IN_SPANISH}</p>" in made["content_html"]
    assert f"<p>{BREAKFAST_IN_SPANISH}</p>" in made["content_html"]
    assert site.translate("es").harvested == 0

    with small_site(path) as wordpress:
        job(wordpress, 5, 50)
        field(wordpress, 5, GARDEN, GARDEN_IN_SPANISH)  # a machine said something else
        field(wordpress, 5, ROOMS, "Nada nuevo.")  # people have said what it means
        job(wordpress, 6, 40, automatic=1)
        field(wordpress, 6, GARDEN, "Jardín abrir.")
    assert site.translate("es").harvested == 1
    assert memory(site) == LEARNT | {(GARDEN, GARDEN_IN_SPANISH, "human", None)}

    glossary = path.with_name("terms.csv")
    glossary.write_text("term,es\ngarden,jardín\n", "utf-8")
    assert site.translate("es", flags={"glossary": str(glossary)}).harvested == 1  # the sentence with its term apart
    assert ("The ⟦1/⟧ is open.", "El ⟦1/⟧ está abierto.", "human", None) in memory(site)


def test_peoples_edits_in_the_cms_outlast_what_the_jobs_say(site: TranslatedSite, path: Path) -> None:
    site.translate("es")
    site.query("UPDATE migration.translation_memory SET target_text = 'Cuartos hay.' WHERE source_text = %s", ROOMS)
    with small_site(path) as wordpress:
        field(wordpress, 2, "A new sentence.", "Una frase nueva.")
    assert site.translate("es").harvested == 1
    assert (ROOMS, "Cuartos hay.", "human", None) in memory(site)


def read(location: str, cache: Path) -> list[TranslatedField]:
    source = open_source(location, cache=cache)
    with source.connect() as connection:
        return list(read_translated_fields(connection, source.installation))


def test_a_server_and_a_file_have_the_same_jobs(path: Path, mariadb: str, tmp_path: Path) -> None:
    copy_to_server(path, mariadb)
    found = read(str(path), tmp_path)
    assert [(one.name, one.source, one.is_machine) for one in found] == [
        ("package-string-1-1", ROOMS, False),
        ("body", BREAKFAST, True),
        ("package-string-1-1", ROOMS, True),
    ]
    assert read(mariadb, tmp_path) == found


def test_an_accepted_machine_translation_is_a_persons(path: Path, tmp_path: Path) -> None:
    with small_site(path) as site:
        site.run("UPDATE {p}icl_translation_status SET review_status = 'ACCEPTED'")
    assert {one.is_machine for one in read(str(path), tmp_path)} == {False}


@pytest.mark.parametrize("table", ["icl_translate", "icl_translate_job", "icl_translation_status", "icl_translations"])
def test_a_site_without_one_of_the_tables_has_no_jobs(table: str, path: Path, tmp_path: Path) -> None:
    with small_site(path) as site:
        site.run(f"DROP TABLE {{p}}{table}")
    assert read(str(path), tmp_path) == []
