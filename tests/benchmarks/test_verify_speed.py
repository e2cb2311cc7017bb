"""How long `verify` takes on a site of 100,000 posts, and the memory of its largest process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.migrations import UNREACHABLE, migrate_elsewhere

POSTS = int(os.environ.get("WPFERRY_TEST_POSTS", "100000"))
MOST_SECONDS = 120
MOST_MEMORY_MB = 300


def test_a_hundred_thousand_posts_are_verified_in_two_minutes(
    mariadb: str, postgres: str, shared: Path, tmp_path: Path
) -> None:
    maker = [sys.executable, str(shared / "bench" / "make_wordpress_db.py"), "--url", mariadb, "--posts", str(POSTS)]
    subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
    migrate_elsewhere(mariadb, cms=postgres, home=tmp_path)
    command = [
        sys.executable, "-m", "flows", "verify", "--json", "--site", "site", "--source", mariadb, "--cms", postgres,
        "--metrics", UNREACHABLE, "--media", str(tmp_path / "media"),
    ]  # fmt: skip
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as verifying:
        assert verifying.stdout is not None
        found = json.loads(verifying.stdout.read())
        _, status, used = os.wait4(verifying.pid, 0)  # with its processes, of this command alone
        verifying.returncode = os.waitstatus_to_exitcode(status)
    seconds, memory = time.perf_counter() - started, used.ru_maxrss // 1024
    sys.stdout.write(
        f"\n{POSTS:,} posts: {seconds:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor, {memory} MiB\n"
    )
    assert verifying.returncode == 0
    assert found["difference_count"] == 0
    assert found["counts"]["articles"]["source"] > 0.7 * POSTS
    assert memory < MOST_MEMORY_MB
    assert seconds <= MOST_SECONDS
