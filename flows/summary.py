"""What a run leaves behind when it is done: counts that add up, metrics, a report, one JSON document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.outcome import Accounting, MediaSummary, RunReport
from reports.verdict import Verdict

SENTENCES = {
    Accounting.COMPLETE: "Every object is accounted for.",
    Accounting.ATTENTION: "Every object is accounted for; some need a person.",
    Accounting.INCONSISTENT: "The sums do not add up: do not switch over.",
}
COUNTS = ("source", "loaded", "unchanged", "skipped", "rejected", "deleted", "conflicts")


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSummary:
    """The outcome of one run, as the command line, Prefect and programs show it."""

    report: RunReport
    verdict: Verdict  # on the site as the run left it
    report_path: Path
    images: MediaSummary  # of this run's files; the report has the whole site's
    images_encoded: int
    rows_written: int

    @property
    def needs_attention(self) -> bool:
        """Return whether something was rejected, is in conflict, or does not add up."""
        return self.report.accounting != Accounting.COMPLETE

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        images = self.images
        return {
            "run_id": self.report.run_id,
            "site": self.report.site,
            "outcome": str(self.report.accounting),
            "entities": {
                entity: {name: getattr(counts, name) for name in COUNTS}
                for entity, counts in self.report.entities.items()
            },
            "media": {
                "images": images.images,
                "converted": images.converted,
                "kept": images.kept,
                "missing": images.missing,
                "rejected": images.rejected,
                "bytes_before": images.bytes_before,
                "bytes_after": images.bytes_after,
                "encoded": self.images_encoded,
            },
            "rows_written": self.rows_written,
            "verdict": self.verdict.document(),
            "seconds": round(self.report.seconds, 3),
            "report": str(self.report_path),
        }

    def outcome_table(self) -> list[dict[str, str | int]]:
        """Return one row per entity, for Prefect's artifact."""
        return [
            {"entity": entity, **{name: getattr(counts, name) for name in COUNTS}}
            for entity, counts in self.report.entities.items()
        ]

    def sentences(self) -> tuple[str, ...]:
        """Return what a person has to know, in a few lines."""
        total, seconds = self.report.total, self.report.seconds
        done = f"{total.loaded:,} loaded, {total.unchanged:,} unchanged, {total.skipped:,} skipped"
        needs = f", {total.rejected:,} rejected, {total.conflicts:,} in conflict" if self.needs_attention else ""
        return (
            f"{SENTENCES[self.report.accounting]} {total.source:,} objects: {done}{needs}, {total.deleted:,} gone.",
            f"{self.rows_written:,} rows written, {self.images_encoded:,} pictures encoded, in {seconds:.1f} s.",
            self.verdict.sentence,
            f"Report: {self.report_path}",
        )
