"""Users with their roles on this blog, and the metas that are about them rather than about WordPress's screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cms_models.rows import Json, UserMetadataRow, UserRow
from transforms.contract import Entity, Issue, Transformed
from transforms.site import Site
from transforms.values.passwords import password_scheme
from transforms.values.text import decode_entities, plain_text
from wp_models.php_data import decode, try_loads
from wp_models.queries import UserQuery
from wp_models.records import WpUser

OWN_COLUMNS = frozenset({"first_name", "last_name", "description"})
# How WordPress's own screens looked to the user, and rights, which `roles` holds.
MACHINERY = re.compile(
    r"(?:.*_)?(?:capabilities|user_level|user-settings|user-settings-time|dashboard_quick_press_last_post_id)|"
    r".*_(?:media_library_mode|persisted_preferences|per_page)|(?:meta-box-order|closedpostboxes|metaboxhidden|"
    r"screen_layout)_.*|manage.*columnshidden|nav_menu_recently_edited|rich_editing|syntax_highlighting|"
    r"comment_shortcuts|admin_color|use_ssl|show_admin_bar_front|dismissed_wp_pointers|show_welcome_panel|"
    r"show_try_gutenberg_panel|community-events-location|infinite_scrolling|session_tokens|primary_blog|source_domain|_.*"
)


def transform_user(user: WpUser, site: Site) -> Transformed:
    """Return the user and one row for each meta; a key with several values holds a list."""
    issues: list[Issue] = []
    scheme = password_scheme(user.password_hash)
    if user.password_hash and scheme is None:
        issues.append(Issue("users.unknown_password_hash", "The password's hash is of no kind WordPress can check."))
    row = UserRow(
        id=site.row_id("users", user.id),
        site_id=site.id,
        wp_user_id=user.id,
        login=user.login,
        email=user.email or None,
        display_name=plain_text(user.display_name),
        first_name=_text(user, "first_name"),
        last_name=_text(user, "last_name"),
        bio=plain_text(_text(user, "description")),
        url=user.url if user.url.startswith(("http://", "https://")) else "",
        roles=_roles(user, site, issues),
        password_hash=user.password_hash or None,
        password_scheme=scheme,
        registered_at=user.registered_at,
    )
    return Transformed(rows=(row, *_metadata(user, row, site)), issues=tuple(issues))


def _text(user: WpUser, key: str) -> str:
    values = user.meta.get(key)
    return decode_entities(values[0]) if values else ""


def _roles(user: WpUser, site: Site, issues: list[Issue]) -> tuple[str, ...]:
    """Return the user's roles on this blog; capabilities given one by one stand in the same meta and are none."""
    values = user.meta.get(f"{site.blog_prefix}capabilities")
    if not values:
        return ()  # a member of another blog of the network, or of nothing
    capabilities = try_loads(values[0])
    if not isinstance(capabilities, dict):
        if values[0] and capabilities != []:
            detail = f"The roles are stored as {values[0][:60]!r}, which cannot be read; the user has none."
            issues.append(Issue("users.damaged_roles", detail))
        return ()
    known = _known_roles(site.option(f"{site.blog_prefix}user_roles"))
    given = tuple(name for name, granted in capabilities.items() if granted)
    roles = tuple(name for name in given if not known or name in known)
    if len(roles) < len(given):
        others = ", ".join(name for name in given if name not in roles)
        issues.append(Issue("users.not_a_role", f"Granted, but no roles of this site: {others[:200]}."))
    return roles


@lru_cache(maxsize=64)
def _known_roles(option: str | None) -> frozenset[str]:
    roles = try_loads(option)
    return frozenset(roles) if isinstance(roles, dict) else frozenset()


def _metadata(user: WpUser, row: UserRow, site: Site) -> Iterator[UserMetadataRow]:
    for key, values in user.meta.items():
        if key and key not in OWN_COLUMNS and not MACHINERY.fullmatch(key) and any(values):
            decoded: list[Json] = [decode(value) for value in values]
            yield UserMetadataRow(
                id=site.row_id("user_metadata", f"{user.id}/{key}"),
                site_id=site.id,
                user_id=row.id,
                key=key,
                value=decoded[0] if len(decoded) == 1 else decoded,
            )


USERS = Entity(name="users", source=UserQuery(), transform=transform_user, version=1)
