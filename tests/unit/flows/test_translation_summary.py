"""What a translation run tells people and programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flows.translation.summary import TranslationSummary
from transforms.translation.contract import Provenance


def make_summary(**fields: Any) -> TranslationSummary:
    ordinary: dict[str, Any] = {
        "site": "studio", "run_id": "1", "engine": "deepl", "is_rehearsal": False, "characters": 250_000,
        "price_per_million": Decimal(20), "segments": {Provenance.HUMAN: 3, Provenance.MACHINE: 5}, "harvested": 7,
        "rows": {("es", "articles"): 2, ("es", "terms"): 0, ("fr", "pages"): 1}, "waiting": {}, "rows_written": 9,
        "stopped_by": None, "seconds": 1.5,
    }  # fmt: skip
    return TranslationSummary(**{**ordinary, **fields})


def test_programs_get_characters_segments_by_provenance_and_rows_by_language() -> None:
    document = make_summary().document()
    assert (document["characters_sent"], document["characters_to_send"], document["cost"]) == (250_000, 0, "5.00")
    assert document["segments"] == {"human": 3, "memory": 0, "machine": 5, "none": 0}
    assert document["rows"] == {"es": {"articles": 2}, "fr": {"pages": 1}}
    assert document["outcome"] == "complete"


def test_a_rehearsal_has_sent_and_written_nothing() -> None:
    document = make_summary(is_rehearsal=True).document()
    assert (document["characters_sent"], document["characters_to_send"], document["rows_written"]) == (0, 250_000, 0)
    assert "would be sent to deepl, 5.00 Euro" in " ".join(make_summary(is_rehearsal=True).sentences())


def test_an_engine_without_a_price_costs_nothing_that_could_be_told() -> None:
    assert make_summary(price_per_million=None).document()["cost"] is None


def test_people_are_told_why_a_run_stopped_and_what_to_do() -> None:
    summary = make_summary(stopped_by="The budget of 10 characters is used up.", waiting={("es", "pages"): 4})
    assert summary.document()["outcome"] == "stopped"
    *_, last = summary.sentences()
    assert last == (
        "The budget of 10 characters is used up. What was done is kept; run it again for the rest (4 rows or more)."
    )


def test_nothing_to_do_is_said_as_such() -> None:
    first, *_ = make_summary(rows={}).sentences()
    assert first == "studio: nothing to translate: everything is there, and up to date."
