"""Telemetry in MongoDB: what each batch and run did. Postgres is the truth; an outage here stops nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Protocol

from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient, ReplaceOne
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError

from reports.documents import mongo_document, without_secrets
from reports.outcome import MediaSummary, OutcomeCounts, StageTime

logger = logging.getLogger(__name__)

TIMEOUT_MS = 2_000  # telemetry may not hold up a migration
RETRY_AFTER_S = 30  # after an outage, so that not every batch waits for the timeout
DELIVERY_SIZE = 500
CONFIG_DATABASE = "wpferry_config"

INDEXES: Mapping[str, Sequence[IndexModel]] = {
    "runs": [IndexModel([("started_at", DESCENDING)])],
    "batches": [IndexModel([("run_id", ASCENDING), ("entity", ASCENDING)])],
    "errors": [IndexModel([("run_id", ASCENDING)]), IndexModel([("code", ASCENDING)])],
}
EXPIRY = IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)

Document = Mapping[str, Any]
"""`{"database", "collection", "document"}`; only JSON values, so that the outbox can keep it. Times are ISO texts
in fields that end in `_at`."""


class MetricsUnavailableError(Exception):
    """The metrics server did not take the documents; keep them in the outbox and go on."""


class Outbox(Protocol):
    """Keeps documents that could not be delivered; `cms_models.state` has one in Postgres."""

    def add(self, documents: Sequence[Document]) -> None:
        """Keep the documents; the same document twice does no harm."""

    def pending(self, limit: int) -> Sequence[tuple[int, Document]]:
        """Return the oldest documents, each with its number in the outbox."""

    def done(self, ids: Sequence[int]) -> None:
        """Forget documents that were delivered, by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMetrics:
    """One batch: what became of its objects and where the time went."""

    run_id: str
    site: str
    entity: str
    first: int  # of the key range
    last: int
    counts: OutcomeCounts
    rows_written: int = 0
    finished_at: datetime
    stages: Sequence[StageTime] = ()

    def documents(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the batch's document; its id is the same when the batch is repeated."""
        fields = {
            "_id": f"{self.run_id}/{self.entity}/{self.first}",
            "run_id": self.run_id,
            "entity": self.entity,
            "first": self.first,
            "last": self.last,
            "counts": _counts(self.counts),
            "rows_written": self.rows_written,
            "stages": _stages(self.stages),
            "finished_at": self.finished_at,
        }
        return [("batches", fields)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMetrics:
    """One rejected object, or an exception that ended a batch."""

    run_id: str
    site: str
    entity: str
    source_id: int
    stage: str
    code: str
    detail: str
    trace: str = ""
    failed_at: datetime

    def documents(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the error's document."""
        fields = {
            "_id": f"{self.run_id}/{self.entity}/{self.source_id}/{self.stage}",
            "run_id": self.run_id,
            "entity": self.entity,
            "source_id": self.source_id,
            "stage": self.stage,
            "code": self.code,
            "detail": self.detail,
            "trace": self.trace,
            "failed_at": self.failed_at,
        }
        return [("errors", fields)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetrics:
    """One run: outcomes per entity, time and speed per stage, files, memory, versions and settings."""

    run_id: str
    site: str
    flow: str
    outcome: str  # running | complete | attention | inconsistent | failed
    started_at: datetime
    finished_at: datetime | None = None
    entities: Mapping[str, OutcomeCounts] = field(default_factory=dict)
    stages: Sequence[StageTime] = ()
    media: MediaSummary | None = None
    peak_memory_bytes: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  # secrets are taken out

    def documents(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the run's document."""
        media = self.media
        fields = {
            "_id": self.run_id,
            "flow": self.flow,
            "outcome": self.outcome,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "seconds": (self.finished_at - self.started_at).total_seconds() if self.finished_at else None,
            "entities": {entity: _counts(counts) for entity, counts in self.entities.items()},
            "stages": _stages(self.stages),
            "media": {name: getattr(media, name) for name in media.__slots__} if media else None,
            "peak_memory_bytes": self.peak_memory_bytes,
            "versions": dict(self.versions),
            "settings": without_secrets(self.settings),
        }
        return [("runs", fields)]


Metrics = BatchMetrics | ErrorMetrics | RunMetrics


class MetricsStore(AbstractContextManager["MetricsStore"]):
    """Writes metrics of all sites to one MongoDB server; every id is computed, so writing again changes nothing."""

    def __init__(
        self,
        url: str,
        *,
        database_prefix: str = "wpferry_",
        config_database: str = CONFIG_DATABASE,
        retention: timedelta | None = None,
    ) -> None:
        """Connect at the first write, not here. `retention` is how long documents stay; None keeps them."""
        try:
            self._client = _client(url)
        except (ConfigurationError, InvalidURI, ValueError) as error:
            message = f"The address of the metrics server is no MongoDB URL ({error}): write mongodb://host:27017."
            raise MetricsUnavailableError(message) from error
        self._prefix = database_prefix
        self._config_database = config_database
        self._retention = retention
        self._prepared: set[tuple[str, str]] = set()
        self._down_until = 0.0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def record(self, metrics: Iterable[Metrics], outbox: Outbox) -> bool:
        """Write metrics, or leave them in the outbox when the server is out of reach; tell which."""
        documents = [document for value in metrics for document in self._documents(value)]
        try:
            self.write(documents)
        except MetricsUnavailableError as error:
            logger.warning("metrics kept for later", extra={"documents": len(documents), "reason": str(error)})
            outbox.add(documents)
            return False
        return True

    def deliver(self, outbox: Outbox) -> int:
        """Write what earlier outages left in the outbox, oldest first; return the number of documents.

        Raises MetricsUnavailableError; what was written until then is out of the outbox.
        """
        delivered = 0
        while pending := outbox.pending(DELIVERY_SIZE):
            self.write([document for _, document in pending])
            outbox.done([number for number, _ in pending])
            delivered += len(pending)
        return delivered

    def register_site(self, site: str, *, name: str, url: str, seen_at: datetime, outbox: Outbox) -> bool:
        """Note the site in the register that all sites share."""
        fields = {"_id": site, "name": name, "url": url, "database": f"{self._prefix}{site}", "seen_at": seen_at}
        try:
            self.write([document := _document(self._config_database, "sites", fields)])
        except MetricsUnavailableError:
            outbox.add([document])
            return False
        return True

    def write(self, documents: Sequence[Document]) -> None:
        """Insert or replace documents, in bulk per collection. Raises MetricsUnavailableError."""
        if time.monotonic() < self._down_until:
            message = f"The metrics server did not answer less than {RETRY_AFTER_S} s ago."
            raise MetricsUnavailableError(message)
        by_place: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for document in documents:
            place = (document["database"], document["collection"])
            by_place.setdefault(place, []).append(self._expiring(mongo_document(document["document"])))
        try:
            for place, found in by_place.items():
                self._prepare(*place)
                # The id stands in the replacement too: the embedded server invents one otherwise.
                requests = [ReplaceOne({"_id": fields["_id"]}, fields, upsert=True) for fields in found]
                self._client[place[0]][place[1]].bulk_write(requests, ordered=False)
        except PyMongoError as error:
            self._down_until = time.monotonic() + RETRY_AFTER_S
            message = f"The metrics server did not take {len(documents)} documents: {type(error).__name__}."
            raise MetricsUnavailableError(message) from error

    def runs(self, site: str, *, limit: int = 20) -> list[Mapping[str, Any]]:
        """Return the latest runs of a site, newest first. Raises MetricsUnavailableError."""
        try:
            return list(self._client[f"{self._prefix}{site}"]["runs"].find({}).sort("started_at", -1).limit(limit))
        except PyMongoError as error:
            message = f"The metrics server does not answer: {type(error).__name__}."
            raise MetricsUnavailableError(message) from error

    def _documents(self, metrics: Metrics) -> list[Document]:
        database = f"{self._prefix}{metrics.site}"
        return [_document(database, collection, fields) for collection, fields in metrics.documents()]

    def _prepare(self, database: str, collection: str) -> None:
        if (database, collection) in self._prepared or collection not in INDEXES:
            return
        self._client[database][collection].create_indexes([*INDEXES[collection], EXPIRY])
        self._prepared.add((database, collection))

    def _expiring(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Add the time at which the server may drop the document: by the run's own clock, not by this machine's."""
        at = fields.get("finished_at") or fields.get("failed_at") or fields.get("started_at")
        if self._retention is None or not isinstance(at, datetime):
            return fields
        return {**fields, "expires_at": at + self._retention}


def answers(url: str) -> bool:
    """Tell whether a server that speaks MongoDB's protocol answers at this address within half a second."""
    try:
        with _client(url, timeout_ms=500) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _client(url: str, *, timeout_ms: int = TIMEOUT_MS) -> MongoClient[dict[str, Any]]:
    return MongoClient(
        url,
        appname="wpferry",
        tz_aware=True,
        serverSelectionTimeoutMS=timeout_ms,
        connectTimeoutMS=timeout_ms,
        socketTimeoutMS=5 * timeout_ms,
    )


def _document(database: str, collection: str, fields: Mapping[str, Any]) -> Document:
    stored = {name: _iso(value) if isinstance(value, datetime) else value for name, value in fields.items()}
    return {"database": database, "collection": collection, "document": stored}


def _iso(time_: datetime) -> str:
    return time_.astimezone(UTC).isoformat()


def _counts(counts: OutcomeCounts) -> dict[str, Any]:
    numbers = {name: getattr(counts, name) for name in counts.__slots__ if name != "skipped_for"}
    reasons = [{"reason": reason, "count": count} for reason, count in sorted(counts.skipped_for.items())]
    return {**numbers, "skipped_for": reasons}


def _stages(stages: Iterable[StageTime]) -> dict[str, Any]:
    return {
        stage.name: {"seconds": round(stage.seconds, 4), "records": stage.records, "per_second": stage.per_second}
        for stage in stages
    }
