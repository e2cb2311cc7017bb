"""Verdicts of sites: gathers what is known of one and has it judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cms_models import db, queries, schema, standing
from flows.settings import ConfigurationError, Settings
from flows.wiring import Target, open_target
from reports.assessment_findings import Level, level_of
from reports.verdict import Facts, Thresholds, Verdict, VerificationFacts, judge

BROKEN_LINKS = ("body.broken_link",)
COUNTED_APART = "media."  # files are counted as files
OUTCOMES = ("loaded", "unchanged", "skipped", "rejected", "conflicts")


def site_verdict(connection: db.Connection, key: str, thresholds: Thresholds, *, asked_at: datetime) -> Verdict:
    """Return the verdict on a site as it stands. Raises ConfigurationError for one that was never migrated."""
    return judge(site_facts(connection, key, asked_at=asked_at), thresholds)


def verdict_on(settings: Settings, key: str) -> Verdict:
    """Return the verdict on a site as it stands; asks the CMS alone."""
    with open_target(settings, key) as target:
        return verdict_now(target)


def verdict_now(target: Target) -> Verdict:
    """Return the verdict on a site as it stands at this moment."""
    with db.connect(target.cms_url) as connection:
        schema.require_current_schema(connection)
        return site_verdict(connection, target.key, target.settings.thresholds, asked_at=datetime.now(UTC))


def site_facts(connection: db.Connection, key: str, *, asked_at: datetime) -> Facts:
    """Return what a verdict on a site is based on. Raises ConfigurationError for one that was never migrated."""
    site_id = queries.find_site(connection, key)
    last = standing.read_last_run(connection, site_id) if site_id is not None else None
    if site_id is None or last is None:
        raise ConfigurationError(f"No migration of the site {key!r} has ended yet. Run first: wpferry migrate")
    losses = [
        code
        for code in standing.read_issue_codes(connection, site_id)
        if level_of(code) is Level.LOSS and not code.startswith(COUNTED_APART)
    ]
    now = standing.read_standing(connection, site_id, losses=losses, broken_links=BROKEN_LINKS)
    return Facts(
        asked_at=asked_at,
        objects=sum(counts["source"] for counts in last.entities.values()),
        unaccounted=sum(_unaccounted(counts) for counts in last.entities.values()),
        failure=last.failure,
        rejected=now.rejected,
        conflicts=now.conflicts,
        losses=now.losses,
        files=now.files,
        missing_media=now.missing,
        broken_links=now.broken_links,
        verification=_verification(standing.read_last_verification(connection, site_id)),
    )


def _unaccounted(counts: Mapping[str, Any]) -> int:
    return int(abs(counts["source"] - sum(counts[name] for name in OUTCOMES)))


def _verification(last: standing.LastVerification | None) -> VerificationFacts | None:
    if last is None:
        return None
    found = last.document
    return VerificationFacts(
        finished_at=last.finished_at,
        is_outdated=last.is_outdated,
        differences=found["difference_count"],
        lost=sum(one["field"] == "row" and one["target_value"] is None for one in found["differences"]),
        vanishing=len(found["stops_cut_over"]),
        addresses=found["addresses"]["known"],
        answered=found["addresses"]["answered"],
    )
