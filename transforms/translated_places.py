"""Where every translation into one language stands: its slug, its path, its parent, and what leads to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from cms_models.rows import row_id
from cms_models.translation_values import Original, Twin
from transforms.translated_addresses import TranslatedAddresses
from transforms.translated_rows import Place, translated_id
from transforms.values.slugs import free_slug, slug_of

SCOPED_BY_PARENT = frozenset({"pages"})


class TranslatedPlaces:
    """One language as its translations fill it; parents have to be settled before their children."""

    def __init__(
        self, site_key: str, language: str, addresses: TranslatedAddresses, taken: Mapping[str, set[tuple[str, str]]]
    ) -> None:
        self._site_key = site_key
        self._language = language
        self._addresses = addresses
        self._taken = taken  # by table: scope and slug of the rows that are there
        self._to_make: dict[UUID, Place] = {}
        self._source_paths: dict[UUID, str] = {}
        self._twins: dict[UUID, list[Twin]] = defaultdict(list)  # by translation group
        self.rows: dict[UUID, UUID] = {}
        """Rows that have a translation > the translation."""
        self.paths: dict[str, str] = {}
        """The same for their paths."""

    def meet(self, twin: Twin) -> None:
        """Let what leads to a row lead to its translation, and to its new place as soon as it has one."""
        self._twins[twin.group_id].append(twin)
        if twin.translation is not None:
            self._lead(twin.id, twin.path, twin.translation.id, twin.translation.path)

    def settle(self, original: Original, title: str) -> None:
        """Give an original's translation its place; one that a person wrote has its own."""
        standing = original.human or (original.made.row if original.made and original.made.is_edited else None)
        if standing is not None:
            self._note(original, standing.id, standing.path)
            return
        parent_id = self.rows.get(original.parent_id) if original.parent_id else None
        slug = self._slug(original, title, parent_id)
        place = Place(
            id=translated_id(self._site_key, original.table, original.source_id, self._language),
            language=self._language,
            group_id=original.group_id or own_group_id(self._site_key, original),
            slug=slug,
            path=self._path(original, slug),
            parent_id=parent_id,
        )
        self._to_make[original.id] = place
        self._note(original, place.id, place.path)

    def of(self, original: Original) -> Place | None:
        """Return the place of a translation that wpferry makes; None when a person wrote it."""
        return self._to_make.get(original.id)

    def _note(self, original: Original, row_id: UUID, path: str | None) -> None:
        if original.path is not None:
            self._source_paths[original.id] = original.path
        self._lead(original.id, original.path, row_id, path)
        for twin in self._twins.pop(original.group_id, ()) if original.group_id else ():
            self._lead(twin.id, twin.path, row_id, path)

    def _lead(self, from_id: UUID, from_path: str | None, row_id: UUID, path: str | None) -> None:
        self.rows[from_id] = row_id
        if from_path is not None and path is not None:
            self.paths[from_path] = path

    def _slug(self, original: Original, title: str, parent_id: UUID | None) -> str:
        if original.made and original.made.row:
            return original.made.row.slug  # an address that is out stays
        scope = str(parent_id or "") if original.table in SCOPED_BY_PARENT else original.scope
        taken = self._taken[original.table]
        slug = free_slug(slug_of(title) or original.slug, _Slugs(scope, taken))
        taken.add((scope, slug))
        return slug

    def _path(self, original: Original, slug: str) -> str | None:
        if original.path is None:
            return None
        above = self._source_paths.get(original.parent_id) if original.parent_id else None
        if above is not None and original.path.startswith(f"{above.rstrip('/')}/"):
            parent_path = self.paths.get(above)
            if parent_path is not None:
                return self._addresses.below(parent_path, slug, original.path)
        return self._addresses.path(original.path, original.language, self._language, slug=(original.slug, slug))


class _Slugs:
    """The slugs of one scope."""

    def __init__(self, scope: str, taken: set[tuple[str, str]]) -> None:
        self._scope, self._taken = scope, taken

    def __contains__(self, slug: object) -> bool:
        return (self._scope, slug) in self._taken


def own_group_id(site_key: str, original: Original) -> UUID:
    """Return the row id of the translation group of something that WordPress has in one language only."""
    return row_id(site_key, "translation_groups", f"{original.table}/{original.source_id}")


def parents_first(originals: Iterable[Original]) -> Iterator[Original]:
    """Yield originals in their order, but each after its parent; a circle of parents is broken somewhere."""
    waiting = {one.id: one for one in originals}
    for first in list(waiting.values()):
        chain: list[Original] = []
        current: Original | None = waiting.get(first.id)
        while current is not None and current not in chain:
            chain.append(current)
            current = waiting.get(current.parent_id) if current.parent_id else None
        for one in reversed(chain):
            del waiting[one.id]
            yield one
