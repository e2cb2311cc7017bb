"""Portfolio items of Avada, Jetpack, Divi and themes like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from cms_models.rows import PortfolioRow
from transforms.content import read_content
from transforms.contract import Entity, Skipped, Transformed
from transforms.site import Site
from transforms.values.text import plain_line
from wp_models.php_data import try_loads
from wp_models.queries import PostQuery
from wp_models.records import WpPost

# The names that themes and custom fields give these, the most telling first.
URL_KEYS = ("project_url", "pyre_project_url", "project_link", "website", "portfolio_url", "_portfolio_url")
CLIENT_KEYS = ("project_client", "client", "client_name", "pyre_client", "portfolio_client", "_portfolio_client")
GALLERY_KEYS = ("project_gallery", "gallery", "images", "portfolio_gallery", "_portfolio_gallery", "slider_images")
AVADA_FEATURED_IMAGE = re.compile(r"kd_featured-image-(\d+)_\w+_id")


def transform_portfolio(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the portfolio item of a post."""
    content = read_content(post, site)
    if isinstance(content, Skipped):
        return content
    row = PortfolioRow(
        **content.fields,
        project_url=_project_url(post),
        client=plain_line(_first(post, CLIENT_KEYS)) or None,
        gallery=tuple(dict.fromkeys(_gallery(post, site))),
    )
    return content.transformed(row)


def _project_url(post: WpPost) -> str | None:
    avada = try_loads(post.first_meta("_fusion"))  # since Avada 6.2 its options are one array
    url = str(avada.get("project_url") or "") if isinstance(avada, dict) else ""
    url = url or _first(post, URL_KEYS)
    field = try_loads(url)
    if isinstance(field, dict):  # ACF's link field
        url = str(field.get("url") or "")
    try:
        return url.strip() if urlsplit(url.strip()).scheme in ("http", "https") else None
    except ValueError:
        return None


def _first(post: WpPost, keys: tuple[str, ...]) -> str:
    return next((value for key in keys if (value := post.first_meta(key))), "")


def _gallery(post: WpPost, site: Site) -> Iterator[UUID]:
    """Yield the pictures that the theme shows beside the featured one, as far as they exist."""
    extra = sorted((int(found[1]), key) for key in post.meta if (found := AVADA_FEATURED_IMAGE.fullmatch(key)))
    raw = [post.first_meta(key) or "" for _, key in extra]
    raw.extend(str(picture) for picture in _ids(_first(post, GALLERY_KEYS)))
    for attachment in raw:
        media = site.media(int(attachment)) if attachment.isdigit() else None
        if media is not None:
            yield media.row_id


def _ids(value: str) -> list[str]:
    """Return ids given as ACF's serialised list or, as other plugins do, with commas between them."""
    ids = try_loads(value)
    return [str(item) for item in ids] if isinstance(ids, list) else [item.strip() for item in value.split(",")]


PORTFOLIOS = Entity(name="portfolios", source=PostQuery(), transform=transform_portfolio, version=1)
