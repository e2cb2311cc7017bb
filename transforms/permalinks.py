"""Addresses as WordPress gives them: permalink structures, hierarchies, bases, languages.

Paths are percent-decoded, start with a slash, hold no host, and include the directory of a WordPress that
does not live at its host's root. Sources: get_permalink(), get_page_link(), get_term_link() of WordPress.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from transforms.contract import Languages
from transforms.permalink_bases import Bases, joined
from transforms.values.numbers import php_int
from transforms.values.slugs import decode_slug
from wp_models.records import PostEntry, TermEntry, WpSite

DEFAULT_STRUCTURE = "/%postname%/"  # what a site with plain links (?p=12) gets in the CMS
ADDRESSED_STATUSES = frozenset({"publish", "private", "future"})
ATTACHMENT_STATUSES = frozenset({"inherit", "publish"})
DATE_PARTS = {
    "year": ("year", 4), "monthnum": ("month", 2), "day": ("day", 2), "hour": ("hour", 2), "minute": ("minute", 2),
    "second": ("second", 2),
}  # fmt: skip
TOKEN = re.compile(rf"%({'|'.join(DATE_PARTS)}|post_id|postname|category|author)%")
NEVER_ADDRESSED = frozenset({
    "nav_menu", "link_category", "language", "term_language", "post_translations", "term_translations",
    "wp_theme", "wp_template_part_area", "wp_pattern_category",
})  # fmt: skip


class Permalinks:
    """Paths of one site's posts, terms and authors."""

    def __init__(self, wordpress: WpSite, languages: Languages) -> None:
        self._wp = wordpress
        self._languages = languages
        options = wordpress.options
        home = urlsplit(options.get("home") or options.get("siteurl") or "")
        self.home_path = decode_slug(home.path.rstrip("/"))
        structure = options.get("permalink_structure") or DEFAULT_STRUCTURE
        self.has_plain_links = not options.get("permalink_structure")
        self.structure = structure if structure.startswith("/") else f"/{structure}"
        self._slash = "/" if self.structure.endswith("/") else ""
        self._front = self.structure[: self.structure.find("%")].strip("/") if "%" in self.structure else ""
        self._root = "index.php" if self.structure.startswith("/index.php/") else ""
        self.bases = Bases(wordpress, front=self._front, root=self._root)
        self.terms_by_id = {(term.taxonomy, term.term_id): term for term in wordpress.terms.values()}
        self._front_pages = {page: language for language, page in languages.home_pages.items()}

    def post_path(self, post_id: int) -> str | None:
        """Return a post's path; None for drafts, the trash and types that have no address."""
        post = self._wp.posts.get(post_id)
        return self._path_of(post) if post is not None else None

    def former_path(self, post_id: int, *, slug: str | None = None, date: datetime | None = None) -> str | None:
        """Return the path that a post would have with an older slug or date; None when it has none at all."""
        post = self._wp.posts.get(post_id)
        if post is None:
            return None
        return self._path_of(
            replace(post, slug=post.slug if slug is None else slug, published_local=date or post.published_local)
        )

    def term_path(self, term_taxonomy_id: int) -> str | None:
        """Return a term archive's path; None for taxonomies that have none."""
        term = self._wp.terms.get(term_taxonomy_id)
        base = self.bases.of_taxonomy(term.taxonomy) if term and term.taxonomy not in NEVER_ADDRESSED else None
        if term is None or base is None:
            return None
        language = self._languages.of_term.get(term_taxonomy_id)
        slugs = self._term_uri(term) if base.is_hierarchical else decode_slug(term.slug)
        if term.taxonomy == "post_format":
            slugs = slugs.removeprefix("post-format-")  # as WordPress's _post_format_link() does
        return self._localised(language, self._below(self._translated(base.prefix, language), slugs))

    def archive_path(self, post_type: str, language: str | None) -> str | None:
        """Return the path of a post type's archive, which stands at the base of its addresses, if it has one."""
        if post_type in {"post", "page", "attachment"}:
            return None
        base = self.bases.of_archive(post_type) or self.bases.of_type(post_type)
        return self._localised(language, self._translated(base.prefix, language) + self._slash) if base else None

    def author_path(self, user_id: int) -> str | None:
        """Return an author archive's path."""
        user = self._wp.users.get(user_id)
        return self._localised(None, self._below(self.bases.of_authors.prefix, user.nicename)) if user else None

    def language_home(self, language: str | None) -> str:
        """Return the home path of a language."""
        prefix = self._languages.url_prefixes.get(language or "", "")
        return f"{self.home_path}/{prefix}/" if prefix else f"{self.home_path}/"

    def date_archives(self) -> re.Pattern[str]:
        """Return what matches the paths of yearly, monthly and daily archives, without their last slash."""
        # WordPress moves dates to /date/ where a structure with %post_id% would make them ambiguous.
        date = "date" if re.search(r"%post_id%", "/".join(self.structure.split("/")[:4])) else ""
        head = "/".join(re.escape(part) for part in (self._front.lower(), date) if part)
        languages = "|".join(re.escape(prefix.lower()) for prefix in self._languages.url_prefixes.values())
        language = f"(?:/(?:{languages}))?" if languages else ""
        home = re.escape(self.home_path.lower())
        return re.compile(rf"{home}{language}{'/' if head else ''}{head}/\d{{4}}(?:/\d{{1,2}}){{0,2}}")

    def _path_of(self, post: PostEntry) -> str | None:
        language = self._languages.of_post.get(post.id)
        if post.type == "attachment":
            return self._attachment_path(post, frozenset()) if post.status in ATTACHMENT_STATUSES else None
        if post.status not in ADDRESSED_STATUSES:
            return None
        if post.type == "post":
            return self._localised(language, self._expanded_structure(post))
        if post.type == "page":
            return self._page_path(post)
        base = self.bases.of_type(post.type)
        if base is None:
            return None
        slugs = self._page_uri(post) if base.is_hierarchical else decode_slug(post.slug)
        return self._localised(language, self._below(self._translated(base.prefix, language), slugs))

    def _below(self, prefix: str, slugs: str) -> str:
        """Return a path with the last slash that the structure has, as user_trailingslashit() does."""
        return f"{prefix}/{slugs}".rstrip("/") + self._slash

    def _translated(self, prefix: str, language: str | None) -> str:
        """Return a base as WPML translates it for a language."""
        if not self._wp.url_slugs or not language:
            return prefix
        slugs = self._wp.url_slugs
        if (prefix, language) in slugs:
            return slugs[prefix, language]
        return "/".join(slugs.get((part, language), part) for part in prefix.split("/"))

    def _localised(self, language: str | None, path: str) -> str:
        prefix = self._languages.url_prefixes.get(language or "", "")
        path = path.lstrip("/")
        if prefix and self._root and path.startswith(self._root):
            return f"{self.home_path}/{self._root}/{prefix}/{path[len(self._root) :].lstrip('/')}"
        return f"{self.home_path}/{prefix}/{path}" if prefix else f"{self.home_path}/{path}"

    def _expanded_structure(self, post: PostEntry) -> str:
        expanded = TOKEN.sub(lambda token: self._part(token[1], post), self.structure)
        return f"{expanded.rstrip('/')}/" if self._slash else expanded.rstrip("/")

    def _part(self, token: str, post: PostEntry) -> str:
        """Return what stands in a post's address for a token of the structure."""
        match token:
            case "postname":
                return decode_slug(post.slug)
            case "post_id":
                return str(post.id)
            case "category":
                return self._category_uri(post.id)
            case "author":
                user = self._wp.users.get(post.author_id or 0)
                return user.nicename if user else ""
        attribute, digits = DATE_PARTS[token]
        date = post.published_local
        return str(getattr(date, attribute) if date else 0).zfill(digits)

    def _category_uri(self, post_id: int) -> str:
        """Return the slugs of the primary category, else of the one with the lowest id, parents first."""
        ids = sorted(self._wp.categories.get(post_id, ()))
        primary = self._wp.primary_categories.get(post_id)
        chosen = primary if primary in ids else ids[0] if ids else None
        term = self.terms_by_id.get(("category", chosen)) if chosen else None
        if term is not None:
            return self._term_uri(term)
        default = php_int(self._wp.options.get("default_category"))
        term = self.terms_by_id.get(("category", default))
        return decode_slug(term.slug) if term else "uncategorized"

    def _term_uri(self, term: TermEntry) -> str:
        """Return a term's slug below those of its ancestors, each once, as get_ancestors() finds them.

        That lets a term of a cycle stand above itself, and leaves a gap for a parent that is gone.
        """
        slugs, seen, parent_id = [decode_slug(term.slug)], set[int](), term.parent_term_id
        while parent_id and parent_id not in seen:
            seen.add(parent_id)
            parent = self.terms_by_id.get((term.taxonomy, parent_id))
            slugs.append(decode_slug(parent.slug) if parent else "")
            parent_id = parent.parent_term_id if parent else None
        return "/".join(reversed(slugs))

    def _page_path(self, page: PostEntry) -> str:
        language = self._languages.of_post.get(page.id)
        if page.id in self._front_pages:
            return self.language_home(self._front_pages[page.id])
        if self._wp.options.get("show_on_front") == "page" and self._wp.options.get("page_on_front") == str(page.id):
            return self.language_home(language)
        return self._path_of_uri(page)

    def _path_of_uri(self, page: PostEntry) -> str:
        """Return a page's path by its slugs, even that of the front page."""
        uri = self._page_uri(page)
        return self._localised(
            self._languages.of_post.get(page.id), joined(self._root, uri) + self._slash if uri else ""
        )

    def _page_uri(self, page: PostEntry) -> str:
        """Return the slugs of a page and its ancestors, whatever their type or status, as get_page_uri() does."""
        slugs, seen = [decode_slug(page.slug)], {page.id}
        parent = self._wp.posts.get(page.parent_id or 0)
        while parent is not None and parent.id not in seen:
            slugs.append(decode_slug(parent.slug))
            seen.add(parent.id)
            parent = self._wp.posts.get(parent.parent_id or 0)
        return "/".join(slug for slug in reversed(slugs) if slug)

    def _attachment_path(self, attachment: PostEntry, below: frozenset[int]) -> str | None:
        """Return the path of an attachment's page; None where WordPress has only ?attachment_id= for it.

        It stands below the post that it was uploaded to, which must have an address that everyone may see.
        """
        if not attachment.slug:
            return None
        slug = decode_slug(attachment.slug)
        if attachment.parent_id is None:
            return self._localised(self._languages.of_post.get(attachment.id), slug + self._slash)
        parent = self._wp.posts.get(attachment.parent_id)
        if parent is None or parent.id == attachment.id or parent.id in below:
            return None
        if parent.type == "attachment":
            path = self._attachment_path(parent, below | {attachment.id})
        elif parent.status != "publish":
            path = None
        else:
            path = self._path_of_uri(parent) if parent.type == "page" else self._path_of(parent)
        between = "attachment/" if slug.isdecimal() or "%category%" in self.structure else ""
        return f"{path.rstrip('/')}/{between}{slug}{self._slash}" if path else None
