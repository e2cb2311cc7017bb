"""Options of the site, with PHP's data read into JSON. The reader leaves out secrets and caches."""

from __future__ import annotations

import orjson

from cms_models.rows import SettingRow
from transforms.contract import Entity, Issue, Transformed
from transforms.site import Site
from wp_models.php_data import PhpDataError, PhpValue, looks_serialized, parse
from wp_models.queries import OptionQuery
from wp_models.records import WpOption


def transform_setting(option: WpOption, site: Site) -> Transformed:
    """Return the setting; a damaged value is kept as text, with an issue."""
    value, issues = _value(option)
    row = SettingRow(
        id=site.row_id("settings", option.id),
        site_id=site.id,
        key=option.name,
        value=value,
        autoload=option.autoload,
    )
    return Transformed(rows=(row,), issues=issues)


def _value(option: WpOption) -> tuple[PhpValue, tuple[Issue, ...]]:
    if option.is_json:
        made: PhpValue = orjson.loads(option.value)
        return made, ()
    if not looks_serialized(option.value):
        return option.value, ()
    try:
        data = parse(option.value)
    except PhpDataError as error:
        detail = f"Option {option.name!r} was kept as text, because WordPress's data in it is damaged: {error}."
        return option.value, (Issue("settings.damaged_value", detail),)
    if data.repaired:
        detail = f"Option {option.name!r} held wrong lengths, as a search-and-replace leaves them; they were repaired."
        return data.value, (Issue("settings.repaired_value", detail),)
    return data.value, ()


SETTINGS = Entity(name="settings", source=OptionQuery(), transform=transform_setting, version=1)
