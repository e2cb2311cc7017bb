"""What a run leaves in Prefect, where people already look: outcome table, verdict, a link to the report."""

from __future__ import annotations

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.summary import MigrationSummary
from flows.translation.summary import TranslationSummary
from reports.verdict import Level, Verdict
from reports.verification import Verification

SHOWN = 100  # differences in the table; all of them are kept with the run
LIGHTS = {Level.GREEN: "🟢", Level.AMBER: "🟡", Level.RED: "🔴"}
MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#!|~"})


def leave_outcome(summary: MigrationSummary) -> None:
    """Leave what became of a site's objects, whether it can be switched over, and where the report lies."""
    site = summary.report.site
    create_table_artifact(
        key=_key("outcome", site), table=summary.outcome_table(), description=" ".join(summary.sentences())
    )
    leave_verdict(site, summary.verdict)
    create_link_artifact(
        key=_key("report", site),
        link=summary.report_path.as_uri(),
        link_text=f"Report of {site}",
        description=str(summary.report_path),
    )


def leave_verification(found: Verification, verdict: Verdict) -> None:
    """Leave what differs between the two sides of a site, and what that means for the switch."""
    rows = [
        {"layer": one.layer, "object": f"{one.entity} {one.source_id or ''} {one.title}", "field": one.field,
         "in WordPress": one.source_value, "in the CMS": one.target_value}
        for one in found.differences[:SHOWN]
    ]  # fmt: skip
    create_table_artifact(
        key=_key("verify", found.site),
        table=rows or [{"layer": layer.name, "checked": layer.checked} for layer in found.layers],
        description=found.sentences()[0],
    )
    leave_verdict(found.site, verdict)


def leave_translation(summary: TranslationSummary) -> None:
    """Leave what was translated, by language and type."""
    create_table_artifact(
        key=_key("translation", summary.site), table=summary.table(), description=" ".join(summary.sentences())
    )


def leave_verdict(site: str, verdict: Verdict) -> None:
    """Leave a verdict with all its reasons."""
    create_markdown_artifact(key=_key("verdict", site), markdown=verdict_markdown(site, verdict))


def verdict_markdown(site: str, verdict: Verdict) -> str:
    """Return a verdict as Markdown; an error's text cannot become markup."""
    reasons = "\n".join(f"- {LIGHTS[one.level]} {one.sentence.translate(MARKUP)}" for one in verdict.reasons)
    return f"# {site.translate(MARKUP)}: {verdict.title}\n\n{reasons}\n"


def _key(what: str, site: str) -> str:
    """Return an artifact's key: Prefect takes small letters, digits and dashes."""
    return f"{what}-{site}".replace("_", "-")
