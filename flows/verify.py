"""The nightly flow: both sides are read again, and whatever differs is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.failures import exit_code_of
from flows.migrate import SitesFailedError
from flows.settings import read_settings
from flows.verification import verify_site
from flows.wiring import open_site
from reports.verification import Verification

DEFAULT_WORKERS = 2
SHOWN = 100  # differences in the artifact; all of them are kept with the run


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
                results.append(verify_site(opened, workers=DEFAULT_WORKERS))
        except Exception as error:
            if exit_code_of(error) is None:
                raise
            failed[key] = error  # one site that cannot be reached leaves the others alone
        else:
            _show(results[-1])
    if failed:
        raise SitesFailedError(" ".join(f"{key}: {error}" for key, error in failed.items()))
    different = [one.site for one in results if not one.is_equal]
    if different:
        raise SidesDifferError(f"WordPress and the CMS differ: {', '.join(different)}. Run: wpferry verify")
    return [one.document() for one in results]


def _show(found: Verification) -> None:
    rows = [
        {"layer": one.layer, "object": f"{one.entity} {one.source_id or ''} {one.title}", "field": one.field,
         "in WordPress": one.source_value, "in the CMS": one.target_value}
        for one in found.differences[:SHOWN]
    ]  # fmt: skip
    create_table_artifact(
        key=f"verify-{found.site}".replace("_", "-"),
        table=rows or [{"layer": layer.name, "checked": layer.checked} for layer in found.layers],
        description=found.sentences()[0],
    )
