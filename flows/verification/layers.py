"""Both sides of a site while they are compared, layer by layer: reads key ranges and hands them to the checks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from html import unescape
from typing import Any

from cms_models import db
from cms_models import verify_queries as cms
from cms_models import verify_records as cms_records
from cms_models.errors import TargetRefusedError
from cms_models.media_store import MediaStore
from cms_models.rows import CONTENT_TABLES
from cms_models.verify_edits import ENTITIES, read_counts, read_edits, read_states, read_strays
from flows.verification.bodies import BodyRange, BodyReader, BodyResult, body_results
from flows.verification.context import POSTS, read_context, read_source_side
from flows.wiring import OpenSite
from reports.checks import (
    POST_CHECKS,
    addresses,
    bodies,
    edits,
    keys,
    media,
    others,
    search,
    site,
    translations,
)
from reports.checks.contract import PostPair
from reports.findings import Findings
from reports.verification import MAX_LISTED
from transforms.placement import SKIPPED_TAXONOMIES
from wp_models import verify_addresses
from wp_models import verify_queries as wordpress
from wp_models import verify_records as records
from wp_models.language_versions import LOWEST

POSTS_PER_RANGE = 1_000
DECODED_FILES = 100  # in full; of all others the header


class Reconciliation:
    """Both sides of one site while they are compared."""

    def __init__(self, opened: OpenSite, connection: db.Connection, source: Any, site_id: int, *, workers: int) -> None:
        self.opened, self.connection, self.source, self.site_id = opened, connection, source, site_id
        self.workers = workers
        self.findings = Findings()
        self.counts: dict[str, Counter[str]] = {}
        self.loaded: dict[str, frozenset[int]] = {}
        self.side = read_source_side(source, opened)

    def run(self) -> None:
        """Go through all layers."""
        with self.findings.timed("keys"):
            self._keys()
        with self.findings.timed("counts"):
            self._counts()
        self.context = read_context(self.source, self.connection, self.opened, self.site_id, self.side, self.loaded)
        with self._body_results() as results:  # in other processes, meanwhile
            with self.findings.timed("translations"):
                self._translations()
            with self.findings.timed("fields"):
                self._posts()
                self._small_records()
                self._comments()
            with self.findings.timed("content"):
                self._bodies(results)
        with self.findings.timed("media"):
            self._files()
        with self.findings.timed("addresses"):
            self._addresses()
        with self.findings.timed("search"):
            self._search()
        with self.findings.timed("edits"):
            self._edits()

    def _keys(self) -> None:
        of_posts, skipped = self.side.keys_of_posts(), self.side.skipped_posts()
        for entity in sorted(ENTITIES, key=lambda name: name == "comments"):  # they ask what else was loaded
            wanted = (
                of_posts.get(entity, [])
                if entity in POSTS
                else wordpress.read_source_keys(self.source, self.opened.source, entity)
            )
            states = list(read_states(self.connection, self.site_id, entity))
            strays = read_strays(self.connection, self.site_id, entity)
            counts = self.counts[entity] = Counter(source=0, cms=0, skipped=0, rejected=0)
            must_load = self._must_load(entity, wanted)
            lost = keys.lost(wanted, states)[:MAX_LISTED]
            self.findings.add(
                keys.check_keys(entity, wanted, states, strays, counts, must_load, self._names(entity, lost))
            )
            counts["source"] += skipped.get(entity, 0)
            counts["skipped"] += skipped.get(entity, 0)
            self.findings.checked["keys"] += len(wanted)
            present = (one.source_id for one in states if one.outcome in keys.WITH_ROW)
            self.loaded[entity] = frozenset(present).intersection(wanted)

    def _names(self, entity: str, ids: Sequence[int]) -> Mapping[int, str]:
        """Return what WordPress calls objects that have no row to ask."""
        if entity in POSTS:
            titles = wordpress.read_post_titles(self.source, self.opened.source, ids)
            return {number: unescape(title) for number, title in titles.items()}
        known = {"users": (self.side.users, "login"), "terms": (self.side.terms, "name")}
        if entity in known:
            found, column = known[entity]
            return {number: unescape(found[number][column] or "") for number in ids if number in found}
        return {}

    def _must_load(self, entity: str, wanted: Collection[int]) -> Collection[int]:
        """Return the objects that no rule leaves out."""
        if entity in POSTS or entity in ("users", "menus", "settings"):
            return frozenset(wanted)
        if entity == "terms":
            terms = self.side.terms.items()
            return {number for number, term in terms if term["taxonomy"] not in SKIPPED_TAXONOMIES}
        if entity == "comments":
            posts = frozenset().union(*(self.loaded[table] for table in POSTS))
            shown = records.read_shown_comments(self.source, self.opened.source)
            return {number for number, post in shown if post in posts}
        return frozenset()

    def _counts(self) -> None:
        """Compare numbers by status and taxonomy: an overview of what the other layers name one by one."""
        found = read_counts(self.connection, self.site_id, below=LOWEST)
        wanted: dict[str, Counter[str]] = defaultdict(Counter)
        for kind in self.side.kinds:
            placed = self.side.placed[kind.type, kind.status]
            if placed.entity in CONTENT_TABLES and kind.id in self.loaded[placed.entity]:
                wanted[placed.entity][placed.status or ""] += 1
        wanted["terms"] = Counter(self.side.terms[number]["taxonomy"] for number in self.loaded["terms"])
        for entity, numbers in found.items():
            self.findings.checked["counts"] += len(numbers)
            what = "taxonomy" if entity == "terms" else "status"
            self.findings.add(keys.check_counts(entity, what, wanted[entity], numbers))

    def _posts(self) -> None:
        """Compare posts in key ranges: plain columns field by field, bodies by their hashes."""
        tables = [table for table in CONTENT_TABLES if self.loaded[table]]
        for first, last in _ranges(self.context.posts):
            posts = wordpress.read_posts(self.source, self.opened.source, first, last)
            found = {post.id: self.side.spoken.post(post) for post in posts}
            rows: list[tuple[str, Any]] = [
                (table, row)
                for table in tables
                for row in cms.read_content(self.connection, self.site_id, table, first, last)
            ]
            pairs = [PostPair(table, found[row.wp_id], row) for table, row in rows if row.wp_id in found]
            files = cms.read_media_facts(self.connection, self.site_id, first, last)
            pairs += [PostPair("media", found[row.wp_id], row) for row in files if row.wp_id in found]
            for layer, check in POST_CHECKS:
                self.findings.checked[layer] += len(pairs)
                self.findings.add(
                    one
                    for pair in pairs
                    if self.context.posts.get(pair.source.id) == pair.entity
                    for one in check(pair, self.context)
                )
            self._body_hashes(pairs, first, last)

    def _body_hashes(self, pairs: Sequence[PostPair], first: int, last: int) -> None:
        """Compare the hashes of the raw bodies, and read only those in full that differ."""
        hashes = wordpress.read_body_hashes(self.source, self.opened.source, first, last)
        self.findings.checked["bodies"] += len(pairs)
        other = {
            pair.source.id: pair
            for pair in pairs
            if isinstance(pair.target, cms.ContentFacts) and hashes.get(pair.source.id) != pair.target.body_sha256
        }
        if not other:
            return
        stored = wordpress.read_source_bodies(self.source, self.opened.source, sorted(other))
        for table in {pair.entity for pair in other.values()}:
            for body in cms.read_bodies(self.connection, self.site_id, table, min(other), max(other)):
                if body.wp_id in other:
                    self.findings.add(bodies.check_raw(table, body, stored.get(body.wp_id, "")))

    def _small_records(self) -> None:
        users = cms_records.read_rows(self.connection, self.site_id, "users")
        terms = cms_records.read_rows(self.connection, self.site_id, "terms")
        settings = cms_records.read_rows(self.connection, self.site_id, "settings")
        menus = cms_records.read_rows(self.connection, self.site_id, "menus")
        self.findings.checked["fields"] += len(users) + len(terms) + len(settings) + len(menus)
        for number in users.keys() & self.side.users.keys():
            self.findings.add(others.check_user(number, self.side.users[number], users[number], self.context))
        for number in terms.keys() & self.side.terms.keys():
            self.findings.add(others.check_term(number, self.side.terms[number], terms[number], self.context))
        for number in settings.keys() & self.side.options.keys():
            self.findings.add(others.check_setting(number, self.side.options[number], settings[number]))
        items = records.read_source_menu_items(self.source, self.opened.source)
        rows = cms_records.read_menu_items(self.connection, self.site_id)
        for number in menus.keys() & self.side.terms.keys():
            wanted = (self.side.terms[number], [*map(self.side.spoken.mapping, items.get(number, []))])
            self.findings.add(others.check_menu(number, wanted, menus[number], rows, self.context))
        row = cms.read_site_row(self.connection, self.site_id)
        self.findings.add(site.check_site(row, self.side.option))

    def _comments(self) -> None:
        loaded = self.loaded["comments"]
        for first, last in _ranges(loaded):
            found = records.read_comments(self.source, self.opened.source, first, last)
            rows = cms_records.read_comment_rows(self.connection, self.site_id, first, last)
            self.findings.checked["fields"] += len(rows)
            for number in rows.keys() & found.keys() & loaded:
                self.findings.add(others.check_comment(number, found[number], rows[number], self.context))

    def _body_results(self) -> AbstractContextManager[Iterator[BodyResult]]:
        target = self.opened.target
        reader = BodyReader(target.cms_url, self.site_id, target.settings.media_base_url, self.side.spoken)
        count = sum(len(self.loaded[table]) for table in CONTENT_TABLES)
        return body_results(reader, self.connection, self._body_ranges(), workers=self.workers, bodies=count)

    def _bodies(self, results: Iterator[BodyResult]) -> None:
        """Note what was found in bodies, and follow what they refer to."""
        redirects = cms.read_redirects(self.connection, self.site_id)
        known = addresses.answering(cms.read_paths(self.connection, self.site_id), redirects)
        files = {variant.store_key for variant in cms.read_variants(self.connection, self.site_id)}
        for done in results:
            self.findings.checked["content"] += done.checked
            self.findings.add(done.differences)
            for found in done.references:
                self.findings.add(bodies.check_references(done.table, found, known, files, self.context))

    def _body_ranges(self) -> Iterator[BodyRange]:
        codes: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
        for (entity, source_id), declared in self.context.issues.items():
            codes[entity][source_id] = declared
        for table in CONTENT_TABLES:
            for first, last in _ranges(self.loaded[table]):
                declared_here = {number: found for number, found in codes[table].items() if first <= number <= last}
                yield BodyRange(table, first, last, declared_here)

    def _translations(self) -> None:
        noted = max(self.side.translations.values(), key=len, default=[])
        if noted:
            rows = list(cms.read_translated(self.connection, self.site_id))
            self.findings.checked["translations"] += len(rows)
            self.findings.add(translations.check_translations(noted, rows, self.context.issues))
        self.side = replace(self.side, translations={})  # of no more use, and as large as the site

    def _files(self) -> None:
        variants = cms.read_variants(self.connection, self.site_id)
        names = frozenset(variant.store_key for variant in variants)
        for first, last in _ranges(self.loaded["media"]):
            for row in cms.read_media_facts(self.connection, self.site_id, first, last):
                self.findings.add(media.check_media(row, names))
        store = MediaStore(self.opened.target.media_url)
        once = list({variant.store_key: variant for variant in variants}.values())
        self.findings.checked["media"] += len(once)
        step = max(1, len(once) // DECODED_FILES)
        with ThreadPoolExecutor(self.workers) as threads:
            check = partial(_check_file, store, step)
            for differences in threads.map(check, enumerate(once)):
                self.findings.add(differences)

    def _addresses(self) -> None:
        redirects = cms.read_redirects(self.connection, self.site_id)
        paths = cms.read_paths(self.connection, self.site_id)
        home, media_base = self.context.home_path, self.opened.target.settings.media_base_url
        logged = verify_addresses.read_logged_addresses(self.source, self.opened.source)
        content = addresses.content_coverage(self.side.public_posts(), self.findings.found)
        self.coverage = addresses.coverage(content, logged, paths, redirects, home)
        self.findings.checked["addresses"] += len(redirects)
        self.findings.add(addresses.check_redirects(redirects, paths, self.context, media_base))

    def _search(self) -> None:
        self.findings.checked["search"] += sum(len(self.loaded[table]) for table in CONTENT_TABLES)
        self.findings.add(search.check_search(cms.read_unsearchable(self.connection, self.site_id)))

    def _edits(self) -> None:
        """Name the fields that were changed in the CMS: the reason of some differences, and others nobody else sees."""
        found = {entity: list(read_edits(self.connection, self.site_id, entity)) for entity in ENTITIES}
        by_object = {
            key: fields for entity, some in found.items() for key, fields in edits.edits_by_object(entity, some).items()
        }
        explained = self.findings.explain(by_object)
        for entity, some in found.items():
            self.findings.checked["edits"] += len(self.loaded[entity])
            self.findings.add(edits.check_edits(entity, some, explained))


def _check_file(store: MediaStore, step: int, numbered: tuple[int, cms.VariantFacts]) -> list[Any]:
    number, variant = numbered
    data = None
    with suppress(TargetRefusedError, ValueError):  # missing; a name that no file of the store has
        data = store.read(variant.store_key)
    return list(media.check_file(variant, data, in_full=number % step == 0))


def _ranges(ids: Any) -> Iterator[tuple[int, int]]:
    """Yield first and last id of ranges that hold so many of these ids each."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), POSTS_PER_RANGE):
        some = ordered[start : start + POSTS_PER_RANGE]
        yield some[0], some[-1]
