"""Commands about other languages: translate what is missing, take the translation memory out and in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from flows.chatter import log_to_stderr, quiet_prefect
from flows.flags import DEFAULT_WORKERS, OutputFlags, SiteFlags
from flows.progress import reporter_for
from flows.settings import require_sites

DONE, ATTENTION = 0, 1
memory = App(name="memory", help="The translation memory: what each sentence says in other languages.")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class TranslationFlags:
    """What is translated, and by whom."""

    to: str | None = None
    """Languages, such as es,fr [translation_languages of the settings]."""
    engine: str | None = None
    """deepl, libretranslate, openai, argos, or pseudo [translation_engine of the settings]."""
    types: str | None = None
    """Only these, with commas between: article, page, portfolio, product, entry, term, menu [all]."""
    limit_characters: int | None = None
    """Send no more than so many characters to the engine; the next run goes on from there."""
    dry_run: Annotated[bool, Parameter(negative="")] = False
    """Say how many characters would be sent, and what they cost."""
    direct: Annotated[bool, Parameter(negative="")] = False
    """Run the same steps without Prefect, whose own server takes some ten seconds to start."""
    workers: int = DEFAULT_WORKERS
    """Requests to the engine at once."""


def translate(
    *,
    what: TranslationFlags = TranslationFlags(),
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Make what is missing in other languages, and make again what is out of date; people's words stay as they are.

    What is missing in the site's default language is made, too.
    """
    from flows.translation.steps import read_request, translate_directly  # engines are imported when they are used

    settings = sites.settings()
    require_sites(settings)
    requests = {
        key: read_request(
            settings.sites[key], to=what.to, engine=what.engine, types=what.types,
            limit_characters=what.limit_characters, rehearse=what.dry_run, workers=what.workers,
        )
        for key in settings.sites
    }  # fmt: skip
    log_to_stderr(output)
    reporter = reporter_for(quiet=output.quiet or output.json)
    if what.direct:
        done = translate_directly(settings, requests, reporter)
    else:
        quiet_prefect(settings.home)
        from flows.translate import translate_under_prefect  # Prefect takes a second to import

        done = translate_under_prefect(settings, requests, reporter)
    documents = [one.document() for one in done]
    output.show(documents[0] if len(documents) == 1 else documents, (line for one in done for line in one.sentences()))
    return DONE if all(one.is_complete for one in done) else ATTENTION


@memory.command(name="export")
def export_memory(
    file: Path,
    /,
    *,
    to: str | None = None,
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Write the memory as TMX, for translation tools and other wpferries.

    Parameters
    ----------
    file
        Where to.
    to
        Only what it says in this language.
    """
    from flows.translation.memory_files import export_memory as export

    done = export(sites.settings(), file, to=to)
    output.show(done.document(), [f"{done.units:,} segments written to {done.path}."])
    return DONE


@memory.command(name="import")
def import_memory(file: Path, /, *, sites: SiteFlags = SiteFlags(), output: OutputFlags = OutputFlags()) -> int:
    """Add a TMX file to the memory; what people wrote is never replaced by a machine's words.

    Parameters
    ----------
    file
        A TMX file of wpferry or of any translation tool.
    """
    from flows.translation.memory_files import import_memory as take_in

    done = take_in(sites.settings(), file)
    output.show(done.document(), [f"{done.changed:,} of {done.units:,} segments are new, or say something else now."])
    return DONE
