"""The assessment as a flow: a deployment can look at its sites regularly, and leaves what it saw where people look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.assessment.steps import WrittenAssessment, assess_sites
from flows.progress import Lines
from flows.settings import read_settings

DEFAULT_WORKERS = 2


@flow(name="assess")
def assess(site: str | None = None, config: str | None = None) -> list[dict[str, Any]]:
    """Look at one site of the settings file, or at all of them; reads the sources alone."""
    settings = read_settings(Path(config) if config else None, (site,) if site else (), {})
    written = assess_sites(settings, Lines(), workers=DEFAULT_WORKERS)
    for one in written:
        _leave_artifact(one)
    return [one.document() for one in written]


def _leave_artifact(written: WrittenAssessment) -> None:
    found = written.assessment
    create_table_artifact(
        key=f"assessment-{found.site}".replace("_", "-"),
        table=[{"matters as": group.level, "finding": group.title, "times": group.count} for group in found.findings],
        description=f"{found.loaded:,} of {found.objects:,} objects come along. Report: {written.path}",
    )
