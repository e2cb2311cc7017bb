"""PyMySQL without what it reads in vain: the certificates of everybody whom this machine trusts."""

from __future__ import annotations

import ssl
from typing import Any

from pymysql.connections import Connection


class QuickConnection(Connection):
    """A connection that is encrypted where the server can and, unless the URL has TLS options, by any certificate.

    That is PyMySQL's own way, but for each connection it reads the certificates of all authorities first, and then
    asks none of them: that takes as long as reading three hundred posts.
    """

    def _create_ssl_ctx(self, sslp: dict[str, Any]) -> ssl.SSLContext:
        if sslp:
            context: ssl.SSLContext = super()._create_ssl_ctx(sslp)  # type: ignore[misc]  # not in PyMySQL's stubs
            return context
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
