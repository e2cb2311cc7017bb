"""What All in One SEO 4 keeps in a table of its own reaches the CMS, and its later edits, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine

from flows.settings import read_settings
from flows.verification.steps import verify_site
from flows.wiring import open_site
from tests.integration.test_languages_on_servers import copy_to_server, read
from tests.migrations import UNREACHABLE, migrate
from tests.small_sites import SmallSite, small_site
from wp_models.fingerprints import read_fingerprints
from wp_models.queries import PostQuery
from wp_models.sources import open_source

KEYPHRASES = json.dumps({"focus": {"keyphrase": "north light", "score": 80}, "additional": []})


@pytest.fixture
def wordpress(tmp_path: Path) -> Path:
    path = tmp_path / "site.sqlite"
    with small_site(path, tables=["aioseo_posts"]) as site:
        fill(site)
    return path


def fill(site: SmallSite) -> None:
    types = {"searchAppearance": {"postTypes": {"post": {"advanced": {"robotsMeta": {"default": True}}}}}}
    site.option("aioseo_options_dynamic", json.dumps(types))
    site.post(1, "Shown", meta={"_aioseo_title": "Of the mirror"})
    site.post(2, "Hidden")
    site.post(3, "Untouched")
    site.add(
        "aioseo_posts", id=1, post_id=1, title="Of the table", keyphrases=KEYPHRASES, robots_default=1,
        robots_noindex=1, canonical_url="https://elsewhere.test/a/", og_image_custom_url="https://cdn.test/a.jpg",
    )  # fmt: skip
    site.add(
        "aioseo_posts", id=2, post_id=2, description="Words", robots_default=0, robots_noindex=1, robots_nofollow=0,
        robots_noarchive=1, robots_nosnippet=0, robots_noimageindex=0,
    )  # fmt: skip


def search_data(cms: str) -> dict[int, dict[str, Any]]:
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        return dict(connection.execute("SELECT wp_post_id, seo FROM cms.articles").fetchall())


def test_search_data_are_those_of_the_table(wordpress: Path, postgres: str, tmp_path: Path) -> None:
    migrate(wordpress, cms=postgres, home=tmp_path)
    found = search_data(postgres)
    assert found[1] == {
        "title": "Of the table", "canonical": "https://elsewhere.test/a/", "noindex": False, "nofollow": False,
        "focus_keyword": "north light", "og": {"image": "https://cdn.test/a.jpg"},
    }  # fmt: skip
    assert (found[2]["description"], found[2]["noindex"], found[2]["robots"]) == ("Words", True, ["noarchive"])
    given = {"source": str(wordpress), "cms": postgres, "metrics": UNREACHABLE, "media": str(tmp_path / "media")}
    settings = read_settings(None, ("site",), given).model_copy(update={"home": tmp_path})
    with open_site(settings, "site") as opened:
        assert not [one.sentence for one in verify_site(opened, workers=1).differences]


def test_an_edit_of_the_table_alone_is_noticed(wordpress: Path, postgres: str, tmp_path: Path) -> None:
    migrate(wordpress, cms=postgres, home=tmp_path)
    with small_site(wordpress) as site:
        site.run("UPDATE {p}aioseo_posts SET robots_noindex = 0 WHERE post_id = 2")
        site.run("DELETE FROM {p}aioseo_posts WHERE post_id = 1")
    again = migrate(wordpress, cms=postgres, home=tmp_path, flow="resync").document["entities"]["articles"]
    assert (again["loaded"], again["unchanged"]) == (2, 1)
    found = search_data(postgres)
    assert (found[1]["title"], found[2]["noindex"]) == ("Of the mirror", False)


def test_a_server_and_a_file_say_the_same_of_it(wordpress: Path, mariadb: str, tmp_path: Path) -> None:
    copy_to_server(wordpress, mariadb)
    assert read(mariadb, tmp_path)[1] == read(str(wordpress), tmp_path)[1]
    source = open_source(mariadb, cache=tmp_path)
    with source.connect() as connection:
        before = read_fingerprints(connection, source, PostQuery())
    with create_engine(mariadb).begin() as connection:
        connection.exec_driver_sql("UPDATE wp_aioseo_posts SET title = 'Another' WHERE post_id = 1")
    with source.connect() as connection:
        after = read_fingerprints(connection, source, PostQuery())
    assert {number for number in before if before[number] != after[number]} == {1}


def test_the_table_of_a_version_with_other_columns_is_left_alone(
    wordpress: Path, postgres: str, tmp_path: Path
) -> None:
    with small_site(wordpress) as site:
        site.run("ALTER TABLE {p}aioseo_posts RENAME COLUMN robots_default TO robots_inherited")
    migrate(wordpress, cms=postgres, home=tmp_path)
    assert search_data(postgres)[1]["title"] == "Of the mirror"
