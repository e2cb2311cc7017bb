"""One batch's way from the source to the CMS: what a worker does, in this process or another. No Prefect here."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from uuid import UUID

from cms_models import db
from cms_models.loader import load_batch
from cms_models.media_queries import find_media
from cms_models.media_store import MediaStore
from cms_models.rows import ConflictPolicy, DeadLetterRow, LoadResult, Outcome
from flows.media import ConvertedBatch, MediaRules, convert_batch
from flows.media_index import media_file, summary_of
from flows.media_stamps import MediaStamps
from flows.shared_site import SharedSite
from reports.outcome import MediaSummary
from transforms.batch import transform_batch
from transforms.contract import MediaFile
from transforms.images import ConvertedFile, ImageRules
from transforms.registry import ENTITIES
from transforms.site_data import SiteData
from transforms.uploaded_files import convert_file
from wp_models.reader import read_batch
from wp_models.records import Record, WpPost
from wp_models.sources import Source, SourceConnection
from wp_models.uploads import Uploads, open_uploads

BEFORE_MEDIA = frozenset({"users"})
NO_FILES = ConvertedBatch(files={}, encoded_count=0)
ENTITIES_BY_NAME = {entity.name: entity for entity in ENTITIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """Everything a worker needs to open its own connections; travels to other processes."""

    site: SharedSite
    run_id: UUID
    source: Source
    cms_url: str
    media_url: str
    uploads: str | None
    cache: Path
    media: MediaRules
    versions: Mapping[str, int]
    policies: Mapping[str, ConflictPolicy]
    threads: int = 1
    is_first_load: bool = False  # nothing of the site was loaded before this run


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSpec:
    """Records of one entity that are read, transformed, loaded, retried and measured together."""

    entity: str
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a batch did and where its time went."""

    spec: BatchSpec
    result: LoadResult
    gone: int  # deleted in the source between comparing and reading
    skipped_for: Mapping[str, int]
    dead_letters: tuple[DeadLetterRow, ...]
    images: MediaSummary
    images_encoded: int
    seconds: Mapping[str, float]  # by stage
    peak_memory_bytes: int  # of the worker's process, so far


class Worker:
    """Connections of one worker, opened when first needed and kept from batch to batch.

    Workers in one process share a `turn`: one at a time transforms, and what transforms keep in mind is theirs alone.
    """

    def __init__(self, spec: WorkerSpec, turn: Lock | None = None) -> None:
        self.spec = spec
        self._turn = turn or Lock()
        self._open()

    def run(self, spec: BatchSpec) -> BatchResult:
        """Take one batch from the source to the CMS, in one transaction.

        Raises errors of `wp_models` and `cms_models`; nothing of the batch is written then, and the next one gets
        new connections.
        """
        try:
            with db.target_errors():
                return self._run(spec)
        except BaseException as error:
            # Connections turn their drivers' errors into sentences for people when they are left by one.
            self._close(error)
            raise

    def close(self) -> None:
        """Close the connections."""
        self._close(None)

    def _run(self, spec: BatchSpec) -> BatchResult:
        clock = _Clock()
        entity, version = ENTITIES_BY_NAME[spec.entity], self.spec.versions[spec.entity]
        records = read_batch(self._source, self.spec.source, entity.source, spec.keys)
        clock.lap("extract")
        converted = NO_FILES
        with ExitStack() as turn:
            turn.enter_context(self._turn)
            clock.begin_lap()
            if spec.entity == "media":
                records, converted = self._converted(records)
                clock.lap("convert")
            site = self._site_for(spec.entity, converted.files)
            batch = transform_batch(entity, records, site, run_id=self.spec.run_id, version=version)
            clock.lap("transform")
            # A file that is in two batches is converted once: the second one's turn comes when the first is loaded.
            if spec.entity != "media":
                turn.close()
            policy = self.spec.policies[spec.entity]
            result = load_batch(self._cms, batch, policy, is_first_load=self.spec.is_first_load)
            clock.lap("load")
        return BatchResult(
            spec=spec,
            result=result,
            gone=len(spec.keys) - len(records),
            skipped_for=Counter(state.reason or "" for state in batch.states if state.outcome == Outcome.SKIPPED),
            dead_letters=batch.dead_letters,
            images=summary_of(converted.files.values()),
            images_encoded=converted.encoded_count,
            seconds=clock.seconds,
            peak_memory_bytes=peak_memory_bytes(),
        )

    def _site_for(self, entity: str, files: Mapping[int, MediaFile]) -> SiteData:
        if entity == "media":
            return replace(self.spec.site.before_media, media_files=files)
        return self.spec.site.before_media if entity in BEFORE_MEDIA else self.spec.site.with_media(self._cms)

    def _converted(self, records: Sequence[Record]) -> tuple[tuple[Record, ...], ConvertedBatch]:
        """Return attachments, stamped before their files are read, and what became of the files."""
        posts = tuple(record for record in records if isinstance(record, WpPost))
        uploads, rules = self._uploads, self.spec.media
        if uploads is not None:
            stamps = MediaStamps(uploads, rules.limits)
            posts = tuple(map(stamps.stamped, posts))
        converted = convert_batch(
            posts, uploads, self._store, self._known, rules, threads=self.spec.threads, convert=self._convert
        )
        return posts, converted

    def _convert(self, data: bytes, mime_type: str, rules: ImageRules) -> ConvertedFile:
        return convert_file(data, mime_type, rules)

    def _known(self, sha256: str) -> MediaFile | None:
        """Return what a source file became under the same settings, be it in another run, worker or batch."""
        stored = find_media(self._cms, self.spec.site.id, version=self.spec.versions["media"], sha256=sha256)
        return media_file(stored) if stored else None

    def _open(self) -> None:
        self._opened = ExitStack()
        for name in ("_source", "_cms"):
            self.__dict__.pop(name, None)

    def _close(self, error: BaseException | None) -> None:
        opened = self._opened
        self._open()
        opened.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)

    @cached_property
    def _source(self) -> SourceConnection:
        return self._opened.enter_context(self.spec.source.connect())

    @cached_property
    def _cms(self) -> db.Connection:
        return self._opened.enter_context(db.connect(self.spec.cms_url))

    @cached_property
    def _uploads(self) -> Uploads | None:
        spec = self.spec
        return open_uploads(spec.uploads, cache=spec.cache, blog_id=spec.source.blog_id) if spec.uploads else None

    @cached_property
    def _store(self) -> MediaStore:
        return MediaStore(self.spec.media_url)


def peak_memory_bytes() -> int:
    """Return the largest memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.begin_lap()

    def begin_lap(self) -> None:
        """Leave the time since the last lap to no stage."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap on a stage."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
