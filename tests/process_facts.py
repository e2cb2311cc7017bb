"""What a process says of itself; it imports nothing else, so that asking changes nothing."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path


def write_process_facts(path: Path) -> None:
    """Write the process's number, whether garbage is collected, and the modules that it has imported, line by line."""
    path.write_text("\n".join((str(os.getpid()), str(gc.isenabled()), *sys.modules)))
