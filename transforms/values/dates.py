"""Moments from WordPress's pairs of local and UTC times."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def moment(at: datetime | None, local: datetime | None, zone: tzinfo) -> datetime | None:
    """Return the UTC time; from the site's wall time when WordPress stored no UTC (drafts); else None.

    Of the two meanings of a wall time in the hour that repeats in autumn, the first one is taken.
    """
    if at is not None or local is None:
        return at
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:  # the first and the last day that a date can name
        return local.replace(tzinfo=UTC)
