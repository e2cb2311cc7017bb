"""Reports of large sites: the first page stays small, lists go to pages of their own, memory does not grow."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

import orjson
import psycopg
import pytest

from cms_models import db, schema
from cms_models.report_queries import read_issue_samples
from flows.item_lists import write_item_lists
from flows.reporting import issue_groups, write_full_report
from flows.settings import read_settings
from flows.wiring import open_target
from reports.item_pages import ListedSite, publish_item_pages
from reports.outcome import OutcomeCounts, RunReport, SourceContent
from tests.migrations import UNREACHABLE
from tests.unit.reports.builders import make_verdict

ITEMS, KINDS = 20_000, 40
RUN = UUID("0199f3c2-7d1e-7000-8000-000000000001")
PLANTED = f"""
    INSERT INTO cms.sites (id, key, name) VALUES (1, 'site', 'Large');
    INSERT INTO cms.articles
        (id, site_id, wp_post_id, slug, path, title, language, status, source_content, content_html)
    SELECT md5(number::text)::uuid, 1, number, 'item-' || number, '/item-' || number || '/',
        'Item ' || number || repeat(' of a long title', number % 12), (ARRAY['en', 'es', 'fr'])[1 + number % 3],
        'published', '<p>One ' || number || '</p>' || repeat('<p>word and word</p>', 40), '<p>One ' || number || '</p>'
    FROM generate_series(1, {ITEMS}) AS number;
    INSERT INTO migration.entity_state
        (site_id, entity, source_id, fingerprint, transform_version, row_id, run_id, outcome)
    SELECT 1, 'articles', number, '', 1, md5(number::text)::uuid, '{RUN}', 'loaded'
    FROM generate_series(1, {ITEMS}) AS number;
    INSERT INTO migration.issues (site_id, entity, source_id, position, code, detail, run_id)
    SELECT 1, 'articles', number, 0, 'body.kind_' || number % {KINDS}, 'Found in it: ' || repeat('x', 80), '{RUN}'
    FROM generate_series(1, {ITEMS}) AS number;
"""


@pytest.fixture
def large(postgres: str) -> str:
    schema.upgrade(postgres)
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(PLANTED.encode())
    return postgres


def test_a_large_site_has_a_small_first_page_and_all_its_items_on_others(large: str, tmp_path: Path) -> None:
    given = {"source": "dump.sql", "cms": large, "metrics": UNREACHABLE, "media": str(tmp_path / "media")}
    settings = read_settings(None, ("site",), given).model_copy(update={"home": tmp_path})
    with open_target(settings, "site") as target, db.connect(large) as connection:
        report = RunReport(
            site="site",
            run_id=str(RUN),
            started_at=datetime(2026, 11, 20, tzinfo=UTC),
            finished_at=datetime(2026, 11, 20, 1, tzinfo=UTC),
            url="https://large.test",
            entities={"articles": OutcomeCounts(source=ITEMS, loaded=ITEMS)},
            content=(SourceContent(entity="articles", kind="articles", language="en", count=ITEMS),),
            issues=issue_groups(connection, 1),
        )
        tracemalloc.start()
        page = write_full_report(connection, target, report, make_verdict(), tmp_path, in_detail=True)
        write_item_lists(large, 1, ListedSite(key="site", name="", url="https://large.test"), tmp_path)
        publish_item_pages(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert page.stat().st_size < 1_500_000
    assert peak < 24 << 20
    document = orjson.loads((tmp_path / "report.json").read_bytes())
    assert sum(group["count"] for group in document["issues"]) == ITEMS
    pages = list((tmp_path / "items").iterdir())
    assert len(pages) == KINDS
    assert sum(one.read_text().count('<th scope="row">') for one in pages) == ITEMS
    assert max(one.stat().st_size for one in pages) < 500_000
    assert len((tmp_path / "issues.csv").read_text().splitlines()) == ITEMS + 1


def test_the_samples_of_a_code_are_its_first_issues_however_many_there_are(large: str) -> None:
    planted = f"""
        INSERT INTO migration.issues (site_id, entity, source_id, position, code, detail, run_id)
        SELECT 1, entity, number, 1, 'body.frequent', 'number ' || number, '{RUN}'
        FROM unnest(ARRAY['articles', 'pages', 'articles/es']) AS entity, generate_series(1, {ITEMS}, 7) AS number
        WHERE entity <> 'articles' OR number > {ITEMS - 20}
    """
    with psycopg.connect(large.replace("+psycopg", "")) as connection:
        connection.execute(planted.encode())
        connection.commit()
        samples = read_issue_samples(connection, 1, samples=5)
        rows = connection.execute(
            "SELECT code, entity, source_id FROM migration.issues ORDER BY code, entity, source_id, position"
        ).fetchall()
    by_code = {code: list(found) for code, found in groupby(rows, key=lambda row: row[0])}
    assert {(code, len(of_code)) for code, of_code in by_code.items()} == {(one.code, count) for count, one in samples}
    for code, of_code in by_code.items():
        found = [(one.entity, one.source_id) for _, one in samples if one.code == code]
        assert found == [(entity.partition("/")[0], number) for _, entity, number in of_code[:5]]
