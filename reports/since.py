"""What has become better and what worse from one run of a site to another. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from reports.assessment_findings import Level, level_of, title_of
from reports.outcome import Rejected, RunReport
from reports.verdict import Level as Light

LISTED = 50  # rejected objects on the terminal; --json has all
LIGHTS = {str(light): place for place, light in enumerate(Light)}


class Direction(StrEnum):
    """What a change means."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number that is not what it was."""

    what: str  # in words for people
    before: int | str
    after: int | str
    direction: Direction


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A run with the verdict that it ended in; None for a run of before there were verdicts."""

    report: RunReport
    light: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """All that differs between two runs of a site."""

    site: str
    before: str  # a run's id
    before_at: datetime
    after: str
    after_at: datetime
    changes: tuple[Change, ...]
    newly_rejected: tuple[Rejected, ...]
    no_longer_rejected: tuple[Rejected, ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "site": self.site,
            "before": {"run_id": self.before, "finished_at": self.before_at},
            "after": {"run_id": self.after, "finished_at": self.after_at},
            "changes": [
                {"what": one.what, "before": one.before, "after": one.after, "direction": str(one.direction)}
                for one in self.changes
            ],
            "newly_rejected": [_named(one) for one in self.newly_rejected],
            "no_longer_rejected": [_named(one) for one in self.no_longer_rejected],
        }

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        yield f"{self.site}: {self.before_at:%Y-%m-%d %H:%M} > {self.after_at:%Y-%m-%d %H:%M}"
        for one in self.changes:
            meaning = "" if one.direction is Direction.NEUTRAL else f" ({one.direction})"
            yield f"  {one.what}: {_shown(one.before)} > {_shown(one.after)}{meaning}"
        for title, objects in (("rejected now", self.newly_rejected), ("no longer rejected", self.no_longer_rejected)):
            yield from (f"  {title}: {one.entity} {one.source_id} {one.title!r}" for one in objects[:LISTED])
            if len(objects) > LISTED:
                yield f"  {title}: {len(objects) - LISTED:,} more"
        if not self.changes:
            yield "  nothing has changed"


def compare_runs(before: JudgedRun, after: JudgedRun) -> Since:
    """Return what differs between two runs of one site."""
    old, new = before.report, after.report
    known = {(one.entity, one.source_id): one for one in old.rejected}
    now = {(one.entity, one.source_id): one for one in new.rejected}
    changes = (*_verdict(before, after), *_objects(old, new), *_media(old, new), *_issues(old, new))
    return Since(
        site=new.site,
        before=old.run_id,
        before_at=old.finished_at,
        after=new.run_id,
        after_at=new.finished_at,
        changes=changes,
        newly_rejected=tuple(one for key, one in now.items() if key not in known),
        no_longer_rejected=tuple(one for key, one in known.items() if key not in now),
    )


def _verdict(before: JudgedRun, after: JudgedRun) -> Iterator[Change]:
    old, new = before.light, after.light
    if old is not None and new is not None and old != new:
        direction = Direction.WORSE if LIGHTS[new] > LIGHTS[old] else Direction.BETTER
        yield Change(what="verdict", before=old, after=new, direction=direction)


def _objects(old: RunReport, new: RunReport) -> Iterator[Change]:
    for entity in dict.fromkeys((*old.entities, *new.entities)):
        was, now = (report.entities.get(entity) for report in (old, new))
        yield from _number(f"{entity} in WordPress", was.source if was else 0, now.source if now else 0)
        in_cms = [counts.loaded + counts.unchanged + counts.conflicts if counts else 0 for counts in (was, now)]
        yield from _number(f"{entity} in the CMS", *in_cms)
        yield from _number(f"{entity} left out on purpose", was.skipped if was else 0, now.skipped if now else 0)
    yield from _number("rejected", len(old.rejected), len(new.rejected), more_is=Direction.WORSE)
    yield from _number("waiting for a decision", len(old.conflicts), len(new.conflicts), more_is=Direction.WORSE)


def _media(old: RunReport, new: RunReport) -> Iterator[Change]:
    if old.media is None or new.media is None:
        return
    yield from _number("files converted", old.media.converted, new.media.converted)
    yield from _number("files kept as they are", old.media.kept, new.media.kept)
    yield from _number("files missing", old.media.missing, new.media.missing, more_is=Direction.WORSE)
    yield from _number("files rejected", old.media.rejected, new.media.rejected, more_is=Direction.WORSE)
    yield from _number("bytes of pictures", old.media.bytes_after, new.media.bytes_after)


def _issues(old: RunReport, new: RunReport) -> Iterator[Change]:
    """Yield kinds of findings with other numbers; remarks are neither good nor bad."""
    was, now = ({group.code: group.count for group in report.issues} for report in (old, new))
    for code in sorted(was.keys() | now.keys()):
        more_is = Direction.NEUTRAL if level_of(code) is Level.REMARK else Direction.WORSE
        yield from _number(title_of(code), was.get(code, 0), now.get(code, 0), more_is=more_is)


def _number(what: str, before: int, after: int, *, more_is: Direction = Direction.NEUTRAL) -> Iterator[Change]:
    if before != after:
        turned = {Direction.WORSE: Direction.BETTER, Direction.NEUTRAL: Direction.NEUTRAL}
        direction = more_is if after > before else turned[more_is]
        yield Change(what=what, before=before, after=after, direction=direction)


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _named(one: Rejected) -> dict[str, Any]:
    return {"entity": one.entity, "source_id": one.source_id, "title": one.title, "reason": one.reason}
