"""What sort of hash a WordPress password is, so that the CMS can check it at the first login."""

from __future__ import annotations

import re

_PREFIXES = (
    ("$wp$2", "bcrypt_wp"),  # since 6.8: bcrypt of base64(HMAC-SHA384("wp-sha384", password)); strip "$wp" first
    ("$P$", "phpass"),
    ("$H$", "phpass"),  # the same, as phpBB writes it
    ("$2", "bcrypt"),
    ("$argon2", "argon2"),
)
_MD5 = re.compile(r"[0-9a-fA-F]{32}")


def password_scheme(password_hash: str) -> str | None:
    """Return phpass, bcrypt_wp, bcrypt, argon2 or md5; None for what WordPress could not check either."""
    for prefix, scheme in _PREFIXES:
        if password_hash.startswith(prefix):
            return scheme
    return "md5" if _MD5.fullmatch(password_hash) else None
