"""The layers of a verification: small pure functions that hold plain values of both sides against each other."""

from __future__ import annotations

from reports.checks.addresses import check_path
from reports.checks.contract import Check
from reports.checks.post_fields import check_fields
from reports.checks.relations import check_relations
from reports.checks.seo import check_seo

POST_CHECKS: tuple[tuple[str, Check], ...] = (
    ("fields", check_fields),
    ("relations", check_relations),
    ("seo", check_seo),
    ("addresses", check_path),
)
"""What is asked of every post, by layer; each looks at one post on both sides."""

LAYERS = (
    "keys",
    "counts",
    "fields",
    "bodies",
    "content",
    "relations",
    "translations",
    "media",
    "addresses",
    "seo",
    "search",
    "edits",
)
"""Every layer in the order in which reports show them."""
