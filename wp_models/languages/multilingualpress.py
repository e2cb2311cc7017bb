"""MultilingualPress: a network with a blog for each language. Version 3 keeps groups, version 2 pairs."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from wp_models.php_data import try_loads
from wp_models.records import Network
from wp_models.tables import Installation
from wp_models.values import integer, text

SETTINGS = ("multilingualpress_site_settings", "inpsyde_multilingual")  # of version 3, then 2


def read_network(connection: Connection, site: Installation) -> Network | None:
    """Return what ties this blog to others; None without MultilingualPress, or where it is not told the language."""
    has_groups = site.has("mlp_relationships") and site.has("mlp_content_relations")
    has_pairs = site.has("multilingual_linked")
    if not (has_groups or has_pairs) or not site.has("sitemeta"):
        return None
    found = list(_groups(connection, site) if has_groups else ()) or list(_pairs(connection, site) if has_pairs else ())
    metas = site.table("sitemeta").c
    query = select(metas.meta_key, metas.meta_value).where(metas.meta_key.in_((*SETTINGS, "siteurl")))
    values = {text(key): text(value) for key, value in connection.execute(query.order_by(metas.meta_id.desc()))}
    locales = _locales(values)
    if site.blog_id not in locales:
        return None
    return Network(
        name=network_name(values.get("siteurl", "")),
        locale=locales[site.blog_id],
        locales=tuple(locales.values()),
        groups_of_posts={number: group for kind, number, group in found if kind == "post"},
        groups_of_terms={number: group for kind, number, group in found if kind == "term"},
    )


def network_name(address: str) -> str:
    """Return what a network's groups are called by: its address without the scheme."""
    return address.partition("://")[2].rstrip("/")


def _groups(connection: Connection, site: Installation) -> Iterator[tuple[str, int, str]]:
    """Yield kind, number and group of this blog's objects that are tied to others; terms by term_taxonomy_id."""
    groups, members = site.table("mlp_relationships").c, site.table("mlp_content_relations").c
    together = select(members.relationship_id).group_by(members.relationship_id).having(func.count() > 1)
    query = (
        select(groups.type, members.content_id, members.relationship_id)
        .where(members.relationship_id == groups.id, members.site_id == site.blog_id)
        .where(members.relationship_id.in_(together))
        .order_by(members.relationship_id)
    )
    for kind, number, group in connection.execute(query):
        yield text(kind), integer(number), f"{text(kind)}:{group}"


def _pairs(connection: Connection, site: Installation) -> Iterator[tuple[str, int, str]]:
    """Yield the same of version 2, whose groups are named by the object that the others were made from."""
    links = site.table("multilingual_linked").c
    query = select(
        links.ml_type, links.ml_source_blogid, links.ml_source_elementid, links.ml_blogid, links.ml_elementid
    ).order_by(links.ml_id)
    for kind, source_blog, source, blog, number in connection.execute(query):
        named = text(kind) or "post"
        if (source_blog, source) != (blog, number):
            group = f"{named}:{source_blog}:{source}"
            if source_blog == site.blog_id:
                yield named, integer(source), group
            if blog == site.blog_id:
                yield named, integer(number), group


def _locales(values: dict[str, str]) -> dict[int, str]:
    stored = next((found for name in SETTINGS if isinstance(found := try_loads(values.get(name)), dict)), {})
    pairs = ((integer(blog), own.get("lang")) for blog, own in stored.items() if isinstance(own, dict))
    return {blog: locale for blog, locale in pairs if isinstance(locale, str) and locale}
