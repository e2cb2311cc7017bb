"""Features are counted by the registries that carry them."""

from __future__ import annotations

import json

import pytest

from tests.factories import make_post
from transforms.body.blocks import BLOCKS
from transforms.body.blocks.dynamic import DYNAMIC
from transforms.body.shortcodes import SHORTCODES
from transforms.survey.features import (
    PAGE_BUILDERS,
    Carried,
    Feature,
    FeatureKind,
    blocks_of,
    builders_of,
    carried_shortcode,
    carried_widget,
    features_of,
)


def carried(content: str) -> dict[str, tuple[Carried, int]]:
    post = make_post(content=content)
    return {feature.name: (feature.carried, uses) for feature, uses in features_of(post, blocks_of(post)).items()}


@pytest.mark.parametrize(
    ("content", "name", "how"),
    [
        ("<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->", "core/paragraph", Carried.FULLY),
        ("<!-- wp:acme/card --><p>x</p><!-- /wp:acme/card -->", "acme/card", Carried.FULLY),
        ('<!-- wp:acme/map {"at":"x"} /-->', "acme/map", Carried.PLACEHOLDER),
        ("<!-- wp:acme/line /-->", "acme/line", Carried.NOT),
        ("<!-- wp:latest-posts /-->", "core/latest-posts", Carried.PLACEHOLDER),
        ('<!-- wp:block {"ref":1} /-->', "core/block", Carried.FULLY),
        ("[gallery ids='1,2']", "gallery", Carried.FULLY),
        ("[fusion_text]x[/fusion_text]", "fusion_text", Carried.UNWRAPPED),
        ("[fusion_blog /]", "fusion_blog", Carried.PLACEHOLDER),
        ("[su_box title='x']words[/su_box]", "su_box", Carried.UNWRAPPED),
        ("[contact-form-7 id='1']", "contact-form-7", Carried.PLACEHOLDER),
    ],
)
def test_a_feature_is_told_with_how_it_is_carried(content: str, name: str, how: Carried) -> None:
    assert carried(content) == {name: (how, 1)}


def test_uses_are_counted_and_what_only_looks_like_a_shortcode_is_not() -> None:
    assert carried("[caption width='1']a[/caption] [caption width='2']b[/caption] see [1], [sic] and [[gallery]]") == {
        "caption": (Carried.FULLY, 2)
    }


def test_every_dynamic_block_is_a_placeholder_and_no_other_is() -> None:
    dynamic = {name for name, family in BLOCKS.items() if family is DYNAMIC}
    for name in dynamic:
        block = name.removeprefix("core/")
        assert carried(f'<!-- wp:{block} {{"a":1}} /-->')[name][0] is Carried.PLACEHOLDER


def test_every_registered_shortcode_has_an_answer() -> None:
    answers = {carried_shortcode(name, encloses=False) for name in SHORTCODES}
    assert answers == set(Carried)


def test_widgets_are_read_from_elementors_tree() -> None:
    tree = [{"elType": "section", "elements": [{"elType": "widget", "widgetType": "heading", "settings": {}}]}]
    post = make_post(content="", meta={"_elementor_edit_mode": "builder", "_elementor_data": json.dumps(tree)})
    features = features_of(post, None)
    assert features == {Feature(FeatureKind.WIDGET, "heading", Carried.FULLY): 1}
    assert [builder.name for builder in builders_of(post, features)] == ["Elementor"]
    assert carried_widget("acme-slider") is Carried.UNWRAPPED
    assert carried_widget("theme-post-title") is Carried.PLACEHOLDER


@pytest.mark.parametrize("builder", PAGE_BUILDERS, ids=lambda builder: builder.name)
def test_every_page_builder_is_recognised_by_its_signs(builder: object) -> None:
    assert builder in PAGE_BUILDERS
    content = f"[{builder.shortcode}section a='1']x[/{builder.shortcode}section]" if builder.shortcode else ""  # type: ignore[attr-defined]
    post = make_post(content=content, meta={builder.meta: "x"} if builder.meta else {})  # type: ignore[attr-defined]
    assert builder in builders_of(post, features_of(post, None))
