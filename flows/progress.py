"""How a run tells what it is doing: bars on a terminal, one line a stage elsewhere, nothing when quiet."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

logger = logging.getLogger("wpferry")


class Stage(Protocol):
    """One stage of a run while it goes on."""

    def advance(self, objects: int) -> None:
        """Note that so many more objects are done."""


class Reporter(Protocol):
    """Shows the stages of a run."""

    def stage(self, name: str, objects: int) -> AbstractContextManager[Stage]:
        """Open a stage of so many objects."""


class Bars:
    """Progress bars with rate and time left."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        self._progress = Progress(*columns, TimeRemainingColumn(compact=True), console=Console(stderr=True))

    @contextmanager
    def stage(self, name: str, objects: int) -> Iterator[Stage]:
        """Open a bar; it stays on the screen when the stage is done."""
        with self._progress as progress:
            yield _Bar(progress, progress.add_task(name, total=objects, rate=""))


class _Bar:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task, self._started, self._done = progress, task, time.monotonic(), 0

    def advance(self, objects: int) -> None:
        """Move the bar."""
        self._done += objects
        rate = self._done / max(time.monotonic() - self._started, 0.001)
        self._progress.update(self._task, advance=objects, rate=f"{rate:,.0f}/s")


class Lines:
    """One log line a stage."""

    @contextmanager
    def stage(self, name: str, objects: int) -> Iterator[Stage]:
        """Log the stage when it is done."""
        yield _Line(name, objects)


class _Line:
    def __init__(self, name: str, objects: int) -> None:
        self._name, self._objects, self._done, self._started = name, objects, 0, time.monotonic()

    def advance(self, objects: int) -> None:
        """Count, and log the stage with its last object."""
        self._done += objects
        if self._done == self._objects:
            seconds = max(time.monotonic() - self._started, 0.001)
            logger.info("%-12s %7d in %6.1f s (%s/s)", self._name, self._done, seconds, f"{self._done / seconds:,.0f}")


def reporter_for(*, quiet: bool) -> Bars | Lines:
    """Return what suits the output: bars on a terminal, log lines elsewhere."""
    return Bars() if sys.stderr.isatty() and not quiet else Lines()
