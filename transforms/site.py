"""The site as transforms see it: what one record may ask about the others.

Every answer is noted as a fact ("post:12", "media:7", "url:/old/") so that a later run can find the rows
whose answers have changed. A `Site` holds no connection; it asks the `SiteData` of its run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from uuid import UUID

from cms_models.rows import TranslationOrigin, row_id
from transforms.contract import Address, Languages, Media, MediaFile, Reference, SiteRules
from transforms.facts import media_kind, stamped, taxonomy_of
from transforms.redirects import Verdict
from transforms.site_data import UPLOADS, SiteData
from wp_models.records import CommentEntry, FieldDefinition, PostEntry, TermEntry, UserEntry, WpPost, WpRedirect


class Site:
    """One record's view of its site. Make one per record with `Site(data)`; `facts` grows as it is asked."""

    __slots__ = ("_data", "facts")

    def __init__(self, data: SiteData) -> None:
        self._data = data
        self.facts: set[str] = set()

    def noted(self) -> tuple[str, ...]:
        """Return what was asked so far, each question with the stamp of its answer."""
        return stamped(self._data, self.facts)

    @property
    def id(self) -> int:
        """Return the site's number in `cms.sites`."""
        return self._data.id

    @property
    def key(self) -> str:
        """Return the site's short name in settings and row ids."""
        return self._data.key

    @property
    def rules(self) -> SiteRules:
        """Return the site's settings."""
        return self._data.rules

    @property
    def languages(self) -> Languages:
        """Return the site's languages."""
        return self._data.languages

    @property
    def timezone(self) -> tzinfo:
        """Return the site's time zone."""
        return self._data.timezone

    @property
    def home_url(self) -> str:
        """Return the site's home, without a trailing slash."""
        return self._data.addresses.home_url

    @property
    def tables(self) -> frozenset[str]:
        """Return the names of the source's tables, without the prefix."""
        return self._data.wordpress.tables

    @property
    def blog_prefix(self) -> str:
        """Return what stands before this blog's keys in user metas and options: `wp_`, `wp_2_`."""
        return self._data.wordpress.prefix

    def option(self, name: str) -> str | None:
        """Return the raw value of an option."""
        self.facts.add(f"option:{name}")
        return self._data.wordpress.options.get(name)

    @property
    def field_definitions(self) -> Mapping[str, FieldDefinition]:
        """Return the definitions of custom fields that the database holds, by field key."""
        self.facts.add("fields:")
        return self._data.wordpress.field_definitions

    def row_id(self, entity: str, source_id: int | str) -> UUID:
        """Return the row id of a source object; it need not exist."""
        return row_id(self._data.key, entity, source_id)

    def post(self, post_id: int) -> PostEntry | None:
        """Return a post of any type that is no revision."""
        self.facts.add(f"post:{post_id}")
        return self._data.wordpress.posts.get(post_id)

    def content(self, post_id: int) -> Reference | None:
        """Return the row of a loaded post; None when it is missing, skipped or no content."""
        return self.content_itself(post_id)

    def content_itself(self, post_id: int) -> Reference | None:
        """Return the row of exactly this post, whichever language the record is in."""
        self.facts.add(f"post:{post_id}")
        table = self._data.tables.get(post_id)
        return Reference(table, self.row_id(table, post_id)) if table else None

    def stored_content(self, post: WpPost) -> str:
        """Return a post's content as the source holds it: in all languages where they stand in one text."""
        return post.content

    def term(self, term_taxonomy_id: int) -> TermEntry | None:
        """Return a term by its term_taxonomy_id."""
        self.facts.add(f"term:{term_taxonomy_id}")
        return self._data.wordpress.terms.get(term_taxonomy_id)

    def taxonomy_of(self, term_taxonomy_id: int) -> str | None:
        """Return a term's taxonomy; None when it does not exist. Its renaming is nothing to who asks no more."""
        self.facts.add(f"taxonomy:{term_taxonomy_id}")
        return taxonomy_of(self._data, term_taxonomy_id)

    def term_by_id(self, taxonomy: str, term_id: int) -> TermEntry | None:
        """Return a term by taxonomy and term_id, as metas and menus name it."""
        found = self._data.terms_by_id.get((taxonomy, term_id))
        if found is None:
            self.facts.add(f"term_id:{taxonomy}:{term_id}")
            return None
        return self.term(found)

    def term_number(self, taxonomy: str, term_id: int) -> int | None:
        """Return a term's term_taxonomy_id. Its renaming is nothing to who asks no more."""
        self.facts.add(f"term_id:{taxonomy}:{term_id}")
        return self._data.terms_by_id.get((taxonomy, term_id))

    def user(self, user_id: int) -> UserEntry | None:
        """Return a user."""
        self.facts.add(f"user:{user_id}")
        return self._data.wordpress.users.get(user_id)

    def comment(self, comment_id: int) -> CommentEntry | None:
        """Return a comment that has an answer or is one."""
        self.facts.add(f"comment:{comment_id}")
        return self._data.wordpress.comments.get(comment_id)

    def media(self, attachment_id: int) -> Media | None:
        """Return an attachment and its stored files; `store_key` is None when there is no file."""
        self.facts.add(f"media:{attachment_id}")
        return self._data.media.get(attachment_id)

    def media_kind(self, attachment_id: int) -> str | None:
        """Return an attachment's MediaKind; None when it does not exist. Its texts are nothing to who asks no more."""
        self.facts.add(f"media_kind:{attachment_id}")
        return media_kind(self._data, attachment_id)

    def media_file(self, attachment_id: int) -> MediaFile | None:
        """Return what became of an attachment's file, while media themselves are transformed."""
        return self._data.media_files.get(attachment_id)

    def file_url(self, attachment_id: int) -> str | None:
        """Return the address of an attachment's file in the source; None when WordPress knows no file."""
        name = self._data.wordpress.attached_files.get(attachment_id)
        if not name or "://" in name:
            return name or None
        relative = name.rpartition(f"{UPLOADS}/")[2].strip().lstrip("/")  # old rows hold a path of the server
        return None if ".." in relative.split("/") else f"{self._data.uploads_url}/{relative}"

    def attached(self, post_id: int, kind: str) -> tuple[int, ...]:
        """Return the images, audios or videos whose parent is this post, by menu order then id."""
        self.facts.add(f"attached:{post_id}")
        return self._data.attached.get((post_id, kind), ())

    def shared_body(self, post_id: int) -> str | None:
        """Return the raw content of a published reusable block or global builder element."""
        self.facts.add(f"body:{post_id}")
        return self._data.wordpress.shared_bodies.get(post_id)

    def path(self, post_id: int) -> str | None:
        """Return a post's URL path on the site."""
        self.facts.add(f"post:{post_id}")
        return self._data.addresses.post_path(post_id)

    def term_path(self, term_taxonomy_id: int) -> str | None:
        """Return a term archive's URL path on the site."""
        self.facts.add(f"term:{term_taxonomy_id}")
        return self._data.addresses.term_path(term_taxonomy_id)

    def archive_path(self, post_type: str, language: str | None) -> str | None:
        """Return the URL path of a post type's archive, if it has one."""
        self.facts.add(f"archive:{post_type}")
        return self._data.addresses.archive_path(post_type, language)

    def resolve(self, url: str) -> Address | None:
        """Return what a URL leads to; None when it is not an address of this site."""
        address = self._data.addresses.resolve(url)
        if address is None:
            return None
        if address.is_former:
            self.facts.add(f"url:{url}")
        if address.kind == "post" and address.source_id is not None:
            self.facts.add(f"post:{address.source_id}")
        elif address.kind == "term" and address.source_id is not None:
            self.facts.add(f"term:{address.source_id}")
        elif address.kind == "author" and address.source_id is not None:
            self.facts.add(f"user:{address.source_id}")
        elif address.kind == "media" and address.source_id is not None:
            self.facts.add(f"media:{address.source_id}")
        else:
            self.facts.add(f"url:{url}")
        return address

    def media_at(self, address: Address | None) -> Media | None:
        """Return the attachment whose file an address leads to; None for any other address."""
        if address is None or address.kind != "media" or address.source_id is None:
            return None
        return self._data.media.get(address.source_id)

    def redirect(self, redirect: WpRedirect) -> Verdict:
        """Return what becomes of a redirect, beside all others of the site."""
        if redirect.id in self._data.wordpress.redirects:
            self.facts.add(f"redirect:{redirect.id}")
            return self._data.addresses.redirects.verdict(redirect)
        verdict = self._data.addresses.redirects.verdict(redirect)
        owner = {"term": "term", "author": "user"}.get(redirect.owner, "post")
        self.facts.add(f"{owner}:{redirect.owner_id}")
        self.facts.add(f"claim:{verdict.from_path}")
        return verdict

    def author_path(self, user_id: int) -> str | None:
        """Return an author archive's URL path on the site."""
        self.facts.add(f"user:{user_id}")
        return self._data.addresses.author_path(user_id)

    def language_of_post(self, post_id: int) -> str | None:
        """Return a post's language code; the default language on a site of one language."""
        self.facts.add(f"post:{post_id}")
        return self._data.languages.of_post.get(post_id) or (
            None if len(self._data.languages.codes) > 1 else self._data.languages.default
        )

    def language_of_term(self, term_taxonomy_id: int) -> str | None:
        """Return a term's language code; the default language on a site of one language."""
        self.facts.add(f"term:{term_taxonomy_id}")
        return self._data.languages.of_term.get(term_taxonomy_id) or (
            None if len(self._data.languages.codes) > 1 else self._data.languages.default
        )

    def group_of_post(self, post_id: int) -> UUID | None:
        """Return the row id of a post's translation group."""
        self.facts.add(f"post:{post_id}")
        return self._group_id(self._data.languages.group_of_post.get(post_id))

    def group_of_term(self, term_taxonomy_id: int) -> UUID | None:
        """Return the row id of a term's translation group."""
        self.facts.add(f"term:{term_taxonomy_id}")
        return self._group_id(self._data.languages.group_of_term.get(term_taxonomy_id))

    def original_of_post(self, post_id: int) -> int | None:
        """Return the post that a translation was made from."""
        self.facts.add(f"post:{post_id}")
        return self._data.languages.original_of_post.get(post_id)

    def origin_of_post(self, post_id: int) -> TranslationOrigin:
        """Return who wrote the words of a post that has an original: a copy's are still the original's."""
        self.facts.add(f"post:{post_id}")
        return self._data.languages.origin_of_post(post_id)

    def translations_of_term(self, term_taxonomy_id: int) -> list[TermEntry]:
        """Return the terms that are in a term's translation group beside it."""
        self.facts.add(f"term:{term_taxonomy_id}")
        groups = self._data.languages.group_of_term
        group = groups.get(term_taxonomy_id)
        others = [number for number, other in groups.items() if other == group] if group else []
        return [term for number in others if number != term_taxonomy_id and (term := self.term(number))]

    def origin_of_term(self, term_taxonomy_id: int) -> TranslationOrigin:
        """Return who wrote a term's words; its language tells, for plugins do not say what it was translated from."""
        is_alone = self.group_of_term(term_taxonomy_id) is None
        if is_alone or self.language_of_term(term_taxonomy_id) == self.languages.default:
            return TranslationOrigin.SOURCE
        return TranslationOrigin.HUMAN

    def _group_id(self, group: str | None) -> UUID | None:
        """Return the row id of a group: the same in all sites of a network where it is the network's."""
        owner = self._data.languages.network or self._data.key
        return row_id(owner, "translation_groups", group) if group else None
