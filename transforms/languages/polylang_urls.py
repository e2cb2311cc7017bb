"""Polylang's addresses: where its settings put the language of a page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from transforms.languages.groups import integer_or_none, is_on, mapping_or_empty
from wp_models.php_data import PhpValue
from wp_models.records import WpSite

URL_MODES = {0: "content", 1: "directory", 2: "subdomain", 3: "domain"}  # by the setting force_lang


class PolylangUrls:
    """Where Polylang puts the language into an address."""

    def __init__(self, wp: WpSite, settings: Mapping[str, PhpValue], codes: tuple[str, ...], default: str) -> None:
        force = integer_or_none(settings.get("force_lang", 1))
        mode = URL_MODES.get(1 if force is None else force, "directory")
        # Without pretty permalinks Polylang adds ?lang= whatever the setting says, domains excepted.
        self.mode = "query" if mode == "directory" and not wp.options.get("permalink_structure") else mode
        # Polylang 1.x knew no hide_default; since then it is on unless a site turned it off.
        self.hides_default = is_on(settings.get("hide_default", True))
        self._directory = "" if is_on(settings.get("rewrite", True)) else "language/"
        self._redirects_home = is_on(settings.get("redirect_lang"))
        self._domains = mapping_or_empty(settings.get("domains"))
        self._home = (wp.options.get("home") or wp.options.get("siteurl") or "").rstrip("/")
        self._codes = codes
        self._default = default

    def prefixes(self) -> dict[str, str]:
        """Return the directory of each language that has one."""
        if self.mode != "directory":
            return {}
        return {code: self._directory + code for code in self._codes if code != self._default or not self.hides_default}

    def home_urls(self) -> dict[str, str]:
        """Return the home of each language that has a host of its own."""
        if self.mode == "domain":
            return {
                code: url.rstrip("/")
                for code in self._codes
                if isinstance(url := self._domains.get(code, ""), str) and url
            }
        if self.mode != "subdomain":
            return {}
        home = urlsplit(self._home)
        bare = home.netloc.removeprefix("www.")
        return {
            code: self._home
            if code == self._default and self.hides_default
            else urlunsplit(home._replace(netloc=f"{code}.{bare}"))
            for code in self._codes
        }

    def home_pages(self, pages: Mapping[str, int]) -> dict[str, int]:
        """Return the front pages that live at their language's home.

        The others keep their own address: in directories unless "redirect_lang" is on, and wherever two languages
        would share one home.
        """
        if self.mode in ("domain", "subdomain") or (self.mode == "directory" and self._redirects_home):
            return dict(pages)
        at_home = self._default if self.hides_default or self.mode != "directory" else None
        return {code: page for code, page in pages.items() if code == at_home}
