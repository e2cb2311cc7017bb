"""The address book of a site: what each of its URLs, old and new, leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from transforms.contract import Address, Languages, SiteRules
from transforms.permalinks import Permalinks
from wp_models.records import WpSite

# What WordPress adds to a file's name for copies it makes: sizes, -scaled, -rotated, edits.
COPY_SUFFIX = re.compile(r"(?:-scaled|-rotated|-e\d{10,13}|-\d{1,5}x\d{1,5})+(?=\.[^./]+$)")
# Endings of an address that lead to a part or another form of the same thing.
TAIL = re.compile(r"/(?:page/?\d+|comment-page-\d+|embed|trackback|amp|\d{1,3})/?$")
FEED = re.compile(r"/(?:comments/)?feed(?:/(?:rss2?|rdf|atom))?/?$")
DATE_ARCHIVE = re.compile(r"^(?:/[^/]+)*?(?:/date)?/\d{4}(?:/\d{1,2}){0,2}/?$")
CACHED_ADDRESSES = 16_384  # links repeat: menus, footers, calls to action


class AddressBook:
    """Paths of one site in both directions: from an id to its path, from any of its URLs to what it leads to."""

    def __init__(self, wordpress: WpSite, languages: Languages, rules: SiteRules) -> None:
        self._made_from = (wordpress, languages, rules)
        self._wp = wordpress
        self.home_url = (wordpress.options.get("home") or wordpress.options.get("siteurl") or "").rstrip("/")
        self._permalinks = Permalinks(wordpress, languages)
        self._homes = {
            self._permalinks.language_home(code).rstrip("/") for code in (None, languages.default, *languages.codes)
        }
        self._hosts = _own_hosts(wordpress, languages, rules)
        self._posts = _paths(wordpress.posts, self._permalinks.post_path)
        self._terms = _paths(wordpress.terms, self._permalinks.term_path)
        self._targets = self._read_targets()
        self._files = _file_keys(wordpress.attached_files)
        self._uploads = _uploads_path(wordpress)
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
        return self._permalinks.author_path(user_id)

    def archive_path(self, post_type: str, language: str | None) -> str | None:
        """Return the path of a post type's archive on the site, if it has one."""
        return self._permalinks.archive_path(post_type, language)

    def resolve(self, url: str) -> Address | None:
        """Return what a URL leads to; None when it is no address of this site (other host, mailto:, #part)."""
        return self._resolved(url)

    def _read_targets(self) -> dict[str, tuple[str, int]]:
        """Map every path to what stands there; content wins over archives, archives over attachment pages."""
        targets: dict[str, tuple[str, int]] = {}
        attachments = []
        for post_id, path in self._posts.items():
            if self._wp.posts[post_id].type == "attachment":
                attachments.append((path, post_id))
            else:
                targets.setdefault(_key(path), ("post", post_id))
        for term_id, path in self._terms.items():
            targets.setdefault(_key(path), ("term", term_id))
        for user_id in self._wp.users:
            targets.setdefault(_key(self._permalinks.author_path(user_id) or ""), ("author", user_id))
        for path, post_id in attachments:
            targets.setdefault(_key(path), ("media", post_id))
        return targets

    def _resolve(self, url: str) -> Address | None:
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return None  # "http://[broken": no address of anybody
        if parts.scheme not in {"", "http", "https"} or not (host or parts.path.startswith("/") or parts.query):
            return None
        if host and host not in self._hosts and host not in self._wp.guid_hosts:
            return None
        path = unquote(parts.path)
        found = self._file(path) or self._from_query(parts.query) or self._from_path(path)
        if found is not None:
            return found
        is_under_home = path.startswith(f"{self._permalinks.home_path}/") or not path
        if (host and host not in self._hosts) or not is_under_home:
            return None  # an old host, or another program beside WordPress: not known to be ours
        return Address("missing")

    def _file(self, path: str) -> Address | None:
        place = path.find(self._uploads)
        if place < 0:
            return None
        relative = re.sub(r"^sites/\d+/", "", path[place + len(self._uploads) :]).lower()
        attachment = self._files.get(relative) or self._files.get(COPY_SUFFIX.sub("", relative))
        return Address("media", source_id=attachment) if attachment else Address("missing")

    def _from_query(self, query: str) -> Address | None:
        if not query or "=" not in query:
            return None
        values = {name: found[-1] for name, found in parse_qs(query).items()}
        for name in ("p", "page_id", "attachment_id"):
            if values.get(name, "").isdigit():
                return self._post(int(values[name])) or Address("missing")
        if values.get("cat", "").isdigit():
            return self._term("category", int(values["cat"]))
        if values.get("author", "").isdigit():
            return self._target("author", int(values["author"]))
        return None

    def _from_path(self, path: str) -> Address | None:
        key = _key(path)
        if key in self._targets:
            return self._target(*self._targets[key])
        if key in self._homes:
            return Address("home", path=f"{key}/")
        shorter = TAIL.sub("", key)
        if shorter != key:
            return self._from_path(shorter)
        if FEED.search(key):
            return Address("feed", path=path)
        return Address("date", path=path) if DATE_ARCHIVE.match(key) else None

    def _target(self, kind: str, source_id: int) -> Address | None:
        if kind == "post":
            return self._post(source_id)
        if kind == "term":
            return Address("term", path=self._terms.get(source_id), source_id=source_id)
        if kind == "author":
            path = self._permalinks.author_path(source_id)
            return Address("author", path=path, source_id=source_id) if path else None
        return Address("media", source_id=source_id)

    def _post(self, post_id: int) -> Address | None:
        post = self._wp.posts.get(post_id)
        if post is None:
            return None
        if post.type == "attachment":
            return Address("media", source_id=post_id)
        path = self._posts.get(post_id)
        return Address("post", path=path, source_id=post_id) if path else None

    def _term(self, taxonomy: str, term_id: int) -> Address | None:
        for term in self._wp.terms.values():  # ?cat= links are rare: no map is kept for them
            if term.term_id == term_id and term.taxonomy == taxonomy:
                return self._target("term", term.id)
        return None


def _key(path: str) -> str:
    return path.rstrip("/").lower()


def _paths(ids: Iterable[int], path_of: Callable[[int], str | None]) -> dict[int, str]:
    return {source_id: path for source_id in ids if (path := path_of(source_id)) is not None}


def _own_hosts(wordpress: WpSite, languages: Languages, rules: SiteRules) -> frozenset[str]:
    urls = [
        wordpress.options.get("home") or "",
        wordpress.options.get("siteurl") or "",
        wordpress.options.get("upload_url_path") or "",
        *languages.home_urls.values(),
    ]
    hosts = {urlsplit(url).hostname or "" for url in urls} | set(rules.old_hosts)
    return frozenset(host.removeprefix("www.") for host in hosts if host)


def _uploads_path(wordpress: WpSite) -> str:
    """Return the part of a URL after which a file's path below uploads/ begins."""
    own = (wordpress.options.get("upload_path") or "").strip("/")
    return f"/{own}/" if own and not own.startswith("wp-content/uploads") else "/wp-content/uploads/"


def _file_keys(attached_files: Mapping[int, str]) -> dict[str, int]:
    """Map every name a file may be called by to its attachment: its own, and its name without -scaled or sizes."""
    keys: dict[str, int] = {}
    for attachment, name in attached_files.items():
        place = name.find("wp-content/uploads/")
        keys.setdefault(name[place + len("wp-content/uploads/") if place >= 0 else 0 :].lower(), attachment)
    for name, attachment in list(keys.items()):
        keys.setdefault(COPY_SUFFIX.sub("", name), attachment)
    return keys
