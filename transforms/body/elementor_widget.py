"""One Elementor widget, and the ways in which many of them are rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import Element, Picture, attachment_id, image_tag, placeholder


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget: its settings, the records of its repeaters, and the elements nested in it, rendered."""

    element: Element
    records: Mapping[str, tuple[Element, ...]]
    children: tuple[str, ...]

    def listed(self, *names: str) -> tuple[Element, ...]:
        """Return the records of the first of these repeaters that has any."""
        return next((found for name in names if (found := self.records.get(name))), ())


WidgetRenderer = Callable[[Widget], str]


def by_roles(roles: Callable[[Element], str]) -> WidgetRenderer:
    """Return a renderer of a widget whose settings say all."""
    return lambda widget: roles(widget.element)


def repeated(
    repeater: str, roles: Callable[[Element], str], head: Callable[[Element], str] | None = None
) -> WidgetRenderer:
    """Return a renderer of a widget that repeats one thing."""

    def render(widget: Widget) -> str:
        before = head(widget.element) if head else ""
        return before + "".join(roles(record) for record in widget.listed(repeater))

    return render


def joined(*pieces: str) -> str:
    """Return the pieces that say something, with spaces between them."""
    return " ".join(piece for piece in pieces if piece)


def pictures(*repeaters: str) -> WidgetRenderer:
    """Return a renderer of a widget that lists pictures, in the first of these repeaters that has any."""

    def render(widget: Widget) -> str:
        shown = (
            markup.figure(
                image_tag(record.context, record.get("url", "image"), attachment_id(record.get("id", "image.id")))
            )
            for record in widget.listed(*repeaters)
        )
        return markup.gallery(shown)

    return render


def quotation(content: str, source: tuple[str, ...], image: str, link: str = "") -> Callable[[Element], str]:
    """Return what renders somebody's words, given the settings that hold them, who said them, and a portrait."""

    def render(element: Element) -> str:
        portrait = Picture(url=(image,), id=f"{image}.id", alt=source[0])(element)
        said = markup.rich(element.get(content))
        return markup.quotation(said, [element.get(name) for name in source], element.get(link), portrait)

    return render


def placeholder_widget(widget: Widget) -> str:
    """Return a placeholder, and the elements nested in the widget."""
    return placeholder(widget.element) + "".join(widget.children)


_WORDS = re.compile(r"(?:\A|_)(title|heading|text|description|content|editor|caption|subtitle|label|name)\Z")


def unknown_widget(widget: Widget) -> str:
    """Return what in a widget of another plugin looks like words and pictures, by the names of its settings."""
    element = widget.element
    element.context.report("body.unknown_widget", f"Elementor widget {element.name!r} is unknown; its words are kept.")
    records = [record for group in widget.records.values() for record in group]
    return "".join(_guessed(found) for found in (element, *records)) + "".join(widget.children)


def _guessed(element: Element) -> str:
    images = (name.removesuffix(".id") for name in element.values if name.endswith(".id"))
    shown = [Picture(url=(name,), id=f"{name}.id", alt=f"{name}.alt")(element) for name in images]
    shown += [
        markup.rich(value)
        for name, value in element.values.items()
        if value.strip() and not name.startswith("_") and _WORDS.search(name)
    ]
    return "".join(shown) + (markup.paragraph(markup.link(element.get("link"), "")) if element.get("link") else "")
