"""The nightly flow: both sides are read again, and whatever differs is listed."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.artifacts import leave_verification
from flows.deployed_sites import for_each_site
from flows.settings import Settings
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
    results = for_each_site(site, config, _verify)
    different = [one.site for one in results if not one.is_equal]
    if different:
        raise SidesDifferError(f"WordPress and the CMS differ: {', '.join(different)}. Run: wpferry verify")
    return [one.document() for one in results]


def _verify(settings: Settings, key: str) -> Verification:
    with open_site(settings, key) as opened:
        found = verify_site(opened, workers=DEFAULT_WORKERS)
        leave_verification(found, verdict_now(opened.target))
    return found
