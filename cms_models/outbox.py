"""Metrics documents that wait in Postgres until they can be delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from cms_models.db import Connection, target_errors
from cms_models.staging import json_bytes


class Outbox:
    """Metrics documents that wait until they can be delivered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @target_errors()
    def add(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Keep documents."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO migration.outbox (document) VALUES (%s)",
                [(Jsonb(document, dumps=json_bytes),) for document in documents],
            )

    @target_errors()
    def pending(self, limit: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Return the oldest documents, each with its number."""
        statement = "SELECT position, document FROM migration.outbox ORDER BY position LIMIT %s"
        return self._connection.execute(statement, (limit,)).fetchall()

    @target_errors()
    def done(self, ids: Sequence[int]) -> None:
        """Forget documents by their numbers."""
        self._connection.execute("DELETE FROM migration.outbox WHERE position = ANY (%s)", (list(ids),))
