"""Blocks: their grammar in every state of damage, what they render, and the tree that is kept."""

from __future__ import annotations

from hashlib import md5
from typing import Any

import orjson
import pytest

from tests.factories import make_post, make_site
from transforms.body.blocks import BLOCKS
from transforms.body.blocks.grammar import parse_blocks
from transforms.body.contract import Body
from transforms.body.pipeline import render_body


def render(content: str, *, meta: dict[str, str] | None = None, **given: Any) -> Body:
    return render_body(make_post(content=content, meta=meta), make_site([make_post()], **given))


def codes(body: Body) -> list[str]:
    return [issue.code for issue in body.issues]


def test_names_get_their_namespace_and_attributes_are_decoded() -> None:
    blocks = parse_blocks(
        '<!-- wp:acme/box {"a":"\\u003cb\\u003e \\u002d\\u002d"} /-->'
        "<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->"
    )
    assert [(block.name, block.attributes) for block in blocks.roots] == [
        ("acme/box", {"a": "<b> --"}),
        ("core/paragraph", {}),
    ]


def test_html_between_blocks_is_a_block_without_name() -> None:
    blocks = parse_blocks("before<!-- wp:spacer /-->after")
    assert [block.name for block in blocks.roots] == [None, "core/spacer", None]


def test_invalid_json_costs_the_attributes_not_the_html() -> None:
    body = render('<!-- wp:paragraph {"a":} --><p>kept</p><!-- /wp:paragraph -->')
    assert body.html == "<p>kept</p>"
    assert codes(body) == ["body.invalid_block_json"]
    assert body.blocks == [{"blockName": "core/paragraph", "attrs": None, "innerHTML": "<p>kept</p>"}]


def test_unclosed_and_stray_comments_lose_no_text() -> None:
    unclosed = render("<!-- wp:group --><div><!-- wp:paragraph --><p>one</p></div> two")
    stray = render("<!-- wp:paragraph --><p>one</p><!-- /wp:paragraph --><!-- /wp:group --><p>two</p>")
    assert unclosed.text == "one two"
    assert codes(unclosed) == ["body.unclosed_block", "body.unclosed_block"]
    assert stray.text == "one two"
    assert codes(stray) == ["body.stray_block_closer"]


def bound(block: str, html: str, **keys: str) -> str:
    bindings = {name: {"source": "core/post-meta", "args": {"key": key}} for name, key in keys.items()}
    attributes = orjson.dumps({"metadata": {"bindings": bindings}}).decode()
    return f"<!-- wp:{block} {attributes} -->{html}<!-- /wp:{block} -->"


def test_words_and_addresses_bound_to_metas_are_those_of_the_post() -> None:
    meta = {"subtitle": "From the <em>meta</em>", "target": "https://elsewhere.test/", "picture_alt": 'A "hill"'}
    content = (
        bound("paragraph", "<p>Subtitle</p>", content="subtitle")
        + bound("button", '<div><a class="x">Go</a></div>', url="target")
        + bound("image", '<figure><img src="https://elsewhere.test/a.jpg" alt=""/></figure>', alt="picture_alt")
    )
    html = render(content, meta=meta).html
    assert "<p>From the <em>meta</em></p>" in html
    assert '<a class="x" href="https://elsewhere.test/">Go</a>' in html
    assert 'alt="A &quot;hill&quot;"' in html


@pytest.mark.parametrize("key", ["absent", "_protected", "empty"])
def test_a_binding_that_leads_to_nothing_leaves_the_saved_words(key: str) -> None:
    content = bound("heading", "<h2>Saved</h2>", content=key)
    assert render(content, meta={"_protected": "secret", "empty": ""}).html == "<h2>Saved</h2>"


def test_block_content_is_never_paragraphed() -> None:
    assert render("<!-- wp:html -->\nline\n\nline\n<!-- /wp:html -->").html == "line\n\nline"


def test_two_hundred_levels_of_blocks_render_and_stay_storable() -> None:
    deep = "<!-- wp:group --><div>" * 200 + "core" + "</div><!-- /wp:group -->" * 200
    body = render(deep)
    assert body.text == "core"
    assert orjson.loads(orjson.dumps(body.blocks)) == body.blocks


def test_synced_patterns_are_shown_where_they_are_used() -> None:
    body = render(
        '<!-- wp:block {"ref":9} /-->', shared_bodies={9: "<!-- wp:paragraph --><p>shared</p><!-- /wp:paragraph -->"}
    )
    assert body.html == "<p>shared</p>"


def test_a_pattern_that_contains_itself_is_shown_once() -> None:
    body = render('<!-- wp:block {"ref":9} /-->', shared_bodies={9: 'in <!-- wp:block {"ref":9} /-->'})
    assert body.text == "in"
    assert "body.reference_cycle" in codes(body)


def test_a_missing_pattern_is_reported() -> None:
    assert codes(render('<!-- wp:block {"ref":9} /-->')) == ["body.missing_reference"]


def test_dynamic_blocks_become_one_placeholder_with_their_attributes() -> None:
    body = render(
        '<!-- wp:query {"queryId":1} --><div><!-- wp:post-template --><!-- wp:post-title /-->'
        "<!-- /wp:post-template --></div>"
        "<!-- /wp:query -->"
    )
    assert body.html == '<div data-wp-block="core/query" data-attributes="{&quot;queryId&quot;:1}"></div>'
    assert codes(body) == ["body.dynamic_block"]


def test_blocks_of_unknown_plugins_keep_their_html_or_their_data() -> None:
    assert render("<!-- wp:acme/card --><p>saved</p><!-- /wp:acme/card -->").html == "<p>saved</p>"
    assert 'data-wp-block="acf/card"' in render('<!-- wp:acf/card {"name":"acf/card","data":{"x":"1"}} /-->').html


def test_footnotes_come_from_the_meta() -> None:
    notes = '[{"id":"n1","content":"The <em>note</em>"},{"id":"n2","content":"Second"}]'
    html = render("<!-- wp:footnotes /-->", meta={"footnotes": notes}).html
    assert html.startswith('<ol class="wp-block-footnotes"><li id="n1">The <em>note</em> <a href="#n1-link"')
    assert html.count("<li") == 2


def test_embeds_take_the_cached_answer_for_the_width_asked_last() -> None:
    # WordPress keys its cache by the address and by what PHP's serialize() makes of the size.
    url = "https://www.youtube.com/watch?v=abcdefghijk"
    key = md5(f'{url}a:2:{{s:5:"width";i:640;s:6:"height";i:960;}}'.encode()).hexdigest()
    meta = {
        f"_oembed_{key}": '<iframe src="https://www.youtube.com/embed/abcdefghijk?feature=oembed" title="T"></iframe>'
    }
    html = render(
        f'<!-- wp:embed {{"url":"{url}"}} --><figure><div class="wp-block-embed__wrapper">\n{url}\n</div></figure>'
        "<!-- /wp:embed -->",
        meta=meta,
    ).html
    assert '<iframe src="https://www.youtube.com/embed/abcdefghijk?feature=oembed" title="T"></iframe>' in html


@pytest.mark.parametrize("name", ["core/embed", "core-embed/twitter"])
def test_an_embed_nobody_answers_is_a_link(name: str) -> None:
    shown = name.removeprefix("core/")
    url = "https://example.net/post/1"
    html = render(
        f'<!-- wp:{shown} {{"url":"{url}"}} --><figure><div class="wp-block-embed__wrapper">\n{url}\n</div></figure>'
        f"<!-- /wp:{shown} -->"
    ).html
    assert f'<a href="{url}">{url}</a>' in html


def test_control_characters_of_attributes_are_no_marks_of_the_formatting() -> None:
    label = "a\\u0000b\\u0001c"
    html = render(f'<!-- wp:social-link {{"url":"https://x.test/","service":"x","label":"{label}"}} /-->"d" it\'s').html
    assert html == '<li class="wp-social-link-x"><a href="https://x.test/">abc</a></li>“d” it’s'


def test_a_link_to_a_post_without_an_address_keeps_its_words() -> None:
    body = render_body(make_post(7, title="A", content='<!-- wp:read-more {"content":"Go on"} /-->'), make_site())
    assert body.html == '<a class="wp-block-read-more">Go on<span class="screen-reader-text">: A</span></a>'


def test_social_links_name_their_service() -> None:
    html = render('<!-- wp:social-link {"url":"https://mastodon.test/@me","service":"mastodon"} /-->').html
    assert html == '<li class="wp-social-link-mastodon"><a href="https://mastodon.test/@me">Mastodon</a></li>'


def test_the_tree_has_the_bodys_new_addresses_and_no_active_content() -> None:
    body = render(
        '<!-- wp:button {"url":"https://example.test/post-1/"} --><a href="https://example.test/post-1/">x</a>'
        "<!-- /wp:button -->"
        "<!-- wp:html --><script>alert(1)</script><b>y</b><!-- /wp:html -->"
    )
    assert body.blocks == [
        {"blockName": "core/button", "attrs": {"url": "/post-1/"}, "innerHTML": '<a href="/post-1/">x</a>'},
        {"blockName": "core/html", "attrs": {}, "innerHTML": "<b>y</b>"},
    ]


def test_containers_keep_where_their_inner_blocks_stand() -> None:
    body = render("<!-- wp:group --><div><!-- wp:paragraph --><p>x</p><!-- /wp:paragraph --></div><!-- /wp:group -->")
    assert body.blocks == [
        {
            "blockName": "core/group",
            "attrs": {},
            "innerContent": ["<div>", None, "</div>"],
            "innerBlocks": [{"blockName": "core/paragraph", "attrs": {}, "innerHTML": "<p>x</p>"}],
        }
    ]


def test_every_registered_block_has_a_namespace() -> None:
    assert all("/" in name for name in BLOCKS)
