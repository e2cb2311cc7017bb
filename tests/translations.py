"""The bundled site in a CMS of its own, translated."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url

from cms_models import db
from flows.progress import Lines
from flows.services.translation.engine import Engine, EngineLimits, EngineUnreachableError
from flows.services.translation.pseudo import PseudoEngine
from flows.settings import Settings, read_settings
from flows.translation.steps import Request, translate_site
from flows.translation.summary import TranslationSummary
from flows.verification.steps import verify_site
from flows.wiring import open_site
from tests.migrations import UNREACHABLE, migrate

BUNDLED = Path(__file__).resolve().parents[1] / "flows" / "demo" / "northlight.sql.gz"
TABLES = ("articles", "pages", "portfolios", "terms")
NUMBERS = itertools.count(1)


class CountingEngine:
    """Puts accents on texts, and remembers what it was asked."""

    name = "counting"
    model = None
    limits = EngineLimits(texts=50, bytes=10_000)
    price_per_million = None

    def __init__(self, requests: int | None = None) -> None:
        self.requests = requests  # after so many it is gone
        self.asked: list[str] = []

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        if self.requests == 0:
            raise EngineUnreachableError("It is gone.")
        self.requests = self.requests - 1 if self.requests is not None else None
        self.asked += texts
        return PseudoEngine().translate(texts, source, target)


class TranslatedSite:
    """The bundled site in a CMS of its own, and the WordPress that it comes from."""

    def __init__(self, wordpress: Path, cms: str, home: Path, uploads: Path | None = None) -> None:
        self.wordpress, self.cms, self.home, self.uploads = wordpress, cms, home, uploads

    def edit(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.wordpress)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def migrate(self) -> dict[str, Any]:
        return migrate(self.wordpress, cms=self.cms, home=self.home, uploads=self.uploads).document

    def settings(self, **flags: Any) -> Settings:
        given = {"source": str(self.wordpress), "cms": self.cms, "metrics": UNREACHABLE, **flags}
        given |= {"media": str(self.home / "media"), "uploads": str(self.uploads) if self.uploads else None}
        return read_settings(None, ("site",), given).model_copy(update={"home": self.home})

    def translate(
        self, *languages: str, engine: Engine | None = None, flags: dict[str, Any] | None = None, **request: Any
    ) -> TranslationSummary:
        asked = Request(engine="pseudo", languages=languages or ("es", "fr"), **request)
        with open_site(self.settings(**(flags or {})), "site") as opened:
            return translate_site(opened, engine or PseudoEngine(), asked, Lines())

    def query(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(db.libpq_url(self.cms), row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *values: object) -> dict[str, Any]:
        [row] = self.query(statement, *values)
        return row

    def rows(self, table: str, where: str = "true") -> dict[Any, str]:
        """Every row of a table as text, by id."""
        found = self.query(f"SELECT id, t::text AS text FROM cms.{table} AS t WHERE {where}")
        return {row["id"]: row["text"] for row in found}

    def differences(self) -> list[str]:
        with open_site(self.settings(), "site") as opened:
            return [one.sentence for one in verify_site(opened, workers=1).differences]


@contextmanager
def copied_database(server: str, template: str | None = None) -> Iterator[str]:
    """Yield the URL of an empty database, or of a copy of another; it is dropped at the end."""
    address = make_url(server)
    name = sql.Identifier(database := f"wpferry_translate_{os.getpid()}_{next(NUMBERS)}")
    copied = sql.SQL("TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    administration = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} {}").format(name, copied))
        try:
            url = address.set(drivername="postgresql+psycopg", database=database)
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
