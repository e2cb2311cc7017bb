"""What every check sees and gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from cms_models.verify_queries import ContentFacts, MediaFacts
from reports.verification import Difference, shortened
from wp_models.verify_queries import PostFacts

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where posts of one type and status belong by the settings that the site's owner agreed to."""

    entity: str
    status: str | None = None  # as the CMS names it; None for media, and for statuses that nobody knows
    skip_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a check may know of the whole site."""

    site_key: str
    home_path: str  # without its last slash
    permalinks: str  # the structure
    front_pages: frozenset[int]
    zone: tzinfo
    placed: Mapping[tuple[str, str], Placed]  # by type and status
    posts: Mapping[int, str]  # entity of every source post that should have a row
    users: frozenset[int]
    nicenames: Mapping[int, str]
    terms: Mapping[tuple[str, int], int]  # term_taxonomy id by taxonomy and term id, of those that have a row
    loaded_terms: frozenset[int]
    term_names: Mapping[int, str]
    tree: Mapping[int, tuple[str, int | None]]  # slug and parent of every post in a hierarchy
    hidden_types: frozenset[str] = NONE  # post types that settings of an SEO plugin may keep out of search engines
    issues: Mapping[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def declared(self, entity: str, source_id: int, *codes: str) -> bool:
        """Return whether the load declared one of these issues on an object."""
        return not self.issues.get((entity, source_id), NONE).isdisjoint(codes)


@dataclass(frozen=True, slots=True)
class PostPair:
    """One post on both sides."""

    entity: str
    source: PostFacts
    target: ContentFacts | MediaFacts


Check = Callable[[PostPair, Context], Iterator[Difference]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that both sides have, and when its two values count as the same."""

    name: str
    same: Callable[[Any, Any], bool] = lambda source, target: bool(source == target)
    shown: Callable[[Any], Any] = lambda value: value  # what people may see of a value


@dataclass(frozen=True, slots=True)
class About:
    """The object that a check looks at, and the layer that the check belongs to."""

    layer: str
    entity: str
    source_id: int | None
    title: str

    @property
    def name(self) -> str:
        """Return what to call the object in a sentence."""
        number = f" {self.source_id}" if self.source_id is not None else ""
        return f"{self.entity}{number} {(shortened(self.title) or '')[:60]!r}"

    def compare(self, pairs: Iterable[tuple[Field, Any, Any]]) -> Iterator[Difference]:
        """Yield a difference for each field whose two values are not the same."""
        for one, source, target in pairs:
            if not one.same(source, target):
                yield self.differs(one.name, source=one.shown(source), target=one.shown(target))

    def differs(self, name: str, *, source: object, target: object, sentence: str | None = None) -> Difference:
        """Return a difference with a sentence that names object and field."""
        source_value, target_value = shortened(source), shortened(target)
        said = sentence or f"is {_quoted(source_value)} in WordPress and {_quoted(target_value)} in the CMS."
        return Difference(
            layer=self.layer,
            entity=self.entity,
            source_id=self.source_id,
            title=shortened(self.title) or "",
            field=name,
            source_value=source_value,
            target_value=target_value,
            sentence=f"{self.name}: {name} {said}",
        )


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else repr(value)
