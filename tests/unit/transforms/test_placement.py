"""Where posts go, with and without settings."""

from __future__ import annotations

import pytest

from cms_models.rows import Status
from transforms.contract import SiteRules
from transforms.placement import SKIPPED_TAXONOMIES, entity_of, place, table_named, types_of

PLAIN = SiteRules()


@pytest.mark.parametrize(
    ("post_type", "table"),
    [
        ("post", "articles"),
        ("page", "pages"),
        ("avada_portfolio", "portfolios"),
        ("jetpack-portfolio", "portfolios"),
        ("product_variation", "products"),
        ("attachment", "media"),
        ("tribe_events", "entries"),
        ("wpcf7_contact_form", "entries"),
    ],
)
def test_each_type_has_its_table(post_type: str, table: str) -> None:
    assert place(post_type, "publish", PLAIN).table == table


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("publish", "published"),
        ("future", "scheduled"),
        ("draft", "draft"),
        ("pending", "pending"),
        ("private", "private"),
    ],
)
def test_wordpress_statuses_have_names_of_the_cms(status: str, expected: str) -> None:
    assert place("post", status, PLAIN).status == expected


@pytest.mark.parametrize(
    "post_type", ["revision", "nav_menu_item", "wp_block", "acf-field", "fusion_element", "shop_order"]
)
def test_machinery_is_left_out_with_a_reason(post_type: str) -> None:
    placement = place(post_type, "publish", PLAIN)
    assert placement.table is None
    assert placement.skip_reason


def test_machinery_still_belongs_to_an_entity_so_that_counts_add_up() -> None:
    assert entity_of("wp_template", PLAIN) == "entries"
    assert types_of("entries", ["post", "page", "event", "wp_block"], PLAIN) == {"event", "wp_block"}


def test_trash_is_left_out_in_every_table_of_content() -> None:
    assert place("page", "trash", PLAIN).skip_reason == place("attachment", "trash", PLAIN).skip_reason
    assert entity_of("page", PLAIN) == "pages"


@pytest.mark.parametrize("status", ["", "inherit", "archived", "wc-completed", "Publish", "published"])
def test_an_unknown_status_has_neither_table_nor_reason(status: str) -> None:
    placement = place("post", status, PLAIN)
    assert (placement.table, placement.skip_reason) == (None, None)


def test_an_attachment_of_any_status_is_media() -> None:
    assert place("attachment", "inherit", PLAIN).table == "media"
    assert place("attachment", "odd", PLAIN).table == "media"


def test_the_settings_place_types_by_singular_or_plural() -> None:
    rules = SiteRules(types={"event": "portfolio", "movie": "articles", "log": "skip"})
    assert place("event", "publish", rules).table == "portfolios"
    assert place("movie", "publish", rules).table == "articles"
    assert place("log", "publish", rules).skip_reason == "the settings leave out the type 'log'"


def test_the_settings_bring_machinery_along_when_asked() -> None:
    assert place("wp_block", "publish", SiteRules(types={"wp_block": "entry"})).table == "entries"


def test_the_settings_give_odd_statuses_a_meaning() -> None:
    rules = SiteRules(statuses={"archived": "private", "expired": "trash", "old": "skip", "trash": "trashed"})
    assert place("post", "archived", rules).status == Status.PRIVATE
    assert place("post", "expired", rules).skip_reason == "it is in WordPress's trash"
    assert place("post", "old", rules).skip_reason == "the settings leave out the status 'old'"
    assert place("post", "trash", rules).status == Status.TRASHED


def test_a_kind_of_content_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="'portfolioo' is no kind of content"):
        table_named("portfolioo")


def test_public_taxonomies_are_not_among_the_skipped() -> None:
    assert not {"category", "post_tag", "portfolio_category", "product_cat", "pa_color"} & SKIPPED_TAXONOMIES.keys()
