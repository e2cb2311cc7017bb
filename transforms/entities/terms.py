"""Terms of every taxonomy that is content; WordPress's and plugins' own bookkeeping is left out."""

from __future__ import annotations

from uuid import UUID

from cms_models.rows import Json, Row, TermRow, TranslationGroupRow
from transforms.contract import Entity, Issue, RecordRejectedError, Skipped, Transformed
from transforms.placement import SKIPPED_TAXONOMIES
from transforms.seo import read_term_seo
from transforms.site import Site
from transforms.values.slugs import decode_slug
from transforms.values.text import decode_entities, plain_text
from transforms.values.trees import closes_cycle
from wp_models.language_versions import is_version, number_in_wordpress, source_number
from wp_models.php_data import decode
from wp_models.queries import TermQuery
from wp_models.records import Meta, WpTerm


def transform_term(term: WpTerm, site: Site) -> Transformed | Skipped:
    """Return the term; raises RecordRejectedError("terms.no_term") for a row of term_taxonomy without its term."""
    if term.name is None:
        detail = (
            f"Row {term.id} of term_taxonomy ({term.taxonomy!r}) names term {term.term_id}, which is not in the table "
            "terms. Delete that row in WordPress, or add the term there."
        )
        raise RecordRejectedError("terms.no_term", detail)
    if term.taxonomy in SKIPPED_TAXONOMIES:
        return Skipped(SKIPPED_TAXONOMIES[term.taxonomy])
    issues = list(site.languages.term_issues.get(term.id, ()))
    seo, seo_issues = read_term_seo(term, site)
    group_id = site.group_of_term(term.id)
    row = TermRow(
        id=site.row_id("terms", term.id),
        site_id=site.id,
        wp_term_taxonomy_id=number_in_wordpress(term.id),
        wp_term_id=number_in_wordpress(term.term_id),
        taxonomy=term.taxonomy,
        slug=decode_slug(term.slug),
        name=decode_entities(term.name),
        description=plain_text(term.description),
        parent_id=_parent(term, site, issues),
        language=site.language_of_term(term.id),
        translation_group_id=group_id,
        path=site.term_path(term.id),
        meta=_public(term.meta),
        seo=seo,
        translation_origin=site.origin_of_term(term.id),
        translated_from_id=site.row_id("terms", source_number(term.id)) if is_version(term.id) else None,
    )
    rows: list[Row] = [row]
    if group_id is not None:
        rows.append(TranslationGroupRow(id=group_id, site_id=site.id, kind="term"))
    return Transformed(rows=tuple(rows), issues=(*issues, *seo_issues))


def _parent(term: WpTerm, site: Site, issues: list[Issue]) -> UUID | None:
    if term.parent_term_id is None:
        return None

    def parent_of(term_id: int) -> int | None:
        found = site.term_by_id(term.taxonomy, term_id)
        return found.parent_term_id if found else None

    if closes_cycle(term.term_id, parent_of):
        detail = f"Its parents lead back to itself through term {term.parent_term_id}; it became a root."
        issues.append(Issue("terms.parent_cycle", detail))
        return None
    parent = site.term_by_id(term.taxonomy, term.parent_term_id)
    if parent is None or not (parent.name or parent.slug):  # a row of term_taxonomy whose term is gone is rejected
        detail = f"Its parent, term {term.parent_term_id}, is not in {term.taxonomy!r}; it became a root."
        issues.append(Issue("terms.unknown_parent", detail))
        return None
    return site.row_id("terms", parent.id)


def _public(meta: Meta) -> Json:
    """Return the metas that are not hidden; a key with several values holds a list."""
    return {
        key: decode(values[0]) if len(values) == 1 else [decode(value) for value in values]
        for key, values in meta.items()
        if key and not key.startswith("_")
    }


TERMS = Entity(name="terms", source=TermQuery(), transform=transform_term, version=2)
