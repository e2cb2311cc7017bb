"""The charts of a run's report: which numbers they show, and what they say to people who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reports.charts import Chart, Series, bars, columns
from reports.evidence import ContentCount, LanguageCount, RunPoint
from reports.outcome import MediaSummary, StageTime
from reports.render import duration, file_size, number, words

MOST_KINDS = 10


def content_chart(counts: Sequence[ContentCount]) -> Markup:
    """Show what WordPress had of each kind beside what the CMS has."""
    kinds = list(dict.fromkeys(one.kind for one in counts))[:MOST_KINDS]
    had = [sum(one.in_wordpress for one in counts if one.kind == kind) for kind in kinds]
    has = [sum(one.in_cms for one in counts if one.kind == kind) for kind in kinds]
    pairs = (f"{words(kind)} {number(a)} and {number(b)}" for kind, a, b in zip(kinds, had, has, strict=True))
    chart = Chart(
        labels=[words(kind) for kind in kinds],
        series=[Series("in WordPress", "before", had), Series("in the CMS", "after", has)],
        says=f"Content in WordPress and in the CMS: {', '.join(pairs)}.",
        written=_count,
    )
    return bars(chart, stacked=False)


def language_chart(counts: Sequence[LanguageCount]) -> Markup:
    """Show of each language who wrote what there is, and how much is missing."""
    languages = list(dict.fromkeys(one.language for one in counts))
    of_language = [[one for one in counts if one.language == code] for code in languages]
    parts = [
        Series(words(part), part, [sum(getattr(one, part) for one in some) for some in of_language])
        for part in ("source", "human", "machine", "missing")
    ]
    listed = (
        f"{code.upper()} {', '.join(f'{number(one.values[place])} {one.name.lower()}' for one in parts)}"
        for place, code in enumerate(languages)
    )
    chart = Chart(
        labels=[code.upper() for code in languages],
        series=parts,
        says=f"Translations by language: {'; '.join(listed)}.",
        written=_count,
    )
    return bars(chart)


def bytes_chart(media: MediaSummary) -> Markup:
    """Show the bytes of all pictures before and after."""
    before, after = media.bytes_before, media.bytes_after
    chart = Chart(
        labels=["Before", "After"],
        series=[Series("", "before", [before, 0]), Series("", "after", [0, after])],
        says=f"All pictures together: {file_size(before)} before, {file_size(after)} after.",
        written=lambda value: file_size(round(value)),
    )
    return bars(chart, broad_px=660)  # it stands beside a large number


def stage_chart(stages: Sequence[StageTime]) -> Markup:
    """Show the time of each stage."""
    listed = ", ".join(f"{words(one.name)} {duration(one.seconds)}" for one in stages)
    chart = Chart(
        labels=[words(one.name) for one in stages],
        series=[Series("", "after", [one.seconds for one in stages])],
        says=f"Time of each stage: {listed}.",
        written=duration,
    )
    return bars(chart)


def changed_chart(runs: Sequence[RunPoint]) -> Markup:
    """Show how many objects each run changed."""
    return _over_time(runs, "after", "Objects that each run changed", [one.changed for one in runs])


def seconds_chart(runs: Sequence[RunPoint]) -> Markup:
    """Show how long each run took."""
    return _over_time(runs, "before", "Seconds that each run took", [round(one.seconds or 0, 1) for one in runs])


def waiting_chart(runs: Sequence[RunPoint]) -> Markup:
    """Show how many objects waited for a person after each run."""
    return _over_time(runs, "conflicts", "Objects that waited for a person", [one.waiting for one in runs])


def _over_time(runs: Sequence[RunPoint], style: str, title: str, values: Sequence[float]) -> Markup:
    chart = Chart(
        labels=[f"{one.started_at:%-d %b %H:%M}" for one in runs],
        series=[Series("", style, values)],
        says=f"{title}, in {len(runs)} runs: {number(values[0])} in the first, {number(values[-1])} in the last.",
        written=_count,
    )
    return columns(chart)


def _count(value: float) -> str:
    return f"{value:,.10g}"
