"""Networks with a blog for each language: a blog is a site, and its groups reach into the other blogs' sites."""

from __future__ import annotations

from collections.abc import Collection

from transforms.contract import Languages
from wp_models.records import WpSite


def read_network(wp: WpSite) -> Languages | None:
    """Return the language of a blog and the groups that it shares with others; None outside such a network."""
    network = wp.network
    if network is None:
        return None
    code = _code(network.locale, network.locales)
    return Languages(
        default=code,
        codes=(code,),
        group_of_post={post: group for post, group in network.groups_of_posts.items() if post in wp.posts},
        group_of_term={term: group for term, group in network.groups_of_terms.items() if term in wp.terms},
        network=f"network {network.name}",
    )


def _code(locale: str, locales: Collection[str]) -> str:
    """Return the language of a locale, with its country where other blogs have the same language."""
    tags = [other.lower().replace("_", "-") for other in locales]
    tag = locale.lower().replace("_", "-")
    language = tag.partition("-")[0]
    return language if sum(other.partition("-")[0] == language for other in tags) == 1 else tag
