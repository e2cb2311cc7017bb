"""What is worth trying again, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from cms_models.errors import TargetUnavailableError
from wp_models.errors import SourceUnavailableError

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 3
RETRYABLE = (SourceUnavailableError, TargetUnavailableError)


def is_retryable(error: object) -> bool:
    """Return whether the same batch may succeed a little later."""
    return isinstance(error, RETRYABLE)


def with_retries(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work returns, trying again as the Prefect tasks do; for runs without Prefect."""
    retrying = Retrying(
        retry=retry_if_exception(is_retryable),
        stop=stop_after_attempt(RETRIES + 1),
        wait=wait_random_exponential(multiplier=2, max=30),
        reraise=True,
    )
    return retrying(work, *args, **kwargs)
