"""Migrations in this process, with something happening in the middle of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.settings import read_settings
from flows.steps import run_directly, run_site
from flows.summary import MigrationSummary
from tests.migrations import UNREACHABLE


class When:
    """Does something when a stage begins, the first time."""

    def __init__(self, stage: str, action: Callable[[], object]) -> None:
        self._stage = stage
        self._action: Callable[[], object] | None = action

    @contextmanager
    def stage(self, name: str, objects: int) -> Iterator[When]:
        if name == self._stage and (action := self._action):
            self._action = None
            action()
        yield self

    def advance(self, objects: int) -> None:
        pass


NOTHING = When("", lambda: None)


def ferry_over(
    source: Path | str, cms: str, home: Path, *, reporter: When = NOTHING, workers: int = 1, **flags: Any
) -> MigrationSummary:
    """Migrate a site; the CMS has its schemas already."""
    given = {"source": str(source), "cms": cms, "metrics": UNREACHABLE, "media": str(home / "media"), **flags}
    settings = read_settings(None, ("site",), given).model_copy(update={"home": home})
    return run_site(settings, "site", "migrate", reporter, run_directly, workers=workers, out=None)
