"""Gathers what a report shows beside its run: from the CMS, the last verification, the metrics and the media store."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from cms_models import db, report_queries, standing
from cms_models.errors import TargetError
from cms_models.language_queries import read_stored_languages
from cms_models.media_queries import ShrunkPicture, read_shrunk_pictures
from cms_models.media_store import MediaStore
from cms_models.report_queries import EndedRun
from flows.item_comparisons import compare_items
from flows.wiring import Target
from reports.checks import LAYERS
from reports.content_counts import content_counts, language_counts, search_counts
from reports.evidence import AddressCounts, Evidence, LastVerification, PictureSample, RunPoint
from reports.metrics import MetricsUnavailableError
from reports.outcome import RunReport
from reports.verification import Difference, LayerResult
from transforms.contract import RecordRejectedError
from transforms.images import UNREADABLE, ImageRules, open_picture
from wp_models.language_versions import LOWEST

RUNS = 40  # of the trend
RESYNCS = 8
DIFFERENCES = 20  # of each layer
PICTURES = 6
THUMBNAIL_PX = 160
LISTED_DIFFERENCES = TypeAdapter(tuple[Difference, ...])


def gather_evidence(
    connection: db.Connection, target: Target, site_id: int, report: RunReport, *, in_detail: bool
) -> Evidence:
    """Return the site as it stands. Pictures and texts are looked at only for a report in detail."""
    stored = report_queries.read_content(connection, site_id, first_version=LOWEST)
    verification = _last_verification(connection, site_id)
    return Evidence(
        seen_at=datetime.now(UTC),
        content=content_counts(report.content, stored),
        languages=language_counts(read_stored_languages(connection, site_id)),
        search=search_counts(stored),
        addresses=AddressCounts(
            content=sum(one.with_address for one in stored),
            terms=report_queries.read_term_address_count(connection, site_id),
            redirects=report_queries.read_redirect_counts(connection, site_id),
        ),
        verification=verification,
        pictures=tuple(_pictures(connection, target, site_id)) if in_detail else (),
        comparisons=compare_items(connection, site_id, report, stored, verification) if in_detail else (),
        trend=_trend(target),
        resyncs=tuple(map(_of_run, report_queries.read_ended_runs(connection, site_id, "resync", limit=RESYNCS))),
        lists_items=in_detail,
    )


def _last_verification(connection: db.Connection, site_id: int) -> LastVerification | None:
    last = standing.read_last_verification(connection, site_id)
    if last is None:
        return None
    document, addresses = last.document, last.document["addresses"]
    by_layer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in document["differences"]:
        by_layer[one["layer"]].append({name: one[name] for name in Difference.__slots__})
    shown = [one for layer in LAYERS for one in by_layer[layer][:DIFFERENCES]]
    return LastVerification(
        finished_at=last.finished_at,
        is_outdated=last.is_outdated,
        difference_count=document["difference_count"],
        layers=tuple(
            LayerResult(name=name, **document["layers"][name]) for name in LAYERS if name in document["layers"]
        ),
        differences=LISTED_DIFFERENCES.validate_python(shown),
        addresses=addresses["known"],
        answered=addresses["answered"],
        hits=addresses["hits"],
        hits_percent=addresses["percent_of_hits"],
    )


def _trend(target: Target) -> tuple[RunPoint, ...]:
    with suppress(MetricsUnavailableError):
        documents = target.metrics.runs(target.key, limit=RUNS)
        return tuple(_of_metrics(one) for one in reversed(documents) if one.get("finished_at") and "flow" in one)
    return ()


def _of_metrics(run: Mapping[str, Any]) -> RunPoint:
    return RunPoint(
        flow=run["flow"],
        started_at=run["started_at"],
        seconds=run.get("seconds"),
        outcome=run["outcome"],
        **_changed_and_waiting((run.get("entities") or {}).values()),
    )


def _of_run(run: EndedRun) -> RunPoint:
    return RunPoint(
        flow=run.kind,
        started_at=run.started_at,
        seconds=(run.finished_at - run.started_at).total_seconds(),
        outcome=run.outcome,
        **_changed_and_waiting(run.entities.values()),
    )


def _changed_and_waiting(entities: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counted = list(entities)
    return {
        "changed": sum(counts["loaded"] + counts["deleted"] for counts in counted),
        "waiting": sum(counts["rejected"] + counts["conflicts"] for counts in counted),
    }


def _pictures(connection: db.Connection, target: Target, site_id: int) -> Iterator[PictureSample]:
    store = MediaStore(target.media_url)
    for picture in read_shrunk_pictures(connection, site_id, limit=PICTURES):
        with suppress(TargetError, RecordRejectedError, *UNREADABLE):  # a file that is gone is for verify to tell
            yield PictureSample(
                title=picture.title,
                bytes_before=picture.bytes_before,
                bytes_after=picture.bytes_after,
                width=picture.width,
                height=picture.height,
                thumbnail=_thumbnail(store, picture),
            )


def _thumbnail(store: MediaStore, picture: ShrunkPicture) -> str:
    with open_picture(store.read(picture.store_key), ImageRules()) as image:
        image.thumbnail((2 * THUMBNAIL_PX, THUMBNAIL_PX))
        shrunk = io.BytesIO()
        image.convert("RGBA" if image.has_transparency_data else "RGB").save(shrunk, "WEBP", quality=60)
    return f"data:image/webp;base64,{base64.b64encode(shrunk.getvalue()).decode()}"
