"""Fields that somebody changed in the CMS after they were loaded, told by the hashes that the load kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from cms_models.verify_edits import Edit
from reports.checks.contract import About
from reports.verification import Difference

LAYER = "edits"
UNSHOWN = frozenset({"password_hash", "email", "author_email"})
MADE_FROM = frozenset({"id", "site_id"})


def edits_by_object(entity: str, edits: Iterable[Edit]) -> dict[tuple[str, int], dict[str, str | None]]:
    """Return the edited fields of each object with their present values."""
    found: dict[tuple[str, int], dict[str, str | None]] = defaultdict(dict)
    for edit in edits:
        if edit.field not in MADE_FROM:
            found[entity, edit.source_id][edit.field] = edit.value
    return found


def check_edits(
    entity: str, edits: Iterable[Edit], explained: Collection[tuple[str, int, str]]
) -> Iterator[Difference]:
    """Yield the edits that no other check has found: those of fields that only the load can make."""
    for edit in edits:
        if (entity, edit.source_id, edit.field) not in explained:
            value = None if edit.field in UNSHOWN else edit.value
            says = "was changed in the CMS after it was loaded."
            yield About(LAYER, entity, edit.source_id, edit.title).differs(
                edit.field, source="as it was loaded", target=value, sentence=says
            )
