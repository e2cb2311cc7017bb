"""Shortcodes by name, all families together."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body.builder_elements import Renderer
from transforms.body.contract import Shortcode
from transforms.body.shortcodes import divi, fusion, wpbakery
from transforms.body.shortcodes.core import CORE_SHORTCODES
from transforms.body.shortcodes.divi import DIVI_SHORTCODES
from transforms.body.shortcodes.fusion import FUSION_SHORTCODES
from transforms.body.shortcodes.wpbakery import WPBAKERY_SHORTCODES

BUILDER_SHORTCODES: tuple[Shortcode, ...] = (*FUSION_SHORTCODES, *WPBAKERY_SHORTCODES, *DIVI_SHORTCODES)

SHORTCODES: Mapping[str, Shortcode] = {
    name: family for family in (*CORE_SHORTCODES, *BUILDER_SHORTCODES) for name in family.names
}

BUILDER_ELEMENTS: Mapping[str, Renderer] = {**fusion.ELEMENTS, **wpbakery.ELEMENTS, **divi.ELEMENTS}

CORE_NAMES = frozenset(name for family in CORE_SHORTCODES for name in family.names)
