"""What Prefect shows of runs: verdict and report as artifacts; and README's notice of a run that failed, as it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cms_models import schema
from tests.migrations import UNREACHABLE
from tests.prefect_server import PROJECT, TIMEOUT_S, Prefect, eventually, running_prefect

NO_BLOCK = "00000000-0000-0000-0000-000000000000"
FAILING = """
from prefect import flow

from flows.verify import verify

@flow(name="something else")
def other():
    raise ValueError("not ours")

for run in (other, lambda: verify(config="wpferry.toml")):
    try:
        run()
    except Exception as error:
        print(type(error).__name__)
"""


MIGRATING = """
from flows.migrate import migrate

migrate(config="wpferry.toml")
"""


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    with running_prefect(tmp_path_factory.mktemp("prefect"), {}) as server:
        yield server


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[str]]]:
    """An address, and what is sent there."""
    received: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep still."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/", received
        server.shutdown()


def described(language: str) -> str:
    """The README's block of code about notices."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (PROJECT / "README.md").read_text(), re.DOTALL)
    [found] = [block for block in blocks if "wpferry-notice" in block]
    return found


def test_a_verification_that_fails_is_told_and_other_peoples_runs_are_not(
    prefect: Prefect, webhook: tuple[str, list[str]]
) -> None:
    address, received = webhook
    (prefect.folder / "wpferry.toml").write_text('[sites.site]\nsource = "gone.sql"\n')
    (prefect.folder / "block.py").write_text(described("python").replace("https://chat.example/hooks/wpferry", address))
    block = python(prefect, "block.py").strip()
    (prefect.folder / "notice.yaml").write_text(described("yaml").replace(NO_BLOCK, block))
    prefect("automation", "create", "--from-file", "notice.yaml")
    (prefect.folder / "failing.py").write_text(FAILING)
    assert python(prefect, "failing.py").split() == ["ValueError", "SitesFailedError"]
    eventually(lambda: received, "the webhook is called")
    [text] = received
    assert text.startswith("wpferry: verify has failed: ")
    assert "gone.sql" in text


def test_a_run_leaves_its_verdict_and_a_link_to_its_report(prefect: Prefect, postgres: str) -> None:
    schema.upgrade(postgres)
    source = PROJECT / "flows" / "demo" / "northlight.sql.gz"
    (prefect.folder / "wpferry.toml").write_text(
        f'[sites.my_site]\nsource = "{source}"\ncms = "{postgres}"\nmetrics = "{UNREACHABLE}"\n'
    )
    (prefect.folder / "migrating.py").write_text(MIGRATING)
    python(prefect, "migrating.py")
    found = {one["key"]: one for one in prefect.ask("artifacts/latest/filter")}
    assert found.keys() == {"outcome-my-site", "verdict-my-site", "report-my-site"}
    verdict = found["verdict-my-site"]["data"]
    assert verdict.startswith("# my\\_site: No-go")
    assert "Run: wpferry verify" in verdict
    page = re.search(r"\((file://[^)]+)\)", found["report-my-site"]["data"])
    assert page
    assert Path(page[1].removeprefix("file://")).is_file()


def python(prefect: Prefect, script: str) -> str:
    done = subprocess.run(
        [sys.executable, script], cwd=prefect.folder, env=prefect.environment, capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
