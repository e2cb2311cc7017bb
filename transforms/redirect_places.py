"""Where a redirect answers and where it leads, each looked at alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from transforms.contract import Address
from transforms.permalink_bases import QUERY_VARIABLES
from transforms.permalinks import Permalinks
from transforms.places import Place
from transforms.redirect_patterns import literal_source
from wp_models.records import PostEntry, WpRedirect, WpSite

HOST = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class Book(Protocol):
    """What redirects ask of the address book."""

    permalinks: Permalinks

    def post_path(self, post_id: int) -> str | None:
        """Return a post's path."""

    def term_path(self, term_taxonomy_id: int) -> str | None:
        """Return a term archive's path."""

    def author_path(self, user_id: int) -> str | None:
        """Return an author archive's path."""

    def place_of(self, url: str) -> Place | None:
        """Return a URL taken apart; None when it is certainly none of this site."""

    def standing(self, place: Place) -> Address | None:
        """Return what stands at exactly this path."""

    def find(self, place: Place) -> Address | None:
        """Return what a place leads to without any redirect."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a visitor of an old address ends: at a URL, at an attachment, or nowhere (410)."""

    url: str | None = None  # a path of the new site, with query and fragment, or an address on another host
    media_id: int | None = None
    status_code: int = 301
    is_known: bool = True  # False: nothing stands there

    @property
    def is_gone(self) -> bool:
        """Return whether the visitor is told that there is nothing any more."""
        return self.url is None and self.media_id is None


class RedirectPlaces:
    """Sources and targets of one site's redirects."""

    def __init__(self, wordpress: WpSite, book: Book) -> None:
        self._wp = wordpress
        self._book = book
        self._permalinks = book.permalinks

    def owner(self, redirect: WpRedirect) -> PostEntry | None:
        """Return the post that WordPress's own redirects lead to."""
        return self._wp.posts.get(redirect.owner_id or 0)

    def source(self, redirect: WpRedirect) -> Place | None:
        """Return the place that a redirect answers at; None for a thing without address, or on another host."""
        owner = redirect.owner_id or 0
        if redirect.kind in ("shortlink", "query"):
            query = self._plain_query(redirect)
            return Place(f"{self._permalinks.home_path}/", query) if query else None
        if redirect.kind == "rule" and not owner:
            url = self._from_root(redirect, literal_source(redirect) or "")
            place = self._book.place_of(url)
            return None if place is None or (HOST.match(url) and not place.is_ours) else place
        path = self._permalinks.former_path(owner, slug=redirect.old_slug, date=redirect.old_date)
        return Place(path) if path is not None else None

    def target(self, rule: WpRedirect) -> str:
        """Return the address that a rule leads to, from the host's root or with another host."""
        return self._from_root(rule, rule.target or "")

    def owned(self, redirect: WpRedirect) -> Landing | None:
        """Return where the thing is now whose old address WordPress redirects; None when it has no address."""
        owner = redirect.owner_id or 0
        if redirect.owner == "term":
            path = self._book.term_path(owner)
        elif redirect.owner == "author":
            path = self._book.author_path(owner)
        else:
            post = self._wp.posts.get(owner)
            if post is not None and post.type == "attachment":
                return Landing(media_id=owner)
            path = self._book.post_path(owner)
        return Landing(path) if path is not None else None

    def at(self, url: str, code: int) -> Landing:
        """Return the end at an address where no redirect answers, in the spelling of what stands there."""
        place = self.on_site(url)
        if place is None:
            return Landing(url, status_code=code)
        found = self._book.find(place)
        query = f"?{place.query}" if place.query else ""
        fragment = f"#{place.fragment}" if place.fragment else ""
        if found is None or found.kind == "missing":
            is_known = found is None and not place.is_ours  # another program beside WordPress
            return Landing(f"{place.path}{query}{fragment}", status_code=code, is_known=is_known)
        if found.kind == "media":
            return Landing(media_id=found.source_id, status_code=code)
        path = found.path or place.path
        return Landing(f"{path}{'' if found.named_by else query}{fragment}", status_code=code)

    def on_site(self, url: str) -> Place | None:
        """Return a place of this site; None for an address that leads off it."""
        place = self._book.place_of(url)
        return None if place is None or (HOST.match(url) and not place.is_ours) else place

    def _plain_query(self, redirect: WpRedirect) -> str | None:
        """Return the query of a thing's plain link."""
        owner = redirect.owner_id or 0
        if redirect.kind == "shortlink":
            return f"{redirect.source}={owner}"
        if redirect.owner == "author":
            return f"author={owner}"
        if redirect.owner == "post":
            post = self._wp.posts.get(owner)
            return f"{post.type}={post.slug}" if post else None
        term = self._wp.terms.get(owner)
        if term is None:
            return None
        name = QUERY_VARIABLES.get(term.taxonomy, term.taxonomy)
        return f"cat={term.term_id}" if term.taxonomy == "category" else f"{name}={term.slug}"

    def _from_root(self, rule: WpRedirect, address: str) -> str:
        """Return an address from its host's root: many plugins count from the site's home and leave out its path."""
        if HOST.match(address):
            return address
        path, home = "/" + address.lstrip("/"), self._permalinks.home_path
        starts_at_home = not rule.is_below_home or not home or path.startswith(f"{home}/")
        return path if starts_at_home else home + path
