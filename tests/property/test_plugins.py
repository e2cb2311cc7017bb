"""Whatever plugins left in a database: nothing of it stops a batch, and what comes out is JSON."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories import make_post, make_site, make_term
from transforms.fields import read_custom_fields
from transforms.languages import read_languages
from transforms.seo import read_seo, read_term_seo
from wp_models.records import FieldDefinition, PostEntry, TermEntry, WpmlTranslation, WpSite

SMALL = st.integers(0, 4)
CODES = st.sampled_from(["en", "es", "xx", "", "pll_en", "zh-hans"])
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "1", "2", "٣", "²", "99999999999", "-1", "a:0:{}", 'a:1:{i:0;s:1:"q";}', "a:1:{i:0;a:0:{}}"]
    ),
    st.sampled_from(
        ['a:1:{s:2:"en";i:1;}', 'a:2:{s:2:"en";i:1;s:2:"es";s:1:"2";}', "N;", "b:1;", 'O:1:"X":0:{}', "{}"]
    ),
)
FIELD_KEYS = st.lists(st.sampled_from(["a", "b", "0", "1", ""]), min_size=1, max_size=5).map("_".join)
TYPES = st.sampled_from(["repeater", "group", "flexible_content", "clone", "text", ""])


@st.composite
def field_metas(draw: st.DrawFn) -> dict[str, str]:
    """Metas that look like ACF's, in any order and number."""
    values = draw(st.dictionaries(FIELD_KEYS, VALUES, max_size=12))
    references = {f"_{key}": f"field_{draw(SMALL)}" for key in values if draw(st.booleans())}
    return {**values, **references}


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, FieldDefinition]:
    """Definitions whose parents, names and types need not fit."""
    found = {}
    for number in range(draw(SMALL)):
        kind = draw(TYPES)
        raw = draw(st.sampled_from([f'a:1:{{s:4:"type";s:{len(kind)}:"{kind}";}}', "", "a:1:{", "i:1;"]))
        name = draw(st.sampled_from(["a", "b", "a_0_b", "", "1"]))
        found[f"field_{number}"] = FieldDefinition(number, f"field_{number}", name, draw(SMALL), raw)
    return found


@given(field_metas(), definitions())
@settings(max_examples=150, deadline=None)
def test_no_metas_and_definitions_break_custom_fields(
    metas: dict[str, str], given_definitions: dict[str, FieldDefinition]
) -> None:
    site = make_site(field_definitions=given_definitions)
    fields, issues = read_custom_fields(make_post(meta=metas), site)
    json.dumps(fields, allow_nan=False)
    assert all(issue.detail for issue in issues)


SEO_KEYS = st.sampled_from([
    "_yoast_wpseo_title", "_yoast_wpseo_metadesc", "_yoast_wpseo_primary_category", "_yoast_wpseo_opengraph-image-id",
    "_yoast_wpseo_opengraph-image", "rank_math_title", "rank_math_robots", "rank_math_schema_x", "rank_math_primary_x",
    "_aioseo_title", "_aioseo_keywords", "_aioseop_opengraph_settings", "_seopress_titles_title",
    "_seopress_robots_primary_cat", "_seopress_social_fb_img",
])  # fmt: skip
TEMPLATES = st.one_of(
    VALUES,
    st.text(alphabet="%#sep title_()-<>& ", max_size=40),
    st.sampled_from(
        ["%%cf_%%", "%%ct_a%%", "%customfield(%", "%%excerpt%% %%sep%%%%sep%%", "#post_excerpt#separator_sa"]
    ),
)
OPTION_NAMES = st.sampled_from([
    "wpseo_titles", "wpseo_taxonomy_meta", "rank-math-options-titles", "aioseo_options", "aioseo_options_dynamic",
    "seopress_titles_option_name", "active_plugins",
])  # fmt: skip


@given(st.dictionaries(SEO_KEYS, TEMPLATES), st.dictionaries(OPTION_NAMES, VALUES), st.text(max_size=20))
@example({"_yoast_wpseo_title": "%%sep%%" * 3}, {}, "\\1")
@settings(max_examples=150, deadline=None)
def test_no_metas_and_options_break_search_data(metas: dict[str, str], options: dict[str, str], title: str) -> None:
    site = make_site(options=options)
    json.dumps(read_seo(make_post(meta=metas, title=title), site)[0], allow_nan=False)
    json.dumps(read_term_seo(make_term(meta=metas, name=title), site)[0], allow_nan=False)


POLYLANG = st.sampled_from(["language", "post_translations", "term_language", "term_translations", "category"])


@st.composite
def sites(draw: st.DrawFn) -> WpSite:
    """Sites with Polylang's terms or WPML's rows, of which nothing need fit."""
    terms = {
        number: TermEntry(number, draw(SMALL), draw(POLYLANG), "x", draw(CODES), None, draw(VALUES))
        for number in range(draw(st.integers(0, 8)))
    }
    row = st.builds(
        WpmlTranslation, st.sampled_from(["post_post", "post_page", "tax_category", "x"]), SMALL, SMALL, CODES, CODES
    )
    settings_of = st.sampled_from(["polylang", "icl_sitepress_settings", "page_on_front", "active_plugins", "WPLANG"])
    return WpSite(
        prefix="wp_",
        blog_id=1,
        tables=frozenset(),
        options={"show_on_front": "page", **draw(st.dictionaries(settings_of, VALUES))},
        posts={number: PostEntry(number, "post", "publish", "", None, None, None) for number in draw(st.sets(SMALL))},
        terms=terms,
        users={},
        language_links=tuple(draw(st.lists(st.tuples(SMALL, st.integers(0, 9)), max_size=12))),
        wpml=tuple(draw(st.lists(row, max_size=6))),
    )


@given(sites())
@settings(max_examples=200, deadline=None)
def test_groups_hold_one_object_per_language_whatever_the_plugins_left(site: WpSite) -> None:
    languages = read_languages(site)
    assert languages.default in languages.codes
    for groups, codes in (
        (languages.group_of_post, languages.of_post),
        (languages.group_of_term, languages.of_term),
    ):
        places = [(group, codes[one]) for one, group in groups.items()]
        assert len(places) == len(set(places))
        assert all(list(groups.values()).count(group) > 1 for group in groups.values())
    assert languages.of_post.keys() <= site.posts.keys()
    assert languages.home_pages.keys() <= set(languages.codes)
    assert set(languages.home_pages.values()) <= site.posts.keys()
    assert all(languages.of_post[one] != languages.of_post[other] for one, other in languages.original_of_post.items())
