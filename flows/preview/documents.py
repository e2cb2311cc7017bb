"""The JSON beside each page: what a front end would read."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from cms_models.preview_queries import read_listing
from flows.preview.opened import OpenedSite, Wanted, WantedItem

router = APIRouter(prefix="/api", tags=["content"])


@router.get("/{kind}")
def listing(wanted: Wanted, site: OpenedSite) -> dict[str, Any]:
    """Return one page of a kind's items, the newest first, without their bodies."""
    found = read_listing(site.connection, site.site, wanted)
    return {"items": found.items, "total": found.total, "page": found.page, "pages": found.pages}


@router.get("/{kind}/{item_id}")
def document(found: WantedItem) -> dict[str, Any]:
    """Return one item with its body."""
    return found
