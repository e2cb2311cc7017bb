"""Holds counts, and later ids, hashes and links, of both sides together. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reports.outcome import OutcomeCounts


class CountMismatchError(Exception):
    """Source objects and outcomes differ: something was lost, or counted twice."""

    def __init__(self, entity: str, counts: OutcomeCounts) -> None:
        parts = ("loaded", "unchanged", "skipped", "rejected", "conflicts")
        listed = ", ".join(f"{getattr(counts, part)} {part}" for part in parts)
        if counts.source != counts.accounted:
            detail = f"{counts.source} in the source, but {counts.accounted} have an outcome ({listed})"
        else:
            detail = f"{counts.skipped} skipped, but {sum(counts.skipped_for.values())} with a reason"
        super().__init__(
            f"The counts of {entity} do not add up: {detail}. Nothing that was written is undone; "
            "run the same command again, and report this as a bug of wpferry if it stays."
        )
        self.entity = entity
        self.counts = counts


def check_counts(entities: Mapping[str, OutcomeCounts]) -> None:
    """Raise CountMismatchError for the first entity whose source objects do not have exactly one outcome each."""
    for entity, counts in entities.items():
        if not counts.adds_up:
            raise CountMismatchError(entity, counts)
