"""The scope that was signed, and what a site holds now, as far as every run sees it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from reports.scope_document import Outline, SignedScope, read_signed_scope
from transforms.contract import SiteRules
from transforms.placement import place
from wp_models.language_versions import is_version
from wp_models.php_data import try_loads
from wp_models.records import WpSite

HASH = re.compile(r"[0-9a-f]{64}")


def read_scope(given: str) -> SignedScope:
    """Return the scope that a setting names by its document or its hash. Raises ValueError for what is neither."""
    if HASH.fullmatch(given):
        return SignedScope(hash=given)
    try:
        return read_signed_scope(Path(given).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{given} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ValueError(f"{given} cannot be used: {error}") from None


def outline_of_site(wordpress: WpSite, rules: SiteRules) -> Outline:
    """Return what a run sees of a site: the same as an assessment of it would say."""
    included: Counter[str] = Counter()
    not_included: Counter[str] = Counter(wordpress.skipped_counts)
    for number, post in wordpress.posts.items():
        if not is_version(number):  # a language within an object is no object of WordPress's
            found = place(post.type, post.status, rules)
            (not_included if found.skip_reason or not found.table else included)[post.type] += 1
    return Outline(
        included=+included,
        not_included=+not_included,
        plugins=frozenset(plugin_folders(wordpress.options.get("active_plugins"))),
        theme=theme_of(wordpress.options),
    )


def theme_of(options: Mapping[str, str]) -> str:
    """Return the theme's name; of a child theme, what it stands on as well."""
    stylesheet, template = options.get("stylesheet", ""), options.get("template", "")
    return f"{stylesheet} (on {template})" if template and template != stylesheet else stylesheet


def plugin_folders(raw: str | None) -> tuple[str, ...]:
    """Return the folders of plugins: a site keeps a list of their files, a network a table of files and times."""
    found = try_loads(raw)
    files = [*found.keys(), *found.values()] if isinstance(found, dict) else found if isinstance(found, list) else []
    named = [file for file in files if isinstance(file, str) and file.endswith(".php")]
    return tuple(sorted({file if ".." in file else file.partition("/")[0] for file in named}))
