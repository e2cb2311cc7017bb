"""Errors of the services that wpferry runs itself."""


class ServiceUnavailableError(Exception):
    """An embedded server could not be started; running the command again is safe."""
