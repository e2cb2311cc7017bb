from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms

from cms_models.rows import MediaStatus
from tests.images.samples import (
    BLUE,
    GREEN,
    RED,
    bomb,
    decoded,
    drawing,
    encoded,
    exif,
    ink_profile,
    lettering,
    long_profile,
    photo,
    swapped_profile,
    with_hole,
    with_png_chunks,
)
from transforms.contract import RecordRejectedError
from transforms.images import ConvertedFile, ImageRules, convert_image

# transforms.images says the same; pytest undoes it
pytestmark = pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")


def main_picture(converted: ConvertedFile) -> Image.Image:
    return decoded(converted.files[0].data)


def is_near(pixel: Any, colour: Any, tolerance: int = 24) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(pixel, colour, strict=False))


def greatest_difference(one: Image.Image, other: Image.Image) -> int:
    extrema = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).getextrema()
    return max(int(high) for _low, high in extrema)


def noisy(size: tuple[int, int], image_format: str, **options: object) -> bytes:
    return encoded(Image.effect_noise(size, 90).convert("RGB"), image_format, **options)


def test_a_photo_becomes_a_smaller_webp_of_the_same_size() -> None:
    data = encoded(photo(640, 400), "JPEG", quality=95)
    converted = convert_image(data)
    main = converted.files[0]
    assert (converted.status, converted.reason, converted.mime_type) == (MediaStatus.CONVERTED, None, "image/jpeg")
    assert (main.role, main.mime_type, main.quality, main.width, main.height) == ("webp", "image/webp", 80, 640, 400)
    assert len(main.data) < len(data)
    assert greatest_difference(main_picture(converted), photo(640, 400)) < 40


def test_further_files_are_narrower_than_the_main_one_and_keep_its_shape() -> None:
    converted = convert_image(encoded(photo(2000, 1000), "JPEG"))
    assert [file.role for file in converted.files] == ["webp", "w1600", "w960", "w480"]
    for file in converted.files[1:]:
        assert decoded(file.data).size == (file.width, file.height)
        assert file.width == 2 * (file.height or 0)
    assert all(len(wide.data) > len(narrow.data) for wide, narrow in pairwise(converted.files))


def test_a_width_near_that_of_the_next_wider_file_is_left_out() -> None:
    converted = convert_image(encoded(photo(1900, 100), "JPEG"), ImageRules(widths=(1600, 1520, 1300, 600, 481, 480)))
    assert [file.width for file in converted.files] == [1900, 1520, 600, 480]


def test_nothing_is_enlarged() -> None:
    converted = convert_image(encoded(photo(480, 300), "JPEG"))
    assert [(file.role, file.width) for file in converted.files] == [("webp", 480)]


def test_not_even_where_the_larger_file_would_have_fewer_bytes() -> None:
    converted = convert_image(noisy((400, 300), "WEBP", quality=100))
    assert [(file.role, file.width) for file in converted.files] == [("original", 400)]


def test_a_large_photo_stays_sharp_when_it_is_decoded_at_a_smaller_size() -> None:
    stripes = Image.new("L", (3200, 400))
    for left in range(0, 3200, 8):
        stripes.paste(255, (left, 0, left + 4, 400))
    converted = convert_image(encoded(stripes.convert("RGB"), "JPEG", quality=95), ImageRules(max_width=1600))
    low, high = main_picture(converted).convert("L").getextrema()
    assert (low, high) == (pytest.approx(0, abs=30), pytest.approx(255, abs=30))


def test_a_picture_wider_than_the_limit_is_scaled_and_its_own_size_is_remembered() -> None:
    converted = convert_image(encoded(photo(3001, 1000), "JPEG"), ImageRules(max_width=1000, widths=(500,)))
    assert (converted.width, converted.height) == (3001, 1000)
    assert [(file.width, file.height) for file in converted.files] == [(1000, 333), (500, 167)]


def test_a_long_thin_strip_keeps_at_least_one_pixel_of_height() -> None:
    converted = convert_image(encoded(photo(6000, 3), "JPEG"))
    assert (converted.files[0].width, converted.files[0].height) == (2560, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_and_gone(orientation: int) -> None:
    as_stored = drawing(300, 200)
    data = encoded(as_stored, "JPEG", quality=95, exif=exif(t274=orientation))
    converted = convert_image(data)
    result = main_picture(converted)
    undo: dict[int, Callable[[Image.Image], Image.Image]] = {
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.transpose(Image.Transpose.ROTATE_270),
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    }
    upright = undo[orientation](as_stored)
    assert (converted.width, converted.height) == result.size == upright.size
    for corner in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        place = (int(result.width * corner[0]), int(result.height * corner[1]))
        assert is_near(result.convert("RGB").getpixel(place), upright.getpixel(place))
    assert result.getexif().get(274) is None


def test_a_large_turned_photo_is_scaled_by_its_upright_width() -> None:
    converted = convert_image(encoded(photo(4000, 1000), "JPEG", exif=exif(t274=6)), ImageRules(max_width=400))
    assert (converted.width, converted.height) == (1000, 4000)
    assert main_picture(converted).size == (400, 1600)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF", "GIF"])
def test_transparency_is_kept(image_format: str) -> None:
    converted = convert_image(encoded(with_hole(drawing()), image_format))
    result = main_picture(converted)
    assert result.mode == "RGBA"
    assert result.getpixel((10, 10))[3] == 0
    assert is_near(result.getpixel((290, 10)), (*GREEN, 255))


def test_alpha_that_hides_nothing_is_dropped() -> None:
    converted = convert_image(encoded(photo().convert("RGBA"), "PNG"))
    assert main_picture(converted).mode == "RGB"


def test_a_palette_with_transparency_keeps_its_colours_exactly() -> None:
    source = drawing().quantize(8)
    clear = source.getpixel((299, 199))
    converted = convert_image(encoded(source, "PNG", transparency=clear))
    result = main_picture(converted)
    assert converted.files[0].quality is None
    assert result.getpixel((299, 199))[3] == 0
    assert result.getpixel((10, 10)) == (*RED, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA"])
def test_a_flat_drawing_of_any_mode_is_converted_without_loss(mode: str) -> None:
    source = drawing(mode="RGB").convert(mode)
    converted = convert_image(encoded(source, "PNG"))
    assert converted.status is MediaStatus.CONVERTED
    assert greatest_difference(main_picture(converted), source) == 0


def test_a_drawing_of_many_colours_is_exact_where_that_is_smaller() -> None:
    source = lettering()
    assert source.getcolors(256) is None
    converted = convert_image(encoded(source, "PNG"))
    assert converted.files[0].quality is None
    assert greatest_difference(main_picture(converted), source) == 0
    assert convert_image(encoded(photo(), "PNG")).files[0].quality == 80


@pytest.mark.parametrize(
    ("chunks", "grey"),
    [
        ({b"gAMA": 45_455}, 64),
        ({b"gAMA": 100_000}, 137),  # light itself, not what a screen makes of it
        ({b"gAMA": 55_556}, 81),  # old Macs
        ({b"sRGB": None, b"gAMA": 100_000}, 64),
        ({b"gAMA": 0}, 64),
    ],
)
def test_the_gamma_of_a_png_is_applied_as_browsers_do(chunks: dict[bytes, int | None], grey: int) -> None:
    data = with_png_chunks(encoded(Image.new("RGB", (30, 20), (64, 64, 64)), "PNG"), chunks)
    assert is_near(main_picture(convert_image(data)).getpixel((5, 5)), (grey,) * 3, 1)


def test_gamma_leaves_alpha_alone() -> None:
    data = with_png_chunks(encoded(with_hole(drawing()), "PNG"), {b"gAMA": 100_000})
    result = main_picture(convert_image(data))
    assert (result.getpixel((10, 10))[3], result.getpixel((290, 10))[3]) == (0, 255)


def test_a_turned_webp_lies_as_browsers_show_it() -> None:
    converted = convert_image(encoded(photo(1000, 500), "WEBP", exif=exif(t274=6)))
    assert [(file.width, file.height) for file in converted.files] == [(1000, 500), (480, 240)]


def test_sixteen_bit_greys_are_scaled_not_clipped() -> None:
    source = Image.linear_gradient("L").resize((256, 256)).convert("I").point(lambda value: value * 257)
    result = main_picture(convert_image(encoded(source.convert("I;16"), "PNG"))).convert("L")
    assert abs(int(result.getpixel((128, 128))) - 128) <= 4
    assert int(result.getpixel((128, 10))) < 20


def test_grey_tiff_and_bmp_are_read() -> None:
    for image_format in ("TIFF", "BMP"):
        converted = convert_image(encoded(photo().convert("L"), image_format))
        assert converted.status is MediaStatus.CONVERTED
        assert is_near(main_picture(converted).getpixel((150, 100)), (photo().convert("L").getpixel((150, 100)),) * 3)


def test_cmyk_without_a_profile_becomes_rgb() -> None:
    converted = convert_image(encoded(drawing(mode="CMYK"), "JPEG", quality=95))
    result = main_picture(converted)
    assert result.mode == "RGB"
    assert is_near(result.getpixel((10, 10)), RED)
    assert is_near(result.getpixel((290, 10)), GREEN)


def test_cmyk_is_converted_by_its_profile() -> None:
    cyan = Image.new("CMYK", (300, 200), (255, 0, 0, 0))
    cyan.paste((0, 0, 0, 0), (150, 0, 300, 200))
    result = main_picture(convert_image(encoded(cyan, "JPEG", quality=95, icc_profile=ink_profile())))
    assert is_near(result.getpixel((50, 100)), (255, 0, 0), 40)  # that printer's cyan is red
    assert is_near(result.getpixel((250, 100)), (255, 255, 255))
    assert "icc_profile" not in result.info


def test_a_short_rgb_profile_goes_with_every_file() -> None:
    icc = swapped_profile()
    converted = convert_image(encoded(photo(700, 500), "JPEG", icc_profile=icc))
    assert len(converted.files) == 2
    assert all(decoded(file.data).info["icc_profile"] == icc for file in converted.files)
    assert greatest_difference(main_picture(converted), photo(700, 500)) < 40


def test_a_long_rgb_profile_is_applied_instead() -> None:
    result = main_picture(convert_image(encoded(drawing(), "PNG", icc_profile=long_profile())))
    assert "icc_profile" not in result.info
    red, _green, blue = result.getpixel((10, 10))
    assert blue > 150 > red  # that profile's red is blue


def test_a_profile_is_applied_to_colours_and_not_to_alpha() -> None:
    result = main_picture(convert_image(encoded(with_hole(drawing()), "PNG", icc_profile=long_profile())))
    assert result.getpixel((10, 10))[3] == 0
    assert result.getpixel((290, 10))[3] == 255


def test_a_grey_among_sixteen_bit_greys_can_be_clear() -> None:
    source = Image.new("I", (300, 200), 40_000)
    source.paste(1_000, (0, 0, 150, 200))
    result = main_picture(convert_image(encoded(source.convert("I;16"), "PNG", transparency=1_000)))
    assert result.getpixel((10, 10))[3] == 0
    assert is_near(result.getpixel((290, 10)), (155, 155, 155, 255), 3)


def test_an_srgb_profile_is_not_repeated() -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    converted = convert_image(encoded(photo(), "JPEG", icc_profile=icc))
    assert "icc_profile" not in main_picture(converted).info


def test_a_broken_profile_is_ignored() -> None:
    converted = convert_image(encoded(photo(), "JPEG", icc_profile=b"no profile at all"))
    assert converted.status is MediaStatus.CONVERTED


def test_an_animated_gif_keeps_frames_durations_and_repeats() -> None:
    frames = [drawing(), drawing().rotate(90).resize((300, 200)), drawing().rotate(180)]
    data = animated_gif(frames, duration=[40, 300, 70], loop=2)
    converted = convert_image(data)
    assert converted.status is MediaStatus.CONVERTED
    result = main_picture(converted)
    assert result.n_frames == 3
    durations = []
    for index, frame in enumerate(frames):
        result.seek(index)
        result.load()
        durations.append(result.info["duration"])
        assert is_near(result.convert("RGB").getpixel((20, 20)), frame.getpixel((20, 20)))
    assert durations == [40, 300, 70]
    assert result.info["loop"] == 3  # GIF counts repeats, WebP plays


def animated_gif(frames: list[Image.Image], **options: object) -> bytes:
    first, *others = (frame.quantize(64, Image.Quantize.FASTOCTREE) for frame in frames)
    return encoded(first, "GIF", save_all=True, append_images=others, disposal=2, optimize=False, **options)


@pytest.mark.parametrize(("options", "plays"), [({}, 1), ({"loop": 0}, 0)])
def test_a_gif_without_a_count_plays_once_and_with_nought_for_ever(options: dict[str, int], plays: int) -> None:
    converted = convert_image(animated_gif([photo(90, 60), drawing(90, 60)], duration=100, **options))
    assert decoded(converted.files[0].data).info["loop"] == plays


def test_an_animated_png_stays_animated() -> None:
    data = encoded(photo(), "PNG", save_all=True, append_images=[drawing()], duration=[30, 60], loop=0)
    assert decoded(convert_image(data).files[0].data).n_frames == 2


def test_an_animation_with_a_huge_canvas_is_kept() -> None:
    data = animated_gif([photo(90, 60), drawing(90, 60)], duration=100)
    converted = convert_image(data, ImageRules(max_frame_pixels=1000))
    assert (converted.status, converted.files[0].data) == (MediaStatus.KEPT, data)
    assert "too large" in (converted.reason or "")


def test_animated_webp_and_multi_page_tiff_are_kept_whole() -> None:
    for image_format in ("WEBP", "TIFF"):
        data = encoded(photo(3000, 20), image_format, save_all=True, append_images=[drawing(3000, 20)])
        converted = convert_image(data)
        assert (converted.status, converted.files[0].data) == (MediaStatus.KEPT, data)


def test_a_jpeg_with_a_second_picture_behind_it_is_a_jpeg() -> None:
    converted = convert_image(encoded(photo(), "MPO", save_all=True, append_images=[drawing()]))
    assert (converted.status, converted.mime_type) == (MediaStatus.CONVERTED, "image/jpeg")
    assert greatest_difference(main_picture(converted), photo()) < 40


@pytest.mark.parametrize("side", [9_460, 10_000, 14_000, 20_000])  # below, at and above Pillow's own alarms
def test_a_bomb_is_refused_by_its_header_alone(side: int) -> None:
    with pytest.raises(RecordRejectedError, match="more than the 89,478,485 pixels allowed") as error:
        convert_image(bomb(side))
    assert error.value.code == "media.too_many_pixels"


def test_the_limit_of_pixels_is_exact() -> None:
    with pytest.raises(RecordRejectedError, match="pixels allowed"):
        convert_image(encoded(photo(), "PNG"), ImageRules(max_pixels=300 * 200 - 1))
    assert convert_image(encoded(photo(), "PNG"), ImageRules(max_pixels=300 * 200)).files


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(RecordRejectedError, match="over the limit of 100"):
        convert_image(b"x" * 101, ImageRules(max_bytes=100))


@pytest.mark.parametrize("options", [{"quality": 90}, {"quality": 90, "progressive": True}])
def test_a_truncated_jpeg_is_kept_with_every_byte_it_has(options: dict[str, int]) -> None:
    whole = noisy((400, 300), "JPEG", **options)
    converted = convert_image(whole[: len(whole) // 2])
    assert converted.status is MediaStatus.KEPT
    assert [file.data for file in converted.files] == [whole[: len(whole) // 2]]
    assert "ends before its picture does" in (converted.reason or "")
    assert (converted.width, converted.height) == (400, 300)


@pytest.mark.parametrize("image_format", ["PNG", "GIF", "TIFF", "BMP"])
def test_other_truncated_pictures_are_kept_too(image_format: str) -> None:
    whole = encoded(photo(400, 300), image_format)
    cut = whole[: len(whole) * 2 // 3]
    try:
        converted = convert_image(cut)
    except RecordRejectedError as error:
        assert (image_format, error.code) == ("TIFF", "media.unreadable")  # noqa: PT017 - its directory stands last
    else:
        assert (converted.status, converted.files[0].data) == (MediaStatus.KEPT, cut)


def test_what_is_no_picture_is_refused_with_a_sentence() -> None:
    with pytest.raises(RecordRejectedError, match="header cannot be read") as error:
        convert_image(b"\xff\xd8\xff\xe0 nothing of a picture behind the first bytes")
    assert error.value.code == "media.unreadable"


def test_the_original_stays_where_webp_would_not_be_smaller() -> None:
    data = noisy((200, 150), "JPEG", quality=5)
    converted = convert_image(data)
    assert (converted.status, converted.files[0].data, converted.files[0].role) == (MediaStatus.KEPT, data, "original")
    assert "would not be smaller" in (converted.reason or "")


def test_webp_is_not_encoded_a_second_time_but_gets_its_narrower_files() -> None:
    data = encoded(photo(1000, 700), "WEBP")
    converted = convert_image(data)
    assert (converted.status, converted.files[0].data) == (MediaStatus.KEPT, data)
    assert [file.role for file in converted.files] == ["original", "w480"]


def test_a_picture_too_tall_for_webp_is_kept() -> None:
    data = encoded(photo(60, 20_000), "JPEG")
    converted = convert_image(data, ImageRules(widths=(48, 55)))
    assert (converted.status, converted.files[0].data) == (MediaStatus.KEPT, data)
    assert "WebP holds 16,383" in (converted.reason or "")
    assert [file.height for file in converted.files[1:]] == [16_000]


@pytest.mark.parametrize("image", [photo(1200, 800), with_hole(photo(700, 900)), drawing(), photo(6000, 40)])
def test_the_placeholder_is_a_short_url_of_a_tiny_picture(image: Image.Image) -> None:
    url = convert_image(encoded(image, "PNG")).placeholder or ""
    head, _, payload = url.partition(",")
    assert head == "data:image/webp;base64"
    assert len(url) <= 200
    preview = decoded(b64decode(payload))
    assert max(preview.size) <= 16
    assert ("A" in preview.getbands()) == ("A" in image.getbands())


def test_exif_is_read_and_the_place_is_not() -> None:
    block = Image.Exif()
    block[271], block[272], block[33432], block[270] = "Nikon", "NIKON D70", "(c) Ana Müller".encode(), "Dawn\0junk"
    camera = block.get_ifd(0x8769)
    camera[36867], camera[36881], camera[33437], camera[34855] = "2012:05:06 07:08:09", "+02:00", 2.8, 200
    block.get_ifd(0x8825)[2] = (41.0, 24.0, 12.0)
    converted = convert_image(encoded(photo(), "JPEG", exif=block.tobytes()))
    assert dict(converted.exif) == {
        "aperture": "2.8",
        "camera": "NIKON D70",
        "caption": "Dawn",
        "copyright": "(c) Ana Müller",
        "iso": "200",
        "taken_at": "2012-05-06T07:08:09+02:00",
    }
    assert not main_picture(converted).getexif()


def test_the_same_bytes_give_the_same_files() -> None:
    data = encoded(photo(1000, 700), "JPEG")
    assert convert_image(data) == convert_image(data)


def test_blue_is_blue() -> None:
    result = main_picture(convert_image(encoded(drawing(), "PNG")))
    assert result.getpixel((10, 190)) == BLUE
