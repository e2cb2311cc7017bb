"""Puts a run back: the CMS and what wpferry remembers are as they were before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cms_models import db, queries, schema
from cms_models.history import RollbackResult, rollback_run
from flows.reporting import parse_run_id
from flows.settings import ConfigurationError, Settings
from flows.wiring import open_target


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What was put back, or would be."""

    site: str
    result: RollbackResult
    is_rehearsal: bool

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {
            "site": self.site,
            "runs": [str(run) for run in self.result.runs],
            "rows_restored": self.result.rows_restored,
            "rows_deleted": self.result.rows_deleted,
            "states_restored": self.result.states_restored,
            "dry_run": self.is_rehearsal,
        }

    def sentences(self) -> tuple[str, ...]:
        """Return the same for people."""
        runs, would = ", ".join(str(run) for run in self.result.runs), "would be " if self.is_rehearsal else ""
        rows = f"{self.result.rows_restored:,} rows as they were before, {self.result.rows_deleted:,} made rows gone"
        return (
            f"{self.site}: {runs} {would}rolled back: {rows}.",
            "Files stay in the media store; those that nothing shows any more go with: wpferry media gc",
        )


def roll_back(settings: Settings, run: str, *, chain: bool, discard_edits: bool, rehearse: bool) -> RolledBack:
    """Put a run of one of the sites back, or see how that would go.

    `chain` does the same with later runs that wrote its rows, newest first; `discard_edits` lets edits in the CMS go.
    """
    run_id = parse_run_id(run)
    for key in settings.sites:
        with open_target(settings, key) as target, db.connect(target.cms_url) as connection:
            schema.require_current_schema(connection)
            if queries.read_runs(connection, key, run_id=run_id):
                with (
                    db.site_lock(connection, key),
                    db.target_errors(),
                    connection.transaction(force_rollback=rehearse),
                ):
                    result = rollback_run(connection, run_id, chain=chain, discard_edits=discard_edits)
                return RolledBack(key, result, rehearse)
    raise ConfigurationError(f"No site has a run {run}. See: wpferry status")
