"""Questions about a whole database, each one statement: how much there is of what, and which rows hang in the air."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    and_,
    cast,
    column,
    func,
    inspect,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.sql.selectable import NamedFromClause

from wp_models.fingerprints import NOT_OF_POSTS
from wp_models.key_ranges import among
from wp_models.site_index import POLYLANG_TAXONOMIES
from wp_models.tables import Installation
from wp_models.values import text

NUL: ColumnClause[bytes] = literal_column("x'00'")
PUBLISHED = "publish"
APPROVED = "1"


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """One row with something to say about it that no record shows."""

    code: str
    table: str  # without the prefix
    row: int  # its own number
    detail: str  # a sentence for people


Question = Callable[[Connection, Installation], Iterator[SourceFinding]]


def survey_database(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    """Yield rows that belong to nothing, counts that are wrong, and values that cannot be seen in records."""
    for ask in QUESTIONS:
        yield from ask(connection, site)


def count_posts(connection: Connection, site: Installation) -> dict[tuple[str, str], int]:
    """Return the number of posts by type and status, revisions included."""
    posts = site.table("posts").c
    query = select(posts.post_type, posts.post_status, func.count()).group_by(posts.post_type, posts.post_status)
    return {(text(kind), text(status)): count for kind, status, count in connection.execute(query)}


def count_comments(connection: Connection, site: Installation) -> dict[tuple[str, str], int]:
    """Return the number of comments by type and state (`comment_approved`)."""
    if not site.has("comments"):
        return {}
    comments = site.table("comments").c
    kind, state = comments.comment_type, comments.comment_approved
    query = select(kind, state, func.count()).group_by(kind, state)
    return {(text(a), text(b)): count for a, b, count in connection.execute(query)}


def count_meta_keys(connection: Connection, site: Installation) -> dict[str, int]:
    """Return how many values each meta key of posts that are no revisions has."""
    metas, posts = site.table("postmeta"), site.table("posts")
    query = (
        select(metas.c.meta_key, func.count())
        .join_from(metas, posts, metas.c.post_id == posts.c.ID)
        .where(posts.c.post_type != "revision")
        .group_by(metas.c.meta_key)
    )
    return {text(key): count for key, count in connection.execute(query)}


def read_titles(connection: Connection, site: Installation, ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of some posts by id."""
    posts = site.table("posts").c
    query = select(posts.ID, posts.post_title).where(among(posts.ID, sorted(ids)))
    return {number: text(title) for number, title in connection.execute(query)}


def read_network_plugins(connection: Connection, site: Installation) -> str | None:
    """Return the raw list of the plugins that are active on a whole network; None without one."""
    if not inspect(connection).has_table(f"{site.base_prefix}sitemeta"):
        return None
    metas = table(f"{site.base_prefix}sitemeta", column("meta_key"), column("meta_value")).c
    query = select(metas.meta_value).where(metas.meta_key == "active_sitewide_plugins").limit(1)
    found = connection.execute(query).scalar()
    return text(found) if found is not None else None


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    return iter(connection.execute(query, execution_options={"stream_results": True, "yield_per": 1_000}))


def _without(
    rows: NamedFromClause, owners: NamedFromClause, owner: ColumnElement[Any], *wanted: ColumnElement[Any]
) -> Select[Any]:
    """Return the query for rows whose owner is not there."""
    key = next(iter(owners.c))
    return select(*wanted).select_from(rows.outerjoin(owners, key == owner)).where(key.is_(None))


def _orphaned_metas(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    kinds = (
        ("postmeta", "post_id", "posts", "meta_id", "post"),
        ("termmeta", "term_id", "terms", "meta_id", "term"),
        ("commentmeta", "comment_id", "comments", "meta_id", "comment"),
        ("usermeta", "user_id", "users", "umeta_id", "user"),
    )
    for name, owner, owners, key, what in kinds:
        if site.has(name) and site.has(owners):
            metas = site.table(name)
            wanted = (metas.c[key], metas.c[owner])
            for meta, gone in _streamed(connection, _without(metas, site.table(owners), metas.c[owner], *wanted)):
                yield SourceFinding(f"database.orphaned_{name}", name, meta, f"It is of {what} {gone}, which is gone.")


def _orphaned_relations(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    relations, terms, posts = site.table("term_relationships"), site.table("term_taxonomy"), site.table("posts")
    wanted = (relations.c.object_id, relations.c.term_taxonomy_id)
    for item, term in _streamed(connection, _without(relations, terms, relations.c.term_taxonomy_id, *wanted)):
        detail = f"Object {item} is filed under term {term}, which is gone."
        yield SourceFinding("database.orphaned_relation", "term_relationships", item, detail)
    query = (
        _without(relations, posts, relations.c.object_id, *wanted)
        .join(terms, terms.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(terms.c.taxonomy.not_in(NOT_OF_POSTS))
    )
    for item, term in _streamed(connection, query):
        detail = f"Post {item}, which is gone, is filed under term {term}."
        yield SourceFinding("database.orphaned_relation", "term_relationships", item, detail)


def _orphaned_revisions(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    revisions, posts = site.table("posts").alias("r"), site.table("posts").alias("p")
    query = _without(revisions, posts, revisions.c.post_parent, revisions.c.ID, revisions.c.post_parent)
    for revision, gone in _streamed(connection, query.where(revisions.c.post_type == "revision")):
        detail = f"It is a revision of post {gone}, which is gone."
        yield SourceFinding("database.orphaned_revision", "posts", revision, detail)


def _terms_without_taxonomy(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    terms, taxonomies = site.table("terms"), site.table("term_taxonomy")
    query = (
        select(terms.c.term_id, terms.c.name)
        .select_from(terms.outerjoin(taxonomies, taxonomies.c.term_id == terms.c.term_id))
        .where(taxonomies.c.term_id.is_(None))
    )
    for term, name in _streamed(connection, query):
        detail = f"The term {text(name)[:80]!r} is in no taxonomy, so WordPress never shows it."
        yield SourceFinding("database.term_without_taxonomy", "terms", term, detail)


def _wrong_term_counts(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    """Compare with both ways in which WordPress counts: published content, or any object filed there."""
    relations, terms, posts = site.table("term_relationships"), site.table("term_taxonomy"), site.table("posts")
    published = func.count(posts.c.ID)
    filed = func.count(relations.c.object_id)
    stated = terms.c["count"]
    query = (
        select(terms.c.term_taxonomy_id, terms.c.taxonomy, stated, published, filed)
        .select_from(
            terms.outerjoin(relations, relations.c.term_taxonomy_id == terms.c.term_taxonomy_id).outerjoin(
                posts, and_(relations.c.object_id == posts.c.ID, posts.c.post_status == PUBLISHED)
            )
        )
        .where(terms.c.taxonomy.not_in(POLYLANG_TAXONOMIES))  # which counts in its own way
        .group_by(terms.c.term_taxonomy_id, terms.c.taxonomy, stated)
        .having(and_(stated != published, stated != filed))
    )
    for term, taxonomy, count, right, _ in _streamed(connection, query):
        detail = f"This {text(taxonomy)} says it has {count} posts and has {right}; the CMS counts for itself."
        yield SourceFinding("database.wrong_term_count", "term_taxonomy", term, detail)


def _wrong_comment_counts(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    if not site.has("comments"):
        return
    posts, comments = site.table("posts"), site.table("comments")
    approved = func.count(comments.c.comment_ID)
    query = (
        select(posts.c.ID, posts.c.comment_count, approved)
        .select_from(
            posts.outerjoin(
                comments, and_(comments.c.comment_post_ID == posts.c.ID, comments.c.comment_approved == APPROVED)
            )
        )
        .where(posts.c.post_status != "trash")  # there, WordPress keeps the count and hides the comments
        .where(or_(posts.c.comment_count != 0, comments.c.comment_ID.is_not(None)))
        .group_by(posts.c.ID, posts.c.comment_count)
        .having(posts.c.comment_count != approved)
    )
    for post, count, right in _streamed(connection, query):
        detail = f"It says it has {count} comments and has {right}; the CMS counts for itself."
        yield SourceFinding("database.wrong_comment_count", "posts", post, detail)


def _stray_menu_items(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    posts, relations, terms = site.table("posts"), site.table("term_relationships"), site.table("term_taxonomy")
    in_menus = (
        select(relations.c.object_id)
        .join_from(relations, terms, terms.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(terms.c.taxonomy == "nav_menu")
    )
    query = select(posts.c.ID).where(
        posts.c.post_type == "nav_menu_item", posts.c.post_status == PUBLISHED, posts.c.ID.not_in(in_menus)
    )
    for (item,) in _streamed(connection, query):
        yield SourceFinding("menus.stray_item", "posts", item, "This menu item is in no menu, so nobody sees it.")


def _users_alike(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    if not site.has("users"):
        return
    users = site.table("users").c
    for shared, code, what in (
        (users.user_email, "users.same_email", "e-mail address"),
        (users.user_nicename, "users.same_address", "address of its page"),
    ):
        folded = func.lower(shared)
        several = select(folded).where(shared != "").group_by(folded).having(func.count() > 1)
        for user, login in _streamed(connection, select(users.ID, users.user_login).where(folded.in_(several))):
            detail = f"The user {text(login)!r} shares the {what} with another one."
            yield SourceFinding(code, "users", user, detail)


def _users_without_role(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    if not (site.has("users") and site.has("usermeta")) or site.has("blogs") or site.prefix != site.base_prefix:
        return  # in a network, most users are members of other blogs
    users, metas = site.table("users"), site.table("usermeta")
    roles = and_(metas.c.user_id == users.c.ID, metas.c.meta_key == f"{site.prefix}capabilities")
    query = select(users.c.ID, users.c.user_login).select_from(users.outerjoin(metas, roles))
    for user, login in _streamed(
        connection, query.where(or_(metas.c.meta_value.is_(None), metas.c.meta_value == "a:0:{}"))
    ):
        yield SourceFinding("users.no_role", "users", user, f"The user {text(login)!r} has no role on this site.")


def _odd_metas(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    metas = site.table("postmeta").c
    missing = or_(metas.meta_key.is_(None), metas.meta_key == "", metas.meta_value.is_(None))
    query = select(metas.meta_id, metas.post_id, metas.meta_key).where(missing)
    for meta, post, key in _streamed(connection, query):
        what = (
            f"The custom field {text(key)!r} of post {post} is NULL." if key else f"A field of post {post} has no name."
        )
        yield SourceFinding("database.odd_meta", "postmeta", meta, what)


def _nul_bytes(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    """Find what the reader drops: Postgres takes no NUL in a text."""
    posts = site.table("posts").c
    columns = (posts.post_title, posts.post_content, posts.post_excerpt)
    has_nul = or_(*(func.instr(cast(one, LargeBinary), NUL) > 0 for one in columns))
    for (post,) in _streamed(connection, select(posts.ID).where(has_nul, posts.post_type != "revision")):
        yield SourceFinding("text.nul_bytes", "posts", post, "Its text holds NUL bytes; they are left out.")


def _links(connection: Connection, site: Installation) -> Iterator[SourceFinding]:
    if not site.has("links"):
        return
    links = site.table("links").c
    for link, name, url in _streamed(connection, select(links.link_id, links.link_name, links.link_url)):
        detail = f"WordPress's old list of links holds {text(name)[:80]!r} ({text(url)[:120]}), which is left out."
        yield SourceFinding("database.old_link", "links", link, detail)


QUESTIONS: tuple[Question, ...] = (
    _orphaned_metas,
    _orphaned_relations,
    _orphaned_revisions,
    _terms_without_taxonomy,
    _wrong_term_counts,
    _wrong_comment_counts,
    _stray_menu_items,
    _users_alike,
    _users_without_role,
    _odd_metas,
    _nul_bytes,
    _links,
)
