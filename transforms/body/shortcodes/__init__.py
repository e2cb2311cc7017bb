"""Shortcodes by name, all families together."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body.contract import Shortcode
from transforms.body.shortcodes.core import CORE_SHORTCODES

SHORTCODES: Mapping[str, Shortcode] = {name: family for family in CORE_SHORTCODES for name in family.names}
