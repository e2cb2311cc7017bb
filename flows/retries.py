"""What is worth trying again, and how often."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_after_delay
from tenacity import wait_random_exponential as backoff

from cms_models.errors import SiteBusyError, TargetFullError, TargetUnavailableError
from wp_models.errors import SourceUnavailableError

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger("wpferry")

RETRIES = 3
OUTAGE_S = 120  # a server that is restarted or moved is back by then
RETRYABLE = (SourceUnavailableError, TargetUnavailableError)
LASTING = (TargetFullError, SiteBusyError)
"""What nobody gains by waiting for: somebody has to make room, or another run has to end."""


def is_retryable(error: object) -> bool:
    """Return whether the same batch may succeed a little later."""
    return isinstance(error, RETRYABLE) and not isinstance(error, LASTING)


def with_retries(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work returns, trying again as the Prefect tasks do; for runs without Prefect."""
    retrying = Retrying(
        retry=retry_if_exception(is_retryable),
        stop=stop_after_attempt(RETRIES + 1),
        wait=backoff(multiplier=2, max=30),
        reraise=True,
    )
    return retrying(work, *args, **kwargs)


def through_outages(run: Callable[[], T]) -> T:
    """Return what the run returns; it is begun again while a server that has gone away may come back."""
    retrying = Retrying(
        retry=retry_if_exception(is_retryable),
        stop=stop_after_delay(OUTAGE_S),
        wait=backoff(multiplier=2, max=20),
        before_sleep=_tell,
        reraise=True,
    )
    return retrying(run)


def _tell(attempt: RetryCallState) -> None:
    error = attempt.outcome.exception() if attempt.outcome else None
    logger.warning("%s The run begins again in %.0f s.", error, attempt.upcoming_sleep)
