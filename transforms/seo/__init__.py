"""Search and sharing data of posts and terms, from whichever SEO plugin keeps them.

Absent names mean "nothing set". Beside DESIGN's names there can be `robots` (further directives),
`breadcrumb_title`, `is_cornerstone` and `primary_terms` (row ids by taxonomy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cms_models.rows import Json
from transforms.contract import Issue
from transforms.seo import aioseo, rank_math, seopress, yoast
from transforms.seo.subject import Subject
from transforms.site import Site
from transforms.values.text import plain_line
from wp_models.php_data import try_loads
from wp_models.records import Meta, WpPost, WpTerm


@dataclass(frozen=True, slots=True)
class SeoPlugin:
    """A plugin that keeps search data, and how they are read."""

    name: str
    folders: tuple[str, ...]  # of the free and the paid plugin, in active_plugins
    has_values: Callable[[Subject], bool]
    read: Callable[[Subject], dict[str, Json]]


PLUGINS = (  # where several left values and none is active, the first one counts
    SeoPlugin("Yoast SEO", ("wordpress-seo/", "wordpress-seo-premium/"), yoast.has_values, yoast.read_yoast),
    SeoPlugin("Rank Math", ("seo-by-rank-math/",), rank_math.has_values, rank_math.read_rank_math),
    SeoPlugin(
        "All in One SEO", ("all-in-one-seo-pack/", "all-in-one-seo-pack-pro/"), aioseo.has_values, aioseo.read_aioseo
    ),
    SeoPlugin("SEOPress", ("wp-seopress/", "wp-seopress-pro/"), seopress.has_values, seopress.read_seopress),
)

PREFIXES = (yoast.PREFIX, rank_math.PREFIX, *aioseo.PREFIXES, seopress.PREFIX)


def read_seo(post: WpPost, site: Site) -> tuple[Json, tuple[Issue, ...]]:
    """Return the post's search data, with the site's templates where its editors set nothing."""
    title = plain_line(post.title)
    return _read(Subject(site=site, meta=post.meta, keys=_keys(post.meta), type=post.type, title=title, post=post))


def read_term_seo(term: WpTerm, site: Site) -> tuple[Json, tuple[Issue, ...]]:
    """Return the term's search data, likewise."""
    name = plain_line(term.name or term.slug)
    return _read(Subject(site=site, meta=term.meta, keys=_keys(term.meta), type=term.taxonomy, title=name, term=term))


def _keys(meta: Meta) -> list[str]:
    return [key for key in meta if key.startswith(PREFIXES)]


def _read(subject: Subject) -> tuple[Json, tuple[Issue, ...]]:
    with_values = [plugin for plugin in PLUGINS if plugin.has_values(subject)]
    active = _active(subject.site.option("active_plugins"))
    chosen = next(iter(active or with_values), None)
    if chosen is None:
        return {}, ()
    issues: list[Issue] = []
    seo = chosen.read(subject)
    if others := [plugin.name for plugin in with_values if plugin is not chosen]:
        text = f"Search data of {', '.join(others)} are there, too; those of {chosen.name} were taken."
        issues.append(Issue("seo.other_plugins", text))
    if subject.unknown:
        names = ", ".join(dict.fromkeys(subject.unknown))
        text = f"Variables of {chosen.name} that only WordPress can fill were left out: {names}. Check the title."
        issues.append(Issue("seo.unknown_variable", text))
    return seo, tuple(issues)


@lru_cache(maxsize=64)
def _active(raw: str | None) -> tuple[SeoPlugin, ...]:
    """Return the SEO plugins among the active ones."""
    active = try_loads(raw)
    files = active.values() if isinstance(active, dict) else active if isinstance(active, list) else ()
    folders = {file.split("/")[0] + "/" for file in files if isinstance(file, str)}
    return tuple(plugin for plugin in PLUGINS if not folders.isdisjoint(plugin.folders))
