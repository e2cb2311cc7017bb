"""Users, terms, comments, settings and menus: small records, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from cms_models.rows import row_id
from reports.checks.bodies import ADDRESS, HIDDEN, TAG
from reports.checks.contract import About, Context, Field
from reports.checks.texts import bare, hidden, masked, same_or_empty, same_slug, same_text, utc
from reports.verification import Difference
from wp_models.php_data import PhpDataError, looks_serialized, parse

LAYER = "fields"
RELATIONS = "relations"
STATUSES = {"1": "approved", "approve": "approved", "0": "pending", "hold": "pending"}
SWITCHER = "#pll_switcher"  # Polylang puts one item for each language in its place
HTTP = ("http://", "https://")
SMILEY = re.compile(r"(?<!\S)(?::-?[a-zA-Z]|8-?O|:[a-z]+:)(?!\S)")  # those with letters become pictures
NO_LETTER = re.compile(r"[\W_]+")
Row = Mapping[str, Any]


def check_user(number: int, source: Row, target: Row, site: Context) -> Iterator[Difference]:
    """Yield the fields of a user that differ."""
    are_damaged = site.declared("users", number, "users.damaged_roles", "users.not_a_role")
    url = source["url"] if source["url"].startswith(HTTP) else ""
    pairs = (
        (Field("login"), source["login"], target["login"]),
        (Field("email", same_or_empty, masked), source["email"], target["email"]),
        *((Field(name, same_text), source[name], target[name]) for name in TEXTS_OF_USERS),
        (Field("url"), url, target["url"]),
        (Field("password_hash", same_or_empty, hidden), source["password_hash"], target["password_hash"]),
        (Field("registered_at"), source["registered_at"], target["registered_at"]),
        (Field("roles", _are_granted), None if are_damaged else source["capabilities"], target["roles"]),
    )
    yield from About(LAYER, "users", number, source["login"]).compare(pairs)


TEXTS_OF_USERS = ("display_name", "first_name", "last_name", "bio")


def _are_granted(capabilities: str | None, roles: list[str]) -> bool:
    if capabilities is None:
        return True
    return all(f'"{role}"' in capabilities for role in roles) and bool(roles or "b:1" not in capabilities)


def check_term(number: int, source: Row, target: Row, site: Context) -> Iterator[Difference]:
    """Yield the fields of a term that differ."""
    name = source["name"] or ""
    pairs = (
        (Field("name", same_text), name, target["name"]),
        (Field("slug", same_slug), source["slug"], target["slug"]),
        (Field("taxonomy"), source["taxonomy"], target["taxonomy"]),
        (Field("wp_term_id"), source["term_id"], target["term_id"]),
        (Field("description", same_text), source["description"], target["description"]),
    )
    yield from About(LAYER, "terms", number, name).compare(pairs)
    if not site.declared("terms", number, "terms.parent_cycle", "terms.unknown_parent"):
        parent = source["parent"] if (source["taxonomy"], source["parent"]) in site.terms else None
        yield from About(RELATIONS, "terms", number, name).compare(
            iter([(Field("parent_id"), parent, target["parent"])])
        )
    if target["path"] is not None and not same_slug(target["path"].strip("/").rpartition("/")[2], source["slug"]):
        yield About("addresses", "terms", number, name).differs(
            "path", source=f"…/{source['slug']}", target=target["path"]
        )


def check_comment(number: int, source: Row, target: Row, site: Context) -> Iterator[Difference]:
    """Yield the fields of a comment that differ."""
    title = source["author_name"]
    url = source["author_url"] if source["author_url"].startswith(HTTP) else None
    made = utc(source["created_at"], source["created_local"], site.zone)
    pairs = (
        (Field("author_name", same_text), source["author_name"], target["author_name"]),
        (Field("author_email", same_or_empty, masked), source["author_email"], target["author_email"]),
        (Field("author_url"), url, target["author_url"]),
        (Field("status"), STATUSES.get(source["approved"]), target["status"]),
        (Field("type"), source["type"], target["type"]),
        (Field("created_at"), made, target["created_at"]),
        (Field("content_html", _same_words), source["content"], target["content"]),
    )
    yield from About(LAYER, "comments", number, title).compare(pairs)
    related = [
        (Field("post"), source["post"], target["post"]),
        (Field("user_id"), source["user"] if source["user"] in site.users else None, target["user"]),
    ]
    if not site.declared("comments", number, "comments.lost_parent"):
        related.append((Field("parent_id"), source["parent"], target["parent"]))
    yield from About(RELATIONS, "comments", number, title).compare(related)


def _same_words(source: str, target: str) -> bool:
    """Return whether a comment says the same, whatever became of markup, smilies and bare addresses."""
    return source == target or _letters(source) == _letters(target)


def _letters(markup: str) -> str:
    return NO_LETTER.sub("", bare(ADDRESS.sub(" ", SMILEY.sub(" ", TAG.sub(" ", HIDDEN.sub(" ", markup))))).lower())


def check_setting(number: int, source: tuple[str, str], target: Row) -> Iterator[Difference]:
    """Yield a setting whose name or value differ; PHP's data are read on both sides' own terms."""
    name, stored = source
    pairs = ((Field("key"), name, target["name"]), (Field("value"), _decoded(stored), target["value"]))
    yield from About(LAYER, "settings", number, name).compare(pairs)


def _decoded(stored: str) -> Any:
    if not looks_serialized(stored):
        return stored
    try:
        return parse(stored).value
    except PhpDataError:
        return stored


def check_menu(
    number: int, source: tuple[Row, Sequence[Row]], target: Row, items: Mapping[UUID, Row], site: Context
) -> Iterator[Difference]:
    """Yield what differs of a menu: its name, and items that are gone, renamed or lead elsewhere."""
    term, wanted = source
    pairs = (
        (Field("name", same_text), term["name"] or "", target["name"]),
        (Field("slug", same_slug), term["slug"], target["slug"]),
    )
    yield from About(LAYER, "menus", number, target["name"]).compare(pairs)
    for item in wanted:
        found = items.get(row_id(site.site_key, "menu_items", f"{target['row_id']}/{item['id']}"))
        title = f"{target['name']} › {item['title'] or item['id']}"
        if found is None:
            leads_nowhere = site.declared("menus", number, "menus.lost_target")
            if not leads_nowhere and item.get("url") != SWITCHER:
                says = f"item {item['id']} is missing in the CMS."
                yield About(LAYER, "menus", number, title).differs(
                    "menu_items", source=item["id"], target=None, sentence=says
                )
            continue
        about = About(LAYER, "menus", number, title)
        yield from about.compare(_item_pairs(item, found))
        if item.get("type") == "post_type" and found["post"] is not None and found["url"] != found["path"]:
            says = f"is {found['url']!r}, but what it leads to stands at {found['path']!r}."
            yield about.differs("menu_items.url", source=found["path"], target=found["url"], sentence=says)


def _item_pairs(item: Row, found: Row) -> Iterator[tuple[Field, Any, Any]]:
    if item.get("url") == SWITCHER:
        return
    is_of_post = item.get("type") == "post_type" and found["post"] is not None
    if label := item["title"].strip() or (found["title"] if is_of_post else ""):
        yield Field("menu_items.label", same_text), label, found["label"]
    if is_of_post:
        yield Field("menu_items.target"), item.get("object_id", ""), str(found["post"])
    elif item.get("type") == "taxonomy" and found["term"] is not None:
        yield Field("menu_items.target"), item.get("object_id", ""), str(found["term"])
