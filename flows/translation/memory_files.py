"""The translation memory of a site's CMS as a TMX file, and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms_models import db, schema
from cms_models.translation_memory import Remembered, read_memory, remember
from flows.settings import ConfigurationError, Settings
from flows.wiring import open_target
from transforms.translation.tmx import TmxError, Unit, read_tmx, write_tmx

UNITS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Transferred:
    """How much of a memory went where."""

    path: Path
    units: int  # in the file
    changed: int  # in the memory

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"path": str(self.path), "units": self.units, "changed": self.changed}


def export_memory(settings: Settings, path: Path, *, to: str | None) -> Transferred:
    """Write the memory, or what it says in one language, as TMX."""
    with open_target(settings, _only_site(settings)) as target, db.connect(target.cms_url) as connection:
        schema.require_current_schema(connection)
        units = (
            Unit(
                one.source_language, one.target_language, one.source_text, one.target_text, one.segment_hash, one.origin
            )
            for one in read_memory(connection, target=to)
        )
        try:
            with path.open("wb") as file:
                count = write_tmx(units, file)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None
    return Transferred(path.absolute(), count, 0)


def import_memory(settings: Settings, path: Path) -> Transferred:
    """Add what a TMX file says; units of other tools count as people's words, which no machine replaces."""
    with open_target(settings, _only_site(settings)) as target, db.connect(target.cms_url) as connection:
        schema.require_current_schema(connection)
        try:
            with path.open("rb") as file:
                units = [_remembered(unit) for unit in read_tmx(file)]
        except TmxError as error:
            raise ConfigurationError(f"{path}: {error}") from None
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
        changed = sum(
            remember(connection, units[start : start + UNITS_AT_ONCE]) for start in range(0, len(units), UNITS_AT_ONCE)
        )
    return Transferred(path.absolute(), len(units), changed)


def _only_site(settings: Settings) -> str:
    """Return the site whose CMS is meant: the memory is the same for all sites in it."""
    if len(settings.sites) != 1:
        raise ConfigurationError("Say whose CMS is meant: give one --site KEY. All sites in it share the memory.")
    return next(iter(settings.sites))


def _remembered(unit: Unit) -> Remembered:
    return Remembered(
        source_language=unit.source_language,
        target_language=unit.target_language,
        segment_hash=unit.segment_hash,
        source_text=unit.source_text,
        target_text=unit.target_text,
        origin=unit.origin,
    )
