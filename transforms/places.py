"""URLs of a site, taken apart, and what makes two of them the same."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A URL of the site, taken apart."""

    path: str  # percent-decoded, with a leading slash
    query: str = ""
    fragment: str = ""
    language: str | None = None  # that of its host or its ?lang=, where languages may share a path
    is_ours: bool = True  # False: perhaps ours, by the host that guids name or beside WordPress's directory

    @property
    def key(self) -> str:
        """Return what all spellings of the address have in common."""
        return f"{path_key(self.path)}?{self.query}" if self.query else path_key(self.path)


def path_key(path: str) -> str:
    """Return what all spellings of a path have in common: WordPress heeds neither case nor doubled or last slashes."""
    path = path.rstrip("/").lower()
    return re.sub("//+", "/", path) if "//" in path else path
