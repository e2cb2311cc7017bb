"""Multisite Language Switcher: an option for each post and term names those of other blogs, by locale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from wp_models.languages.multilingualpress import network_name
from wp_models.php_data import try_loads
from wp_models.records import Network, TermEntry
from wp_models.tables import Installation
from wp_models.values import id_or_none, text

OPTION = re.compile(r"msls_(term_)?(\d+)")
AMERICAN = "en_US"  # what WordPress speaks without WPLANG; "us" in old versions of the plugin


def read_switched_network(
    connection: Connection, site: Installation, options: Mapping[str, str], terms: Mapping[int, TermEntry]
) -> Network | None:
    """Return what ties this blog to others; None without the plugin."""
    own = options.get("WPLANG") or AMERICAN
    found = list(_groups(options, own)) if site.has("sitemeta") else []
    if not found:
        return None
    metas = site.table("sitemeta").c
    address = connection.execute(select(metas.meta_value).where(metas.meta_key == "siteurl").limit(1)).scalar()
    by_term_id = {number: group for is_term, number, group, _ in found if is_term}
    return Network(
        name=network_name(text(address)),
        locale=own,
        locales=tuple(sorted({own, *(locale for *_, members in found for locale in members)})),
        groups_of_posts={number: group for is_term, number, group, _ in found if not is_term},
        groups_of_terms={term.id: by_term_id[term.term_id] for term in terms.values() if term.term_id in by_term_id},
    )


def _groups(options: Mapping[str, str], own: str) -> Iterator[tuple[bool, int, str, dict[str, int]]]:
    """Yield each tied object with its group, which is called by the first of its members: all blogs know it."""
    for name, value in options.items():
        option = OPTION.fullmatch(name) if name.startswith("msls_") else None
        stored = try_loads(value) if option else None
        if option is None or not isinstance(stored, dict):
            continue
        members = {AMERICAN if locale == "us" else locale: number for locale, number in _members(stored)}
        if members.keys() - {own}:
            number = int(option[2])
            first = min((members | {own: number}).items())
            kind = "term" if option[1] else "post"
            yield bool(option[1]), number, f"{kind}:{first[0]}:{first[1]}", members


def _members(stored: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for locale, value in stored.items():
        number = id_or_none(value)
        if number:
            yield locale, number
