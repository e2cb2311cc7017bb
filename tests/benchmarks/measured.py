"""What a command does and takes, run as a schedule runs it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What one run printed and took, from the start of its process to the end."""

    document: Any  # what --json prints
    exit_code: int
    seconds: float
    processor_s: float  # its own, without the servers'
    memory_mb: int  # of its largest process

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.processor_s:.1f} s of processor, {self.memory_mb} MiB"


def measured(*arguments: str) -> Measured:
    """Run wpferry with these arguments and --json."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "flows", *arguments, "--json"], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        document = json.loads(running.stdout.read())
        _, status, used = os.wait4(running.pid, 0)  # with its processes, of this command alone
        running.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    return Measured(document, running.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
