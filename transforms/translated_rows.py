"""A row in another language: the source's row with translated words, in its own place; all else is carried over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from selectolax.lexbor import LexborHTMLParser

from cms_models.rows import ContentRow, Json, Status, TermRelationshipRow, TermRow, TranslationOrigin, row_id
from transforms.body.settled import CUT
from transforms.body.text import text_of

OWN_ADDRESSES = frozenset({"canonical", "url"})
"""Search data that would send readers, or search engines, back to the source."""

Content = TypeVar("Content", bound=ContentRow)
Paths = Mapping[str, str]
"""Where things that have a translation stand: path in the source language > path in the target language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a translation stands among the rows of its language."""

    id: UUID
    language: str
    group_id: UUID
    slug: str
    path: str | None
    parent_id: UUID | None = None


def translated_id(site_key: str, entity: str, source_id: int, language: str) -> UUID:
    """Return the row id of a source object's translation."""
    return row_id(site_key, entity, f"{source_id}/{language}")


def translated_content(
    worded: Content,
    place: Place,
    *,
    origin: TranslationOrigin,
    status: Status,
    paths: Paths,
    terms: Mapping[UUID, UUID],
) -> Content:
    """Return the translation of a content row; `worded` is the source's row with its words translated."""
    html, blocks = _relinked(worded.content_html, worded.blocks, paths)
    changes: dict[str, Any] = {"parent_id": place.parent_id} if hasattr(worded, "parent_id") else {}
    return replace(
        worded,
        id=place.id,
        wp_post_id=None,
        slug=place.slug,
        path=place.path,
        content_html=html,
        content_text=text_of(CUT.split(html)),
        blocks=blocks,
        source_content="",
        status=status,
        language=place.language,
        translation_group_id=place.group_id,
        translation_origin=origin,
        translated_from_id=worded.id,
        seo=_seo(worded.seo, terms),
        **changes,
    )


def translated_term(worded: TermRow, place: Place, *, origin: TranslationOrigin) -> TermRow:
    """Return the translation of a term; `worded` is the source's row with its words translated."""
    return replace(
        worded,
        id=place.id,
        wp_term_taxonomy_id=None,
        wp_term_id=None,
        slug=place.slug,
        path=place.path,
        parent_id=place.parent_id,
        language=place.language,
        translation_group_id=place.group_id,
        translation_origin=origin,
        translated_from_id=worded.id,
        seo=_seo(worded.seo, {}),
    )


def translated_relationships(
    links: Iterable[TermRelationshipRow], owner_column: str, owner_id: UUID, site_key: str, terms: Mapping[UUID, UUID]
) -> Iterator[TermRelationshipRow]:
    """Yield a source row's links to terms as its translation has them: to translated terms where there are any."""
    seen = set()
    for link in links:
        term_id = terms.get(link.term_id, link.term_id)
        if term_id not in seen:
            seen.add(term_id)
            changes: dict[str, Any] = {owner_column: owner_id}
            own_id = row_id(site_key, "term_relationships", f"{owner_id}/{term_id}")
            yield replace(link, id=own_id, term_id=term_id, **changes)


def linked_paths(html: str) -> tuple[str, ...]:
    """Return the paths of this site that clean HTML links to, each once."""
    if 'href="/' not in html:
        return ()
    links = (_path_of(node.attributes.get("href")) for node in _links(LexborHTMLParser(html, is_fragment=True)))
    return tuple(sorted({path for path in links if path}))


def _relinked(html: str, blocks: Json, paths: Paths) -> tuple[str, Json]:
    """Return a body whose links lead to translations where there are any."""
    if 'href="/' not in html:
        return html, blocks
    tree = LexborHTMLParser(html, is_fragment=True)
    changed: dict[str, str] = {}
    for node in _links(tree):
        url = node.attributes.get("href") or ""
        path = _path_of(url)
        if path in paths and paths[path] != path:
            node.attrs["href"] = changed[url] = paths[path] + url[len(path) :]
    return (tree.html or "", _with_addresses(blocks, changed)) if changed else (html, blocks)


def _links(tree: LexborHTMLParser) -> Iterator[Any]:
    yield from tree.tags("a")
    yield from tree.tags("area")


def _path_of(url: str | None) -> str:
    """Return the path that a link within the site leads to; empty for any other link."""
    return urlsplit(url).path if url and url.startswith("/") and not url.startswith("//") else ""


def _with_addresses(value: Json, changed: Mapping[str, str]) -> Json:
    """Return JSON of blocks in which addresses are replaced, as attributes and within their HTML."""
    if isinstance(value, str):
        if 'href="' in value:
            for old, new in changed.items():
                value = value.replace(f'"{escape(old)}"', f'"{escape(new)}"')
            return value
        return changed.get(value, value)
    if isinstance(value, Mapping):
        return {name: _with_addresses(item, changed) for name, item in value.items()}
    return [_with_addresses(item, changed) for item in value] if isinstance(value, (list, tuple)) else value


def _seo(value: Json, terms: Mapping[UUID, UUID]) -> Json:
    """Return search data without the source's own addresses, with the translations of its main terms."""
    if not isinstance(value, Mapping):
        return value
    seo = {name: item for name, item in value.items() if name not in OWN_ADDRESSES}
    if isinstance(og := seo.get("og"), Mapping):
        seo["og"] = {name: item for name, item in og.items() if name not in OWN_ADDRESSES}
    if isinstance(primary := seo.get("primary_terms"), Mapping):
        seo["primary_terms"] = {taxonomy: _translated_term(term, terms) for taxonomy, term in primary.items()}
    return seo


def _translated_term(term: Json, terms: Mapping[UUID, UUID]) -> Json:
    source_id = UUID(str(term))
    return str(terms.get(source_id, source_id))
