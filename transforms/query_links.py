"""What plain links name by their query: ?p=12, ?cat=3, ?tag=red, ?event=fair, ?post_type=event, ?s=words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs

from transforms.permalink_bases import QUERY_VARIABLES
from transforms.values.slugs import decode_slug
from wp_models.records import WpSite

NUMBER = re.compile(r"[0-9]{1,18}")
POST_PARAMETERS = ("p", "page_id", "attachment_id")
# Parameters that name a kind of view, which keeps them: the new site may have one, too.
VIEWS = {"s": "search", "feed": "feed", "m": "date", "year": "date", "rest_route": "system"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a query names, and by which of its parameters."""

    kind: str  # post | term | author | archive | search | feed | date | system
    source_id: int | None = None
    post_type: str | None = None
    parameters: tuple[str, ...] = ()


class QueryLinks:
    """Plain links of one site."""

    def __init__(self, wordpress: WpSite) -> None:
        self._wp = wordpress

    def find(self, query: str) -> Named | None:
        """Return what a query names, which need not exist; None when it names nothing."""
        try:
            values = {name: found[-1] for name, found in parse_qs(query).items()}  # PHP takes the last one, too
        except ValueError:  # too many fields
            return None
        return self._post(values) or self._author(values) or self._term(values) or self._view(values)

    def _post(self, values: Mapping[str, str]) -> Named | None:
        for name in POST_PARAMETERS:
            if NUMBER.fullmatch(values.get(name, "")):
                return Named("post", int(values[name]), parameters=(*POST_PARAMETERS, "post_type", "preview"))
        post_type = values.get("post_type", "post")
        for name, kind in (("name", post_type), ("pagename", "page"), ("attachment", "attachment")):
            if name in values:
                found = self._posts_by_slug.get((kind, _last(values[name])))
                return Named("post", found, parameters=(name, "post_type")) if found else None
        for name in values.keys() & self._post_types:
            found = self._posts_by_slug.get((name, _last(values[name])))
            if found:
                return Named("post", found, parameters=(name,))
        if "post_type" in values:
            return Named("archive", post_type=values["post_type"], parameters=("post_type",))
        return None

    def _author(self, values: Mapping[str, str]) -> Named | None:
        if NUMBER.fullmatch(values.get("author", "")):
            return Named("author", int(values["author"]), parameters=("author",))
        name = values.get("author_name")
        user = next((user.id for user in self._wp.users.values() if user.nicename == name), None) if name else None
        return Named("author", user, parameters=("author_name",)) if user else None

    def _term(self, values: Mapping[str, str]) -> Named | None:
        for name, taxonomy in (("cat", "category"), ("tag_id", "post_tag")):
            if NUMBER.fullmatch(values.get(name, "")):
                found = self._terms_by_id.get((taxonomy, int(values[name])))
                return Named("term", found, parameters=(name,))
        if "taxonomy" in values and "term" in values:
            found = self._terms_by_slug.get((values["taxonomy"], _last(values["term"])))
            return Named("term", found, parameters=("taxonomy", "term"))
        for name in values:
            found = self._terms_by_slug.get((self._taxonomies.get(name, ""), _last(values[name])))
            if found:
                return Named("term", found, parameters=(name,))
        return None

    def _view(self, values: Mapping[str, str]) -> Named | None:
        return next((Named(kind) for name, kind in VIEWS.items() if values.get(name)), None)

    @cached_property
    def _post_types(self) -> frozenset[str]:
        return frozenset(post.type for post in self._wp.posts.values()) - {"post", "page", "attachment"}

    @cached_property
    def _posts_by_slug(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for post in self._wp.posts.values():
            if post.slug:
                found.setdefault((post.type, decode_slug(post.slug)), post.id)
        return found

    @cached_property
    def _terms_by_id(self) -> dict[tuple[str, int], int]:
        return {(term.taxonomy, term.term_id): term.id for term in self._wp.terms.values()}

    @cached_property
    def _terms_by_slug(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for term in self._wp.terms.values():
            found.setdefault((term.taxonomy, decode_slug(term.slug)), term.id)
        return found

    @cached_property
    def _taxonomies(self) -> dict[str, str]:
        """Return taxonomies by their query variable."""
        taxonomies = {term.taxonomy for term in self._wp.terms.values()}
        return {QUERY_VARIABLES.get(taxonomy, taxonomy): taxonomy for taxonomy in taxonomies}


def _last(slugs: str) -> str:
    """Return the last slug of a path."""
    return slugs.strip("/").rpartition("/")[2]
