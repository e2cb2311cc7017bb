"""Whole sites, migrated and held against what WordPress itself says about them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migrations import Migrated, migrate

EXACT = (
    "counts", "titles", "authors", "terms", "term_tree", "featured", "languages", "translations", "users", "comments",
    "media", "menus", "hygiene", "paths",
)  # fmt: skip
BUILDERS = {"builder_text": 0.98, "builder_structure": 0.85, "custom_fields": 0.98}
FLOORS = {
    "theme-test": {"text": 0.995, "structure": 0.98},
    "studio": {
        "text": 0.995,
        "structure": 0.98,
        "builder_text": 0.98,
        "builder_structure": 0.85,
        "custom_fields": 0.98,
    },
    "sqlite": {"text": 0.995, "structure": 0.98},
    "demo": {"text": 0.995, "structure": 0.98} | BUILDERS,
    "messy": {"text": 0.97, "structure": 0.95},
}


def parity(shared: Path, oracle: Path, cms: str) -> dict:
    """What WordPress's own word gives for the migrated site: scores by measure, and the worst objects."""
    command = [sys.executable, str(shared / "tools" / "parity.py"), str(oracle), "--cms", cms, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", FLOORS)
def test_the_cms_says_what_wordpress_says(name: str, fixture_site, shared: Path, postgres: str, tmp_path: Path) -> None:
    site = fixture_site(name)
    source = site.sqlite if name == "sqlite" else site.dump
    migrated: Migrated = migrate(source, uploads=site.uploads, cms=postgres, home=tmp_path)
    found = parity(shared, site.oracle, migrated.cms)
    floors = dict.fromkeys(EXACT, 1.0) | FLOORS[name]
    short = {
        measure: (score, found["worst"].get(measure))
        for measure, score in found["scores"].items()
        if score < floors.get(measure, 0) - 1e-9
    }
    assert not short
