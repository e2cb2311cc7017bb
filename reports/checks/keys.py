"""Key sets and counts: every source object has a row or a reason, every row has a source object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from cms_models.verify_edits import State, Stray
from reports.checks.contract import About
from reports.verification import Difference
from wp_models.language_versions import is_version, source_number

LAYER, COUNTS = "keys", "counts"
WITH_ROW = frozenset({"loaded", "unchanged", "conflict"})


def lost(source: Iterable[int], states: Iterable[State]) -> list[int]:
    """Return the objects that have no row to ask for their name: missing rows, and what was never migrated."""
    present = {state.source_id for state in states if state.is_present}
    return sorted(number for number in source if number not in present)


def check_keys(
    entity: str,
    source: Collection[int],
    states: Iterable[State],
    strays: Iterable[Stray],
    counts: Counter[str],
    must_load: Collection[int],
    names: Mapping[int, str],
) -> Iterator[Difference]:
    """Yield what is on one side only; `counts` grows by what became of the objects.

    `must_load` are the objects that no rule leaves out, `names` what to call those without a row.
    """
    wanted, seen = set(source), set[int]()
    counts["source"] = len(wanted)
    for state in states:
        if state.outcome == "deleted":
            continue
        seen.add(state.source_id)
        if state.outcome == "skipped" and state.source_id in must_load:
            says = f"was left out ({state.reason}), though WordPress shows it."
            yield About(LAYER, entity, state.source_id, names.get(state.source_id, "")).differs(
                "row", source="present", target=None, sentence=says
            )
        title = state.title or names.get(state.source_id, "")
        is_wanted = source_number(state.source_id) in wanted
        counts["source"] += is_wanted and is_version(state.source_id)  # a language within an object of WordPress's
        yield from _state_differences(entity, replace(state, title=title), is_wanted, counts)
    for source_id in sorted(wanted - seen):
        detail = "stands in WordPress but was never migrated. Run: wpferry migrate"
        yield About(LAYER, entity, source_id, names.get(source_id, "")).differs(
            "row", source="present", target=None, sentence=detail
        )
    for stray in strays:
        counts["cms"] += 1
        detail = (
            "is gone from WordPress but still stands in the CMS. Run: wpferry resync"
            if stray.is_deleted_in_source
            else "stands in the CMS only: no migration made it."
        )
        yield About(LAYER, entity, stray.source_id, stray.title).differs(
            "row", source=None, target="present", sentence=detail
        )


def _state_differences(entity: str, state: State, is_in_source: bool, counts: Counter[str]) -> Iterator[Difference]:
    key = (LAYER, entity, state.source_id, state.title)
    if state.outcome not in WITH_ROW:
        counts[state.outcome] += 1
        return
    if not state.is_present:
        yield About(*key).differs("row", source="present", target=None, sentence="is missing in the CMS.")
        return
    if not state.is_deleted:
        counts["cms"] += 1
    if not is_in_source:
        detail = "is gone from WordPress but still stands in the CMS. Run: wpferry resync"
        yield About(*key).differs("row", source=None, target="present", sentence=detail)
    elif state.is_deleted:
        detail = "is set in the CMS, which hides it, though it stands in WordPress."
        yield About(*key).differs("deleted_at", source=None, target="set", sentence=detail)


def check_counts(entity: str, what: str, source: Mapping[str, int], target: Mapping[str, int]) -> Iterator[Difference]:
    """Yield the numbers (by status, language, taxonomy) that are not the same on both sides."""
    for name in sorted(source.keys() | target.keys()):
        before, after = source.get(name, 0), target.get(name, 0)
        if before != after:
            says = f"{name!r}: {before} in WordPress, {after} in the CMS."
            yield About(COUNTS, entity, None, f"{what} {name}").differs(
                what, source=before, target=after, sentence=says
            )
