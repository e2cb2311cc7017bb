"""One batch of a source, read and transformed as a migration would, for what it shows; nothing is loaded."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from cms_models.rows import CONTENT_TABLES, ContentRow, LoadBatch, MediaKind, MenuItemRow, MenuRow, UserRow, row_id
from flows.assessment.files import look_at_attachments
from flows.worker import ENTITIES_BY_NAME, BatchSpec
from reports.assessment_findings import Example, FindingTally
from transforms.batch import transform_batch
from transforms.contract import Issue, Media, SiteRules
from transforms.images import ImageRules
from transforms.site_data import SiteData, build_site_data
from transforms.survey.features import Feature, PageBuilder, blocks_of, builders_of, features_of
from transforms.survey.oddities import find_oddities
from wp_models.reader import read_batch
from wp_models.records import Record, WpComment, WpMenu, WpOption, WpPost, WpRedirect, WpSite, WpTerm, WpUser
from wp_models.sources import Source, SourceConnection
from wp_models.uploads import Uploads, open_uploads

NO_RUN = UUID(int=0)
NO_SITE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSpec:
    """Everything that is needed to look at a batch; travels to other processes."""

    site_key: str
    source: Source
    wordpress: WpSite
    rules: SiteRules
    images: ImageRules
    uploads: str | None
    cache: Path


@dataclass(slots=True)
class Seen:
    """What batches showed, gathered; small beside the records, and to be added up."""

    findings: FindingTally = field(default_factory=FindingTally)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)  # by entity
    skipped: dict[str, Counter[str]] = field(default_factory=dict)  # by entity and reason
    features: Counter[Feature] = field(default_factory=Counter)  # uses
    feature_posts: Counter[Feature] = field(default_factory=Counter)
    builders: Counter[PageBuilder] = field(default_factory=Counter)  # posts
    addresses: dict[Feature | PageBuilder, str] = field(default_factory=dict)  # where one can be seen
    fields: Counter[str] = field(default_factory=Counter)  # objects by custom field
    roles: Counter[str] = field(default_factory=Counter)
    menus: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)  # name, items, places
    links: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)  # MIME type > files, bytes
    pixels: int = 0
    files: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # SHA-256 > attachments and their files
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    def update(self, other: Seen) -> None:
        """Add what another batch showed."""
        self.findings.update(other.findings)
        for name in ("features", "feature_posts", "builders", "fields", "roles"):
            getattr(self, name).update(getattr(other, name))
        for stage, seconds in other.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        for own, others in ((self.outcomes, other.outcomes), (self.skipped, other.skipped)):
            for entity, counts in others.items():
                own.setdefault(entity, Counter()).update(counts)
        for feature, address in other.addresses.items():
            self.addresses.setdefault(feature, address)
        for kind, (files, size) in other.kinds.items():
            known = self.kinds.setdefault(kind, [0, 0])
            known[0] += files
            known[1] += size
        for digest, places in other.files.items():
            self.files.setdefault(digest, []).extend(places)
        self.menus += other.menus
        self.links += other.links
        self.pixels += other.pixels


class Assessor:
    """Looks at batches; its connection is kept from batch to batch."""

    def __init__(self, spec: AssessmentSpec) -> None:
        self.spec = spec
        self._opened = ExitStack()

    def look(self, batch: BatchSpec) -> Seen:
        """Return what a batch shows."""
        seen = Seen()
        started = time.perf_counter()
        entity = ENTITIES_BY_NAME[batch.entity]
        records = read_batch(self._connection, self.spec.source, entity.source, batch.keys)
        seen.seconds["extract"] = time.perf_counter() - started
        started = time.perf_counter()
        if batch.entity == "media":
            self._note_files([record for record in records if isinstance(record, WpPost)], seen)
            seen.seconds["look at files"] = time.perf_counter() - started
            started = time.perf_counter()
        loaded = transform_batch(entity, records, self.data, run_id=NO_RUN, version=0)
        seen.seconds["transform"] = time.perf_counter() - started
        self._note_batch(loaded, records, seen)
        started = time.perf_counter()
        for record in records:
            self._note_record(batch.entity, record, seen)
        seen.seconds["survey"] = time.perf_counter() - started
        return seen

    def close(self) -> None:
        """Close the connection."""
        self._opened.close()

    @cached_property
    def data(self) -> SiteData:
        """Return the site as its transforms see it, with every file in the media store that is there to be moved."""
        spec = self.spec
        site = build_site_data(spec.wordpress, spec.rules, site_id=NO_SITE, site_key=spec.site_key, media={})
        return replace(site, media=dict(self._media()))

    @cached_property
    def uploads(self) -> Uploads | None:
        """Return the site's uploads, if any were given."""
        spec = self.spec
        if spec.uploads is None:
            return None
        return open_uploads(spec.uploads, cache=spec.cache, blog_id=spec.source.blog_id)

    def example(self, entity: str, source_id: int, issue: Issue, title: str = "") -> Example:
        """Return a finding with the address at which a person can look at it."""
        url = self.url_of(entity, source_id)
        return Example(entity=entity, source_id=source_id, detail=issue.detail, title=title, url=url)

    def url_of(self, entity: str, source_id: int) -> str:
        """Return the address of a source object on the live site; empty when it has none."""
        addresses = self.data.addresses
        if entity in CONTENT_TABLES:
            path = addresses.post_path(source_id)
        elif entity == "terms":
            path = addresses.term_path(source_id)
        elif entity == "users":
            path = addresses.author_path(source_id)
        else:
            path = None
        home = urlsplit(addresses.home_url)
        is_web = home.scheme in {"http", "https"}  # the option is a text like any other, and may hold anything
        return f"{home.scheme}://{home.netloc}{path}" if path and is_web else ""

    @cached_property
    def _connection(self) -> SourceConnection:
        return self._opened.enter_context(self.spec.source.connect())

    def _media(self) -> Iterator[tuple[int, Media]]:
        files = self.spec.wordpress.attached_files
        for post in self.spec.wordpress.posts.values():
            if post.type == "attachment":
                stated = files.get(post.id)
                is_there = stated if self.uploads is None else stated and self.uploads.find(stated)
                kind = post.mime_type.partition("/")[0]
                yield (
                    post.id,
                    Media(
                        id=post.id,
                        row_id=row_id(self.spec.site_key, "media", post.id),
                        kind=kind if kind in set(MediaKind) else MediaKind.DOCUMENT,
                        store_key=stated if is_there else None,
                    ),
                )

    def _note_batch(self, batch: LoadBatch, records: Sequence[Record], seen: Seen) -> None:
        titles = {record.id: title_of(record) for record in records}
        outcomes = seen.outcomes.setdefault(batch.entity, Counter())
        for state in batch.states:
            outcomes[state.outcome] += 1
            if state.outcome == "skipped":
                seen.skipped.setdefault(batch.entity, Counter())[state.reason or ""] += 1
        for issue in batch.issues:
            found = Issue(issue.code, issue.detail)
            seen.findings.add(issue.code, self.example(batch.entity, issue.source_id, found, titles[issue.source_id]))
        for letter in batch.dead_letters:
            found = Issue(letter.error, letter.detail)
            seen.findings.add(
                letter.error, self.example(batch.entity, letter.source_id, found, titles[letter.source_id])
            )
        items: Counter[UUID] = Counter(row.menu_id for row in batch.rows if isinstance(row, MenuItemRow))
        for row in batch.rows:
            if isinstance(row, ContentRow) and isinstance(row.custom_fields, dict):
                seen.fields.update(row.custom_fields.keys())
            elif isinstance(row, UserRow):
                seen.roles.update(row.roles or ("no role",))
            elif isinstance(row, MenuRow):
                seen.menus.append((row.name, items[row.id], row.locations))

    def _note_record(self, entity: str, record: Record, seen: Seen) -> None:
        blocks = None
        if isinstance(record, WpPost) and entity != "media":
            blocks = blocks_of(record)
            features = features_of(record, blocks)
            seen.features.update(features)
            seen.feature_posts.update(features.keys())
            builders = builders_of(record, features)
            seen.builders.update(builders)
            seen.links += record.content.count("<a ")
            marks: list[Feature | PageBuilder] = [*features, *builders]
            for feature in marks:
                if feature not in seen.addresses:
                    seen.addresses[feature] = self.url_of(entity, record.id)
        self._note(entity, record, find_oddities(record, blocks), seen)

    def _note_files(self, posts: Sequence[WpPost], seen: Seen) -> None:
        for look in look_at_attachments(posts, self.uploads, self.spec.images):
            self._note("media", look.post, look.issues, seen)
            seen.pixels += look.pixels
            if look.name is not None or self.uploads is None:
                known = seen.kinds.setdefault(look.mime_type, [0, 0])
                known[0] += 1
                known[1] += look.byte_size
            if look.name is not None:
                seen.files.setdefault(look.sha256, []).append((look.post.id, look.name))

    def _note(self, entity: str, record: Record, issues: Iterable[Issue], seen: Seen) -> None:
        for issue in issues:
            seen.findings.add(issue.code, self.example(entity, record.id, issue, title_of(record)))


def title_of(record: Record) -> str:
    """Return what people call a record."""
    match record:
        case WpPost():
            return record.title
        case WpTerm():
            return record.name or ""
        case WpUser():
            return record.display_name
        case WpComment():
            return f"Comment by {record.author}"
        case WpMenu():
            return record.term.name or ""
        case WpOption():
            return record.name
        case WpRedirect():
            return record.source
