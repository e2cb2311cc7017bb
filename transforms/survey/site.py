"""What is wrong or odd in a site as a whole: addresses that clash, trees that are none, names nobody can tell apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from transforms.contract import Issue
from transforms.placement import SKIPPED_TAXONOMIES, SKIPPED_TYPES, entity_of
from transforms.site_data import SiteData
from transforms.survey.tree import circles, depths
from transforms.values.numbers import php_int
from transforms.values.slugs import decode_slug
from wp_models.php_data import try_loads
from wp_models.records import PostEntry

Placed = tuple[str, int, Issue]  # entity, source id, what was found there

DEEP_TREE = 10
LONG_NAME = 100
LONGEST_SLUG = 195  # WordPress cuts at 200 bytes, and at the end of an encoded letter where it can
CORE_TYPES = frozenset({"post", "page", "attachment"})
CORE_TAXONOMIES = frozenset({"category", "post_tag"})

_PLAIN_SLUG = re.compile(r"(?:[\w-]|%[0-9a-fA-F]{2})+", re.ASCII)
# Words that WordPress answers itself; to those of feeds it adds a number when a title asks for them.
_RESERVED_SLUG = re.compile(r"(?:feed|rdf|rss2?|atom|embed)(?:-\d+)?|page|attachment|trackback|category|tag|author")
_PLUGIN_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.php")
_ENTITY = re.compile(r"&(?:[a-zA-Z]+|#\d+);")


def survey_site(data: SiteData) -> Iterator[Placed]:
    """Yield what is wrong or odd in the site as a whole."""
    posts = [post for post in data.wordpress.posts.values() if post.id in data.tables]
    yield from _circles(data)
    yield from _deep_branches(data, posts)
    yield from _slugs(data, posts)
    yield from _clashes(data, posts)
    yield from _types(data)
    yield from _terms(data)
    yield from _options(data)


def _circles(data: SiteData) -> Iterator[Placed]:
    """Yield the members of circles but the lowest, where the circle is cut and which reports that itself."""
    wordpress = data.wordpress
    by_term = {(term.taxonomy, term.term_id): term for term in wordpress.terms.values()}

    def parent_term(number: int) -> int | None:
        term = wordpress.terms[number]
        parent = by_term.get((term.taxonomy, term.parent_term_id or 0))
        return parent.id if parent else None

    def parent_of(entries: dict[int, int | None]) -> Callable[[int], int | None]:
        return lambda node: parent if (parent := entries.get(node)) in entries else None

    pages = {post.id: post.parent_id for post in wordpress.posts.values() if post.type != "attachment"}
    comments = {comment.id: comment.parent_id for comment in wordpress.comments.values()}
    kinds: tuple[tuple[str, Callable[[int], str], Iterator[tuple[int, ...]]], ...] = (
        ("content", lambda node: _entity(wordpress.posts[node], data), circles(pages, parent_of(pages))),
        ("terms", lambda _: "terms", circles(wordpress.terms, parent_term)),
        ("comments", lambda _: "comments", circles(comments, parent_of(comments))),
    )
    for area, entity, found in kinds:
        for circle in found:
            members = ", ".join(map(str, circle))
            for node in circle[1:]:
                yield entity(node), node, Issue(f"{area}.parent_cycle", f"It is in a circle of parents: {members}.")


def _deep_branches(data: SiteData, posts: list[PostEntry]) -> Iterator[Placed]:
    parents = {post.id: post.parent_id for post in posts}
    for node, depth in depths(parents, parents.get).items():
        if depth > DEEP_TREE:
            post = data.wordpress.posts[node]
            yield _entity(post, data), node, Issue("content.deep_page", f"It lies {depth} levels deep.")


def _slugs(data: SiteData, posts: list[PostEntry]) -> Iterator[Placed]:
    for post in posts:
        if post.status not in {"publish", "private", "future"}:
            continue
        slug = post.slug
        if not slug:
            problem = "It is published and has no slug, so its address is its number."
        elif not _PLAIN_SLUG.fullmatch(slug) or slug != slug.lower():
            problem = f"Its slug {slug[:80]!r} holds signs that WordPress would not take; old links to it may not work."
        elif slug.isdecimal():
            problem = f"Its slug is the number {slug}, which WordPress may read as a page or a year."
        elif slug.endswith("__trashed"):
            problem = f"Its slug {slug!r} is that of a deleted post, yet it is published."
        else:
            if (issue := _remark_on_slug(slug)) is not None:
                yield _entity(post, data), post.id, issue
            continue
        yield _entity(post, data), post.id, Issue("content.odd_slug", problem)


def _remark_on_slug(slug: str) -> Issue | None:
    if _RESERVED_SLUG.fullmatch(slug):
        return Issue(
            "content.reserved_slug", f"Its slug {slug!r} is, or begins with, a word WordPress keeps for itself."
        )
    if "%" not in slug:
        return None
    if len(slug) >= LONGEST_SLUG:
        return Issue("content.cut_slug", f"WordPress has cut its slug at 200 bytes: {decode_slug(slug)!r}.")
    return Issue("content.encoded_slug", f"Its slug is stored percent-encoded; it reads {decode_slug(slug)!r}.")


def _clashes(data: SiteData, posts: list[PostEntry]) -> Iterator[Placed]:
    """Yield content that shares a slug with its like, or an address with anything: a visitor saw only one of them."""
    by_slug: dict[tuple[str, str | None], list[PostEntry]] = defaultdict(list)
    for post in posts:
        if post.slug and post.status in {"publish", "private"}:
            by_slug[post.slug, data.languages.of_post.get(post.id)].append(post)
    for (slug, _), same in by_slug.items():
        if len(same) > 1 and _is_clash(same, data):
            others = ", ".join(f"{post.type} {post.id}" for post in same)
            for post in same:
                yield _entity(post, data), post.id, Issue("content.same_slug", f"The slug {slug!r} has {others}.")


def _is_clash(same: list[PostEntry], data: SiteData) -> bool:
    siblings = Counter((post.type, post.parent_id) for post in same)
    paths = Counter(path for post in same if (path := data.addresses.post_path(post.id)))
    return max(siblings.values()) > 1 or max(paths.values(), default=0) > 1


def _types(data: SiteData) -> Iterator[Placed]:
    """Yield content of plugins' types: whether their plugin is still there, no database says."""
    for post in data.wordpress.posts.values():
        if post.type in CORE_TYPES or (post.type in SKIPPED_TYPES and not _is_template(post.type)):
            continue
        entity = _entity(post, data)
        if post.id in data.tables:
            what = f"It is of the type {post.type!r}, which a plugin or theme made; it goes to the {entity}."
        else:
            what = f"It is of the type {post.type!r}, which a plugin or theme made, and is left out."
        yield entity, post.id, Issue("content.other_type", what)


def _is_template(post_type: str) -> bool:
    return "page builder" in SKIPPED_TYPES.get(post_type, "")


def _terms(data: SiteData) -> Iterator[Placed]:
    terms = [term for term in data.wordpress.terms.values() if term.name and term.taxonomy not in SKIPPED_TAXONOMIES]
    taxonomies: dict[int, set[str]] = defaultdict(set)
    alike: dict[tuple[str, int | None, str | None, str], list[int]] = defaultdict(list)
    for term in terms:
        taxonomies[term.term_id].add(term.taxonomy)
        alike[term.taxonomy, term.parent_term_id, data.languages.of_term.get(term.id), _folded(term.name)].append(
            term.id
        )
        if len(term.name) > LONG_NAME:
            yield "terms", term.id, Issue("terms.odd_name", f"Its name has {len(term.name)} characters.")
        elif max(map(ord, term.name)) > 0xFFFF:
            yield "terms", term.id, Issue("terms.odd_name", f"Its name {term.name!r} holds an emoji or a rare script.")
        elif _ENTITY.search(term.name):
            yield "terms", term.id, Issue("terms.encoded_name", f"Its name is stored encoded: {term.name!r}.")
        if term.taxonomy not in CORE_TAXONOMIES:
            what = f"It is of the taxonomy {term.taxonomy!r}, which a plugin or theme made; it comes along."
            yield "terms", term.id, Issue("terms.other_taxonomy", what)
    for term in terms:
        if len(taxonomies[term.term_id]) > 1:
            shared = ", ".join(sorted(taxonomies[term.term_id]))
            yield (
                "terms",
                term.id,
                Issue("terms.shared", f"Term {term.term_id} is shared by {shared}; each gets its own."),
            )
    for (_, _, _, name), same in alike.items():
        for number in same if len(same) > 1 else ():
            yield "terms", number, Issue("terms.look_alike", f"{len(same)} terms beside each other read {name!r}.")


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().strip()


def _options(data: SiteData) -> Iterator[Placed]:
    options = data.wordpress.options
    sticky = try_loads(options.get("sticky_posts"))
    if isinstance(sticky, list):
        ids = [php_int(str(number)) for number in sticky]
        for number, count in Counter(ids).items():
            if number not in data.wordpress.posts:
                yield "settings", number, Issue("settings.sticky_posts", f"The sticky post {number} does not exist.")
            elif count > 1:
                yield "settings", number, Issue("settings.sticky_posts", f"Post {number} is sticky {count} times.")
    plugins = try_loads(options.get("active_plugins"))
    for file in plugins.values() if isinstance(plugins, dict) else plugins if isinstance(plugins, list) else ():
        if not isinstance(file, str) or not _PLUGIN_FILE.fullmatch(file) or ".." in file:
            detail = (
                f"An active plugin is called {str(file)[:80]!r}, which is no file of a plugin: somebody put it there."
            )
            yield "settings", 0, Issue("settings.odd_plugin", detail)
    for name in options:
        if name != name.strip() or not name:
            yield "settings", 0, Issue("settings.odd_name", f"The option {name!r} begins or ends in a space.")


def _entity(post: PostEntry, data: SiteData) -> str:
    return entity_of(post.type, data.rules)
