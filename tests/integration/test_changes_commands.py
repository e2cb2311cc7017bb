"""plan, conflicts, rollback and media gc as a user runs them: output, exit codes, sentences."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms_models import db, schema
from flows.cli import main
from tests.faults.sites import EditedSite, edited_site
from tests.migrations import UNREACHABLE

Said = tuple[int, str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> EditedSite:
    return edited_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def wordpress(site: EditedSite, tmp_path: Path) -> Path:
    return Path(shutil.copy(site.before, tmp_path / "wordpress.sqlite"))


@pytest.fixture
def say(wordpress: Path, postgres: str, tmp_path: Path, monkeypatch, capsys) -> Callable[..., Said]:
    """Runs a command on the site; returns exit code, standard output and standard error."""
    schema.upgrade(postgres)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        flags = ["--source", str(wordpress), "--cms", postgres, "--metrics", UNREACHABLE]
        with pytest.raises(SystemExit) as left:
            main([*words, *flags])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    return run


def edit(wordpress: Path, statement: str) -> None:
    with closing(sqlite3.connect(wordpress)) as connection:
        connection.execute(statement)
        connection.commit()


def query(cms: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(db.libpq_url(cms), autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_a_conflict_from_the_plan_to_its_resolution_and_back(
    say: Callable[..., Said], wordpress: Path, postgres: str
) -> None:
    code, out, _ = say("migrate", "--direct", "--json")
    first = json.loads(out)
    assert code == 0
    [(number,)] = query(
        postgres,
        "UPDATE cms.articles SET title = 'By hand' WHERE wp_post_id = (SELECT min(wp_post_id) FROM cms.articles)"
        " RETURNING wp_post_id",
    )
    edit(wordpress, f"UPDATE wp_posts SET post_title = 'By WordPress' WHERE ID = {number}")
    name = f"site-articles-{number}"

    code, out, _ = say("plan", "--json")
    [conflict] = json.loads(out)["conflicts"]
    assert (code, conflict["id"]) == (1, name)
    assert conflict["fields"]["title"] == {"cms": "By hand", "source": "By WordPress"}
    assert say("conflicts")[:2] == (0, "Nothing is in conflict.\n")  # a plan writes nothing

    code, out, _ = say("migrate", "--direct", "--json")
    assert (code, json.loads(out)["entities"]["articles"]["conflicts"]) == (1, 1)
    report = Path(json.loads(out)["report"])
    assert name in report.with_name("conflicts.csv").read_text()
    page = report.read_text()
    assert "By hand" in page
    assert "By WordPress" in page
    code, out, _ = say("conflicts")
    assert (code, out.splitlines()[1:4]) == (1, ["  title", "    cms     By hand", "    source  By WordPress"])

    assert say("conflicts", "resolve", name, "--take", "mine")[0] == 2
    assert say("conflicts", "resolve", name, "--take", "slug=cms")[0] == 2
    code, out, _ = say("conflicts", "resolve", name, "--take", "title=source", "--json")
    assert (code, json.loads(out)["rows_written"]) == (0, 1)
    assert say("conflicts", "--json")[:2] == (0, '{\n  "site": []\n}\n')
    assert say("migrate", "--direct")[0] == 0
    code, out, err = say("rollback", first["run_id"])
    assert (code, "--force-chain" in err, "articles" in err) == (2, True, True)
    code, _, err = say("rollback", first["run_id"], "--force-chain")
    assert (code, "--discard-edits" in err) == (2, True)
    code, out, _ = say("rollback", first["run_id"], "--force-chain", "--discard-edits", "--json")
    assert (code, len(json.loads(out)["runs"])) == (0, 3)
    assert query(postgres, "SELECT count(*) FROM cms.articles") == [(0,)]


def test_a_plan_reads_as_a_list_of_changes(say: Callable[..., Said], wordpress: Path) -> None:
    assert say("plan")[0] == 0
    assert say("migrate", "--direct")[0] == 0
    assert say("plan")[:2] == (0, "site: nothing would change.\n")
    edit(wordpress, "UPDATE wp_posts SET post_title = 'New words' WHERE post_name = 'hello-world' OR ID = 80")
    edit(wordpress, "UPDATE wp_posts SET post_status = 'trash' WHERE ID = 81")
    code, out, _ = say("plan")
    assert code == 0
    assert re.search(r"^site: articles: \d+ to update, 1 to delete$", out, re.MULTILINE)
    assert "  title\n    - " in out
    assert "    + New words\n" in out
    assert "delete articles 81" in out


def test_much_that_would_vanish_is_said_with_the_flag_that_lets_it(say: Callable[..., Said], wordpress: Path) -> None:
    assert say("migrate", "--direct")[0] == 0
    edit(wordpress, "UPDATE wp_posts SET post_status = 'trash' WHERE post_type = 'post'")
    code, out, _ = say("plan")
    assert (code, "the run would be refused" in out) == (1, True)
    code, _, err = say("migrate", "--direct")
    assert (code, "--allow-deletions" in err) == (2, True)
    assert say("migrate", "--direct", "--allow-deletions")[0] in {0, 1}


def test_unknown_runs_and_an_empty_store_are_told(say: Callable[..., Said]) -> None:
    assert say("rollback", "nonsense")[0] == 2
    code, _, err = say("rollback", "0199f3c2-7d1e-7000-8000-000000000000")
    assert (code, "wpferry status" in err) == (2, True)
    code, out, _ = say("media", "gc", "--json")
    assert (code, json.loads(out)[0]["removed"]) == (0, {"files": 0, "bytes": 0})
