"""What a deployment does for each site of the settings file: one that fails leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flows.failures import exit_code_of
from flows.settings import Settings, read_settings

Done = TypeVar("Done")


class SitesFailedError(Exception):
    """Some of the sites could not be finished; the others were."""


def for_each_site(site: str | None, config: str | None, work: Callable[[Settings, str], Done]) -> list[Done]:
    """Return what the work makes of one site of the settings file, or of all of them.

    Raises SitesFailedError with a sentence for each site that failed in a way people can act on, when all have had
    their turn; any other error at once.
    """
    settings = read_settings(Path(config) if config else None, (site,) if site else (), {})
    done: list[Done] = []
    failed: dict[str, Exception] = {}
    for key in settings.sites:
        try:
            done.append(work(settings, key))
        except Exception as error:
            if exit_code_of(error) is None:
                raise
            failed[key] = error
    if failed:
        raise SitesFailedError(" ".join(f"{key}: {error}" for key, error in failed.items()))
    return done
