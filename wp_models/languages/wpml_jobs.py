"""WPML's translation jobs: what each of them translated, text by text."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from sys import intern
from typing import NamedTuple

from sqlalchemy import Connection, select

from wp_models.languages.columns import own_columns, table_columns
from wp_models.languages.wpml import REVIEWED
from wp_models.records import TranslatedField
from wp_models.tables import Installation
from wp_models.values import integer, text

TABLES = ("icl_translations", "icl_translation_status", "icl_translate_job", "icl_translate")
MOST_BYTES = 16 * 1024 * 1024  # of one text; what is larger is no text
FIELDS_PER_FETCH = 500


class _Job(NamedTuple):
    """Who translated from which language into which."""

    source_language: str
    target_language: str
    is_machine: bool


def read_translated_fields(connection: Connection, site: Installation) -> Iterator[TranslatedField]:
    """Yield the finished texts of the last finished job of each translation; none where WPML keeps no jobs.

    Texts that cannot be read are left out: their translations, if there are any, are in posts.
    """
    jobs = _last_jobs(connection, site) if all(map(site.has, TABLES)) else {}
    if not jobs:
        return
    number, is_finished, is_words, *stored = table_columns(
        site.prefix + "icl_translate",
        "job_id", "field_finished", "field_translate", "field_type", "field_format", "field_data",
        "field_data_translated", "tid",
    )  # fmt: skip
    query = select(number, *stored).where(is_finished == 1, is_words == 1).order_by(stored[-1])
    for job, *values in connection.execute(query, execution_options={"yield_per": FIELDS_PER_FETCH}):
        if job in jobs:
            name, form, source, target, _ = map(text, values)
            for one, other in _pairs(decode_field(source, form), decode_field(target, form)):
                yield TranslatedField(job=job, **jobs[job]._asdict(), name=name, source=one, target=other)


def _pairs(source: Sequence[str], target: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(source) == len(target):  # a list with other terms than its translation says nothing of any
        yield from ((one, other) for one, other in zip(source, target, strict=True) if one.strip() and other.strip())


def decode_field(stored: str, form: str) -> tuple[str, ...]:
    """Return the text that a field of a job stands for; of a list of terms several, of what is broken none."""
    try:
        if form == "csv_base64":
            return tuple(_unpacked(part.strip().strip('"')) for part in stored.split(","))
        return (_unpacked(stored) if form == "base64" else stored,)
    except ValueError:
        return ()


def _unpacked(stored: str) -> str:
    """Return what base64 says. Newer versions of WPML compress it first, and some of them have done so twice.

    Raises ValueError for what is no base64, or no text.
    """
    packed = b64decode(stored, validate=True)
    for _ in range(2):
        packed = _inflated(packed)
    return text(packed.decode())


def _inflated(packed: bytes) -> bytes:
    """Return what was compressed, or the bytes themselves if nothing was."""
    inflating = zlib.decompressobj()
    try:
        inflated = inflating.decompress(packed, MOST_BYTES)
    except zlib.error:
        return packed
    if inflating.eof:
        return inflated
    if inflating.unconsumed_tail:
        raise ValueError("more than a text has")
    return packed


def _last_jobs(connection: Connection, site: Installation) -> Mapping[int, _Job]:
    """Return the last finished job of each translation whose languages are known, by job_id."""
    translations = site.table("icl_translations").c
    rid, translation, review, job, of_rid, automatic, translated = (
        *own_columns(connection, site.prefix + "icl_translation_status", "rid", "translation_id", "review_status"),
        *own_columns(connection, site.prefix + "icl_translate_job", "job_id", "rid", "automatic", "translated"),
    )
    languages = translations.source_language_code, translations.language_code
    query = (
        select(rid, *languages, job, automatic, review)
        .where(translations.translation_id == translation, of_rid == rid, translated == 1)
        .order_by(job)
    )
    last: dict[int, tuple[int, _Job]] = {}
    for number, source, target, job_id, is_automatic, reviewed in connection.execute(query):
        if source and target and source != target:
            is_machine = bool(integer(is_automatic)) and text(reviewed) != REVIEWED
            last[number] = job_id, _Job(intern(text(source)), intern(text(target)), is_machine)
    return dict(last.values())
