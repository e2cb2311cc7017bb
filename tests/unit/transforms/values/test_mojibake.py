"""Texts read in the wrong character set are found; texts that merely look foreign are not."""

from __future__ import annotations

import pytest

from transforms.values.mojibake import find_mojibake


def misread(text: str, times: int = 1) -> str:
    """Make the mistake as it is made: UTF-8 read as Windows-1252, its empty bytes as control characters."""
    for _ in range(times):
        text = "".join(bytes([byte]).decode("cp1252", "replace").replace("�", chr(byte)) for byte in text.encode())
    return text


@pytest.mark.parametrize(
    "meant",
    [
        "Crème",
        "“naïve”",
        "don’t",
        "Straße",
        "5°C",
        "«génial»",
        "Привет",
        "日本語",
        "😀",
        "€5",
        "naïve…",
        "ñandú",
        "déjà",
    ],
)
@pytest.mark.parametrize("times", [1, 2])
def test_what_was_misread_is_found_with_what_it_was(meant: str, times: int) -> None:
    text = f"<p>before {misread(meant, times)} after</p>"
    assert find_mojibake(text) == (misread(meant, times), meant)


@pytest.mark.parametrize(
    "sound",
    [
        "",
        "plain",
        "Füße – richtig",
        "«CAFÉ» — «VOILÀ»",
        "liberté—«égalité»",
        "NÃO À ÂME",
        "Привет",
        "日本語",
        "😀 naïve",
    ],
)
def test_what_is_sound_is_left_alone(sound: str) -> None:
    assert find_mojibake(sound) is None


def test_only_the_word_is_shown_and_no_novel() -> None:
    found = find_mojibake("x" * 5_000 + misread("é") + "y" * 5_000)
    assert found is not None
    assert all(len(word) <= 40 for word in found)
