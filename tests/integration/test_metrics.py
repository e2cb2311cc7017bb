"""Metrics on a real server of MongoDB's protocol: idempotent, bounded, and never in the way of a migration."""

from __future__ import annotations

import itertools
import os
import signal
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pymongo
import pytest

from flows.services.mongodb import embedded_mongodb
from reports.metrics import (
    TIMEOUT_MS,
    BatchMetrics,
    Document,
    ErrorMetrics,
    MetricsAddressError,
    MetricsStore,
    MetricsUnavailableError,
    RunMetrics,
    answers,
)
from reports.outcome import MediaSummary, OutcomeCounts, StageTime

NOW = datetime(2026, 11, 20, 20, 3, 11, tzinfo=UTC)
NUMBERS = itertools.count(1)
NOBODY_LISTENS = "mongodb://127.0.0.1:9"


class JsonOutbox:
    """An outbox that keeps documents as JSON text, as a jsonb column does."""

    def __init__(self) -> None:
        self.kept: dict[int, bytes] = {}

    def add(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self.kept[len(self.kept) + 1] = orjson.dumps(document)

    def pending(self, limit: int) -> Sequence[tuple[int, Document]]:
        return [(number, orjson.loads(text)) for number, text in sorted(self.kept.items())[:limit]]

    def done(self, ids: Sequence[int]) -> None:
        for number in ids:
            del self.kept[number]


def make_batch(first: int = 1, **changes: Any) -> BatchMetrics:
    values: dict[str, Any] = {
        "run_id": "run-1",
        "site": "studio",
        "entity": "articles",
        "first": first,
        "last": first + 999,
        "counts": OutcomeCounts(source=10, loaded=8, skipped=2, skipped_for={"revision": 2}),
        "rows_written": 31,
        "finished_at": NOW,
        "stages": (StageTime("load", 0.5, 10),),
    }
    return BatchMetrics(**{**values, **changes})


def make_error(**changes: Any) -> ErrorMetrics:
    values: dict[str, Any] = {
        "run_id": "run-1",
        "site": "studio",
        "entity": "articles",
        "source_id": 7,
        "stage": "transform",
        "code": "articles.bad_date",
        "detail": "no date",
        "finished_at": NOW,
    }
    return ErrorMetrics(**{**values, **changes})


@pytest.fixture
def site() -> str:
    """A site key, and so a database, that no other test uses."""
    return f"site-{os.getpid()}-{next(NUMBERS)}"


@pytest.fixture
def store(mongodb: str) -> Iterator[MetricsStore]:
    with MetricsStore(mongodb) as store:
        yield store


def documents(url: str, site: str, collection: str) -> list[Mapping[str, Any]]:
    with pymongo.MongoClient(url, tz_aware=True) as client:
        return sorted(client[f"wpferry_{site}"][collection].find({}), key=lambda document: str(document["_id"]))


def test_a_batch_is_one_document_with_real_times(store: MetricsStore, mongodb: str, site: str) -> None:
    assert store.record([make_batch(site=site)], JsonOutbox())
    [batch] = documents(mongodb, site, "batches")
    assert batch["_id"] == "run-1/articles/1"
    assert batch["finished_at"] == NOW
    assert batch["counts"]["source"] == 10
    assert batch["counts"]["skipped_for"] == [{"reason": "revision", "count": 2}]
    assert batch["stages"] == [{"name": "load", "seconds": 0.5, "records": 10, "per_second": 20.0}]


def test_recording_twice_equals_recording_once(store: MetricsStore, mongodb: str, site: str) -> None:
    batches = [make_batch(first, site=site) for first in range(0, 50_000, 1000)]
    for _ in range(2):
        assert store.record([*batches, make_error(site=site)], JsonOutbox())
    assert documents(mongodb, site, "batches") == documents(mongodb, site, "batches")
    assert len(documents(mongodb, site, "batches")) == 50
    assert len(documents(mongodb, site, "errors")) == 1


def test_a_repeated_batch_replaces_what_the_first_try_said(store: MetricsStore, mongodb: str, site: str) -> None:
    store.record([make_batch(site=site, rows_written=5)], JsonOutbox())
    store.record([make_batch(site=site, rows_written=0)], JsonOutbox())
    assert [batch["rows_written"] for batch in documents(mongodb, site, "batches")] == [0]


def test_a_run_tells_counts_speed_files_and_settings_without_secrets(
    store: MetricsStore, mongodb: str, site: str
) -> None:
    run = RunMetrics(
        run_id="run-1",
        site=site,
        flow="migrate",
        outcome="complete",
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=12),
        entities={"articles": OutcomeCounts(source=3, loaded=3)},
        media=MediaSummary(images=2, converted=2, bytes_before=100, bytes_after=40),
        peak_memory_bytes=2**33,
        settings={
            "source": "mysql+pymysql://reader:hunter2@db.internal/wp?ssl_key_password=hunter2",
            "media_token": "hunter2",
            "types": {"event.v2": "entries"},
            "replicas": ["mongodb://root:hunter2@a,b/"],
        },
    )
    store.record([run], JsonOutbox())
    [stored] = documents(mongodb, site, "runs")
    assert stored["seconds"] == 12
    assert stored["entities"]["articles"]["loaded"] == 3
    assert stored["media"]["bytes_after"] == 40
    assert "hunter2" not in str(stored)
    assert stored["settings"]["source"].startswith("mysql+pymysql://db.internal/wp")
    assert store.runs(site)[0]["_id"] == "run-1"


def test_names_and_texts_that_mongodb_refuses_are_made_legal(store: MetricsStore, mongodb: str, site: str) -> None:
    odd = {"a.b": 1, "$set": 2, "nul\0": 3, "": 4, "huge": 2**70, "text": "a\0b\ud800"}
    store.record([make_error(site=site)], JsonOutbox())
    run = RunMetrics(
        run_id="odd", site=site, flow="migrate", outcome="complete", started_at=NOW, settings={"types": odd}
    )
    assert store.record([run], JsonOutbox())
    [stored] = documents(mongodb, site, "runs")
    assert stored["settings"]["types"] == {
        "a．b": 1,
        "＄set": 2,
        "nul": 3,
        "(empty)": 4,
        "huge": str(2**70),
        "text": "ab?",
    }


def test_a_trace_of_any_length_is_cut_to_its_two_ends(store: MetricsStore, mongodb: str, site: str) -> None:
    trace = "first line\n" + "x" * 40_000_000 + "\nValueError: the cause"
    assert store.record([make_error(site=site, trace=trace)], JsonOutbox())
    [error] = documents(mongodb, site, "errors")
    assert error["trace"].startswith("first line")
    assert error["trace"].endswith("ValueError: the cause")
    assert len(error["trace"]) < 20_000


def test_documents_expire_when_the_site_says_so(mongodb: str, site: str) -> None:
    with MetricsStore(mongodb, retention=timedelta(days=36500)) as store:
        store.record([make_batch(site=site)], JsonOutbox())
    [batch] = documents(mongodb, site, "batches")
    assert batch["expires_at"] == NOW + timedelta(days=36500)
    with pymongo.MongoClient(mongodb) as client:
        indexes = list(client[f"wpferry_{site}"]["batches"].list_indexes())
    assert [index["expireAfterSeconds"] for index in indexes if "expires_at" in index["key"]] == [0]
    assert any(list(index["key"]) == ["run_id", "entity"] for index in indexes)


def test_the_register_knows_every_site_and_its_database(store: MetricsStore, mongodb: str, site: str) -> None:
    for name in ("Old name", "Studio"):
        assert store.register_site(site, name=name, url="https://studio.test", seen_at=NOW, outbox=JsonOutbox())
    with pymongo.MongoClient(mongodb) as client:
        [found] = client["wpferry_config"]["sites"].find({"_id": site})
    assert found["name"] == "Studio"
    assert found["database"] == f"wpferry_{site}"


def test_an_outage_in_the_middle_of_a_run_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    outbox = JsonOutbox()
    with embedded_mongodb(tmp_path / "mongo") as url, MetricsStore(url) as store:
        assert store.record([make_batch(1)], outbox)
        os.kill(int((tmp_path / "mongo/server.pid").read_text()), signal.SIGKILL)
        assert not store.record([make_batch(1001), make_error()], outbox)
        assert not store.record([make_batch(2001)], outbox)
    assert len(outbox.kept) == 3
    with embedded_mongodb(tmp_path / "mongo") as url, MetricsStore(url) as store:
        kept = dict(outbox.kept)
        assert store.deliver(outbox) == 3
        assert not outbox.kept
        outbox.kept = kept  # killed after the delivery, before the outbox forgot: delivered again
        assert store.deliver(outbox) == 3
        assert [b["_id"] for b in documents(url, "studio", "batches")] == [
            "run-1/articles/1",
            "run-1/articles/1001",
            "run-1/articles/2001",
        ]
        [error] = documents(url, "studio", "errors")
        assert error["finished_at"] == NOW


def test_a_large_outbox_is_delivered_in_parts(store: MetricsStore, mongodb: str, site: str) -> None:
    outbox = JsonOutbox()
    with MetricsStore(NOBODY_LISTENS) as unreachable:
        assert not unreachable.record([make_batch(first, site=site) for first in range(1_201)], outbox)
    assert store.deliver(outbox) == 1_201
    assert len(documents(mongodb, site, "batches")) == 1_201


def test_an_unreachable_server_costs_one_timeout_and_not_one_for_each_batch() -> None:
    outbox = JsonOutbox()
    with MetricsStore(NOBODY_LISTENS) as store:
        started = time.monotonic()
        for first in range(100):
            assert not store.record([make_batch(first)], outbox)
        assert time.monotonic() - started < 2 * TIMEOUT_MS / 1000
    assert len(outbox.kept) == 100
    with MetricsStore(NOBODY_LISTENS) as store, pytest.raises(MetricsUnavailableError):
        store.deliver(outbox)
    assert len(outbox.kept) == 100


@pytest.mark.parametrize("url", ["not a url", "http://example.test", "mongodb://"])
def test_an_address_that_mongodb_does_not_understand_is_refused_at_once(url: str) -> None:
    with pytest.raises(MetricsAddressError, match="percent-encoded"):
        MetricsStore(url)


def test_a_password_in_a_bad_address_does_not_reach_the_message() -> None:
    password = "hunter2"
    with pytest.raises(MetricsAddressError) as raised:
        MetricsStore(f"mongodb://root:{password}@host:notaport/")
    assert f"root:{password}" not in "".join(traceback.format_exception(raised.value))


def test_answers_tells_a_server_from_nobody(mongodb: str) -> None:
    assert answers(mongodb)
    assert not answers(NOBODY_LISTENS)
