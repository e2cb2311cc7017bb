"""The flow that makes what is missing in other languages; deployed without a schedule, for engines ask for money."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect import flow

from flows.artifacts import leave_translation
from flows.failures import exit_code_of
from flows.migrate import SitesFailedError
from flows.progress import Lines, Reporter
from flows.settings import Settings, read_settings
from flows.translation.steps import Request, read_request, translate_one
from flows.translation.summary import TranslationSummary


@flow(name="translate")
def translate(
    site: str | None = None,
    config: str | None = None,
    to: str | None = None,
    engine: str | None = None,
    types: str | None = None,
    limit_characters: int | None = None,
) -> list[dict[str, Any]]:
    """Translate one site of the settings file, or all of them; what is left out, the settings say."""
    settings = read_settings(Path(config) if config else None, (site,) if site else (), {})
    done: list[dict[str, Any]] = []
    failed: dict[str, Exception] = {}
    for key, one in settings.sites.items():
        try:
            request = read_request(one, to=to, engine=engine, types=types, limit_characters=limit_characters)
            done.append(_translate(settings, key, request, Lines()).document())
        except Exception as error:
            if exit_code_of(error) is None:
                raise
            failed[key] = error
    if failed:
        raise SitesFailedError(" ".join(f"{key}: {error}" for key, error in failed.items()))
    return done


def translate_under_prefect(
    settings: Settings, requests: Mapping[str, Request], reporter: Reporter
) -> list[TranslationSummary]:
    """Run the flow with settings that came from flags: secrets must not become parameters, which Prefect stores."""

    @flow(name="translate")
    def run(sites: list[str]) -> list[TranslationSummary]:
        return [_translate(settings, site, requests[site], reporter) for site in sites]

    return run(list(requests))


def _translate(settings: Settings, key: str, request: Request, reporter: Reporter) -> TranslationSummary:
    summary = translate_one(settings, key, request, reporter)
    leave_translation(summary)
    return summary
