"""The command line: one function per command, exit codes and errors for people."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler

from flows.failures import exit_code_of
from flows.settings import Settings, read_settings

DONE, ATTENTION = 0, 1

app = typer.Typer(
    name="wpferry",
    help="Moves WordPress sites into a Postgres CMS, proves that nothing was lost, and keeps both in step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db_app = typer.Typer(help="The databases wpferry writes to.", no_args_is_help=True)
app.add_typer(db_app, name="db")

Config = Annotated[Path | None, typer.Option("--config", envvar="WPFERRY_CONFIG", help="Settings file [wpferry.toml].")]
Site = Annotated[list[str] | None, typer.Option("--site", help="Site key; repeatable. Left out: all sites.")]
Source = Annotated[
    str | None,
    typer.Option("--source", envvar="WPFERRY_SOURCE", help="Database URL, .sql, .sql.gz or .sqlite of the WordPress."),
]
Uploads = Annotated[
    str | None, typer.Option("--uploads", envvar="WPFERRY_UPLOADS", help="wp-content/uploads: folder, .tar.gz or .zip.")
]
Cms = Annotated[str | None, typer.Option("--cms", envvar="WPFERRY_CMS", help="Postgres URL [an embedded one].")]
Metrics = Annotated[
    str | None, typer.Option("--metrics", envvar="WPFERRY_METRICS", help="MongoDB URL [an embedded one].")
]
Media = Annotated[str | None, typer.Option("--media", envvar="WPFERRY_MEDIA", help="Media store [.wpferry/media].")]
Prefix = Annotated[str | None, typer.Option("--prefix", help="Table prefix [found in the database].")]
Blog = Annotated[int | None, typer.Option("--blog", help="Blog of a multisite network.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Direct = Annotated[bool, typer.Option("--direct", help="Run the same steps without Prefect.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Worker processes.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder of the report.")]


def main() -> None:
    """Run a command; every error leaves as one sentence and an exit code, never as a traceback."""
    try:
        app()
    except Exception as error:
        code = exit_code_of(error)
        if code is None or os.environ.get("WPFERRY_TRACEBACK"):
            raise
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"wpferry: {error}", markup=False)
        sys.exit(code)
