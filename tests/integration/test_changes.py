"""What a run changes: told before it, decided on where both sides changed, and put back after it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from cms_models import db
from cms_models.changes import RowChange, read_changes
from cms_models.errors import NoSuchRunError, NotInConflictError, RowsEditedError, RowsTouchedLaterError, SiteBusyError
from cms_models.media_store import MediaStore
from flows.conflicts import resolve, site_conflicts
from flows.deletions import TooManyDeletionsError
from flows.media_gc import collect_media
from flows.plan import SitePlan, plan_site
from flows.progress import Lines
from flows.rollback import RolledBack, roll_back
from flows.settings import Settings, read_settings
from tests.faults.sites import EditedSite, edited_site
from tests.migrations import UNREACHABLE, migrate

MEMORY = ("entity_state", "issues", "dead_letters", "conflicts")


class Ferry:
    """A CMS of its own, and the WordPress that is moved into it."""

    def __init__(self, site: EditedSite, cms: str, home: Path) -> None:
        self.site, self.cms, self.home = site, cms, home
        self.wordpress = home / "wordpress.sqlite"
        shutil.copy(site.before, self.wordpress)
        self.uploads: Path | None = None

    def edit(self, *statements: str) -> None:
        """Edit WordPress."""
        with closing(sqlite3.connect(self.wordpress)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def migrate(self, **flags: Any) -> dict[str, Any]:
        return migrate(self.wordpress, cms=self.cms, home=self.home, uploads=self.uploads, **flags).document

    def settings(self, **flags: Any) -> Settings:
        given = {"source": str(self.wordpress), "cms": self.cms, "metrics": UNREACHABLE, **flags}
        given |= {"media": str(self.home / "media"), "uploads": str(self.uploads) if self.uploads else None}
        return read_settings(None, ("site",), given).model_copy(update={"home": self.home})

    def plan(self, **flags: Any) -> SitePlan:
        return plan_site(self.settings(**flags), "site", Lines())

    def roll_back(self, run: str, **how: bool) -> RolledBack:
        how = {"chain": False, "discard_edits": False, "rehearse": False, **how}
        return roll_back(self.settings(), run, **how)

    def query(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(db.libpq_url(self.cms), row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def article(self, number: int) -> dict[str, Any]:
        [row] = self.query("SELECT * FROM cms.articles WHERE wp_post_id = %s", number)
        return row

    def everything(self) -> dict[str, list[str]]:
        """Every row of the CMS and of what is remembered, runs and before-images apart."""
        tables = self.query(
            "SELECT schemaname AS space, tablename AS name FROM pg_tables WHERE schemaname = 'cms' AND tablename"
            " NOT IN ('sites', 'alembic_version') OR schemaname = 'migration' AND tablename = ANY (%s)",
            list(MEMORY),
        )
        return {
            one["name"]: [
                row["text"]
                for row in self.query(f"SELECT t::text AS text FROM {one['space']}.{one['name']} t ORDER BY 1")
            ]
            for one in tables
        }

    def runs(self) -> int:
        return len(self.query("SELECT id FROM migration.runs"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> EditedSite:
    return edited_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def ferry(site: EditedSite, postgres: str, tmp_path: Path) -> Ferry:
    return Ferry(site, postgres, tmp_path)


def essence(changes: list[RowChange] | tuple[RowChange, ...]) -> set[tuple[object, ...]]:
    """What is compared of changes: rows and fields. Files of pictures are not known before they are encoded."""
    return {
        (one.table, one.row_id, one.change, tuple(sorted(one.fields)))
        for one in changes
        if one.table != "media_variants"
    }


def changes_of(ferry: Ferry, run: dict[str, Any]) -> list[RowChange]:
    with db.connect(ferry.cms) as connection:
        return read_changes(connection, run["run_id"])


def first_articles(ferry: Ferry, count: int) -> list[int]:
    rows = ferry.query("SELECT wp_post_id FROM cms.articles WHERE status = 'published' ORDER BY 1 LIMIT %s", count)
    return [row["wp_post_id"] for row in rows]


def test_a_plan_says_what_the_run_then_does_and_writes_nothing(ferry: Ferry) -> None:
    ferry.uploads = ferry.site.uploads
    first_plan = ferry.plan() if not _upgrade(ferry) else None
    assert first_plan is not None
    assert ferry.query("SELECT * FROM cms.sites") == []
    assert not (ferry.home / "media").exists() or not list(MediaStore(str(ferry.home / "media")).keys())
    first = ferry.migrate()
    assert essence(first_plan.changes) == essence(changes_of(ferry, first))
    assert len(first_plan.to_convert) == first["media"]["encoded"] > 0
    assert ferry.plan().changes == ()

    shutil.copy(ferry.site.after, ferry.wordpress)
    [edited] = ferry.query(
        "UPDATE cms.articles SET title = 'by hand', excerpt = 'by hand' "
        "WHERE id = (SELECT id FROM cms.articles ORDER BY wp_post_id LIMIT 1) RETURNING wp_post_id"
    )
    ferry.edit(f"UPDATE wp_posts SET post_title = 'By WordPress' WHERE ID = {edited['wp_post_id']}")
    before, runs = ferry.everything(), ferry.runs()
    stored = list(MediaStore(str(ferry.home / "media")).keys())
    plan = ferry.plan()
    assert (ferry.everything(), ferry.runs()) == (before, runs)
    assert list(MediaStore(str(ferry.home / "media")).keys()) == stored
    second = ferry.migrate()
    assert essence(plan.changes) == essence(changes_of(ferry, second))
    assert {one.change for one in plan.changes} >= {"create", "update", "delete"}
    assert plan.document()["entities"] == second["entities"]
    found = site_conflicts(ferry.settings(), "site")
    assert [one["id"] for one in plan.document()["conflicts"]] == [one["id"] for one in found.document()] != []
    assert len(plan.to_convert) == second["media"]["encoded"]
    again = ferry.migrate()
    assert (again["rows_written"], essence(ferry.plan().changes)) == (0, set())


def _upgrade(ferry: Ferry) -> None:
    from cms_models import schema

    schema.upgrade(ferry.cms)


def test_field_by_field_each_side_keeps_what_it_alone_has_changed(ferry: Ferry) -> None:
    ferry.migrate()
    merged, contested = first_articles(ferry, 2)
    ferry.query("UPDATE cms.articles SET excerpt = 'by hand' WHERE wp_post_id = ANY (%s)", [merged, contested])
    ferry.query("UPDATE cms.articles SET title = 'by hand' WHERE wp_post_id = %s", contested)
    ferry.query(
        "DELETE FROM cms.term_relationships USING cms.articles WHERE article_id = articles.id AND wp_post_id = %s",
        contested,
    )
    ferry.edit(
        "UPDATE wp_posts SET post_title = 'By WordPress', comment_status = 'closed' "
        f"WHERE ID IN ({merged}, {contested})"
    )
    run = ferry.migrate(conflicts={"default": "source-wins", "articles": "merge"})
    assert run["entities"]["articles"]["conflicts"] == 1
    assert (run["entities"]["articles"]["loaded"], run["outcome"]) == (1, "attention")
    row = ferry.article(merged)
    assert (row["title"], row["excerpt"], row["comment_status"]) == ("By WordPress", "by hand", "closed")
    row = ferry.article(contested)
    assert (row["title"], row["excerpt"], row["comment_status"]) == ("by hand", "by hand", "closed")
    assert ferry.query("SELECT * FROM cms.term_relationships WHERE article_id = %s", row["id"]) == []
    [conflict] = site_conflicts(ferry.settings(), "site").document()
    assert conflict["fields"] == {"title": {"cms": "by hand", "source": "By WordPress"}}
    again = ferry.migrate(conflicts={"articles": "merge"})
    assert (again["rows_written"], again["entities"]["articles"]["conflicts"]) == (0, 1)


@pytest.mark.parametrize(("take", "title"), [(["cms"], "by hand"), (["source"], "One"), (["title=source"], "One")])
def test_a_resolved_conflict_is_not_raised_again_until_the_source_changes(
    ferry: Ferry, take: list[str], title: str
) -> None:
    ferry.migrate()
    [number] = first_articles(ferry, 1)
    ferry.query("UPDATE cms.articles SET title = 'by hand' WHERE wp_post_id = %s", number)
    ferry.edit(f"UPDATE wp_posts SET post_title = 'One' WHERE ID = {number}")
    assert ferry.migrate()["entities"]["articles"]["conflicts"] == 1
    before = ferry.everything()
    done = resolve(ferry.settings(), f"site-articles-{number}", take)
    assert ferry.article(number)["title"] == title
    assert site_conflicts(ferry.settings(), "site").conflicts == ()
    again = ferry.migrate()
    assert (again["outcome"], again["rows_written"], again["entities"]["articles"]["loaded"]) == ("complete", 0, 0)
    ferry.roll_back(done.run_id)
    assert ferry.everything() == before
    resolve(ferry.settings(), f"site-articles-{number}", take)
    ferry.edit(f"UPDATE wp_posts SET post_title = 'Two' WHERE ID = {number}")
    conflicts = ferry.migrate()["entities"]["articles"]["conflicts"]
    assert (conflicts, ferry.article(number)["title"]) == ((1, "by hand") if title == "by hand" else (0, "Two"))
    with pytest.raises(NotInConflictError):
        resolve(ferry.settings(), "site-articles-999999", ["cms"])


def test_an_object_that_one_side_has_lost_is_decided_on_too(ferry: Ferry) -> None:
    ferry.migrate()
    gone, trashed, deleted = first_articles(ferry, 3)
    ferry.query("UPDATE cms.articles SET title = 'by hand' WHERE wp_post_id = ANY (%s)", [gone, trashed])
    ferry.query("DELETE FROM cms.articles WHERE wp_post_id = %s", deleted)
    ferry.edit(
        f"DELETE FROM wp_posts WHERE ID = {gone}",
        f"DELETE FROM wp_comments WHERE comment_post_ID = {gone}",
        f"UPDATE wp_posts SET post_status = 'trash' WHERE ID = {trashed}",
        f"UPDATE wp_posts SET post_title = 'Still here' WHERE ID = {deleted}",
    )
    run = ferry.migrate()
    assert run["outcome"] == "attention"
    listed = {one["source_id"]: one for one in site_conflicts(ferry.settings(), "site").document()}
    assert set(listed) == {gone, trashed, deleted}
    assert listed[deleted]["fields"] == {"deleted_at": {"cms": "deleted", "source": "present"}}
    assert ferry.migrate()["rows_written"] == 0
    resolve(ferry.settings(), f"site-articles-{gone}", ["cms"])
    resolve(ferry.settings(), f"site-articles-{trashed}", ["source"])
    resolve(ferry.settings(), f"site-articles-{deleted}", ["source"])
    assert ferry.article(gone)["deleted_at"] is None
    assert ferry.article(trashed)["deleted_at"] is not None
    assert ferry.article(deleted)["title"] == "Still here"
    again = ferry.migrate()
    assert (again["outcome"], again["rows_written"]) == ("complete", 0)
    ferry.edit(f"UPDATE wp_posts SET post_status = 'publish' WHERE ID = {trashed}")
    ferry.migrate()
    assert ferry.article(trashed)["deleted_at"] is None


def test_whatever_was_put_away_comes_back_whole(ferry: Ferry) -> None:
    ferry.migrate()
    before = ferry.everything()
    kept = ferry.home / "kept.sqlite"
    shutil.copy(ferry.wordpress, kept)
    [comment] = ferry.query("SELECT wp_comment_id AS id FROM cms.comments ORDER BY 1 LIMIT 1")
    [term] = ferry.query(
        "SELECT wp_term_taxonomy_id AS id FROM cms.terms WHERE taxonomy = 'post_tag' ORDER BY 1 LIMIT 1"
    )
    [picture] = ferry.query("SELECT wp_post_id AS id FROM cms.media ORDER BY 1 LIMIT 1")
    [user] = ferry.query("SELECT wp_user_id AS id FROM cms.users ORDER BY 1 DESC LIMIT 1")
    trashed, unpublished = first_articles(ferry, 2)
    ferry.edit(
        f"DELETE FROM wp_comments WHERE comment_ID = {comment['id']}",
        f"DELETE FROM wp_term_taxonomy WHERE term_taxonomy_id = {term['id']}",
        f"DELETE FROM wp_posts WHERE ID = {picture['id']}",
        f"DELETE FROM wp_users WHERE ID = {user['id']}",
        f"UPDATE wp_posts SET post_status = 'trash' WHERE ID = {trashed}",
        f"UPDATE wp_posts SET post_status = 'draft' WHERE ID = {unpublished}",
        "DELETE FROM wp_term_taxonomy WHERE taxonomy = 'nav_menu'",
    )
    ferry.migrate()
    assert ferry.article(trashed)["deleted_at"] is not None
    assert ferry.article(unpublished)["status"] == "draft"
    for table in ("comments", "terms", "media", "users", "menus"):
        assert ferry.query(f"SELECT id FROM cms.{table} WHERE deleted_at IS NOT NULL"), table
    shutil.copy(kept, ferry.wordpress)
    ferry.migrate()
    after = ferry.everything()
    content = [name for name in before if name not in MEMORY]
    assert {name: after[name] for name in content} == {name: before[name] for name in content}


def test_a_purge_leaves_no_tombstone_of_ours(ferry: Ferry) -> None:
    ferry.migrate()
    now, before, by_hand = first_articles(ferry, 3)
    ferry.query("UPDATE cms.articles SET deleted_at = now() WHERE wp_post_id = %s", by_hand)
    ferry.edit(f"DELETE FROM wp_posts WHERE ID = {before}")
    ferry.migrate()
    earlier = ferry.everything()
    ferry.edit(f"DELETE FROM wp_posts WHERE ID = {now}")
    run = ferry.migrate(deletions={"purge": True})
    found = ferry.query("SELECT wp_post_id FROM cms.articles WHERE wp_post_id = ANY (%s)", [now, before, by_hand])
    assert found == [{"wp_post_id": by_hand}]
    assert ferry.migrate(deletions={"purge": True})["rows_written"] == 0
    ferry.roll_back(run["run_id"])
    assert ferry.everything() == earlier


def test_a_sites_name_is_told_as_visitors_read_it(ferry: Ferry) -> None:
    ferry.edit("UPDATE wp_options SET option_value = 'Brot &amp; Salz &#039;04' WHERE option_name = 'blogname'")
    document = ferry.migrate()
    assert ferry.query("SELECT name FROM cms.sites") == [{"name": "Brot & Salz '04"}]
    page = (Path(document["report"]).parent / "index.html").read_text()
    assert "Brot &amp; Salz &#39;04" in page
    assert "&amp;amp;" not in page


def test_a_run_that_would_make_much_vanish_is_refused_before_it_writes(ferry: Ferry) -> None:
    ferry.migrate()
    before, runs = ferry.everything(), ferry.runs()
    ferry.edit(
        "UPDATE wp_posts SET post_status = 'trash' WHERE post_type = 'post'",
        "UPDATE wp_options SET option_value = 'X' WHERE option_name = 'blogname'",
    )
    with pytest.raises(TooManyDeletionsError, match=r"36 of 36 articles.* would vanish.*--allow-deletions"):
        ferry.migrate()
    assert (ferry.everything(), ferry.runs()) == (before, runs)
    assert ferry.query("SELECT name FROM cms.sites WHERE name = 'X'") == []
    plan = ferry.plan()
    assert plan.refusal
    assert plan.document()["entities"]["articles"]["deleted"] == 36
    run = ferry.migrate(deletions={"allow": True})
    assert run["entities"]["articles"]["deleted"] == 36


def test_runs_are_put_back_row_for_row(ferry: Ferry) -> None:
    _upgrade(ferry)
    nothing = ferry.everything()
    first = ferry.migrate()
    one = ferry.everything()
    shutil.copy(ferry.site.after, ferry.wordpress)
    second = ferry.migrate()
    two = ferry.everything()
    assert two != one
    ferry.roll_back(second["run_id"], rehearse=True)
    assert ferry.everything() == two
    ferry.roll_back(second["run_id"])
    assert ferry.everything() == one
    again = ferry.migrate()
    contents = [name for name in two if name not in MEMORY]
    found = ferry.everything()
    assert {name: len(found[name]) for name in contents} == {name: len(two[name]) for name in contents}
    with pytest.raises(RowsTouchedLaterError, match=again["run_id"]):
        ferry.roll_back(first["run_id"])
    done = ferry.roll_back(first["run_id"], chain=True)
    assert [str(run) for run in done.result.runs] == [again["run_id"], first["run_id"]]
    assert ferry.everything() == nothing
    outcomes = ferry.query("SELECT outcome FROM migration.runs")
    assert {row["outcome"] for row in outcomes} == {"rolled_back"}


def test_a_rollback_does_not_lose_what_was_edited_in_the_cms_since(ferry: Ferry) -> None:
    ferry.migrate()
    before_run, after_run = first_articles(ferry, 2)
    ferry.query("UPDATE cms.articles SET excerpt = 'before the run' WHERE wp_post_id = %s", before_run)
    one = ferry.everything()
    ferry.edit(f"UPDATE wp_posts SET post_title = 'New' WHERE ID IN ({before_run}, {after_run})")
    run = ferry.migrate(conflicts={"default": "merge"})
    assert ferry.article(before_run)["title"] == "New"
    ferry.query("UPDATE cms.articles SET excerpt = 'after the run' WHERE wp_post_id = %s", after_run)
    with pytest.raises(RowsEditedError, match=f"1 of the rows.*\n  articles {ferry.article(after_run)['id']}\n"):
        ferry.roll_back(run["run_id"])
    ferry.roll_back(run["run_id"], discard_edits=True)
    assert ferry.everything() == one
    with pytest.raises(NoSuchRunError, match="rolled back before"):
        ferry.roll_back(run["run_id"])


def test_files_that_nothing_shows_are_collected_once_they_are_old(ferry: Ferry) -> None:
    ferry.uploads = ferry.site.uploads
    run = ferry.migrate()
    store = MediaStore(str(ferry.home / "media"))
    shown = set(store.keys())
    settings = ferry.settings()

    def collect(**how: bool) -> dict[str, Any]:
        how = {"even_for_rollback": False, "rehearse": False, **how}
        [found] = collect_media(settings, ["site"], **how)
        return found.document()

    stray, young = store.put(b"nobody's", ".pdf"), store.put(b"in a moment somebody's", ".pdf")
    hour_ago = time.time() - 3_700
    for path in (ferry.home / "media").rglob("*"):
        if path.is_file() and young not in str(path):
            os.utime(path, (hour_ago, hour_ago))
    assert collect(rehearse=True)["keys"] == [stray]
    assert store.exists(stray)
    found = collect()
    assert (found["keys"], found["removed"], found["too_young"]["files"]) == ([stray], {"files": 1, "bytes": 8}, 1)
    assert set(store.keys()) == shown | {young}
    with db.connect(ferry.cms) as connection, db.site_lock(connection, "site"), pytest.raises(SiteBusyError):
        collect()
    ferry.roll_back(run["run_id"])
    assert set(collect()["keys"]) == shown
