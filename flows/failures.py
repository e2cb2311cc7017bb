"""Which errors are whose: the exit code that each kind of failure leaves with."""

from __future__ import annotations

from cms_models.errors import TargetRefusedError, TargetUnavailableError
from flows.execution import WorkerDiedError
from flows.services.errors import ServiceUnavailableError
from flows.settings import ConfigurationError
from wp_models.errors import SourceError, SourceUnavailableError

WRONG_USAGE = 2
UNFINISHED = 3

UNFINISHED_ERRORS = (SourceUnavailableError, TargetUnavailableError, ServiceUnavailableError, WorkerDiedError)
USAGE_ERRORS = (ConfigurationError, SourceError, TargetRefusedError)


def exit_code_of(error: BaseException) -> int | None:
    """Return the exit code of an error that people can act on; None for one that is a bug of ours."""
    if isinstance(error, UNFINISHED_ERRORS):
        return UNFINISHED
    return WRONG_USAGE if isinstance(error, USAGE_ERRORS) else None
