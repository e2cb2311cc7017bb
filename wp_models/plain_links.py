"""Addresses that every post, attachment, term and author has beside its own: ?p=12, ?cat=3, attachment pages.

They say nothing that the object's number does not: where they lead, and whether they do, is asked of the site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from wp_models.key_ranges import among
from wp_models.records import WpRedirect
from wp_models.redirect_origins import Origin
from wp_models.tables import Installation
from wp_models.values import text

# Types that never have an address, left out to spare a record each.
WITHOUT_ADDRESS = (
    "revision", "nav_menu_item", "oembed_cache", "customize_changeset", "custom_css", "user_request", "wp_block",
    "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face",
    "acf-field", "acf-field-group", "attachment", "redirect_rule", "seopress_404",
)  # fmt: skip

FINGERPRINT = "plain link"
"""Of every plain link: there is nothing in it that could change."""


@dataclass(frozen=True, slots=True)
class PlainLinks:
    """The plain links of one kind of object."""

    rows: Select[Any]  # the objects' numbers: from an index alone, as reading the table costs as much as its bodies
    number: ColumnElement[int]
    kind: str
    place: str  # where a person finds it, with "{}" for the object's number
    source: str = ""
    owner: str = "post"

    def numbers(self, connection: Connection, some: Collection[int] | None) -> Iterator[int]:
        """Yield the numbers of the objects that have such a link, or of those among some."""
        rows = self.rows if some is None else self.rows.where(among(self.number, some))
        yield from connection.execute(rows, execution_options={"yield_per": 5_000}).scalars()

    def redirect(self, key: int, number: int) -> WpRedirect:
        """Return the redirect of an object."""
        return WpRedirect(
            id=key, kind=self.kind, place=self.place.format(number), owner_id=number, owner=self.owner,
            source=self.source, fingerprint=FINGERPRINT,
        )  # fmt: skip


def plain_links(connection: Connection, site: Installation) -> Mapping[Origin, PlainLinks]:
    """Return the plain links of a site; on sites whose own links are plain there are others than elsewhere."""
    options = site.table("options").c
    structure = select(options.option_value).where(options.option_name == "permalink_structure").limit(1)
    posts = site.table("posts").c
    published = select(posts.ID).where(posts.post_status == "publish", posts.post_type.not_in(WITHOUT_ADDRESS))
    attached = select(posts.ID).where(posts.post_type == "attachment", posts.post_status.in_(("inherit", "publish")))
    pages, others = posts.post_type == "page", posts.post_type.not_in(("post", "page"))
    link = "the plain link of post {}"
    found = {
        Origin.SHORTLINK: PlainLinks(published, posts.ID, "shortlink", link, "p"),
        Origin.PAGE_SHORTLINK: PlainLinks(published.where(pages), posts.ID, "shortlink", link, "page_id"),
        Origin.ATTACHMENT_SHORTLINK: PlainLinks(attached, posts.ID, "shortlink", "?attachment_id={}", "attachment_id"),
    }
    if text(connection.execute(structure).scalar()):
        place = "the page of attachment {}"
        attachments = PlainLinks(attached, posts.ID, "attachment", place, "attachment_id")
        return {**found, Origin.ATTACHMENT_PAGE: attachments}
    found[Origin.POST_QUERY] = PlainLinks(published.where(others), posts.ID, "query", link)
    found[Origin.TERM_QUERY] = _terms(site)
    if site.has("users"):
        found[Origin.AUTHOR_QUERY] = _authors(site)
    return found


def _terms(site: Installation) -> PlainLinks:
    taxonomies, terms = site.table("term_taxonomy"), site.table("terms")
    number = taxonomies.c.term_taxonomy_id
    rows = (
        select(number)
        .join_from(taxonomies, terms, terms.c.term_id == taxonomies.c.term_id)
        .where(taxonomies.c.taxonomy.not_in(("nav_menu", "link_category")))
    )
    return PlainLinks(rows, number, "query", "the plain link of term {}", owner="term")


def _authors(site: Installation) -> PlainLinks:
    users, posts = site.table("users").c, site.table("posts").c
    # WordPress has an archive of those who have published something, and of nobody else.
    writers = select(posts.post_author).where(posts.post_status == "publish", posts.post_type == "post")
    rows = select(users.ID).where(users.ID.in_(writers))
    return PlainLinks(rows, users.ID, "query", "?author= of user {}", owner="author")
