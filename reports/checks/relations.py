"""What posts refer to: authors, featured images, parents and terms, by WordPress's own ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cms_models.verify_queries import WITH_PARENT, ContentFacts
from reports.checks.contract import About, Context, Field, PostPair
from reports.verification import Difference

LAYER = "relations"
AUTHOR = Field("author_id")
FEATURED = Field("featured_media_id")
PARENT = Field("parent_id")
LEADING_NUMBER = re.compile(r"\s*(\d{1,18})")


def check_relations(pair: PostPair, site: Context) -> Iterator[Difference]:
    """Yield the references of a post that differ. One to something that was not loaded must be empty."""
    if not isinstance(pair.target, ContentFacts):
        return
    yield from About(LAYER, pair.entity, pair.source.id, pair.source.title).compare(_pairs(pair, pair.target, site))
    wanted = set(pair.source.terms) & site.loaded_terms
    found = set(pair.target.terms)
    for term in sorted(wanted ^ found):
        says = "is missing in the CMS." if term in wanted else "is on it in the CMS only."
        yield About(LAYER, pair.entity, pair.source.id, pair.source.title).differs(
            "term_relationships",
            source=term if term in wanted else None,
            target=term if term in found else None,
            sentence=f"term {term} {site.term_names.get(term, '')!r} {says}",
        )


def _pairs(pair: PostPair, target: ContentFacts, site: Context) -> Iterator[tuple[Field, Any, Any]]:
    source = pair.source
    yield AUTHOR, source.author if source.author in site.users else None, target.author
    featured = LEADING_NUMBER.match(source.meta.get("_thumbnail_id", ""))
    image = int(featured[1]) if featured else None
    yield FEATURED, image if image and site.posts.get(image) == "media" else None, target.featured
    if pair.entity in WITH_PARENT and not site.declared(pair.entity, source.id, "content.parent_cycle"):
        parent = source.parent
        yield PARENT, parent if parent and site.posts.get(parent) == pair.entity else None, target.parent
