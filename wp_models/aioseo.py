"""All in One SEO 4 keeps a row for each post in a table of its own; metas mirror but a few of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from wp_models.key_ranges import among
from wp_models.tables import Installation
from wp_models.values import integer, text

TABLE = "aioseo_posts"
PREFIX = "_aioseo_"  # of the metas that mirror the table
TEXTS = (
    "title", "description", "keyphrases", "canonical_url", "og_title", "og_description", "og_image_custom_url",
    "twitter_title", "twitter_description",
)  # fmt: skip
ROBOTS = ("robots_noindex", "robots_nofollow", "robots_noarchive", "robots_nosnippet", "robots_noimageindex")
HASHED = " ".join((*TEXTS, "robots_default", *ROBOTS))


def read_aioseo(connection: Connection, site: Installation, keys: Sequence[int]) -> dict[int, Mapping[str, str]]:
    """Return what the table says of posts, under the names that metas have; robots only where a post has its own."""
    if not site.has(TABLE) or not keys:
        return {}
    table = site.table(TABLE).c
    wanted = [table[name] for name in (*TEXTS, "robots_default", *ROBOTS)]
    query = select(table.post_id, *wanted).where(among(table.post_id, keys)).order_by(table.id)
    found: dict[int, Mapping[str, str]] = {}
    for row in connection.execute(query).mappings():
        said = {name: text(row[name]) for name in TEXTS if row[name]}
        if not integer(row["robots_default"]):
            said |= {name: str(integer(row[name])) for name in ROBOTS}
        found[row["post_id"]] = {f"{PREFIX}{name}": value for name, value in said.items()}
    return found
