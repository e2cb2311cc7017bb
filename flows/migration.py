"""The steps of one run, without Prefect: find out what to do, do it, account for every object."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from html import unescape
from uuid import uuid4

from cms_models import db, runs, state
from cms_models.loader import delete_rows
from cms_models.media_queries import media_digest
from cms_models.outbox import Outbox
from cms_models.queries import find_site
from cms_models.translation_upkeep import made_languages
from flows.comparison import EntityPlan, compare, with_stale
from flows.deletions import Departures, TooManyDeletionsError, Vanishing, refusal
from flows.media import MediaRules
from flows.media_stamps import MediaStamps
from flows.reading import POSTS, InSource, Reading, reading
from flows.shared_site import SharedSite
from flows.tally import Tally, package_versions
from flows.wiring import OpenSite
from flows.worker import BEFORE_MEDIA, BatchResult, BatchSpec, WorkerSpec
from reports.item_pages import ListedSite
from reports.metrics import BatchMetrics, ErrorMetrics
from reports.outcome import StageTime
from transforms.contract import Entity, SiteRules
from transforms.facts import digest_of, outdated
from transforms.languages import read_languages, without_language_rows
from transforms.placement import SKIPPED_TYPES, entity_of, place
from transforms.registry import ENTITIES
from transforms.versioned_site import said_in_default_language
from wp_models.queries import PostQuery
from wp_models.reader import read_batch
from wp_models.records import WpSite

CHANGES_PER_BATCH = 75  # a resync holds the whole site in memory beside its batches, and has few of them
IMAGES_PER_BATCH = 50  # converting a picture takes as long as transforming many texts


def transform_version(entity: Entity, rules: SiteRules, media: MediaRules) -> int:
    """Return what is compared between runs: the transform's own version and the settings it depends on."""
    recipe = media.recipe if entity.name == "media" else ""
    settings = (
        sorted(rules.types.items()), sorted(rules.statuses.items()), sorted(rules.embed_hosts),
        rules.media_base_url, sorted(rules.old_hosts),
    )  # fmt: skip
    return zlib.crc32(f"{entity.name}/{entity.version}/{settings}/{recipe}".encode()) & 0x7FFFFFFF


def skips_by_rule(wordpress: WpSite, rules: SiteRules) -> Mapping[str, Counter[str]]:
    """Return how many posts are left out on purpose, by entity and reason."""
    skipped: dict[str, Counter[str]] = defaultdict(Counter)
    kinds = Counter((post.type, post.status) for post in wordpress.posts.values())
    for (post_type, status), number in kinds.items():
        reason = place(post_type, status, rules).skip_reason
        if reason is not None:
            skipped[entity_of(post_type, rules)][reason] += number
    for post_type, number in wordpress.skipped_counts.items():
        skipped[entity_of(post_type, rules)][SKIPPED_TYPES[post_type]] += number
    return skipped


def loadable_posts(wordpress: WpSite, rules: SiteRules) -> Mapping[str, list[int]]:
    """Return the ids of the posts that are not left out, by entity."""
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for post in wordpress.posts.values():
        kinds[post.type, post.status].append(post.id)
    loadable: dict[str, list[int]] = defaultdict(list)
    for (post_type, status), ids in kinds.items():
        if place(post_type, status, rules).skip_reason is None:
            loadable[entity_of(post_type, rules)].extend(ids)
    return loadable


class Migration:
    """One run of one site while it goes on. The caller holds the site's lock."""

    def __init__(
        self, site: OpenSite, connection: db.Connection, found: Reading, known: frozenset[str], *, flow: str
    ) -> None:
        self.id = uuid4()
        self.site = site
        self.flow = flow
        self._site_digest = digest_of(found.wordpress)
        self.languages = read_languages(found.wordpress)
        self.wordpress = without_language_rows(found.wordpress)
        self.started_at = datetime.now(UTC)
        self.tally = Tally()
        self.rules = site.target.settings.rules()
        self.media = site.target.settings.media_rules()
        self.policies = site.target.settings.policies()
        self.versions = {entity.name: transform_version(entity, self.rules, self.media) for entity in ENTITIES}
        self.connection = connection
        self.site_id = self._register_site()
        self.outbox = Outbox(connection)
        self._shared_site = SharedSite(
            self.wordpress, self.languages, self.rules, site_id=self.site_id, site_key=site.target.key
        )
        self.vanishing: list[Vanishing] = []  # by entity
        self._plans: dict[str, EntityPlan] = {}  # before it is known what was told something else
        self._known = known  # entities of which earlier runs have left something
        self._compare_all(found)

    @classmethod
    def begin(cls, site: OpenSite, connection: db.Connection, *, flow: str) -> Migration:
        """Find out what there is to do and note that a run has begun.

        Raises TooManyDeletionsError, with nothing written, when more would vanish than the settings allow.
        """
        site_id = find_site(connection, site.target.key)
        known = state.known_entities(connection, site_id) if site_id is not None else frozenset()
        with reading(site.source, known) as found, connection.transaction():
            run = cls(site, connection, found, known, flow=flow)
            settings = site.target.settings
            if too_much := [one for one in run.vanishing if one.is_too_much(settings.deletions)]:
                raise TooManyDeletionsError(refusal(too_much, settings.deletions))
            detail = {"versions": package_versions(), "settings": settings.shown()}
            runs.start_run(connection, run.id, run.site_id, flow, detail)
        return run

    @property
    def listed(self) -> ListedSite:
        """Return the site as reports and the CMS name it; WordPress stores its name with signs as references."""
        options = self.wordpress.options
        name = said_in_default_language(self.wordpress, options.get("blogname", ""))
        url = options.get("home") or options.get("siteurl") or ""
        return ListedSite(key=self.site.target.key, name=unescape(name), url=url)

    def plan(self, entity: Entity) -> EntityPlan:
        """Return what there is to do for one entity; the media must be done before what shows them is planned."""
        plan = self._plans[entity.name]
        if entity.name not in BEFORE_MEDIA and entity.name != "media" and self.told and entity.name in self._known:
            stale = self._stale.get(entity.name, ())
            plan = with_stale(plan, state.read_state(self.connection, self.site_id, entity.name, only=stale))
        self.tally.plan(plan)
        return plan

    def expected_changes(self) -> int:
        """Return how many objects have changed by themselves; what they are shown in comes on top."""
        return sum(len(plan.changed) for plan in self._plans.values())

    def _compare_all(self, found: Reading) -> None:
        """Hold the source against the state, those first whose fingerprints are there first."""
        skipped = skips_by_rule(self.wordpress, self.rules)
        for name, in_source in found.others():
            self._compare(name, in_source, in_source if isinstance(in_source, Mapping) else (), skipped)
        loadable = loadable_posts(self.wordpress, self.rules)
        if self._known and self._is_site_changed():
            _ = self._shared_site.before_media  # what rows were told will be asked of it; meanwhile, posts are read
        posts = found.posts()
        # A post that is another type now has not gone.
        still_there = (
            {key for keys in loadable.values() for key in keys if key in posts} if posts is not None else set()
        )
        for name in (entity.name for entity in ENTITIES if entity.name in POSTS):
            keys = loadable.get(name, [])
            in_source = keys if posts is None else {key: posts[key] for key in keys if key in posts}
            if name == "media" and isinstance(in_source, Mapping):
                in_source = self._stamped(in_source)
            self._compare(name, in_source, still_there, skipped)

    def _compare(
        self, name: str, in_source: InSource, still_there: Container[int], skipped: Mapping[str, Mapping[str, int]]
    ) -> None:
        """Hold an entity of the source against the state, a portion at a time: both are as large as the site."""
        departures = Departures(name, still_there)
        known = departures.watched(state.each_state(self.connection, self.site_id, name))
        self._plans[name] = compare(name, in_source, known, self.versions[name], skipped.get(name, {}))
        self.vanishing.append(departures.vanishing())

    @cached_property
    def told(self) -> str:
        """Return one value for all that rows are told of their site; made when media are done, before what shows them.

        Who edits media in the CMS later in the run makes the next one look again.
        """
        media = media_digest(self.connection, self.site_id)
        return f"{self._site_digest} {media} {package_versions()['wpferry']}"

    def _is_site_changed(self) -> bool:
        """Tell whether the source says something else of the site than rows were told; their media may differ, too."""
        told = runs.read_told(self.connection, self.site_id, before=self.id)
        return told is None or not told.startswith(self._site_digest)

    @cached_property
    def _stale(self) -> Mapping[str, Collection[int]]:
        """Return, by entity, the objects that were told something of their site that is no longer so."""
        if self.told == runs.read_told(self.connection, self.site_id, before=self.id):
            return {}
        site = self._shared_site.with_media(self.connection)
        changed = outdated(site, state.read_facts(self.connection, self.site_id))
        return state.read_dependents(self.connection, self.site_id, changed) if changed else {}

    def worker_spec(self, *, threads: int) -> WorkerSpec:
        """Return what workers need to take this run's batches."""
        target = self.site.target
        return WorkerSpec(
            site=self._shared_site,
            run_id=self.id,
            source=self.site.source,
            cms_url=target.cms_url,
            media_url=target.media_url,
            uploads=target.settings.uploads,
            cache=target.home / "cache",
            media=self.media,
            versions=self.versions,
            policies=self.policies,
            threads=threads,
            is_first_load=not self._known,
        )

    def batches(self, plan: EntityPlan, workers: int = 1) -> Iterator[BatchSpec]:
        """Yield the batches of one entity, so many that the workers end together."""
        settings = self.site.target.settings
        converts = plan.entity == "media" and settings.uploads is not None
        most = IMAGES_PER_BATCH if converts else settings.batch_size if not self._known else CHANGES_PER_BATCH
        size = min(settings.batch_size, most)
        for keys in plan.batches(size, workers):
            yield BatchSpec(entity=plan.entity, keys=keys)

    def note(self, done: BatchResult) -> None:
        """Count what a batch did and measure it."""
        counts = self.tally.batch(done)
        now, target = datetime.now(UTC), self.site.target
        first, last = done.spec.keys[0], done.spec.keys[-1]
        metrics = BatchMetrics(
            run_id=str(self.id), site=target.key, entity=done.spec.entity, first=first, last=last, counts=counts,
            rows_written=done.result.rows_written, finished_at=now,
            stages=tuple(StageTime(name, seconds, len(done.spec.keys)) for name, seconds in done.seconds.items()),
        )  # fmt: skip
        errors = [
            ErrorMetrics(
                run_id=str(self.id), site=target.key, entity=done.spec.entity, source_id=letter.source_id,
                stage=letter.stage, code=letter.error, detail=letter.detail, finished_at=now,
            )
            for letter in done.dead_letters
        ]  # fmt: skip
        target.metrics.record([metrics, *errors], self.outbox)

    def remove(self, plan: EntityPlan) -> None:
        """Put away what is gone from the source."""
        purge, policy = self.site.target.settings.deletions.purge, self.policies[plan.entity]
        if plan.deleted or purge:
            done = delete_rows(
                self.connection, self.site_id, self.id, plan.entity, plan.deleted, purge=purge, policy=policy
            )
            self.tally.removed(plan.entity, done)

    def _stamped(self, fingerprints: Mapping[int, str]) -> Mapping[int, str]:
        """Return the fingerprints of attachments with those of their files."""
        if self.site.uploads is None:
            return fingerprints
        stamps = MediaStamps(self.site.uploads, self.media.limits)
        with self.site.source.connect() as source:
            read = partial(read_batch, source, self.site.source, PostQuery())
            return stamps.fingerprints(fingerprints, self.wordpress.attached_files, read)

    def _register_site(self) -> int:
        options, languages, site = self.wordpress.options, self.languages, self.listed
        translated = made_languages(self.connection, site.key)
        return db.ensure_site(
            self.connection,
            site.key,
            name=site.name,
            url=site.url,
            default_language=languages.default,
            languages=tuple(dict.fromkeys((*languages.codes, *translated))),
            timezone=options.get("timezone_string") or f"UTC{options.get('gmt_offset') or '+0'}",
        )
