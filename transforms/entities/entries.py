"""Content of any post type that has no table of its own."""

from __future__ import annotations

from cms_models.rows import EntryRow
from transforms.content import parent_row, read_content
from transforms.contract import Entity, RecordRejectedError, Skipped, Transformed
from transforms.site import Site
from wp_models.queries import PostQuery
from wp_models.records import WpPost


def transform_entry(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the entry of a post; raises RecordRejectedError("type.unknown") when it has no type at all."""
    if not post.type:
        raise RecordRejectedError("type.unknown", "It has no post type. Give it one in WordPress, or delete it there.")
    content = read_content(post, site)
    if isinstance(content, Skipped):
        return content
    parent_id, issues = parent_row(post, "entries", site)
    row = EntryRow(**content.fields, entry_type=post.type, parent_id=parent_id, menu_order=post.menu_order)
    return content.transformed(row, issues)


ENTRIES = Entity(name="entries", source=PostQuery(), transform=transform_entry, version=1)
