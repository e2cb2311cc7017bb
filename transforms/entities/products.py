"""WooCommerce products and their variations."""

from __future__ import annotations

from decimal import Decimal

from cms_models.rows import Json, ProductRow
from transforms.content import parent_row, read_content
from transforms.contract import Entity, Issue, Skipped, Transformed
from transforms.site import Site
from transforms.values.numbers import decimal_or_none
from transforms.values.text import decode_entities, plain_line
from wp_models.php_data import try_loads
from wp_models.queries import PostQuery
from wp_models.records import WpPost

CHOSEN_ATTRIBUTE = "attribute_"  # metas of a variation: attribute_pa_color = red


def transform_product(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the product of a post."""
    content = read_content(post, site)
    if isinstance(content, Skipped):
        return content
    parent_id, issues = parent_row(post, "products", site)
    found = list(issues)
    price, sale_price = _prices(post, found)
    row = ProductRow(
        **content.fields,
        sku=post.first_meta("_sku") or None,
        price=price,
        sale_price=sale_price,
        currency=site.option("woocommerce_currency") or None,
        stock=_stock(post),
        product_type="variation" if post.type == "product_variation" else _product_type(post, site),
        parent_id=parent_id,
        attributes=_chosen_attributes(post) if post.type == "product_variation" else _attributes(post, site),
    )
    return content.transformed(row, found)


def _prices(post: WpPost, issues: list[Issue]) -> tuple[Decimal | None, Decimal | None]:
    """Return the regular and the reduced price. `_price` is what WooCommerce asks now, whichever that is."""
    regular, now = _price(post, "_regular_price", issues), _price(post, "_price", issues)
    reduced = _price(post, "_sale_price", issues)
    if reduced is None and regular is not None and now is not None and now < regular:
        reduced = now
    return (regular if regular is not None else now), reduced


def _price(post: WpPost, key: str, issues: list[Issue]) -> Decimal | None:
    raw = post.first_meta(key)
    price = decimal_or_none(raw)
    if raw and price is None:
        issues.append(Issue("products.bad_price", f"Its {key} is {raw[:40]!r}, which is no number; it was left empty."))
    return price


def _stock(post: WpPost) -> int | None:
    """Return the stock, as far as the shop counts it. WooCommerce allows fractions; whole pieces are kept."""
    stock = decimal_or_none(post.first_meta("_stock"))
    return int(stock) if stock is not None and post.first_meta("_manage_stock") != "no" else None


def _product_type(post: WpPost, site: Site) -> str | None:
    for term_id in post.term_taxonomy_ids:
        if site.taxonomy_of(term_id) == "product_type" and (term := site.term(term_id)):
            return term.slug
    return "simple" if post.type == "product" else None  # as WooCommerce reads a product without that term


def _chosen_attributes(post: WpPost) -> Json:
    return {
        key.removeprefix(CHOSEN_ATTRIBUTE): values[0]
        for key, values in sorted(post.meta.items())
        if key.startswith(CHOSEN_ATTRIBUTE)
    }


def _attributes(post: WpPost, site: Site) -> Json:
    """Return name and options by attribute; those of a shared attribute are the product's terms in its taxonomy."""
    stored = try_loads(post.first_meta("_product_attributes"))
    if not isinstance(stored, dict):
        return {}
    attributes: dict[str, Json] = {}
    for key, attribute in stored.items():
        if not isinstance(attribute, dict):
            continue
        is_shared = str(attribute.get("is_taxonomy") or "0") != "0"
        text = str(attribute.get("value") or "")
        attributes[key] = {
            "name": plain_line(str(attribute.get("name") or key)),
            "options": _terms(post, key, site) if is_shared else [plain_line(part) for part in text.split("|") if part],
            "is_visible": str(attribute.get("is_visible") or "0") != "0",
            "is_variation": str(attribute.get("is_variation") or "0") != "0",
        }
    return attributes


def _terms(post: WpPost, taxonomy: str, site: Site) -> list[Json]:
    terms = (site.term(term_id) for term_id in post.term_taxonomy_ids if site.taxonomy_of(term_id) == taxonomy)
    return [decode_entities(term.name) for term in terms if term is not None]


PRODUCTS = Entity(name="products", source=PostQuery(), transform=transform_product, version=1)
