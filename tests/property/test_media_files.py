"""Damaged and hostile files end with a file to store or a sentence, never with another error."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cms_models.rows import MediaStatus
from tests.images.samples import drawing, encoded, exif, photo, swapped_profile
from transforms.contract import RecordRejectedError
from transforms.file_types import HEAD_BYTES, suffix_of
from transforms.svg import clean_svg
from transforms.uploaded_files import convert_file, is_converted, type_of

NAMES = ("jpg", "png", "gif", "webp", "avif", "bmp", "apng", "cmyk")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 3 4">'
    b'<style>a{b:url(#c)}</style><a xlink:href="#d" onclick="e"><text>f<script>g</script>h</text></a></svg>'
)


@cache
def sample(name: str) -> bytes:
    """A small sound file."""
    picture, other = photo(40, 30), drawing(40, 30)
    match name:
        case "gif":
            return encoded(picture.quantize(8), "GIF", save_all=True, append_images=[other], duration=[10, 20])
        case "apng":
            return encoded(picture, "PNG", save_all=True, append_images=[other], duration=50)
        case "cmyk":
            return encoded(picture.convert("CMYK"), "JPEG")
        case "jpg":
            return encoded(picture, "JPEG", exif=exif(t274=6, t271="Cam"), icc_profile=swapped_profile())
        case _:
            return encoded(picture, name)


def damaged(data: bytes, edits: list[tuple[int, int]], end: int) -> bytes:
    result = bytearray(data)
    for place, value in edits:
        result[place % len(result)] = value
    return bytes(result[: len(result) - end % len(result)])


EDITS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), edits=EDITS, end=st.sampled_from([0, 0, 1, 20, 300]))
def test_a_damaged_picture_is_converted_kept_or_refused(name: str, edits: list[tuple[int, int]], end: int) -> None:
    data = damaged(sample(name), edits, end)
    try:
        converted = convert_file(data, type_of(data[:HEAD_BYTES], f"picture.{name}"))
    except RecordRejectedError as error:
        assert error.detail.endswith(".")  # noqa: PT017 - most damage raises nothing
        return
    assert converted.files
    assert (converted.reason is None) == (converted.status is MediaStatus.CONVERTED)
    if converted.status is MediaStatus.KEPT and converted.mime_type != "image/svg+xml":
        assert converted.files[0].data == data


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.jpg", "a.svg", "a.pdf", "a", ".jpg"]))
def test_any_bytes_under_any_name_are_kept_or_refused(data: bytes, name: str) -> None:
    try:
        mime_type = type_of(data, name)
        converted = convert_file(data, mime_type) if is_converted(mime_type) else None
    except RecordRejectedError:
        return
    assert suffix_of(mime_type).startswith(".")
    assert converted is None or converted.files


@settings(max_examples=150, deadline=None)
@given(edits=EDITS, end=st.sampled_from([0, 0, 0, 5]))
def test_a_cleaned_svg_is_clean(edits: list[tuple[int, int]], end: int) -> None:
    try:
        once = clean_svg(damaged(SVG, edits, end))
    except RecordRejectedError:
        return
    again = clean_svg(once.data)
    assert (again.data, again.removed) == (once.data, ())
