"""Custom fields of a record: those of field plugins in their real structure, every other meta by its key."""

from __future__ import annotations

from cms_models.rows import Json
from transforms.contract import Issue
from transforms.fields.acf import read_acf
from transforms.fields.plain import read_plain
from transforms.site import Site
from wp_models.records import Meta, WpPost


def read_custom_fields(post: WpPost, site: Site) -> tuple[Json, tuple[Issue, ...]]:
    """Return the post's custom fields by name; single values stay texts, as WordPress keeps them."""
    return read_meta_fields(post.meta, site)


def read_meta_fields(meta: Meta, site: Site) -> tuple[Json, tuple[Issue, ...]]:
    """Return the custom fields in any object's metas: a post's, a term's, a user's."""
    fields, used, acf_issues = read_acf(meta, site.field_definitions)
    issues = list(acf_issues)
    plain = read_plain(meta, used, issues)
    return {**plain, **fields}, tuple(issues)
