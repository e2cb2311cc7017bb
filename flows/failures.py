"""Which errors are whose: the exit code that each kind of failure leaves with."""

from __future__ import annotations

from cms_models.errors import TargetError, TargetUnavailableError
from flows.deletions import TooManyDeletionsError
from flows.execution import WorkerDiedError
from flows.services.errors import ServiceUnavailableError
from flows.services.translation.engine import EngineError, EngineRefusedError
from flows.settings import ConfigurationError
from reports.metrics import MetricsAddressError
from reports.reconciliation import CountMismatchError
from reports.render import ReportUnwritableError
from wp_models.errors import SourceError, SourceUnavailableError, UploadsError

DOES_NOT_ADD_UP = 1
WRONG_USAGE = 2
UNFINISHED = 3

EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (CountMismatchError, DOES_NOT_ADD_UP),
    (SourceUnavailableError, UNFINISHED),
    (TargetUnavailableError, UNFINISHED),
    (ServiceUnavailableError, UNFINISHED),
    (WorkerDiedError, UNFINISHED),
    (ReportUnwritableError, UNFINISHED),
    (ConfigurationError, WRONG_USAGE),
    (EngineRefusedError, WRONG_USAGE),
    (EngineError, UNFINISHED),
    (TooManyDeletionsError, WRONG_USAGE),
    (SourceError, WRONG_USAGE),
    (UploadsError, WRONG_USAGE),
    (TargetError, WRONG_USAGE),
    (MetricsAddressError, WRONG_USAGE),
)
"""The first kind that an error is of decides."""


def exit_code_of(error: BaseException) -> int | None:
    """Return the exit code of an error that people can act on; None for one that is a bug of ours."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), None)
