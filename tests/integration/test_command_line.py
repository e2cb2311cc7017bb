"""The commands as a user runs them: outcomes, exit codes, and one sentence for whatever is wrong."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms_models import schema
from flows.cli import main
from tests.migrations import UNREACHABLE, cms_content

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
DUMP, UPLOADS = BUNDLED / "northlight.sql.gz", BUNDLED / "uploads.tar.gz"


class Command:
    """Runs wpferry in a folder of its own, against a database of its own."""

    def __init__(self, folder: Path, cms: str) -> None:
        self.folder = folder
        self.flags = ["--cms", cms, "--metrics", UNREACHABLE, "--direct"]

    def arguments(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "flows", *map(str, words)]

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.arguments(*words),
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def migrate(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self("migrate", *self.flags, *words)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WPFERRY")}
    return {**kept, "PYTHONPATH": str(BUNDLED.parents[1])}


@pytest.fixture
def command(tmp_path: Path, postgres: str) -> Command:
    schema.upgrade(postgres)
    return Command(tmp_path, postgres)


@pytest.fixture(scope="module")
def module_cms(module_postgres: str) -> str:
    schema.upgrade(module_postgres)
    return module_postgres


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)


def test_a_second_migrate_writes_no_row_and_encodes_no_picture(command: Command) -> None:
    first = document(command.migrate("--source", DUMP, "--uploads", UPLOADS, "--json"))
    assert first["outcome"] == "complete"
    assert first["rows_written"] > 500
    assert first["media"]["encoded"] > 40
    assert first["entities"]["articles"]["loaded"] == 36
    second = document(command.migrate("--source", DUMP, "--uploads", UPLOADS, "--json"))
    assert (second["rows_written"], second["media"]["encoded"]) == (0, 0)
    assert second["entities"]["articles"] == {
        "source": 37, "loaded": 0, "unchanged": 36, "skipped": 1, "rejected": 0, "deleted": 0, "conflicts": 0,
    }  # fmt: skip
    assert Path(second["report"]).is_absolute()
    assert Path(second["report"]).exists()


def test_killed_at_any_moment_then_run_again_is_as_if_it_had_never_been_killed(
    command: Command, postgres: str, tmp_path: Path, postgres_database
) -> None:
    with postgres_database() as other:
        schema.upgrade(other)
        undisturbed = Command(tmp_path / "undisturbed", other)
        undisturbed.folder.mkdir()
        assert undisturbed.migrate("--source", DUMP, "--uploads", UPLOADS, "--media", tmp_path / "m").returncode == 0
        expected = cms_content(other)
    words = command.arguments(
        "migrate", *command.flags, "--source", DUMP, "--uploads", UPLOADS, "--media", tmp_path / "m2"
    )
    for seconds in (1.5, 3.0, 4.5, 6.0):
        running = subprocess.Popen(
            words, cwd=command.folder, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    again = document(command.migrate("--source", DUMP, "--uploads", UPLOADS, "--media", tmp_path / "m2", "--json"))
    assert again["outcome"] == "complete"
    assert cms_content(postgres) == expected


def test_what_needs_a_person_is_listed_with_a_reason_and_exit_code_1(command: Command, fixture_site) -> None:
    messy = fixture_site("messy")
    done = command.migrate("--source", messy.dump, "--uploads", messy.uploads, "--json")
    assert done.returncode == 1, done.stderr
    outcome = json.loads(done.stdout)
    for entity, counts in outcome["entities"].items():
        accounted = sum(counts[name] for name in ("loaded", "unchanged", "skipped", "rejected", "conflicts"))
        assert counts["source"] == accounted, entity
    listed = command("rejected", "--json", "--source", messy.dump, *command.flags[:4])
    assert listed.returncode == 1
    rejected = json.loads(listed.stdout)["site"]
    assert len(rejected) == sum(counts["rejected"] for counts in outcome["entities"].values()) > 0
    assert all(one["reason"] and one["advice"] for one in rejected)


def test_the_report_of_a_run_can_be_written_again(command: Command, tmp_path: Path) -> None:
    run = document(command.migrate("--source", DUMP, "--json"))
    Path(run["report"]).unlink()
    written = command("report", run["run_id"], "--source", DUMP, *command.flags[:4], "--out", tmp_path / "again")
    assert written.returncode == 0, written.stderr
    assert (tmp_path / "again" / "report.json").exists()
    unknown = command("report", "nonsense", "--source", DUMP, *command.flags[:4])
    assert (unknown.returncode, unknown.stderr.strip()) == (2, "wpferry: 'nonsense' is no run id. See: wpferry status")


def test_status_says_what_can_be_reached(command: Command) -> None:
    found = command("status", "--json", "--source", DUMP, *command.flags[:4])
    assert found.returncode == 0, found.stderr
    site = json.loads(found.stdout)[0]
    assert (site["source"], site["cms"]) == ("reachable", "reachable")
    assert "does not answer" in site["metrics"]
    assert command("status", "--source", "gone.sql", *command.flags[:4]).returncode == 3


def test_a_resync_of_a_site_that_was_never_migrated_is_refused(command: Command) -> None:
    done = command("resync", *command.flags, "--source", DUMP)
    assert done.returncode == 2
    assert "was never migrated" in done.stderr


def test_a_cms_without_schemas_is_told_to_be_brought_up(tmp_path: Path, postgres: str) -> None:
    bare = Command(tmp_path, postgres)
    done = bare.migrate("--source", DUMP)
    assert (done.returncode, "wpferry db up" in done.stderr) == (2, True)
    assert bare("db", "up", "--source", DUMP, *bare.flags[:4]).returncode == 0
    assert bare.migrate("--source", DUMP, "--quiet").returncode == 0


def test_a_newer_schema_is_refused(command: Command, postgres: str) -> None:
    execute(postgres, "UPDATE cms.alembic_version SET version_num = '9999'")
    done = command.migrate("--source", DUMP)
    assert done.returncode == 2
    assert "newer than this wpferry" in done.stderr


def test_a_read_only_cms_is_refused(command: Command, postgres: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(postgres.replace("+psycopg", ""))["dbname"]
    execute(postgres, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    done = command.migrate("--source", DUMP)
    assert done.returncode == 2
    assert "accepts no writes" in done.stderr


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--source", "mysql+pymysql://u:hidden-word@127.0.0.1:1/wp"], 3, "nothing answers"),
        (["--source", "mysql+pymysql://u:hidden-word@nowhere.invalid/wp"], 2, "no such host"),
        (["--source", "gone.sql"], 2, "no file gone.sql"),
        (["--source", "."], 2, "is a folder"),
        (["--source", "cut.sql"], 2, "was cut"),
        (["--source", "cut.sql.gz"], 2, "cut or corrupt"),
        (["--source", "other.sql"], 2, "no WordPress"),
        (["--source", "ftp://u:hidden-word@host/wp.sql"], 2, "ftp://"),
        (["--source", str(DUMP), "--prefix", "zz_"], 2, "prefix 'zz_'"),
        (["--source", str(DUMP), "--blog", "7"], 2, "no blog 7"),
        (["--source", str(DUMP), "--uploads", "gone"], 2, "no uploads at gone"),
        (["--source", str(DUMP), "--uploads", "other.sql"], 2, "no archive"),
        (["--source", str(DUMP), "--cms", "postgresql://u:hidden-word@127.0.0.1:1/cms"], 3, "does not answer"),
        (["--source", str(DUMP), "--cms", "mysql://u:hidden-word@127.0.0.1:1/cms"], 2, "postgresql://"),
        (["--source", str(DUMP), "--metrics", "nonsense"], 2, "mongodb://"),
        (["--source", str(DUMP), "--uploads", str(UPLOADS), "--media", "/proc/none"], 2, "/proc/none"),
        (["--source", str(DUMP), "--site", "A b"], 2, "site key"),
        (["--config", "gone.toml"], 2, "no settings file"),
        (["--config", "wrong.toml"], 2, "sites.site.sorce"),
        ([], 2, "There is no site"),
        (["--sourc", "x"], 2, "--sourc"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_in_one_sentence(
    flags: list[str], code: int, words: str, tmp_path: Path, module_cms: str, monkeypatch, capsys
) -> None:
    text = gzip.decompress(DUMP.read_bytes())
    (tmp_path / "cut.sql").write_bytes(text[: len(text) // 2])
    (tmp_path / "cut.sql.gz").write_bytes(DUMP.read_bytes()[:40_000])
    (tmp_path / "other.sql").write_text("CREATE TABLE `t` (`a` int);\nINSERT INTO `t` VALUES (1);\n")
    (tmp_path / "wrong.toml").write_text('[sites.site]\nsorce = "x"\n')
    monkeypatch.chdir(tmp_path)
    usual = {"--cms": module_cms, "--metrics": UNREACHABLE} if flags and "--config" not in flags else {}
    others = [word for name, value in usual.items() if name not in flags for word in (name, value)]
    with pytest.raises(SystemExit) as left:
        main(["migrate", "--direct", *others, *flags])
    said = capsys.readouterr()
    assert left.value.code == code, said.err
    assert words in said.err
    assert "Traceback" not in said.err
    assert "hidden-word" not in said.err + said.out
    assert len([line for line in said.err.splitlines() if line.startswith("wpferry: ")]) == 1 or "╭" in said.err


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def test_the_command_says_which_version_it_is(command: Command) -> None:
    assert command("--version").stdout.strip() == metadata.version("wpferry")
