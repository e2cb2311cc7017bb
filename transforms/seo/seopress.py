"""SEOPress: metas of posts and terms under the same keys, templates with %%variables%%."""

from __future__ import annotations

import re

from cms_models.rows import Json
from transforms.seo.subject import Subject, compact, readable, section, settings

PREFIX = "_seopress_"
MARKER = re.compile(r"%%([^%\s]+?)%%")
DEFAULT_TEMPLATE = "%%post_title%% %%sep%% %%sitetitle%%"
DEFAULT_TERM_TEMPLATE = "%%term_title%% %%current_pagination%% %%sep%% %%sitetitle%%"
ROBOTS = {"imageindex": "noimageindex", "archive": "noarchive", "snippet": "nosnippet"}


def has_values(subject: Subject) -> bool:
    """Return whether SEOPress keeps something of this post or term."""
    return any(key.startswith(PREFIX) for key in subject.keys)


def read_seopress(subject: Subject) -> dict[str, Json]:
    """Return what SEOPress says of a post or term."""
    options = settings(subject.site.option("seopress_titles_option_name"))
    subject.separator = readable(options.get("seopress_titles_sep")) or "-"
    kinds = "seopress_titles_tax_titles" if subject.term else "seopress_titles_single_titles"
    defaults = section(section(options.get(kinds)).get(subject.type))
    template = DEFAULT_TERM_TEMPLATE if subject.term else DEFAULT_TEMPLATE
    subject.focus_keyword = subject.first("_seopress_analysis_target_kw")
    primary = subject.primary_term_row("category", subject.first("_seopress_robots_primary_cat"))

    def is_off(name: str, default: str) -> bool:
        return subject.first(f"_seopress_robots_{name}") == "yes" or defaults.get(default) in ("1", 1, True)

    return compact(
        title=subject.text(MARKER, subject.first("_seopress_titles_title"), defaults.get("title"), template),
        description=subject.text(MARKER, subject.first("_seopress_titles_desc"), defaults.get("description")),
        canonical=subject.first("_seopress_robots_canonical"),
        noindex=is_off("index", "noindex"),  # the meta's "yes" means: keep it out
        nofollow=is_off("follow", "nofollow"),
        robots=[word for name, word in ROBOTS.items() if subject.first(f"_seopress_robots_{name}") == "yes"],
        focus_keyword=subject.focus_keyword,
        og=_sharing(subject, "fb"),
        twitter=_sharing(subject, "twitter"),
        breadcrumb_title=subject.text(MARKER, subject.first("_seopress_robots_breadcrumbs")),
        primary_terms={"category": primary} if primary else None,
    )


def _sharing(subject: Subject, network: str) -> dict[str, Json]:
    start = f"_seopress_social_{network}_"
    return compact(
        title=subject.text(MARKER, subject.first(f"{start}title")),
        description=subject.text(MARKER, subject.first(f"{start}desc")),
        image=subject.image(subject.first(f"{start}img"), subject.first(f"{start}img_attachment_id")),
    )
