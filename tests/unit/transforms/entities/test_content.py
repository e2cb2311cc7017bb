"""Articles, pages, portfolios, products and entries: what they share and what each has of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_models.rows import (
    ArticleRow,
    EntryRow,
    PageRow,
    PortfolioRow,
    ProductRow,
    Status,
    TermRelationshipRow,
    TranslationGroupRow,
    TranslationOrigin,
)
from tests.factories import make_attachment, make_post, make_site, make_term, make_user
from transforms.contract import RecordRejectedError, SiteRules, Skipped, Transformed
from transforms.entities.articles import transform_article
from transforms.entities.entries import transform_entry
from transforms.entities.pages import transform_page
from transforms.entities.portfolios import transform_portfolio
from transforms.entities.products import transform_product
from transforms.site import Site
from wp_models.records import WpmlTranslation, WpPost

WPML = {"tables": frozenset({"icl_translations"}), "options": {"active_plugins": 'a:1:{i:0;s:8:"sitepress";}'}}


def article(post: WpPost, site: Site | None = None, **given: Any) -> tuple[ArticleRow, Transformed]:
    made = transform_article(post, site or make_site([post, *given.pop("others", ())], **given))
    assert isinstance(made, Transformed)
    row = made.rows[0]
    assert isinstance(row, ArticleRow)
    return row, made


def page(post: WpPost, *others: WpPost, **given: Any) -> tuple[PageRow, Transformed]:
    made = transform_page(post, make_site([post, *others], **given))
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], PageRow)
    return made.rows[0], made


def codes(made: Transformed) -> list[str]:
    return [issue.code for issue in made.issues]


def test_an_article_has_its_posts_words_and_address() -> None:
    author = make_user(3)
    post = make_post(7, title="Fish &amp; <em>chips</em>", slug="fish-%d8%ae", author_id=3, excerpt="<p>Short</p>")
    row, made = article(post, users=[author])
    assert (row.title, row.slug, row.path, row.excerpt) == ("Fish & chips", "fish-خ", "/fish-خ/", "Short")
    assert (row.wp_post_id, row.status, row.content_text) == (7, Status.PUBLISHED, "Text")
    assert row.source_content == "<p>Text</p>"
    assert row.author_id == make_site().row_id("users", 3)
    assert made.issues == ()


def test_a_skipped_post_says_why() -> None:
    assert transform_article(make_post(status="trash"), make_site()) == Skipped("it is in WordPress's trash")


def test_an_unknown_status_is_rejected_with_what_to_write_into_the_settings() -> None:
    with pytest.raises(RecordRejectedError, match=r'\[sites\.test\.statuses\] "archived" = "draft"') as caught:
        transform_article(make_post(status="archived"), make_site())
    assert caught.value.code == "status.unknown"


def test_a_status_that_the_settings_explain_is_loaded() -> None:
    row, _ = article(make_post(status="archived"), rules=SiteRules(statuses={"archived": "private"}))
    assert row.status == Status.PRIVATE


def test_an_author_who_does_not_exist_is_left_out_with_an_issue() -> None:
    row, made = article(make_post(author_id=99))
    assert row.author_id is None
    assert codes(made) == ["content.unknown_author"]


def test_a_draft_was_never_published() -> None:
    local = datetime(2024, 7, 1, 12)
    row, _ = article(
        make_post(status="draft", published_at=None, published_local=local),
        options={"timezone_string": "Europe/Madrid"},
    )
    assert row.published_at is None
    assert row.created_at == datetime(2024, 7, 1, 10, tzinfo=UTC)


def test_a_published_post_without_any_date_is_loaded_and_reported_never_1970() -> None:
    row, made = article(make_post(published_at=None, published_local=None, modified_at=None, modified_local=None))
    assert (row.published_at, row.created_at, row.updated_at) == (None, None, None)
    assert codes(made) == ["content.no_date"]


def test_dates_that_no_time_zone_explains_are_reported() -> None:
    row, made = article(make_post(published_local=datetime(2020, 1, 1)))
    assert row.published_at == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert codes(made) == ["content.dates_disagree"]


def test_a_password_protects() -> None:
    assert article(make_post(password="x"))[0].is_password_protected
    assert not article(make_post())[0].is_password_protected


def test_the_featured_image_is_an_attachment_or_nothing() -> None:
    picture = make_attachment(5)
    row, made = article(make_post(meta={"_thumbnail_id": ["5"]}), others=[picture])
    assert row.featured_media_id == make_site().row_id("media", 5)
    assert made.issues == ()
    row, made = article(make_post(meta={"_thumbnail_id": ["5", "6"]}), others=[picture])
    assert row.featured_media_id == make_site().row_id("media", 5)
    assert codes(made) == ["content.several_featured_images"]


@pytest.mark.parametrize("raw", ["99", "2", "word"])
def test_a_featured_image_that_is_none_is_reported(raw: str) -> None:
    row, made = article(make_post(meta={"_thumbnail_id": raw}), others=[make_post(2)])
    assert row.featured_media_id is None
    assert codes(made) == ["content.unknown_featured_image"]


@pytest.mark.parametrize("raw", ["", "0", "-1"])
def test_no_featured_image_is_no_issue(raw: str) -> None:
    assert article(make_post(meta={"_thumbnail_id": raw}))[1].issues == ()


def test_terms_keep_their_order_and_bookkeeping_is_left_out() -> None:
    terms = [
        make_term(4),
        make_term(2, taxonomy="post_tag"),
        make_term(3, taxonomy="post_format", slug="post-format-aside"),
    ]
    row, made = article(make_post(term_taxonomy_ids=(4, 3, 2, 4, 77)), terms=terms)
    links = [link for link in made.rows if isinstance(link, TermRelationshipRow)]
    site = make_site()
    assert [link.term_id for link in links] == [site.row_id("terms", 4), site.row_id("terms", 2)]
    assert links[0].position < links[1].position
    assert {link.article_id for link in links} == {row.id}
    assert row.format == "aside"
    assert codes(made) == ["content.unknown_term"]


def test_sticky_posts_are_known_even_when_the_list_is_untidy() -> None:
    options = {"sticky_posts": 'a:3:{i:0;i:1;i:1;s:1:"9";i:2;i:1;}'}
    assert article(make_post(1), options=options)[0].is_sticky
    assert not article(make_post(2), options=options)[0].is_sticky


def test_a_translation_knows_its_group_and_its_original() -> None:
    original, translation = make_post(1), make_post(2)
    wpml = [
        WpmlTranslation("post_post", 1, 70, "en", None),
        WpmlTranslation("post_post", 2, 70, "es", "en"),
    ]
    site = make_site([original, translation], wpml=wpml, **WPML)
    source, _ = article(original, site)
    row, made = article(translation, site)
    assert (source.translation_origin, source.translated_from_id) == (TranslationOrigin.SOURCE, None)
    assert (row.translation_origin, row.translated_from_id) == (TranslationOrigin.HUMAN, source.id)
    assert row.language == "es"
    assert row.translation_group_id == source.translation_group_id is not None
    groups = [group for group in made.rows if isinstance(group, TranslationGroupRow)]
    assert [(group.id, group.kind) for group in groups] == [(row.translation_group_id, "post")]


def test_a_page_stands_under_its_parent() -> None:
    row, made = page(make_post(2, type="page", parent_id=1), make_post(1, type="page", status="draft"))
    assert row.parent_id == make_site().row_id("pages", 1)
    assert made.issues == ()


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        (None, "content.unknown_parent"),
        (make_post(1), "content.parent_elsewhere"),
        (make_post(1, type="page", status="trash"), "content.parent_elsewhere"),
        (make_post(1, type="page", status="odd"), "content.parent_elsewhere"),
    ],
)
def test_a_page_whose_parent_is_no_page_of_the_cms_becomes_a_root(parent: WpPost | None, code: str) -> None:
    row, made = page(make_post(2, type="page", parent_id=1), *([parent] if parent else []))
    assert row.parent_id is None
    assert codes(made) == [code]


def test_a_circle_of_pages_is_cut_at_the_lowest_id_only() -> None:
    first, second = make_post(1, type="page", parent_id=2), make_post(2, type="page", parent_id=1)
    row, made = page(first, second)
    assert (row.parent_id, codes(made)) == (None, ["content.parent_cycle"])
    row, made = page(second, first)
    assert (row.parent_id, codes(made)) == (make_site().row_id("pages", 1), [])


def test_a_page_that_is_its_own_parent_becomes_a_root() -> None:
    row, made = page(make_post(1, type="page", parent_id=1))
    assert (row.parent_id, codes(made)) == (None, ["content.parent_cycle"])


def test_front_page_and_posts_page_are_marked() -> None:
    options = {"show_on_front": "page", "page_on_front": "1", "page_for_posts": "2"}
    front, posts = make_post(1, type="page"), make_post(2, type="page")
    row, _ = page(front, posts, options=options)
    assert (row.path, row.is_front_page, row.is_posts_page) == ("/", True, False)
    row, _ = page(posts, front, options=options)
    assert (row.is_front_page, row.is_posts_page) == (False, True)


def test_pages_play_no_part_when_the_front_shows_posts() -> None:
    row, _ = page(make_post(1, type="page"), options={"show_on_front": "posts", "page_on_front": "1"})
    assert not row.is_front_page


def test_translations_of_the_posts_page_are_posts_pages_too() -> None:
    wpml = [WpmlTranslation("post_page", 1, 70, "en", None), WpmlTranslation("post_page", 2, 70, "es", "en")]
    options = {**WPML["options"], "show_on_front": "page", "page_on_front": "9", "page_for_posts": "1"}
    row, _ = page(make_post(2, type="page"), make_post(1, type="page"), wpml=wpml, **{**WPML, "options": options})
    assert row.is_posts_page


def test_the_default_template_is_no_template() -> None:
    assert page(make_post(type="page", meta={"_wp_page_template": "default"}))[0].template is None
    assert page(make_post(type="page", meta={"_wp_page_template": "wide.php"}))[0].template == "wide.php"


def portfolio(*others: WpPost, meta: dict[str, str]) -> PortfolioRow:
    post = make_post(1, type="avada_portfolio", meta=meta)
    made = transform_portfolio(post, make_site([post, *others]))
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], PortfolioRow)
    return made.rows[0]


def test_a_portfolio_item_reads_avadas_options_of_both_ages() -> None:
    fusion = 'a:1:{s:11:"project_url";s:17:"https://a.example";}'
    assert portfolio(meta={"_fusion": fusion}).project_url == "https://a.example"
    assert portfolio(meta={"pyre_project_url": "https://b.example"}).project_url == "https://b.example"


def test_a_project_link_that_is_no_web_address_is_left_out() -> None:
    assert portfolio(meta={"project_url": "javascript:alert(1)"}).project_url is None
    assert portfolio(meta={"project_url": "http://[broken"}).project_url is None


def test_a_portfolio_gallery_holds_existing_pictures_once() -> None:
    pictures = [make_attachment(5), make_attachment(6)]
    row = portfolio(
        *pictures,
        meta={
            "kd_featured-image-2_avada_portfolio_id": "6",
            "project_gallery": 'a:3:{i:0;s:1:"5";i:1;s:1:"6";i:2;s:2:"99";}',
            "client": "B &amp; C",
        },
    )
    assert row.gallery == (make_site().row_id("media", 6), make_site().row_id("media", 5))
    assert row.client == "B & C"


def product(*, terms: Any = (), others: Any = (), options: Any = None, **fields: Any) -> tuple[ProductRow, Transformed]:
    post = make_post(1, **{"type": "product", **fields})
    made = transform_product(post, make_site([post, *others], terms=terms, options=options))
    assert isinstance(made, Transformed)
    assert isinstance(made.rows[0], ProductRow)
    return made.rows[0], made


def test_a_product_has_prices_stock_and_type() -> None:
    row, _ = product(
        meta={"_sku": "A-1", "_regular_price": "24.00", "_price": "19.99", "_stock": "7", "_manage_stock": "yes"},
        terms=[make_term(4, taxonomy="product_type", slug="variable")],
        term_taxonomy_ids=(4,),
        options={"woocommerce_currency": "EUR"},
    )
    assert (row.sku, row.price, row.sale_price, row.currency) == ("A-1", Decimal("24.00"), Decimal("19.99"), "EUR")
    assert (row.stock, row.product_type) == (7, "variable")


def test_a_price_that_is_no_number_is_left_empty_and_reported() -> None:
    row, made = product(meta={"_price": "ask us"})
    assert row.price is None
    assert codes(made) == ["products.bad_price"]


def test_attributes_are_the_products_own_or_its_terms() -> None:
    stored = (
        'a:2:{s:8:"pa_color";a:4:{s:4:"name";s:8:"pa_color";s:5:"value";s:0:"";s:11:"is_taxonomy";i:1;s:10:"is_visible";i:1;}'
        's:4:"size";a:3:{s:4:"name";s:4:"Size";s:5:"value";s:5:"S | M";s:11:"is_taxonomy";i:0;}}'
    )
    row, _ = product(
        meta={"_product_attributes": stored},
        terms=[make_term(4, taxonomy="pa_color", name="Red &amp; blue")],
        term_taxonomy_ids=(4,),
    )
    assert row.attributes == {
        "pa_color": {"name": "pa_color", "options": ["Red & blue"], "is_visible": True, "is_variation": False},
        "size": {"name": "Size", "options": ["S", "M"], "is_visible": False, "is_variation": False},
    }


def test_a_variation_belongs_to_its_product_and_names_what_it_chose() -> None:
    row, _ = product(
        type="product_variation", parent_id=2, meta={"attribute_pa_color": "red"}, others=[make_post(2, type="product")]
    )
    assert row.parent_id == make_site().row_id("products", 2)
    assert (row.product_type, row.attributes) == ("variation", {"pa_color": "red"})


def test_any_other_type_is_an_entry_of_that_type() -> None:
    post = make_post(1, type="tribe_events", menu_order=3)
    made = transform_entry(post, make_site([post]))
    assert isinstance(made, Transformed)
    row = made.rows[0]
    assert isinstance(row, EntryRow)
    assert (row.entry_type, row.menu_order) == ("tribe_events", 3)


def test_a_post_without_a_type_is_rejected() -> None:
    with pytest.raises(RecordRejectedError, match="no post type"):
        transform_entry(make_post(type=""), make_site())
