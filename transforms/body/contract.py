"""What the steps of one body see and give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cms_models.rows import Json
from transforms.body.signs import ENGLISH, Signs, signs_of
from transforms.contract import Issue
from transforms.site import Site
from wp_models.records import WpPost


@dataclass(frozen=True, slots=True)
class Body:
    """One rendered body."""

    html: str  # clean, needs nothing of WordPress
    text: str  # plain, for search
    blocks: Json  # block tree with decoded attributes; None for classic content
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class BodyContext:
    """One body while it is rendered: whose it is, what may be asked, and what was found so far."""

    post: WpPost
    site: Site
    issues: list[Issue] = field(default_factory=list)
    open_references: tuple[int, ...] = ()  # reusable blocks and globals being expanded: guards cycles
    overrides: Mapping[str, Json] = field(default_factory=dict)  # words of its own of the synced pattern in use
    rewritten: dict[str, str] = field(default_factory=dict)  # URLs as they stood in the body, and what they became

    @property
    def signs(self) -> Signs:
        """Return the quotes of the language in which visitors read the body."""
        languages = self.site.languages
        if languages.codes == ("en",):
            return ENGLISH
        if len(languages.codes) == 1:
            return signs_of(self.site.option("WPLANG") or languages.default)
        language = self.site.language_of_post(self.post.id) if self.post.id else None
        return signs_of(language or languages.default)

    def report(self, code: str, detail: str) -> None:
        """Note that something changed, was guessed or got lost."""
        self.issues.append(Issue(code, detail))


@dataclass(slots=True)
class Call:
    """One use of a shortcode in a body."""

    name: str
    attributes: Mapping[str, str]  # names in lower case
    positional: tuple[str, ...] = ()
    content: str | None = None  # raw text between the tags; None when self-closing or unclosed
    tag: str = ""  # the opening tag as it stands in the body


@dataclass(frozen=True, slots=True)
class Shortcode:
    """A family of shortcodes and what replaces them: HTML that later steps link, fit with images and sanitise.

    `render` gets the raw inner content and expands it itself through `expand` when it should be expanded.
    """

    names: tuple[str, ...]
    render: Callable[[Call, BodyContext, Callable[[str], str]], str]  # (call, context, expand) > HTML
