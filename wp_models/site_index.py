"""Reads one blog as a whole: light columns of everything, streamed, so that a site of 100 000 posts takes seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from sys import intern
from typing import Any

from sqlalchemy import Connection, Select, String, cast, func, select

from wp_models.key_ranges import among, chunks
from wp_models.languages.expansion import with_language_versions
from wp_models.languages.multilingualpress import read_network
from wp_models.languages.multisite_language_switcher import read_switched_network
from wp_models.languages.wpml import read_url_slugs, read_wpml_translations
from wp_models.left_out import is_kept_option
from wp_models.records import CommentEntry, FieldDefinition, PostEntry, TermEntry, UserEntry, WpSite
from wp_models.redirect_rules import read_known_addresses
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, local_or_none, text

POLYLANG_TAXONOMIES = ("language", "post_translations", "term_language", "term_translations")
SHARED_BODY_TYPES = ("wp_block", "fusion_element", "wp_navigation")
PRIMARY_CATEGORY_KEYS = ("_yoast_wpseo_primary_category", "rank_math_primary_category")  # the first one wins


def read_site(connection: Connection, source: Source) -> WpSite:
    """Return what every batch needs to know of the whole blog: options, posts, terms, users, languages."""
    site = source.installation
    options = _options(connection, site)
    posts, hosts = _posts(connection, site)
    terms = _terms(connection, site)
    by_category = "%category%" in options.get("permalink_structure", "")
    wp = WpSite(
        prefix=site.prefix,
        blog_id=site.blog_id,
        tables=site.tables,
        options=options,
        posts=posts,
        terms=terms,
        users=_users(connection, site),
        attached_files=_attached_files(connection, site),
        categories=_categories(connection, site) if by_category else {},
        primary_categories=_primary_categories(connection, site) if by_category else {},
        language_links=_language_links(connection, site),
        wpml=read_wpml_translations(connection, site),
        shared_bodies=_shared_bodies(connection, site),
        field_definitions=_field_definitions(connection, site),
        guid_hosts=hosts,
        comments=_threads(connection, site),
        skipped_counts=_skipped_counts(connection, site),
        redirects=read_known_addresses(connection, site),
        url_slugs=read_url_slugs(connection, site) if options.get("wpml_base_slug_translation") != "0" else {},
        network=read_network(connection, site) or read_switched_network(connection, site, options, terms),
    )
    return with_language_versions(connection, site, wp)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """Return the rows of a large result as they arrive; no other query may run on the connection meanwhile."""
    return iter(connection.execute(query, execution_options={"yield_per": 5_000}))


def _options(connection: Connection, site: Installation) -> dict[str, str]:
    options = site.table("options").c
    query = (
        select(options.option_name, options.option_value)
        .where(options.option_name.not_like("!_transient!_%", escape="!"))
        .where(options.option_name.not_like("!_site!_transient!_%", escape="!"))
        .order_by(options.option_id)
    )
    return {text(name): text(value) for name, value in _streamed(connection, query) if is_kept_option(text(name))}


def _posts(connection: Connection, site: Installation) -> tuple[dict[int, PostEntry], dict[str, int]]:
    """Return all posts but revisions by id, and how many were made on which host (`guid` keeps it for ever)."""
    posts = site.table("posts").c
    query = select(
        posts.ID, posts.post_type, posts.post_status, posts.post_name, posts.post_parent, posts.post_author,
        cast(posts.post_date, String), posts.menu_order, posts.post_mime_type, posts.guid,
    ).where(posts.post_type != "revision")  # fmt: skip
    hosts: Counter[str] = Counter()
    found: dict[int, PostEntry] = {}
    for number, kind, status, slug, parent, author, published, order, mime_type, guid in _streamed(connection, query):
        found[number] = PostEntry(
            id=number,
            type=intern(text(kind)),
            status=intern(text(status)),
            slug=text(slug),
            parent_id=id_or_none(parent),
            author_id=id_or_none(author),
            published_local=local_or_none(published),
            menu_order=integer(order),
            mime_type=intern(text(mime_type)),
        )
        _, separator, address = text(guid).partition("://")
        if separator:
            hosts[intern(address.partition("/")[0].lower())] += 1
    del hosts[""]
    return dict(sorted(found.items())), dict(hosts)


def _terms(connection: Connection, site: Installation) -> dict[int, TermEntry]:
    taxonomies, terms = site.table("term_taxonomy"), site.table("terms")
    query = (
        select(
            taxonomies.c.term_taxonomy_id, taxonomies.c.term_id, taxonomies.c.taxonomy, terms.c.name, terms.c.slug,
            taxonomies.c.parent, taxonomies.c.description, terms.c.term_group,
        )
        .select_from(taxonomies.outerjoin(terms, terms.c.term_id == taxonomies.c.term_id))
        .order_by(taxonomies.c.term_taxonomy_id)
    )  # fmt: skip
    return {
        number: TermEntry(
            id=number,
            term_id=term_id,
            taxonomy=intern(text(taxonomy)),
            name=text(name),
            slug=text(slug),
            parent_term_id=id_or_none(parent),
            description=text(description),
            term_group=integer(group),
        )
        for number, term_id, taxonomy, name, slug, parent, description, group in _streamed(connection, query)
    }


def _users(connection: Connection, site: Installation) -> dict[int, UserEntry]:
    if not site.has("users"):
        return {}
    users = site.table("users").c
    query = select(users.ID, users.user_login, users.user_nicename, users.display_name).order_by(users.ID)
    return {
        number: UserEntry(number, text(login), text(nicename), text(name))
        for number, login, nicename, name in _streamed(connection, query)
    }


def _attached_files(connection: Connection, site: Installation) -> dict[int, str]:
    metas = site.table("postmeta").c
    query = select(metas.post_id, metas.meta_value).where(metas.meta_key == "_wp_attached_file").order_by(metas.meta_id)
    files: dict[int, str] = {}
    for post, path in _streamed(connection, query):
        files.setdefault(post, text(path))
    return files


def _categories(connection: Connection, site: Installation) -> dict[int, tuple[int, ...]]:
    relations, taxonomies = site.table("term_relationships"), site.table("term_taxonomy")
    query = (
        select(relations.c.object_id, taxonomies.c.term_id)
        .join_from(relations, taxonomies, taxonomies.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(taxonomies.c.taxonomy == "category")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for post, term in _streamed(connection, query):
        found[post].append(term)
    return {post: tuple(sorted(terms)) for post, terms in found.items()}


def _primary_categories(connection: Connection, site: Installation) -> dict[int, int]:
    metas = site.table("postmeta").c
    found: dict[int, int] = {}
    for key in reversed(PRIMARY_CATEGORY_KEYS):
        query = select(metas.post_id, metas.meta_value).where(metas.meta_key == key).order_by(metas.meta_id.desc())
        found.update((post, term) for post, value in _streamed(connection, query) if (term := id_or_none(value)))
    return found


def _language_links(connection: Connection, site: Installation) -> tuple[tuple[int, int], ...]:
    relations, taxonomies = site.table("term_relationships"), site.table("term_taxonomy")
    query = (
        select(relations.c.object_id, relations.c.term_taxonomy_id)
        .join_from(relations, taxonomies, taxonomies.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(taxonomies.c.taxonomy.in_(POLYLANG_TAXONOMIES))
    )
    return tuple(sorted((item, term) for item, term in _streamed(connection, query)))


def _shared_bodies(connection: Connection, site: Installation) -> dict[int, str]:
    posts = site.table("posts").c
    query = select(posts.ID, posts.post_content).where(
        posts.post_type.in_(SHARED_BODY_TYPES), posts.post_status == "publish"
    )
    return {number: text(body) for number, body in _streamed(connection, query.order_by(posts.ID))}


def _field_definitions(connection: Connection, site: Installation) -> dict[str, FieldDefinition]:
    posts = site.table("posts").c
    query = select(
        posts.ID, posts.post_name, posts.post_excerpt, posts.post_parent, posts.post_content, posts.menu_order
    ).where(posts.post_type == "acf-field", posts.post_status != "trash")
    return {
        text(key): FieldDefinition(number, text(key), text(name), id_or_none(parent), text(settings), integer(order))
        for number, key, name, parent, settings, order in _streamed(connection, query.order_by(posts.ID))
    }


def _threads(connection: Connection, site: Installation) -> dict[int, CommentEntry]:
    """Return the comments that answer another one, and those they answer; most comments do neither."""
    if not site.has("comments"):
        return {}
    comments = site.table("comments").c
    query = select(
        comments.comment_ID, comments.comment_post_ID, comments.comment_parent, comments.comment_approved
    ).order_by(comments.comment_ID)  # fmt: skip
    found = {row[0]: _comment(*row) for row in _streamed(connection, query.where(comments.comment_parent != 0))}
    answered = sorted({entry.parent_id for entry in found.values() if entry.parent_id} - found.keys())
    for some in chunks(answered):
        found.update(
            (row[0], _comment(*row)) for row in connection.execute(query.where(among(comments.comment_ID, some)))
        )
    return found


def _comment(number: int, post: int, parent: object, approved: object) -> CommentEntry:
    return CommentEntry(number, post, id_or_none(parent), intern(text(approved)))


def _skipped_counts(connection: Connection, site: Installation) -> dict[str, int]:
    posts = site.table("posts").c
    query = select(func.count()).where(posts.post_type == "revision").select_from(site.table("posts"))
    return {"revision": int(connection.execute(query).scalar_one())}
