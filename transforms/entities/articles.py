"""Posts."""

from __future__ import annotations

from functools import lru_cache

from cms_models.rows import ArticleRow
from transforms.content import read_content
from transforms.contract import Entity, Skipped, Transformed
from transforms.site import Site
from transforms.values.numbers import php_int
from wp_models.language_versions import source_number
from wp_models.php_data import try_loads
from wp_models.queries import PostQuery
from wp_models.records import WpPost

FORMAT_PREFIX = "post-format-"


def transform_article(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the article of a post."""
    content = read_content(post, site)
    if isinstance(content, Skipped):
        return content
    is_sticky = source_number(post.id) in _sticky_posts(site.option("sticky_posts"))
    return content.transformed(ArticleRow(**content.fields, is_sticky=is_sticky, format=_format(post, site)))


def _format(post: WpPost, site: Site) -> str:
    for term_id in post.term_taxonomy_ids:
        if site.taxonomy_of(term_id) == "post_format" and (term := site.term(term_id)):
            return term.slug.removeprefix(FORMAT_PREFIX)
    return "standard"


@lru_cache(maxsize=64)
def _sticky_posts(option: str | None) -> frozenset[int]:
    ids = try_loads(option)
    return frozenset(php_int(str(post_id)) for post_id in ids) if isinstance(ids, list) else frozenset()


ARTICLES = Entity(name="articles", source=PostQuery(), transform=transform_article, version=1)
