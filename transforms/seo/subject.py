"""The post or term whose search and sharing data are read, and what the variables in its templates stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

import orjson

from cms_models.rows import Json
from transforms.contract import Media
from transforms.site import Site
from transforms.values.text import plain_line
from wp_models.php_data import try_loads
from wp_models.records import Meta, TermEntry, WpPost, WpTerm

EXCERPT_LENGTH = 155  # what the plugins cut from a post without excerpt
_SHORTCODE = re.compile(r"\[/?[A-Za-z][^\[\]]*\]")
_LONGEST_BEGINNING = 20_000  # characters of a body in which its excerpt is looked for

# The plugins' names for one thing, by the name it has in `Subject.variable`.
ALIASES = {
    alias: name
    for name, aliases in {
        "title": "post_title",
        "sitename": "sitetitle site_title blog_title org_name",
        "sitedesc": "tagline site_description blog_description",
        "sep": "separator separator_sa",
        "excerpt": "post_excerpt seo_description post_content",
        "excerpt_only": "post_excerpt_only",
        "category": "categories post_category taxonomy_title woo_single_cat",
        "primary_category": "",
        "tag": "tags post_tag woo_single_tag",
        "name": "author author_name post_author",
        "date": "post_date",
        "modified": "post_modified_date last_modified",
        "id": "post_id",
        "parent_title": "",
        "focuskw": "target_keyword keywords focus_keyword",
        "term_title": "term _category_title tag_title category_title",
        "term_description": "_category_description tag_description category_description taxonomy_description",
        "page": "pagenumber pagetotal page_number current_pagination pagination",
    }.items()
    for alias in (name, *aliases.split())
}
CUSTOM_FIELD = re.compile(r"(?:cf_|_cf_|custom_field-|customfield\()([^)]+)\)?")
CUSTOM_TAXONOMY = re.compile(r"(?:ct_desc_|ct_|_ct_|tax_name-|customterm\()([^)]+)\)?")


@dataclass(slots=True)
class Subject:
    """A post or a term. `unknown` grows by the variables that have no value in a transform."""

    site: Site
    meta: Meta
    keys: Sequence[str]  # of the metas that belong to SEO plugins
    type: str  # post type or taxonomy
    title: str
    post: WpPost | None = None
    term: WpTerm | None = None
    separator: str = "-"
    focus_keyword: str = ""
    unknown: list[str] = field(default_factory=list)

    def first(self, key: str) -> str:
        """Return the first value of a meta key; empty when there is none."""
        values = self.meta.get(key)
        return values[0] if values else ""

    def text(self, marker: re.Pattern[str], *templates: object) -> str:
        """Return the first template that says something as one line of plain text, its variables replaced.

        `marker` finds a variable and its name. Unknown ones vanish; separators with nothing between them become
        one, as the plugins do it.
        """
        for template in templates:
            if template and isinstance(template, str):
                break
        else:
            return ""
        if marker.search(template) is None:
            return plain_line(template)
        text = marker.sub(lambda found: self.variable(found[1].lower()) or "", template)
        return plain_line(_repeated(self.separator).sub(lambda _: self.separator, text))

    def variable(self, name: str) -> str | None:
        """Return what a variable stands for; None when no one knows."""
        known = ALIASES.get(name)
        if known is not None:
            return VARIABLES[known](self)
        if match := CUSTOM_FIELD.fullmatch(name):
            return self.first(match[1])
        if match := CUSTOM_TAXONOMY.fullmatch(name):
            return ", ".join(term.name for term in self.terms(match[1]))
        self.unknown.append(name)
        return None

    def terms(self, taxonomy: str) -> list[TermEntry]:
        """Return the post's terms of a taxonomy."""
        ids = self.post.term_taxonomy_ids if self.post else ()
        found = (self.site.term(term_id) for term_id in ids if self.site.taxonomy_of(term_id) == taxonomy)
        return [term for term in found if term is not None]

    def primary_term(self, taxonomy: str, term_id: str) -> TermEntry | None:
        """Return the term that an editor made the main one of its taxonomy."""
        return self.site.term_by_id(taxonomy, int(term_id)) if term_id.isdecimal() else None

    def primary_term_row(self, taxonomy: str, term_id: str) -> str | None:
        """Return the row id of the same term; its name and address are not asked for, so they may change."""
        found = self.site.term_number(taxonomy, int(term_id)) if term_id.isdecimal() else None
        return str(self.site.row_id("terms", found)) if found else None

    def image(self, url: str, attachment_id: str = "") -> str | None:
        """Return the new address of a picture, or the old one where it is none of the site's."""
        media: Media | None = self.site.media(int(attachment_id)) if attachment_id.isdecimal() else None
        if (media is None or not media.store_key) and url:
            media = self.site.media_at(self.site.resolve(url))
        return self.site.rules.media_base_url + media.store_key if media and media.store_key else url or None

    def excerpt(self) -> str:
        """Return the excerpt, or the beginning of the text."""
        if self.post is None:
            return plain_line(self.term.description) if self.term else ""
        if self.post.excerpt:
            return plain_line(self.post.excerpt)
        beginning = _SHORTCODE.sub(" ", self.post.content[:_LONGEST_BEGINNING])
        return plain_line(beginning)[:EXCERPT_LENGTH].rstrip()


def _categories(subject: Subject) -> str:
    return ", ".join(term.name for term in subject.terms("category"))


def _primary_category(subject: Subject) -> str:
    stored = subject.first("_yoast_wpseo_primary_category") or subject.first("rank_math_primary_category")
    primary = subject.primary_term("category", stored)
    return primary.name if primary else next((term.name for term in subject.terms("category")), "")


def _author(subject: Subject) -> str:
    user = subject.site.user(subject.post.author_id) if subject.post and subject.post.author_id else None
    return user.display_name if user else ""


def _nothing(_subject: Subject) -> str:
    return ""


# Dates are ISO dates: the words of a month in the site's language are WordPress's translations.
VARIABLES: Mapping[str, Callable[[Subject], str]] = {
    "title": lambda subject: subject.title,
    "sitename": lambda subject: subject.site.option("blogname") or "",
    "sitedesc": lambda subject: subject.site.option("blogdescription") or "",
    "sep": lambda subject: subject.separator,
    "excerpt": Subject.excerpt,
    "excerpt_only": lambda subject: subject.post.excerpt if subject.post else "",
    "category": _categories,
    "primary_category": _primary_category,
    "tag": lambda subject: ", ".join(term.name for term in subject.terms("post_tag")),
    "name": _author,
    "date": lambda subject: (
        f"{subject.post.published_local:%Y-%m-%d}" if subject.post and subject.post.published_local else ""
    ),
    "modified": lambda subject: (
        f"{subject.post.modified_local:%Y-%m-%d}" if subject.post and subject.post.modified_local else ""
    ),
    "id": lambda subject: str(subject.post.id) if subject.post else "",
    "parent_title": _nothing,  # the index of the site holds no titles
    "focuskw": lambda subject: subject.focus_keyword,
    "term_title": lambda subject: subject.title if subject.term else "",
    "term_description": lambda subject: plain_line(subject.term.description) if subject.term else "",
    "page": _nothing,  # "Page 2 of 3", on the second page of a post only
}


@lru_cache(maxsize=64)
def _repeated(separator: str) -> re.Pattern[str]:
    """Match separators with nothing between them."""
    return re.compile(rf"{re.escape(separator)}(?:\s*{re.escape(separator)})+")


@lru_cache(maxsize=64)
def settings(raw: str | None) -> Mapping[str, Any]:
    """Return a plugin's option, PHP data or JSON; the same text is read once a process."""
    if raw and raw.startswith("{"):
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return {}
    else:
        value = try_loads(raw)
    return value if isinstance(value, dict) else {}


def section(value: object) -> Mapping[str, Any]:
    """Return a part of a plugin's settings; empty where it is missing."""
    return value if isinstance(value, dict) else {}


def compact(**values: Json) -> dict[str, Json]:
    """Return the values that say something: no empty texts, lists and objects."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}


def readable(text: object) -> str:
    """Return a setting as text with its entities read."""
    return unescape(text) if isinstance(text, str) else ""
