"""Differences planted by hand in a migrated CMS: one statement or one file each, with the place it must be named at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import psycopg
from PIL import Image

CONTENT = ("articles", "pages", "portfolios")


@dataclass(frozen=True)
class Planted:
    """One difference: what was done, and the object and field that have to be named."""

    kind: str
    entity: str
    source_id: int
    field: str


@dataclass(frozen=True)
class Change:
    """A kind of difference made by SQL, on so many rows that meet a condition."""

    kind: str
    table: str
    field: str
    statement: str  # of one row, which is called `target`
    where: str = "true"
    number: int = 3


def content(kind: str, field: str, assignment: str, where: str = "true") -> list[Change]:
    """One change in each of three content tables."""
    return [Change(kind, table, field, f"SET {assignment}", where, number=1) for table in CONTENT]


CHANGES: tuple[Change, ...] = (
    *content("title changed", "title", "title = title || ' x'", "path IS NOT NULL"),
    Change("excerpt changed", "articles", "excerpt", "SET excerpt = 'Something else.'"),
    *content("status changed", "status", "status = 'pending'", "status = 'published'"),
    *content("date changed", "published_at", "published_at = published_at - interval '1 day'", "status = 'published'"),
    *content("author changed", "author_id", "author_id = NULL", "author_id IS NOT NULL"),
    *content("slug changed", "slug", "slug = slug || '-x'"),
    *content("path changed", "path", "path = path || 'x/'", "path <> '/' AND status = 'published'"),
    *content("language changed", "language", "language = 'de'"),
    *content(
        "group changed",
        "translation_group_id",
        "translation_group_id = NULL",
        "translation_group_id IN (SELECT translation_group_id FROM cms.{table} GROUP BY 1 HAVING count(*) > 1)",
    ),
    Change(
        "featured image changed", "articles", "featured_media_id", "SET featured_media_id = NULL",
        "featured_media_id IS NOT NULL",
    ),
    Change("parent changed", "pages", "parent_id", "SET parent_id = NULL", "parent_id IS NOT NULL", number=1),
    Change("parent changed", "terms", "parent_id", "SET parent_id = NULL", "parent_id IS NOT NULL", number=2),
    Change("term changed", "terms", "name", "SET name = name || ' x'", number=2),
    Change("comment changed", "comments", "content_html", "SET content_html = '<p>Nothing of it.</p>'", number=1),
    Change("comment changed", "comments", "status", "SET status = 'spam'", number=1),
    Change("comment changed", "comments", "author_name", "SET author_name = 'Nobody'", number=1),
    Change("setting changed", "settings", "value", """SET value = '"changed"'""", "value IS NOT NULL"),
    Change("user changed", "users", "email", "SET email = 'someone@else.example'", number=2),
    *content(
        "search data changed", "seo.description", """seo = seo || '{"description": "Something else"}'""",
        "seo ->> 'description' <> ''",
    ),
    *content("kept out of search engines", "seo.noindex", """seo = seo || '{"noindex": true}'"""),
    Change("redirect changed", "redirects", "to_path", "SET to_path = '/nowhere/'", "to_path IS NOT NULL", number=2),
    Change("redirect changed", "redirects", "from_path", "SET from_path = from_path || 'x'", number=1),
    *content(
        "word removed", "content_html",
        "content_html = regexp_replace(content_html, '[a-z]{5,}(?=[^<>]*</p>)', '')",
        "content_html ~ '[a-z]{5,}[^<>]*</p>'",
    ),
    Change(
        "link broken", "articles", "content_html",
        "SET content_html = regexp_replace(content_html, 'href=\"/[^\"]+\"', 'href=\"/gone-for-good/\"')",
        "content_html ~ 'href=\"/[^\"]+\"'", number=2,
    ),
    *content(
        "source content cut", "source_content", "source_content = left(source_content, length(source_content) / 2)",
        "length(source_content) > 100",
    ),
)  # fmt: skip

TOMBSTONES = tuple(content("tombstone set", "deleted_at", "deleted_at = now()"))
REMOVALS = tuple(
    Change("row removed", table, "row", "", number=1) for table in ("articles", "comments", "terms", "redirects")
)

SOURCE_ID = """
    SELECT source_id, row_id FROM migration.entity_state AS state JOIN cms.{table} AS target ON target.id = row_id
    WHERE entity = '{table}' AND outcome = 'loaded' AND ({where}) ORDER BY md5(target.id::text || '{kind}')
"""


class Gardener:
    """Plants differences, spread over as many objects as there are."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], store: Path) -> None:
        self._connection = connection
        self._store = store
        self._gone: set[tuple[str, int]] = set()
        self._planted: Counter[tuple[str, int]] = Counter()

    def plant(self) -> Iterator[Planted]:
        """Plant everything and tell what must be found."""
        for change in REMOVALS:
            for source_id, row_id in self._chosen(change):
                self._connection.execute(f"DELETE FROM cms.{change.table} WHERE id = %s".encode(), (row_id,))
                self._gone.add((change.table, source_id))
                yield Planted(change.kind, change.table, source_id, "row")
        for change in (*TOMBSTONES, *CHANGES):
            for source_id, row_id in self._chosen(change):
                statement = f"UPDATE cms.{change.table} AS target {change.statement} WHERE id = %s"
                assert self._connection.execute(statement.encode(), (row_id,)).rowcount == 1
                if change in TOMBSTONES:
                    self._gone.add((change.table, source_id))
                yield Planted(change.kind, change.table, source_id, change.field)
        yield from self._links()
        yield from self._menu_items()
        yield from self._files()
        yield from self._additions()

    def _chosen(self, change: Change) -> list[tuple[int, object]]:
        where = change.where.replace("{table}", change.table)
        query = SOURCE_ID.format(table=change.table, where=where, kind=change.kind)
        found = self._connection.execute(query.encode()).fetchall()
        present = [row for row in found if (change.table, row[0]) not in self._gone]
        chosen = sorted(present, key=lambda row: self._planted[change.table, row[0]])[: change.number]
        assert len(chosen) == change.number, f"{change.kind}: only {len(chosen)} of {change.number} in {change.table}"
        self._planted.update((change.table, row[0]) for row in chosen)
        return chosen

    def _links(self) -> Iterator[Planted]:
        query = """
            SELECT link.id, article.wp_post_id, link.article_id FROM cms.term_relationships AS link
            JOIN cms.articles AS article ON article.id = article_id
            WHERE article.deleted_at IS NULL ORDER BY md5(link.id::text) LIMIT 2
        """
        for link, article, _ in self._connection.execute(query).fetchall():
            self._connection.execute("DELETE FROM cms.term_relationships WHERE id = %s", (link,))
            yield Planted("term link changed", "articles", article, "term_relationships")
        query = """
            INSERT INTO cms.term_relationships (id, site_id, term_id, page_id)
            SELECT gen_random_uuid(), page.site_id, term.id, page.id FROM cms.pages AS page, cms.terms AS term
            WHERE page.deleted_at IS NULL LIMIT 1 RETURNING page_id
        """
        [(page,)] = self._connection.execute(query).fetchall()
        [(number,)] = self._connection.execute("SELECT wp_post_id FROM cms.pages WHERE id = %s", (page,)).fetchall()
        yield Planted("term link changed", "pages", number, "term_relationships")

    def _menu_items(self) -> Iterator[Planted]:
        query = """
            SELECT item.id, state.source_id FROM cms.menu_items AS item
            JOIN migration.entity_state AS state ON state.row_id = item.menu_id
            WHERE item.parent_id IS NOT NULL OR item.position = 0 ORDER BY state.source_id, item.position
        """
        found = self._connection.execute(query).fetchall()
        by_menu = {menu: item for item, menu in found}
        statements = (
            "UPDATE cms.menu_items SET label = 'Renamed' WHERE id = %s",
            "UPDATE cms.menu_items SET url = '/elsewhere/' WHERE id = %s",
            "DELETE FROM cms.menu_items WHERE id = %s",
        )
        for statement, (menu, item) in zip(statements, by_menu.items(), strict=False):
            self._connection.execute(statement.encode(), (item,))
            yield Planted("menu item changed", "menus", menu, "menu_items")

    def _files(self) -> Iterator[Planted]:
        query = """
            SELECT media.wp_post_id, variant.store_key, variant.id FROM cms.media_variants AS variant
            JOIN cms.media ON media.id = media_id
            WHERE media.status = 'converted' AND variant.store_key IN (
                SELECT store_key FROM cms.media_variants GROUP BY 1 HAVING count(*) = 1
            ) ORDER BY media.wp_post_id, variant.role
        """
        by_media = {row[0]: row for row in self._connection.execute(query).fetchall()}
        for number, (media, key, variant) in enumerate(list(by_media.values())[:8]):
            path = self._store / str(key)
            if number < 2:
                path.unlink()
                yield Planted("image file removed", "media", media, "file")
            elif number < 4:
                data = bytearray(path.read_bytes())
                data[len(data) // 2] ^= 0xFF
                path.write_bytes(data)
                yield Planted("image file damaged", "media", media, "file")
            elif number < 6:
                other = BytesIO()
                Image.new("RGB", (8, 8), "red").save(other, "WEBP")
                path.write_bytes(other.getvalue())
                yield Planted("image file replaced", "media", media, "file")
            else:
                self._connection.execute("DELETE FROM cms.media_variants WHERE id = %s", (variant,))
                yield Planted("variant removed", "media", media, "media_variants")

    def _additions(self) -> Iterator[Planted]:
        for number, table in enumerate(CONTENT, start=900_001):
            statement = f"""
                INSERT INTO cms.{table} (id, site_id, wp_post_id, slug, title, status)
                SELECT gen_random_uuid(), id, %s, 'planted', 'Planted', 'published' FROM cms.sites
            """
            self._connection.execute(statement.encode(), (number,))
            yield Planted("row added", table, number, "row")
