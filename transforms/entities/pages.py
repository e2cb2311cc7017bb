"""Pages, with their tree and the parts that some of them play."""

from __future__ import annotations

from dataclasses import replace

from cms_models.rows import PageRow
from transforms.content import front_pages, parent_row, plays_part, read_content
from transforms.contract import Entity, Skipped, Transformed
from transforms.site import Site
from wp_models.queries import PostQuery
from wp_models.records import WpPost


def transform_page(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the page of a post."""
    content = read_content(post, site)
    if isinstance(content, Skipped):
        return content
    parent_id, issues = parent_row(post, "pages", site)
    template = post.first_meta("_wp_page_template")
    page = PageRow(
        **content.fields,
        parent_id=parent_id,
        menu_order=post.menu_order,
        template=template if template and template != "default" else None,
    )
    fronts = front_pages(site, "page_on_front") | frozenset(site.languages.home_pages.values())
    page = replace(
        page,
        is_front_page=plays_part(page, fronts, site),
        is_posts_page=plays_part(page, front_pages(site, "page_for_posts"), site),
    )
    return content.transformed(page, issues)


PAGES = Entity(name="pages", source=PostQuery(), transform=transform_page, version=1)
