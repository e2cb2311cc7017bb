"""Where engines are and what opens them: by environment only, so that no key stands in a file."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class EngineSettings(BaseSettings):
    """Addresses and keys, from environment variables `WPFERRY_...`."""

    model_config = SettingsConfigDict(env_prefix="WPFERRY_", frozen=True, extra="ignore", env_ignore_empty=True)

    deepl_key: SecretStr | None = None
    deepl_url: str | None = Field(None, description="left out: that of the key's plan")
    libretranslate_url: str | None = Field(None, description="of the server, such as http://127.0.0.1:5000")
    libretranslate_key: SecretStr | None = None
    openai_url: str | None = Field(None, description="up to the version, such as http://127.0.0.1:11434/v1")
    openai_key: SecretStr | None = None
    openai_model: str | None = None
