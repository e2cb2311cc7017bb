"""What redirects are made of: the last hexadecimal digit of their ids."""

from __future__ import annotations

from enum import IntEnum


class Origin(IntEnum):
    """What a redirect was made of; the last hexadecimal digit of its id."""

    EPS_REDIRECT = 0  # number: the rule's id
    OLD_SLUG = 1  # meta id
    OLD_DATE = 2  # meta id
    OLD_SLUG_AND_DATE = 3  # made of both meta ids
    REDIRECTION = 4  # item id
    RANK_MATH = 5  # made of the rule's id and its source
    POST_META = 6  # meta id
    SAFE_REDIRECT = 7  # post id
    OPTION = 8  # made of the list and the source
    ATTACHMENT_PAGE = 9  # post id
    SHORTLINK = 10  # post id: ?p=
    PAGE_SHORTLINK = 11  # post id: ?page_id=
    ATTACHMENT_SHORTLINK = 12  # post id: ?attachment_id=
    POST_QUERY = 13  # post id: ?event=fair, on sites with plain links
    TERM_QUERY = 14  # term_taxonomy_id: ?cat=3, ?tag=red
    AUTHOR_QUERY = 15  # user id: ?author=3

    def key(self, number: int) -> int:
        """Return the id of the redirect that was made of this number."""
        return number * 16 + self
