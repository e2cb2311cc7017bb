"""Whatever WPML's jobs hold: words come out as they went in, and what is broken or hostile stops nothing."""

from __future__ import annotations

import zlib
from base64 import b64encode

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.property.test_segments import SOUP
from transforms.translation.jobs import harvest_job_field
from transforms.translation.merge import fit
from wp_models.languages.wpml_jobs import decode_field
from wp_models.records import TranslatedField

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NAMES = st.sampled_from(
    ["title", "body", "excerpt", "URL", "t_1", "package-string-1-1", "field-x-0", "media_1_caption"]
)
FORMATS = st.sampled_from(["", "base64", "csv_base64"])


@given(WORDS, st.integers(0, 2))
def test_words_come_out_however_often_they_were_compressed(words: str, times: int) -> None:
    packed = words.encode()
    for _ in range(times):
        packed = zlib.compress(packed)
    assert decode_field(b64encode(packed).decode(), "base64") == (words,)


@given(st.one_of(st.text(), st.binary().map(lambda raw: b64encode(raw).decode())), FORMATS)
@example(b64encode(zlib.compress(b"cut off")[:-6]).decode(), "base64")
def test_no_stored_value_stops_the_reader(stored: str, form: str) -> None:
    assert all(isinstance(one, str) for one in decode_field(stored, form))


@settings(max_examples=200, deadline=None)
@given(NAMES, SOUP, SOUP | st.none())
def test_all_that_is_learnt_can_be_put_back(name: str, source: str, target: str | None) -> None:
    field = TranslatedField(
        job=1, source_language="en", target_language="es", name=name, source=source, is_machine=False,
        target=source.swapcase() if target is None else target,  # of one structure, which two soups are not
    )  # fmt: skip
    for one in harvest_job_field(field):
        fitted = fit(one.segment, one.text)
        assert fitted is not None
        assert fitted.issue is None
