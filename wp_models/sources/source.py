"""What every source is: a way in, and the blog that was found there. Small values that worker processes can be sent."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from wp_models.tables import Installation


class Access(Protocol):
    """A way into one database. Frozen and picklable; it holds no connection."""

    @property
    def description(self) -> str:
        """Return what to call the database in sentences for people, without secrets."""

    @property
    def dialect(self) -> str:
        """Return SQLAlchemy's name of the database engine: mysql or sqlite."""

    def connect(self) -> AbstractContextManager[Connection]:
        """Return a read-only connection in one consistent snapshot, closed on leaving.

        Raises SourceUnavailableError or SourceRefusedError, also for what fails while it is in use.
        """


@dataclass(frozen=True, slots=True)
class Source:
    """One blog of one database."""

    access: Access
    installation: Installation

    @property
    def description(self) -> str:
        """Return what to call the source in sentences for people, without secrets."""
        return self.access.description

    @property
    def dialect(self) -> str:
        """Return SQLAlchemy's name of the database engine: mysql or sqlite."""
        return self.access.dialect

    @property
    def prefix(self) -> str:
        """Return the prefix of the blog's own tables."""
        return self.installation.prefix

    @property
    def blog_id(self) -> int:
        """Return the blog's number in its network; 1 for a site of its own."""
        return self.installation.blog_id

    def connect(self) -> AbstractContextManager[Connection]:
        """Return a read-only connection in one consistent snapshot, closed on leaving."""
        return self.access.connect()
