"""Avada's elements that hold nothing of their own: they asked the live site, or another service, for what to show."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body.builder_elements import Renderer, placeholder

_NAMES = (
    "blog recent_posts recent_works portfolio faq events post_cards post_card_cart post_card_image post_cards_archives "
    "postslider fusionslider products_slider featured_products_slider products woo_product_images tagcloud widget "
    "widget_area menu mega_menu submenu breadcrumbs search table_of_contents toc instagram flickr form "
    "twitter_timeline user_login views_counter pagination scroll_progress off_canvas library eventon_calendar "
    "convert_plus layerslider revslider post_card_sort"
)
_TEMPLATE_PARTS = (
    "archives author author_box comments content featured_slider meta navigation pagination post_card_archives "
    "project_details related sharing title"
)
_SHOP_PARTS = (
    "additional_info archives cart cart_coupons cart_table cart_totals checkout_billing checkout_form "
    "checkout_order_review checkout_payment checkout_shipping checkout_tabs filters_active filters_attribute "
    "filters_price filters_rating mini_cart notices order_received_details price product_grid product_images "
    "product_rating products rating related reviews shop short_description sorting stock tabs upsells"
)

QUERIES: Mapping[str, Renderer] = {
    **dict.fromkeys((f"fusion_{name}" for name in _NAMES.split()), placeholder),
    **dict.fromkeys((f"fusion_tb_{name}" for name in _TEMPLATE_PARTS.split()), placeholder),
    **dict.fromkeys((f"fusion_tb_woo_{name}" for name in _SHOP_PARTS.split()), placeholder),
    **dict.fromkeys((f"fusion_woo_{name}" for name in _SHOP_PARTS.split()), placeholder),
}
