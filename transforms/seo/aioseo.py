"""All in One SEO: the table of version 4, which is read as metas, and the metas of version 3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cms_models.rows import Json
from transforms.seo.subject import Subject, compact, readable, section, settings
from wp_models.php_data import PhpValue, decode

PREFIXES = ("_aioseo_", "_aioseop_")
LEGACY_SHARING = "aioseop_opengraph_settings_"
# Anything else behind a "#" is text: "#1 in town".
MARKER = re.compile(
    r"#((?:post_|site_|taxonomy_|author_|categor|separator_sa|tagline|page_number|current_|custom_field-|tax_name-|"
    r"permalink|parent_title)[a-zA-Z0-9_-]*)"
)
DEFAULT_TEMPLATE = "#post_title #separator_sa #site_title"
DEFAULT_TERM_TEMPLATE = "#taxonomy_title #separator_sa #site_title"


def has_values(subject: Subject) -> bool:
    """Return whether All in One SEO keeps something of this post."""
    return any(key.startswith(PREFIXES) for key in subject.keys)


def read_aioseo(subject: Subject) -> dict[str, Json]:
    """Return what All in One SEO says of a post, and the site's templates for a term."""
    appearance = section(settings(subject.site.option("aioseo_options")).get("searchAppearance"))
    subject.separator = readable(section(appearance.get("global")).get("separator")) or "-"
    kinds = section(settings(subject.site.option("aioseo_options_dynamic")).get("searchAppearance"))
    defaults = section(section(kinds.get("taxonomies" if subject.term else "postTypes")).get(subject.type))
    robots = section(section(defaults.get("advanced")).get("robotsMeta"))
    keywords = decode(subject.first("_aioseo_keywords")) or subject.first("_aioseop_keywords")
    focus = section(section(settings(subject.first("_aioseo_keyphrases")).get("focus")))
    title = defaults.get("title") or (DEFAULT_TERM_TEMPLATE if subject.term else DEFAULT_TEMPLATE)

    legacy = section(decode(subject.first("_aioseop_opengraph_settings")))
    return compact(
        title=subject.text(MARKER, subject.first("_aioseo_title"), subject.first("_aioseop_title"), title),
        description=subject.text(
            MARKER,
            subject.first("_aioseo_description"),
            subject.first("_aioseop_description"),
            defaults.get("metaDescription"),
        ),
        canonical=subject.first("_aioseo_canonical_url") or subject.first("_aioseop_custom_link"),
        noindex=_is_said(subject, "noindex", robots),
        nofollow=_is_said(subject, "nofollow", robots),
        robots=[word for word in ("noarchive", "nosnippet", "noimageindex") if _is_said(subject, word, robots)],
        focus_keyword=readable(focus.get("keyphrase")) or _joined(keywords),
        og=compact(
            title=subject.text(MARKER, subject.first("_aioseo_og_title"), legacy.get(f"{LEGACY_SHARING}title")),
            description=subject.text(
                MARKER, subject.first("_aioseo_og_description"), legacy.get(f"{LEGACY_SHARING}desc")
            ),
            image=subject.image(
                subject.first("_aioseo_og_image_custom_url")
                or readable(legacy.get(f"{LEGACY_SHARING}customimg"))
                or readable(legacy.get(f"{LEGACY_SHARING}image"))
            ),
        ),
        twitter=compact(
            title=subject.text(MARKER, subject.first("_aioseo_twitter_title")),
            description=subject.text(MARKER, subject.first("_aioseo_twitter_description")),
        ),
    )


def _is_said(subject: Subject, word: str, robots: Mapping[str, Any]) -> bool:
    """Return whether search engines are told a word: by the post itself, else by the settings of its type."""
    own = subject.first(f"_aioseo_robots_{word}")
    if own:
        return own == "1"
    return subject.first(f"_aioseop_{word}") == "on" or (not robots.get("default", True) and bool(robots.get(word)))


def _joined(value: PhpValue) -> str:
    """Return keywords as one text; version 4 keeps a list."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
