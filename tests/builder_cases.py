"""What the tests of page builders share: cases as readable text, and one use of a family of shortcodes."""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.factories import make_post, make_site
from transforms.body.contract import BodyContext, Shortcode
from transforms.body.shortcodes.expansion import expand_shortcodes

HOSTILE = (
    '"><script>alert(1)</script>',
    "</section></details></main>",
    '" onload="x()',
    "<b><i>",
    "%00|||",
    "&lt;!--",
    "url:javascript%3Aalert(1)|title:x",
)


def cases(text: str) -> list[tuple[str, str]]:
    """Read cases divided by empty lines: what is stored, then `=>` and the HTML; long ones go on in indented lines.

    A line goes on after a space, unless it ends or goes on with a tag.
    """
    found = []
    for case in text.strip().split("\n\n"):
        joined = re.sub(r"(?<=[\]>])\n +|\n +(?=[\[<])", "", case)
        raw, _, html = re.sub(r"\n +", " ", joined).partition("\n=>")
        found.append((raw, html.strip()))
    return found


def packed(text: str) -> str:
    """Text as base64."""
    return base64.b64encode(text.encode()).decode()


def make_context(post: dict[str, Any] | None = None, **site: Any) -> BodyContext:
    """The body of one post of a site that holds nothing else."""
    return BodyContext(make_post(7, **(post or {})), make_site(**site))


def render(raw: str, families: tuple[Shortcode, ...], context: BodyContext | None = None) -> str:
    """A body with the shortcodes of these families expanded."""
    registry = {name: family for family in families for name in family.names}
    return expand_shortcodes(raw, context or make_context(), registry)


def codes(context: BodyContext) -> list[str]:
    """The codes of the issues found so far."""
    return [issue.code for issue in context.issues]
