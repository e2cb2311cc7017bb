"""The nightly flow: both sides are read again, and whatever differs is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow

from flows.artifacts import leave_verification
from flows.failures import exit_code_of
from flows.migrate import SitesFailedError
from flows.settings import read_settings
from flows.verdicts import verdict_now
from flows.verification.steps import verify_site
from flows.wiring import open_site
from reports.verification import Verification

DEFAULT_WORKERS = 2


class SidesDifferError(Exception):
    """A site's two sides differ: the flow fails, so that whoever watches it is told."""


@flow(name="verify")
def verify(site: str | None = None, config: str | None = None) -> list[dict[str, Any]]:
    """Verify one site of the settings file, or all of them. Fails when anything differs."""
    settings = read_settings(Path(config) if config else None, (site,) if site else (), {})
    results: list[Verification] = []
    failed: dict[str, Exception] = {}
    for key in settings.sites:
        try:
            with open_site(settings, key) as opened:
                found = verify_site(opened, workers=DEFAULT_WORKERS)
                verdict = verdict_now(opened.target)
        except Exception as error:
            if exit_code_of(error) is None:
                raise
            failed[key] = error  # one site that cannot be reached leaves the others alone
        else:
            results.append(found)
            leave_verification(found, verdict)
    if failed:
        raise SitesFailedError(" ".join(f"{key}: {error}" for key, error in failed.items()))
    different = [one.site for one in results if not one.is_equal]
    if different:
        raise SidesDifferError(f"WordPress and the CMS differ: {', '.join(different)}. Run: wpferry verify")
    return [one.document() for one in results]
