"""`wpferry report --gate` on a migrated site: what it says and how it exits, as the site goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from lxml import html

from flows.cli import main
from tests.migrations import UNREACHABLE, migrate
from wp_models.sources import open_source

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
NEWEST = "SELECT max(ID) FROM wp_posts WHERE post_type = 'post' AND post_status = 'publish'"


class Site:
    """The demo with an editor at work in it, and the commands that watch it."""

    def __init__(self, folder: Path, cms: str) -> None:
        self.folder, self.cms = folder, cms
        self.wordpress = folder / "wp.sqlite"
        source = open_source(str(BUNDLED / "northlight.sql.gz"), cache=folder / "dump")
        with source.connect() as connection:
            shutil.copy(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2], self.wordpress)
        self.config = folder / "wpferry.toml"
        self.config.write_text(
            f'[sites.site]\nsource = "{self.wordpress}"\ncms = "{cms}"\nmetrics = "{UNREACHABLE}"\n'
            f'media = "{folder / "media"}"\n[sites.site.thresholds]\nmissing_media = {{}}\n'  # there are no uploads
        )

    def migrate(self) -> str:
        run = migrate(self.wordpress, cms=self.cms, home=self.folder).document
        return str(run["run_id"])

    def edit(self, statement: str) -> None:
        with closing(sqlite3.connect(self.wordpress)) as editor:
            editor.execute(statement)
            editor.commit()

    def command(self, *words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main([*words, "--config", str(self.config)])
        assert isinstance(ended.value.code, int)
        return ended.value.code


@pytest.fixture
def site(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("WPFERRY_HOME", str(tmp_path))
    return Site(tmp_path, postgres)


def test_a_gate_opens_when_a_verification_is_fresh_and_closes_when_the_cms_is_written_to(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    def gate() -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = site.command("report", "--gate", "--json")
        return code, json.loads(capsys.readouterr().out)["site"]

    first = site.migrate()
    code, verdict = gate()
    assert (code, verdict["go"], verdict["reasons"][0]["code"]) == (1, False, "unverified")
    assert site.command("verify", "--quiet") == 0
    code, verdict = gate()
    assert (code, verdict["go"]) == (0, True)
    site.migrate()
    assert gate()[0] == 0, "a run that writes nothing leaves the verification as good as it was"
    site.edit(f"DELETE FROM wp_posts WHERE ID = ({NEWEST})")
    run = site.migrate()
    code, verdict = gate()
    assert (code, verdict["reasons"][0]["code"]) == (1, "unverified")
    assert "has changed since" in verdict["reasons"][0]["sentence"]
    assert site.command("report", "--since", first, "--json") == 0
    since = json.loads(capsys.readouterr().out)[0]["since"]
    assert (since["before"]["run_id"], since["after"]["run_id"]) == (first, run)
    assert "articles in WordPress" in {one["what"] for one in since["changes"]}
    assert site.command("verify", "--quiet") == 0
    assert gate()[0] == 0
    assert site.command("rollback", run, "--quiet") == 0
    code, verdict = gate()
    assert (code, verdict["reasons"][0]["code"]) == (1, "unverified")


def test_a_page_that_would_vanish_from_search_engines_and_a_lost_row_close_the_gate(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.migrate()
    with psycopg.connect(site.cms.replace("+psycopg", ""), autocommit=True) as connection:
        some = "(SELECT id FROM cms.articles WHERE status = 'published' ORDER BY wp_post_id LIMIT 1)"
        connection.execute(f"""UPDATE cms.articles SET seo = seo || '{{"noindex": true}}' WHERE id = {some}""")
        connection.execute("DELETE FROM cms.pages WHERE wp_post_id = (SELECT max(wp_post_id) FROM cms.pages)")
    assert site.command("verify", "--quiet") == 1
    assert site.command("report", "--gate") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "site: No-go (red)"
    assert lines[1].startswith("site:   red: Pages that search engines show")
    assert lines[2].startswith("site:   red: Objects that the CMS does not have: 1.")


def test_thresholds_of_the_settings_file_decide(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.migrate()
    with site.config.open("a") as config:
        config.write('needs_verification = false\ngo_with = "green"\n')
    assert site.command("report", "--gate") == 1
    with site.config.open("a") as config:
        config.write("verified_within_days = 30\n[sites.site.thresholds.losses]\namber = 50\n")
    capsys.readouterr()
    assert site.command("report", "--gate", "--json") == 1, "never verified is amber"
    verdict = json.loads(capsys.readouterr().out)["site"]
    assert [one["code"] for one in verdict["reasons"] if one["level"] != "green"] == ["unverified"]
    site.config.write_text(site.config.read_text().replace('go_with = "green"', 'go_with = "amber"'))
    assert site.command("report", "--gate") == 0


def test_a_gate_of_nothing_stays_closed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.command("db", "up", "--quiet") == 0
    assert site.command("report", "--gate") == 2
    assert "No migration of the site 'site' has ended yet" in capsys.readouterr().err
    site.config.write_text("")
    assert site.command("report", "--gate") == 2
    assert "There is no site" in capsys.readouterr().err


def test_all_sites_stand_on_one_page_with_links_to_their_reports(
    site: Site, capsys: pytest.CaptureFixture[str], postgres_database
) -> None:
    site.migrate()
    with postgres_database() as never_migrated, site.config.open("a") as config:
        config.write(f'[sites.far]\nsource = "x.sql"\ncms = "postgresql://127.0.0.1:1/x"\nmetrics = "{UNREACHABLE}"\n')
        config.write(f'[sites.new]\nsource = "x.sql"\ncms = "{never_migrated}"\nmetrics = "{UNREACHABLE}"\n')
        config.flush()
        assert site.command("report", "--fleet", "--json") == 0
        fleet = json.loads(capsys.readouterr().out)
        assert site.command("report", "--fleet", "--gate", "--quiet") == 1
    found = {one["site"]: one for one in fleet["sites"]}
    assert "does not answer" in found["far"]["problem"]
    assert "wpferry db up" in found["new"]["problem"]
    assert found["site"]["objects"] > 700
    assert (site.folder / "reports" / found["site"]["report"]).is_file()
    document = html.document_fromstring(Path(fleet["report"]).read_text())
    assert document.xpath("//h2/a/@href") == [found["site"]["report"]]
    assert document.xpath("string(//h1)").startswith("0 of 3 sites are ready")
