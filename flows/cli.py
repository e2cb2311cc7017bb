"""The command line: one function per command, exit codes and errors for people."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path

from cyclopts import App, CycloptsError
from rich.console import Console

from flows.chatter import log_to_stderr, quiet_prefect
from flows.cli_changes import conflicts, media, plan, rollback
from flows.cli_reports import preview, report
from flows.cli_translation import memory, translate
from flows.flags import DEFAULT_WORKERS, DeletionFlags, OutputFlags, RunFlags, SiteFlags
from flows.progress import reporter_for
from flows.settings import Settings, read_settings, require_sites
from flows.steps import run_directly, run_site
from flows.summary import MigrationSummary
from flows.wiring import open_site, open_site_source, open_target

DONE, ATTENTION, WRONG_USAGE = 0, 1, 2
app = App(
    name="wpferry",
    help="Moves WordPress sites into a Postgres CMS, proves that nothing was lost, and keeps both in step.",
    version=lambda: metadata.version("wpferry"),
    result_action="return_value",
)
databases = App(name="db", help="The databases wpferry writes to.")
app.command(databases)
for command in (plan, conflicts, rollback, media, report, preview, translate, memory):
    app.command(command)


@app.command
def demo(*, run: RunFlags = RunFlags(), output: OutputFlags = OutputFlags()) -> int:
    """Migrate the bundled site into embedded servers, pseudo-translate what it lacks, verify it, and write a report."""
    from flows.reporting import rewrite_report
    from flows.translation.steps import read_request, translate_one
    from flows.verdicts import verdict_now
    from flows.verification.steps import verify_site

    folder = Path(__file__).parent / "demo"
    flags = {"source": str(folder / "northlight.sql.gz"), "uploads": str(folder / "uploads.tar.gz")}
    settings = read_settings(None, ("demo",), flags)
    with open_target(settings, "demo") as target:  # its servers run from the first step to the last
        [done] = _summaries("migrate", settings, run, output)
        request = read_request(settings.sites["demo"], to="es,fr", engine="pseudo", types=None)
        translated = translate_one(settings, "demo", request, reporter_for(quiet=output.quiet or output.json))
        with open_site(settings, "demo") as opened:
            verify_site(opened, workers=run.workers)
        done = replace(done, verdict=verdict_now(target))
        rewrite_report(settings, "demo", done.report.run_id, run.out)
    output.show({**done.document(), "translation": translated.document()}, (*translated.sentences(), *done.sentences()))
    return ATTENTION if done.needs_attention else DONE


@app.command
def assess(
    source: str | None = None,
    /,
    *,
    sites: SiteFlags = SiteFlags(),
    workers: int = DEFAULT_WORKERS,
    out: Path | None = None,
    output: OutputFlags = OutputFlags(),
) -> int:
    """Look at a WordPress before anything is moved: what it holds, what comes along, what does not, how long it takes.

    Reads the source alone and writes nothing but its report.
    """
    from flows.assessment.steps import assess_sites

    log_to_stderr(output)
    settings = (replace(sites, source=source) if source else sites).settings()
    require_sites(settings)
    written = assess_sites(settings, reporter_for(quiet=output.quiet or output.json), workers=workers, out=out)
    documents = [one.document() for one in written]
    output.show(documents[0] if len(documents) == 1 else documents, (line for one in written for line in one.lines()))
    return DONE


@app.command
def migrate(
    *,
    sites: SiteFlags = SiteFlags(),
    run: RunFlags = RunFlags(),
    deletions: DeletionFlags = DeletionFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Bring the CMS up to date with WordPress: everything at first, what differs later. Resumes by itself."""
    return _run("migrate", deletions.applied(sites.settings()), run, output)


@app.command
def resync(
    *,
    sites: SiteFlags = SiteFlags(),
    run: RunFlags = RunFlags(),
    deletions: DeletionFlags = DeletionFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Migrate what changed since the last run; refuses a site that was never migrated."""
    return _run("resync", deletions.applied(sites.settings()), run, output)


@app.command
def verify(
    *, sites: SiteFlags = SiteFlags(), workers: int = DEFAULT_WORKERS, output: OutputFlags = OutputFlags()
) -> int:
    """Read both sides again, independently of the load, and list every field, file and link that differs."""
    from flows.verification.steps import verify_site

    settings = sites.settings()
    require_sites(settings)
    found = []
    for key in settings.sites:
        with open_site(settings, key) as opened:
            found.append(verify_site(opened, workers=workers))
    documents = [one.document() for one in found]
    output.show(documents[0] if len(documents) == 1 else documents, (line for one in found for line in one.sentences()))
    return DONE if all(one.is_equal for one in found) else ATTENTION


@app.command
def status(*, sites: SiteFlags = SiteFlags(), output: OutputFlags = OutputFlags()) -> int:
    """Show the sites: what can be reached, schema versions and the last runs."""
    from flows.status import site_status

    settings = sites.settings()
    found = [site_status(settings, key) for key in settings.sites]
    output.show([one.document() for one in found], (line for one in found for line in one.sentences()))
    return max((one.exit_code for one in found), default=DONE)


@app.command
def rejected(*, sites: SiteFlags = SiteFlags(), output: OutputFlags = OutputFlags()) -> int:
    """List what could not be loaded, why, and what to do."""
    from flows.reporting import rejected_objects

    settings = sites.settings()
    found = {key: rejected_objects(settings, key) for key in settings.sites}
    lines = [
        f"{key}: {one.entity} {one.source_id} {one.title!r}: {one.reason} {one.advice} [{one.code}]"
        for key, some in found.items()
        for one in some
    ]
    output.show({key: [asdict(one) for one in some] for key, some in found.items()}, lines or ["Nothing is rejected."])
    return ATTENTION if lines else DONE


@databases.command
def up(*, sites: SiteFlags = SiteFlags(), output: OutputFlags = OutputFlags()) -> int:
    """Bring both schemas of the CMS up to date; running it again changes nothing."""
    from flows.status import upgrade_databases

    versions = upgrade_databases(sites.settings())
    lines = (
        f"{key}: " + ", ".join(f"{schema} {found}" for schema, found in some.items()) for key, some in versions.items()
    )
    output.show(versions, lines)
    return DONE


def _run(kind: str, settings: Settings, run: RunFlags, output: OutputFlags) -> int:
    summaries = _summaries(kind, settings, run, output)
    documents = [summary.document() for summary in summaries]
    output.show(
        documents[0] if len(documents) == 1 else documents, (line for one in summaries for line in one.sentences())
    )
    return ATTENTION if any(summary.needs_attention for summary in summaries) else DONE


def _summaries(kind: str, settings: Settings, run: RunFlags, output: OutputFlags) -> list[MigrationSummary]:
    require_sites(settings)
    log_to_stderr(output)
    reporter = reporter_for(quiet=output.quiet or output.json)
    if run.direct:
        return [
            run_site(settings, key, kind, reporter, run_directly, workers=run.workers, out=run.out)
            for key in settings.sites
        ]
    for key in settings.sites:
        open_site_source(settings, key)  # a wrong source is told before Prefect takes its time to start
    quiet_prefect(settings.home)
    from flows.migrate import run_under_prefect  # Prefect takes a second to import

    return run_under_prefect(settings, kind, reporter, workers=run.workers, out=run.out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: every error that people can act on is one sentence, never a traceback."""
    # Who stops it (systemd, a container) gets what Ctrl+C gets: the run is known to have failed, its servers end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = app(arguments, exit_on_error=False)
    except CycloptsError:
        sys.exit(WRONG_USAGE)  # cyclopts has said what is wrong
    except Exception as error:
        from flows.failures import exit_code_of  # drivers are imported only when something failed

        code = exit_code_of(error)
        if code is None or os.environ.get("WPFERRY_TRACEBACK"):
            raise
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"wpferry: {error}", markup=False)
    sys.exit(code or DONE)
