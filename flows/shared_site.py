"""The site as transforms see it, made once in each process that needs it: for a large site it is tens of megabytes."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from cms_models import db
from cms_models.media_queries import read_media
from flows.media_index import media_by_id
from transforms.contract import Languages, SiteRules
from transforms.site_data import SiteData, build_site_data
from wp_models.records import WpSite


class SharedSite:
    """What a run and its worker in the same process share; travels to other processes without what was made of it."""

    def __init__(
        self, wordpress: WpSite, languages: Languages, rules: SiteRules, *, site_id: int, site_key: str
    ) -> None:
        self.id = site_id
        self.key = site_key
        self._wordpress = wordpress
        self._languages = languages
        self._rules = rules
        self._with_media: SiteData | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave out what the other process makes for itself."""
        own = {**self.__dict__, "_with_media": None}
        own.pop("before_media", None)
        return own

    @cached_property
    def before_media(self) -> SiteData:
        """Return the site as media and those before them see it."""
        return build_site_data(
            self._wordpress, self._rules, site_id=self.id, site_key=self.key, media={}, languages=self._languages
        )

    def with_media(self, connection: db.Connection) -> SiteData:
        """Return the site with its media, which are loaded before the content that shows them: ask then."""
        if self._with_media is None:
            self._with_media = replace(self.before_media, media=media_by_id(read_media(connection, self.id)))
        return self._with_media
