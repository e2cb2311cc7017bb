"""Commands that show people where a site stands: its report, its verdict, a walk through what was migrated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.flags import OutputFlags, SiteFlags
from flows.settings import ConfigurationError, require_sites

DONE, ATTENTION = 0, 1


def report(
    run: str | None = None,
    /,
    *,
    gate: Annotated[bool, Parameter(negative="")] = False,
    sites: SiteFlags = SiteFlags(),
    out: Path | None = None,
    output: OutputFlags = OutputFlags(),
) -> int:
    """Write the report of a run again, the last one when none is named.

    Parameters
    ----------
    gate
        Judge the sites as they stand, for pipelines: exit code 1 unless each is a go.
    """
    from flows.reporting import rewrite_report
    from flows.verdicts import verdict_on

    settings = sites.settings()
    require_sites(settings)
    if gate:
        if run is not None:
            raise ConfigurationError("--gate judges a site as it stands now: leave the run out.")
        found = {key: verdict_on(settings, key) for key in settings.sites}
        lines = (f"{key}: {line}" for key, verdict in found.items() for line in verdict.lines())
        output.show({key: verdict.document() for key, verdict in found.items()}, lines)
        return DONE if all(verdict.go for verdict in found.values()) else ATTENTION
    written = [rewrite_report(settings, key, run, out) for key in settings.sites]
    output.show([one.document() for one in written], (f"Report: {one.path}" for one in written))
    return max((one.exit_code for one in written), default=DONE)
