"""Addresses: each post answers where WordPress had it, and every other old address leads to something that exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from cms_models.verify_queries import ContentFacts
from reports.checks.contract import About, Context, PostPair
from reports.verification import Coverage, Difference
from wp_models.verify_queries import LoggedAddress

LAYER = "addresses"
TOKEN = re.compile(r"%([a-z_]+)%")
ADDRESSED = frozenset({"publish", "private", "future"})
LANGUAGE = re.compile(r"^/(?:language/)?[a-z]{2,3}(?:[-_][a-z0-9]{2,4})*(?=/)")
ANYTHING = "*"  # no slug has it
DEFAULT_STRUCTURE = "/%postname%/"
ROOT = "/index.php"
LISTS = frozenset({"", "feed"})

Redirect = tuple[int | None, str, str | None, bool]
"""Source id, from_path, to_path, whether from_path is a pattern."""


def check_path(pair: PostPair, site: Context) -> Iterator[Difference]:
    """Yield a post or page whose path is not the one that the site's permalinks give it."""
    source, target = pair.source, pair.target
    if not isinstance(target, ContentFacts) or source.status not in ADDRESSED or source.id in site.front_pages:
        return
    expected = _page(pair, site) if source.type == "page" else _post(pair, target, site)
    if expected is not None and not _stands_at(_key(target.path), expected, site):
        yield About(LAYER, pair.entity, source.id, source.title).differs("path", source=expected, target=target.path)


def answering(paths: Collection[str], redirects: Sequence[Redirect]) -> frozenset[str]:
    """Return what addresses answer, as they are compared: those of rows and of redirects."""
    return frozenset({*map(_key, paths), *(_key(redirect[1]) for redirect in redirects)})


def is_answered(path: str, known: Collection[str], site: Context) -> bool:
    """Return whether something stands at a path; lists of authors and dates are no rows."""
    key = _key(path)
    last = key.rpartition("/")[2]
    return key in known or last.isdecimal() or last in LISTS or last in site.nicenames.values()


def check_redirects(
    redirects: Sequence[Redirect], paths: Collection[str], site: Context, media_base: str
) -> Iterator[Difference]:
    """Yield redirects that hide the content at their address, and those that lead to where nothing stands."""
    keys = {_key(path) for path in paths}
    known = answering(paths, redirects)
    for source_id, from_path, to_path, is_pattern in redirects:
        about = About(LAYER, "redirects", source_id, from_path)
        is_elsewhere = to_path is None or _key(to_path) != _key(from_path)
        if not is_pattern and "?" not in from_path and _key(from_path) in keys and is_elsewhere:
            says = f"{from_path} hides the content at that address."
            yield about.differs("from_path", source=None, target=from_path, sentence=says)
        if to_path is None or is_pattern or not to_path.startswith("/") or to_path.startswith(media_base):
            continue
        is_declared = source_id is not None and site.declared("redirects", source_id, "redirects.unknown_target")
        if not is_declared and not is_answered(urlsplit(to_path).path, known, site):
            says = f"leads from {from_path} to {to_path}, where nothing stands."
            yield about.differs("to_path", source=None, target=to_path, sentence=says)


def content_coverage(public: set[tuple[str, int]], found: Mapping[str, Sequence[Difference]]) -> Coverage:
    """Return how many posts that had an address in WordPress (entity and id) still stand at it."""
    elsewhere = {
        (one.entity, one.source_id)
        for layer in ("keys", LAYER)
        for one in found.get(layer, ())
        if one.field in ("row", "deleted_at", "path")
    }
    return Coverage(known=len(public), answered=len(public - elsewhere))


def coverage(
    content: Coverage, logged: Sequence[LoggedAddress], paths: Collection[str], redirects: Sequence[Redirect], home: str
) -> Coverage:
    """Return how many of the old addresses answer: those of `content`, and those that a plugin answered."""
    known = answering(paths, redirects)
    written = {redirect[1] for redirect in redirects if redirect[3]}
    patterns = [found for found in map(_compiled, written) if found]
    total = content
    for address in logged:
        key = _key(address.url if address.is_pattern else urlsplit(address.url).path)
        candidates = {key, _key(home + key), _key(address.url)}
        is_there = not candidates.isdisjoint(known) or any(
            pattern.search(candidate) for pattern in patterns for candidate in candidates
        )
        total = replace(
            total,
            known=total.known + 1,
            answered=total.answered + is_there,
            hits=total.hits + address.hits,
            hits_answered=total.hits_answered + (address.hits if is_there else 0),
        )
    return total


def _post(pair: PostPair, target: ContentFacts, site: Context) -> str | None:
    """Return the address of a post below home and language; of other types only the slug is certain."""
    source = pair.source
    if source.type != "post":
        return f"{ANYTHING}/{source.slug}" if source.slug and target.path is not None else None
    date = source.published_local
    values = {
        "year": f"{date.year:04d}" if date else "0000",
        "monthnum": f"{date.month:02d}" if date else "00",
        "day": f"{date.day:02d}" if date else "00",
        "hour": f"{date.hour:02d}" if date else "00",
        "minute": f"{date.minute:02d}" if date else "00",
        "second": f"{date.second:02d}" if date else "00",
        "post_id": str(source.id),
        "postname": source.slug,
        "author": site.nicenames.get(source.author or 0, ""),
        "category": ANYTHING,
    }
    structure = "/" + (site.permalinks or DEFAULT_STRUCTURE).strip("/").removeprefix("index.php/")
    if any(name not in values for name in TOKEN.findall(structure)):
        return None  # a plugin's own tag
    return TOKEN.sub(lambda token: values[token[1]], structure)


def _page(pair: PostPair, site: Context) -> str | None:
    slugs: list[str] = []
    seen: set[int] = set()
    node: int | None = pair.source.id
    while node and node in site.tree and node not in seen:
        seen.add(node)
        slug, node = site.tree[node]
        slugs.append(slug)
    path = "/".join(slug for slug in reversed(slugs) if slug)
    return f"/{path}" if path else None


def _stands_at(key: str, expected: str, site: Context) -> bool:
    """Return whether an address is the expected one, below the site's home and maybe a language."""
    below = key.removeprefix(site.home_path.lower()).removeprefix(ROOT)
    head, anything, tail = _key(expected).partition(ANYTHING)
    for found in (below, LANGUAGE.sub("", below, count=1)):
        if found == head if not anything else found.startswith(head.rstrip("/")) and found.endswith(tail):
            return True
    return False


def _key(path: str | None) -> str:
    """Return a path as addresses are compared: decoded, in small letters, without its last slash."""
    return "/" + unquote(path or "", errors="replace").strip("/").lower()


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None  # PCRE has more than Python
