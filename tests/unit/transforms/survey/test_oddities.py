"""Oddities are told, and ordinary content is not called odd."""

from __future__ import annotations

import pytest

from tests.factories import make_attachment, make_comment, make_post, make_user
from transforms.survey.features import blocks_of
from transforms.survey.oddities import find_oddities
from wp_models.records import Record, WpPost


def codes(record: Record) -> list[str]:
    blocks = blocks_of(record) if isinstance(record, WpPost) else None
    return [issue.code for issue in find_oddities(record, blocks)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<p>One<br>two<img src='/a.jpg'></p>\r\n<ul><li>open<li>items</ul>",
        "<pre><?php echo '{{ x }}'; ?></pre> and it\\'s in <code>a\\'b</code>".replace("it\\'s", "its"),
        "<!--more--><p>x</p><!--nextpage--><p>y</p>",
        '<!-- wp:heading {"level":3} --><h3>x</h3><!-- /wp:heading -->',
        "[fusion_builder_container][fusion_builder_row]x[/fusion_builder_row][/fusion_builder_container][vc_empty_space]",
        "<P><STRONG>capitals</STRONG></P>",
        "a < b > c, x<y and 1<2",
    ],
)
def test_ordinary_content_is_not_odd(content: str) -> None:
    assert codes(make_post(content=content)) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<div><b>never ends", "body.unclosed_markup"),
        ("text</div></span>", "body.stray_markup"),
        ("before <?php echo 1; ?>", "body.template_code"),
        ("hello {{ user.name }}", "body.template_code"),
        ('<p class="MsoNormal">x</p>', "body.word_markup"),
        ('<img src="data:image/png;base64,AAAA">', "body.inline_file"),
        ("a<!--more-->b<!--more-->c", "body.page_breaks"),
        ("a<!--nextpage--><!--nextpage-->b", "body.page_breaks"),
        ("[fusion_builder_container][fusion_text]x[/fusion_text]", "body.unclosed_shortcode"),
        ("x[/fusion_text]", "body.stray_shortcode"),
        ("old\rMac", "text.line_ends"),
        ("don\\'t", "text.slashes"),
        ("x" * 100_001, "body.very_long_line"),
        ('<!-- wp:heading {"level":4} --><h2>x</h2><!-- /wp:heading -->', "body.block_disagrees"),
        ("<!-- wp:group -->" * 60 + "<!-- /wp:group -->" * 60, "body.deep_blocks"),
    ],
)
def test_odd_content_is_told(content: str, code: str) -> None:
    assert codes(make_post(content=content)) == [code]


@pytest.mark.parametrize("title", ["🎉 News", "Zero\u200bwidth", "Cafe\u0301", "non\u00a0breaking"])
def test_unusual_titles_are_told(title: str) -> None:
    assert codes(make_post(title=title)) == ["content.unusual_title"]


@pytest.mark.parametrize("title", ["Café au lait", "日本語", "Привет", "“Quotes” – and dashes…"])
def test_titles_in_other_languages_are_ordinary(title: str) -> None:
    assert codes(make_post(title=title)) == []


def test_metas_that_surprise_are_told() -> None:
    meta = {
        "long": "x" * 100_001, "🔑": "v", "several": ["a", "b"], "cut": 'a:3:{i:0;s:3:"one";i:1;s:3:"tw',
        "whole": 'a:1:{i:0;s:1:"x";}', "_hidden": ["a", "b"], "_thumbnail_id": "",
    }  # fmt: skip
    assert sorted(codes(make_post(meta=meta))) == [
        "content.empty_featured_image", "fields.cut", "fields.long_value", "fields.repeated", "fields.unusual_name",
    ]  # fmt: skip


def test_attachments_have_no_body_to_be_odd() -> None:
    assert codes(make_attachment(content="<div>")) == []


def test_users_and_comments_that_surprise_are_told() -> None:
    assert codes(make_user(login="with space", password_hash="0" * 32)) == ["users.odd_login", "users.old_password"]
    assert codes(make_comment(type="order_note")) == ["comments.other_type"]
    assert codes(make_comment(type="pingback")) == []
