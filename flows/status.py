"""What `wpferry status` and `wpferry db up` look at: sites, servers, schema versions, last runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cms_models import db, queries, schema
from cms_models.errors import TargetError
from flows.failures import UNFINISHED
from flows.services.errors import ServiceUnavailableError
from flows.settings import Settings
from flows.wiring import open_site_source, open_target
from reports.metrics import MetricsStore, MetricsUnavailableError
from wp_models.errors import SourceError

LAST_RUNS = 5
REACHABLE = "reachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStatus:
    """One site's servers and history; what cannot be reached says why."""

    site: str
    source: str
    cms: str
    metrics: str
    schemas: Mapping[str, str | None]
    runs: tuple[queries.Run, ...]

    @property
    def exit_code(self) -> int:
        """Return 3 when something cannot be reached; metrics never stop anybody."""
        return 0 if self.source == self.cms == REACHABLE else UNFINISHED

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return asdict(self)

    def sentences(self) -> tuple[str, ...]:
        """Return the same for people."""
        schemas = ", ".join(f"{name} {found or 'missing'}" for name, found in self.schemas.items())
        runs = [
            f"  {run.started_at:%Y-%m-%d %H:%M} {run.kind}: {run.outcome or 'not finished'} ({run.id})"
            for run in self.runs
        ]
        return (
            f"{self.site}",
            f"  source   {self.source}",
            f"  cms      {self.cms}" + (f" (schemas: {schemas})" if schemas else ""),
            f"  metrics  {self.metrics}",
            *(runs or ["  no runs yet"]),
        )


def site_status(settings: Settings, key: str) -> SiteStatus:
    """Return what can be reached of a site; asks both sides, writes nothing."""
    source = _source_state(settings, key)
    schemas: Mapping[str, str | None] = {}
    runs: tuple[queries.Run, ...] = ()
    metrics = "not asked"
    try:
        with open_target(settings, key) as target:
            metrics = _metrics_state(target.metrics, key)
            with db.connect(target.cms_url) as connection:
                schemas = schema.schema_versions(connection)
                if all(schemas.values()):
                    runs = tuple(queries.read_runs(connection, key, limit=LAST_RUNS))
        cms = REACHABLE
    except (TargetError, ServiceUnavailableError) as error:
        cms = str(error)
    return SiteStatus(site=key, source=source, cms=cms, metrics=metrics, schemas=schemas, runs=runs)


def upgrade_databases(settings: Settings) -> dict[str, Mapping[str, str]]:
    """Bring both schemas of every site's CMS to this wpferry's version and return the versions."""
    versions = {}
    for key in settings.sites:
        with open_target(settings, key) as target:
            versions[key] = schema.upgrade(target.cms_url)
    return versions


def _source_state(settings: Settings, key: str) -> str:
    try:
        open_site_source(settings, key)
    except SourceError as error:
        return str(error)
    return REACHABLE


def _metrics_state(metrics: MetricsStore, key: str) -> str:
    try:
        metrics.runs(key, limit=1)
    except MetricsUnavailableError as error:
        return str(error)
    return REACHABLE
