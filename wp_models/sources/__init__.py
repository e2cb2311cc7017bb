"""Four ways into a WordPress database, one Protocol."""

from sqlalchemy import Connection as SourceConnection

from wp_models.sources.opening import open_source
from wp_models.sources.source import Access, Source

__all__ = ["Access", "Source", "SourceConnection", "open_source"]
