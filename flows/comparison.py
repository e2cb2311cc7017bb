"""What a run has to do: the source's fingerprints held against what was loaded before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from cms_models.rows import Outcome
from cms_models.state import KnownState

SMALLEST_SHARE = 100  # objects; a batch has a cost of its own
RETAKEN = frozenset({Outcome.REJECTED, Outcome.CONFLICT})
"""Outcomes that every run takes up again, changed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPlan:
    """What one run has to do for one entity. `source_count` = changed + unchanged + skipped."""

    entity: str
    changed: tuple[int, ...]  # source ids, ascending
    unchanged: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)  # by reason: by rule, or skipped before and unchanged
    deleted: tuple[int, ...] = ()  # loaded before, gone or left out now

    @property
    def source_count(self) -> int:
        """Return the number of source objects."""
        return len(self.changed) + self.unchanged + sum(self.skipped.values())

    def batches(self, size: int, workers: int = 1) -> Iterator[tuple[int, ...]]:
        """Yield the changed source ids in batches of at most this size, so many that the workers end together."""
        rounds = max(1, ceil(len(self.changed) / (size * workers)))
        share = min(size, max(SMALLEST_SHARE, ceil(len(self.changed) / (rounds * workers))))
        for start in range(0, len(self.changed), share):
            yield self.changed[start : start + share]


def compare(
    entity: str,
    in_source: Mapping[int, str] | Iterable[int],
    known: Iterable[tuple[int, KnownState]],
    version: int,
    skipped_by_rule: Mapping[str, int],
) -> EntityPlan:
    """Return what differs between the source and the state.

    `in_source` holds the fingerprints by source id; plain ids will do where nothing is known yet. What is known of each
    object, which is as much as the source has, passes by once.
    """
    fingerprints = in_source if isinstance(in_source, Mapping) else dict.fromkeys(in_source, "")
    new = set(fingerprints)
    changed: list[int] = []
    deleted: list[int] = []
    skipped = Counter(skipped_by_rule)
    unchanged = 0
    for source_id, state in known:
        new.discard(source_id)
        fingerprint = fingerprints.get(source_id)
        if fingerprint is None:
            deleted.append(source_id)
        elif state.outcome in RETAKEN or (state.fingerprint, state.transform_version) != (fingerprint, version):
            changed.append(source_id)
        elif state.outcome == Outcome.SKIPPED:
            skipped[_skipped_before(state)] += 1
        else:
            unchanged += 1
    return EntityPlan(
        entity=entity,
        changed=tuple(sorted((*changed, *new))),
        unchanged=unchanged,
        skipped=dict(skipped),
        deleted=tuple(sorted(deleted)),
    )


def with_stale(plan: EntityPlan, stale: Mapping[int, KnownState]) -> EntityPlan:
    """Return the plan that takes objects again, by what is known of them.

    They are unchanged themselves, but were told something of their site that is no longer so.
    """
    done = {*plan.changed, *plan.deleted}
    again = {key: state for key, state in stale.items() if key not in done}
    if not again:
        return plan
    skipped = Counter(plan.skipped)
    skipped.subtract(_skipped_before(state) for state in again.values() if state.outcome == Outcome.SKIPPED)
    return replace(
        plan,
        changed=tuple(sorted((*plan.changed, *again))),
        unchanged=plan.unchanged - sum(state.outcome != Outcome.SKIPPED for state in again.values()),
        skipped={reason: number for reason, number in skipped.items() if number},
    )


def _skipped_before(state: KnownState) -> str:
    return state.reason or "skipped before"
