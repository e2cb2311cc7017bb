"""How long `verify` takes on a site of 100,000 posts, and the memory of its largest process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measured import measured
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
    run = measured(
        "verify", "--site", "site", "--source", mariadb, "--cms", postgres, "--metrics", UNREACHABLE,
        "--media", str(tmp_path / "media"),
    )  # fmt: skip
    sys.stdout.write(f"\n{POSTS:,} posts: {run}\n")
    assert run.exit_code == 0
    assert run.document["difference_count"] == 0
    assert run.document["counts"]["articles"]["source"] > 0.7 * POSTS
    assert run.memory_mb < MOST_MEMORY_MB
    assert run.seconds <= MOST_SECONDS
