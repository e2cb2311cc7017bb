"""A scope is signed before a migration; what differs from it later stands in every report."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cms_models import schema
from flows.cli import main
from tests.migrations import UNREACHABLE
from wp_models.sources import open_source

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"


@pytest.fixture
def wordpress(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo in a file that can be edited, with settings that name it."""
    monkeypatch.setenv("WPFERRY_HOME", str(tmp_path))
    schema.upgrade(postgres)
    file = tmp_path / "wp.sqlite"
    source = open_source(str(BUNDLED / "northlight.sql.gz"), cache=tmp_path / "dump")
    with source.connect() as connection:
        shutil.copy(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2], file)
    (tmp_path / "wpferry.toml").write_text(
        f'[sites.site]\nsource = "{file}"\ncms = "{postgres}"\nmetrics = "{UNREACHABLE}"\n'
    )
    return file


def test_a_signed_scope_is_held_against_every_later_report(
    wordpress: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "wpferry.toml"

    def run(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*words, "--config", str(config), "--json"])
        out = capsys.readouterr().out
        return int(str(ended.value.code)), json.loads(out) if out else None

    _, assessed = run("assess")
    shutil.copy(Path(assessed["report"]).with_name("scope.json"), tmp_path / "signed.json")
    with config.open("a") as settings:
        settings.write(f'signed_scope = "{tmp_path / "signed.json"}"\n')
    _, migrated = run("migrate", "--direct")
    report = json.loads(Path(migrated["report"]).with_name("report.json").read_bytes())
    assert report["scope"] == {"hash": assessed["scope"]["hash"], "changes": []}, "a run counts as an assessment does"
    with closing(sqlite3.connect(wordpress)) as editor:
        editor.execute("UPDATE wp_posts SET post_type = 'event' WHERE ID = (SELECT max(ID) FROM wp_posts "
                       "WHERE post_type = 'post' AND post_status = 'publish')")  # fmt: skip
        editor.execute("UPDATE wp_options SET option_value = 'a:1:{i:0;s:13:\"shop/shop.php\";}' "
                       "WHERE option_name = 'active_plugins'")  # fmt: skip
        editor.commit()
    _, again = run("resync", "--direct")
    page = Path(again["report"])
    changes = {one["what"] for one in json.loads(page.with_name("report.json").read_bytes())["scope"]["changes"]}
    expected = {"posts of type event that come along", "posts of type post that come along", "plugin shop"}
    assert expected <= changes
    assert "posts of type event that come along" in page.read_text()
    _, assessed_again = run("assess")
    assert {one["what"] for one in assessed_again["signed_scope"]["changes"]} == changes
    _, planned = run("plan", "--scope")
    assert {one["what"] for one in planned["scope"]["signed_scope"]["changes"]} == changes
    assert Path(planned["scope"]["page"]).is_file()
    (tmp_path / "signed.json").write_text("{}")
    code, _ = run("plan")
    assert code == 2
