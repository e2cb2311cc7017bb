"""What the next run would do: the run itself, in one transaction that is rolled back, so the two cannot disagree.

Nothing is written, neither to the CMS nor to the media store; pictures that a run would encode are only named, and
stand in the rows under keys of no meaning. CMS rows that would change are locked until the plan is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cms_models import db, schema
from cms_models.changes import Change, RowChange, read_changes
from cms_models.conflicts import OpenConflict, read_conflicts
from cms_models.groups import remove_empty_groups
from cms_models.translation_upkeep import follow_originals
from flows.assessment.steps import WrittenAssessment, assess_site
from flows.conflicts import conflict_document, conflict_lines
from flows.deletions import refusal
from flows.differences import both_versions
from flows.flags import DEFAULT_WORKERS
from flows.migration import Migration
from flows.progress import Reporter
from flows.rehearsal import PictureToConvert, Rehearsal
from flows.reporting import rejected_of_site
from flows.settings import Settings
from flows.summary import COUNTS
from flows.translation.steps import rehearse_translation
from flows.translation.summary import TranslationSummary
from flows.wiring import OpenSite, open_site
from reports.outcome import OutcomeCounts, Rejected
from transforms.registry import ENTITIES
from transforms.translated_addresses import read_addresses

SHOWN = 80  # characters of a value on the terminal
LISTED = 200  # rows on the terminal; --json has all


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """What a run would do to one site."""

    site: str
    entities: Mapping[str, OutcomeCounts]
    changes: tuple[RowChange, ...]
    conflicts: tuple[OpenConflict, ...]
    rejected: tuple[Rejected, ...]
    to_convert: tuple[PictureToConvert, ...]
    refusal: str | None  # why the run would not begin
    translation: TranslationSummary | None  # what would be translated after it; None when the settings name no language
    scope: WrittenAssessment | None = None  # the page of what is, and is not, included; None when nobody asked

    @property
    def needs_attention(self) -> bool:
        """Tell whether a person has to look before, or after, the run."""
        return bool(self.conflicts or self.rejected or self.refusal)

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {
            "site": self.site,
            "refused": self.refusal,
            "entities": {
                name: {count: getattr(counts, count) for count in COUNTS} for name, counts in self.entities.items()
            },
            "changes": [change_document(one) for one in self.changes],
            "conflicts": [conflict_document(self.site, one) for one in self.conflicts],
            "rejected": [
                {"entity": one.entity, "source_id": one.source_id, "title": one.title, "reason": one.reason}
                for one in self.rejected
            ],
            "media": {
                "to_convert": [{"path": one.source_path, "bytes": one.byte_size} for one in self.to_convert],
                "bytes": sum(one.byte_size for one in self.to_convert),
            },
            "translation": self.translation.document() if self.translation else None,
            "scope": self.scope.scope_document() if self.scope else None,
        }

    def lines(self) -> Iterator[str]:
        """Yield the same for people: rows that have a name, with their fields, long texts cut to where they differ."""
        if self.refusal:
            yield f"{self.site}: the run would be refused. {self.refusal}"
        for table, counts in self._by_table().items():
            yield f"{self.site}: {table}: " + ", ".join(f"{number:,} to {change}" for change, number in counts.items())
        if not self.changes:
            yield f"{self.site}: nothing would change."
        shown = [one for one in self.changes if one.change != Change.CREATE and one.title]
        for one in shown[:LISTED]:
            yield from change_lines(one)
        if len(shown) > LISTED:
            yield f"and {len(shown) - LISTED:,} more; --json lists them all."
        if self.to_convert:
            size = sum(one.byte_size for one in self.to_convert)
            yield f"{self.site}: {len(self.to_convert):,} pictures to convert, {size:,} bytes."
        for conflict in self.conflicts:
            yield from conflict_lines(self.site, conflict)
        for letter in self.rejected:
            yield f"rejected: {letter.entity} {letter.source_id} {letter.title!r}: {letter.reason}"
        if self.translation:
            yield from self.translation.sentences()
        if self.scope:
            yield from self.scope.scope_lines()

    def _by_table(self) -> Mapping[str, Counter[str]]:
        tables: dict[str, Counter[str]] = {}
        for one in self.changes:
            tables.setdefault(one.table, Counter())[str(one.change)] += 1
        return tables


def plan_site(settings: Settings, key: str, reporter: Reporter, *, with_scope: bool = False) -> SitePlan:
    """Return what the next run of a site would do; an embedded CMS gets its schemas without asking.

    With the scope, the site is assessed as well, and what is, and is not, included is written on a page.
    """
    found = _plan_site(settings, key, reporter)
    if not with_scope:
        return found
    return replace(found, scope=assess_site(settings, key, reporter, workers=DEFAULT_WORKERS, out=None))


def _plan_site(settings: Settings, key: str, reporter: Reporter) -> SitePlan:
    with open_site(settings, key) as site:
        if settings.sites[key].cms is None:
            schema.upgrade(site.target.cms_url)
        with db.connect(site.target.cms_url) as connection, db.site_lock(connection, key):
            schema.require_current_schema(connection)
            with db.target_errors(), connection.transaction(force_rollback=True):
                return _rehearse(site, connection, reporter)


def _rehearse(site: OpenSite, connection: db.Connection, reporter: Reporter) -> SitePlan:
    settings = site.target.settings
    allowed = settings.model_copy(update={"deletions": settings.deletions.model_copy(update={"allow": True})})
    run = Migration.begin(replace(site, target=replace(site.target, settings=allowed)), connection, flow="plan")
    too_much = [one for one in run.vanishing if one.is_too_much(settings.deletions)]
    worker = Rehearsal(run.worker_spec(threads=1), connection)
    try:
        for entity in ENTITIES:
            plan = run.plan(entity)
            with reporter.stage(plan.entity, len(plan.changed)) as stage:
                for spec in run.batches(plan):
                    run.tally.batch(worker.run(spec))
                    stage.advance(len(spec.keys))
            run.remove(plan)
        follow_originals(connection, run.site_id, run.id, purge=settings.deletions.purge)
        remove_empty_groups(connection, run.site_id, run.id)
        addresses = read_addresses(run.wordpress, run.languages)
        translation = rehearse_translation(site, connection, addresses, reporter)
    finally:
        worker.close()
    return SitePlan(
        site=site.target.key,
        entities=run.tally.counts,
        changes=tuple(read_changes(connection, run.id)),
        conflicts=tuple(read_conflicts(connection, run.site_id)),
        rejected=rejected_of_site(connection, run.site_id),
        to_convert=tuple(worker.to_convert),
        refusal=refusal(too_much, settings.deletions) if too_much else None,
        translation=translation,
    )


def change_document(change: RowChange) -> dict[str, Any]:
    """Return one changed row as JSON shows it."""
    return {
        "table": change.table,
        "id": str(change.row_id),
        "wp_id": change.wp_id,
        "title": change.title,
        "change": str(change.change),
        "fields": {name: {"old": one.old, "new": one.new} for name, one in change.fields.items()},
    }


def change_lines(change: RowChange) -> Iterator[str]:
    """Yield one changed row as the terminal shows it."""
    number = f" {change.wp_id}" if change.wp_id is not None else ""
    yield f"{change.change} {change.table}{number} {change.title!r}"
    if change.change != Change.UPDATE:
        return
    for name, one in change.fields.items():
        old, new = both_versions(one.old, one.new, limit=SHOWN)
        yield f"  {name}"
        yield f"    - {old}"
        yield f"    + {new}"
