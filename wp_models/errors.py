"""What can go wrong with a source: one class per thing a person would do next.

Every message is a sentence for people. It names the source without its password.
"""

from __future__ import annotations


class SourceError(Exception):
    """A source that cannot be read. Says what failed, on which source, why, and what to do."""


class SourceUnavailableError(SourceError):
    """The source did not answer, or stopped answering; the same call may succeed later."""


class SourceRefusedError(SourceError):
    """The source, or what was asked of it, is wrong; a retry cannot help."""


class NotWordPressError(SourceRefusedError):
    """The source can be read, but holds no WordPress site, or not the one that was asked for."""


class DumpDamagedError(SourceRefusedError):
    """A dump file that is cut, corrupt or in a form that cannot be read."""


class UploadsError(Exception):
    """Uploads that cannot be opened, or one of their files that cannot be read."""
