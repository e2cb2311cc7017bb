"""The story of a verification: both sides are read again, held against each other, and the result is kept as a run."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from cms_models import db, queries, runs, schema
from flows.settings import ConfigurationError
from flows.verification.layers import Reconciliation
from flows.wiring import OpenSite
from reports.checks import LAYERS
from reports.verification import Verification


def verify_site(opened: OpenSite, *, workers: int) -> Verification:
    """Hold a site's two sides against each other and keep the result as a run. Writes nothing else.

    The site's lock is held meanwhile: a resync at work would make rows look lost.
    """
    key = opened.target.key
    with db.connect(opened.target.cms_url) as connection, db.site_lock(connection, key):
        schema.require_current_schema(connection)
        site_id = queries.find_site(connection, key)
        if site_id is None:
            raise ConfigurationError(f"The site {key!r} was never migrated into this CMS. Run first: wpferry migrate")
        run_id, started_at = uuid4(), datetime.now(UTC)
        runs.start_run(connection, run_id, site_id, "verify", {})
        with opened.source.connect() as source:
            reconciliation = Reconciliation(opened, connection, source, site_id, workers=workers)
            reconciliation.run()
        findings = reconciliation.findings
        verification = Verification(
            site=key,
            run_id=str(run_id),
            started_at=started_at,
            finished_at=datetime.now(UTC),
            layers=findings.layers(LAYERS),
            differences=findings.listed(LAYERS),
            coverage=reconciliation.coverage,
            counts={entity: dict(counts) for entity, counts in sorted(reconciliation.counts.items())},
        )
        runs.finish_run(connection, run_id, verification.outcome, {"verification": verification.document()})
        return verification
