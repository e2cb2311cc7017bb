"""What the five content tables share: the fields of any post, its terms and its translation group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from cms_models.rows import (
    REFERENCE_COLUMNS,
    ContentRow,
    Json,
    MediaKind,
    Row,
    Status,
    TermRelationshipRow,
    TranslationGroupRow,
    TranslationOrigin,
)
from transforms.body.pipeline import render_body
from transforms.contract import Issue, RecordRejectedError, Skipped, Transformed
from transforms.dictionary_bodies import in_words_of
from transforms.fields import read_custom_fields
from transforms.placement import SKIPPED_TAXONOMIES, place
from transforms.seo import read_seo
from transforms.site import Site
from transforms.values.dates import moment
from transforms.values.numbers import php_int
from transforms.values.slugs import decode_slug
from transforms.values.text import is_encoded_twice, plain_line, plain_text
from transforms.values.trees import closes_cycle
from transforms.versioned_site import VersionedSite
from wp_models.language_versions import number_in_wordpress
from wp_models.records import WpPost

WIDEST_OFFSET = timedelta(hours=15)  # time zones reach from -12 to +14


class ContentFields(TypedDict):
    """Arguments of every ContentRow."""

    id: UUID
    site_id: int
    wp_post_id: int | None
    slug: str
    path: str | None
    title: str
    excerpt: str
    content_html: str
    content_text: str
    blocks: Json
    source_content: str
    status: Status
    is_password_protected: bool
    published_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    author_id: UUID | None
    language: str | None
    translation_group_id: UUID | None
    translation_origin: TranslationOrigin
    translated_from_id: UUID | None
    featured_media_id: UUID | None
    comment_status: str
    seo: Json
    custom_fields: Json


@dataclass(frozen=True, slots=True)
class Content:
    """The shared fields of one post, the rows that belong to it and what was found on the way."""

    fields: ContentFields
    belongings: tuple[Row, ...]
    issues: tuple[Issue, ...]

    def transformed(self, row: Row, issues: Sequence[Issue] = ()) -> Transformed:
        """Return the post's own row together with all that belongs to it."""
        return Transformed(rows=(row, *self.belongings), issues=(*self.issues, *issues))


def read_content(post: WpPost, site: Site) -> Content | Skipped:
    """Return what any content row needs of a post.

    Raises RecordRejectedError("status.unknown") for a post_status that neither WordPress nor the settings know.
    """
    placement = place(post.type, post.status, site.rules)
    if placement.skip_reason is not None:
        return Skipped(placement.skip_reason)
    if placement.table is None or placement.status is None:
        raise RecordRejectedError("status.unknown", _unknown_status(post, site))
    issues = [*site.languages.issues.get(post.id, ()), *_damage(post)]
    row_id = site.row_id(placement.table, post.id)
    body = render_body(post, site)
    if isinstance(site, VersionedSite) and site.has_dictionary:
        body = in_words_of(site, body)
    seo, seo_issues = read_seo(post, site)
    custom_fields, field_issues = read_custom_fields(post, site)
    published_at, created_at = _dates(post, placement.status, site)
    group_id = site.group_of_post(post.id)
    origin, translated_from_id = _origin(post, site, issues)
    fields = ContentFields(
        id=row_id,
        site_id=site.id,
        wp_post_id=number_in_wordpress(post.id),
        slug=decode_slug(post.slug),
        path=site.path(post.id),
        title=plain_text(post.title),
        excerpt=plain_line(post.excerpt),
        content_html=body.html,
        content_text=body.text,
        blocks=body.blocks,
        source_content=site.stored_content(post),
        status=placement.status,
        is_password_protected=bool(post.password),
        published_at=published_at,
        created_at=created_at,
        updated_at=moment(post.modified_at, post.modified_local, site.timezone) or created_at,
        author_id=_author(post, site, issues),
        language=site.language_of_post(post.id),
        translation_group_id=group_id,
        translation_origin=origin,
        translated_from_id=translated_from_id,
        featured_media_id=_featured_media(post, site, issues),
        comment_status="open" if post.comment_status == "open" else "closed",
        seo=seo,
        custom_fields=custom_fields,
    )
    belongings: list[Row] = [*_group_rows(group_id, site), *_term_rows(post, placement.table, row_id, site, issues)]
    return Content(fields, tuple(belongings), (*issues, *body.issues, *seo_issues, *field_issues))


def parent_row(post: WpPost, table: str, site: Site) -> tuple[UUID | None, tuple[Issue, ...]]:
    """Return the row id of a post's parent in the same table; None with an issue when the tree is broken there."""
    if post.parent_id is None:
        return None, ()
    if closes_cycle(post.id, lambda node: _parent_of(node, site)):
        detail = f"Its parents lead back to itself through {post.parent_id}; it became a root."
        return None, (Issue("content.parent_cycle", detail),)
    parent = site.content(post.parent_id)
    if parent is not None and parent.table == table:
        return parent.row_id, ()
    found = site.post(post.parent_id)
    if found is None:
        detail = f"Its parent {post.parent_id} does not exist; it became a root."
        return None, (Issue("content.unknown_parent", detail),)
    detail = f"Its parent {found.id} ({found.type}, {found.status}) is not among the {table}; it became a root."
    return None, (Issue("content.parent_elsewhere", detail),)


def front_pages(site: Site, option: str) -> frozenset[int]:
    """Return the page that an option (page_on_front, page_for_posts) names; its translations count through groups."""
    page = php_int(site.option(option))
    return frozenset({page}) if page and site.option("show_on_front") == "page" else frozenset()


def plays_part(row: ContentRow, pages: frozenset[int], site: Site) -> bool:
    """Return whether a page is one of these, or a translation of one."""
    return row.wp_post_id in pages or (
        row.translation_group_id is not None
        and row.translation_group_id in {site.group_of_post(page) for page in pages}
    )


def _unknown_status(post: WpPost, site: Site) -> str:
    shown = post.status or "(empty)"
    return (
        f"Its status is {shown!r}, which is none of WordPress's own. Say what it means in the settings, "
        f'for example [sites.{site.key}.statuses] "{post.status}" = "draft" (or "publish", "private", "skip").'
    )


def _damage(post: WpPost) -> Iterator[Issue]:
    if is_encoded_twice(post.title):
        yield Issue("content.title_encoded_twice", f"The title was kept as stored: {post.title[:120]!r}.")
    if not (post.published_at or post.published_local):
        yield Issue("content.no_date", "It has no valid date in WordPress.")
    elif post.published_at and post.published_local:
        apart = post.published_local - post.published_at.replace(tzinfo=None)
        if abs(apart) > WIDEST_OFFSET:
            detail = (
                f"Its local date {post.published_local} and its UTC date {post.published_at:%Y-%m-%d %H:%M} are no "
            )
            yield Issue("content.dates_disagree", detail + "time zone apart; the UTC date was taken.")


def _dates(post: WpPost, status: Status, site: Site) -> tuple[datetime | None, datetime | None]:
    """Return when a post was published and when it was made. A draft's only date is when it was begun."""
    made = moment(post.published_at, post.published_local, site.timezone)
    unpublished = status in (Status.DRAFT, Status.PENDING) and post.published_at is None
    return (None if unpublished else made), made


def _author(post: WpPost, site: Site, issues: list[Issue]) -> UUID | None:
    if post.author_id is None:
        return None
    if site.user(post.author_id) is None:
        issues.append(Issue("content.unknown_author", f"Its author, user {post.author_id}, does not exist."))
        return None
    return site.row_id("users", post.author_id)


def _origin(post: WpPost, site: Site, issues: list[Issue]) -> tuple[TranslationOrigin, UUID | None]:
    original = site.original_of_post(post.id)
    if original is None or original == post.id:
        return TranslationOrigin.SOURCE, None
    origin, reference = site.origin_of_post(post.id), site.content_itself(original)
    if origin == TranslationOrigin.SOURCE:  # a duplicate of WPML's, or a dictionary whose words are not used any more
        detail = f"It repeats the text of its original; there are no words in {site.language_of_post(post.id)} yet."
        issues.append(Issue("languages.copy", detail))
    return origin, reference.row_id if reference else None


def _featured_media(post: WpPost, site: Site, issues: list[Issue]) -> UUID | None:
    values = post.meta.get("_thumbnail_id", ())
    raw = next(iter(values), None)
    if len(set(values)) > 1:
        detail = f"It has {len(values)} featured images, {', '.join(values)[:80]}; the first one was taken."
        issues.append(Issue("content.several_featured_images", detail))
    if not raw or raw.strip() in ("0", "-1"):  # what editors and importers write for "none"
        return None
    attachment = php_int(raw)
    kind = site.media_kind(attachment)
    if kind is None:
        detail = f"Its featured image {raw[:40]!r} is no attachment of this site."
        issues.append(Issue("content.unknown_featured_image", detail))
        return None
    if kind != MediaKind.IMAGE:
        file = site.media(attachment)
        title = file.title[:80] if file else ""
        issues.append(Issue("content.featured_file", f"Its featured image, {title!r}, is no picture."))
    return site.row_id("media", attachment)


def _group_rows(group_id: UUID | None, site: Site) -> Iterator[TranslationGroupRow]:
    if group_id is not None:
        yield TranslationGroupRow(id=group_id, site_id=site.id, kind="post")


def _term_rows(
    post: WpPost, table: str, row_id: UUID, site: Site, issues: list[Issue]
) -> Iterator[TermRelationshipRow]:
    owner: dict[str, Any] = {REFERENCE_COLUMNS[table]: row_id}
    for position, term_id in enumerate(dict.fromkeys(post.term_taxonomy_ids)):
        taxonomy = site.taxonomy_of(term_id)
        if taxonomy is None:
            issues.append(Issue("content.unknown_term", f"It is filed under term {term_id}, which does not exist."))
        elif taxonomy not in SKIPPED_TAXONOMIES:
            yield TermRelationshipRow(
                id=site.row_id("term_relationships", f"{post.id}/{term_id}"),
                site_id=site.id,
                term_id=site.row_id("terms", term_id),
                position=position,
                **owner,
            )


def _parent_of(post_id: int, site: Site) -> int | None:
    post = site.post(post_id)
    return post.parent_id if post else None
