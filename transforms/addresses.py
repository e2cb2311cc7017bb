"""The address book of a site: what each of its URLs, old and new, leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from transforms.contract import Address, Languages, SiteRules
from transforms.permalinks import Permalinks
from transforms.places import Place, path_key
from transforms.query_links import Named, QueryLinks
from transforms.redirects import Redirects
from transforms.upload_links import UploadLinks
from transforms.values.slugs import decode_path, decode_slug
from wp_models.language_versions import is_version
from wp_models.records import WpSite

# Endings of an address that lead to a part or another form of the same thing.
TAIL = re.compile(r"/(?:page/?\d+|comment-page-\d+|embed|trackback|amp|\d{1,3})$")
FEED = re.compile(r"/(?:comments/)?feed(?:/(?:rss2?|rdf|atom))?$")
SEARCH = re.compile(r"/search/[^/]+(?:/page/\d+)?$")
SYSTEM = re.compile(
    r"/(?:wp-(?:admin|json|includes)(?:/.*)?|(?:wp-(?:login|cron|signup|activate|comments-post|trackback|mail|links-opml)"
    r"|xmlrpc)\.php|(?:admin|login|dashboard)|robots\.txt|(?:[\w-]*sitemap[\w-]*)\.(?:xml|xsl)(?:\.gz)?)$"
)
SPLIT_MODES = frozenset({"domain", "subdomain", "query"})  # in which languages may share a path
CACHED_ADDRESSES = 4_096  # links repeat: menus, footers, calls to action


class AddressBook:
    """Paths of one site in both directions: from an id to its path, from any of its URLs to what it leads to."""

    def __init__(self, wordpress: WpSite, languages: Languages, rules: SiteRules) -> None:
        self._made_from = (wordpress, languages, rules)
        self._wp = wordpress
        self._languages = languages
        self._split = frozenset(languages.codes) - {languages.default} if languages.url_mode in SPLIT_MODES else ()
        self.home_url = (wordpress.options.get("home") or wordpress.options.get("siteurl") or "").rstrip("/")
        self.permalinks = Permalinks(wordpress, languages)
        self._homes = {
            path_key(self.permalinks.language_home(code)): code
            for code in (*reversed(languages.codes), languages.default, None)
        }
        self._hosts = _own_hosts(wordpress, languages, rules)
        self._languages_of_hosts = {_host(url): code for code, url in languages.home_urls.items()}
        self._posts = _paths(wordpress.posts, self.permalinks.post_path)
        self._terms = _paths(wordpress.terms, self.permalinks.term_path)
        self._targets = self._read_targets()
        self._files = UploadLinks(wordpress)
        self._queries = QueryLinks(wordpress)
        self._resolved = lru_cache(CACHED_ADDRESSES)(self._resolve)

    def __reduce__(self) -> tuple[type[AddressBook], tuple[WpSite, Languages, SiteRules]]:
        """Rebuild instead of pickling: the maps are larger than what they are made from."""
        return AddressBook, self._made_from

    def post_path(self, post_id: int) -> str | None:
        """Return a post's path on the site; None when it has no address."""
        return self._posts.get(post_id)

    def term_path(self, term_taxonomy_id: int) -> str | None:
        """Return a term archive's path on the site; None when it has no address."""
        return self._terms.get(term_taxonomy_id)

    def author_path(self, user_id: int) -> str | None:
        """Return an author archive's path on the site."""
        return self.permalinks.author_path(user_id)

    def archive_path(self, post_type: str, language: str | None) -> str | None:
        """Return the path of a post type's archive on the site, if it has one."""
        return self.permalinks.archive_path(post_type, language)

    def resolve(self, url: str) -> Address | None:
        """Return what a URL leads to; None when it is no address of this site (other host, mailto:, #part)."""
        return self._resolved(url)

    @cached_property
    def redirects(self) -> Redirects:
        """Return what becomes of every redirect of the source."""
        return Redirects(self._wp, self)

    def place_of(self, url: str) -> Place | None:
        """Return a URL taken apart; None when it is certainly none of this site."""
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return None  # "http://[broken": no address of anybody
        if parts.scheme not in {"", "http", "https"} or not (host or parts.path.startswith("/") or parts.query):
            return None
        if host and host not in self._hosts and host not in self._wp.guid_hosts:
            return None
        path = decode_path(parts.path)
        is_under_home = path.startswith(f"{self.permalinks.home_path}/") or not path
        return Place(
            path=path or f"{self.permalinks.home_path}/",
            query=parts.query,
            fragment=parts.fragment,
            language=self._language_of(host, parts.query),
            is_ours=(not host or host in self._hosts) and is_under_home,
        )

    def standing(self, place: Place) -> Address | None:
        """Return the content, archive or attachment page at exactly this path; its query does not matter."""
        key = path_key(place.path)
        found = self._targets.get(f"{place.language}:{key}") if place.language in self._split else None
        found = found or self._targets.get(key)
        if found is not None:
            return self._target(*found)
        if key in self._homes:
            return Address("home", path=self.permalinks.language_home(self._homes[key]))
        return Address("archive", path=self._archives[key]) if key in self._archives else None

    def find(self, place: Place) -> Address | None:
        """Return what a place leads to without any redirect."""
        found = self._files.find(place.path) or self._from_query(place)
        return found or self._first(place, self.standing) or self._first(place, self._view)

    def _resolve(self, url: str) -> Address | None:
        place = self.place_of(url)
        if place is None:
            return None
        found = self._files.find(place.path) or self._from_query(place)
        found = found or self._first(place, lambda part: self.standing(part) or self.redirects.through(part))
        found = found or self._first(place, self._view) or self._guessed(place)
        return found or (Address("missing") if place.is_ours else None)

    def _first(self, place: Place, find: Callable[[Place], Address | None]) -> Address | None:
        """Return what is found at a place, else without the endings that lead to a part of the same thing."""
        found = find(place)
        key = path_key(place.path)
        while found is None and (shorter := TAIL.sub("", _without_index(key))) != key:
            key = shorter
            found = find(replace(place, path=f"{key}/", query=""))
        return found

    def _read_targets(self) -> dict[str, tuple[str, int]]:
        """Map every path to what stands there; content wins over archives, archives over attachment pages.

        Where languages share paths, those of other languages than the default one have keys of their own, too.
        """
        targets: dict[str, tuple[str, int]] = {}
        translated: list[tuple[str, tuple[str, int]]] = []
        attachments = []
        languages = self._languages
        for kind, paths, of_object in (
            ("post", self._posts, languages.of_post),
            ("term", self._terms, languages.of_term),
        ):
            for source_id, path in paths.items():
                key, language = path_key(path), of_object.get(source_id)
                if kind == "post" and self._wp.posts[source_id].type == "attachment":
                    attachments.append((key, source_id))
                elif language in self._split:
                    targets.setdefault(f"{language}:{key}", (kind, source_id))
                    translated.append((key, (kind, source_id)))
                else:
                    targets.setdefault(key, (kind, source_id))
        for user_id in self._wp.users:
            targets.setdefault(path_key(self.permalinks.author_path(user_id) or ""), ("author", user_id))
        for key, target in translated:
            targets.setdefault(key, target)
        for key, post_id in attachments:
            targets.setdefault(key, ("media", post_id))
        return targets

    def _language_of(self, host: str, query: str) -> str | None:
        if not self._split:
            return None
        if self._languages.url_mode == "query":
            asked = re.search(r"(?:^|&)lang=([\w-]+)", query)
            return asked[1] if asked else None
        return self._languages_of_hosts.get(host)

    def _from_query(self, place: Place) -> Address | None:
        """Return what the query names, which WordPress heeds at its home."""
        if "=" not in place.query or _without_index(path_key(place.path)) not in self._homes:
            return None
        named = self._queries.find(place.query)
        if named is None:
            return None
        found = self._named(named, place) or Address("missing")
        return replace(found, named_by=named.parameters)

    def _named(self, named: Named, place: Place) -> Address | None:
        if named.kind == "archive":
            path = self.archive_path(named.post_type or "", place.language)
            return Address("archive", path=path) if path else None
        if named.kind in ("post", "term", "author"):
            return self._target(named.kind, named.source_id or 0)
        home = self.permalinks.language_home(self._homes.get(path_key(place.path)))
        return Address(named.kind, path=None if named.kind == "system" else home)

    def _view(self, place: Place) -> Address | None:
        """Return a list or a part of WordPress that is no content itself."""
        key = path_key(place.path)
        if self._date_archives.fullmatch(key):
            return Address("date", path=place.path)
        if FEED.search(key):
            return Address("feed", path=place.path)
        if SEARCH.search(key):
            return Address("search", path=place.path)
        return Address("system") if SYSTEM.search(key) else None

    def _guessed(self, place: Place) -> Address | None:
        """Return the one post with the last slug of an address, as redirect_guess_404_permalink() finds moved ones."""
        post_id = self._by_slug.get(path_key(place.path).rpartition("/")[2])
        found = self._target("post", post_id) if post_id else None
        return replace(found, is_former=True) if found else None

    def _target(self, kind: str, source_id: int) -> Address | None:
        """Return the address of an object; None when it does not exist or has none."""
        if kind == "post":
            post = self._wp.posts.get(source_id)
            if post is not None and post.type == "attachment":
                return Address("media", source_id=source_id)
            path = self._posts.get(source_id)
        elif kind == "term":
            path = self._terms.get(source_id)
        elif kind == "author":
            path = self.permalinks.author_path(source_id)
        else:
            return Address("media", source_id=source_id)
        return Address(kind, path=path, source_id=source_id) if path else None

    @cached_property
    def _date_archives(self) -> re.Pattern[str]:
        return self.permalinks.date_archives()

    @cached_property
    def _archives(self) -> dict[str, str]:
        """Return the archives of post types by their key."""
        types = {post.type for post in self._wp.posts.values()}
        paths = (
            self.archive_path(post_type, language)
            for post_type in sorted(types)
            if self.permalinks.bases.of_archive(post_type)
            for language in (None, *self._languages.codes)
        )
        return {path_key(path): path for path in paths if path}

    @cached_property
    def _by_slug(self) -> dict[str, int | None]:
        """Return published posts by slug; None where several share one."""
        found: dict[str, int | None] = {}
        for post_id in self._posts:
            post = self._wp.posts[post_id]
            if post.status == "publish" and not post.slug.isdecimal() and not is_version(post_id):
                slug = decode_slug(post.slug).lower()
                if slug == post.slug:
                    slug = post.slug  # most are: a map of all posts need not hold a copy of each
                found[slug] = None if slug in found else post_id
        return found


def _without_index(key: str) -> str:
    return key.replace("/index.php", "", 1) if "/index.php" in key else key


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _paths(ids: Iterable[int], path_of: Callable[[int], str | None]) -> dict[int, str]:
    return {source_id: path for source_id in ids if (path := path_of(source_id)) is not None}


def _own_hosts(wordpress: WpSite, languages: Languages, rules: SiteRules) -> frozenset[str]:
    options = wordpress.options
    urls = (options.get("home"), options.get("siteurl"), options.get("upload_url_path"), *languages.home_urls.values())
    hosts = {_host(url or "") for url in urls} | {host.lower().removeprefix("www.") for host in rules.old_hosts}
    return frozenset(host for host in hosts if host)
