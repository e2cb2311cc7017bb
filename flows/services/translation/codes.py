"""Language codes, as sites write them: en, pt-br, pt_BR, zh-hans."""

from __future__ import annotations


def plain_code(language: str) -> str:
    """Return the code in small letters, its parts joined by hyphens."""
    return language.lower().replace("_", "-")


def without_region(language: str) -> str:
    """Return the language alone: pt of pt-br."""
    return plain_code(language).split("-")[0]
