"""What a row was told of its site, noted so that a later run can tell whether it would be told the same.

A fact is a question ("post:12", "url:/old/"); with the stamp of its answer ("post:12=5f0c…") it is kept in the row's
state. A row whose stamps are all current needs no new look; any other is transformed again, whether or not its own
record has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import blake2b, sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from wp_models.records import WpSite

if TYPE_CHECKING:
    from transforms.site_data import SiteData

STAMP_BYTES = 6
SITE = "site:"
"""Asked by every row: time zone, home address, languages."""
STAMPS_IN_MIND = 16_384  # those that many rows ask for are soon back
PORTION = 10_000  # entries of the site that are encoded together


def stamped(data: SiteData, facts: Iterable[str]) -> tuple[str, ...]:
    """Return the facts with the stamps of their answers, sorted."""
    known = data.stamps
    return tuple(sorted([f"{fact}={known.get(fact) or _stamp(data, fact)}" for fact in (SITE, *facts)]))


def outdated(data: SiteData, entries: Iterable[str]) -> list[str]:
    """Return those stamped facts whose answer is another one today; nothing is kept, as each is asked for once."""
    stale = []
    for entry in entries:
        fact, _, stamp = entry.rpartition("=")
        if _answered(data, fact) != stamp:
            stale.append(entry)
    return stale


def digest_of(wordpress: WpSite) -> str:
    """Return one value for all that the source says of the site: while it is the same, so are the answers it gives."""
    digest = sha256()
    for name in sorted(field.name for field in fields(wordpress)):
        digest.update(f"\n{name}\n".encode())
        for portion in _portions(getattr(wordpress, name)):
            digest.update(orjson.dumps(portion, default=_encodable, option=orjson.OPT_NON_STR_KEYS))
    return digest.hexdigest()


def _portions(value: object) -> Iterator[object]:
    """Yield a value in parts, in a stable order: a large site must not stand in memory once more as JSON."""
    if isinstance(value, Mapping):
        entries: Iterator[object] = iter(value.items())
    elif isinstance(value, tuple):
        entries = iter(value)
    else:
        yield value
        return
    while portion := list(islice(entries, PORTION)):
        yield portion


def _encodable(value: Any) -> object:
    """Return what JSON has no form for as what it has: sets as sorted lists, named tuples as lists."""
    return sorted(value) if isinstance(value, frozenset) else list(value)


def taxonomy_of(data: SiteData, term_taxonomy_id: int) -> str | None:
    """Return the taxonomy of a term that exists: a row of term_taxonomy may have lost its term."""
    term = data.wordpress.terms.get(term_taxonomy_id)
    return term.taxonomy if term is not None and (term.name or term.slug) else None


def media_kind(data: SiteData, attachment_id: int) -> str | None:
    """Return the kind of an attachment that exists."""
    media = data.media.get(attachment_id)
    return media.kind if media is not None else None


def _stamp(data: SiteData, fact: str) -> str:
    """Return the stamp of a fact that was not asked for lately, and keep it."""
    if len(data.stamps) >= STAMPS_IN_MIND:
        data.stamps.clear()
    data.stamps[fact] = known = _answered(data, fact)
    return known


def _answered(data: SiteData, fact: str) -> str:
    kind, _, name = fact.partition(":")
    answer = repr(ANSWERS[kind](data, name)).encode("utf-8", "replace")
    return blake2b(answer, digest_size=STAMP_BYTES).hexdigest()


def _post(data: SiteData, name: str) -> object:
    number, languages = int(name), data.languages
    return (
        data.wordpress.posts.get(number), data.tables.get(number), data.addresses.post_path(number),
        languages.of_post.get(number), languages.group_of_post.get(number), languages.original_of_post.get(number),
        languages.issues.get(number), languages.origin_of_post(number),
    )  # fmt: skip


def _term(data: SiteData, name: str) -> object:
    number, languages = int(name), data.languages
    return (
        data.wordpress.terms.get(number), data.addresses.term_path(number), languages.of_term.get(number),
        languages.group_of_term.get(number), languages.term_issues.get(number),
    )  # fmt: skip


def _term_by_id(data: SiteData, name: str) -> object:
    taxonomy, _, number = name.rpartition(":")
    return data.terms_by_id.get((taxonomy, int(number)))


def _attached(data: SiteData, name: str) -> object:
    return [data.attached.get((int(name), kind)) for kind in ("image", "audio", "video")]


def _archive(data: SiteData, name: str) -> object:
    return [data.addresses.archive_path(name, language) for language in (None, *data.languages.codes)]


def _redirect(data: SiteData, name: str) -> object:
    redirect = data.wordpress.redirects.get(int(name))
    return data.addresses.redirects.verdict(redirect) if redirect else None


def _site(data: SiteData, _name: str) -> object:
    languages = data.languages
    return (
        str(data.timezone), data.addresses.home_url, languages.default, languages.codes, sorted(languages.rtl),
        sorted(languages.names.items()), sorted(languages.url_prefixes.items()), sorted(languages.home_urls.items()),
        sorted(languages.home_pages.items()), languages.network,
    )  # fmt: skip


def _words(data: SiteData, name: str) -> object:
    language, _, part = name.partition(":")
    prints = data.wordpress.versions.word_prints.get(language)
    return prints[int(part)] if prints else None


ANSWERS: Mapping[str, Callable[[SiteData, str], object]] = {
    "post": _post,
    "term": _term,
    "taxonomy": lambda data, name: taxonomy_of(data, int(name)),
    "term_id": _term_by_id,
    "user": lambda data, name: (data.wordpress.users.get(int(name)), data.addresses.author_path(int(name))),
    "comment": lambda data, name: data.wordpress.comments.get(int(name)),
    "media": lambda data, name: data.media.get(int(name)),
    "media_kind": lambda data, name: media_kind(data, int(name)),
    "attached": _attached,
    "body": lambda data, name: data.wordpress.shared_bodies.get(int(name)),
    "url": lambda data, name: data.addresses.resolve(name),
    "archive": _archive,
    "redirect": _redirect,
    "claim": lambda data, name: data.addresses.redirects.claimed_by(name),
    "option": lambda data, name: data.wordpress.options.get(name),
    "words": _words,
    "fields": lambda data, _name: data.wordpress.field_definitions,
    "site": _site,
}
"""How each kind of fact is answered; a test holds the kinds together with what `Site` notes."""
