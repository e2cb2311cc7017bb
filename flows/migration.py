"""The steps of one run, without Prefect: find out what to do, do it, account for every object."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from uuid import uuid4

from cms_models import db, state
from cms_models.loader import delete_rows
from cms_models.media_queries import read_media
from cms_models.state import KnownState
from cms_models.translation_upkeep import made_languages
from flows.comparison import EntityPlan, compare
from flows.deletions import TooManyDeletionsError, Vanishing, refusal, vanishing
from flows.media import MediaRules
from flows.media_index import media_by_id
from flows.media_stamps import MediaStamps
from flows.tally import Tally, package_versions
from flows.wiring import OpenSite
from flows.worker import BEFORE_MEDIA, BatchResult, BatchSpec, WorkerSpec
from reports.metrics import BatchMetrics, ErrorMetrics
from reports.outcome import StageTime
from transforms.contract import Entity, Languages, SiteRules
from transforms.facts import outdated
from transforms.languages import read_languages
from transforms.placement import SKIPPED_TYPES, entity_of, place
from transforms.registry import ENTITIES
from transforms.site import build_site_data
from transforms.versioned_site import said_in_default_language
from wp_models.fingerprints import read_fingerprints
from wp_models.language_versions import numbers_of_versions, with_versions
from wp_models.queries import MenuQuery, PostQuery, TermQuery
from wp_models.reader import read_batch, read_keys
from wp_models.records import WpSite
from wp_models.site_index import read_site
from wp_models.sources import SourceConnection

Found = Mapping[int, str] | Iterable[int]
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
    for post in wordpress.posts.values():
        reason = place(post.type, post.status, rules).skip_reason
        if reason is not None:
            skipped[entity_of(post.type, rules)][reason] += 1
    for post_type, number in wordpress.skipped_counts.items():
        skipped[entity_of(post_type, rules)][SKIPPED_TYPES[post_type]] += number
    return skipped


def loadable_posts(wordpress: WpSite, rules: SiteRules) -> Mapping[str, list[int]]:
    """Return the ids of the posts that are not left out, by entity."""
    loadable: dict[str, list[int]] = defaultdict(list)
    for post in wordpress.posts.values():
        if place(post.type, post.status, rules).skip_reason is None:
            loadable[entity_of(post.type, rules)].append(post.id)
    return loadable


class Migration:
    """One run of one site while it goes on. The caller holds the site's lock."""

    def __init__(self, site: OpenSite, connection: db.Connection, wordpress: WpSite, *, flow: str) -> None:
        self.id = uuid4()
        self.site = site
        self.flow = flow
        self.wordpress = wordpress
        self.started_at = datetime.now(UTC)
        self.tally = Tally()
        self.rules = site.target.settings.rules()
        self.media = site.target.settings.media_rules()
        self.policies = site.target.settings.policies()
        self.versions = {entity.name: transform_version(entity, self.rules, self.media) for entity in ENTITIES}
        self.connection = connection
        self.site_id = self._register_site()
        self.outbox = state.Outbox(connection)

    @classmethod
    def begin(cls, site: OpenSite, connection: db.Connection, *, flow: str) -> Migration:
        """Read the site's index and note that a run has begun.

        Raises TooManyDeletionsError, with nothing written, when more would vanish than the settings allow.
        """
        with site.source.connect() as source:
            wordpress = read_site(source, site.source)
        with connection.transaction():
            run = cls(site, connection, wordpress, flow=flow)
            settings = site.target.settings
            if too_much := [one for one in run.vanishing() if one.is_too_much(settings.deletions)]:
                raise TooManyDeletionsError(refusal(too_much, settings.deletions))
            detail = {"versions": package_versions(), "settings": settings.shown()}
            state.start_run(connection, run.id, run.site_id, flow, detail)
        return run

    def vanishing(self) -> list[Vanishing]:
        """Return how many objects would vanish, by entity."""
        post_ids = {
            key for entity in ENTITIES if isinstance(entity.source, PostQuery) for key in self._in_source[entity.name]
        }  # a post that is another type now has not gone
        return [
            vanishing(
                entity.name,
                self._known[entity.name],
                post_ids if isinstance(entity.source, PostQuery) else frozenset(self._in_source[entity.name]),
            )
            for entity in ENTITIES
        ]

    def plan(self, entity: Entity) -> EntityPlan:
        """Return what there is to do for one entity; the media must be done before what shows them is planned."""
        asks_nobody = entity.name in BEFORE_MEDIA or entity.name == "media" or not self._known[entity.name]
        plan = self._compare(entity, () if asks_nobody else self._stale.get(entity.name, ()))
        self.tally.plan(plan)
        return plan

    def expected_changes(self) -> int:
        """Return how many objects have changed by themselves; what they are shown in comes on top."""
        return sum(len(self._compare(entity).changed) for entity in ENTITIES)

    def _compare(self, entity: Entity, stale: Collection[int] = ()) -> EntityPlan:
        name = entity.name
        skipped: Mapping[str, int] = self._skipped.get(name, {})
        return compare(name, self._in_source[name], self._known[name], self.versions[name], skipped, stale)

    @cached_property
    def languages(self) -> Languages:
        """Return the languages of the site and of what is in it."""
        return read_languages(self.wordpress)

    @cached_property
    def _known(self) -> Mapping[str, Mapping[int, KnownState]]:
        return {entity.name: state.read_state(self.connection, self.site_id, entity.name) for entity in ENTITIES}

    @cached_property
    def _skipped(self) -> Mapping[str, Counter[str]]:
        return skips_by_rule(self.wordpress, self.rules)

    @cached_property
    def _stale(self) -> Mapping[str, Collection[int]]:
        """Return, by entity, the objects that were told something of their site that is no longer so."""
        facts = state.read_facts(self.connection, self.site_id)
        if not facts:
            return {}
        media = media_by_id(read_media(self.connection, self.site_id))
        site = build_site_data(
            self.wordpress, self.rules, site_id=self.site_id, site_key=self.site.target.key, media=media
        )
        changed = outdated(site, facts)
        return state.read_dependents(self.connection, self.site_id, changed) if changed else {}

    def worker_spec(self, *, threads: int) -> WorkerSpec:
        """Return what workers need to take this run's batches."""
        target = self.site.target
        return WorkerSpec(
            site_id=self.site_id,
            site_key=target.key,
            run_id=self.id,
            source=self.site.source,
            wordpress=self.wordpress,
            rules=self.rules,
            cms_url=target.cms_url,
            media_url=target.media_url,
            uploads=target.settings.uploads,
            cache=target.home / "cache",
            media=self.media,
            versions=self.versions,
            policies=self.policies,
            threads=threads,
        )

    def batches(self, plan: EntityPlan, workers: int = 1) -> Iterator[BatchSpec]:
        """Yield the batches of one entity, so many that the workers end together."""
        settings = self.site.target.settings
        converts = plan.entity == "media" and settings.uploads is not None
        size = min(settings.batch_size, IMAGES_PER_BATCH) if converts else settings.batch_size
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

    @cached_property
    def _in_source(self) -> Mapping[str, Mapping[int, str] | Iterable[int]]:
        """Return what the source holds of each entity: fingerprints, or plain ids where nothing is known yet."""
        loadable = loadable_posts(self.wordpress, self.rules)
        found: dict[str, Mapping[int, str] | Iterable[int]] = {}
        with self.site.source.connect() as source:
            is_first = not any(self._known[entity.name] for entity in ENTITIES if isinstance(entity.source, PostQuery))
            versions = self.wordpress.versions
            prints_of_posts = {} if is_first else read_fingerprints(source, self.site.source, PostQuery())
            posts = with_versions(prints_of_posts, versions.posts)
            for entity in ENTITIES:
                if isinstance(entity.source, PostQuery):
                    keys = loadable.get(entity.name, [])
                    prints = {key: posts[key] for key in keys if key in posts}
                    stamped = self._stamped(prints, source) if entity.name == "media" else prints
                    found[entity.name] = keys if is_first else stamped
                    continue
                of_terms = versions.terms if isinstance(entity.source, TermQuery | MenuQuery) else {}
                if self._known[entity.name]:
                    prints = read_fingerprints(source, self.site.source, entity.source)
                    found[entity.name] = with_versions(prints, of_terms)
                else:
                    keys = read_keys(source, self.site.source, entity.source)
                    found[entity.name] = [*keys, *numbers_of_versions(keys, of_terms)]
        return found

    def _stamped(self, fingerprints: Mapping[int, str], source: SourceConnection) -> Mapping[int, str]:
        """Return the fingerprints of attachments with those of their files."""
        if self.site.uploads is None:
            return fingerprints
        read = partial(read_batch, source, self.site.source, PostQuery())
        stamps = MediaStamps(self.site.uploads, self.media.limits)
        return stamps.fingerprints(fingerprints, self.wordpress.attached_files, read)

    def _register_site(self) -> int:
        options, languages = self.wordpress.options, self.languages
        translated = made_languages(self.connection, self.site.target.key)
        return db.ensure_site(
            self.connection,
            self.site.target.key,
            name=said_in_default_language(self.wordpress, options.get("blogname", "")),
            url=options.get("home") or options.get("siteurl") or "",
            default_language=languages.default,
            languages=tuple(dict.fromkeys((*languages.codes, *translated))),
            timezone=options.get("timezone_string") or f"UTC{options.get('gmt_offset') or '+0'}",
        )
