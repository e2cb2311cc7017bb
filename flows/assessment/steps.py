"""The story of an assessment: the source is read as a migration would read it, and nothing is written but a report."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from flows.assessment.files import unlisted_files
from flows.assessment.lines import SourceFacts, assessment_of
from flows.assessment.worker import AssessmentSpec, Assessor, Seen
from flows.execution import SMALL_SITE, WorkerDiedError
from flows.migration import IMAGES_PER_BATCH, loadable_posts
from flows.progress import Reporter
from flows.scopes import read_scope
from flows.settings import Settings
from flows.wiring import open_site_source
from flows.worker import BatchSpec
from reports.assessment import Assessment
from reports.assessment_findings import Example, FindingTally
from reports.assessment_pages import assessment_document, write_assessment
from reports.assessment_text import assessment_text
from reports.render import plain
from reports.scope import scope_of
from reports.scope_document import ScopeDifference, outline_of, scope_difference
from transforms.contract import Issue
from transforms.placement import entity_of
from transforms.registry import ENTITIES
from transforms.survey.site import survey_site
from wp_models import survey
from wp_models.queries import PostQuery
from wp_models.reader import read_keys
from wp_models.site_index import read_site
from wp_models.sources import Source, SourceConnection
from wp_models.survey_tables import SourceTable, read_tables
from wp_models.tables import list_blogs
from wp_models.uploads import open_uploads

ENTITIES_OF_ROWS = {"term_taxonomy": "terms", "users": "users"}


@dataclass(frozen=True, slots=True)
class WrittenAssessment:
    """An assessment and where its page is."""

    assessment: Assessment
    path: Path
    difference: ScopeDifference | None = None  # from the scope that was signed

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        document = {**assessment_document(self.assessment), "report": str(self.path)}
        return document if self.difference is None else {**document, "signed_scope": plain(self.difference)}

    def scope_document(self) -> dict[str, Any]:
        """Return the scope alone: its hash, the page to sign, and what is not as it was signed before."""
        difference = plain(self.difference) if self.difference else None
        return {"hash": scope_of(self.assessment).hash, "page": f"{self.path}", "signed_scope": difference}

    def scope_lines(self) -> Iterator[str]:
        """Yield the same for people."""
        yield f"Scope {scope_of(self.assessment).hash[:16]}: {self.path}"
        if self.difference is not None:
            yield from self.difference.lines()

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield assessment_text(
            self.assessment, width=get_terminal_size((100, 24)).columns, is_coloured=sys.stdout.isatty()
        )
        if self.difference is not None:
            yield from self.difference.lines()
        yield f"Report: {self.path}"


def assess_sites(
    settings: Settings, reporter: Reporter, *, workers: int, out: Path | None = None
) -> list[WrittenAssessment]:
    """Look at every site of the settings; several are written below `out`, each in its own folder."""
    folders = {key: out / key if out and len(settings.sites) > 1 else out for key in settings.sites}
    return [assess_site(settings, key, reporter, workers=workers, out=folder) for key, folder in folders.items()]


def assess_site(
    settings: Settings, key: str, reporter: Reporter, *, workers: int, out: Path | None
) -> WrittenAssessment:
    """Look at a site and write what it holds, what will come along and what will not."""
    started_at = datetime.now(UTC)
    site, home = settings.sites[key], settings.home.absolute()
    source = open_site_source(settings, key)
    if site.uploads is not None:  # a wrong path is told, and an archive unpacked, before anything is read
        open_uploads(site.uploads, cache=home / "cache", blog_id=source.blog_id)
    seen = Seen()
    with source.connect() as connection:
        spec = AssessmentSpec(
            site_key=key, source=source, wordpress=read_site(connection, source), rules=site.rules(),
            images=site.images.rules(), uploads=site.uploads, cache=home / "cache",
        )  # fmt: skip
        assessor = Assessor(spec)
        facts = _ask_database(connection, assessor, seen.findings)
        batches = _batches(connection, spec, site.batch_size)
    _survey_site(assessor, seen.findings)
    with closing(assessor):
        for done in _looks(assessor, batches, reporter, workers=workers):
            seen.update(done)
    facts = _compare_files(assessor, facts, seen)
    _add_titles(source, seen.findings)
    assessment = assessment_of(assessor, facts, seen, started_at=started_at, workers=workers)
    folder = out or home / "reports" / key / "assessment"
    now = outline_of(scope_of(assessment))
    difference = scope_difference(read_scope(site.signed_scope), now) if site.signed_scope else None
    return WrittenAssessment(assessment, write_assessment(assessment, folder.absolute(), difference), difference)


def _batches(connection: SourceConnection, spec: AssessmentSpec, size: int) -> list[BatchSpec]:
    """Return what there is to look at, in the order in which it would be loaded."""
    loadable = loadable_posts(spec.wordpress, spec.rules)
    batches = []
    for entity in ENTITIES:
        is_post = isinstance(entity.source, PostQuery)
        keys = loadable.get(entity.name, []) if is_post else read_keys(connection, spec.source, entity.source)
        step = min(size, IMAGES_PER_BATCH) if entity.name == "media" else size
        batches += [BatchSpec(entity=entity.name, keys=tuple(keys[at : at + step])) for at in range(0, len(keys), step)]
    return batches


def _looks(assessor: Assessor, batches: Sequence[BatchSpec], reporter: Reporter, *, workers: int) -> Iterator[Seen]:
    """Yield what each batch shows, in their order: in this process for small sites, in several for large ones."""
    objects = sum(len(batch.keys) for batch in batches)
    with reporter.stage("assess", objects) as stage:
        if workers == 1 or objects < SMALL_SITE:
            for batch in batches:
                yield assessor.look(batch)
                stage.advance(len(batch.keys))
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context, initializer=_open_assessor, initargs=(assessor.spec,)) as pool:
            try:
                for batch, seen in zip(batches, pool.map(_look_in_process, batches), strict=True):
                    yield seen
                    stage.advance(len(batch.keys))
            except BrokenProcessPool as error:
                raise WorkerDiedError(
                    "A worker process died, perhaps for want of memory. Nothing was written: run the command again, "
                    "with a smaller batch_size or fewer --workers."
                ) from error
            finally:
                pool.shutdown(cancel_futures=True)


_assessor: Assessor


def _open_assessor(spec: AssessmentSpec) -> None:
    global _assessor  # noqa: PLW0603 - one assessor per process is what a pool's initializer is for
    _assessor = Assessor(spec)


def _look_in_process(batch: BatchSpec) -> Seen:
    return _assessor.look(batch)


def _ask_database(connection: SourceConnection, assessor: Assessor, findings: FindingTally) -> SourceFacts:
    """Return what only the database can be asked, and note which of its rows hang in the air."""
    source = assessor.spec.source
    installation = source.installation
    for found in survey.survey_database(connection, installation):
        entity = _entity_of_row(assessor.spec, found.table, found.row)
        findings.add(found.code, assessor.example(entity, found.row, Issue(found.code, found.detail)))
    tables = read_tables(connection, installation)
    _note_tables(tables, findings)
    return SourceFacts(
        source=source.description,
        posts=survey.count_posts(connection, installation),
        comments=survey.count_comments(connection, installation),
        meta_keys=survey.count_meta_keys(connection, installation),
        tables=tables,
        blogs=len(list_blogs(connection, prefix=installation.base_prefix)),
        network_plugins=survey.read_network_plugins(connection, installation),
    )


def _entity_of_row(spec: AssessmentSpec, table: str, row: int) -> str:
    """Return the entity that a row is an object of; what is an object of none is called by its table."""
    if table == "posts":
        post = spec.wordpress.posts.get(row)
        if post is None:
            return "revisions"
        return "menu items" if post.type == "nav_menu_item" else entity_of(post.type, spec.rules)
    return ENTITIES_OF_ROWS.get(table, f"table {table}")


def _note_tables(tables: Sequence[SourceTable], findings: FindingTally) -> None:
    for number, table in enumerate(tables, 1):
        remarks = " and ".join(table.remarks)
        if remarks:
            _note(findings, "database.odd_table", "tables", number, f"{table.name} {remarks}.", table.name)
        if not table.is_read and not table.is_core and not table.is_view:
            detail = f"{table.name} ({table.rows:,} rows) is a plugin's or a program's own, and stays behind."
            _note(findings, "database.other_table", "tables", number, detail, table.name)


def _survey_site(assessor: Assessor, findings: FindingTally) -> None:
    for entity, source_id, issue in survey_site(assessor.data):
        findings.add(issue.code, assessor.example(entity, source_id, issue))


def _compare_files(assessor: Assessor, facts: SourceFacts, seen: Seen) -> SourceFacts:
    """Note files that several attachments share, and files that none names; return the facts with their volume."""
    for places in seen.files.values():
        if len(places) > 1:
            others = ", ".join(f"{name} ({number})" for number, name in places[:5])
            for number, _ in places:
                _note(seen.findings, "media.same_bytes", "media", number, f"The same bytes are in {others}.")
    if assessor.uploads is None:
        return facts
    listed = frozenset(name for places in seen.files.values() for _, name in places)
    for number, name in enumerate(unlisted_files(assessor.uploads, listed), 1):
        _note(seen.findings, "media.unlisted_file", "files", number, f"No media entry names {name}.", name)
    sizes = [assessor.uploads.size(name) for name in assessor.uploads.names()]
    return replace(facts, all_files=len(sizes), all_bytes=sum(sizes))


def _note(findings: FindingTally, code: str, entity: str, number: int, detail: str, title: str = "") -> None:
    findings.add(code, Example(entity=entity, source_id=number, detail=detail, title=title))


def _add_titles(source: Source, findings: FindingTally) -> None:
    """Give examples that were found without their record the title of their post."""
    of_posts = {entity.name for entity in ENTITIES if isinstance(entity.source, PostQuery)}
    bare = {
        example.source_id
        for examples in findings.examples.values()
        for example in examples
        if not example.title and example.entity in of_posts
    }
    with source.connect() as connection:
        titles = survey.read_titles(connection, source.installation, bare)
    for examples in findings.examples.values():
        for place, example in enumerate(examples):
            if not example.title and example.entity in of_posts:
                examples[place] = replace(example, title=titles.get(example.source_id, ""))
