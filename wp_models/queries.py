"""What an entity asks of the source, as plain values; `reader` and `fingerprints` turn them into SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostQuery:
    """Rows of `posts` with metas and terms. Which post types an entity takes is the site's settings' say."""


@dataclass(frozen=True, slots=True)
class TermQuery:
    """Rows of `term_taxonomy` joined to `terms`, with term metas."""


@dataclass(frozen=True, slots=True)
class UserQuery:
    """Rows of `users` with their metas."""


@dataclass(frozen=True, slots=True)
class CommentQuery:
    """Rows of `comments`."""


@dataclass(frozen=True, slots=True)
class MenuQuery:
    """Terms of `nav_menu`, each with its items."""


@dataclass(frozen=True, slots=True)
class OptionQuery:
    """Rows of `options` without secrets and transients."""


@dataclass(frozen=True, slots=True)
class RedirectQuery:
    """Every address that WordPress or one of its plugins redirects, each a record of its own."""


Query = PostQuery | TermQuery | UserQuery | CommentQuery | MenuQuery | OptionQuery | RedirectQuery
