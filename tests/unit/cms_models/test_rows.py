"""Ids of rows: the same for everybody who computes them."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

import pytest

from cms_models.rows import row_id


@pytest.mark.parametrize(
    ("site", "entity", "source_id"), [("site", "articles", 12), ("größe", "term_relationships", "7/3")]
)
def test_the_id_of_a_row_is_what_uuid5_makes_of_its_source(site: str, entity: str, source_id: int | str) -> None:
    namespace = uuid5(NAMESPACE_URL, "https://wpferry.dev/rows")
    assert row_id(site, entity, source_id) == uuid5(namespace, f"{site}/{entity}/{source_id}")
