"""The story of a translation run: a site is opened, what it lacks in other languages is made, all of it is counted."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cms_models import db, queries, runs, schema
from cms_models.errors import TargetError
from cms_models.translation_upkeep import offer_languages
from flows.failures import exit_code_of
from flows.progress import Reporter
from flows.retries import through_outages
from flows.services.translation.budget import Budget
from flows.services.translation.engine import Engine, EngineRefusedError
from flows.services.translation.engines import open_engine
from flows.services.translation.identity import IdentityEngine
from flows.settings import TABLES as TABLES_BY_TYPE
from flows.settings import ConfigurationError, Settings, SiteSettings
from flows.translation.jobs import JobHarvest
from flows.translation.run import TRANSLATABLE, Plan, Translation
from flows.translation.summary import TranslationSummary
from flows.translation.words import Rehearsed, Words
from flows.wiring import OpenSite, open_site
from transforms.languages import read_languages
from transforms.translated_addresses import TranslatedAddresses, read_addresses
from transforms.translation.glossary import Glossary, GlossaryError, read_glossary
from wp_models.site_index import read_site

TRANSLATE = "translate"
NO_GLOSSARY = Glossary((), ())
TYPES = {**TABLES_BY_TYPE, "term": "terms", "menu": "menus"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
COMPLETE, STOPPED = "complete", "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks to be translated, and by whom."""

    engine: str
    languages: tuple[str, ...]
    tables: frozenset[str] = frozenset(TRANSLATABLE)
    limit_characters: int | None = None
    rehearse: bool = False
    workers: int = 1  # requests to the engine at once


def read_request(
    settings: SiteSettings, *, to: str | None, engine: str | None, types: str | None, **options: Any
) -> Request:
    """Return what a command asks of a site; what it leaves out, the settings say.

    Raises ConfigurationError for what is missing in both, or is no language or type, and EngineRefusedError for an
    engine that cannot be used.
    """
    languages = _listed(to) or tuple(language.lower() for language in settings.translation_languages)
    name = engine or settings.translation_engine
    if not languages:
        raise ConfigurationError("Say into which languages: --to es,fr, or translation_languages in the settings.")
    if not name:
        raise ConfigurationError("Say who translates: --engine NAME, or translation_engine in the settings.")
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            raise ConfigurationError(f"{language!r} is no language code; write es, fr or pt-br.")
    tables = {TYPES.get(one, one) for one in _listed(types)} or set(TRANSLATABLE)
    if unknown := tables - set(TYPES.values()):
        raise ConfigurationError(f"{min(unknown)!r} is no type to translate; it can be {', '.join(TYPES)}.")
    open_engine(name)  # a missing key is told before anything starts
    return Request(engine=name, languages=languages, tables=frozenset(tables), **options)


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in (names or "").split(",") if name.strip())


def translate_directly(
    settings: Settings, requests: Mapping[str, Request], reporter: Reporter
) -> list[TranslationSummary]:
    """Translate sites one after another, without Prefect."""
    return [translate_one(settings, key, request, reporter) for key, request in requests.items()]


def translate_one(settings: Settings, key: str, request: Request, reporter: Reporter) -> TranslationSummary:
    """Open a site and translate it. When a server goes away, the run begins again, with all it has paid for."""
    engine = open_engine(request.engine)
    with open_site(settings, key) as site:
        return through_outages(partial(translate_site, site, engine, request, reporter))


def translate_site(site: OpenSite, engine: Engine, request: Request, reporter: Reporter) -> TranslationSummary:
    """Make what a site lacks in the asked languages, in its default language too, and what is out of date in them.

    A rehearsal is the run itself, in one transaction that is rolled back, with an engine that only counts.
    """
    key = site.target.key
    with db.target_errors(), db.connect(site.target.cms_url) as connection, db.site_lock(connection, key):
        schema.require_current_schema(connection)
        with site.source.connect() as source:
            wordpress = read_site(source, site.source)
            addresses = read_addresses(wordpress, read_languages(wordpress))
        with _kept_or_not(connection, rehearse=request.rehearse):
            return _run(site, connection, addresses, engine, request, reporter)


def rehearse_translation(
    site: OpenSite, connection: db.Connection, addresses: TranslatedAddresses, reporter: Reporter
) -> TranslationSummary | None:
    """Return what translating into the settings' languages would take; None when they name none.

    Needs neither key nor network. What it writes is rolled back by the caller, whose transaction it is.
    """
    settings = site.target.settings
    if not settings.translation_languages:
        return None
    try:
        engine = open_engine(settings.translation_engine or IdentityEngine.name)
    except EngineRefusedError:  # its key is not here
        engine = IdentityEngine()
    request = read_request(settings, to=None, engine=engine.name, types=None, rehearse=True)
    return _run(site, connection, addresses, engine, request, reporter)


def _kept_or_not(connection: db.Connection, *, rehearse: bool) -> AbstractContextManager[Any]:
    return connection.transaction(force_rollback=True) if rehearse else nullcontext()


def _run(
    site: OpenSite,
    connection: db.Connection,
    addresses: TranslatedAddresses,
    engine: Engine,
    request: Request,
    reporter: Reporter,
) -> TranslationSummary:
    started_at = time.monotonic()
    plan = _plan(site, connection, addresses, request)
    detail = {"engine": engine.name, "model": engine.model, "languages": list(plan.languages)}
    runs.start_run(connection, plan.run_id, plan.site_id, TRANSLATE, detail)
    asked = Rehearsed(engine) if request.rehearse else engine
    words = Words(connection, asked, Budget(request.limit_characters), workers=request.workers)
    translation = Translation(connection, plan, words, reporter)
    try:
        of_jobs = JobHarvest(connection, plan.terms).learn(site.source, plan.site_id, plan.run_id)
        translation.run()
    except BaseException as error:
        _note_failure(site.target.cms_url, plan.run_id, error)
        raise
    offer_languages(connection, plan.site_key)
    summary = TranslationSummary(
        site=plan.site_key,
        run_id=str(plan.run_id),
        engine=engine.name,
        is_rehearsal=request.rehearse,
        characters=words.spent.characters_sent,
        price_per_million=engine.price_per_million,
        segments=words.spent.segments,
        harvested=of_jobs + translation.harvested,
        rows=translation.made.rows,
        waiting=translation.made.waiting,
        rows_written=translation.made.rows_written,
        stopped_by=words.spent.stopped_by,
        seconds=time.monotonic() - started_at,
    )
    outcome = COMPLETE if summary.is_complete else STOPPED
    runs.finish_run(connection, plan.run_id, outcome, {"translation": summary.document()})
    return summary


def _plan(site: OpenSite, connection: db.Connection, addresses: TranslatedAddresses, request: Request) -> Plan:
    key, settings = site.target.key, site.target.settings
    site_id = queries.find_site(connection, key)
    if site_id is None:
        raise ConfigurationError(f"The site {key!r} was never migrated into this CMS. Run first: wpferry migrate")
    languages = addresses.languages
    codes = {code.lower(): code for code in languages.codes}
    return Plan(
        site_id=site_id,
        site_key=key,
        run_id=uuid4(),
        # What exists in another language only would be missing in the default one, which nobody names.
        languages=tuple(dict.fromkeys((languages.default, *(codes.get(one, one) for one in request.languages)))),
        tables=request.tables,
        status=settings.translation_status,
        rules=settings.translated_fields.rules(),
        terms=cache(_glossary(settings.glossary).terms),  # asked for by every row
        addresses=addresses,
    )


def _glossary(path: Path | None) -> Glossary:
    if path is None:
        return NO_GLOSSARY
    try:
        return read_glossary(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The glossary {path} cannot be read: {error}.") from None
    except GlossaryError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def _note_failure(cms_url: str, run_id: UUID, error: BaseException) -> None:
    """Note that a run could not be finished; the next one closes it where the CMS itself is away."""
    reason = str(error) if exit_code_of(error) is not None else type(error).__name__  # others may quote content
    with suppress(TargetError), db.connect(cms_url) as connection:
        runs.fail_run(connection, run_id, reason)
