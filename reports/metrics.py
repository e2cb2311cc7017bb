"""Telemetry in MongoDB: what each batch and run did. Postgres is the truth; an outage here stops nothing."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, ClassVar, Protocol

from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient, ReplaceOne
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError

from reports.documents import mongo_document, without_secrets
from reports.outcome import MediaSummary, OutcomeCounts, StageTime

logger = logging.getLogger(__name__)

TIMEOUT_MS = 2_000  # telemetry may not hold up a migration
RETRY_AFTER_S = 30  # after an outage, so that not every batch waits for the timeout ...
RETRY_AFTER_AT_MOST_S = 1800  # ... and twice as long after each further one: a hanging server costs seconds each time
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


class MetricsAddressError(Exception):
    """The address of the metrics server is wrong: a setting to be changed, no outage."""


class Outbox(Protocol):
    """Keeps documents that could not be delivered; `cms_models.outbox` has one in Postgres."""

    def add(self, documents: Sequence[Document]) -> None:
        """Keep the documents; the same document twice does no harm."""

    def pending(self, limit: int) -> Sequence[tuple[int, Document]]:
        """Return the oldest documents, each with its number in the outbox."""

    def done(self, ids: Sequence[int]) -> None:
        """Forget documents that were delivered, by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMetrics:
    """One batch: what became of its objects and where the time went."""

    collection: ClassVar[str] = "batches"
    run_id: str
    site: str
    entity: str
    first: int  # of the key range
    last: int
    counts: OutcomeCounts
    rows_written: int = 0
    stages: tuple[StageTime, ...] = ()
    finished_at: datetime

    @property
    def id(self) -> str:
        """Return the same for a batch that is repeated."""
        return f"{self.run_id}/{self.entity}/{self.first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMetrics:
    """One rejected object, or an exception that ended a batch."""

    collection: ClassVar[str] = "errors"
    run_id: str
    site: str
    entity: str
    source_id: int
    stage: str
    code: str
    detail: str
    trace: str = ""
    finished_at: datetime  # of the batch

    @property
    def id(self) -> str:
        """Return the same for an object that fails again when its batch is repeated."""
        return f"{self.run_id}/{self.entity}/{self.source_id}/{self.stage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetrics:
    """One run: outcomes per entity, time and speed per stage, files, memory, versions and settings."""

    collection: ClassVar[str] = "runs"
    run_id: str
    site: str
    flow: str
    outcome: str  # running | complete | attention | inconsistent | failed
    started_at: datetime
    finished_at: datetime | None = None
    entities: Mapping[str, OutcomeCounts] = field(default_factory=dict)
    stages: tuple[StageTime, ...] = ()
    media: MediaSummary | None = None
    peak_memory_bytes: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  # secrets are taken out before they are stored

    @property
    def id(self) -> str:
        """Return the run's own id."""
        return self.run_id

    @property
    def seconds(self) -> float | None:
        """Return the wall-clock time; None while the run goes on."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


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
        """Connect at the first write, not here. `retention` is how long documents stay; None keeps them.

        Raises MetricsAddressError.
        """
        self._client = _client(url)
        self._prefix = database_prefix
        self._config_database = config_database
        self._retention = retention
        self._prepared: set[tuple[str, str]] = set()
        self._failures = 0
        self._down_until = 0.0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def record(self, metrics: Iterable[Metrics], outbox: Outbox) -> bool:
        """Write metrics, or leave them in the outbox when the server is out of reach; tell which."""
        return self._write_or_keep([self._document(value) for value in metrics], outbox)

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
        """Note the site in the register that all sites share; tell whether it was written, as `record` does."""
        entry = {"_id": site, "name": name, "url": url, "database": self._database(site), "seen_at": seen_at}
        return self._write_or_keep([_document(self._config_database, "sites", entry)], outbox)

    def write(self, documents: Sequence[Document]) -> None:
        """Insert or replace documents, in bulk per collection. Raises MetricsUnavailableError."""
        self._leave_in_peace()
        by_place: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for document in documents:
            place = (document["database"], document["collection"])
            by_place.setdefault(place, []).append(self._expiring(mongo_document(document["document"])))
        try:
            for place, found in by_place.items():
                self._prepare(*place)
                # The id stands in the replacement too: the embedded server invents one otherwise.
                requests = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in found]
                self._client[place[0]][place[1]].bulk_write(requests, ordered=False)
        except PyMongoError as error:
            self._down_until = time.monotonic() + min(RETRY_AFTER_S << self._failures, RETRY_AFTER_AT_MOST_S)
            self._failures += 1
            message = f"The metrics server did not take {len(documents)} documents: {type(error).__name__}."
            raise MetricsUnavailableError(message) from error
        self._failures = 0

    def runs(self, site: str, *, limit: int = 20) -> list[Mapping[str, Any]]:
        """Return the latest runs of a site, newest first. Raises MetricsUnavailableError."""
        self._leave_in_peace()
        try:
            return list(self._client[self._database(site)]["runs"].find({}).sort("started_at", -1).limit(limit))
        except PyMongoError as error:
            message = f"The metrics server does not answer: {type(error).__name__}."
            raise MetricsUnavailableError(message) from error

    def _leave_in_peace(self) -> None:
        """Raise MetricsUnavailableError for some time after an outage, so that not everybody waits for the timeout."""
        if time.monotonic() < self._down_until:
            raise MetricsUnavailableError("The metrics server did not answer a moment ago.")

    def _write_or_keep(self, documents: Sequence[Document], outbox: Outbox) -> bool:
        try:
            self.write(documents)
        except MetricsUnavailableError as error:
            logger.warning("metrics kept for later", extra={"documents": len(documents), "reason": str(error)})
            outbox.add(documents)
            return False
        return True

    def _document(self, metrics: Metrics) -> Document:
        stored = {each.name: getattr(metrics, each.name) for each in fields(metrics) if each.name != "site"}
        if isinstance(metrics, RunMetrics):
            stored["seconds"] = metrics.seconds
        return _document(self._database(metrics.site), metrics.collection, {"_id": metrics.id, **stored})

    def _database(self, site: str) -> str:
        """Return the name of a site's database; MongoDB allows few characters and 63 bytes."""
        return re.sub(r"[^A-Za-z0-9_-]", "_", f"{self._prefix}{site}")[:63]

    def _prepare(self, database: str, collection: str) -> None:
        if (database, collection) in self._prepared or collection not in INDEXES:
            return
        self._client[database][collection].create_indexes([*INDEXES[collection], EXPIRY])
        self._prepared.add((database, collection))

    def _expiring(self, document: dict[str, Any]) -> dict[str, Any]:
        """Add the time at which the server may drop the document: by the run's own clock, not by this machine's."""
        at = document.get("finished_at") or document.get("started_at")
        if self._retention is None or not isinstance(at, datetime):
            return document
        return {**document, "expires_at": at + self._retention}


def answers(url: str) -> bool:
    """Tell whether a server that speaks MongoDB's protocol answers at this address within half a second."""
    try:
        with _client(url, timeout_ms=500) as client:
            client.admin.command("ping")
    except (PyMongoError, MetricsAddressError):
        return False
    return True


def _client(url: str, *, timeout_ms: int = TIMEOUT_MS) -> MongoClient[dict[str, Any]]:
    try:
        if not url.startswith(("mongodb://", "mongodb+srv://")):
            raise InvalidURI
        timeouts = {
            "serverSelectionTimeoutMS": timeout_ms,
            "connectTimeoutMS": timeout_ms,
            "socketTimeoutMS": 5 * timeout_ms,
        }
        own: dict[str, Any] = {
            name: value for name, value in timeouts.items() if f"{name}=" not in url
        }  # the URL's word goes first
        return MongoClient(url, appname="wpferry", tz_aware=True, **own)
    except (ConfigurationError, ValueError):  # their words may hold parts of the password
        message = (
            "The address of the metrics server is not one that MongoDB understands: write "
            "mongodb://user:password@host:27017, with special characters of the password percent-encoded."
        )
        raise MetricsAddressError(message) from None


def _document(database: str, collection: str, fields: Mapping[str, Any]) -> Document:
    return {"database": database, "collection": collection, "document": without_secrets(_plain(fields))}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, for the outbox keeps JSON; times as ISO texts."""
    if isinstance(value, StageTime):
        return {**asdict(value), "per_second": value.per_second}
    if isinstance(value, OutcomeCounts):
        reasons = [{"reason": reason, "count": count} for reason, count in value.skipped_for.items()]
        return {**asdict(value), "skipped_for": reasons}
    if isinstance(value, MediaSummary):
        return asdict(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
