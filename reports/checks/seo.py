"""Search data: what an editor wrote for search engines, and whether they may still show the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cms_models.verify_queries import ContentFacts
from reports.checks.contract import About, Context, Field, PostPair
from reports.checks.texts import same_text
from reports.verification import Difference

LAYER = "seo"
TITLE_KEYS = ("_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title", "_seopress_titles_title")
DESCRIPTION_KEYS = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
)
CANONICAL_KEYS = (
    "_yoast_wpseo_canonical",
    "rank_math_canonical_url",
    "_aioseo_canonical_url",
    "_seopress_robots_canonical",
)
NOINDEX: Mapping[str, re.Pattern[str]] = {
    "_yoast_wpseo_meta-robots-noindex": re.compile(r"(1)|2"),
    "rank_math_robots": re.compile(r"(.*noindex)|.*index", re.DOTALL),
    "_seopress_robots_index": re.compile(r"(yes)"),
    "_aioseo_robots_noindex": re.compile(r"(1)|0"),
    "_aioseop_noindex": re.compile(r"(on)"),
}
"""How an editor's word on one post reads; the group matches where it says no."""
VARIABLE = re.compile(r"%%|%[a-z_]+[%(]|#(?:post|site|taxonomy|author|separator|categor)")


def check_seo(pair: PostPair, site: Context) -> Iterator[Difference]:
    """Yield what search engines would be told differently. Texts with variables only have to say something."""
    if not isinstance(pair.target, ContentFacts):
        return
    title = pair.source.title
    yield from About(LAYER, pair.entity, pair.source.id, title).compare(_pairs(pair.source.meta, pair.target.seo))
    if site.declared(pair.entity, pair.source.id, "seo.other_plugins"):
        return  # which of them counts is the site's settings' say
    was, now = _was_hidden(pair, site), bool(pair.target.seo.get("noindex"))
    if was is not None and was != now:
        says = "was shown by search engines and would vanish there." if now else "was kept out of search engines."
        about = About(LAYER, pair.entity, pair.source.id, title)
        yield about.differs("seo.noindex", source=was, target=now, sentence=says)


def _pairs(meta: Mapping[str, str], seo: Mapping[str, Any]) -> Iterator[tuple[Field, Any, Any]]:
    for name, keys in (("title", TITLE_KEYS), ("description", DESCRIPTION_KEYS), ("canonical", CANONICAL_KEYS)):
        written = [meta[key] for key in keys if meta.get(key, "").strip()]
        if len(set(written)) != 1:
            continue  # nothing, or several plugins: which one counts is the site's settings' say
        found = seo.get(name)
        if VARIABLE.search(written[0]):
            yield Field(f"seo.{name}", lambda _source, target: bool(target)), written[0], found
        else:
            yield Field(f"seo.{name}", same_text), written[0], found


def _was_hidden(pair: PostPair, site: Context) -> bool | None:
    """Return whether WordPress kept a post out of search engines; None where the settings of a whole type decide."""
    meta = pair.source.meta
    written = [bool(said[1]) for key, pattern in NOINDEX.items() if (said := pattern.match(meta.get(key, "").strip()))]
    if written:
        return any(written)
    return None if pair.source.type in site.hidden_types else False
