"""Translation groups while they are read: one member per language, and a note of everything that was wrong.

The CMS allows one row per site, group and language, so a second post of the same language leaves its group.
A group of one is no group: WPML gives every post a number of its own, and Polylang keeps groups of single terms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.contract import Issue
from wp_models.php_data import PhpValue
from wp_models.records import WpSite


@dataclass(slots=True)
class Findings:
    """Issues by the object they are shown on."""

    by_object: defaultdict[int, list[Issue]] = field(default_factory=lambda: defaultdict(list))

    def report(self, object_id: int, code: str, detail: str) -> None:
        """Note an issue on an object."""
        self.by_object[object_id].append(Issue(code, detail))

    def result(self) -> dict[int, tuple[Issue, ...]]:
        """Return the issues as `Languages` holds them."""
        return {object_id: tuple(issues) for object_id, issues in self.by_object.items()}


@dataclass(slots=True)
class Groups:
    """Members of translation groups by group name and language; the first one of a language stays."""

    members: defaultdict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def join(self, group: str, language: str, object_id: int) -> int:
        """Add an object where its language is still free; return whoever holds that language."""
        return self.members[group].setdefault(language, object_id)

    def of_objects(self) -> dict[int, str]:
        """Return the group of each object that has a translation."""
        return {
            object_id: group
            for group, members in self.members.items()
            if len(members) > 1
            for object_id in members.values()
        }


def mapping_or_empty(value: PhpValue) -> dict[str, PhpValue]:
    """Return a PHP array with keys; anything else is a setting that a site does not have."""
    return value if isinstance(value, dict) else {}


def integer_or_none(value: PhpValue) -> int | None:
    """Return a whole number, which PHP code may have stored as a text."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_on(value: PhpValue) -> bool:
    """Return what PHP makes of a setting in an `if`: "0" is off, too."""
    return value not in (None, False, 0, "", "0", [])


def front_pages(wp: WpSite, groups: Groups, group_of_post: Mapping[int, str], language: str) -> dict[str, int]:
    """Return the static front page and its translations by language; `language` is of a page without group."""
    page = wp.options.get("page_on_front") or ""
    if wp.options.get("show_on_front") != "page" or not page.isdecimal() or int(page) not in wp.posts:
        return {}
    group = group_of_post.get(int(page))
    return dict(groups.members[group]) if group else {language: int(page)}
