"""What commands say besides their results: log lines for people, and as little as possible of Prefect's."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from flows.flags import OutputFlags


def log_to_stderr(output: OutputFlags) -> None:
    """Let log lines go to standard error; standard output is for results."""
    level = logging.ERROR if output.quiet else logging.INFO
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(message)s")
    for name in ("wpferry", "flows", "reports"):
        logging.getLogger(name).setLevel(level)


def quiet_prefect(home: Path) -> None:
    """Keep Prefect's state beside wpferry's and its chatter off, unless the environment says otherwise."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    # Its first start makes a database, which a busy machine does not manage in the 20 s it is given.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    if "PREFECT_API_URL" not in os.environ and "PREFECT_HOME" not in os.environ:
        prefect_home = home.absolute() / "prefect"
        prefect_home.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(prefect_home)
