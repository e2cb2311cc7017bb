"""What worker processes import, each run anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_workers_do_not_import_what_only_the_command_needs() -> None:
    listed = "import flows.__main__, flows.execution, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", listed], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert {"flows.worker", "transforms.registry"} <= set(done.stdout.split())
    assert not {"flows.cli", "cyclopts", "prefect", "jinja2", "pymongo"} & set(done.stdout.split())
