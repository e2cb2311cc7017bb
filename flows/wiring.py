"""The composition root: from settings to open connections, stores and embedded servers of one site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.services.mongodb import embedded_mongodb
from flows.services.postgres import embedded_postgres
from flows.settings import Settings, SiteSettings
from reports.metrics import MetricsStore
from wp_models.sources import Source, open_source
from wp_models.uploads import Uploads, open_uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one site is written to; embedded servers run as long as it is open."""

    key: str
    settings: SiteSettings
    home: Path
    cms_url: str
    media_url: str
    metrics: MetricsStore

    @property
    def reports(self) -> Path:
        """Return the folder of the site's reports."""
        return self.home / "reports" / self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSite:
    """One site with both its sides."""

    target: Target
    source: Source
    uploads: Uploads | None


@contextmanager
def open_target(settings: Settings, key: str) -> Iterator[Target]:
    """Open what a site is written to, starting the embedded servers it needs."""
    site, home = settings.sites[key], settings.home.absolute()
    with ExitStack() as opened:
        cms = site.cms.get_secret_value() if site.cms else opened.enter_context(embedded_postgres(home / "postgres"))
        metrics = (
            site.metrics.get_secret_value()
            if site.metrics
            else opened.enter_context(embedded_mongodb(home / "mongodb"))
        )
        store = opened.enter_context(MetricsStore(metrics))
        media = site.media or str(home / "media")
        yield Target(key=key, settings=site, home=home, cms_url=cms, media_url=media, metrics=store)


def open_site_source(settings: Settings, key: str) -> Source:
    """Open the WordPress of a site; raises one of `wp_models.errors`."""
    site = settings.sites[key]
    cache = settings.home.absolute() / "cache"
    return open_source(site.source.get_secret_value(), prefix=site.prefix, blog_id=site.blog, cache=cache)


@contextmanager
def open_site(settings: Settings, key: str) -> Iterator[OpenSite]:
    """Open both sides of a site. What is only read comes first: a wrong path is told before any server starts."""
    source = open_site_source(settings, key)
    location, cache = settings.sites[key].uploads, settings.home.absolute() / "cache"
    uploads = open_uploads(location, cache=cache, blog_id=source.blog_id) if location is not None else None
    with open_target(settings, key) as target:
        yield OpenSite(target=target, source=source, uploads=uploads)
