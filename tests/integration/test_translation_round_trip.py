"""Every text of every fixture, cut into segments and put back: nothing changes but words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser

from cms_models.rows import ContentRow, MediaRow, MenuItemRow, TermRow
from flows.services.translation.pseudo import PseudoEngine
from transforms.batch import transform_batch
from transforms.contract import Media, SiteRules
from transforms.registry import ENTITIES
from transforms.site_data import build_site_data
from transforms.translation.contract import TextKind
from transforms.translation.documents import cut_row
from transforms.translation.fields import WordedRow, fields_of
from wp_models.reader import read_batch, read_keys, read_site
from wp_models.records import WpPost
from wp_models.sources import open_source

BLOGS = [
    ("studio", None), ("theme-test", None), ("messy", None), ("sqlite", None), ("demo", None),
    ("network", 1), ("network", 2), ("network", 3),
]  # fmt: skip
NUMBERS = re.compile(r"\d+")
WORDED = (ContentRow, TermRow, MediaRow, MenuItemRow)
WORDED_ATTRIBUTES = frozenset(("alt", "title", "aria-label", "placeholder", "label", "data-attributes"))


def rows_of(location: Path, cache: Path, blog_id: int | None) -> Iterator[WordedRow]:
    """All rows of a site that have words."""
    source = open_source(str(location), cache=cache, blog_id=blog_id)
    with source.connect() as connection:
        wordpress = read_site(connection, source)
        make_media = partial(Media, kind="image", mime_type="image/webp")
        media = {
            post.id: make_media(id=post.id, row_id=UUID(int=post.id), store_key=f"{post.id}.webp")
            for post in wordpress.posts.values()
            if post.type == "attachment"
        }
        site = build_site_data(wordpress, SiteRules(), site_id=1, site_key="site", media=media)
        for name in ("articles", "terms", "media", "menus"):  # content of any type has the fields of articles
            entity = next(entity for entity in ENTITIES if entity.name == name)
            records = [
                record
                for record in read_batch(
                    connection, source, entity.source, read_keys(connection, source, entity.source)
                )
                if not isinstance(record, WpPost) or (record.type == "attachment") == (name == "media")
            ]
            batch = transform_batch(entity, records, site, run_id=UUID(int=1), version=1)
            yield from (row for row in batch.rows if isinstance(row, WORDED))


@pytest.fixture(params=BLOGS, ids=lambda blog: f"{blog[0]}-{blog[1] or 1}", scope="module")
def rows(request: pytest.FixtureRequest, fixture_site: Any, tmp_path_factory: Any) -> list[WordedRow]:
    name, blog_id = request.param
    files = fixture_site(name)
    location = files.sqlite if name == "sqlite" else files.dump
    return list(rows_of(location, tmp_path_factory.mktemp("cache"), blog_id))


def markup_of(html: str) -> Counter[str]:
    """The tags of HTML with all their attributes but those with words."""
    return Counter(
        f"{node.tag} {[(k, v) for k, v in node.attributes.items() if k not in WORDED_ATTRIBUTES]}"
        for node in LexborHTMLParser(html, is_fragment=True).css("*")
    )


def test_texts_put_back_as_they_were_are_the_same_rows(rows: list[WordedRow]) -> None:
    segments = 0
    for row in rows:
        documents = cut_row(row)
        same = {segment.hash: segment.text for segment in documents.segments}
        segments += len(same)
        assert documents.put_back(same).row == row
        assert documents.put_back({}).row == row
    assert segments > len(rows) / 2


def test_translated_texts_keep_their_markup_and_no_mark_stays(rows: list[WordedRow]) -> None:
    engine = PseudoEngine()
    for row in rows:
        documents = cut_row(row)
        segments = documents.segments
        translated = dict(
            zip(
                (segment.hash for segment in segments),
                engine.translate([segment.text for segment in segments], "en", "es"),
                strict=True,
            )
        )
        done = documents.put_back(translated)
        assert {issue.code for issue in done.issues} <= {"translation.too_long"}
        assert bool(done.issues) == bool(done.left)
        before, after = fields_of(row), fields_of(done.row)
        assert before.keys() == after.keys()
        for path, field in before.items():
            old, new = field.text, after[path].text
            assert "⟦" not in new
            if field.kind is TextKind.HTML:
                assert markup_of(new) == markup_of(old)
                old, new = unescape(old), unescape(new)
            assert NUMBERS.findall(new) == NUMBERS.findall(old)
