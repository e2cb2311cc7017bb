"""What every request of a preview is given: the site, a connection that cannot write, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException, Path, Query, Request
from pydantic import BeforeValidator, Field

from cms_models.db import Connection
from cms_models.preview_queries import Kind, Selection, Site, read_item, read_site, reading
from cms_models.rows import Status
from flows.wiring import Target


@dataclass(frozen=True, slots=True)
class Opened:
    """A site that is being read."""

    site: Site
    connection: Connection


def opened(request: Request) -> Iterator[Opened]:
    """Yield the site with a connection for one request."""
    target: Target = request.app.state.target
    with reading(target.cms_url) as connection:
        site = read_site(connection, target.key)
        if site is None:
            raise HTTPException(404, f"The site {target.key!r} was never migrated into this CMS.")
        yield Opened(site, connection)


OpenedSite = Annotated[Opened, Depends(opened)]


def _written(value: Any) -> Any:
    """Return what somebody has written into a field; None for nothing. Postgres takes no NUL."""
    return (value.replace("\0", "").strip() or None) if isinstance(value, str) else value


Short = Annotated[str, Field(max_length=200)]
Written = BeforeValidator(_written)


def selection(
    kind: Annotated[Kind, Path()],
    q: Annotated[Short | None, Written, Query(description="words, or how an address begins")] = None,
    language: Annotated[Short | None, Written, Query()] = None,
    category: Annotated[UUID | None, Written, Query(description="id of a category")] = None,
    status: Annotated[Status | None, Written, Query()] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Selection:
    """Return what a list's address asks for."""
    return Selection(kind=kind, words=q, language=language, category=category, status=status, page=page)


Wanted = Annotated[Selection, Depends(selection)]


def item(kind: Annotated[Kind, Path()], item_id: Annotated[UUID, Path()], site: OpenedSite) -> dict[str, Any]:
    """Return the item that an address names."""
    found = read_item(site.connection, site.site, kind, item_id)
    if found is None:
        raise HTTPException(404, "There is no such item. It may have been put away since.")
    return found


WantedItem = Annotated[dict[str, Any], Depends(item)]
