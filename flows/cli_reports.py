"""Commands that show people where a site stands: its report, its verdict, a walk through what was migrated."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.flags import OutputFlags, SiteFlags
from flows.settings import ConfigurationError, Settings, require_sites

DONE, ATTENTION = 0, 1


def report(
    run: str | None = None,
    /,
    *,
    gate: Annotated[bool, Parameter(negative="")] = False,
    since: str | None = None,
    fleet: Annotated[bool, Parameter(negative="")] = False,
    sites: SiteFlags = SiteFlags(),
    out: Path | None = None,
    output: OutputFlags = OutputFlags(),
) -> int:
    """Write the report of a run again, the last one when none is named.

    Parameters
    ----------
    gate
        Judge the sites as they stand, for pipelines: exit code 1 unless each is a go.
    since
        Id of an earlier run: say what has become better or worse since.
    fleet
        Write one page of all sites instead: where each stands, and where its report lies.
    """
    settings = sites.settings()
    require_sites(settings)
    if run is not None and (gate or fleet):
        raise ConfigurationError("--gate and --fleet are about sites as they stand now: leave the run out.")
    if since is not None and len(settings.sites) > 1:
        raise ConfigurationError(f"A run is one site's: give --site, one of {', '.join(settings.sites)}.")
    if fleet:
        return _show_fleet(settings, out, output, gate=gate)
    if gate:
        return _show_verdicts(settings, output)
    from flows.reporting import rewrite_report

    written = [rewrite_report(settings, key, run, out, since=since) for key in settings.sites]
    output.show([one.document() for one in written], (line for one in written for line in one.lines()))
    return max((one.exit_code for one in written), default=DONE)


def _show_verdicts(settings: Settings, output: OutputFlags) -> int:
    from flows.verdicts import verdict_on

    found = {key: verdict_on(settings, key) for key in settings.sites}
    lines = (f"{key}: {line}" for key, verdict in found.items() for line in verdict.lines())
    output.show({key: verdict.document() for key, verdict in found.items()}, lines)
    return DONE if all(verdict.go for verdict in found.values()) else ATTENTION


def _show_fleet(settings: Settings, out: Path | None, output: OutputFlags, *, gate: bool) -> int:
    from flows.fleet import write_fleet_page

    written = write_fleet_page(settings, out)
    output.show(written.document(), [*written.fleet.lines(), f"Report: {written.path}"])
    return ATTENTION if gate and not written.all_go else DONE


def preview(
    *,
    port: int = 8010,
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Show a migrated site in a browser, read-only and on this machine alone, until Ctrl+C.

    Parameters
    ----------
    port
        Port on 127.0.0.1; 0 is any that is free.
    """
    from flows.preview.server import serve

    settings = sites.settings()
    require_sites(settings)
    if len(settings.sites) > 1:
        raise ConfigurationError(f"A preview shows one site: give --site, one of {', '.join(settings.sites)}.")
    [key] = settings.sites

    def say(url: str) -> None:
        output.show({"site": key, "url": url}, [f"Preview of {key}: {url} (Ctrl+C ends it)"])
        sys.stdout.flush()  # whoever started it may read the address from a pipe

    serve(settings, key, port=port, ready=say)
    return DONE
