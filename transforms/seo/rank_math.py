"""Rank Math: metas of posts and terms under the same keys, templates with %variables%."""

from __future__ import annotations

import re

from cms_models.rows import Json
from transforms.seo.subject import Subject, compact, readable, settings
from wp_models.php_data import PhpValue, decode

PREFIX = "rank_math_"
SCHEMA_PREFIX = "rank_math_schema_"
PRIMARY_PREFIX = "rank_math_primary_"
MARKER = re.compile(r"%([a-z0-9_-]+(?:\([^()%]*\))?)%", re.IGNORECASE)
DEFAULT_TEMPLATE = "%title% %page% %sep% %sitename%"
DEFAULT_TERM_TEMPLATE = "%term% %page% %sep% %sitename%"
MACHINERY = ("rank_math_internal_links_processed", "rank_math_analytic_object_id", "rank_math_seo_score")


def has_values(subject: Subject) -> bool:
    """Return whether Rank Math keeps something of this post or term that a person wrote."""
    return any(key.startswith(PREFIX) and key not in MACHINERY for key in subject.keys)


def read_rank_math(subject: Subject) -> dict[str, Json]:
    """Return what Rank Math says of a post or term."""
    options = settings(subject.site.option("rank-math-options-titles"))
    subject.separator = readable(options.get("title_separator")) or "-"
    kind = f"tax_{subject.type}" if subject.term is not None else f"pt_{subject.type}"
    default = DEFAULT_TERM_TEMPLATE if subject.term is not None else DEFAULT_TEMPLATE
    subject.focus_keyword = subject.first("rank_math_focus_keyword").split(",")[0].strip()

    robots = _words(decode(subject.first("rank_math_robots")))
    if not robots:
        has_own = options.get(f"{kind}_custom_robots") in ("on", True)
        robots = _words(options.get(f"{kind}_robots" if has_own else "robots_global"))
    og = _sharing(subject, "facebook")
    uses_og = subject.first("rank_math_twitter_use_facebook") != "off"
    return compact(
        title=subject.text(MARKER, subject.first("rank_math_title"), options.get(f"{kind}_title"), default),
        description=subject.text(MARKER, subject.first("rank_math_description"), options.get(f"{kind}_description")),
        canonical=subject.first("rank_math_canonical_url"),
        noindex="noindex" in robots,
        nofollow="nofollow" in robots,
        robots=[word for word in robots if word not in ("index", "noindex", "follow", "nofollow")],
        focus_keyword=subject.first("rank_math_focus_keyword").strip(),
        og=og,
        twitter=compact(
            **(og if uses_og else _sharing(subject, "twitter")), card=subject.first("rank_math_twitter_card_type")
        ),
        schema=[decode(subject.first(key)) for key in subject.keys if key.startswith(SCHEMA_PREFIX)],
        breadcrumb_title=subject.text(MARKER, subject.first("rank_math_breadcrumb_title")),
        is_cornerstone=True if subject.first("rank_math_pillar_content") == "on" else None,
        primary_terms=_primary_terms(subject),
    )


def _words(value: PhpValue) -> list[str]:
    values = list(value.values()) if isinstance(value, dict) else value
    return [word for word in values if isinstance(word, str)] if isinstance(values, list) else []


def _sharing(subject: Subject, network: str) -> dict[str, Json]:
    start = f"{PREFIX}{network}_"
    return compact(
        title=subject.text(MARKER, subject.first(f"{start}title")),
        description=subject.text(MARKER, subject.first(f"{start}description")),
        image=subject.image(subject.first(f"{start}image"), subject.first(f"{start}image_id")),
    )


def _primary_terms(subject: Subject) -> dict[str, Json]:
    """Return the row id of the main term by taxonomy."""
    found: dict[str, Json] = {}
    for key in subject.keys:
        if key.startswith(PRIMARY_PREFIX):
            taxonomy = key.removeprefix(PRIMARY_PREFIX)
            if row_id := subject.primary_term_row(taxonomy, subject.first(key)):
                found[taxonomy] = row_id
    return found
