"""Search data: each plugin's metas and templates, and which plugin counts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.factories import make_attachment, make_post, make_site, make_term, make_user
from transforms.seo import read_seo, read_term_seo
from transforms.site import Site
from wp_models.records import WpPost, WpTerm

YOAST_ACTIVE = {"active_plugins": 'a:1:{i:0;s:24:"wordpress-seo/wp-seo.php";}'}


def php(value: Any) -> str:
    """What PHP's serialize() makes of it."""
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    parts = "".join(php(key) + php(item) for key, item in pairs)
    return f"a:{len(value)}:{{{parts}}}"


def seo_of(
    meta: dict[str, str], *, options: dict[str, str] | None = None, post: dict[str, Any] | None = None, **site: Any
) -> dict[str, Any]:
    """The search data of a post with these metas."""
    given = make_post(meta=meta, **(post or {}))
    seo, _ = read_seo(given, make_site([given], options=options, **site))
    assert isinstance(seo, dict)
    return seo


def term_seo(term: WpTerm, site: Site) -> dict[str, Any]:
    """The search data of a term."""
    seo, _ = read_term_seo(term, site)
    assert isinstance(seo, dict)
    return seo


def codes_of(post: WpPost, options: dict[str, str] | None = None) -> list[str]:
    """The codes of the issues of a post."""
    return [issue.code for issue in read_seo(post, make_site(options=options))[1]]


def test_a_post_without_a_plugin_has_no_search_data() -> None:
    assert read_seo(make_post(meta={"note": "x"}), make_site()) == ({}, ())


def test_yoast_says_everything_about_a_post() -> None:
    meta = {
        "_yoast_wpseo_title": "%%title%% %%page%% %%sep%% %%sitename%%",
        "_yoast_wpseo_metadesc": "Short &amp; <b>sweet</b>",
        "_yoast_wpseo_canonical": "https://elsewhere.test/x",
        "_yoast_wpseo_meta-robots-noindex": "1",
        "_yoast_wpseo_meta-robots-nofollow": "1",
        "_yoast_wpseo_meta-robots-adv": "noarchive,nosnippet",
        "_yoast_wpseo_focuskw": "word",
        "_yoast_wpseo_opengraph-title": "On the networks: %%title%%",
        "_yoast_wpseo_opengraph-image": "https://cdn.test/a.jpg",
        "_yoast_wpseo_twitter-description": "Bird",
        "_yoast_wpseo_schema_page_type": "FAQPage",
        "_yoast_wpseo_linkdex": "30",
    }
    options = {"blogname": "Tom &amp; Co", "wpseo_titles": php({"separator": "sc-ndash"})}
    assert seo_of(meta, options=options, post={"title": "Fish &amp; chips"}) == {
        "title": "Fish & chips – Tom & Co",
        "description": "Short & sweet",
        "canonical": "https://elsewhere.test/x",
        "noindex": True,
        "nofollow": True,
        "robots": ["noarchive", "nosnippet"],
        "focus_keyword": "word",
        "og": {"title": "On the networks: Fish & chips", "image": "https://cdn.test/a.jpg"},
        "twitter": {"description": "Bird"},
        "schema": {"page_type": "FAQPage"},
    }


def test_the_sites_templates_fill_what_an_editor_left_out() -> None:
    titles = php({"separator": "sc-pipe", "title-post": "%%title%% %%sep%% Work", "metadesc-post": "%%excerpt%%"})
    seo = seo_of(
        {}, options={**YOAST_ACTIVE, "wpseo_titles": titles}, post={"title": "Hall", "excerpt": "<p>Brick</p>"}
    )
    assert (seo["title"], seo["description"]) == ("Hall | Work", "Brick")


def test_an_active_plugin_speaks_for_posts_without_metas() -> None:
    assert seo_of({}, options=YOAST_ACTIVE, post={"title": "Hall"})["title"] == "Hall - Example"


def test_noindex_of_a_post_overrules_that_of_its_type() -> None:
    options = {"wpseo_titles": php({"noindex-post": True})}
    assert seo_of({"_yoast_wpseo_linkdex": "1"}, options=options)["noindex"] is True
    assert seo_of({"_yoast_wpseo_meta-robots-noindex": "2"}, options=options)["noindex"] is False


def test_separators_with_nothing_between_them_become_one() -> None:
    assert (
        seo_of({"_yoast_wpseo_title": "%%title%% %%sep%% %%page%% %%sep%% %%sitename%%"})["title"] == "Post 1 - Example"
    )


def test_variables_take_terms_authors_dates_and_fields() -> None:
    template = "%%category%%; %%primary_category%%; %%tag%%; %%ct_genre%%; %%name%%; %%date%%; %%cf_colour%%; %%id%%"
    terms = [
        make_term(1, name="News"),
        make_term(2, name="Views"),
        make_term(3, name="Red", taxonomy="post_tag"),
        make_term(4, name="Essay", taxonomy="genre"),
    ]
    seo = seo_of(
        {"_yoast_wpseo_metadesc": template, "_yoast_wpseo_primary_category": "1002", "colour": "blue"},
        post={"term_taxonomy_ids": (1, 2, 3, 4), "author_id": 9, "published_local": datetime(2024, 5, 1, 12, 0)},
        terms=terms,
        users=[make_user(9, display_name="Ann")],
    )
    assert seo["description"] == "News, Views; Views; Red; Essay; Ann; 2024-05-01; blue; 1"
    assert seo["primary_terms"] == {"category": str(make_site().row_id("terms", 2))}


def test_an_excerpt_is_cut_from_the_text_where_there_is_none() -> None:
    content = '<!-- wp:paragraph --><p>First [x a="1"]words[/x].</p>' + "<p>more</p>" * 100
    description = seo_of({"_yoast_wpseo_metadesc": "%%excerpt%%"}, post={"content": content})["description"]
    assert description.startswith("First words . more more")
    assert len(description) <= 155


def test_variables_that_only_wordpress_knows_are_left_out_and_reported() -> None:
    post = make_post(meta={"_yoast_wpseo_title": "Best of %%currentyear%%"})
    assert dict(read_seo(post, make_site())[0])["title"] == "Best of"
    assert codes_of(post) == ["seo.unknown_variable"]


def test_pictures_of_the_site_get_their_new_address() -> None:
    picture = make_attachment(5, file="2024/05/picture.jpg")
    post = make_post(meta={"_yoast_wpseo_opengraph-image": "https://example.test/old.jpg"})
    post_with_id = make_post(meta={"_yoast_wpseo_opengraph-image-id": "5"})
    site = make_site([picture, post])
    seo, _ = read_seo(post_with_id, site)
    assert isinstance(seo, dict)
    assert seo["og"] == {"image": "/media/05/picture.webp"}
    assert "media:5" in site.facts


def test_rank_math_says_everything_about_a_post() -> None:
    meta = {
        "rank_math_title": "%title% %sep% %sitename%",
        "rank_math_description": "100% wool and 50% off %customfield(code)%",
        "code": "now",
        "rank_math_robots": php(["noindex", "nofollow", "noarchive"]),
        "rank_math_focus_keyword": "one,two",
        "rank_math_canonical_url": "https://elsewhere.test/",
        "rank_math_facebook_title": "Shared",
        "rank_math_twitter_use_facebook": "off",
        "rank_math_twitter_title": "Tweeted",
        "rank_math_twitter_card_type": "summary",
        "rank_math_schema_Article": php({"@type": "Article"}),
        "rank_math_pillar_content": "on",
    }
    options = {"rank-math-options-titles": php({"title_separator": "&raquo;"})}
    assert seo_of(meta, options=options) == {
        "title": "Post 1 » Example",
        "description": "100% wool and 50% off now",
        "canonical": "https://elsewhere.test/",
        "noindex": True,
        "nofollow": True,
        "robots": ["noarchive"],
        "focus_keyword": "one,two",
        "og": {"title": "Shared"},
        "twitter": {"title": "Tweeted", "card": "summary"},
        "schema": [{"@type": "Article"}],
        "is_cornerstone": True,
    }


def test_rank_math_takes_robots_of_the_type_or_of_the_site() -> None:
    meta = {"rank_math_title": "x"}
    titles = {"robots_global": ["index"], "pt_post_robots": ["noindex"], "pt_post_custom_robots": "on"}
    assert seo_of(meta, options={"rank-math-options-titles": php(titles)})["noindex"] is True
    titles["pt_post_custom_robots"] = "off"
    assert seo_of(meta, options={"rank-math-options-titles": php(titles)})["noindex"] is False


def test_aioseo_reads_its_tags_and_leaves_other_hashes_alone() -> None:
    options = {"aioseo_options": json.dumps({"searchAppearance": {"global": {"separator": "&#8211;"}}})}
    seo = seo_of(
        {"_aioseo_title": "#1 in town: #post_title #separator_sa #site_title", "_aioseo_keywords": php(["a", "b"])},
        options=options,
    )
    assert seo["title"] == "#1 in town: Post 1 – Example"
    assert seo["focus_keyword"] == "a, b"


def test_aioseo_takes_the_templates_of_its_dynamic_options() -> None:
    kinds = {"postTypes": {"post": {"metaDescription": "#post_excerpt", "advanced": {"robotsMeta": ROBOTS_OFF}}}}
    options = {"aioseo_options_dynamic": json.dumps({"searchAppearance": kinds})}
    seo = seo_of({"_aioseo_title": ""}, options=options, post={"excerpt": "Brick"})
    assert (seo["title"], seo["description"], seo["noindex"]) == ("Post 1 - Example", "Brick", True)


ROBOTS_OFF = {"default": False, "noindex": True}


def test_aioseo_3_is_read_from_its_own_metas() -> None:
    legacy = php(
        {"aioseop_opengraph_settings_title": "Shared", "aioseop_opengraph_settings_image": "https://cdn.test/a.jpg"}
    )
    seo = seo_of(
        {
            "_aioseop_title": "Old title",
            "_aioseop_description": "Old description",
            "_aioseop_noindex": "on",
            "_aioseop_opengraph_settings": legacy,
        }
    )
    assert (seo["title"], seo["description"], seo["noindex"]) == ("Old title", "Old description", True)
    assert seo["og"] == {"title": "Shared", "image": "https://cdn.test/a.jpg"}


def test_seopress_means_noindex_by_yes() -> None:
    seo = seo_of(
        {
            "_seopress_titles_title": "%%post_title%% %%sep%% %%sitetitle%%",
            "_seopress_robots_index": "yes",
            "_seopress_robots_snippet": "yes",
            "_seopress_social_fb_img": "https://cdn.test/a.jpg",
            "_seopress_analysis_target_kw": "word",
            "_seopress_robots_primary_cat": "1002",
        },
        options={"seopress_titles_option_name": php({"seopress_titles_sep": "~"})},
        terms=[make_term(2)],
    )
    assert seo["title"] == "Post 1 ~ Example"
    assert (seo["noindex"], seo["nofollow"], seo["robots"]) == (True, False, ["nosnippet"])
    assert seo["og"] == {"image": "https://cdn.test/a.jpg"}
    assert seo["primary_terms"] == {"category": str(make_site().row_id("terms", 2))}


THREE = {"_yoast_wpseo_title": "Yoast", "rank_math_title": "Rank Math", "_aioseo_title": "AIOSEO"}


def test_of_several_plugins_the_active_one_counts_and_the_others_are_named() -> None:
    options = {"active_plugins": php(["seo-by-rank-math/rank-math.php"])}
    assert seo_of(THREE, options=options)["title"] == "Rank Math"
    issue = read_seo(make_post(meta=THREE), make_site(options=options))[1][0]
    assert issue.code == "seo.other_plugins"
    assert "Yoast SEO, All in One SEO" in issue.detail


def test_of_several_inactive_plugins_the_first_counts() -> None:
    assert seo_of(THREE)["title"] == "Yoast"


@pytest.mark.parametrize("damaged", ["", "a:1:{", "{", "[1]", php([1, 2]), "N;"])
def test_damaged_settings_leave_the_plugins_own_templates(damaged: str) -> None:
    options = {
        "wpseo_titles": damaged,
        "rank-math-options-titles": damaged,
        "aioseo_options": damaged,
        "aioseo_options_dynamic": damaged,
        "seopress_titles_option_name": damaged,
    }
    for meta in (
        {"_yoast_wpseo_linkdex": "1"},
        {"rank_math_robots": "x"},
        {"_aioseo_og_title": "x"},
        {"_seopress_x": "1"},
    ):
        assert seo_of(meta, options=options)["title"] == "Post 1 - Example"


def test_yoast_keeps_terms_in_one_option() -> None:
    entry = {
        "wpseo_title": "All about %%term_title%%",
        "wpseo_desc": "%%term_description%%",
        "wpseo_noindex": "noindex",
    }
    options = {"wpseo_taxonomy_meta": php({"category": {1007: entry}})}
    term = make_term(7, name="Brick &amp; stone", description="<p>Walls</p>")
    seo, issues = read_term_seo(term, make_site(options=options))
    assert seo == {"title": "All about Brick & stone", "description": "Walls", "noindex": True, "nofollow": False}
    assert issues == ()
    assert read_term_seo(make_term(8), make_site(options=options)) == ({}, ())


def test_a_term_may_be_indexed_where_its_taxonomy_is_not() -> None:
    options = {
        "wpseo_titles": php({"noindex-tax-category": True}),
        "wpseo_taxonomy_meta": php({"category": {1007: {"wpseo_noindex": "index"}, 1008: {"wpseo_title": "x"}}}),
    }
    site = make_site(options=options)
    assert term_seo(make_term(7), site)["noindex"] is False
    assert term_seo(make_term(8), site)["noindex"] is True


def test_rank_math_and_seopress_keep_terms_in_their_metas() -> None:
    term = make_term(7, name="Brick", meta={"rank_math_title": "%term% %sep% %sitename%"})
    assert term_seo(term, make_site())["title"] == "Brick - Example"
    term = make_term(7, name="Brick", meta={"_seopress_titles_title": "%%term_title%% %%sep%% %%sitetitle%%"})
    assert term_seo(term, make_site())["title"] == "Brick - Example"
