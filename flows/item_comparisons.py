"""Chooses the items whose texts a report shows side by side: those that differ most, and a sample of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from cms_models import db, report_queries
from cms_models.report_queries import StoredContent, StoredText
from reports.evidence import LastVerification
from reports.outcome import RunReport
from reports.render import below
from reports.side_by_side import Comparison, compare_texts, plain_text
from wp_models.languages.inline_tags import in_language

CANDIDATES = 12  # of each table, the ones with most findings
MOST_DIFFERENT = 6
SAMPLED = 12  # kinds and languages that one item each is taken from
LOWEST = UUID(int=0)


def compare_items(
    connection: db.Connection,
    site_id: int,
    report: RunReport,
    stored: Sequence[StoredContent],
    verification: LastVerification | None,
) -> tuple[Comparison, ...]:
    """Return the texts that differ most, then one of each kind and language, which the run's id chooses."""
    candidates = {text.id: text for text in _candidates(connection, site_id, verification)}
    compared = {row_id: _compared(text, report.url, is_sample=False) for row_id, text in candidates.items()}
    differing = [row_id for row_id in compared if compared[row_id].alike < 1]
    worst = sorted(differing, key=lambda row_id: compared[row_id].alike)[:MOST_DIFFERENT]
    largest = sorted(
        (one for one in stored if one.published),
        key=lambda one: (-one.published, one.entity, one.kind, one.language or ""),
    )[:SAMPLED]
    sample = [
        _compared(text, report.url, is_sample=True)
        for of in largest
        for text in _by_chance(connection, site_id, of, report, but=worst)
    ]
    return (*(compared[row_id] for row_id in worst), *sample)


def _candidates(connection: db.Connection, site_id: int, verification: LastVerification | None) -> Iterator[StoredText]:
    """Yield the texts that are likely to differ: where a verification missed something, or the load found most."""
    missed: dict[str, list[int]] = defaultdict(list)
    for one in verification.differences if verification else ():
        if one.layer == "content" and one.source_id is not None:
            missed[one.entity].append(one.source_id)
    for table, wp_ids in missed.items():
        yield from report_queries.read_texts(connection, site_id, table, wp_ids)
    yield from report_queries.read_texts_with_most_issues(connection, site_id, limit=CANDIDATES)


def _by_chance(
    connection: db.Connection, site_id: int, of: StoredContent, report: RunReport, *, but: Sequence[UUID]
) -> list[StoredText]:
    """Return one text of a kind and language that is not shown already, if there is one."""
    for start in (UUID(report.run_id), LOWEST):  # from a place in the middle, else from the beginning
        texts = report_queries.read_texts_by_chance(connection, site_id, of, start=start, limit=len(but) + 1)
        if found := [text for text in texts if text.id not in but]:
            return found[:1]
    return []


def _compared(text: StoredText, url: str, *, is_sample: bool) -> Comparison:
    original = in_language(text.source_content, text.language or "")  # qTranslate keeps all languages in one text
    alike, passages = compare_texts(plain_text(original), plain_text(text.content_html))
    return Comparison(
        kind=text.kind,
        language=text.language,
        title=text.title,
        address=below(text.path, url),
        alike=alike,
        is_sample=is_sample,
        passages=passages,
    )
