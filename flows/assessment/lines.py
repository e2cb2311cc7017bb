"""From what was seen to what people read: lines of content, features, media and time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.assessment.worker import Assessor, Seen
from flows.migration import skips_by_rule
from flows.scopes import plugin_folders, theme_of
from flows.tally import package_versions
from reports.assessment import (
    Assessment,
    BuilderLine,
    ContentLine,
    FeatureLine,
    MediaVolume,
    MenuLine,
    TableLine,
    TaxonomyLine,
    TimeLine,
)
from transforms.fields.plain import MACHINERY, MACHINERY_PREFIXES
from transforms.placement import SKIPPED_TAXONOMIES, entity_of, place
from transforms.registry import ENTITIES
from transforms.seo import PREFIXES as SEO_PREFIXES
from transforms.values.text import plain_line
from transforms.versioned_site import said_in_default_language
from wp_models.language_versions import is_version
from wp_models.survey_tables import SourceTable

EXAMPLES = 3
UNKNOWN_STATUS = "its status is none of WordPress's own, and the settings have to say what it means"
COMMENT_STATES = {
    "1": "approved", "0": "waiting", "spam": "spam", "trash": "in the trash", "post-trashed": "in the trash",
}  # fmt: skip
# Of the reference machine: two shared cores, all databases on it. What is measured in an assessment is said so there.
LOADED_PER_SECOND = 5_000
MEGAPIXELS_PER_SECOND = 20.0
START_SECONDS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What only the database and the uploads as a whole can be asked."""

    source: str
    posts: Mapping[tuple[str, str], int]  # by type and status
    comments: Mapping[tuple[str, str], int]  # by type and state
    meta_keys: Mapping[str, int]
    tables: tuple[SourceTable, ...]
    blogs: int
    network_plugins: str | None
    all_files: int = 0
    all_bytes: int = 0


def assessment_of(
    assessor: Assessor, facts: SourceFacts, seen: Seen, *, started_at: datetime, workers: int
) -> Assessment:
    """Return the assessment of what was seen."""
    data, options = assessor.data, assessor.data.wordpress.options
    media = _media_volume(assessor, facts, seen)
    return Assessment(
        site=assessor.spec.site_key,
        name=plain_line(said_in_default_language(data.wordpress, options.get("blogname", ""))),
        url=options.get("home") or options.get("siteurl") or "",
        source=facts.source,
        assessed_at=started_at,
        seconds=(datetime.now(UTC) - started_at).total_seconds(),
        theme=theme_of(options),
        plugins=plugin_folders(options.get("active_plugins")),
        network_plugins=plugin_folders(facts.network_plugins),
        blogs=facts.blogs,
        languages=data.languages.codes,
        content=tuple(_content_lines(assessor, facts)),
        features=tuple(_feature_lines(seen)),
        builders=tuple(_builder_lines(seen)),
        fields=dict(seen.fields.most_common()),
        other_fields=sum(map(_is_machinery, facts.meta_keys)),
        taxonomies=tuple(_taxonomy_lines(assessor)),
        menus=tuple(MenuLine(name=name, items=items, locations=places) for name, items, places in seen.menus),
        tables=tuple(_table_lines(facts)),
        roles=dict(seen.roles.most_common()),
        comments=_comment_states(facts),
        media=media,
        links=seen.links,
        broken_links=seen.findings.counts.get("body.broken_link", 0),
        outcomes=_outcomes(assessor, seen),
        findings=seen.findings.groups(),
        times=tuple(_times(seen, media, workers=workers)),
        versions=package_versions(),
    )


def _content_lines(assessor: Assessor, facts: SourceFacts) -> Iterator[ContentLine]:
    rules = assessor.spec.rules
    examples: dict[tuple[str, str], list[str]] = defaultdict(list)
    for post in assessor.data.wordpress.posts.values():
        some = examples[post.type, post.status]
        if len(some) < EXAMPLES and (url := assessor.url_of(entity_of(post.type, rules), post.id)):
            some.append(url)
    for (kind, status), count in sorted(facts.posts.items(), key=lambda item: (-item[1], item[0])):
        placement = place(kind, status, rules)
        yield ContentLine(
            type=kind,
            status=status,
            count=count,
            goes_to=None if placement.skip_reason else placement.table,
            reason=placement.skip_reason or (None if placement.table else UNKNOWN_STATUS),
            is_rejected=not (placement.table or placement.skip_reason),
            examples=tuple(examples[kind, status]),
        )


def _feature_lines(seen: Seen) -> Iterator[FeatureLine]:
    for feature, uses in sorted(seen.features.items(), key=lambda item: (-item[1], item[0].kind, item[0].name)):
        yield FeatureLine(
            kind=feature.kind,
            name=feature.name,
            carried=feature.carried,
            uses=uses,
            posts=seen.feature_posts[feature],
            example=seen.addresses.get(feature, ""),
        )


def _builder_lines(seen: Seen) -> Iterator[BuilderLine]:
    for builder, posts in seen.builders.most_common():
        yield BuilderLine(
            name=builder.name,
            posts=posts,
            carried=builder.carried,
            how=builder.how,
            example=seen.addresses.get(builder, ""),
        )


def _taxonomy_lines(assessor: Assessor) -> Iterator[TaxonomyLine]:
    in_wordpress = assessor.data.wordpress.terms.values()
    terms = Counter(term.taxonomy for term in in_wordpress if not is_version(term.id))
    for name, count in terms.most_common():
        yield TaxonomyLine(name=name, terms=count, reason=SKIPPED_TAXONOMIES.get(name))


def _table_lines(facts: SourceFacts) -> Iterator[TableLine]:
    for table in facts.tables:
        remarks = tuple(table.remarks)
        if remarks or not table.is_core:
            yield TableLine(name=table.name, rows=table.rows, is_read=table.is_read, remarks=remarks)


def _comment_states(facts: SourceFacts) -> dict[str, int]:
    states: Counter[str] = Counter()
    for (_, state), count in facts.comments.items():
        states[COMMENT_STATES.get(state, state or "without a state")] += count
    return dict(states.most_common())


def _media_volume(assessor: Assessor, facts: SourceFacts, seen: Seen) -> MediaVolume:
    kinds = sorted(seen.kinds.items(), key=lambda item: (-item[1][0], item[0]))
    return MediaVolume(
        attachments=sum(count for (kind, _), count in facts.posts.items() if kind == "attachment"),
        is_counted=assessor.uploads is not None,
        kinds={kind: (files, size) for kind, (files, size) in kinds},
        missing=seen.findings.counts.get("media.missing", 0),
        megapixels=seen.pixels / 1e6,
        all_files=facts.all_files,
        all_bytes=facts.all_bytes,
    )


def _outcomes(assessor: Assessor, seen: Seen) -> dict[str, dict[str, int]]:
    by_rule = skips_by_rule(assessor.data.wordpress, assessor.spec.rules)
    outcomes = {}
    for entity in (entity.name for entity in ENTITIES):
        counts = seen.outcomes.get(entity, Counter())
        skipped = counts["skipped"] + sum(by_rule.get(entity, {}).values())
        outcomes[entity] = {
            "source": counts["loaded"] + counts["rejected"] + skipped,
            "loaded": counts["loaded"],
            "skipped": skipped,
            "rejected": counts["rejected"],
        }
    return outcomes


def _times(seen: Seen, media: MediaVolume, *, workers: int) -> Iterator[TimeLine]:
    """Yield how long each stage of a migration will take with so many workers."""
    records = sum(sum(counts.values()) for counts in seen.outcomes.values())
    yield TimeLine(stage="start", seconds=START_SECONDS, basis="Prefect's own server; with --direct there is none")
    read = seen.seconds.get("extract", 0.0) + seen.seconds.get("transform", 0.0)
    if read:
        rate = f"{records / read:,.0f} objects a second and worker, measured in this assessment"
        yield TimeLine(stage="read and transform", seconds=read / workers, basis=rate)
    loaded = sum(counts["loaded"] for counts in seen.outcomes.values())
    basis = f"{LOADED_PER_SECOND:,} objects a second, measured on two cores with a local Postgres"
    yield TimeLine(stage="load", seconds=loaded / LOADED_PER_SECOND, basis=basis)
    if media.megapixels:
        basis = (
            f"{media.megapixels:,.0f} megapixels at {MEGAPIXELS_PER_SECOND:.0f} a second and worker, all sizes of a "
            "picture together, measured on two cores"
        )
        yield TimeLine(stage="pictures", seconds=media.megapixels / MEGAPIXELS_PER_SECOND / workers, basis=basis)


def _is_machinery(key: str) -> bool:
    return (key in MACHINERY or key.startswith(MACHINERY_PREFIXES)) and not key.startswith(SEO_PREFIXES)
