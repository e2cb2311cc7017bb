"""Yoast SEO: metas of posts, one option for all terms, templates with %%variables%%."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cms_models.rows import Json
from transforms.seo.subject import Subject, compact, readable, section, settings

PREFIX = "_yoast_wpseo_"
MARKER = re.compile(r"%%([^%\s]+?)%%(?:single%%)?")
DEFAULT_TEMPLATE = "%%title%% %%page%% %%sep%% %%sitename%%"
DEFAULT_TERM_TEMPLATE = "%%term_title%% Archives %%page%% %%sep%% %%sitename%%"
SEPARATORS = {
    "sc-dash": "-", "sc-ndash": "–", "sc-mdash": "—", "sc-colon": ":", "sc-middot": "·", "sc-bull": "•", "sc-star": "*",
    "sc-smstar": "⋆", "sc-pipe": "|", "sc-tilde": "~", "sc-laquo": "«", "sc-raquo": "»",
    "sc-lt": ">", "sc-gt": "<",  # Yoast's own twist
}  # fmt: skip


def has_values(subject: Subject) -> bool:
    """Return whether Yoast keeps something of this post or term."""
    if subject.term is not None:
        return bool(_stored_term(subject))
    return any(key.startswith(PREFIX) for key in subject.keys)


def read_yoast(subject: Subject) -> dict[str, Json]:
    """Return what Yoast says of a post or term."""
    options = settings(subject.site.option("wpseo_titles"))
    subject.separator = SEPARATORS.get(str(options.get("separator", "sc-dash")), "-")
    if subject.term is not None:
        stored, kind, template = _stored_term(subject), f"tax-{subject.type}", DEFAULT_TERM_TEMPLATE
    else:
        stored, kind, template = _stored_post(subject), subject.type, DEFAULT_TEMPLATE
    subject.focus_keyword = stored.get("focuskw", "")

    robots = [word.strip() for word in stored.get("meta-robots-adv", "").split(",")]
    return compact(
        title=subject.text(MARKER, stored.get("title"), options.get(f"title-{kind}"), template),
        description=subject.text(MARKER, stored.get("metadesc"), options.get(f"metadesc-{kind}")),
        canonical=stored.get("canonical"),
        noindex={"1": True, "2": False}.get(
            stored.get("meta-robots-noindex", ""), bool(options.get(f"noindex-{kind}"))
        ),
        nofollow=stored.get("meta-robots-nofollow") == "1",
        robots=[word for word in robots if word and word not in ("none", "-")],
        focus_keyword=readable(subject.focus_keyword),
        og=_sharing(subject, stored, "opengraph"),
        twitter=_sharing(subject, stored, "twitter"),
        schema=compact(page_type=stored.get("schema_page_type"), article_type=stored.get("schema_article_type")),
        breadcrumb_title=subject.text(MARKER, stored.get("bctitle")),
        is_cornerstone=True if stored.get("is_cornerstone") == "1" else None,
        primary_terms=_primary_terms(subject, stored),
    )


def _stored_post(subject: Subject) -> Mapping[str, str]:
    start = len(PREFIX)
    return {key[start:]: subject.first(key) for key in subject.keys if key.startswith(PREFIX)}


def _stored_term(subject: Subject) -> Mapping[str, str]:
    """Return a term's values under the names of a post's; they stand in one option, by taxonomy and term id."""
    taxonomies = settings(subject.site.option("wpseo_taxonomy_meta"))
    entry = _of_id(taxonomies.get(subject.type), subject.term.term_id if subject.term else 0)
    stored = {
        str(key).removeprefix("wpseo_"): value for key, value in entry.items() if isinstance(value, str) and value
    }
    names = {"desc": "metadesc", "noindex": "meta-robots-noindex"}
    stored = {names.get(key, key): value for key, value in stored.items()}
    if (noindex := stored.get("meta-robots-noindex")) is not None:
        stored["meta-robots-noindex"] = {"noindex": "1", "index": "2"}.get(noindex, "")
    return stored


def _of_id(terms: object, term_id: int) -> Mapping[str, Any]:
    """Return the entry of a term; PHP's array is a list here when its term ids are 0, 1, 2 ..."""
    if isinstance(terms, list):
        return section(terms[term_id]) if term_id < len(terms) else {}
    return section(section(terms).get(str(term_id)))


def _sharing(subject: Subject, stored: Mapping[str, str], network: str) -> dict[str, Json]:
    return compact(
        title=subject.text(MARKER, stored.get(f"{network}-title", "")),
        description=subject.text(MARKER, stored.get(f"{network}-description", "")),
        image=subject.image(stored.get(f"{network}-image", ""), stored.get(f"{network}-image-id", "")),
    )


def _primary_terms(subject: Subject, stored: Mapping[str, str]) -> dict[str, Json]:
    """Return the row id of the main term by taxonomy."""
    found: dict[str, Json] = {}
    for key, value in stored.items():
        if key.startswith("primary_"):
            taxonomy = key.removeprefix("primary_")
            if row_id := subject.primary_term_row(taxonomy, value):
                found[taxonomy] = row_id
    return found
