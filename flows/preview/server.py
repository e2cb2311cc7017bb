"""Serves a preview on this machine until somebody ends it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from cms_models import db, schema
from cms_models.preview_queries import read_site
from flows.preview.app import create_app
from flows.settings import ConfigurationError, Settings
from flows.wiring import open_target

LOOPBACK = "127.0.0.1"


def serve(settings: Settings, key: str, *, port: int, ready: Callable[[str], None]) -> None:
    """Serve a site until the process is interrupted; `ready` is told the address. Port 0 is any that is free.

    Raises ConfigurationError when the port is taken, or the site was never migrated.
    """
    with open_target(settings, key) as target:
        with db.connect(target.cms_url) as connection:
            schema.require_current_schema(connection)
            if read_site(connection, key) is None:
                raise ConfigurationError(
                    f"The site {key!r} was never migrated into this CMS. Run first: wpferry migrate"
                )
        with _listening(port) as listening:
            ready(f"http://{LOOPBACK}:{listening.getsockname()[1]}/-/")
            config = uvicorn.Config(create_app(target), log_level="warning", server_header=False)
            with suppress(KeyboardInterrupt):  # how a preview ends
                uvicorn.Server(config).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen()  # from now on requests wait: the address is told before the server runs
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise ConfigurationError(f"Port {port} cannot be used: {reason}. Give another one with --port, or 0.") from None
    return listening
