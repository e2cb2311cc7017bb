"""Items of a menu. WordPress hides those whose target is gone; a language switcher stands for several items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cms_models.rows import REFERENCE_COLUMNS, MenuItemRow, MenuRow
from transforms.contract import Issue
from transforms.placement import SKIPPED_TAXONOMIES
from transforms.site import Site
from transforms.values.numbers import php_int
from transforms.values.text import plain_line
from transforms.values.trees import closes_cycle
from wp_models.php_data import PhpValue, try_loads
from wp_models.records import WpMenu, WpPost

SWITCHER = "#pll_switcher"
QTRANSLATE_SWITCHER = "#qtransLangSw"  # with options behind it
SAFE_SCHEMES = frozenset({"", "http", "https", "mailto", "tel", "sms", "ftp"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where an item leads: an address, the row behind it, and the name of what is there."""

    url: str | None
    label: str = ""
    table: str | None = None
    row_id: UUID | None = None


def item_rows(menu: WpMenu, row: MenuRow, site: Site, issues: list[Issue]) -> tuple[MenuItemRow, ...]:
    """Return the rows of a menu's items in their order; what was dropped or cut is added to the issues."""
    targets: dict[int, tuple[WpPost, Target]] = {}
    for item in menu.items:
        if item.status != "publish" or item.id in targets:
            continue
        target = _target(item, menu, row, site)
        if target is None:
            title = f" ({item.title[:60]!r})" if item.title else ""
            detail = f"Item {item.id}{title} leads to something that is gone; WordPress did not show it either."
            issues.append(Issue("menus.lost_target", detail))
        else:
            targets[item.id] = (item, target)
    rows: list[MenuItemRow] = []
    for item, target in targets.values():
        parent_id = _parent(item, targets, row, site, issues)
        made = _item_row(item, target, row, site, parent_id, position=len(rows))
        if target.url and target.url.startswith((SWITCHER, QTRANSLATE_SWITCHER)):
            rows.extend(_switcher_rows(item, made, row, site))
        else:
            rows.append(made)
    return tuple(rows)


def _item_row(
    item: WpPost, target: Target, row: MenuRow, site: Site, parent_id: UUID | None, *, position: int
) -> MenuItemRow:
    classes = try_loads(item.first_meta("_menu_item_classes"))
    reference: dict[str, Any] = {REFERENCE_COLUMNS[target.table]: target.row_id} if target.table else {}
    return MenuItemRow(
        id=_row_id(item.id, row, site),
        site_id=site.id,
        menu_id=row.id,
        parent_id=parent_id,
        position=position,
        label=plain_line(item.title) or target.label,
        url=target.url,
        target=item.first_meta("_menu_item_target") or None,
        css_classes=tuple(str(name) for name in classes if name) if isinstance(classes, list) else (),
        **reference,
    )


def _row_id(item: int | str, row: MenuRow, site: Site) -> UUID:
    return site.row_id("menu_items", f"{row.id}/{item}")


def _parent(
    item: WpPost, items: Mapping[int, tuple[WpPost, Target]], row: MenuRow, site: Site, issues: list[Issue]
) -> UUID | None:
    parent = _parent_id(item)
    if parent is None:
        return None
    if parent not in items:
        detail = f"Item {item.id} stood under item {parent}, which is not in this menu; it moved to the top."
        issues.append(Issue("menus.unknown_parent", detail))
        return None
    if closes_cycle(item.id, lambda node: _parent_id(items[node][0]) if node in items else None):
        detail = f"Item {item.id} stood under item {parent}, which stands under it in turn; it moved to the top."
        issues.append(Issue("menus.parent_cycle", detail))
        return None
    return _row_id(parent, row, site)


def _parent_id(item: WpPost) -> int | None:
    return php_int(item.first_meta("_menu_item_menu_item_parent")) or None


def _target(item: WpPost, menu: WpMenu, row: MenuRow, site: Site) -> Target | None:
    """Return where an item leads; None when WordPress calls it invalid, because its object is gone or in the trash."""
    kind = item.first_meta("_menu_item_type") or "custom"
    object_name = item.first_meta("_menu_item_object") or ""
    object_id = php_int(item.first_meta("_menu_item_object_id"))
    if kind == "post_type":
        return _post_target(object_id, menu, site)
    if kind == "taxonomy":
        return _term_target(object_name, object_id, site)
    if kind == "post_type_archive":
        label = object_name.replace("_", " ").replace("-", " ").title()
        return Target(site.archive_path(object_name, row.language), label)
    return Target(_address(item.first_meta("_menu_item_url") or "", site))


def _post_target(post_id: int, menu: WpMenu, site: Site) -> Target | None:
    post = site.post(post_id)
    if post is None or post.status == "trash":
        return None
    label = plain_line(menu.post_titles.get(post_id, ""))
    content = site.content(post_id)
    if content is not None:
        return Target(site.path(post_id), label, content.table, content.row_id)
    media = site.media(post_id)
    if media is not None and media.store_key:
        return Target(f"{site.rules.media_base_url}{media.store_key}", label)
    return Target(site.path(post_id), label)


def _term_target(taxonomy: str, term_id: int, site: Site) -> Target | None:
    term = site.term_by_id(taxonomy, term_id)
    if term is None:
        return None
    is_row = taxonomy not in SKIPPED_TAXONOMIES
    row_id = site.row_id("terms", term.id) if is_row else None
    return Target(site.term_path(term.id), plain_line(term.name), "terms" if is_row else None, row_id)


def _address(url: str, site: Site) -> str | None:
    """Return where a link written by hand leads now; None for an empty one and for one that would run a script."""
    url = url.strip()
    if url.startswith("#"):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not url or parts.scheme.lower() not in SAFE_SCHEMES:
        return None
    address = site.resolve(url)
    if address is None:
        return url
    media = site.media_at(address)
    if media is not None and media.store_key:
        return f"{site.rules.media_base_url}{media.store_key}"
    if address.path is None:
        return url
    # ?p=12 names the post; any other query belongs to the link.
    query = "" if address.named_by or address.kind == "redirect" else parts.query
    return address.path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _language_home(language: str, site: Site) -> str:
    prefix = site.languages.url_prefixes.get(language, "")
    home = urlsplit(site.home_url).path.rstrip("/")
    return site.languages.home_urls.get(language) or (f"{home}/{prefix}/" if prefix else f"{home}/")


def _switcher_rows(item: WpPost, switcher: MenuItemRow, row: MenuRow, site: Site) -> Iterator[MenuItemRow]:
    """Yield the items that a plugin puts in the place of its language switcher: one for each language in use."""
    options = _switcher_options(item, switcher.url or "")
    current = row.language or site.languages.default
    used = set(site.languages.of_post.values())
    parent_id, position = switcher.parent_id, switcher.position
    if _is_on(options, "dropdown"):
        title = str(options.get("title") or site.languages.names.get(current, current))
        yield replace(switcher, url=None, label=title)
        parent_id, position = switcher.id, position + 1
    for code in site.languages.codes:
        if (code == current and _is_on(options, "hide_current")) or code not in used:
            continue
        home_id = site.languages.home_pages.get(code)
        page = site.content(home_id) if home_id else None
        yield replace(
            switcher,
            id=_row_id(f"{item.id}/{code}", row, site),
            parent_id=parent_id,
            position=position,
            label=site.languages.names.get(code, code),
            url=_language_home(code, site),
            page_id=page.row_id if page and page.table == "pages" else None,
            css_classes=(*switcher.css_classes, "lang-item", f"lang-item-{code}"),
        )
        position += 1


def _switcher_options(item: WpPost, url: str) -> Mapping[str, PhpValue]:
    """Return how a switcher is shown: as Polylang's meta says; qTranslate's is a menu below an item of its own."""
    if url.startswith(QTRANSLATE_SWITCHER):
        return {"dropdown": 1, "hide_current": "current=hidden" in url, "title": plain_line(item.title)}
    options = try_loads(item.first_meta("_pll_menu_item"))
    return options if isinstance(options, dict) else {}


def _is_on(options: Mapping[str, PhpValue], name: str) -> bool:
    return str(options.get(name) or "0") not in ("0", "False")
