"""An assessment for tests, with every kind of content."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reports.assessment import (
    Assessment,
    BuilderLine,
    ContentLine,
    FeatureLine,
    MediaVolume,
    MenuLine,
    TableLine,
    TaxonomyLine,
    TimeLine,
)
from reports.assessment_findings import Example, FindingTally

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></style>"


def make_example(**changes: Any) -> Example:
    values: dict[str, Any] = {
        "entity": "articles",
        "source_id": 150,
        "title": "Status wc-completed",
        "detail": 'Say what it means in the settings: [sites.site.statuses] "wc-completed" = "draft".',
        "url": "https://messy.test/archives/150/",
    }
    return Example(**{**values, **changes})


def make_assessment(**changes: Any) -> Assessment:
    findings = FindingTally()
    findings.add("status.unknown", make_example())
    findings.add("text.mojibake", make_example(source_id=27, title="CrÃ¨me", detail="“CrÃ¨me” was “Crème”."))
    findings.add("content.deep_page", make_example(entity="pages", source_id=145, detail="It lies 12 levels deep."))
    values: dict[str, Any] = {
        "site": "messy",
        "name": "Messy & Söhne",
        "url": "https://messy.test",
        "source": "dump messy.sql.gz",
        "assessed_at": datetime(2026, 11, 20, 21, 0, tzinfo=UTC),
        "seconds": 2.4,
        "theme": "twentytwentyone",
        "plugins": ("akismet", "elementor"),
        "network_plugins": (),
        "blogs": 0,
        "languages": ("en", "fr"),
        "content": (
            ContentLine(
                type="post", status="publish", count=84, goes_to="articles", examples=("https://messy.test/a-%C3%BC/",)
            ),
            ContentLine(type="revision", status="inherit", count=31, goes_to=None, reason="it is an older version"),
            ContentLine(type="post", status="draft", count=1, goes_to="articles"),
            ContentLine(type="post", status="odd", count=1, goes_to=None, reason="unknown status", is_rejected=True),
        ),
        "features": (
            FeatureLine(kind="block", name="core/paragraph", carried="fully", uses=240, posts=60),
            FeatureLine(kind="shortcode", name="fusion_text", carried="unwrapped", uses=9, posts=3),
            FeatureLine(
                kind="shortcode", name="rev_slider", carried="as a placeholder", uses=2, posts=1,
                example="https://messy.test/slider/",
            ),
        ),
        "builders": (
            BuilderLine(name="Elementor", posts=3, carried="fully", how="taken apart into plain HTML"),
            BuilderLine(name="Oxygen", posts=1, carried="not", how="it keeps its pages outside the content"),
        ),
        "fields": {"subtitle": 12, "price": 3},
        "other_fields": 21,
        "taxonomies": (
            TaxonomyLine(name="category", terms=11),
            TaxonomyLine(name="nav_menu", terms=1, reason="it comes along as a menu"),
        ),
        "menus": (MenuLine(name="Main", items=6, locations=("primary",)),),
        "tables": (TableLine(name="wp_guestbook", rows=3, is_read=False, remarks=("is in latin1",)),),
        "roles": {"author": 6, "administrator": 1},
        "comments": {"spam": 40, "approved": 10},
        "media": MediaVolume(
            attachments=48, is_counted=True, kinds={"image/jpeg": (40, 1_100_000), "application/pdf": (3, 90_000)},
            missing=5, megapixels=41.0, all_files=190, all_bytes=3_200_000,
        ),
        "links": 35,
        "broken_links": 8,
        "outcomes": {
            "users": {"source": 11, "loaded": 11, "skipped": 0, "rejected": 0},
            "articles": {"source": 540, "loaded": 430, "skipped": 105, "rejected": 5},
            "redirects": {"source": 20, "loaded": 20, "skipped": 0, "rejected": 0},
            "settings": {"source": 60, "loaded": 39, "skipped": 20, "rejected": 1},
        },
        "findings": findings.groups(),
        "times": (
            TimeLine(stage="read and transform", seconds=2.0, basis="300 a second, measured here"),
            TimeLine(stage="pictures", seconds=75.0, basis="41 megapixels"),
        ),
        "versions": {"wpferry": "0.1.0"},
    }  # fmt: skip
    return Assessment(**{**values, **changes})
