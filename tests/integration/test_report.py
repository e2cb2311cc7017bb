"""The report's evidence, gathered from a site that was damaged: what is missing, what differs, what is away."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from cms_models import schema
from flows.progress import Lines
from flows.reporting import rewrite_report
from flows.settings import Settings, read_settings
from flows.steps import run_directly, run_site
from flows.verification.steps import verify_site
from flows.wiring import open_site
from tests.migrations import UNREACHABLE, migrate
from tests.small_sites import php, small_site

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
DAMAGE = """
    UPDATE cms.articles SET content_html = '<p>Nothing of it is left.</p>', content_text = 'Nothing of it is left.'
    WHERE id = (SELECT id FROM cms.articles WHERE language = 'en' AND status = 'published' ORDER BY wp_post_id LIMIT 1);
    DELETE FROM cms.pages WHERE id = (SELECT id FROM cms.pages WHERE language = 'fr' ORDER BY wp_post_id LIMIT 1);
"""


@pytest.fixture(scope="module")
def settings(module_postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of the demo, whose metrics are out of reach."""
    home = tmp_path_factory.mktemp("report")
    given = {
        "source": str(BUNDLED / "northlight.sql.gz"), "uploads": str(BUNDLED / "uploads.tar.gz"),
        "cms": module_postgres, "metrics": UNREACHABLE, "media": str(home / "media"),
    }  # fmt: skip
    return read_settings(None, ("site",), given).model_copy(update={"home": home})


def run(settings: Settings, flow: str) -> dict[str, Any]:
    """Return what the report of a run says as data."""
    done = run_site(settings, "site", flow, Lines(), run_directly, workers=1, out=None)
    return document_beside(done.report_path)


def document_beside(page: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((page.parent / "report.json").read_bytes())
    return found


Reports = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def reports(settings: Settings, module_postgres: str) -> Reports:
    """The reports of the migration, of it again after damage and a verification, and of a resync."""
    schema.upgrade(module_postgres)
    first = run(settings, "migrate")
    with psycopg.connect(module_postgres.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(DAMAGE.encode())
    with open_site(settings, "site") as opened:
        verify_site(opened, workers=1)
    shutil.rmtree(settings.home / "media")
    damaged = document_beside(rewrite_report(settings, "site", None, None).path)
    return first, damaged, run(settings, "resync")


def test_content_of_each_language_is_counted_on_both_sides(reports: Reports) -> None:
    first, damaged, _ = reports
    assert {(one["kind"], one["language"]): one["in_wordpress"] for one in first["evidence"]["content"]} == {
        ("articles", "en"): 15, ("articles", "es"): 12, ("articles", "fr"): 9, ("pages", "en"): 7, ("pages", "es"): 3,
        ("pages", "fr"): 2, ("portfolios", "en"): 5, ("portfolios", "es"): 3, ("portfolios", "fr"): 2,
    }  # fmt: skip
    assert all(one["in_wordpress"] == one["in_cms"] for one in first["evidence"]["content"])
    missing = [one for one in damaged["evidence"]["content"] if one["in_wordpress"] != one["in_cms"]]
    assert [(one["kind"], one["language"], one["in_cms"]) for one in missing] == [("pages", "fr", 1)]


def test_the_item_that_lost_its_text_is_the_first_that_is_shown_side_by_side(reports: Reports) -> None:
    first, damaged, _ = reports
    assert all(one["is_sample"] for one in first["evidence"]["comparisons"])
    worst = damaged["evidence"]["comparisons"][0]
    assert (worst["kind"], worst["language"], worst["is_sample"]) == ("articles", "en", False)
    assert worst["alike"] < 0.1
    assert worst["address"].startswith("https://northlight.example/")
    assert "Nothing" in " ".join(passage["after"] or "" for passage in worst["passages"])


def test_the_sample_has_an_item_of_each_kind_and_language(reports: Reports) -> None:
    sample = reports[0]["evidence"]["comparisons"]
    assert len({(one["kind"], one["language"]) for one in sample}) == len(sample) == 9
    assert all(one["alike"] > 0.9 for one in sample)


def test_a_verification_is_shown_with_what_it_found(reports: Reports) -> None:
    first, damaged, after_resync = reports
    assert first["evidence"]["verification"] is None
    found = damaged["evidence"]["verification"]
    assert not found["is_outdated"]
    assert {one["layer"] for one in found["differences"]} >= {"keys", "content"}
    assert [layer["name"] for layer in found["layers"]][:3] == ["keys", "counts", "fields"]
    assert damaged["verdict"]["go"] is False
    assert after_resync["evidence"]["verification"]["difference_count"] == found["difference_count"]


def test_what_is_missing_in_a_language_is_what_another_has(reports: Reports) -> None:
    cells = {(one["kind"], one["language"]): one for one in reports[0]["evidence"]["languages"]}
    assert {language for _, language in cells} == {"en", "es", "fr"}
    assert (cells["pages", "en"]["source"], cells["pages", "fr"]["human"]) == (7, 2)
    assert (cells["pages", "en"]["missing"], cells["pages", "fr"]["missing"]) == (0, 5)


def test_files_and_metrics_that_are_away_leave_their_sections_empty(reports: Reports) -> None:
    first, damaged, _ = reports
    assert len(first["evidence"]["pictures"]) == 6
    assert all(one["thumbnail"].startswith("data:image/webp;base64,") for one in first["evidence"]["pictures"])
    assert damaged["evidence"]["pictures"] == []
    assert first["evidence"]["trend"] == []


def test_a_resync_leaves_out_what_takes_long_and_is_among_the_resyncs(reports: Reports) -> None:
    _, _, resync = reports
    evidence = resync["evidence"]
    assert (evidence["lists_items"], evidence["comparisons"], evidence["pictures"]) == (False, [], [])
    assert [one["flow"] for one in evidence["resyncs"]] == ["resync"]


def test_languages_that_wordpress_keeps_within_one_post_are_neither_missing_nor_made_here(
    postgres: str, tmp_path: Path
) -> None:
    with small_site(tmp_path / "site.sqlite") as site:
        site.option("active_plugins", php(["qtranslate-xt/qtranslate.php"]))
        site.option("qtranslate_default_language", "en")
        site.option("qtranslate_enabled_languages", php(["en", "fr"]))
        site.post(
            1, "[:en]Welcome[:fr]Bienvenue[:]", "[:en]<p>The door</p>[:fr]<p>La porte</p>[:]", post_name="welcome"
        )
        site.post(2, "Plain", "<p>The same for all</p>", post_name="plain")
    migrated = migrate(tmp_path / "site.sqlite", cms=postgres, home=tmp_path)
    evidence = document_beside(Path(migrated.document["report"]))["evidence"]
    counts = [(one["language"], one["in_wordpress"], one["in_cms"], one["made_in_cms"]) for one in evidence["content"]]
    assert counts == [("en", 2, 2, 0), ("fr", 1, 1, 0)]
    assert [(one["language"], one["source"], one["human"], one["missing"]) for one in evidence["languages"]] == [
        ("en", 2, 0, 0), ("fr", 0, 1, 1),
    ]  # fmt: skip
    assert {one["alike"] for one in evidence["comparisons"]} == {1.0}
