"""The flow that makes what is missing in other languages; deployed without a schedule, for engines ask for money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect import flow

from flows.artifacts import leave_translation
from flows.deployed_sites import for_each_site
from flows.progress import Lines, Reporter
from flows.settings import Settings
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

    def run(settings: Settings, key: str) -> dict[str, Any]:
        request = read_request(
            settings.sites[key], to=to, engine=engine, types=types, limit_characters=limit_characters
        )
        return _translate(settings, key, request, Lines()).document()

    return for_each_site(site, config, run)


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
