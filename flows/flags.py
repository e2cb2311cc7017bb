"""Flags that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
from cyclopts import Parameter

from flows.settings import Settings, read_settings

DEFAULT_WORKERS = 2


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SiteFlags:
    """Which sites, and where they are. What is left out comes from the settings file."""

    config: Annotated[Path | None, Parameter(env_var="WPFERRY_CONFIG")] = None
    """Settings file [wpferry.toml]."""
    site: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """Site key; repeatable. Left out: all sites."""
    source: Annotated[str | None, Parameter(env_var="WPFERRY_SOURCE")] = None
    """Database URL, .sql, .sql.gz or .sqlite file of the WordPress; only read."""
    uploads: Annotated[str | None, Parameter(env_var="WPFERRY_UPLOADS")] = None
    """wp-content/uploads: a folder, .tar.gz or .zip."""
    cms: Annotated[str | None, Parameter(env_var="WPFERRY_CMS")] = None
    """Postgres URL [an embedded one]."""
    metrics: Annotated[str | None, Parameter(env_var="WPFERRY_METRICS")] = None
    """MongoDB URL [an embedded one]."""
    media: Annotated[str | None, Parameter(env_var="WPFERRY_MEDIA")] = None
    """Folder or fsspec URL of the media store [.wpferry/media]."""
    prefix: str | None = None
    """Table prefix [found in the database]."""
    blog: int | None = None
    """Blog of a multisite network."""

    def settings(self, *, every_site: bool = False) -> Settings:
        """Return the settings of the chosen sites, or of every site the settings file has."""
        flags = {
            name: getattr(self, name) for name in ("source", "uploads", "cms", "metrics", "media", "prefix", "blog")
        }
        return read_settings(self.config, self.site, flags, every_site=every_site)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class OutputFlags:
    """What is said, and how."""

    json: Annotated[bool, Parameter(negative="")] = False
    """One JSON document on standard output; logs go to standard error."""
    quiet: Annotated[bool, Parameter(negative="")] = False
    """Say nothing but errors."""

    def show(self, document: Any, lines: Iterable[str]) -> None:
        """Print the document, or the lines that say the same to people."""
        if self.json:
            sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
        elif not self.quiet:
            sys.stdout.writelines(f"{line}\n" for line in lines)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class RunFlags:
    """How a run is carried out."""

    direct: Annotated[bool, Parameter(negative="")] = False
    """Run the same steps without Prefect, whose own server takes some ten seconds to start."""
    workers: int = DEFAULT_WORKERS
    """Worker processes."""
    out: Path | None = None
    """Folder of the report [.wpferry/reports/SITE/RUN]."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class DeletionFlags:
    """What happens to rows whose objects are gone from the source; left out: what the settings say."""

    purge: Annotated[bool, Parameter(negative="")] = False
    """Remove the rows; otherwise they stay as tombstones."""
    allow_deletions: Annotated[bool, Parameter(negative="")] = False
    """Let any number of rows go; otherwise a run stops before more than a tenth of a kind would."""

    def applied(self, settings: Settings) -> Settings:
        """Return the settings with these flags."""
        chosen = {"purge": True} if self.purge else {}
        chosen |= {"allow": True} if self.allow_deletions else {}
        return settings.model_copy(
            update={
                "sites": {
                    key: site.model_copy(update={"deletions": site.deletions.model_copy(update=chosen)})
                    for key, site in settings.sites.items()
                }
            }
        )
