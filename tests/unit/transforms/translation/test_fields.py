"""What of a row is words, and rows with other words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from cms_models.rows import (
    ArticleRow,
    Json,
    MediaKind,
    MediaRow,
    MenuItemRow,
    MenuRow,
    ProductRow,
    Status,
    TermRow,
)
from transforms.translation.contract import FieldRules, TextKind
from transforms.translation.documents import cut_row
from transforms.translation.fields import fields_of, with_fields

ID = UUID(int=1)
BLOCKS: Json = [
    {"blockName": None, "attrs": {}, "innerHTML": "<p>Classic</p>"},
    {
        "blockName": "core/group",
        "attrs": {"layout": {"type": "flow"}, "metadata": {"name": "Hero"}},
        "innerContent": ['<div title="Group">', None, "</div>"],
        "innerBlocks": [
            {"blockName": "core/search", "attrs": {"label": "Search", "buttonText": "Go", "width": 5}, "innerHTML": ""},
            {"blockName": "core/cover", "attrs": {"alt": "A <sea>", "url": "/a"}, "innerHTML": "<p>Over it</p>"},
            {"blockName": "acme/card", "attrs": {"caption": "Card", "content": "wide"}, "innerHTML": ""},
            {"blockName": "core/video", "attrs": {"tracks": [{"label": "Subtitles", "src": "/t"}]}, "innerHTML": ""},
            {"blockName": "core/block", "attrs": {"ref": 1, "content": {"Box": {"content": "<b>New</b>"}}}},
        ],
    },
]


def article(**fields: Any) -> ArticleRow:
    ordinary: dict[str, Any] = {"slug": "a", "path": "/a/", "title": "Title", "status": Status.PUBLISHED}
    return ArticleRow(id=ID, site_id=1, wp_post_id=1, **{**ordinary, **fields})


def test_words_of_content_are_found_in_columns_search_data_and_blocks() -> None:
    row = article(
        excerpt="Excerpt", content_html="<p>Body</p>", blocks=BLOCKS,
        seo={"title": "Seo", "canonical": "https://a.test/", "og": {"title": "Og", "image": "/i"}, "noindex": False},
    )  # fmt: skip
    found = {path: field.text for path, field in fields_of(row).items()}
    inner = ("blocks", 1, "innerBlocks")
    assert found == {
        ("title",): "Title",
        ("excerpt",): "Excerpt",
        ("seo", "title"): "Seo",
        ("seo", "og", "title"): "Og",
        ("content_html",): "<p>Body</p>",
        ("blocks", 0, "innerHTML"): "<p>Classic</p>",
        ("blocks", 1, "innerContent", 0): '<div title="Group">',
        ("blocks", 1, "innerContent", 2): "</div>",
        (*inner, 0, "attrs", "label"): "Search",
        (*inner, 0, "attrs", "buttonText"): "Go",
        (*inner, 1, "attrs", "alt"): "A <sea>",
        (*inner, 1, "innerHTML"): "<p>Over it</p>",
        (*inner, 2, "attrs", "caption"): "Card",
        (*inner, 3, "attrs", "tracks", 0, "label"): "Subtitles",
        (*inner, 4, "attrs", "content", "Box", "content"): "<b>New</b>",
    }


def test_a_row_with_other_words_shares_everything_else() -> None:
    row = article(blocks=BLOCKS, seo={"title": "Seo", "noindex": True})
    documents = cut_row(row)
    done = documents.put_back({segment.hash: f"¡{segment.text}!" for segment in documents.segments}).row
    assert done.title == "¡Title!"
    assert done.seo == {"title": "¡Seo!", "noindex": True}
    assert done.blocks[1]["innerBlocks"][0]["attrs"] == {"label": "¡Search!", "buttonText": "¡Go!", "width": 5}
    assert done.blocks[1]["innerBlocks"][1]["attrs"]["alt"] == "¡A <sea>!"
    assert done.blocks[1]["innerContent"] == ['<div title="¡Group!">', None, "</div>"]
    assert replace(done, title=row.title, seo=row.seo, blocks=row.blocks) == row
    assert documents.put_back({}).row == row


def test_each_segment_of_a_row_is_asked_for_once() -> None:
    row = article(title="Same", excerpt="Same", content_html="<h1>Same</h1><p>It&#8217;s other</p>", blocks=[
        {"blockName": "core/paragraph", "attrs": {}, "innerHTML": "<p>It's other</p>"},
    ])  # fmt: skip
    assert [segment.text for segment in cut_row(row).segments] == ["Same", "It’s other"]


def test_titles_for_searches_are_paid_for_once() -> None:
    row = article(seo={"title": "Title | The House - Twenty-one", "og": {"title": "Title"}, "description": "A - b"})
    documents = cut_row(row)
    assert [segment.text for segment in documents.segments] == ["Title", "The House", "Twenty-one", "A - b"]
    done = documents.put_back({documents.segments[0].hash: "Titel"}).row
    assert done.seo == {**row.seo, "title": "Titel | The House - Twenty-one", "og": {"title": "Titel"}}


def test_custom_fields_are_words_where_a_rule_says_so() -> None:
    fields = {"subtitle": "Sub", "color": "red", "rows": [{"text": "<b>One</b>", "id": "x"}, {"text": "Two"}]}
    rules = FieldRules(plain=("sub*",), html=("rows.text",))
    row = article(custom_fields=fields)
    found = fields_of(row, rules)
    assert {path: field.kind for path, field in found.items() if path[0] == "custom_fields"} == {
        ("custom_fields", "subtitle"): TextKind.PLAIN,
        ("custom_fields", "rows", 0, "text"): TextKind.HTML,
        ("custom_fields", "rows", 1, "text"): TextKind.HTML,
    }
    assert ("custom_fields", "subtitle") not in fields_of(row)
    changed = with_fields(row, {("custom_fields", "rows", 1, "text"): "Dos"})
    assert changed.custom_fields == {**fields, "rows": [fields["rows"][0], {"text": "Dos"}]}


def test_words_of_terms_media_and_menus() -> None:
    term = TermRow(id=ID, site_id=1, wp_term_taxonomy_id=1, wp_term_id=1, taxonomy="category", slug="a", name="News",
                   description="All of it", seo={"description": "Found"})  # fmt: skip
    assert [field.text for field in fields_of(term).values()] == ["News", "All of it", "Found"]
    media = MediaRow(id=ID, site_id=1, wp_post_id=1, kind=MediaKind.IMAGE, title="IMG 2034", alt_text="A cat",
                     caption="Our cat", source_path="2024/05/IMG_2034-scaled.jpg")  # fmt: skip
    assert list(fields_of(media)) == [("alt_text",), ("caption",)]
    assert ("title",) in fields_of(replace(media, title="The cat at home"))
    menu = MenuRow(id=ID, site_id=1, slug="main", name="Main")
    item = MenuItemRow(id=ID, site_id=1, menu_id=ID, label="Home")
    assert [fields_of(row)[path].text for row, path in ((menu, ("name",)), (item, ("label",)))] == ["Main", "Home"]


def test_attributes_of_products_are_words_unless_variations_are_found_by_them() -> None:
    attributes: Json = {
        "material": {"name": "Material", "options": ["Wood", "Steel"], "is_variation": False},
        "color": {"name": "Color", "options": ["Red"], "is_variation": True},
    }
    row = ProductRow(id=ID, site_id=1, wp_post_id=1, slug="p", path=None, title="", status=Status.DRAFT,
                     attributes=attributes)  # fmt: skip
    assert [field.text for field in fields_of(row).values()] == ["Material", "Wood", "Steel"]
