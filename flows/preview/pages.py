"""The pages of a preview: an overview, lists, and every item at the address it has on the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from cms_models.preview_queries import (
    Kind,
    Selection,
    find_category,
    find_folder,
    find_item,
    find_redirect,
    read_categories,
    read_counts,
    read_item,
    read_listing,
)
from cms_models.rows import Status
from flows.preview.opened import Opened, OpenedSite, Wanted, WantedItem
from flows.settings import SiteSettings
from flows.wiring import Target
from reports.render import environment

TEMPLATES = Path(__file__).parent / "templates"
NUL = "\0"
OWN = "/-/"  # the preview's own pages; every other address is the site's

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get(OWN)
def overview(request: Request, site: OpenedSite) -> HTMLResponse:
    """Return what there is, by kind and language."""
    return page(request, site, "overview.html", counts=read_counts(site.connection, site.site))


@router.get("/-/style.css")
def style() -> Response:
    """Return the style of all pages."""
    return Response(templates().get_template("preview.css").render(), media_type="text/css")


@router.get("/-/{kind}")
def listing(request: Request, wanted: Wanted, site: OpenedSite) -> HTMLResponse:
    """Return a page of a list."""
    found = read_listing(site.connection, site.site, wanted)
    counts = [one for one in read_counts(site.connection, site.site) if one.kind == wanted.kind]
    return page(
        request,
        site,
        "listing.html",
        wanted=wanted,
        found=found,
        languages=sorted({one.language for one in counts if one.language}),
        statuses=sorted({one.status for one in counts}),
        categories=read_categories(site.connection, site.site, wanted.kind),
    )


@router.get("/-/{kind}/{item_id}")
def item(request: Request, kind: Annotated[Kind, InPath()], found: WantedItem, site: OpenedSite) -> HTMLResponse:
    """Return an item under its number: drafts have no address yet."""
    return _item_page(request, site, kind, found)


@router.get("/{path:path}")
def address(request: Request, path: str, site: OpenedSite) -> Response:
    """Return what stands at an address of the site, or lead to where it stands now."""
    wanted = f"/{path.replace(NUL, '')}"  # Postgres takes none, so no address has one
    if request.url.query and (target := _redirect(site, f"{wanted}?{request.url.query}")):
        return target
    if found := find_item(site.connection, site.site, wanted):
        return _item_page(request, site, found[0], _still_there(site, *found))
    if target := _redirect(site, wanted):
        return target
    if wanted == "/":
        return RedirectResponse(OWN, 307)
    for archive in (find_category, find_folder):
        if selection := archive(site.connection, site.site, wanted):
            return RedirectResponse(list_address(selection), 307)
    raise HTTPException(404, f"Nothing of the site stands at {wanted}")


def page(request: Request, site: Opened | None, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
    """Return a page; `site` is None where nothing could be read."""
    shown = templates().get_template(template)
    target: Target = request.app.state.target
    media = media_prefix(target.settings)
    text = shown.render(site=site.site if site else None, key=target.key, kinds=tuple(Kind), media=media, **values)
    return HTMLResponse(text.encode(errors="replace"), status_code)


def media_prefix(settings: SiteSettings) -> str:
    """Return what stands before the key of a file; bodies that lead to another host leave the preview its own."""
    base = settings.media_base_url
    return base if base.startswith("/") and not base.startswith("//") else "/media/"


def address_of(kind: Kind, item: Mapping[str, Any]) -> str:
    """Return where a preview shows an item."""
    return quote(item["path"], safe="/") if item["path"] else f"{OWN}{kind}/{item['id']}"


def list_address(wanted: Selection, page: int = 1, prefix: str = OWN) -> str:
    """Return the address of a page of a list."""
    asked = {
        "q": wanted.words,
        "language": wanted.language,
        "category": wanted.category,
        "status": wanted.status,
        "page": page if page > 1 else None,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{prefix}{wanted.kind}" + (f"?{query}" if query else "")


@cache
def templates() -> Environment:
    """Return what renders the pages: the reports' filters and style, everything escaped but bodies."""
    shared = environment()
    found = shared.overlay(loader=ChoiceLoader([FileSystemLoader(TEMPLATES), *filter(None, [shared.loader])]))
    found.filters = {**shared.filters, "day_of": _day_of}  # the reports' own stay as they are
    found.globals = {
        **shared.globals, "address_of": address_of, "list_address": list_address, "published": Status.PUBLISHED,
    }  # fmt: skip
    return found


def _redirect(site: Opened, address: str) -> RedirectResponse | None:
    """Return what leads to where an old address leads now, unless that is off the site."""
    target = find_redirect(site.connection, site.site, address)
    if target is None or not target.startswith("/") or target.startswith("//"):
        return None
    return RedirectResponse(quote(target, safe="/?&=#%~:@!$'()*+,;"), 307)


def _item_page(request: Request, site: Opened, kind: Kind, found: Mapping[str, Any]) -> HTMLResponse:
    return page(request, site, "item.html", kind=kind, item=found)


def _still_there(site: Opened, kind: Kind, item_id: UUID) -> dict[str, Any]:
    found = read_item(site.connection, site.site, kind, item_id)
    if found is None:
        raise HTTPException(404, "It was put away just now.")
    return found


def _day_of(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%-d %B %Y}"
