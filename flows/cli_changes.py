"""Commands about what a run changes: look before, decide on conflicts, put it back, clean up after it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from flows.flags import DeletionFlags, OutputFlags, SiteFlags
from flows.progress import reporter_for

DONE, ATTENTION = 0, 1

conflicts = App(name="conflicts", help="What was changed on both sides and waits for a decision.")
media = App(name="media", help="The media store.")


def plan(
    *,
    sites: SiteFlags = SiteFlags(),
    deletions: DeletionFlags = DeletionFlags(),
    scope: Annotated[bool, Parameter(negative="")] = False,
    output: OutputFlags = OutputFlags(),
) -> int:
    """Show what the next run would create, update, delete, and where it would conflict; writes nothing.

    Parameters
    ----------
    scope
        Assess the sites as well and write the page of what is, and is not, included; on a large site that takes long.
    """
    from flows.plan import plan_site

    settings = deletions.applied(sites.settings())
    reporter = reporter_for(quiet=output.quiet or output.json)
    found = [plan_site(settings, key, reporter, with_scope=scope) for key in settings.sites]
    documents = [one.document() for one in found]
    output.show(documents[0] if len(found) == 1 else documents, (line for one in found for line in one.lines()))
    return ATTENTION if any(one.needs_attention for one in found) else DONE


@conflicts.default
def list_conflicts(*, sites: SiteFlags = SiteFlags(), output: OutputFlags = OutputFlags()) -> int:
    """List what was changed on both sides, with both versions."""
    from flows.conflicts import site_conflicts

    settings = sites.settings()
    found = [site_conflicts(settings, key) for key in settings.sites]
    lines = [line for one in found for line in one.lines()]
    output.show({one.site: one.document() for one in found}, lines or ["Nothing is in conflict."])
    return ATTENTION if lines else DONE


@conflicts.command
def resolve(
    conflict: str,
    /,
    *,
    take: Annotated[tuple[str, ...], Parameter(negative="")],
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Decide on one conflict, named SITE-ENTITY-ID as in the list.

    Parameters
    ----------
    take
        Whose version counts: cms, source, or FIELD=cms and FIELD=source for single fields; repeatable.
    """
    from flows.conflicts import resolve as resolve_one

    done = resolve_one(sites.settings(), conflict, take)
    output.show(done.document(), [done.sentence()])
    return ATTENTION if done.still_open else DONE


def rollback(
    run: str,
    /,
    *,
    force_chain: Annotated[bool, Parameter(negative="")] = False,
    discard_edits: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Put the CMS, and what wpferry remembers of it, back to before a run.

    Parameters
    ----------
    force_chain
        Put back later runs that wrote the same rows too, the newest first.
    discard_edits
        Put back also what people have edited in the CMS since.
    dry_run
        Say what would be put back.
    """
    from flows.rollback import roll_back

    done = roll_back(sites.settings(), run, chain=force_chain, discard_edits=discard_edits, rehearse=dry_run)
    output.show(done.document(), done.sentences())
    return DONE


@media.command
def gc(
    *,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    even_for_rollback: Annotated[bool, Parameter(negative="")] = False,
    sites: SiteFlags = SiteFlags(),
    output: OutputFlags = OutputFlags(),
) -> int:
    """Remove stored files that no row of any site refers to; never one that is younger than an hour.

    Parameters
    ----------
    dry_run
        Say what would be removed.
    even_for_rollback
        Remove also what only a rollback would show again.
    """
    from flows.media_gc import collect_media

    chosen = sites.settings().sites
    every = sites.settings(every_site=True)
    found = list(collect_media(every, chosen, even_for_rollback=even_for_rollback, rehearse=dry_run))
    output.show([one.document() for one in found], (one.sentence() for one in found))
    return DONE
