"""The one list of what never leaves the source: secrets, sessions and caches, by name.

Left out of records, of the site index and of fingerprints alike: a value that reaches no row must not make its
row look changed.
"""

from __future__ import annotations

import re

SECRET_OPTION = re.compile(
    r"""
    ^(auth|secure_auth|logged_in|nonce)_(key|salt)$ | _salt$ | ^secret_key$ | ^recovery_keys$
    | ^mailserver_(login|pass|url)$ | ^(ftp|ssh)_credentials$ | ^initial_db_password$
    | api_?-?key | secret | passw(or)?d | passphrase | private_?key | licen[cs]e_?-?(key|code|data|v\d)
    | (access|refresh|auth|oauth|bearer|api)_?-?token | ^_?token$ | credentials$ | _connection_key$
    | ^wp_mail_smtp | ^swpsmtp_options$ | ^jetpack_private_options$ | ^updraft_(s3|ftp|dropbox|googledrive|sftp|webdav)
    """,
    re.IGNORECASE | re.VERBOSE,
)

TRANSIENT_OPTION = re.compile(r"^_(site_)?transient_|^_wp_session_|^_?wc_session_|\.lock$|_lock$", re.IGNORECASE)

# Rewritten by WordPress itself, on requests that change nothing a visitor sees.
REBUILT_OPTIONS = frozenset(
    {
        "cron",
        "rewrite_rules",
        "recently_edited",
        "recently_activated",
        "dismissed_update_core",
        "auto_core_update_notified",
        "auto_core_update_failed",
        "auto_plugin_theme_update_emails",
        "recovery_mode_email_last_sent",
        "https_detection_errors",
        "can_compress_scripts",
        "fresh_site",
        "user_count",
        "db_upgraded",
        "uninstall_plugins",
        "action_scheduler_migration_status",
    }
)

# Written each time somebody opens a post in the editor.
VOLATILE_POST_META = ("_edit_lock",)

# Patterns of LIKE, "!" escapes: sessions, keys and what the dashboard remembers of its user.
LEFT_OUT_USER_META = (
    "session!_tokens",
    "!_application!_passwords",
    "%user-settings%",
    "community-events-location",
    "wc!_last!_active",
    "!_woocommerce!_persistent!_cart%",
    "!_new!_email",
    "!_password!_reset%",
    "%api!_key%",
    "%secret%",
    "%access!_token%",
    "%refresh!_token%",
    "!_two!_factor%",
    "%!_totp!_%",
    "%backup!_codes%",
)


def is_kept_option(name: str) -> bool:
    """Return whether an option may be read at all: neither secret nor transient."""
    return not (TRANSIENT_OPTION.search(name) or SECRET_OPTION.search(name))


def is_setting(name: str) -> bool:
    """Return whether an option is one of the site's settings: kept, and not a cache that WordPress rebuilds."""
    return name not in REBUILT_OPTIONS and is_kept_option(name)
