"""What can be wrong with the target, as sentences for people. No message holds a password."""

from __future__ import annotations


class TargetError(Exception):
    """The CMS database or its media store did not do what was asked."""


class TargetUnavailableError(TargetError):
    """The target is away, busy or deadlocked: worth another try."""


class TargetRefusedError(TargetError):
    """The target said no, and will say so again until somebody changes something."""


class TargetFullError(TargetUnavailableError):
    """There is no space left where the target writes; the run can go on when there is."""


class SiteBusyError(TargetUnavailableError):
    """Another run holds the site's lock."""


class RowsTouchedLaterError(TargetError):
    """A run cannot be rolled back alone: later runs have written the same rows."""


class RowsEditedError(TargetError):
    """A rollback would lose what somebody has edited in the CMS since the run."""


class NotInConflictError(TargetError):
    """An object or a field that was to be resolved is not in conflict."""


class NoSuchRunError(TargetError):
    """A run that is not there, or that was rolled back before."""
