"""Settings: `wpferry.toml`, overridden by environment variables `WPFERRY_...`, overridden by flags.

Everything below `flows` gets plain values as arguments; nothing else reads the environment.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from cms_models.rows import ConflictPolicy, Status
from flows.media import MediaRules
from flows.scopes import read_scope
from reports.verdict import Thresholds
from transforms.contract import DEFAULT_EMBED_HOSTS, SiteRules
from transforms.images import ImageRules
from transforms.registry import ENTITIES
from transforms.translation.contract import FieldRules

SITE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
VARIABLE = re.compile(r"\$\{(\w+)\}")
CONFIG_FILE = "wpferry.toml"
DEFAULT = "default"  # for all entities that are not named
TABLES = {
    "article": "articles", "page": "pages", "portfolio": "portfolios", "product": "products", "entry": "entries",
}  # fmt: skip


class ConfigurationError(Exception):
    """Settings that cannot be used; the message says which one and what to write instead."""


class ImageSettings(BaseModel, frozen=True, extra="forbid"):
    """How pictures are converted."""

    quality: int = Field(80, ge=1, le=100)
    method: int = Field(
        2, ge=0, le=6, description="effort of the WebP encoder: 2 is 2.3 times faster than 4, 2 % larger"
    )
    max_width: int = Field(2560, ge=16, le=16_383)
    widths: tuple[int, ...] = (480, 960, 1600)
    max_bytes: int = Field(64 << 20, ge=1024, description="larger pictures are rejected before they are read")
    max_pixels: int = Field(80_000_000, ge=1, description="larger pictures are rejected before they are decoded")

    def rules(self) -> ImageRules:
        """Return what the conversion goes by."""
        return ImageRules(
            quality=self.quality,
            method=self.method,
            max_width=self.max_width,
            widths=self.widths,
            max_bytes=self.max_bytes,
            max_pixels=self.max_pixels,
        )


class DeletionSettings(BaseModel, frozen=True, extra="forbid"):
    """What happens to rows whose objects are gone from the source, and when a run stops to ask."""

    purge: bool = Field(False, description="remove the rows; otherwise they stay as tombstones")
    allow: bool = Field(False, description="let any number go without asking")
    max_share: float = Field(0.10, ge=0, le=1, description="of an entity, that may go without asking")
    at_least: int = Field(20, ge=1, description="objects; fewer may always go")


class TranslatedFields(BaseModel, frozen=True, extra="forbid"):
    """Custom fields that hold words, by name; `*` stands for anything, `list.name` for what is in a list."""

    plain: tuple[str, ...] = ()
    html: tuple[str, ...] = ()

    def rules(self) -> FieldRules:
        """Return what translations go by."""
        return FieldRules(plain=self.plain, html=self.html)


class SiteSettings(BaseModel, frozen=True, extra="forbid"):
    """One site of the registry."""

    source: SecretStr = Field(description="database URL, dump, SQLite or WXR; opened read-only")
    uploads: str | None = Field(None, description="folder, .tar.gz or .zip of wp-content/uploads")
    cms: SecretStr | None = Field(None, description="Postgres URL; left out: an embedded one under .wpferry/")
    metrics: SecretStr | None = Field(None, description="MongoDB URL; left out: an embedded one under .wpferry/")
    media: str | None = Field(None, description="folder or fsspec URL of the media store; left out: .wpferry/media")
    prefix: str | None = Field(None, description="table prefix; left out: found in the database")
    blog: int | None = Field(None, description="blog of a multisite network")
    types: dict[str, str] = Field(
        default_factory=dict, description="post type > article, page, portfolio, product, entry"
    )
    statuses: dict[str, str] = Field(
        default_factory=dict, description="post_status of a plugin > one of WordPress's own"
    )
    embed_hosts: tuple[str, ...] = ()
    old_hosts: tuple[str, ...] = Field((), description="host names this site had before")
    media_base_url: str = "/media/"
    batch_size: int = Field(1_000, ge=1, le=10_000)
    images: ImageSettings = ImageSettings()
    conflicts: dict[str, ConflictPolicy] = Field(
        default_factory=dict, description="entity, or default > keep-cms, source-wins, merge"
    )
    deletions: DeletionSettings = DeletionSettings()
    thresholds: Thresholds = Thresholds()
    signed_scope: str | None = Field(None, description="scope.json of the assessment that was signed, or its hash")
    translation_status: Status = Field(Status.DRAFT, description="of translations that wpferry makes")
    translation_engine: str | None = Field(None, description="what translates when a command names no engine")
    translation_languages: tuple[str, ...] = Field((), description="into which, when a command names none")
    translated_fields: TranslatedFields = TranslatedFields()
    glossary: Path | None = Field(None, description="CSV of terms that are kept, or whose translations are fixed")
    max_file_bytes: int | None = Field(
        None, ge=1024, description="larger files are rejected; pictures: see images; left out: none are"
    )

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: dict[str, str]) -> dict[str, str]:
        tables = {post_type: TABLES.get(name, name) for post_type, name in value.items()}
        for post_type, table in tables.items():
            if table not in TABLES.values():
                raise ValueError(f"types.{post_type} is {table!r}; it can be {', '.join(TABLES)}")
        return tables

    @field_validator("conflicts")
    @classmethod
    def _known_entities(cls, value: dict[str, ConflictPolicy]) -> dict[str, ConflictPolicy]:
        entities = [entity.name for entity in ENTITIES]
        for name in value:
            if name not in (DEFAULT, *entities):
                raise ValueError(f"conflicts.{name} is no entity; it can be {DEFAULT}, {', '.join(entities)}")
        return value

    @field_validator("signed_scope")
    @classmethod
    def _readable_scope(cls, value: str | None) -> str | None:
        if value is not None:
            read_scope(value)
        return value

    def policies(self) -> Mapping[str, ConflictPolicy]:
        """Return what happens to conflicts of each entity."""
        default = self.conflicts.get(DEFAULT, ConflictPolicy.KEEP_CMS)
        return {entity.name: self.conflicts.get(entity.name, default) for entity in ENTITIES}

    def expanded(self) -> SiteSettings:
        """Return the settings with `${NAME}` replaced by environment variables: secrets need not stand in a file."""
        texts = {name: value for name, value in self if type(value) is str}  # an enum's value is no text
        secrets = {name: value.get_secret_value() for name, value in self if isinstance(value, SecretStr)}
        return self.model_copy(
            update={name: VARIABLE.sub(_variable, value) for name, value in texts.items()}
            | {name: SecretStr(VARIABLE.sub(_variable, value)) for name, value in secrets.items()}
        )

    def shown(self) -> dict[str, Any]:
        """Return the settings as run documents keep them: without addresses, which may hold secrets."""
        return self.model_dump(mode="json", exclude={"source", "cms", "metrics", "media", "uploads"})

    def rules(self) -> SiteRules:
        """Return the part of the settings that changes what transforms make."""
        return SiteRules(
            types=self.types,
            statuses=self.statuses,
            embed_hosts=frozenset((*DEFAULT_EMBED_HOSTS, *self.embed_hosts)),
            media_base_url=self.media_base_url,
            old_hosts=frozenset(self.old_hosts),
        )

    def media_rules(self) -> MediaRules:
        """Return what the media library goes by."""
        return MediaRules(images=self.images.rules(), max_file_bytes=self.max_file_bytes)


class Settings(BaseSettings):
    """The registry of sites and where wpferry keeps its own files."""

    model_config = SettingsConfigDict(env_prefix="WPFERRY_", env_nested_delimiter="__", frozen=True, extra="forbid")

    sites: dict[str, SiteSettings] = Field(default_factory=dict)
    home: Path = Path(".wpferry")

    @field_validator("sites")
    @classmethod
    def _plain_keys(cls, value: dict[str, SiteSettings]) -> dict[str, SiteSettings]:
        for key in value:
            if not SITE_KEY.fullmatch(key):
                raise ValueError(f"site key {key!r} may hold small letters, digits, - and _ only")
        return value

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """Rank flags above the environment above the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _CONFIG.get())


_CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)


def read_settings(
    config: Path | None, site_keys: tuple[str, ...], flags: Mapping[str, Any], *, every_site: bool = False
) -> Settings:
    """Return the settings of the chosen sites, of all when none is chosen; `flags` override those of the one site.

    `every_site` returns the others as well.

    Raises ConfigurationError naming the setting that is wrong.
    """
    if config is not None and not config.exists():
        raise ConfigurationError(f"There is no settings file {config}. Check --config.")
    _CONFIG.set(config or Path(CONFIG_FILE))
    given = {name: value for name, value in flags.items() if value is not None}
    if given and len(site_keys) > 1:
        raise ConfigurationError("--source, --uploads, --cms and the like are for one site: give one --site KEY.")
    try:
        settings = Settings(sites={site_keys[0] if site_keys else "site": given}) if given else Settings()
    except ValidationError as error:
        raise ConfigurationError(f"The settings cannot be used: {_problems(error)}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{config or CONFIG_FILE} cannot be read: {error}.") from None
    unknown = [key for key in site_keys if key not in settings.sites]
    if unknown:
        known = ", ".join(sorted(settings.sites)) or "none"
        raise ConfigurationError(
            f"There is no site {unknown[0]!r} in {CONFIG_FILE} (known: {known}). Add it, or give --source."
        )
    chosen = tuple(settings.sites) if every_site else site_keys or (("site",) if given else tuple(settings.sites))
    return settings.model_copy(update={"sites": {key: settings.sites[key].expanded() for key in chosen}})


def require_sites(settings: Settings) -> None:
    """Raise ConfigurationError when there is no site: a command about none would seem to have gone well."""
    if not settings.sites:
        raise ConfigurationError(
            "There is no site: give --source, or write a wpferry.toml (see README), or run: wpferry demo"
        )


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc']))}: {e['msg'][:1].lower()}{e['msg'][1:]}"
        for e in error.errors(include_input=False)
    )


def _variable(reference: re.Match[str]) -> str:
    if reference[1] not in os.environ:
        raise ConfigurationError(
            f"The settings refer to ${{{reference[1]}}}, but that environment variable is not set."
        )
    return os.environ[reference[1]]
