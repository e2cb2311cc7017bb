"""Redirects that the source implies: WordPress's own, and the rules of plugins that are read here, one reader each.

A redirect's id is the number of what it was made of, times 16, plus its `Origin`: it stays the same from run to run.
Entries of lists have no number; theirs is made of what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, replace
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from wp_models.key_ranges import among
from wp_models.plain_links import FINGERPRINT, plain_links
from wp_models.records import WpRedirect
from wp_models.redirect_origins import Origin
from wp_models.redirect_plugins import (
    OPTION_LISTS,
    SAFE_REDIRECT_KEYS,
    SEOPRESS_KEYS,
    SEOPRESS_VALUE,
    YOAST_KEY,
    eps_rule,
    rank_math_rules,
    redirection_rule,
    rules_in_option,
    safe_redirect_rule,
    seopress_rule,
    yoast_meta_rule,
)
from wp_models.tables import Installation
from wp_models.values import local_or_none, text

Numbers = Collection[int] | None
"""Numbers of one origin; None for all there are."""
Reader = Callable[[Connection, Installation, Numbers], Iterator[WpRedirect]]

ALL_FIELDS = attrgetter(*(field.name for field in fields(WpRedirect)))
OLD_SLUG_KEY, OLD_DATE_KEY = "_wp_old_slug", "_wp_old_date"


def read_redirects(connection: Connection, site: Installation, keys: Collection[int] | None) -> list[WpRedirect]:
    """Return the redirects with these ids, or all, with their fingerprints, by id."""
    found = dict(_read_rules(connection, site, keys))
    for origin, links in plain_links(connection, site).items():
        numbers = _numbers(origin, keys)
        if numbers is None or numbers:
            for number in links.numbers(connection, numbers):
                key = origin.key(number)
                found[key] = links.redirect(key, number)
    return [found[key] for key in sorted(found)]


def read_redirect_fingerprints(
    connection: Connection, site: Installation, keys: Collection[int] | None
) -> dict[int, str]:
    """Return the fingerprints of the redirects with these ids, or of all, without making those of plain links."""
    found = {key: redirect.fingerprint for key, redirect in _read_rules(connection, site, keys)}
    for origin, links in plain_links(connection, site).items():
        numbers = _numbers(origin, keys)
        if numbers is None or numbers:
            found.update((origin.key(number), FINGERPRINT) for number in links.numbers(connection, numbers))
    return found


def read_redirect_keys(connection: Connection, site: Installation) -> list[int]:
    """Return the ids of all redirects, ascending."""
    return sorted(read_redirect_fingerprints(connection, site, None))


def read_known_addresses(connection: Connection, site: Installation) -> dict[int, WpRedirect]:
    """Return what a link may lead through, by id: rules, old slugs and old dates, but not what a post's id names."""
    found = chain.from_iterable(read(connection, site, None) for read in READERS.values())
    return {redirect.id: redirect for redirect in sorted(found, key=lambda redirect: redirect.id)}


def _read_rules(
    connection: Connection, site: Installation, keys: Collection[int] | None
) -> Iterator[tuple[int, WpRedirect]]:
    """Yield what is made here of values that are read: few on most sites; of two with one id the first."""
    seen: set[int] = set()
    for origin, read in READERS.items():
        numbers = _numbers(origin, keys)
        if numbers is None or numbers:
            for redirect in read(connection, site, numbers):
                if redirect.id not in seen and (numbers is None or redirect.id // 16 in numbers):
                    seen.add(redirect.id)
                    yield redirect.id, _fingerprinted(redirect)


def _numbers(origin: Origin, keys: Collection[int] | None) -> frozenset[int] | None:
    """Return what redirects of this origin with these ids were made of; None for all."""
    return None if keys is None else frozenset(key // 16 for key in keys if key % 16 == origin)


def _fingerprinted(redirect: WpRedirect) -> WpRedirect:
    encoded = repr(ALL_FIELDS(redirect)).encode("utf-8", "surrogatepass")
    return replace(redirect, fingerprint=hashlib.sha256(encoded).hexdigest())


def _number_of(*parts: object) -> int:
    """Return a number made of texts: 48 bits, so that ids stay exact in any program."""
    return int.from_bytes(hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()[:6])


def _only(column: ColumnElement[Any], numbers: Numbers) -> ColumnElement[bool]:
    return true() if numbers is None else among(column, numbers)


def _metas(
    connection: Connection, site: Installation, keys: Collection[str], posts: Numbers = None
) -> dict[int, dict[str, list[tuple[int, str]]]]:
    """Return meta ids and values by post and key."""
    metas = site.table("postmeta").c
    query = select(metas.post_id, metas.meta_key, metas.meta_id, metas.meta_value).where(metas.meta_key.in_(keys))
    found: dict[int, dict[str, list[tuple[int, str]]]] = {}
    for post, key, number, value in connection.execute(
        query.where(_only(metas.post_id, posts)).order_by(metas.meta_id)
    ):
        found.setdefault(post, {}).setdefault(text(key), []).append((number, text(value)))
    return found


def _old_slugs(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    metas = site.table("postmeta").c
    query = select(metas.meta_id, metas.post_id, metas.meta_value).where(metas.meta_key == OLD_SLUG_KEY)
    for number, post, slug in connection.execute(query.where(_only(metas.meta_id, numbers)).order_by(metas.meta_id)):
        yield WpRedirect(
            id=Origin.OLD_SLUG.key(number), kind="old_slug", place=f"the old slug of post {post}", owner_id=post,
            old_slug=text(slug),
        )  # fmt: skip


def _old_dates(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    metas = site.table("postmeta").c
    query = select(metas.meta_id, metas.post_id, metas.meta_value).where(metas.meta_key == OLD_DATE_KEY)
    for number, post, date in connection.execute(query.where(_only(metas.meta_id, numbers)).order_by(metas.meta_id)):
        yield WpRedirect(
            id=Origin.OLD_DATE.key(number), kind="old_date", place=f"the old date of post {post}", owner_id=post,
            old_date=local_or_none(text(date)),
        )  # fmt: skip


def _old_slugs_and_dates(connection: Connection, site: Installation, _: Numbers) -> Iterator[WpRedirect]:
    """Yield the addresses of posts that have had both another slug and another date, as WordPress tries them last."""
    dated = _metas(connection, site, (OLD_DATE_KEY,))
    slugged = _metas(connection, site, (OLD_SLUG_KEY,), dated.keys()) if dated else {}
    for post, metas in slugged.items():
        for slug_number, slug in metas[OLD_SLUG_KEY]:
            for date_number, date in dated[post][OLD_DATE_KEY]:
                yield WpRedirect(
                    id=Origin.OLD_SLUG_AND_DATE.key(_number_of(slug_number, date_number)), kind="old_date",
                    place=f"an old slug and date of post {post}", owner_id=post, old_slug=slug,
                    old_date=local_or_none(date),
                )  # fmt: skip


def _redirection(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    if not site.has("redirection_items"):
        return
    items = site.table("redirection_items").c
    off: set[int] = set()
    if site.has("redirection_groups"):
        groups = site.table("redirection_groups").c
        off = set(connection.execute(select(groups.id).where(groups.status == "disabled")).scalars())
    query = select(
        items.id, items.url, items.regex, items.position, items.group_id, items.status, items.action_type,
        items.action_code, items.action_data, items.match_type,
    ).where(_only(items.id, numbers)).order_by(items.id)  # fmt: skip
    for row in connection.execute(query):
        yield redirection_rule(Origin.REDIRECTION.key(row.id), row, is_group_off=row.group_id in off)


def _rank_math(connection: Connection, site: Installation, _: Numbers) -> Iterator[WpRedirect]:
    if not site.has("rank_math_redirections"):
        return
    rows = site.table("rank_math_redirections").c
    for row in connection.execute(select(rows.id, rows.sources, rows.url_to, rows.header_code, rows.status)):
        for rule in rank_math_rules(row):
            yield replace(rule, id=Origin.RANK_MATH.key(_number_of(row.id, rule.match, rule.source)))


def _eps_redirects(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    if not site.has("redirects"):
        return
    rows = site.table("redirects").c
    query = select(rows.id, rows.url_from, rows.url_to, rows.status, rows.type).where(_only(rows.id, numbers))
    for row in connection.execute(query.order_by(rows.id)):
        yield eps_rule(Origin.EPS_REDIRECT.key(row.id), row)


def _post_metas(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    metas, posts = site.table("postmeta").c, site.table("posts")
    query = (
        select(metas.meta_id, metas.post_id, metas.meta_key, metas.meta_value, posts.c.post_type, posts.c.post_title)
        .join_from(site.table("postmeta"), posts, metas.post_id == posts.c.ID)
        .where(metas.meta_key.in_((YOAST_KEY, SEOPRESS_VALUE)), metas.meta_value != "", _only(metas.meta_id, numbers))
    )
    rows = connection.execute(query.order_by(metas.meta_id)).all()
    others = _metas(connection, site, SEOPRESS_KEYS, {row.post_id for row in rows}) if rows else {}
    for row in rows:
        key = Origin.POST_META.key(row.meta_id)
        if text(row.meta_key) == YOAST_KEY:
            yield yoast_meta_rule(key, row.post_id, text(row.meta_value))
        else:
            source = text(row.post_title) if row.post_type == "seopress_404" else None
            values = {name: entries[0][1] for name, entries in others.get(row.post_id, {}).items()}
            yield seopress_rule(key, row.post_id, source, text(row.meta_value), values)


def _safe_redirects(connection: Connection, site: Installation, numbers: Numbers) -> Iterator[WpRedirect]:
    posts = site.table("posts").c
    query = select(posts.ID, posts.post_status, posts.menu_order).where(
        posts.post_type == "redirect_rule", _only(posts.ID, numbers)
    )
    rows = connection.execute(query.order_by(posts.ID)).all()
    metas = _metas(connection, site, SAFE_REDIRECT_KEYS, [row.ID for row in rows]) if rows else {}
    for row in rows:
        values = {key: entries[0][1] for key, entries in metas.get(row.ID, {}).items()}
        yield safe_redirect_rule(Origin.SAFE_REDIRECT.key(row.ID), row, values)


def _option_lists(connection: Connection, site: Installation, _: Numbers) -> Iterator[WpRedirect]:
    options = site.table("options").c
    query = select(options.option_name, options.option_value).where(options.option_name.in_(OPTION_LISTS))
    stored = {text(name): text(value) for name, value in connection.execute(query.order_by(options.option_id))}
    for name, rule in rules_in_option(stored):
        yield replace(rule, id=Origin.OPTION.key(_number_of(name, rule.match, rule.source)))


READERS: dict[Origin, Reader] = {
    Origin.OLD_SLUG: _old_slugs,
    Origin.OLD_DATE: _old_dates,
    Origin.OLD_SLUG_AND_DATE: _old_slugs_and_dates,
    Origin.REDIRECTION: _redirection,
    Origin.RANK_MATH: _rank_math,
    Origin.EPS_REDIRECT: _eps_redirects,
    Origin.POST_META: _post_metas,
    Origin.SAFE_REDIRECT: _safe_redirects,
    Origin.OPTION: _option_lists,
}
