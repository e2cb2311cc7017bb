"""An assessment on a terminal: what decides, in a screenful or two; the page has the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.assessment import Assessment
from reports.assessment_findings import FindingGroup, Level
from reports.render import about, file_size
from reports.scope import scope_of

MAX_LINES = 8
STYLES = {Level.LOSS: "red", Level.DAMAGE: "yellow"}
HEADINGS = {
    Level.LOSS: "Does not come along",
    Level.DAMAGE: "Damaged in WordPress",
    Level.REMARK: "Worth knowing",
}


def assessment_text(assessment: Assessment, *, width: int, is_coloured: bool) -> str:
    """Return an assessment for a terminal. Texts of the site are shown as they are, never read as markup."""
    console = Console(file=StringIO(), width=width, force_terminal=is_coloured, highlight=False)
    with console.capture() as shown:
        console.print(Group(*_parts(assessment)))
    return shown.get()


def _parts(found: Assessment) -> Iterator[RenderableType]:
    yield Text.assemble((found.name or found.site, "bold"), "  ", (found.url, "dim"))
    outcome = f"{found.loaded:,} of {found.objects:,} objects come along; {found.left_out:,} are left out on purpose"
    yield Text(f"{outcome}, {found.rejected:,} would be rejected. It takes about {about(found.run_seconds)}.")
    yield _content(found)
    if found.features:
        yield _features(found)
    yield from _facts(found)
    for level in (Level.LOSS, Level.DAMAGE):
        if groups := found.of_level(level):
            yield _findings(level, groups)
    if remarks := found.of_level(Level.REMARK):
        named = ", ".join(f"{group.title} ({group.count:,})" for group in remarks[:MAX_LINES])
        more = " …" if len(remarks) > MAX_LINES else ""
        yield Text.assemble((f"\n{_heading(Level.REMARK, remarks)}  ", "bold"), (f"{named}{more}", "dim"))
    scope = scope_of(found)
    yield Text(
        f"\nScope {scope.hash[:16]}: {len(scope.included)} lines included, {len(scope.not_included)} not.", "dim"
    )


def _content(found: Assessment) -> Table:
    table = _table("Content", "Type", "Statuses", "Objects", "Goes to")
    for group in found.content_groups[: 3 * MAX_LINES]:
        statuses = ", ".join(f"{status or '(none)'} {count:,}" for status, count in group.statuses.items())
        place = group.goes_to or f"{'nowhere yet' if group.is_rejected else 'nowhere'}: {group.reason}"
        style = "" if group.goes_to else "red" if group.is_rejected else "dim"
        table.add_row(*map(Text, (group.type, statuses, f"{group.count:,}", place)), style=style)
    return table


def _features(found: Assessment) -> Table:
    table = _table("Blocks, shortcodes, widgets", "How they are carried", "Kinds", "Uses", "The most used")
    for carried in dict.fromkeys(line.carried for line in found.features):
        lines = [line for line in found.features if line.carried == carried]
        names = ", ".join(line.name for line in lines[:5]) + (" …" if len(lines) > 5 else "")
        table.add_row(*map(Text, (carried, f"{len(lines)}", f"{sum(line.uses for line in lines):,}", names)))
    return table


def _facts(found: Assessment) -> Iterator[Text]:
    media = found.media
    files = f"{media.files:,} files, {file_size(media.bytes)}, {media.missing:,} missing"
    if not media.is_counted:
        files = "files not counted: give --uploads"
    facts = {
        "Builders": ", ".join(f"{line.name} ({line.posts:,})" for line in found.builders),
        "Languages": ", ".join(found.languages),
        "Theme": found.theme,
        "Plugins": ", ".join((*found.plugins, *found.network_plugins)),
        "Media": f"{media.attachments:,} entries, {files}",
        "Users": ", ".join(f"{role} {count:,}" for role, count in found.roles.items()),
        "Comments": ", ".join(f"{state} {count:,}" for state, count in found.comments.items()),
        "Links": f"{found.links:,}, broken {found.broken_links:,}",
    }
    for name, value in facts.items():
        if value:
            yield Text.assemble((f"{name:<10} ", "bold"), value)


def _findings(level: Level, groups: Sequence[FindingGroup]) -> Table:
    table = _table(_heading(level, groups), "", "Times", "For example")
    for group in groups[:MAX_LINES]:
        example = group.examples[0]
        where = f"{example.entity} {example.source_id}: {example.detail}"
        table.add_row(Text(group.title, STYLES[level]), Text(f"{group.count:,}"), Text(where))
    if len(groups) > MAX_LINES:
        table.add_row("", "", Text(f"and {len(groups) - MAX_LINES} more kinds, on the page", "dim"))
    return table


def _heading(level: Level, groups: Sequence[FindingGroup]) -> str:
    return f"{HEADINGS[level]} ({len(groups)} {'kind' if len(groups) == 1 else 'kinds'})"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        number = column in {"Objects", "Kinds", "Uses", "Times"}
        table.add_column(column, justify="right" if number else "left", no_wrap=number, overflow="ellipsis")
    return table
