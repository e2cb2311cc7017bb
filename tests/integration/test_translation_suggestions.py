"""What the memory suggests for a sentence that has no translation."""

from __future__ import annotations

from cms_models import db, schema
from cms_models.translation_memory import HUMAN, Remembered, remember
from flows.translation.suggestions import Suggestions
from transforms.translation.segments import cut


def remembered(source: str, target: str, language: str = "es") -> Remembered:
    segment = cut(f"<p>{source}</p>").segments[0]
    return Remembered(
        source_language="en", target_language=language, segment_hash=segment.hash, source_text=segment.text,
        target_text=target, origin=HUMAN,
    )  # fmt: skip


def test_the_nearest_sentence_of_the_memory_is_a_finding(postgres: str) -> None:
    schema.upgrade(postgres)
    with db.connect(postgres) as connection:
        remember(
            connection,
            [
                remembered("Our house has <b>two</b> rooms.", "Nuestra casa tiene ⟦1⟧dos⟦/1⟧ habitaciones."),
                remembered(
                    "Our house has ten rooms and a garden.", "Nuestra casa tiene diez habitaciones y un jardín."
                ),
                remembered("Our house has ten rooms.", "Notre maison a dix pièces.", "fr"),
                remembered("Something else", "Otra cosa"),
            ],
        )
        segments = [cut(f"<p>{text}</p>").segments[0] for text in ("Our house has <i>ten</i> rooms.", "Unheard of")]
        issues = Suggestions(connection).of(segments, "en", "es")
    assert [issue.code for issue in issues] == ["translation.suggestion"]
    assert "“Our house has ten rooms.” is like “Our house has two rooms.”" in issues[0].detail
    assert "which is “Nuestra casa tiene dos habitaciones.”." in issues[0].detail
