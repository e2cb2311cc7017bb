"""Batches into a real Postgres: all or nothing, nothing twice, nobody's edits lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from cms_models import bulk, db, runs, schema, state, tables
from cms_models.errors import RowsTouchedLaterError, SiteBusyError, TargetRefusedError, TargetUnavailableError
from cms_models.history import rollback_run
from cms_models.loader import delete_rows, load_batch
from cms_models.outbox import Outbox
from cms_models.rows import (
    ArticleRow,
    CommentRow,
    ConflictPolicy,
    DeadLetterRow,
    IssueRow,
    LoadBatch,
    LoadResult,
    MediaKind,
    MediaRow,
    MediaStatus,
    MediaVariantRow,
    MenuItemRow,
    MenuRow,
    Outcome,
    PageRow,
    PortfolioRow,
    RedirectRow,
    Row,
    StateRow,
    Status,
    TermRelationshipRow,
    TermRow,
    TranslationGroupRow,
    UserMetadataRow,
    UserRow,
    row_id,
)

RUNS = [UUID(int=number) for number in range(1, 10)]
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@dataclass
class Cms:
    """A migrated database with one site."""

    url: str
    connection: db.Connection
    site_id: int

    def load(self, entity: str, *rows: Row, run: int = 1, **more: Any) -> LoadResult:
        policy, is_first_load = more.pop("policy", ConflictPolicy.KEEP_CMS), more.pop("is_first_load", False)
        batch = self.batch(entity, *rows, run=run, **more)
        return load_batch(self.connection, batch, policy, is_first_load=is_first_load)

    def batch(self, entity: str, *rows: Row, run: int = 1, fingerprint: str = "f", **more: Any) -> LoadBatch:
        """A batch whose objects are the rows of the entity's own table."""
        states = [
            StateRow(
                source_id=source_id(row), fingerprint=fingerprint, transform_version=1, row_id=row.id,
                outcome=Outcome.LOADED, facts=(f"{entity}:{source_id(row)}",),
            )
            for row in {row.id: row for row in rows if row.table == entity}.values()
        ]  # fmt: skip
        states += more.pop("states", [])
        return LoadBatch(site_id=self.site_id, run_id=RUNS[run], entity=entity, rows=rows, states=tuple(states), **more)

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode(), values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        [(value,)] = self.all(query, *values)
        return value

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Everything in `cms` and the state."""
        names = [table.fullname for table in tables.metadata.sorted_tables] + ["migration.entity_state"]
        found = {}
        for name in names:
            query = sql.SQL("SELECT * FROM {} ORDER BY 1, 2, 3").format(sql.Identifier(*name.split(".")))
            found[name] = self.connection.cursor(row_factory=dict_row).execute(query).fetchall()
        return found

    def versions(self, table: str) -> list[tuple[Any, ...]]:
        """Which transaction wrote each row last."""
        return self.all(f"SELECT id, xmin FROM cms.{table} ORDER BY id")


def source_id(row: Row) -> int:
    for name in ("wp_post_id", "wp_user_id", "wp_term_taxonomy_id", "wp_comment_id"):
        if (value := getattr(row, name, None)) is not None:
            return int(value)
    return row.id.int % 1_000_000


def article(number: int, **fields: Any) -> ArticleRow:
    ordinary: dict[str, Any] = {
        "slug": f"article-{number}",
        "path": f"/article-{number}/",
        "title": f"Article {number}",
        "content_html": "<p>Bread and salt</p>",
        "content_text": "Bread and salt",
        "blocks": [{"name": "core/paragraph"}],
        "status": Status.PUBLISHED,
        "published_at": NOON,
    }
    return ArticleRow(id=row_id("s", "articles", number), site_id=1, wp_post_id=number, **{**ordinary, **fields})


def user(number: int, **fields: Any) -> UserRow:
    return UserRow(id=row_id("s", "users", number), site_id=1, wp_user_id=number, login=f"user-{number}", **fields)


def term(number: int, taxonomy: str = "category", **fields: Any) -> TermRow:
    identity = row_id("s", "terms", number)
    return TermRow(
        id=identity, site_id=1, wp_term_taxonomy_id=number, wp_term_id=number, taxonomy=taxonomy,
        slug=f"term-{number}", name=f"Term {number}", **fields,
    )  # fmt: skip


def filed(article_number: int, term_number: int, **fields: Any) -> TermRelationshipRow:
    return TermRelationshipRow(
        id=row_id("s", "term_relationships", f"{article_number}/{term_number}"), site_id=1,
        term_id=row_id("s", "terms", term_number), article_id=row_id("s", "articles", article_number), **fields,
    )  # fmt: skip


def group(number: int) -> TranslationGroupRow:
    return TranslationGroupRow(id=row_id("s", "translation_groups", number), site_id=1, kind="post")


def picture(number: int, **fields: Any) -> MediaRow:
    identity = row_id("s", "media", number)
    return MediaRow(
        id=identity, site_id=1, wp_post_id=number, kind=MediaKind.IMAGE, status=MediaStatus.CONVERTED, **fields
    )


def variant(number: int, width: int) -> MediaVariantRow:
    return MediaVariantRow(
        id=row_id("s", "media_variants", f"{number}/{width}"), site_id=1, media_id=row_id("s", "media", number),
        store_key=f"ab/{number}-{width}.webp", mime_type="image/webp", width=width, role=f"w{width}",
    )  # fmt: skip


@pytest.fixture
def cms(postgres: str) -> Iterator[Cms]:
    schema.upgrade(postgres)
    with db.connect(postgres) as connection:
        site_id = db.ensure_site(
            connection, "s", name="Site", url="https://s.test", default_language="en", languages=["en"], timezone="UTC"
        )
        assert site_id == 1
        yield Cms(postgres, connection, site_id)


FIRST_OR_NOT = pytest.mark.parametrize("is_first_load", [False, True], ids=["compared", "straight"])


@FIRST_OR_NOT
def test_a_batch_lands_with_its_state_its_issues_and_its_dead_letters(cms: Cms, is_first_load: bool) -> None:
    rejected = StateRow(source_id=3, fingerprint="x", transform_version=1, row_id=None, outcome=Outcome.REJECTED)
    letter = DeadLetterRow(source_id=3, stage="transform", error="date.bad", detail="why", payload={"title": "T"})
    result = cms.load(
        "articles", article(1), article(2), states=[rejected], dead_letters=(letter,), is_first_load=is_first_load,
        issues=(IssueRow(source_id=1, code="body.a", detail="x"), IssueRow(source_id=1, code="body.a", detail="y")),
    )  # fmt: skip
    assert result == LoadResult(loaded=2, rejected=1, rows_written=2)
    assert cms.all("SELECT title, status::text, blocks, published_at FROM cms.articles ORDER BY wp_post_id") == [
        ("Article 1", "published", [{"name": "core/paragraph"}], NOON),
        ("Article 2", "published", [{"name": "core/paragraph"}], NOON),
    ]
    known = state.read_state(cms.connection, cms.site_id, "articles")
    assert {source: known[source].outcome for source in known} == {
        1: Outcome.LOADED, 2: Outcome.LOADED, 3: Outcome.REJECTED,
    }  # fmt: skip
    assert cms.all("SELECT source_id, code, detail FROM migration.issues ORDER BY position") == [
        (1, "body.a", "x"), (1, "body.a", "y"),
    ]  # fmt: skip
    assert cms.one("SELECT payload FROM migration.dead_letters WHERE resolved_at IS NULL") == {"title": "T"}


def test_a_first_load_leaves_what_a_comparing_one_leaves(cms: Cms) -> None:
    translated = article(1, translation_group_id=group(1).id, language="en", blocks=None, seo={"title": "Brot & Salz"})
    batches = [
        cms.batch("users", user(1), UserMetadataRow(id=UUID(int=7), site_id=1, user_id=user(1).id, key="a", value=[1])),
        cms.batch("media", picture(3, width=100), variant(3, 480), variant(3, 960)),
        cms.batch("terms", term(5), term(6, "post_tag", description="Grüße")),
        cms.batch("articles", translated, article(2, author_id=user(1).id), filed(1, 5), filed(1, 6), group(1)),
    ]
    left: list[Any] = []
    for is_first_load in (False, True):
        results = [load_batch(cms.connection, batch, is_first_load=is_first_load) for batch in batches]
        history = cms.all("SELECT run_id, table_name, row_id, before FROM migration.row_history ORDER BY 1, 2, 3")
        left.append((results, cms.dump(), history))
        cms.connection.execute("TRUNCATE migration.entity_state, migration.row_history, cms.translation_groups")
        cms.connection.execute("TRUNCATE cms.users, cms.media, cms.terms, cms.articles CASCADE")
    assert left[0] == left[1]
    assert left[0][0][-1] == LoadResult(loaded=2, rows_written=5)


def test_what_is_there_already_is_compared_in_a_first_load_too(cms: Cms) -> None:
    cms.load("articles", article(1), article(2))
    written = cms.versions("articles")
    assert cms.load("articles", article(1), article(2), run=2, is_first_load=True) == LoadResult(unchanged=2)
    cms.connection.execute("TRUNCATE migration.entity_state")  # the memory is lost, the content is there
    again = cms.load("articles", article(1), article(2), article(3), run=2, is_first_load=True)
    assert again == LoadResult(loaded=1, unchanged=2, rows_written=1)
    assert set(written) < set(cms.versions("articles"))


def test_a_language_that_is_taken_is_given_up_in_a_first_load_too(cms: Cms) -> None:
    english = {"translation_group_id": group(1).id, "language": "en"}
    cms.load("articles", article(1, **english), group(1))
    cms.connection.execute("TRUNCATE migration.entity_state")
    assert cms.load("articles", article(2, **english), group(1), run=2, is_first_load=True).loaded == 1
    groups = cms.all("SELECT wp_post_id, translation_group_id FROM cms.articles ORDER BY 1")
    assert groups == [(1, None), (2, group(1).id)]


def test_the_same_batch_again_writes_nothing_at_all(cms: Cms) -> None:
    cms.load("terms", term(5))
    batch = cms.batch(
        "articles", article(1), filed(1, 5), group(1), issues=(IssueRow(source_id=1, code="a.b", detail="c"),)
    )
    load_batch(cms.connection, batch)
    before, written = cms.dump(), {name: cms.versions(name) for name in ("articles", "term_relationships")}
    counts = [cms.one(f"SELECT count(*) FROM migration.{name}") for name in ("row_history", "issues")]
    again = load_batch(cms.connection, replace(batch, run_id=RUNS[2]))
    assert again == LoadResult(unchanged=1)
    assert cms.dump() == before
    assert {name: cms.versions(name) for name in ("articles", "term_relationships")} == written
    assert [cms.one(f"SELECT count(*) FROM migration.{name}") for name in ("row_history", "issues")] == counts


def test_only_the_row_that_differs_is_written(cms: Cms) -> None:
    cms.load("articles", article(1), article(2), article(3))
    before = dict(cms.versions("articles"))
    result = cms.load("articles", article(1), article(2, title="New"), article(3), run=2, fingerprint="g")
    assert result == LoadResult(loaded=1, unchanged=2, rows_written=1)
    after = dict(cms.versions("articles"))
    assert {row for row in after if after[row] != before[row]} == {article(2).id}
    assert {known.fingerprint for known in state.read_state(cms.connection, 1, "articles").values()} == {"g"}


def test_of_two_rows_with_one_id_the_last_is_loaded(cms: Cms) -> None:
    assert cms.load("articles", article(1), article(1, title="Last")).loaded == 1
    assert cms.one("SELECT title FROM cms.articles") == "Last"


def test_rows_that_an_object_no_longer_has_are_deleted(cms: Cms) -> None:
    cms.load("terms", term(5), term(6), term(7))
    cms.load("articles", article(1), filed(1, 5), filed(1, 6), article(2), filed(2, 5))
    result = cms.load("articles", article(1), filed(1, 6, position=4), filed(1, 7), run=2)
    assert result == LoadResult(loaded=1, rows_written=3)
    found = cms.all("SELECT article_id, term_id, position FROM cms.term_relationships")
    assert set(found) == {
        (article(1).id, term(6).id, 4), (article(1).id, term(7).id, 0), (article(2).id, term(5).id, 0),
    }  # fmt: skip


@pytest.mark.parametrize("entity", ["users", "media", "menus"])
def test_each_kind_of_owner_keeps_its_rows_as_a_set(cms: Cms, entity: str) -> None:
    menu = MenuRow(id=row_id("s", "menus", 1), site_id=1, slug="main", name="Main", locations=("primary", "footer"))
    owners: dict[str, tuple[Row, list[Row]]] = {
        "users": (
            user(1, roles=("editor",)),
            [
                UserMetadataRow(
                    id=row_id("s", "user_metadata", key), site_id=1, user_id=user(1).id, key=key, value=["x"]
                )
                for key in ("a", "b")
            ],
        ),
        "media": (picture(1), [variant(1, 480), variant(1, 960)]),
        "menus": (
            menu,
            [
                MenuItemRow(
                    id=row_id("s", "menu_items", key), site_id=1, menu_id=menu.id, label=key, css_classes=("wide",)
                )
                for key in ("a", "b")
            ],
        ),
    }
    owner, owned = owners[entity]
    assert cms.load(entity, owner, *owned).rows_written == 3
    assert cms.load(entity, owner, *owned).rows_written == 0
    assert cms.load(entity, owner, owned[0]) == LoadResult(loaded=1, rows_written=1)
    assert cms.all(f"SELECT id FROM cms.{owned[0].table}") == [(owned[0].id,)]


def test_texts_lose_what_postgres_cannot_hold_and_nothing_else(cms: Cms) -> None:
    odd = article(
        1, title="a\0b\ud83d", content_html="é\0", blocks={"k\0": ["\ud800", float("nan")]}, custom_fields={"n": 2**70},
    )  # fmt: skip
    cms.load("articles", odd)
    assert cms.all("SELECT title, content_html, blocks, custom_fields FROM cms.articles") == [
        ("ab�", "é", {"k": ["�", None]}, {"n": 2**70})
    ]
    assert cms.load("articles", odd).unchanged == 1


def test_a_body_of_two_megabytes_is_searched_by_its_beginning(cms: Cms) -> None:
    words = " ".join(f"word{number}" for number in range(220_000))
    cms.load("articles", article(1, content_text=words, content_html=words, source_content=words, slug="x" * 5_000))
    assert cms.one("SELECT length(content_text) FROM cms.articles") == len(words) > 2_000_000
    for found, query in ((1, "word3 & article"), (0, "word219999")):
        assert cms.one("SELECT count(*) FROM cms.articles WHERE search @@ to_tsquery('simple', %s)", query) == found


def test_translations_swap_their_languages_in_one_batch(cms: Cms) -> None:
    shared_group = group(1).id
    english = article(1, translation_group_id=shared_group, language="en")
    spanish = article(2, translation_group_id=shared_group, language="es")
    cms.load("articles", english, spanish, group(1))
    result = cms.load("articles", replace(english, language="es"), replace(spanish, language="en"), group(1), run=2)
    assert result == LoadResult(loaded=2, rows_written=2)


def test_translations_swap_their_languages_over_two_batches(cms: Cms) -> None:
    shared_group = group(1).id
    english = article(1, translation_group_id=shared_group, language="en")
    spanish = article(2, translation_group_id=shared_group, language="es")
    cms.load("articles", english, spanish, group(1))
    cms.load("articles", replace(english, language="es"), run=2)
    assert cms.one("SELECT translation_group_id FROM cms.articles WHERE wp_post_id = 2") is None
    assert state.read_state(cms.connection, 1, "articles")[2].fingerprint == ""
    assert cms.load("articles", replace(spanish, language="en"), run=2) == LoadResult(loaded=1, rows_written=1)
    assert cms.all("SELECT wp_post_id, language, translation_group_id FROM cms.articles ORDER BY 1") == [
        (1, "es", shared_group), (2, "en", shared_group),
    ]  # fmt: skip


def test_an_edit_in_the_cms_outlives_a_change_in_the_source(cms: Cms) -> None:
    cms.load("articles", article(1), article(2))
    cms.all("UPDATE cms.articles SET excerpt = 'by hand' WHERE wp_post_id = 1 RETURNING 1")
    changed = [article(1, title="New"), article(2, title="New")]
    assert cms.load("articles", *changed, run=2) == LoadResult(loaded=1, conflicts=1, rows_written=1)
    assert cms.all("SELECT title, excerpt FROM cms.articles ORDER BY wp_post_id") == [
        ("Article 1", "by hand"),
        ("New", ""),
    ]
    known = state.read_state(cms.connection, 1, "articles")[1]
    assert (known.outcome, known.reason) == (Outcome.CONFLICT, "edited in the CMS and in the source")
    assert cms.load("articles", *changed, run=3) == LoadResult(unchanged=1, conflicts=1)
    assert cms.load("articles", *changed, run=4, policy=ConflictPolicy.SOURCE_WINS).loaded == 1
    assert cms.all("SELECT title, excerpt FROM cms.articles WHERE wp_post_id = 1") == [("New", "")]


def test_an_edit_in_the_cms_is_no_conflict_while_the_source_says_the_same(cms: Cms) -> None:
    cms.load("articles", article(1))
    cms.all("UPDATE cms.articles SET title = 'by hand' RETURNING 1")
    assert cms.load("articles", article(1), run=2, fingerprint="g") == LoadResult(unchanged=1)
    assert cms.one("SELECT title FROM cms.articles") == "by hand"
    assert cms.load("articles", article(1, title="New"), run=3) == LoadResult(conflicts=1)


def test_the_same_edit_on_both_sides_is_no_conflict(cms: Cms) -> None:
    cms.load("articles", article(1))
    cms.all("UPDATE cms.articles SET title = 'New' RETURNING 1")
    assert cms.load("articles", article(1, title="New"), run=2) == LoadResult(unchanged=1)
    assert cms.load("articles", article(1, title="Newer"), run=3) == LoadResult(loaded=1, rows_written=1)


@pytest.mark.parametrize(
    "edit",
    [
        """
        INSERT INTO cms.term_relationships (id, site_id, term_id, article_id)
        SELECT gen_random_uuid(), 1, terms.id, articles.id FROM cms.terms, cms.articles
        """,
        "DELETE FROM cms.articles",
        "UPDATE cms.articles SET deleted_at = now()",
    ],
    ids=["a category added", "deleted", "put into the bin"],
)
def test_any_kind_of_work_in_the_cms_is_an_edit(cms: Cms, edit: str) -> None:
    cms.load("terms", term(5))
    cms.load("articles", article(1))
    cms.all(edit + " RETURNING 1")
    before = cms.dump()["cms.articles"], cms.dump()["cms.term_relationships"]
    assert cms.load("articles", article(1), run=2) == LoadResult(unchanged=1)
    assert cms.load("articles", article(1, title="New"), run=3) == LoadResult(conflicts=1)
    assert (cms.dump()["cms.articles"], cms.dump()["cms.term_relationships"]) == before


def test_an_object_that_changed_its_type_has_one_row_only(cms: Cms) -> None:
    cms.load("terms", term(5))
    cms.load("articles", article(1), filed(1, 5))
    comment = CommentRow(id=row_id("s", "comments", 1), site_id=1, wp_comment_id=1, article_id=article(1).id)
    cms.load("comments", comment)
    page = PageRow(
        id=row_id("s", "pages", 1), site_id=1, wp_post_id=1, slug="p", path="/p/", title="P", status=Status.DRAFT
    )
    cms.load("pages", page, run=2)
    assert cms.one("SELECT count(*) FROM cms.articles WHERE deleted_at IS NULL") == 0
    assert cms.one("SELECT count(*) FROM cms.term_relationships") == 0
    assert state.read_state(cms.connection, 1, "articles") == {}
    cms.load("comments", replace(comment, article_id=None, page_id=page.id), run=2)
    assert cms.all("SELECT article_id, page_id FROM cms.comments") == [(None, page.id)]
    cms.load("articles", article(1), filed(1, 5), run=3)
    assert cms.one("SELECT deleted_at FROM cms.articles") is None
    assert cms.one("SELECT count(*) FROM cms.pages WHERE deleted_at IS NULL") == 0


def test_an_object_that_is_left_out_now_becomes_a_tombstone_and_may_come_back(cms: Cms) -> None:
    cms.load("terms", term(5))
    cms.load("articles", article(1), filed(1, 5))
    skipped = StateRow(
        source_id=1, fingerprint="t", transform_version=1, row_id=None, outcome=Outcome.SKIPPED, reason="trash"
    )
    assert cms.load("articles", states=[skipped], run=2) == LoadResult(skipped=1, rows_written=2)
    assert cms.one("SELECT deleted_at IS NOT NULL FROM cms.articles")
    assert state.read_state(cms.connection, 1, "articles")[1].reason == "trash"
    assert cms.load("articles", states=[skipped], run=3) == LoadResult(skipped=1)
    assert cms.load("articles", article(1), filed(1, 5), run=4) == LoadResult(loaded=1, rows_written=2)
    assert cms.one("SELECT deleted_at FROM cms.articles") is None


def test_what_is_gone_from_the_source_is_put_away(cms: Cms) -> None:
    cms.load("terms", term(5))
    cms.load("articles", article(1), filed(1, 5), article(2))
    redirect = RedirectRow(id=row_id("s", "redirects", 1), site_id=1, from_path="/old/", to_path="/new/")
    cms.load("redirects", redirect)
    deleted = delete_rows(cms.connection, 1, RUNS[2], "articles", [1, 99])
    assert (deleted.deleted, deleted.conflicts, deleted.rows_written) == (2, 0, 2)
    assert cms.all("SELECT wp_post_id FROM cms.articles WHERE deleted_at IS NULL") == [(2,)]
    assert set(state.read_state(cms.connection, 1, "articles")) == {2}
    number = source_id(redirect)
    assert delete_rows(cms.connection, 1, RUNS[2], "redirects", [number]).rows_written == 1
    assert cms.all("SELECT * FROM cms.redirects") == []
    assert delete_rows(cms.connection, 1, RUNS[3], "articles", [1]).rows_written == 0
    assert cms.load("articles", article(1), filed(1, 5), run=4) == LoadResult(loaded=1, rows_written=2)


def test_what_was_edited_in_the_cms_stays_when_the_source_loses_it(cms: Cms) -> None:
    cms.load("articles", article(1))
    cms.all("UPDATE cms.articles SET title = 'by hand' RETURNING 1")
    deleted = delete_rows(cms.connection, 1, RUNS[2], "articles", [1])
    assert (deleted.deleted, deleted.conflicts) == (0, 1)
    assert cms.one("SELECT deleted_at FROM cms.articles") is None
    assert state.read_state(cms.connection, 1, "articles")[1].outcome == Outcome.CONFLICT


def test_a_purge_takes_the_row_and_what_cannot_stand_without_it(cms: Cms) -> None:
    cms.load("users", user(1))
    cms.load("terms", term(5))
    cms.load("articles", article(1, author_id=user(1).id), filed(1, 5))
    cms.load(
        "comments", CommentRow(id=row_id("s", "comments", 1), site_id=1, wp_comment_id=1, article_id=article(1).id)
    )
    before = cms.dump()
    delete_rows(cms.connection, 1, RUNS[2], "users", [1], purge=True)
    assert cms.one("SELECT author_id FROM cms.articles") is None
    delete_rows(cms.connection, 1, RUNS[2], "articles", [1], purge=True, policy=ConflictPolicy.SOURCE_WINS)
    assert [cms.one(f"SELECT count(*) FROM cms.{name}") for name in ("articles", "comments", "users")] == [0, 0, 0]
    runs.start_run(cms.connection, RUNS[2], 1, "migrate", {})
    rollback_run(cms.connection, RUNS[2])
    assert cms.dump() == before


def test_references_to_what_was_rejected_are_reported_and_tried_again(cms: Cms) -> None:
    missing_user, missing_term = user(9).id, term(9).id
    result = cms.load("articles", article(1, author_id=missing_user), filed(1, 9), article(2))
    assert result == LoadResult(loaded=2, rows_written=2)
    assert cms.all("SELECT code FROM migration.issues") == [("load.missing_reference",)] * 2
    known = state.read_state(cms.connection, 1, "articles")
    assert (known[1].fingerprint, known[2].fingerprint) == ("", "f")
    cms.load("users", user(9))
    cms.load("terms", term(9))
    again = cms.load("articles", article(1, author_id=missing_user), filed(1, 9), run=2)
    assert again == LoadResult(loaded=1, rows_written=2)
    assert cms.one("SELECT term_id FROM cms.term_relationships") == missing_term
    assert cms.all("SELECT * FROM migration.issues") == []


@FIRST_OR_NOT
def test_a_record_that_postgres_refuses_does_not_stop_the_others(cms: Cms, is_first_load: bool) -> None:
    pictures = [picture(number, width=100) for number in range(1, 8)]
    pictures[4] = picture(5, width=2**40)
    result = cms.load("media", *pictures, variant(5, 480), variant(6, 480), is_first_load=is_first_load)
    assert result == LoadResult(loaded=6, rejected=1, rows_written=7)
    assert cms.all("SELECT source_id, stage, error FROM migration.dead_letters") == [(5, "load", "load.refused")]
    assert "Traceback" not in cms.one("SELECT detail FROM migration.dead_letters")
    healed = cms.load("media", picture(5, width=100), variant(5, 480), run=2)
    assert healed == LoadResult(loaded=1, rows_written=2)
    assert cms.one("SELECT resolved_at IS NOT NULL FROM migration.dead_letters")


def test_a_rejection_keeps_the_row_that_was_good_before(cms: Cms) -> None:
    cms.load("articles", article(1))
    rejected = StateRow(source_id=1, fingerprint="g", transform_version=1, row_id=None, outcome=Outcome.REJECTED)
    letter = DeadLetterRow(source_id=1, stage="transform", error="a.b", detail="c", payload=None)
    assert cms.load("articles", states=[rejected], dead_letters=(letter,), run=2).rejected == 1
    assert cms.one("SELECT title FROM cms.articles WHERE deleted_at IS NULL") == "Article 1"
    assert cms.load("articles", article(1, title="New"), run=3) == LoadResult(loaded=1, rows_written=1)


@pytest.mark.parametrize("table", ["articles", "term_relationships"])
def test_a_batch_that_does_not_hold_together_is_a_bug_and_writes_nothing(cms: Cms, table: str) -> None:
    rows: Sequence[Row] = [article(1)] if table == "articles" else [filed(1, 5)]
    batch = replace(cms.batch("articles", article(1)), rows=(*rows, article(2)) if table == "articles" else tuple(rows))
    with pytest.raises(ValueError, match="A batch of articles has"):
        load_batch(cms.connection, batch)
    assert cms.all("SELECT * FROM cms.articles") == []


def test_a_rollback_brings_every_row_and_state_back(cms: Cms) -> None:
    for run in (1, 2):
        runs.start_run(cms.connection, RUNS[run], 1, "migrate", {"run": run})
    cms.load("terms", term(5), term(6))
    cms.load("portfolios", PortfolioRow(
        id=row_id("s", "portfolios", 3), site_id=1, wp_post_id=3, slug="p", path=None, title="P",
        status=Status.PRIVATE, gallery=(UUID(int=1), UUID(int=2)), published_at=NOON,
    ))  # fmt: skip
    cms.load("articles", article(1), filed(1, 5), article(2), group(1))
    before = cms.dump()
    cms.load("terms", term(5, description="new"), term(7), run=2)
    cms.load("articles", article(1, title="New"), filed(1, 6), article(4), filed(4, 7), group(2), run=2)
    page = PageRow(
        id=row_id("s", "pages", 3), site_id=1, wp_post_id=3, slug="p", path="/p/", title="P", status=Status.DRAFT
    )
    cms.load("pages", page, run=2)
    delete_rows(cms.connection, 1, RUNS[2], "articles", [2])
    assert cms.dump() != before
    result = rollback_run(cms.connection, RUNS[2])
    assert result.rows_deleted == 6
    assert cms.dump() == before
    assert cms.one("SELECT outcome FROM migration.runs WHERE id = %s", RUNS[2]) == "rolled_back"


def test_a_run_whose_rows_were_written_later_is_not_rolled_back_alone(cms: Cms) -> None:
    for run in (1, 2):
        runs.start_run(cms.connection, RUNS[run], 1, "migrate", {})
    cms.load("articles", article(1))
    cms.load("articles", article(1, title="New"), run=2)
    before = cms.dump()
    with pytest.raises(RowsTouchedLaterError, match="Roll the later runs back first"):
        rollback_run(cms.connection, RUNS[1])
    assert cms.dump() == before


def test_a_first_load_does_without_indexes_and_gets_them_at_its_end(cms: Cms) -> None:
    count = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'cms'"
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'cms'::regnamespace"
    full = cms.one(count), cms.one(keys)
    assert bulk.defer_indexes(cms.connection)
    assert bulk.defer_indexes(cms.connection)  # a crash, and the same command again
    assert cms.one(count) < full[0]
    assert cms.one(keys) == 0
    cms.load("articles", article(1, author_id=user(9).id))
    assert not bulk.defer_indexes(cms.connection)
    assert bulk.ensure_indexes(cms.connection, cms.url) > 0
    assert (cms.one(count), cms.one(keys)) == full
    assert bulk.ensure_indexes(cms.connection, cms.url) == 0
    schema.check(cms.url)


def test_an_index_that_fails_ends_the_wait_for_the_others(cms: Cms) -> None:
    bulk.defer_indexes(cms.connection)
    cms.connection.execute("CREATE TABLE cms.articles_slug_idx ()")  # the name of an index
    with db.connect(cms.url) as editor, editor.transaction():
        editor.execute("LOCK TABLE cms.redirects IN ROW EXCLUSIVE MODE")
        started = time.monotonic()
        with pytest.raises(psycopg.errors.DuplicateTable):
            bulk.ensure_indexes(cms.connection, cms.url)
        assert time.monotonic() - started < 15, "half of the time that one lock is waited for"
    cms.connection.execute("DROP TABLE cms.articles_slug_idx")
    assert bulk.ensure_indexes(cms.connection, cms.url) > 0
    schema.check(cms.url)


def test_two_workers_share_translation_groups_without_a_deadlock(cms: Cms) -> None:
    groups = [group(number) for number in range(40)]
    failures: list[BaseException] = []

    def work(first: int, rows: Sequence[Row]) -> None:
        try:
            with db.connect(cms.url) as connection:
                for turn in range(8):
                    batch = cms.batch("articles", *(article(first + turn * 10 + n) for n in range(10)), *rows)
                    load_batch(connection, batch)
        except BaseException as failure:  # noqa: BLE001 - carried to the test's own thread
            failures.append(failure)

    threads = [
        threading.Thread(target=work, args=(1_000, groups)),
        threading.Thread(target=work, args=(2_000, groups[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert (cms.one("SELECT count(*) FROM cms.articles"), cms.one("SELECT count(*) FROM cms.translation_groups")) == (
        160,
        40,
    )


def test_a_connection_lost_in_mid_batch_leaves_nothing_behind(cms: Cms) -> None:
    batch = cms.batch("articles", *(article(number) for number in range(1, 50)))
    with db.connect(cms.url) as doomed:
        lock = psycopg.connect(db.libpq_url(cms.url))
        lock.execute("LOCK cms.articles IN ACCESS EXCLUSIVE MODE")  # the batch waits here
        pid = doomed.info.backend_pid
        failures: list[BaseException] = []

        def work() -> None:
            try:
                load_batch(doomed, batch)
            except TargetUnavailableError as error:
                failures.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
        while not cms.one(waiting, pid):
            assert thread.is_alive()
        cms.one("SELECT pg_terminate_backend(%s)", pid)
        thread.join(30)
        lock.close()
    assert len(failures) == 1
    assert cms.one("SELECT count(*) FROM cms.articles") == 0
    assert state.read_state(cms.connection, 1, "articles") == {}
    assert load_batch(cms.connection, batch).loaded == 49


def test_a_front_end_reads_one_row_with_everything_in_it(cms: Cms) -> None:
    cms.load("users", user(1, display_name="Ana"))
    cms.load("terms", term(5), term(6, "post_tag"), term(7))
    cms.load("media", picture(8, alt_text="A boat", width=960), variant(8, 480), variant(8, 960))
    shared_group = group(1).id
    english = article(
        1, author_id=user(1).id, featured_media_id=picture(8).id, translation_group_id=shared_group, language="en"
    )
    spanish = article(2, translation_group_id=shared_group, language="es", title="Artículo")
    cms.load("articles", english, spanish, group(1), filed(1, 7, position=1), filed(1, 5), filed(1, 6), article(3))
    delete_rows(cms.connection, 1, RUNS[2], "articles", [3])
    cms.connection.execute("CREATE ROLE reader_of_views; GRANT USAGE ON SCHEMA api, prisma TO reader_of_views")
    cms.connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA api, prisma TO reader_of_views")
    try:
        with cms.connection.transaction():
            cms.connection.execute("SET LOCAL ROLE reader_of_views")
            cursor = cms.connection.cursor(row_factory=dict_row)
            rows = cursor.execute("SELECT * FROM api.articles ORDER BY path").fetchall()
            links = cms.all('SELECT "termId" FROM prisma."TermRelationship" WHERE "articleId" = %s', english.id)
            titles = cms.all('SELECT title, "contentHtml" FROM prisma."Article" ORDER BY "wpPostId"')
    finally:
        cms.connection.execute("DROP OWNED BY reader_of_views; DROP ROLE reader_of_views")
    assert [row["title"] for row in rows] == ["Article 1", "Artículo"]
    assert [category["name"] for category in rows[0]["categories"]] == ["Term 5", "Term 7"]
    assert [tag["name"] for tag in rows[0]["tags"]] == ["Term 6"]
    assert rows[0]["author"]["name"] == "Ana"
    assert rows[0]["featured_image"]["alt_text"] == "A boat"
    assert [file["width"] for file in rows[0]["featured_image"]["variants"]] == [480, 960]
    assert [(twin["language"], twin["title"]) for twin in rows[0]["translations"]] == [("es", "Artículo")]
    assert (rows[1]["featured_image"], rows[1]["categories"]) == (None, [])
    assert len(links) == 3
    assert [title for title, _ in titles] == ["Article 1", "Artículo"]


def test_facts_find_the_rows_that_depend_on_them(cms: Cms) -> None:
    cms.load("articles", article(1), article(2))
    cms.load("terms", term(5))
    facts = ["articles:2", "terms:5", *(f"post:{number}" for number in range(500))]
    assert state.read_dependents(cms.connection, 1, facts) == {"articles": {2}, "terms": {5}}


def test_documents_wait_in_the_outbox_until_they_are_done(cms: Cms) -> None:
    outbox = Outbox(cms.connection)
    outbox.add([{"_id": "a", "text": "x\0"}, {"_id": "b"}])
    [(first, document), (second, _)] = outbox.pending(10)
    assert document == {"_id": "a", "text": "x"}
    outbox.done([first])
    assert [number for number, _ in outbox.pending(10)] == [second]


def test_a_site_is_added_once_and_updated_when_it_changes(cms: Cms) -> None:
    settings: dict[str, Any] = {"url": "u", "default_language": "en", "languages": ["en"], "timezone": "UTC"}
    assert db.ensure_site(cms.connection, "t", name="T", **settings) == 2
    assert db.ensure_site(cms.connection, "t", name="New", **settings) == 2
    assert cms.all("SELECT id, key, name FROM cms.sites ORDER BY id") == [(1, "s", "Site"), (2, "t", "New")]


def test_one_run_at_a_time_works_on_a_site(cms: Cms) -> None:
    with db.connect(cms.url) as other, db.site_lock(cms.connection, "s"):
        with pytest.raises(SiteBusyError, match='"s"'), db.site_lock(other, "s"):
            pass
        with db.site_lock(other, "another"):
            pass
    with db.connect(cms.url) as other, db.site_lock(other, "s"):
        pass


def test_a_server_that_ends_idle_transactions_does_not_end_a_run_that_waits_for_its_source(postgres: str) -> None:
    with db.connect(postgres) as admin:
        name = sql.Identifier(admin.info.dbname)
        admin.execute(sql.SQL("ALTER DATABASE {} SET idle_in_transaction_session_timeout = '10ms'").format(name))
    with db.connect(postgres) as connection, connection.transaction():
        connection.execute("SELECT 1")
        time.sleep(0.1)
        connection.execute("SELECT 1")


def test_a_database_without_schemas_says_what_to_run(postgres: str) -> None:
    with db.connect(postgres) as connection:
        with pytest.raises(TargetRefusedError, match="wpferry db up"):
            schema.require_current_schema(connection)
        with pytest.raises(TargetRefusedError, match="wpferry db up"):
            db.ensure_site(connection, "s", name="", url="", default_language="", languages=[], timezone="UTC")


def test_a_schema_of_a_newer_wpferry_is_refused_and_left_alone(cms: Cms) -> None:
    cms.connection.execute("UPDATE cms.alembic_version SET version_num = '9999'")
    for refused in (lambda: schema.upgrade(cms.url), lambda: schema.require_current_schema(cms.connection)):
        with pytest.raises(TargetRefusedError, match="newer than this wpferry"):
            refused()
    assert cms.one("SELECT version_num FROM cms.alembic_version") == "9999"


def test_a_target_that_takes_no_writes_says_so(cms: Cms) -> None:
    with db.connect(cms.url) as connection:
        connection.execute("SET default_transaction_read_only = on")
        with pytest.raises(TargetRefusedError, match="primary server"):
            load_batch(connection, cms.batch("articles", article(1)))


def test_a_database_that_is_not_there_is_refused_by_name(postgres: str) -> None:
    with pytest.raises(TargetRefusedError, match="no such database"):
        db.connect(postgres.replace("/wpferry_test", "/absent"))


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(TargetUnavailableError, match=r"database cms on 127.0.0.1:1 does not answer") as unavailable:
        db.connect("postgresql://cms:s3cret@127.0.0.1:1/cms")
    assert "s3cret" not in str(unavailable.value)


def test_a_host_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(TargetRefusedError, match="no host of that name"):
        db.connect("postgresql://cms@no-such-host.invalid/cms")


def test_a_connection_that_is_gone_is_told_as_such_by_every_reader(cms: Cms) -> None:
    with db.connect(cms.url) as doomed:
        cms.one("SELECT pg_terminate_backend(%s)", doomed.info.backend_pid)
        for use in (
            lambda: state.read_state(doomed, 1, "articles"),
            lambda: runs.start_run(doomed, RUNS[1], 1, "migrate", {}),
            lambda: Outbox(doomed).add([{}]),
            lambda: bulk.ensure_indexes(doomed, cms.url),
        ):
            with pytest.raises(TargetUnavailableError):
                use()
