"""What a process id found in a file stands for by now."""

from __future__ import annotations

import subprocess
from pathlib import Path


def command_of(pid: int) -> str:
    """Return the command line of a living process, else nothing: numbers are reused, so a pid alone proves nothing."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]  # macOS
    return subprocess.run(listing, check=False, capture_output=True, text=True).stdout.strip()  # noqa: S603
