"""Files are looked at without being converted: what they are, and what is wrong with them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from transforms.images import ImageRules
from transforms.survey.files import look_at_file

RULES = ImageRules(max_pixels=1_000_000)


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **options: object) -> bytes:
    target = BytesIO()
    gradient = Image.linear_gradient("L").resize(size).convert(mode)
    gradient.save(target, kind, **options)
    return target.getvalue()


def codes(data: bytes, name: str) -> list[str]:
    return [issue.code for issue in look_at_file(data, name, RULES).issues]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (picture(), "2024/05/tree.jpg"),
        (picture(progressive=True), "tree.jpeg"),
        (picture(restart_marker_blocks=4), "tree.jpg"),
        (picture("PNG"), "tree-2.png"),
        (picture("WEBP"), "tree_3.webp"),
        (picture("TIFF"), "tree.tif"),
        (b"%PDF-1.4\n", "paper.pdf"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "logo.svg"),
    ],
)
def test_sound_files_have_nothing_to_say(data: bytes, name: str) -> None:
    assert codes(data, name) == []


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.jpg", "media.empty"),
        (b"<html><p>Not found", "page.jpg", "media.not_a_picture"),
        (b"<?php echo 1;", "shell.txt", "media.active_content"),
        (picture()[:-900], "cut.jpg", "media.damaged"),
        (picture("PNG")[:-400], "cut.png", "media.damaged"),
        (picture("PNG"), "really-a.jpg", "media.wrong_suffix"),
        (picture(size=(1001, 1000)), "huge.jpg", "media.too_many_pixels"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg", "media.active_svg"),
        (picture(mode="CMYK"), "print.jpg", "media.unusual_picture"),
        (picture("PNG", (1, 1)), "pixel.png", "media.unusual_picture"),
        (picture("PNG", (900, 9)), "line.png", "media.unusual_picture"),
        (picture(), "mit leerzeichen.jpg", "media.odd_name"),
        (picture(), "größe.jpg", "media.odd_name"),
        (picture(), "UPPER.JPG", "media.odd_name"),
        (picture(), "tree.png.jpg", "media.odd_name"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(data: bytes, name: str, code: str) -> None:
    assert codes(data, name) == [code]


def test_a_picture_on_its_side_is_told_and_measured_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    look = look_at_file(picture(size=(30, 20), exif=exif.tobytes()), "phone.jpg", RULES)
    assert [issue.code for issue in look.issues] == ["media.unusual_picture"]
    assert look.pixels == 600


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_jpeg_that_is_broken_in_its_middle_is_told(place: float) -> None:
    data = bytearray(picture(size=(640, 480), quality=95))
    start = int(len(data) * place)
    data[start : start + 4] = b"\xff\x01\xff\xd3"
    assert codes(bytes(data), "broken.jpg") == ["media.damaged"]
