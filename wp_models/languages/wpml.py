"""WPML's tables: one row per translated object, the state of its translation, and texts that are no content."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import NamedTuple

from sqlalchemy import Connection, select

from wp_models.languages.columns import own_columns
from wp_models.records import WpmlTranslation
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, text

DUPLICATE = 9
COMPLETE = 10
REVIEWED = "ACCEPTED"
DUPLICATE_OF = "_icl_lang_duplicate_of"
SLUG_CONTEXTS = ("WordPress", "default", "URL slugs")  # by age of the version that registered them


class _Made(NamedTuple):
    """How one translation was made."""

    is_duplicate: bool = False
    is_machine: bool = False
    is_outdated: bool = False


def read_wpml_translations(connection: Connection, site: Installation) -> tuple[WpmlTranslation, ...]:
    """Return the rows of existing and missing objects alike; those of planned translations name none."""
    if not site.has("icl_translations"):
        return ()
    made = _made(connection, site)
    duplicates = _marked_duplicates(connection, site)
    rows = site.table("icl_translations").c
    query = select(
        rows.translation_id, rows.element_type, rows.element_id, rows.trid, rows.language_code,
        rows.source_language_code,
    ).where(rows.element_id.is_not(None)).order_by(rows.translation_id)  # fmt: skip
    found = []
    for number, kind, element, group, code, origin in connection.execute(query, execution_options={"yield_per": 5_000}):
        own = made.get(number) or _Made(element in duplicates and text(kind).startswith("post_"))
        language, source = intern(text(code)), intern(text(origin)) or None
        found.append(WpmlTranslation(intern(text(kind)), element, group, language, source, *own))
    return tuple(found)


def read_url_slugs(connection: Connection, site: Installation) -> dict[tuple[str, str], str]:
    """Return the translations of what stands in addresses before a slug, by the original and the language."""
    if not (site.has("icl_strings") and site.has("icl_string_translations")):
        return {}
    strings, translations = site.table("icl_strings"), site.table("icl_string_translations")
    query = (
        select(strings.c.value, translations.c.language, translations.c.value)
        .join_from(strings, translations, translations.c.string_id == strings.c.id)
        .where(strings.c.context.in_(SLUG_CONTEXTS), strings.c.name.like("URL %slug%"))
        .where(translations.c.status == COMPLETE)
        .order_by(strings.c.id)
    )
    return {
        (text(slug).strip("/"), text(language)): text(translated).strip("/")
        for slug, language, translated in connection.execute(query)
        if slug and translated
    }


def _made(connection: Connection, site: Installation) -> Mapping[int, _Made]:
    """Return how translations were made, by translation_id; nothing is known of the others."""
    if not site.has("icl_translation_status"):
        return {}
    jobs = _automatic_jobs(connection, site)
    table = site.prefix + "icl_translation_status"
    columns = own_columns(connection, table, "translation_id", "status", "needs_update", "rid", "review_status")
    return {
        number: _Made(
            is_duplicate=integer(status) == DUPLICATE,
            is_machine=job in jobs and text(review) != REVIEWED,
            is_outdated=integer(needs_update) > 0 and integer(status) != DUPLICATE,
        )
        for number, status, needs_update, job, review in connection.execute(select(*columns))
    }


def _automatic_jobs(connection: Connection, site: Installation) -> frozenset[int]:
    """Return the translations, by rid, whose latest job was an automatic one."""
    if not site.has("icl_translate_job"):
        return frozenset()
    columns = own_columns(connection, site.prefix + "icl_translate_job", "rid", "automatic", "job_id")
    query = select(*columns).order_by(columns[2])
    latest = {rid: bool(integer(automatic)) for rid, automatic, _ in connection.execute(query)}
    return frozenset(rid for rid, is_automatic in latest.items() if is_automatic)


def _marked_duplicates(connection: Connection, site: Installation) -> frozenset[int]:
    """Return the posts that a meta calls duplicates; it decides where the state of a translation is not kept."""
    metas = site.table("postmeta").c
    query = select(metas.post_id, metas.meta_value).where(metas.meta_key == DUPLICATE_OF)
    return frozenset(post for post, original in connection.execute(query) if id_or_none(original))
