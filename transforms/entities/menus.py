"""Menus with their items: labels, places in the theme, and what each item leads to."""

from __future__ import annotations

from functools import lru_cache

from cms_models.rows import MenuRow
from transforms.contract import Entity, Issue, RecordRejectedError, Transformed
from transforms.menu_items import item_rows
from transforms.site import Site
from transforms.values.numbers import php_int
from transforms.values.slugs import decode_slug
from transforms.values.text import decode_entities
from wp_models.php_data import try_loads
from wp_models.queries import MenuQuery
from wp_models.records import WpMenu


def transform_menu(menu: WpMenu, site: Site) -> Transformed:
    """Return the menu and its items; raises RecordRejectedError("terms.no_term") for a menu without a name."""
    if menu.term.name is None:
        detail = f"Menu {menu.id} has no row in the table terms. Delete it in WordPress, or add the term there."
        raise RecordRejectedError("terms.no_term", detail)
    stylesheet = site.option("stylesheet") or ""
    places = _places(site.option(f"theme_mods_{stylesheet}"), site.option("polylang"), stylesheet)
    own = [(location, language) for location, language, term_id in places if term_id == menu.term.term_id]
    if not own:  # WPML notes the places of a menu only; its translations take them in their languages
        originals = {other.term_id for other in site.translations_of_term(menu.id)}
        own = [(location, None) for location, _, term_id in places if term_id in originals]
    languages = {language for _, language in own if language}
    row = MenuRow(
        id=site.row_id("menus", menu.id),
        site_id=site.id,
        slug=decode_slug(menu.term.slug),
        name=decode_entities(menu.term.name),
        locations=tuple(dict.fromkeys(location for location, _ in own)),
        language=languages.pop() if len(languages) == 1 else site.language_of_term(menu.id),
    )
    issues: list[Issue] = []
    items = item_rows(menu, row, site, issues)
    return Transformed(rows=(row, *items), issues=tuple(issues))


@lru_cache(maxsize=64)
def _places(theme_mods: str | None, polylang: str | None, stylesheet: str) -> tuple[tuple[str, str | None, int], ...]:
    """Return location, language and menu of every place that shows one.

    Polylang keeps the menus of all languages, but for the default one's, in its own option.
    """
    places: list[tuple[str, str | None, int]] = []
    options = try_loads(polylang)
    by_theme = options.get("nav_menus") if isinstance(options, dict) else None
    by_location = by_theme.get(stylesheet) if isinstance(by_theme, dict) else None
    for location, by_language in by_location.items() if isinstance(by_location, dict) else ():
        for language, term_id in by_language.items() if isinstance(by_language, dict) else ():
            places.append((location, language, php_int(str(term_id))))
    mods = try_loads(theme_mods)
    locations = mods.get("nav_menu_locations") if isinstance(mods, dict) else None
    for name, term_id in locations.items() if isinstance(locations, dict) else ():
        location, _, language = name.partition("___")
        places.append((location, language or None, php_int(str(term_id))))
    return tuple(places)


MENUS = Entity(name="menus", source=MenuQuery(), transform=transform_menu, version=1)
